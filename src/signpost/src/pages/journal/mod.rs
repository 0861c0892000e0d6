//! `/journal`: what came of the decisions, for those who run the service. Counts only; nothing of a patient.

mod chart;
mod view;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use journal::{Filter, Journal, StoreError};

use super::{Audience, apart, page, problem_for};
use crate::http::App;
use view::{JournalView, Period};

/// How many of the newest decisions tell how long the steps take.
const STEPS_OF: u32 = 200;
/// How long a page waits for the journal.
const PATIENCE: Duration = Duration::from_secs(5);

/// `/journal`, to stand where only these people come.
pub fn routes(audience: Audience) -> Router<App> {
    let shown = move |State(app): State<App>, RawQuery(query): RawQuery| async move {
        show(&app, &query.unwrap_or_default(), audience).await
    };
    Router::new().route("/journal", get(shown))
}

async fn show(app: &App, query: &str, audience: Audience) -> Response {
    let live = app.live();
    let Some(recording) = &live.recording else {
        let text = "This service writes no decisions down, so there is nothing to count. A `[journal]` in its configuration \
                    changes that: `signpost serve --config signpost.toml`.";
        return problem_for(audience, StatusCode::NOT_FOUND, "No journal is kept", text);
    };
    let period = Period::named(&super::policies::parameter(query, "days").unwrap_or_default());
    let now = app.now();
    match tokio::time::timeout(PATIENCE, counted(recording.journal(), period, now)).await {
        Ok(Ok((stats, steps))) => {
            let live = Arc::clone(&live);
            let shown = move || JournalView::of(&live.content, &stats, &steps, period, now, audience);
            apart(app, move || page(StatusCode::OK, &shown())).await
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "the journal could not be read for its page");
            unreadable(audience)
        }
        Err(_) => unreadable(audience),
    }
}

async fn counted(
    journal: &Journal,
    period: Period,
    now: Timestamp,
) -> Result<(journal::Stats, Vec<journal::StepTimes>), StoreError> {
    let from = period.days.and_then(|days| now.checked_sub(SignedDuration::from_hours(24 * days)).ok());
    let filter = Filter { from, until: None };
    Ok((journal.stats(&filter).await?, journal.step_times(&filter, STEPS_OF).await?))
}

fn unreadable(audience: Audience) -> Response {
    let text = "The journal’s database does not answer. Decisions that cannot be written down are refused or counted as the \
                configuration says; the log of the service has the reason.";
    problem_for(audience, StatusCode::SERVICE_UNAVAILABLE, "The journal cannot be read", text)
}
