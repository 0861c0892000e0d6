//! A demo EHR: the bundled patients over a small read-only FHIR R4 API, for trying things and for tests. It can fail as
//! real servers do.

mod failing;
mod failure;
mod search;
mod store;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use serde_json::{Value, json};

pub use failure::{Failure, NoSuchFailure, Way};
use search::{PARAMETERS, Query};
use store::Store;

/// The demo EHR.
#[derive(Debug, Clone)]
pub struct DemoEhr {
    store: Arc<Store>,
    token: Option<String>,
    failure: Option<Failure>,
    delay: Duration,
    asked_before: Arc<Mutex<HashSet<String>>>,
}

impl DemoEhr {
    /// The bundled patients, dated so that the bundled requests happen at this instant.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        let asked_before = Arc::default();
        Self {
            store: Arc::new(Store::at(at)),
            token: None,
            failure: None,
            delay: Duration::ZERO,
            asked_before,
        }
    }

    /// Asks for this bearer token.
    #[must_use]
    pub fn with_token(self, token: Option<String>) -> Self {
        Self { token, ..self }
    }

    /// Fails in this way. A base of `/fail/{way}/fhir` does the same for the calls that use it.
    #[must_use]
    pub fn with_failure(self, failure: Option<Failure>) -> Self {
        Self { failure, ..self }
    }

    /// Takes this time for every answer.
    #[must_use]
    pub fn with_delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The routes: the base is `/fhir`.
    pub fn router(self) -> Router {
        Router::new()
            .route("/fhir/{*path}", get(plain))
            .route("/fail/{way}/fhir/{*path}", get(failing))
            .with_state(self)
    }

    async fn answer(&self, failure: Option<&Failure>, base: &str, asked: &Asked<'_>) -> Response {
        tokio::time::sleep(self.delay).await;
        let is_known = self.token.as_ref().is_none_or(|token| asked.token == Some(token));
        if !is_known && asked.path != "metadata" {
            return outcome(StatusCode::UNAUTHORIZED, "login", "the bearer token is missing or wrong");
        }
        let kind = asked.path.split('/').next().unwrap_or(asked.path);
        match failure.and_then(|failure| failure.on(kind)) {
            Some(way) => self.fail(way, base, asked).await,
            None => respond(self.found(base, asked, None)),
        }
    }

    /// The answer of a server that does not fail: a resource, or why there is none.
    fn found(&self, base: &str, asked: &Asked<'_>, longest_page: Option<usize>) -> Result<Value, StatusCode> {
        match asked.path.split('/').collect::<Vec<_>>().as_slice() {
            ["metadata"] => Ok(self.capabilities()),
            [kind] => Ok(Query::new(kind, asked.query).page(&self.store, base, longest_page)),
            [kind, id] => self.store.read(kind, id).cloned().ok_or(StatusCode::NOT_FOUND),
            _ => Err(StatusCode::NOT_FOUND),
        }
    }

    fn capabilities(&self) -> Value {
        let parameters = PARAMETERS.map(|name| {
            let kind = if matches!(name, "patient" | "practitioner") { "reference" } else { "token" };
            json!({ "name": name, "type": kind })
        });
        let resources = self.store.kinds().map(|kind| {
            json!({
                "type": kind, "interaction": [{ "code": "read" }, { "code": "search-type" }],
                "searchParam": parameters.clone()
            })
        });
        json!({
            "resourceType": "CapabilityStatement", "status": "active", "date": "2026-11-22", "kind": "instance",
            "fhirVersion": "4.0.1", "format": ["json"],
            "software": { "name": "Signpost demo EHR" },
            "implementation": { "description": "synthetic patients, read-only" },
            "rest": [{ "mode": "server", "resource": resources.collect::<Vec<_>>() }]
        })
    }
}

/// What was asked.
#[derive(Debug, Clone, Copy)]
struct Asked<'q> {
    path: &'q str,
    query: &'q str,
    token: Option<&'q str>,
}

async fn plain(
    State(ehr): State<DemoEhr>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let base = format!("http://{}/fhir", host(&headers));
    let asked = Asked { path: &path, query: query.as_deref().unwrap_or_default(), token: token(&headers) };
    ehr.answer(ehr.failure.as_ref(), &base, &asked).await
}

async fn failing(
    State(ehr): State<DemoEhr>,
    Path((way, path)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Ok(failure) = way.parse::<Failure>() else {
        return outcome(StatusCode::NOT_FOUND, "not-found", "no such way to fail");
    };
    let base = format!("http://{}/fail/{way}/fhir", host(&headers));
    let asked = Asked { path: &path, query: query.as_deref().unwrap_or_default(), token: token(&headers) };
    ehr.answer(Some(&failure), &base, &asked).await
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost")
}

fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn respond(found: Result<Value, StatusCode>) -> Response {
    match found {
        Ok(resource) => fhir(StatusCode::OK, resource.to_string()),
        Err(status) => outcome(status, "not-found", "nothing is here"),
    }
}

fn fhir(status: StatusCode, body: impl Into<axum::body::Body>) -> Response {
    (status, [(CONTENT_TYPE, "application/fhir+json")], body.into()).into_response()
}

fn outcome(status: StatusCode, code: &str, text: &str) -> Response {
    let issue = json!({ "severity": "error", "code": code, "diagnostics": text });
    fhir(status, json!({ "resourceType": "OperationOutcome", "issue": [issue] }).to_string())
}
