//! `/try`: what will the card say for this patient, why, and what would change it?
//!
//! The hook request is the only state: every change is made in its JSON, and it is answered as any other. So what is
//! shown, sent by anybody, gets the same answer.

mod bench;
mod change;
mod edit;
mod form;
mod view;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::{Audience, apart, page, problem_for};
use crate::content::{Content, Service};
use crate::example;
use crate::http::App;
use bench::Bench;
use change::Changed;
use form::Fields;

/// `/try`, to stand where only these people come.
pub(super) fn routes(audience: Audience) -> Router<App> {
    let shown = move |State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap| async move {
        show(&app, &headers, &query.unwrap_or_default(), audience).await
    };
    let changed = move |State(app): State<App>, headers: HeaderMap, body: Posted| async move {
        change(&app, &headers, body, audience).await
    };
    let saved = move |body: Posted| async move { save(body, audience) };
    Router::new().route("/try", get(shown).post(changed)).route("/try/request.json", post(saved))
}

/// A form, or why it did not arrive.
type Posted = Result<Bytes, BytesRejection>;

/// `GET /try`: a bundled patient.
async fn show(app: &App, headers: &HeaderMap, query: &str, audience: Audience) -> Response {
    let fields = Fields::read(query.as_bytes());
    let name = fields.get("patient").filter(|name| !name.is_empty()).unwrap_or(example::DEFAULT);
    let Some(text) = example::request(name, app.now()) else {
        let text = "No bundled patient has this name. The workbench lists all of them.";
        return problem_for(audience, StatusCode::NOT_FOUND, "No such patient", text);
    };
    let untouched = Changed::untouched(name, text);
    let asked = Asked::of(&fields, headers, audience);
    answered(app, asked, move |_, _| untouched).await
}

/// `POST /try`: a request, changed by what the form says.
async fn change(app: &App, headers: &HeaderMap, body: Posted, audience: Audience) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unread(&rejection, audience),
    };
    let fields = Fields::read(&body);
    let at = app.now();
    let asked = Asked::of(&fields, headers, audience);
    answered(app, asked, move |content, service| Changed::by(content, service, &fields, at)).await
}

/// `POST /try/request.json`: the request as a file.
fn save(body: Posted, audience: Audience) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unread(&rejection, audience),
    };
    let request = Fields::read(&body).get("request").unwrap_or_default().to_owned();
    let headers =
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"request.json\"")];
    (headers, request).into_response()
}

/// Who asks for a page, and of which service.
struct Asked {
    /// Id of the service; the first one where none has it.
    service: String,
    /// The name under which the browser found the service.
    host: String,
    audience: Audience,
}

impl Asked {
    fn of(fields: &Fields, headers: &HeaderMap, audience: Audience) -> Self {
        let service = fields.get("service").unwrap_or_default().to_owned();
        Self { service, host: host(headers).to_owned(), audience }
    }
}

async fn answered(
    app: &App,
    asked: Asked,
    changed: impl FnOnce(&Content, &Service) -> Changed + Send + 'static,
) -> Response {
    let (live, at) = (app.live(), app.now());
    apart(move || {
        let content = &live.content;
        let Some(service) = content.service(&asked.service).or(content.services.first()) else {
            let text = "The content holds no CDS service, so there is nothing to try.";
            return problem_for(asked.audience, StatusCode::NOT_FOUND, "Nothing to try yet", text);
        };
        let bench = Bench::of(content, service, changed(content, service), &asked, at);
        page(bench.status_code(), &bench)
    })
    .await
}

fn unread(rejection: &BytesRejection, audience: Audience) -> Response {
    let text = "The request is too large to be read, or it did not arrive whole.";
    problem_for(audience, rejection.status(), "The request was not read", text)
}

/// The name under which the browser found the service, for the curl line. It is shown and never followed.
fn host(headers: &HeaderMap) -> &str {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.bytes().all(is_plain) && !host.is_empty() { host } else { "127.0.0.1:8080" }
}
