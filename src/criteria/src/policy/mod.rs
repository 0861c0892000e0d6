//! Coverage policies: read, checked, evaluated, explained.

mod explain;
mod file;
mod load;
mod paths;
mod relevance;
mod versions;

pub use explain::{Determination, Evaluation, Need, Reason};
pub use file::{Effective, Mode, Otherwise, PolicyFile, Source, Status};
pub use versions::{Version, overlapping_versions};

use crate::formula::{Node, Tested};

/// One published version of a coverage policy, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Fixed id.
    pub id: String,
    /// Date of the published version.
    pub version: String,
    /// What it is called on a card.
    pub title: String,
    /// Whether it is in use.
    pub status: Status,
    /// Whether its cards are shown.
    pub mode: Mode,
    /// The value set of the drug that it speaks about.
    pub medication: String,
    /// From when to when it is in force.
    pub effective: Effective,
    /// The published document.
    pub source: Source,
    /// How the source numbers what follows where the criteria do not hold.
    pub otherwise: Option<Otherwise>,
    /// `criteria and not exclusions`: NotMet means that the policy denies.
    pub(crate) eligible: Node,
    /// Outside this a reviewer decides.
    pub(crate) review: Option<Node>,
    /// The data elements it tests.
    pub(crate) tested: Vec<Tested>,
}

impl Policy {
    /// What must hold.
    #[must_use]
    pub fn criteria(&self) -> Option<&Node> {
        self.eligible.parts().first()
    }

    /// What must not hold.
    #[must_use]
    pub fn exclusions(&self) -> Option<&Node> {
        self.eligible.parts().get(1)?.parts().first()
    }

    /// Outside this a reviewer decides.
    #[must_use]
    pub fn clinical_review_unless(&self) -> Option<&Node> {
        self.review.as_ref()
    }

    /// The data elements that it tests.
    pub fn elements(&self) -> impl Iterator<Item = crate::ElementIndex> {
        self.tested.iter().map(|tested| tested.element)
    }

    /// The data elements that it tests, each with the values that it tells apart.
    #[must_use]
    pub fn tested(&self) -> &[Tested] {
        &self.tested
    }

    /// Whether it is active and in force on a day (`YYYY-MM-DD`).
    #[must_use]
    pub fn in_force_on(&self, day: &str) -> bool {
        let Effective { start, end } = &self.effective;
        self.status == Status::Active && start.as_str() <= day && end.as_deref().is_none_or(|end| day <= end)
    }
}
