//! Which resources of one type are in which value set.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;

use crate::fhir::Concept;
use crate::terminology::{Indexes, Membership, SetIndex, Sets};

/// Positions of resources, by value set.
#[derive(Debug, Default)]
pub(super) struct Postings {
    by_set: FxHashMap<SetIndex, Vec<usize>>,
}

impl Postings {
    /// Finds the value sets of every resource; `order` fixes the order in which they are handed out.
    pub(super) fn index<'r, 'a: 'r, T, C: Iterator<Item = &'r Concept<'a>>>(
        resources: &'r [T],
        membership: &mut Membership<'_>,
        concepts: impl Fn(&'r T) -> C,
        order: impl Fn(&T, &T) -> Ordering,
    ) -> Self {
        let mut postings = Self::default();
        for (position, resource) in resources.iter().enumerate() {
            for concept in concepts(resource) {
                membership.concept(concept);
                membership.sets().iter().for_each(|set| postings.add(set, position));
            }
        }
        for positions in postings.by_set.values_mut() {
            positions.sort_by(|one, other| match (resources.get(*one), resources.get(*other)) {
                (Some(one), Some(other)) => order(one, other),
                _ => Ordering::Equal,
            });
        }
        postings
    }

    fn add(&mut self, set: SetIndex, position: usize) {
        let positions = self.by_set.entry(set).or_default();
        // One resource may have several concepts in the same value set.
        if positions.last() != Some(&position) {
            positions.push(position);
        }
    }

    /// The resources in a value set.
    pub(super) fn of<'r, T>(
        &'r self,
        sets: &Indexes,
        set: &str,
        resources: &'r [T],
    ) -> impl Iterator<Item = &'r T> {
        self.positions(sets, set).iter().filter_map(|position| resources.get(*position))
    }

    /// Where the resources in a value set stand.
    pub(super) fn positions(&self, sets: &Indexes, set: &str) -> &[usize] {
        // Of many types there is nothing on record: no name of a value set is looked up for that.
        if self.is_empty() {
            return &[];
        }
        sets.get(set).and_then(|set| self.by_set.get(set)).map_or(&[], Vec::as_slice)
    }

    /// The value sets in which any resource is.
    pub(super) fn sets(&self) -> Sets {
        self.by_set.keys().copied().collect()
    }

    /// Whether no resource is in any value set.
    pub(super) fn is_empty(&self) -> bool {
        self.by_set.is_empty()
    }
}
