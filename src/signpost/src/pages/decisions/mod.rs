//! `/decisions/{id}`: how one decision was made, from the journal, for whoever has its signed link.
//!
//! Without a link that is right nothing is told, not even whether there is such a decision.

mod tree;
mod view;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use uuid::Uuid;

use super::{Audience, apart, page, problem_for};
use crate::http::App;
use crate::recording::{Closed, Recording};
use view::DecisionView;

/// `GET /decisions/{id}?until=..&signature=..`. The address is never logged; the id that calls are logged with opens nothing.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let mut response = answer(&app, &id, &query.unwrap_or_default()).await;
    // What is behind a link is in no search engine; `no-store` and `no-referrer` come with every page.
    let noindex = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), noindex);
    response
}

async fn answer(app: &App, id: &str, query: &str) -> Response {
    let live = app.live();
    let Some((recording, links)) = live.recording.as_ref().and_then(|one| Some((one, one.links()?))) else {
        return closed();
    };
    match links.open(id, query, app.now()) {
        Ok(id) => found(app, recording, id).await,
        Err(Closed::Expired(id)) => expired(id),
        Err(Closed::NoLink) => closed(),
    }
}

async fn found(app: &App, recording: &Recording, id: Uuid) -> Response {
    match recording.journal().decision(id).await {
        Ok(Some(decision)) => {
            let live = app.live();
            apart(app, move || page(StatusCode::OK, &DecisionView::of(&live.content, &decision))).await
        }
        Ok(None) => not_there(id),
        Err(error) => {
            tracing::warn!(%error, "a decision could not be read for its page");
            let text = "The journal cannot be read at the moment. The link stays good: try it again in a few minutes.";
            problem_for(Audience::Link, StatusCode::SERVICE_UNAVAILABLE, "Not readable now", text)
        }
    }
}

/// A link that is good, to no record. Where cards go on without a journal, a card may have had its link all the same.
fn not_there(id: Uuid) -> Response {
    let text = format!(
        "The link is good, but there is no record of this decision: it was deleted since, or the journal could not be \
         written when the card was shown. The operators of this service can tell which, by its id: {id}."
    );
    problem_for(Audience::Link, StatusCode::NOT_FOUND, "No record of this decision", &text)
}

/// The one answer to everything that is no good link.
fn closed() -> Response {
    let text = "This address opens nothing. The link on the card is the whole address: copied in part or changed, it leads \
                nowhere. Open it from the card in the EHR.";
    problem_for(Audience::Link, StatusCode::NOT_FOUND, "Nothing to see here", text)
}

/// Whoever has this link had a good one.
fn expired(id: Uuid) -> Response {
    let text = format!(
        "Links to decisions hold for a limited time, and this one has expired. To see how the order reads now, open it in \
         the EHR again: the new card has a new link. To see what was said then, ask the operators of this service for \
         decision {id}; it is still in their journal, unless it was deleted."
    );
    problem_for(Audience::Link, StatusCode::GONE, "This link has expired", &text)
}
