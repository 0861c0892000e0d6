//! Suggestions: what the user can accept with one click.

use serde::Serialize;

use super::{Action, empty::no_text};

/// Changes to the record or the orders that belong together.
#[derive(Debug, Serialize)]
pub struct Suggestion {
    /// Text of the button.
    pub label: String,
    /// Names the suggestion in feedback.
    #[serde(skip_serializing_if = "no_text")]
    pub uuid: Option<String>,
    /// The best of the card's suggestions; at most one where only one may be taken (cds-resp-1).
    #[serde(rename = "isRecommended", skip_serializing_if = "is_false")]
    pub is_recommended: bool,
    /// All of these are done when the suggestion is accepted, as one FHIR transaction.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// How many suggestions of a card the user may accept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SelectionBehavior {
    /// One or none.
    #[default]
    AtMostOne,
    /// Any number.
    Any,
}
