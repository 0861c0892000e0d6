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
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use frame::{Audience, Frame, Place};

use crate::http::App;
use crate::serving::{Load, admit};

/// Nothing but what comes from the service itself, and nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The pages of an open service: everybody on this machine may see them.
pub fn open(app: &App) -> Router<App> {
    let routes = Router::new().route("/", get(home::show));
    framed(app, routes.merge(for_all()).merge(for_insiders(Audience::Open)))
}

/// The pages for operators, who have a listener and a load of their own. Who calls is for the layers around them to check.
pub fn operators(app: &App, load: &Load) -> Router<App> {
    framed_by(app, load, for_all().merge(for_insiders(Audience::Operators)))
}

fn for_insiders(audience: Audience) -> Router<App> {
    workbench::routes(audience).merge(journal::routes(audience))
}

/// The pages of a service that knows its clients: what is published anyway, and what a signed link opens.
pub fn public(app: &App) -> Router<App> {
    framed(app, for_all())
}

fn for_all() -> Router<App> {
    Router::new()
        .route("/policies", get(policies::list))
        .route("/policies/{id}", get(policies::show))
        .route("/decisions/{id}", get(decisions::show))
}

/// Routes of pages with what all pages have in common: the assets, bounds on load and bodies, and the headers that
/// say what a browser may do with them. The layers stand around these routes alone.
pub fn framed(app: &App, routes: Router<App>) -> Router<App> {
    framed_by(app, app.load(), routes)
}

fn framed_by(app: &App, load: &Load, routes: Router<App>) -> Router<App> {
    routes
        .route("/assets/{file}", get(assets::serve))
        .layer(DefaultBodyLimit::max(app.body_limit()))
        .layer(CatchPanicLayer::custom(|_| {
            tracing::error!("a page made the service panic");
            failed()
        }))
        .layer(from_fn_with_state(load.clone(), admit))
        .layer(from_fn(guarded))
        .layer(CompressionLayer::new())
}

/// Pages are answered one at a time, and on no thread that hook calls are answered on: they cost the hook nothing.
static TURN: Semaphore = Semaphore::const_new(1);

/// Does work that takes a good part of a millisecond apart from the hook's calls.
async fn apart(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    let Ok(_turn) = TURN.acquire().await else { return failed() };
    spawn_blocking(work).await.unwrap_or_else(|_| {
        tracing::error!("a page made the service panic");
        failed()
    })
}

/// Adds the headers that every page has.
async fn guarded(request: Request, next: Next) -> Response {
    with_headers(next.run(request).await)
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

/// A page for people whose request has no answer: what is wrong and what to do.
#[must_use]
pub fn problem(status: StatusCode, title: &str, text: &str) -> Response {
    problem_for(Audience::Open, status, title, text)
}

/// The same for those who may not see all pages.
fn problem_for(audience: Audience, status: StatusCode, title: &str, text: &str) -> Response {
    page(status, &Problem { frame: Frame::new(title, audience, None), text })
}

fn failed() -> Response {
    let text = "The service failed on this page. Its operator can find the reason in the log.";
    problem(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong", text)
}

/// What a browser is shown where nothing is; it comes through none of the layers of [`framed`].
pub(crate) fn not_found() -> Response {
    let text = "There is no page at this address. It may have been mistyped, or it is gone.";
    with_headers(problem(StatusCode::NOT_FOUND, "Nothing is here", text))
}

/// Whether the caller is a person with a browser, and not a CDS Client.
pub(crate) fn is_for_people(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
