//! Which resources of one type are in which value set.

use std::cmp::Ordering;

use crate::fhir::Concept;
use crate::terminology::{Indexes, Membership, SetIndex};

/// Positions of resources, by value set.
#[derive(Debug, Default)]
pub(super) struct Postings {
    by_set: Vec<Vec<usize>>,
}

impl Postings {
    /// Finds the value sets of every resource; `order` fixes the order in which they are handed out.
    pub(super) fn index<'r, 'a: 'r, T, C: Iterator<Item = &'r Concept<'a>>>(
        resources: &'r [T],
        membership: &mut Membership<'_>,
        concepts: impl Fn(&'r T) -> C,
        order: impl Fn(&T, &T) -> Ordering,
    ) -> Self {
        let mut postings = Self { by_set: vec![Vec::new(); membership.count()] };
        for (position, resource) in resources.iter().enumerate() {
            for concept in concepts(resource) {
                membership.concept(concept);
                membership.sets().iter().for_each(|set| postings.add(*set, position));
            }
        }
        for positions in &mut postings.by_set {
            positions.sort_by(|one, other| match (resources.get(*one), resources.get(*other)) {
                (Some(one), Some(other)) => order(one, other),
                _ => Ordering::Equal,
            });
        }
        postings
    }

    fn add(&mut self, set: SetIndex, position: usize) {
        if let Some(positions) = self.by_set.get_mut(set.0) {
            // One resource may have several concepts in the same value set.
            if positions.last() != Some(&position) {
                positions.push(position);
            }
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
        sets.get(set).and_then(|set| self.by_set.get(set.0)).map_or(&[], Vec::as_slice)
    }
}
