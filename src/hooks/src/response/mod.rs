//! What a service answers.
//!
//! Clause: CDS Hooks "CDS Service Response". Nothing empty is ever sent: an optional member without content
//! is left out ("Null and empty JSON elements"); only `cards` may be an empty array, and is always there.

mod action;
mod card;
pub(crate) mod empty;
mod link;
mod suggestion;
mod summary;

use serde::Serialize;

pub use action::Action;
pub use card::{Card, Coding, Indicator, Source};
pub use link::Link;
pub use suggestion::{SelectionBehavior, Suggestion};
pub use summary::Summary;

/// The body of a 200.
#[derive(Debug, Default, Serialize)]
pub struct Response {
    /// For the user; empty when there is nothing to say.
    pub cards: Vec<Card>,
    /// Changes that the client may make without asking the user; only by agreement with the client.
    #[serde(rename = "systemActions", skip_serializing_if = "Vec::is_empty")]
    pub system_actions: Vec<Action>,
}
