//! Pages for people. Values in, values out: a page is a struct of texts that a pure function makes, and its template
//! only puts them in place. Nothing here is on the way of a hook call.

mod assessed;
pub mod assets;
mod decisions;
mod frame;
mod home;
pub mod journal;
pub mod policies;
mod words;
mod workbench;

use askama::Template;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::runtime::Handle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use frame::{Audience, Frame, Place};

use crate::http::App;
use crate::serving::{Bounds, admit};

/// Nothing but what comes from the service itself, and nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The pages of an open service: everybody on this machine may see them.
pub fn open(app: &App) -> Router<App> {
    let routes = Router::new().route("/", get(home::show));
    framed(app, routes.merge(for_all(Audience::Open)).merge(for_insiders(Audience::Open)))
}

/// The pages for operators, who have a listener of their own. Who calls is for the layers around them to check.
pub fn operators(app: &App) -> Router<App> {
    framed(app, for_all(Audience::Operators).merge(for_insiders(Audience::Operators)))
}

fn for_insiders(audience: Audience) -> Router<App> {
    workbench::routes(audience).merge(journal::routes(audience))
}

/// The pages of a service that knows its clients: what is published anyway, and what a signed link opens.
pub fn public(app: &App) -> Router<App> {
    framed(app, for_all(Audience::Public))
}

fn for_all(audience: Audience) -> Router<App> {
    policies::routes(audience).route("/decisions/{id}", get(decisions::show))
}

/// Of what carries pages: how many are asked for at the same time, of which one is made.
#[must_use]
pub fn bounds(of: &Bounds) -> Bounds {
    Bounds { requests: 32, turns: 1, ..*of }
}

/// Routes of pages with what all pages have in common: the assets, bounds on load and bodies, and the headers that
/// say what a browser may do with them. The layers stand around these routes alone.
pub fn framed(app: &App, routes: Router<App>) -> Router<App> {
    routes
        .route("/assets/{file}", get(assets::serve))
        .layer(DefaultBodyLimit::max(app.body_limit()))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("a page made the service panic");
            failed()
        }))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), ready))
        .layer(from_fn_with_state(app.pages().clone(), admit))
        .layer(from_fn(guarded))
}

/// Pages are made one at a time, and on no thread that hook calls are answered on.
async fn apart(app: &App, work: impl FnOnce() -> Response + Send + 'static) -> Response {
    app.pages().apart(work).await.unwrap_or_else(|_| {
        tracing::error!("a page made the service panic");
        failed()
    })
}

/// What is compressed is compressed as it is read, which is as much work as making it: it is read here.
async fn ready(State(app): State<App>, request: Request, next: Next) -> Response {
    let (head, body) = next.run(request).await.into_parts();
    apart(&app, move || match Handle::current().block_on(to_bytes(body, usize::MAX)) {
        Ok(body) => Response::from_parts(head, body.into()),
        Err(_) => failed(),
    })
    .await
}

/// Adds the headers that every page has, and takes forms from pages of its own only.
async fn guarded(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && is_of_another_page(request.headers()) {
        let text = "Another web site made your browser send this, so nothing was done with it. Open the page that you want \
                    by its own address, and send it from there.";
        return with_headers(problem(StatusCode::FORBIDDEN, "Not sent from here", text));
    }
    with_headers(next.run(request).await)
}

/// Whether a browser says that a page of another origin sends this: it does so with its user's password, and from outside
/// of this machine. What is no browser says nothing.
fn is_of_another_page(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none")
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 4] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages show patients' data; what may be kept (the assets) says so itself.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A page. A template that cannot be written is a defect.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                Html("<!doctype html><title>Signpost</title>Signpost failed."),
            )
                .into_response()
        }
    }
}

/// A page that says in plain words that something is not there, or went wrong.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
struct Problem<'p> {
    frame: Frame,
    text: &'p str,
}

/// A page for people whose request has no answer: what is wrong and what to do. It is the same for everybody, and so
/// names no other page.
#[must_use]
pub fn problem(status: StatusCode, title: &str, text: &str) -> Response {
    problem_for(Audience::Link, status, title, text)
}

/// The same for those of whom it is known which pages they may see.
fn problem_for(audience: Audience, status: StatusCode, title: &str, text: &str) -> Response {
    page(status, &Problem { frame: Frame::new(title, audience, None), text })
}

fn failed() -> Response {
    let text = "The service failed on this page. Its operator can find the reason in the log.";
    problem(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", text)
}

/// What a browser is shown where nothing is, of an open service; it comes through none of the layers of [`framed`].
pub(crate) fn not_found() -> Response {
    let text = "There is no page at this address. It may have been mistyped, or it is gone.";
    with_headers(problem_for(Audience::Open, StatusCode::NOT_FOUND, "Nothing is here", text))
}

/// Whether the caller is a person with a browser, and not a CDS Client.
pub(crate) fn is_for_people(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
