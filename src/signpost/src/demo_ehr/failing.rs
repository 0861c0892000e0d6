//! Answers that fail.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::search::entry;
use super::{Asked, DemoEhr, Way, fhir, outcome, respond};

/// Longer than any caller waits.
const SLOW: Duration = Duration::from_secs(60);

/// A host that nobody has (RFC 6761).
const ELSEWHERE: &str = "https://elsewhere.invalid/fhir";

/// The page size of a server that has its own mind.
const SMALL_PAGE: usize = 2;

impl DemoEhr {
    /// The answer to what was asked, failed in one way.
    pub(super) async fn fail(&self, way: Way, base: &str, asked: &Asked<'_>) -> Response {
        let found = || self.found(base, asked, None);
        match way {
            Way::Slow => {
                tokio::time::sleep(SLOW).await;
                respond(found())
            }
            Way::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                outcome(status, "exception", "failed on purpose")
            }
            Way::BusyOnce if self.is_first(base, asked) => {
                let mut response = outcome(StatusCode::SERVICE_UNAVAILABLE, "throttled", "come again");
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
                response
            }
            Way::HalfBody => half_body(&text(found())),
            Way::HalfJson => fhir(StatusCode::OK, half(&text(found())).to_owned()),
            Way::Html => {
                (StatusCode::OK, [(CONTENT_TYPE, "text/html")], "<html>Sign in</html>").into_response()
            }
            Way::Redirect => {
                (StatusCode::FOUND, [(LOCATION, format!("{ELSEWHERE}/{}", asked.path))]).into_response()
            }
            Way::WrongPatient => fhir(StatusCode::OK, of_another(&text(found()), asked)),
            Way::FewParameters
                if asked.query.contains("subject=") || asked.query.contains("_revinclude=") =>
            {
                outcome(StatusCode::BAD_REQUEST, "not-supported", "an unknown search parameter")
            }
            Way::SmallPages | Way::EmptyLastPage => {
                let page = self.found(base, asked, Some(SMALL_PAGE));
                respond(if way == Way::EmptyLastPage {
                    page.map(|page| then_empty(page, base, asked))
                } else {
                    page
                })
            }
            _ => respond(found().map(|page| self.changed(way, page, base, asked))),
        }
    }

    /// A searchset with something wrong in it; a resource stays as it is.
    fn changed(&self, way: Way, mut page: Value, base: &str, asked: &Asked<'_>) -> Value {
        if page.get("resourceType").and_then(Value::as_str) != Some("Bundle") {
            return page;
        }
        let here = format!("{base}/{}?{}", asked.path, asked.query);
        match way {
            Way::Outcome => {
                let issue =
                    json!({ "severity": "error", "code": "timeout", "diagnostics": "an index is down" });
                let outcome = json!({ "resourceType": "OperationOutcome", "issue": [issue] });
                push(&mut page, "entry", json!({ "resource": outcome, "search": { "mode": "outcome" } }));
            }
            Way::NextLoop => push(&mut page, "link", json!({ "relation": "next", "url": here })),
            Way::NextElsewhere => {
                let url = format!("{ELSEWHERE}/{}?page=2", asked.path);
                push(&mut page, "link", json!({ "relation": "next", "url": url }));
            }
            Way::NextEndless => {
                push(&mut page, "link", json!({ "relation": "next", "url": format!("{here}&n=n") }))
            }
            Way::EmptyCodeSearch if !asked.query.contains("code=") => {}
            Way::EmptyPatientSearch if !asked.query.starts_with("patient=") => {}
            Way::EmptySearch | Way::EmptyCodeSearch | Way::EmptyPatientSearch => remove(&mut page, "entry"),
            Way::UnknownParameter => {
                remove(&mut page, "entry");
                remove(&mut page, "link");
                let url = format!("{base}/{}?_count=20", asked.path);
                push(&mut page, "link", json!({ "relation": "self", "url": url }));
            }
            Way::IncludePatient => {
                if let Some(patient) = patient(asked).and_then(|id| self.store.read("Patient", id)) {
                    push(&mut page, "entry", entry(base, patient, "include"));
                }
            }
            _ => {}
        }
        page
    }

    fn is_first(&self, base: &str, asked: &Asked<'_>) -> bool {
        let key = format!("{base}/{}?{}", asked.path, asked.query);
        self.asked_before.lock().is_ok_and(|mut asked_before| asked_before.insert(key))
    }
}

fn text(found: Result<Value, StatusCode>) -> String {
    found.map_or_else(|_| "{}".to_owned(), |value| value.to_string())
}

fn half(text: &str) -> &str {
    text.split_at_checked(text.len() / 2).map_or(text, |(half, _)| half)
}

/// The whole length is announced, and half of it sent.
fn half_body(text: &str) -> Response {
    let chunks = [
        Ok(Bytes::from(half(text).to_owned())),
        Err(io::Error::new(io::ErrorKind::ConnectionAborted, "broken on purpose")),
    ];
    let mut response = fhir(StatusCode::OK, Body::from_stream(futures_util::stream::iter(chunks)));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
    response
}

/// The patient that was asked about.
fn patient<'q>(asked: &Asked<'q>) -> Option<&'q str> {
    let by_search = asked.query.split('&').find_map(|pair| pair.strip_prefix("patient="));
    by_search.or_else(|| asked.path.strip_prefix("Patient/"))
}

fn of_another(text: &str, asked: &Asked<'_>) -> String {
    let Some(id) = patient(asked) else { return text.to_owned() };
    text.replace(&format!("Patient/{id}"), "Patient/someone-else")
        .replace(&format!("\"id\":\"{id}\""), "\"id\":\"someone-else\"")
}

/// A page whose `next`, where it was the last, leads to one more that is empty.
fn then_empty(mut page: Value, base: &str, asked: &Asked<'_>) -> Value {
    let is_last = page.get("link").and_then(Value::as_array).is_some_and(|links| links.len() < 2);
    if asked.query.contains("after=all") {
        remove(&mut page, "entry");
        remove(&mut page, "link");
    } else if is_last {
        let url = format!("{base}/{}?{}&after=all", asked.path, asked.query);
        push(&mut page, "link", json!({ "relation": "next", "url": url }));
    }
    page
}

fn push(page: &mut Value, member: &str, item: Value) {
    let Some(members) = page.as_object_mut() else { return };
    if let Some(items) = members.entry(member).or_insert_with(|| json!([])).as_array_mut() {
        items.push(item);
    }
}

fn remove(page: &mut Value, member: &str) {
    if let Some(members) = page.as_object_mut() {
        members.shift_remove(member);
    }
}
