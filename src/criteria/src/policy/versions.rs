//! Versions of one policy, told apart by when they are in force.

use crate::file::{Document, Problem};

use super::file::{Effective, Status};
use super::load::is_date;

/// The head of a policy file, whatever else is wrong in it.
#[derive(Debug, Clone)]
pub struct Version {
    id: String,
    version: String,
    effective: Effective,
    /// Where the file says its version, with nothing wrong yet.
    place: Problem,
}

impl Version {
    /// The head of a policy file, if the policy is active and says from when to when.
    #[must_use]
    pub fn active(document: &Document) -> Option<Self> {
        let status: Status = document.part("/status", &mut Vec::new())?;
        let effective: Effective = document.part("/effective", &mut Vec::new())?;
        let are_dates = is_date(&effective.start) && effective.end.as_deref().is_none_or(is_date);
        (status == Status::Active && are_dates).then_some(Self {
            id: document.text("/id")?.to_owned(),
            version: document.text("/version")?.to_owned(),
            effective,
            place: document.problem("/version", ""),
        })
    }

    fn ends_before(&self, other: &Self) -> bool {
        self.effective.end.as_ref().is_some_and(|end| *end < other.effective.start)
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.id == other.id && !self.ends_before(other) && !other.ends_before(self)
    }
}

/// What is wrong where two active versions of one policy are in force at the same time.
#[must_use]
pub fn overlapping_versions(versions: &[Version]) -> Vec<Problem> {
    let pairs = versions.iter().enumerate().flat_map(|(place, other)| {
        versions.iter().take(place).filter(|one| one.overlaps(other)).map(move |one| (one, other))
    });
    let problem = |(one, other): (&Version, &Version)| Problem {
        message: format!(
            "versions {} and {} are active at the same time ({})",
            one.version, other.version, one.place.file
        ),
        ..other.place.clone()
    };
    pairs.map(problem).collect()
}
