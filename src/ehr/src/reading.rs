//! What a source of a data element is given, and what it returns.

use std::sync::Arc;

use criteria::{Evidence, Gap, GapKind, Possible};
use jiff::Timestamp;

use crate::content::Definition;
use crate::derived::Derived;
use crate::order::{DraftOrders, Order};
use crate::record::Record;
use crate::search::{Answer, Search};
use crate::terminology::Terminology;
use crate::therapy::rules::TherapyRules;

/// Everything that a data element may be read from.
#[derive(Debug)]
pub struct Reading<'r, 'a> {
    /// The patient's record.
    pub record: &'r Record<'a>,
    /// The order that is being decided on.
    pub order: &'r Order<'a>,
    /// All orders that are being signed, this one included.
    pub drafts: &'r DraftOrders<'a>,
    /// The value sets.
    pub terminology: &'r Terminology,
    /// All data elements, for those that rest on another (a dose on the body surface area).
    pub definitions: &'r [Definition],
    /// How therapy is read, by disease.
    pub therapies: &'r [Arc<TherapyRules>],
    /// The evaluation instant, from which windows count back.
    pub at: Timestamp,
    /// What is worked out of all this when it is first asked for: empty to begin with.
    pub derived: Derived<'r, 'a>,
}

/// What one source says about an element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// The values that remain possible; `None` where the source found nothing that bears on them.
    pub possible: Option<Possible>,
    /// Where that comes from.
    pub evidence: Vec<Evidence>,
    /// Why it is not exactly known. `not-recorded` and `unavailable` for an empty answer are added by the caller
    /// ([`crate::knowledge`]); a source reports what it saw: stale, conflicting, imprecise, unclassified.
    pub gaps: Vec<Gap>,
}

impl Finding {
    /// Nothing found.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// A value that is known from this evidence.
    #[must_use]
    pub fn of(possible: Possible, evidence: Vec<Evidence>) -> Self {
        Self { possible: Some(possible), evidence, gaps: Vec::new() }
    }

    /// The same, with a reason why it is not exactly known (or not known at all).
    #[must_use]
    pub fn with_gap(mut self, kind: GapKind, detail: impl Into<String>) -> Self {
        self.gaps.push(Gap { kind, detail: detail.into() });
        self
    }
}

/// One built-in way to find an element: the parameters are content, the way is code.
pub trait Find {
    /// The searches that must all be complete before finding nothing can mean anything.
    fn searches(&self) -> Vec<Search>;

    /// The search whose newest result decides, if that is the rule. While its answer is not complete the newest may be
    /// what is missing: what was found is then evidence, and decides nothing.
    fn newest_of(&self) -> Option<Search> {
        None
    }

    /// Looks for the element in the record.
    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding;
}

impl Reading<'_, '_> {
    /// The reasons why some of these searches have no complete answer; empty where all have.
    #[must_use]
    pub fn not_complete(&self, searches: &[Search]) -> Vec<String> {
        searches
            .iter()
            .filter_map(|search| match self.record.answer(*search) {
                Answer::Complete => None,
                Answer::Unavailable(reason) => Some(format!("`{search}` {reason}")),
            })
            .collect()
    }
}
