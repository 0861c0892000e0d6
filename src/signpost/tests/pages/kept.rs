//! A service with a journal in a folder of its own, told by a configuration as `signpost serve` is.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use jiff::Timestamp;
use journal::Health;
use serde_json::Value;
use signpost::config::{Config, File, Told};
use signpost::content::Content;
use signpost::http::{App, Live};
use signpost::recording::Recording;
use signpost::serving::Bounds;
use signpost::trust::{KeyTimes, Memory, Trust};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::support;

pub const SERVICE: &str = "/cds-services/coverage-order-sign";
pub const BASE: &str = "https://pages.example.org/cds";
pub const KEY: &str = "the key in force, of more than thirty-two characters";
pub const OTHER_KEY: &str = "another key, it too of more than thirty-two characters";
/// A client that is known, so that the service is not open.
pub const CLIENT: &str = "public_url = \"https://cds.example.org\"\n[[client]]\nname = \"north\"\n\
                          iss = \"https://ehr.example.org\"\njwks_file = \"north.jwks.json\"\n";

/// A folder with a journal.
pub struct Kept {
    folder: TempDir,
}

impl Kept {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The service, by a configuration (keys, one a line; what is said before and after `[journal]`) and a clock.
    pub async fn told(&self, keys: &[&str], before: &str, after: &str, clock: fn() -> Timestamp) -> Served {
        let jwks = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keys/north.jwks.json");
        fs::copy(jwks, self.folder.path().join("north.jwks.json")).unwrap();
        fs::write(self.folder.path().join("keys"), keys.join("\n")).unwrap();
        let url = format!("sqlite:{}", self.folder.path().join("journal.db").display());
        let text = format!("{before}[journal]\nurl = \"{url}\"\nkey_file = \"keys\"\n{after}");
        let file = File { path: self.folder.path().join("signpost.toml"), text };
        let config = Config::read(&Told { file: Some(file), ..Told::default() }).unwrap();
        let recording = Recording::open(config.journal.as_ref().unwrap()).unwrap();
        let recording = match &config.pages {
            Some(pages) => recording.with_links(pages),
            None => recording,
        };
        let health = recording.journal().ready(Duration::from_secs(20)).await;
        assert_eq!(health, Health::Up);
        let seen = Arc::new(Memory::new(clock));
        let trust = Trust::of(&config, seen, clock, KeyTimes::default()).unwrap().map(Arc::new);
        let journal = recording.journal().clone();
        let live = Live { content: content(), ehr: None, trust, recording: Some(recording) };
        let app = App::of(live, clock, Bounds::default());
        Served { router: app.router(), journal }
    }

    /// With links that hold for two hours, and patients' data as the setting says.
    pub async fn linking(&self, patient_data: &str) -> Served {
        let pages =
            format!("patient_data = \"{patient_data}\"\n[pages]\nbase_url = \"{BASE}\"\nlink_hours = 2\n");
        self.told(&[KEY], "", &pages, support::at).await
    }
}

fn content() -> Arc<Content> {
    static CONTENT: OnceLock<Arc<Content>> = OnceLock::new();
    Arc::clone(CONTENT.get_or_init(|| support::content().into()))
}

/// A service.
pub struct Served {
    pub router: Router,
    pub journal: journal::Journal,
}

impl Served {
    pub async fn post(&self, path: &str, body: &str) -> Value {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        serde_json::from_slice(&to_bytes(answer.into_body(), usize::MAX).await.unwrap()).unwrap()
    }

    /// The answer to a bundled request.
    pub async fn answer(&self, name: &str) -> Value {
        let request = signpost::example::request(name, support::at()).unwrap();
        self.post(SERVICE, &request).await
    }

    /// The links to decisions on the cards of an answer, without the base.
    pub async fn links(&self, name: &str) -> Vec<String> {
        links(&self.answer(name).await)
    }
}

/// The links to decisions in an answer, without the base.
pub fn links(answer: &Value) -> Vec<String> {
    let cards = answer["cards"].as_array().unwrap().iter();
    let links = cards.flat_map(|card| card["links"].as_array().into_iter().flatten());
    let ours = links.filter_map(|link| link["url"].as_str()?.strip_prefix(BASE).map(str::to_owned));
    ours.collect()
}
