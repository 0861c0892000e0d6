//! Cards as an EHR shows them, out of the very JSON that an EHR gets.

use serde::Deserialize;
use serde_json::Value;

use super::markdown::{html, is_web};

/// A card.
#[derive(Debug, Clone)]
pub struct Card {
    /// `info`, `warning` or `critical`.
    pub indicator: String,
    /// The first line.
    pub summary: String,
    /// The rest, as HTML that is safe.
    pub detail: String,
    /// Where it comes from.
    pub source: String,
    /// Where that can be read.
    pub url: Option<String>,
    /// What can be done at once.
    pub suggestions: Vec<Suggestion>,
    /// Reasons that a user may give for not following it.
    pub reasons: Vec<String>,
    /// Where more can be read.
    pub links: Vec<Link>,
}

/// A suggestion.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    pub label: String,
    #[serde(default)]
    pub uuid: String,
    #[serde(default)]
    pub is_recommended: bool,
    #[serde(default)]
    pub actions: Vec<Action>,
}

/// An action of a suggestion.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Action {
    #[serde(rename = "type")]
    pub kind: ActionKind,
    pub description: String,
    pub resource: Option<Value>,
    pub resource_id: Option<String>,
}

/// What an action does with its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionKind {
    Create,
    Update,
    Delete,
}

/// A link of a card.
#[derive(Debug, Clone, Deserialize)]
pub struct Link {
    pub label: String,
    pub url: String,
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
pub fn cards(response: &[u8]) -> serde_json::Result<Vec<Card>> {
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
    pub fn word(&self) -> &'static str {
        match self.indicator.as_str() {
            "critical" => "Critical",
            "warning" => "Warning",
            _ => "Information",
        }
    }
}
