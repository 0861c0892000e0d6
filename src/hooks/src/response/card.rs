//! Cards.

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use super::{
    Link, SelectionBehavior, Suggestion, Summary,
    empty::{no_json, no_text},
};

/// Guidance for the user. Clause: CDS Hooks "Card Attributes".
#[derive(Debug)]
pub struct Card {
    /// Names the card in feedback; without it a client sends none.
    pub uuid: Option<String>,
    /// One line.
    pub summary: Summary,
    /// GitHub-flavoured Markdown. Clients may render HTML in it: text from a record must be escaped.
    pub detail: Option<String>,
    /// How urgent.
    pub indicator: Indicator,
    /// Who says so.
    pub source: Source,
    /// What the user could do about it.
    pub suggestions: Vec<Suggestion>,
    /// How many suggestions the user may take. Sent only with suggestions, as the specification demands.
    pub selection_behavior: SelectionBehavior,
    /// Reasons a user may give for not following the card; each with a `display`.
    pub override_reasons: Vec<Coding>,
    /// Where to read more.
    pub links: Vec<Link>,
    /// A JSON object, keyed by reverse-domain names.
    pub extension: Option<Box<RawValue>>,
}

impl Card {
    /// A card with the members that every card has.
    #[must_use]
    pub fn new(summary: Summary, indicator: Indicator, source: Source) -> Self {
        Self {
            uuid: None,
            summary,
            detail: None,
            indicator,
            source,
            suggestions: Vec::new(),
            selection_behavior: SelectionBehavior::AtMostOne,
            override_reasons: Vec::new(),
            links: Vec::new(),
            extension: None,
        }
    }
}

impl Serialize for Card {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // By hand, because whether `selectionBehavior` is sent depends on another member.
        let mut map = serializer.serialize_map(None)?;
        put(&mut map, "uuid", &self.uuid, no_text(&self.uuid))?;
        map.serialize_entry("summary", &self.summary)?;
        put(&mut map, "detail", &self.detail, no_text(&self.detail))?;
        map.serialize_entry("indicator", &self.indicator)?;
        map.serialize_entry("source", &self.source)?;
        put(&mut map, "suggestions", &self.suggestions, self.suggestions.is_empty())?;
        put(&mut map, "selectionBehavior", &self.selection_behavior, self.suggestions.is_empty())?;
        put(&mut map, "overrideReasons", &self.override_reasons, self.override_reasons.is_empty())?;
        put(&mut map, "links", &self.links, self.links.is_empty())?;
        put(&mut map, "extension", &self.extension, no_json(&self.extension))?;
        map.end()
    }
}

fn put<M: SerializeMap, T: Serialize>(
    map: &mut M,
    name: &str,
    value: &T,
    empty: bool,
) -> Result<(), M::Error> {
    if empty { Ok(()) } else { map.serialize_entry(name, value) }
}

/// Urgency of a card, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Indicator {
    /// Worth knowing.
    Info,
    /// To be considered before going on.
    Warning,
    /// Danger to the patient.
    Critical,
}

impl Indicator {
    /// As it is sent.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// Where the guidance of a card comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Short name, shown to the user.
    pub label: String,
    /// Absolute URL of the source.
    #[serde(skip_serializing_if = "no_text")]
    pub url: Option<String>,
    /// Absolute URL of a PNG of 100 by 100 pixels.
    #[serde(skip_serializing_if = "no_text")]
    pub icon: Option<String>,
    /// What the card is about, for filters and statistics; required by Da Vinci CRD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<Coding>,
}

/// A code of a code system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coding {
    /// The code.
    pub code: String,
    /// URI of its code system.
    pub system: String,
    /// Name of the code; required in `overrideReasons` (cds-resp-4).
    #[serde(skip_serializing_if = "no_text")]
    pub display: Option<String>,
}
