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

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use url::form_urlencoded;

pub use difference::{Changed, Difference, How, Line, difference};

use super::{Audience, apart, page, problem_for};
use crate::answer::day;
use crate::http::App;
use show::{Chosen, Show};

/// The pages of the policies, for those who see these other pages.
pub(super) fn routes(audience: Audience) -> Router<App> {
    let all = move |State(app): State<App>| async move { list(&app, audience).await };
    let one = move |State(app): State<App>, Path(id): Path<String>, RawQuery(query): RawQuery| async move {
        show(&app, id, &query.unwrap_or_default(), audience).await
    };
    Router::new().route("/policies", get(all)).route("/policies/{id}", get(one))
}

/// `GET /policies`.
async fn list(app: &App, audience: Audience) -> Response {
    let (live, day) = (app.live(), day(app.now()));
    apart(app, move || page(StatusCode::OK, &list::list(&live.content, &day, audience))).await
}

/// `GET /policies/{id}`: one version of a policy (`?version=`), and what changed since another (`?compare=`).
async fn show(app: &App, id: String, query: &str, audience: Audience) -> Response {
    let (live, day) = (app.live(), day(app.now()));
    let chosen = Chosen {
        id,
        version: parameter(query, "version").filter(|text| !text.is_empty()),
        compare: parameter(query, "compare").filter(|text| !text.is_empty()),
    };
    apart(app, move || match Show::of(&live.content, &chosen, &day, audience) {
        Some(shown) => page(StatusCode::OK, &shown),
        None => {
            let text = "The content that is in force holds no policy, or no version of it, by this name. It may have been \
                        renamed or replaced; the list has all that there are.";
            problem_for(audience, StatusCode::NOT_FOUND, "No such policy", text)
        }
    })
    .await
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
