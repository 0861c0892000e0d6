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
use jiff::Timestamp;

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
        show(&app, &headers, query.unwrap_or_default(), audience).await
    };
    let changed = move |State(app): State<App>, headers: HeaderMap, body: Posted| async move {
        change(&app, &headers, body, audience).await
    };
    let saved = move |State(app): State<App>, body: Posted| async move { save(&app, body, audience).await };
    Router::new().route("/try", get(shown).post(changed)).route("/try/request.json", post(saved))
}

/// A form, or why it did not arrive.
type Posted = Result<Bytes, BytesRejection>;

/// `GET /try`: a bundled patient.
async fn show(app: &App, headers: &HeaderMap, query: String, audience: Audience) -> Response {
    answered(app, headers, query.into(), audience, |_, _, fields, at| {
        let name = fields.get("patient").filter(|name| !name.is_empty()).unwrap_or(example::DEFAULT);
        let text = example::request(name, at).ok_or(Unanswered::NoPatient)?;
        Ok(Changed::untouched(name, text))
    })
    .await
}

/// `POST /try`: a request, changed by what the form says.
async fn change(app: &App, headers: &HeaderMap, body: Posted, audience: Audience) -> Response {
    match body {
        Ok(body) => answered(app, headers, body, audience, Changed::by).await,
        Err(rejection) => unread(&rejection, audience),
    }
}

/// `POST /try/request.json`: the request as a file.
async fn save(app: &App, body: Posted, audience: Audience) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unread(&rejection, audience),
    };
    apart(app, move || match Fields::read(&body) {
        Ok(fields) => file(fields.get("request").unwrap_or_default().to_owned()),
        Err(why) => why.page(audience),
    })
    .await
}

fn file(request: String) -> Response {
    let headers =
        [(CONTENT_TYPE, "application/json"), (CONTENT_DISPOSITION, "attachment; filename=\"request.json\"")];
    (headers, request).into_response()
}

/// Who asks for a page.
struct Asked {
    /// The name under which the browser found the service.
    host: String,
    audience: Audience,
}

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unanswered {
    /// No bundled patient has the name.
    NoPatient,
    /// The content holds no service.
    NoService,
    /// More fields than any page of ours has.
    TooManyFields,
    /// More draft orders than anybody looks at.
    TooManyDrafts,
}

impl Unanswered {
    fn page(self, audience: Audience) -> Response {
        let (status, title, text) = match self {
            Self::NoPatient => {
                let text = "No bundled patient has this name. The workbench lists all of them.";
                (StatusCode::NOT_FOUND, "No such patient", text.to_owned())
            }
            Self::NoService => {
                let text = "The content holds no CDS service, so there is nothing to try.";
                (StatusCode::NOT_FOUND, "Nothing to try yet", text.to_owned())
            }
            Self::TooManyFields => {
                let text =
                    format!("The form has more than {} fields; the workbench reads no more.", form::MOST);
                (StatusCode::BAD_REQUEST, "Too many fields", text)
            }
            Self::TooManyDrafts => {
                let text = format!(
                    "The draft Bundle has more than {} entries, which is more than the workbench shows. The service itself \
                     answers such a request: `signpost evaluate` shows how.",
                    change::MOST_DRAFTS
                );
                (StatusCode::BAD_REQUEST, "Too many draft orders", text)
            }
        };
        problem_for(audience, status, title, &text)
    }
}

/// What a form makes of a request, for a service and an instant.
type Change = fn(&Content, &Service, &Fields, Timestamp) -> Result<Changed, Unanswered>;

/// The page of a form. A form may be long: it is read apart as well.
async fn answered(
    app: &App,
    headers: &HeaderMap,
    form: Bytes,
    audience: Audience,
    change: Change,
) -> Response {
    let (live, at) = (app.live(), app.now());
    let asked = Asked { host: host(headers).to_owned(), audience };
    apart(app, move || match bench(&live.content, &form, change, &asked, at) {
        Ok(bench) => page(bench.status_code(), &bench),
        Err(why) => why.page(audience),
    })
    .await
}

fn bench(
    content: &Content,
    form: &[u8],
    change: Change,
    asked: &Asked,
    at: Timestamp,
) -> Result<Bench, Unanswered> {
    let fields = Fields::read(form)?;
    let named = content.service(fields.get("service").unwrap_or_default());
    let service = named.or(content.services.first()).ok_or(Unanswered::NoService)?;
    Ok(Bench::of(content, service, change(content, service, &fields, at)?, asked, at))
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
