//! Links to read more, or to a SMART app.

use serde::Serialize;

use super::empty::no_text;

/// A link of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    label: String,
    url: String,
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(rename = "appContext", skip_serializing_if = "no_text")]
    app_context: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Absolute,
    Smart,
}

impl Link {
    /// A page, opened as it is.
    #[must_use]
    pub fn absolute(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), url: url.into(), kind: Kind::Absolute, app_context: None }
    }

    /// A SMART app, launched by the client; only here a context may be handed to it (cds-resp-3).
    #[must_use]
    pub fn smart(label: impl Into<String>, url: impl Into<String>, app_context: Option<String>) -> Self {
        Self { label: label.into(), url: url.into(), kind: Kind::Smart, app_context }
    }
}
