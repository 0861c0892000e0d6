//! What a record tells about each data element: possible values, evidence, gaps.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::element::{Element, ElementIndex, Elements};
use crate::possible::Possible;

/// Where a value came from: enough to find it again in the chart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The resource, as `Type/id`.
    pub reference: String,
    /// FHIRPath of what was read in it, such as `Observation.value`.
    pub path: Cow<'static, str>,
    /// The value as it was recorded, for the eye (`1.49 10*9/L`). Text from outside: escape it when it is shown.
    pub value: String,
    /// The clinically relevant date, as it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// How it was read, where that is not plain ("unit read as /uL", "attested").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Why an element is not exactly known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// A complete answer came, with nothing usable in it.
    NotRecorded,
    /// A result is there, older than the element's window.
    Stale,
    /// Results of equal standing disagree.
    Conflicting,
    /// It is there, but too coarse to decide.
    Imprecise,
    /// It is there, with a code in no known value set.
    Unclassified,
    /// It could not be read: not sent, not fetchable, an error, a truncated page.
    Unavailable,
}

impl GapKind {
    /// The name used in files and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotRecorded => "not-recorded",
            Self::Stale => "stale",
            Self::Conflicting => "conflicting",
            Self::Imprecise => "imprecise",
            Self::Unclassified => "unclassified",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for GapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why an element is not exactly known, and what was found instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Which kind of not knowing this is.
    pub kind: GapKind,
    /// What was found or what failed, in words ("2.1 10*9/L is 60 days old", "prefetch `laboratory` was not sent").
    pub detail: String,
}

/// What is known about one data element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The values it may still have.
    pub possible: Possible,
    /// Where that comes from; empty where nothing was found.
    pub evidence: Vec<Evidence>,
    /// Why it is not exactly known; empty only if it is.
    pub gaps: Vec<Gap>,
    /// How the evidence comes to the values, in one sentence, where that is not plain (how lines of therapy were counted).
    pub account: Option<String>,
}

impl Known {
    /// Nothing known, for this reason.
    #[must_use]
    pub fn nothing(domain: Possible, kind: GapKind, detail: impl Into<String>) -> Self {
        let gaps = vec![Gap { kind, detail: detail.into() }];
        Self { possible: domain, evidence: Vec::new(), gaps, account: None }
    }
}

/// What is known about every data element, in the order of [`Elements`].
#[derive(Debug, Clone)]
pub struct Knowledge {
    known: Vec<Known>,
}

impl Knowledge {
    /// Nothing known about any element: each may have every value of its domain.
    #[must_use]
    pub fn nothing(elements: &Elements) -> Self {
        Self::of(elements, |_| None)
    }

    /// What is known about each element, and nothing where nothing is said.
    #[must_use]
    pub fn of(elements: &Elements, mut known: impl FnMut(ElementIndex) -> Option<Known>) -> Self {
        let nothing = |element: &Element| Known::nothing(element.kind.domain(), GapKind::NotRecorded, "");
        let known = elements
            .iter()
            .map(|(index, element)| known(index).unwrap_or_else(|| nothing(element)))
            .collect();
        Self { known }
    }

    /// Sets what is known about one element.
    pub fn set(&mut self, index: ElementIndex, known: Known) {
        if let Some(place) = self.known.get_mut(index.position()) {
            *place = known;
        }
    }

    /// What is known about one element; `None` for an index of another registry.
    #[must_use]
    pub fn get(&self, index: ElementIndex) -> Option<&Known> {
        self.known.get(index.position())
    }
}
