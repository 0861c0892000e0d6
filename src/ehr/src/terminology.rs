//! Value sets: which of them a code, a concept or a free text is in.

use crate::fhir::{Coding, Concept};

/// All value sets of the content.
#[derive(Debug, Clone, Default)]
pub struct Terminology {}

impl Terminology {
    /// Whether there is a value set with this id.
    #[must_use]
    pub fn knows(&self, _set: &str) -> bool {
        false
    }

    /// Whether a concept is in a value set: by any coding or by the words of its text or displays, and not excluded.
    #[must_use]
    pub fn has(&self, _set: &str, _concept: &Concept<'_>) -> bool {
        false
    }

    /// Whether one coding is in a value set.
    #[must_use]
    pub fn has_coding(&self, _set: &str, _coding: &Coding<'_>) -> bool {
        false
    }

    /// Whether free text says something that is in a value set, and does not deny it.
    #[must_use]
    pub fn has_text(&self, _set: &str, _text: &str) -> bool {
        false
    }
}
