//! The shortest way to settle it: the smallest sets of data elements whose values could turn
//! `information-needed` into `meets-criteria`.
//!
//! Iterative deepening over the number of elements. Whatever must hold and does not yet can only be changed by
//! the elements in it, so each step branches on the open elements of one such part alone, and is given up where
//! there are more such parts, with no element in common, than elements may still be chosen.

use std::collections::{BTreeMap, BTreeSet};

use crate::formula::{Node, NodeKind, Values};
use crate::possible::Possible;
use crate::verdict::Verdict;

use super::Policy;
use super::explain::Need;

/// No path longer than this is looked for: nobody settles nine questions at an order.
const LONGEST: usize = 8;

/// How many partial evaluations may be spent in all. Beyond it no path is named; what is open is still listed.
const MOST_STEPS: usize = 10_000;

/// The cells chosen so far, by slot.
type Chosen = Vec<(usize, usize)>;

struct Search<'s, 'f> {
    policy: &'s Policy,
    values: &'s mut Values<'f>,
    chosen: Chosen,
    found: Vec<Chosen>,
    /// The count of steps at which the search is given up.
    last_step: usize,
}

impl Policy {
    /// The smallest sets of elements, with the values that would settle it; empty where nothing within bounds does.
    pub(super) fn shortest_paths(&self, values: &mut Values<'_>) -> Vec<Vec<Need>> {
        let last_step = values.steps + MOST_STEPS;
        let mut search = Search { policy: self, values, chosen: Vec::new(), found: Vec::new(), last_step };
        for length in 1..=LONGEST {
            search.extend(length);
            if search.values.steps > last_step {
                return Vec::new();
            }
            if !search.found.is_empty() {
                break;
            }
        }
        let found = std::mem::take(&mut search.found);
        let boxes = self.by_elements(found);
        boxes.into_iter().flat_map(|(slots, cells)| self.needs(values, &slots, cells)).collect()
    }

    /// Gathers what was found by its set of elements, each combination of cells once. The elements stand in their
    /// own order, so that the order in which a policy tests them never shows.
    fn by_elements(&self, found: Vec<Chosen>) -> BTreeMap<Vec<usize>, BTreeSet<Vec<usize>>> {
        let mut sets: BTreeMap<Vec<usize>, BTreeSet<Vec<usize>>> = BTreeMap::new();
        for mut chosen in found {
            chosen.sort_unstable_by_key(|(slot, _)| self.tested.get(*slot).map(|tested| tested.element));
            let (slots, cells) = chosen.into_iter().unzip();
            sets.entry(slots).or_default().insert(cells);
        }
        sets
    }

    /// Joins the combinations of one set of elements into as few paths as they make.
    fn needs(
        &self,
        values: &Values<'_>,
        slots: &[usize],
        combinations: BTreeSet<Vec<usize>>,
    ) -> Vec<Vec<Need>> {
        let boxes = boxed(slots.len(), combinations);
        let need = |slot: &usize, cells: &Vec<usize>| {
            let all = values.cells(*slot);
            let values = cells.iter().filter_map(|cell| all.get(*cell).copied()).collect();
            self.tested.get(*slot).map(|tested| Need { element: tested.element, values })
        };
        boxes
            .iter()
            .map(|cells| slots.iter().zip(cells).filter_map(|(slot, cells)| need(slot, cells)).collect())
            .collect()
    }
}

impl Search<'_, '_> {
    /// Looks for sets with `length` more elements than are chosen.
    fn extend(&mut self, length: usize) {
        if self.values.steps > self.last_step {
            return;
        }
        match self.met() {
            Verdict::Met => self.found.push(self.chosen.clone()),
            Verdict::Unknown if length > 0 => {
                let mut required = self.required();
                if apart(&required) > length {
                    return;
                }
                for slot in required.drain(..).next().unwrap_or_default() {
                    for (cell, possible) in self.values.cells(slot).into_iter().enumerate() {
                        self.choose(slot, cell, possible, length - 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn choose(&mut self, slot: usize, cell: usize, possible: Possible, length: usize) {
        let Some(before) = self.values.at(slot).copied() else { return };
        self.chosen.push((slot, cell));
        self.values.put(slot, possible);
        self.extend(length);
        self.values.put(slot, before);
        self.chosen.pop();
    }

    /// Whether it meets the criteria, exactly.
    fn met(&mut self) -> Verdict {
        let review = self.policy.review.as_ref();
        let parts = [Some(&self.policy.eligible), review].into_iter().flatten();
        let verdicts: Vec<Verdict> = parts.map(|node| self.values.exact(node)).collect();
        Verdict::at_least(verdicts.len(), verdicts.into_iter())
    }

    /// The open elements of every part that must change, the fewest first: each set that settles it holds at least
    /// one element of every part.
    fn required(&mut self) -> Vec<Vec<usize>> {
        let policy = self.policy;
        let mut required = Vec::new();
        for node in std::iter::once(&policy.eligible).chain(&policy.review) {
            self.required_by(node, true, &mut required);
        }
        required.sort();
        required.sort_by_key(Vec::len);
        required
    }

    /// Collects the open elements of every part without which a node cannot come out as `wanted`.
    fn required_by(&mut self, node: &Node, wanted: bool, required: &mut Vec<Vec<usize>>) {
        let needs_all = match &node.kind {
            NodeKind::Not(part) => return self.required_by(part, !wanted, required),
            NodeKind::All(_) => wanted,
            NodeKind::Any(_) => !wanted,
            NodeKind::AtLeast(..) | NodeKind::Test(_) => false,
        };
        let before = required.len();
        if needs_all {
            node.parts().iter().for_each(|part| self.required_by(part, wanted, required));
        }
        // A part that is settled needs nothing; one that is settled only as a whole is not among its parts.
        if required.len() == before && self.values.exact(node) == Verdict::Unknown {
            let mut slots = Vec::new();
            self.values.live(node, &mut slots);
            slots.sort_unstable();
            slots.dedup();
            required.push(slots);
        }
    }
}

/// How many of these sets share no element, at least: as many elements it takes to hold one of each.
fn apart(sets: &[Vec<usize>]) -> usize {
    let mut taken: Vec<usize> = Vec::new();
    let mut count = 0;
    for set in sets {
        if !set.iter().any(|slot| taken.contains(slot)) {
            taken.extend(set);
            count += 1;
        }
    }
    count
}

/// Joins combinations that differ in one element only, so that "yes with 1" and "yes with 2" read "yes with 1 or 2".
fn boxed(width: usize, combinations: BTreeSet<Vec<usize>>) -> Vec<Vec<Vec<usize>>> {
    let mut boxes: Vec<Vec<Vec<usize>>> =
        combinations.into_iter().map(|cells| cells.into_iter().map(|cell| vec![cell]).collect()).collect();
    for axis in 0..width {
        let mut joined: Vec<Vec<Vec<usize>>> = Vec::new();
        for cells in boxes {
            match joined.iter_mut().find(|known| same_but(axis, known, &cells)) {
                Some(known) => {
                    if let (Some(known), Some(more)) = (known.get_mut(axis), cells.get(axis)) {
                        known.extend(more);
                        known.sort_unstable();
                    }
                }
                None => joined.push(cells),
            }
        }
        boxes = joined;
    }
    boxes
}

fn same_but(axis: usize, one: &[Vec<usize>], other: &[Vec<usize>]) -> bool {
    one.iter().zip(other).enumerate().all(|(place, (one, other))| place == axis || one == other)
}
