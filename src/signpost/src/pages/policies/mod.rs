//! `/policies` and `/policies/{id}`: every policy as a pharmacist can hold it against its source.
//!
//! Published content only: nothing here knows of a patient.

mod cases;
mod criteria;
mod difference;
mod elements;
mod list;
mod show;
mod value_sets;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use url::form_urlencoded;

pub use difference::{Changed, Difference, How, Line, difference};

use super::{Audience, apart, page, problem_for};
use crate::answer::day;
use crate::http::App;
use show::{Chosen, Show};

/// `GET /policies`.
pub(super) async fn list(State(app): State<App>) -> Response {
    let (live, audience, day) = (app.live(), audience(&app), day(app.now()));
    apart(&app, move || page(StatusCode::OK, &list::list(&live.content, &day, audience))).await
}

/// `GET /policies/{id}`: one version of a policy (`?version=`), and what changed since another (`?compare=`).
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let (live, audience, day) = (app.live(), audience(&app), day(app.now()));
    let query = query.unwrap_or_default();
    let chosen = Chosen {
        id,
        version: parameter(&query, "version").filter(|text| !text.is_empty()),
        compare: parameter(&query, "compare").filter(|text| !text.is_empty()),
    };
    apart(&app, move || match Show::of(&live.content, &chosen, &day, audience) {
        Some(shown) => page(StatusCode::OK, &shown),
        None => {
            let text = "The content that is in force holds no policy, or no version of it, by this name. It may have been \
                        renamed or replaced; the list has all that there are.";
            problem_for(audience, StatusCode::NOT_FOUND, "No such policy", text)
        }
    })
    .await
}

/// Whoever reaches an open service may see its other pages too.
pub(super) fn audience(app: &App) -> Audience {
    if app.live().trust.is_none() { Audience::Open } else { Audience::Public }
}

/// A parameter of a query; where it stands twice, the first one.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    parameters.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// Where the page of a policy is.
pub(super) fn address(id: &str) -> String {
    // In a path a space is `%20`, not `+`.
    format!("/policies/{}", encoded(id).replace('+', "%20"))
}

/// Where the page of a version of a policy is.
fn address_of_version(id: &str, version: &str) -> String {
    format!("{}?version={}", address(id), encoded(version))
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
