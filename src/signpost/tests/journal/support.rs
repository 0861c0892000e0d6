//! The service with a journal in a folder of its own.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header::CONTENT_TYPE};
use ehr::fetch::{Addresses, Bases, Client};
use jiff::Timestamp;
use journal::{Filter, Format, Health, Journal, Key, Level, Privacy, Settings};
use serde_json::Value;
use signpost::config::OnFailure;
use signpost::content::{Content, Files};
use signpost::ehr_access::{Deadline, EhrAccess};
use signpost::http::{App, Live};
use signpost::recording::Recording;
use signpost::serving::Bounds;
use tempfile::TempDir;
use tower::ServiceExt;

pub const SERVICE: &str = "/cds-services/coverage-order-sign";

pub struct Service {
    router: Router,
    pub journal: Journal,
    _folder: TempDir,
}

fn clock() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub fn content() -> Arc<Content> {
    static CONTENT: OnceLock<Arc<Content>> = OnceLock::new();
    Arc::clone(CONTENT.get_or_init(|| Content::load(&Files::bundled()).unwrap().into()))
}

fn app(recording: Option<Recording>) -> App {
    App::of(Live { content: content(), ehr: None, trust: None, recording }, clock, Bounds::default())
}

/// A bundled request, as it is in the repository: on the day of the clock.
pub fn request(name: &str) -> String {
    signpost::example::request(name, clock()).unwrap()
}

fn settings(url: &str, level: Level) -> Settings {
    let key = Key::new(b"a key of thirty-two bytes or more").unwrap();
    Settings { timeout: Duration::from_secs(10), ..Settings::new(url, Privacy::new(level, key, Vec::new())) }
}

/// A journal in a folder, which may not be there.
pub fn journal_in(folder: &Path) -> Journal {
    let url = format!("sqlite:{}", folder.join("journal.db").display());
    Journal::open(&settings(&url, Level::Hashed)).unwrap()
}

impl Service {
    pub async fn keeping(level: Level) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("journal.db").display());
        let journal = Journal::open(&settings(&url, level)).unwrap();
        assert_eq!(journal.ready(Duration::from_secs(20)).await, Health::Up);
        Self::with(journal, OnFailure::Require, folder)
    }

    /// With a FHIR server that answers searches for observations with this Bundle, which is kept for a moment; the request is told where it is.
    pub async fn reading(observations: Value, request: &mut Value) -> Self {
        let Self { journal, _folder, .. } = Self::keeping(Level::Hashed).await;
        let answer = move || std::future::ready(axum::Json(observations.clone()));
        let ehr = Router::new().route("/fhir/Observation", axum::routing::get(answer));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        request["fhirServer"] = format!("http://{}/fhir", listener.local_addr().unwrap()).into();
        tokio::spawn(async move { axum::serve(listener, ehr).await.unwrap() });
        let open = Addresses { loopback: true, private: false };
        let within = Deadline::try_from(20_000_u64).unwrap();
        let client = Client::new(open).unwrap().keeping(Duration::from_secs(30));
        let access = EhrAccess::new(client, Bases::new(&[], open).unwrap(), within);
        let recording = Some(Recording::new(journal.clone(), OnFailure::Require));
        let live = Live { content: content(), ehr: Some(access), trust: None, recording };
        let router = App::of(live, clock, Bounds::default()).router();
        Self { router, journal, _folder }
    }

    /// With a journal in a folder that is not there.
    pub fn failing(on_failure: OnFailure) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::with(journal_in(&folder.path().join("missing")), on_failure, folder)
    }

    fn with(journal: Journal, on_failure: OnFailure, folder: TempDir) -> Self {
        let recording = Recording::new(journal.clone(), on_failure);
        let router = app(Some(recording)).router();
        Self { router, journal, _folder: folder }
    }

    pub async fn post(&self, path: &str, body: &str) -> (u16, Value) {
        post(self.router.clone(), path, body).await
    }

    /// The cards of a bundled request.
    pub async fn cards(&self, name: &str) -> Vec<Value> {
        let (status, answer) = self.post(SERVICE, &request(name)).await;
        assert_eq!(status, 200, "{name}: {answer}");
        answer["cards"].as_array().unwrap().clone()
    }

    /// Every record, oldest first.
    pub async fn records(&self) -> Vec<Value> {
        let mut out = Vec::new();
        self.journal.export(Format::Ndjson, &Filter::default(), &mut out).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub async fn post(router: Router, path: &str, body: &str) -> (u16, Value) {
    let request = Request::post(path).header(CONTENT_TYPE, "application/json");
    let response = router.oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

/// The service without a journal.
pub fn keeping_none() -> Router {
    app(None).router()
}
