//! Whether calls should come here.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use journal::Health;
use serde::Serialize;

use crate::http::App;

/// Whether calls should come here, and what is not as it should be. No patient data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether calls should come here.
    pub ready: bool,
    /// What keeps them away, or what an operator should see to although they may come.
    pub because: Vec<Because>,
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Because {
    /// What.
    pub what: &'static str,
    /// In words.
    pub why: String,
    /// Since when, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Whether no call should come for it.
    pub keeps_calls_away: bool,
}

impl Readiness {
    /// Of this service, now. Keys of clients do not count: one EHR that is down must not keep the others away.
    #[must_use]
    pub fn of(app: &App) -> Self {
        let because: Vec<Because> =
            [stopping(app), content(app), journal(app)].into_iter().flatten().collect();
        Self { ready: !because.iter().any(|one| one.keeps_calls_away), because }
    }
}

fn stopping(app: &App) -> Option<Because> {
    let why = "the service ends when it has answered what has come".to_owned();
    let stopping = Because { what: "stopping", why, since: None, keeps_calls_away: true };
    app.load().is_stopping().then_some(stopping)
}

fn content(app: &App) -> Option<Because> {
    let why = "the content has no service".to_owned();
    let empty = Because { what: "content", why, since: None, keeps_calls_away: true };
    app.live().content.services.is_empty().then_some(empty)
}

/// A journal that cannot be written keeps calls away where no card may go without its record; elsewhere it is only said.
fn journal(app: &App) -> Option<Because> {
    let live = app.live();
    let recording = live.recording.as_ref()?;
    match recording.journal().health() {
        Health::Up => None,
        // What the store says may name hosts, users and files: that is for the log, and this is for everybody.
        Health::Down { since, .. } => Some(Because {
            what: "journal",
            why: "the journal cannot be written; the log of the service has the reason".to_owned(),
            since: Some(since),
            keeps_calls_away: recording.is_required(),
        }),
    }
}

/// `GET /readyz`: 200, or 503 while no call should come.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let readiness = Readiness::of(&app);
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness)).into_response()
}
