//! `GET /journal/stats`: what came of it, as `signpost journal stats` says it.

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use journal::Filter;
use url::form_urlencoded::parse;

use crate::http::App;

/// 200 and JSON; 400 for a parameter that is wrong, 404 without a journal, 503 if it cannot be read.
pub(super) async fn stats(State(app): State<App>, RawQuery(query): RawQuery) -> Response {
    let filter = match filter(query.as_deref().unwrap_or_default()) {
        Ok(filter) => filter,
        Err(wrong) => return (StatusCode::BAD_REQUEST, wrong).into_response(),
    };
    let live = app.live();
    let Some(recording) = &live.recording else {
        let none = "this service keeps no journal: its configuration has no `[journal]`\n";
        return (StatusCode::NOT_FOUND, none).into_response();
    };
    let stats = match recording.journal().stats(&filter).await {
        Ok(stats) => stats,
        Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    };
    match serde_json::to_string_pretty(&stats) {
        Ok(json) => {
            let head = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            (head, json + "\n").into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Which decisions: `from` and `until`, each an instant and each at most once.
fn filter(query: &str) -> Result<Filter, String> {
    let mut filter = Filter::default();
    for (name, value) in parse(query.as_bytes()) {
        let bound = match name.as_ref() {
            "from" => &mut filter.from,
            "until" => &mut filter.until,
            _ => return Err("there are the parameters `from` and `until`, and no others\n".to_owned()),
        };
        let instant: Option<Timestamp> = value.parse().ok().filter(|_| bound.is_none());
        let wrong = || format!("`{name}` must be one instant, such as `2026-11-22T00:00:00Z`\n");
        *bound = Some(instant.ok_or_else(wrong)?);
    }
    Ok(filter)
}
