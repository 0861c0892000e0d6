//! Cards as an EHR shows them, out of the very JSON that an EHR gets.

use serde::Deserialize;
use serde_json::Value;

use super::markdown::{html, is_web};

/// A card.
#[derive(Debug, Clone)]
pub(in super::super) struct Card {
    /// `info`, `warning` or `critical`.
    pub(in super::super) indicator: String,
    /// The first line.
    pub(in super::super) summary: String,
    /// The rest, as HTML that is safe.
    pub(in super::super) detail: String,
    /// Where it comes from.
    pub(in super::super) source: String,
    /// Where that can be read.
    pub(in super::super) url: Option<String>,
    /// What can be done at once.
    pub(in super::super) suggestions: Vec<Suggestion>,
    /// Reasons that a user may give for not following it.
    pub(in super::super) reasons: Vec<String>,
    /// Where more can be read.
    pub(in super::super) links: Vec<Link>,
}

/// A suggestion.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Suggestion {
    pub(in super::super) label: String,
    #[serde(default)]
    pub(in super::super) uuid: String,
    #[serde(default)]
    pub(in super::super) is_recommended: bool,
    #[serde(default)]
    pub(in super::super) actions: Vec<Action>,
}

/// An action of a suggestion.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in super::super) struct Action {
    #[serde(rename = "type")]
    pub(in super::super) kind: ActionKind,
    pub(in super::super) description: String,
    pub(in super::super) resource: Option<Value>,
    pub(in super::super) resource_id: Option<String>,
}

/// What an action does with its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum ActionKind {
    Create,
    Update,
    Delete,
}

/// A link of a card.
#[derive(Debug, Clone, Deserialize)]
pub(in super::super) struct Link {
    pub(in super::super) label: String,
    pub(in super::super) url: String,
}

#[derive(Deserialize)]
struct ResponseJson {
    cards: Vec<CardJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CardJson {
    summary: String,
    #[serde(default)]
    detail: String,
    indicator: String,
    source: SourceJson,
    #[serde(default)]
    suggestions: Vec<Suggestion>,
    #[serde(default)]
    override_reasons: Vec<ReasonJson>,
    #[serde(default)]
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct SourceJson {
    label: String,
    url: Option<String>,
}

#[derive(Deserialize)]
struct ReasonJson {
    code: String,
    display: Option<String>,
}

/// The cards of a response.
///
/// # Errors
/// If it is no response, which would be a defect.
pub(in super::super) fn cards(response: &[u8]) -> serde_json::Result<Vec<Card>> {
    let response: ResponseJson = serde_json::from_slice(response)?;
    Ok(response.cards.into_iter().map(card).collect())
}

fn card(json: CardJson) -> Card {
    let reasons = json.override_reasons.into_iter().map(|reason| reason.display.unwrap_or(reason.code));
    Card {
        indicator: json.indicator,
        summary: json.summary,
        detail: html(&json.detail),
        source: json.source.label,
        url: json.source.url.filter(|url| is_web(url)),
        suggestions: json.suggestions,
        reasons: reasons.collect(),
        links: json.links.into_iter().filter(|link| is_web(&link.url)).collect(),
    }
}

impl Card {
    /// The word for its indicator.
    pub(in super::super) fn word(&self) -> &'static str {
        match self.indicator.as_str() {
            "critical" => "Critical",
            "warning" => "Warning",
            _ => "Information",
        }
    }
}
