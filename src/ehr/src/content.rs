//! Data elements with their sources, bound together when the content is loaded.

use criteria::{Element, ElementIndex, Elements};

use crate::source::{Absence, Source};
use crate::terminology::Terminology;

/// A data element with everything that reading it needs.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its place in [`Content::elements`].
    pub index: ElementIndex,
    /// What policies see of it.
    pub element: Element,
    /// How long a finding counts, in days.
    pub window_days: Option<u32>,
    /// What finding nothing after complete searches means.
    pub absence: Absence,
    /// Where it is found, best first.
    pub sources: Vec<Source>,
}

/// The part of the content that says how a record is read.
#[derive(Debug, Default)]
pub struct Content {
    /// All data elements, as policies see them.
    pub elements: Elements,
    /// The same with their sources, in the same order.
    pub definitions: Vec<Definition>,
    /// The value sets.
    pub terminology: Terminology,
}
