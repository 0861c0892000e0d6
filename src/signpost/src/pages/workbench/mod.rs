//! `/try`: what will the card say for this patient, why, and what would change it?
//!
//! The hook request is the only state: every change is made in its JSON, and it is answered as any other. So what is
//! shown, sent by anybody, gets the same answer.

mod bench;
mod change;
mod edit;
mod form;
mod view;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{apart, page, problem};
use crate::content::{Content, Service};
use crate::example;
use crate::http::App;
use bench::Bench;
use change::Changed;
use form::Fields;

/// `GET /try`: a bundled patient.
pub(super) async fn show(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let fields = Fields::read(query.unwrap_or_default().as_bytes());
    let name = fields.get("patient").unwrap_or(example::DEFAULT);
    let Some(text) = example::request(name, app.now()) else {
        let text = "No bundled patient has this name. The workbench lists all of them.";
        return problem(StatusCode::NOT_FOUND, "No such patient", text);
    };
    let name = name.to_owned();
    answered(&app, &headers, move |_, _| Changed::untouched(&name, text)).await
}

/// `POST /try`: a request, changed by what the form says.
pub(super) async fn change(
    State(app): State<App>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unread(rejection.status()),
    };
    let fields = Fields::read(&body);
    let at = app.now();
    answered(&app, &headers, move |content, service| Changed::by(content, service, &fields, at)).await
}

/// `POST /try/request.json`: the request as a file.
pub(super) async fn save(body: Result<Bytes, BytesRejection>) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unread(rejection.status()),
    };
    let request = Fields::read(&body).get("request").unwrap_or_default().to_owned();
    let headers =
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"request.json\"")];
    (headers, request).into_response()
}

async fn answered(
    app: &App,
    headers: &HeaderMap,
    changed: impl FnOnce(&Content, &Service) -> Changed + Send + 'static,
) -> Response {
    let (live, at, host) = (app.live(), app.now(), host(headers).to_owned());
    apart(move || {
        let Some(service) = live.content.services.first() else {
            let text = "The content holds no CDS service, so there is nothing to try.";
            return problem(StatusCode::NOT_FOUND, "Nothing to try yet", text);
        };
        let changed = changed(&live.content, service);
        let bench = Bench::of(&live.content, service, changed, &host, at);
        page(bench.status_code(), &bench)
    })
    .await
}

fn unread(status: StatusCode) -> Response {
    let text = "The request is too large to be read, or it did not arrive whole.";
    problem(status, "The request was not read", text)
}

/// The name under which the browser found the service, for the curl line. It is shown and never followed.
fn host(headers: &HeaderMap) -> &str {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    if host.bytes().all(is_plain) && !host.is_empty() { host } else { "127.0.0.1:8080" }
}
