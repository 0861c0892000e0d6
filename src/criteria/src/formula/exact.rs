//! Exact verdicts: Kleene first; where that leaves `Unknown` and an element stands in more than one test,
//! that element is split at the formula's own thresholds and each part decided.

use crate::knowledge::Knowledge;
use crate::possible::Possible;
use crate::verdict::Verdict;

use super::{Node, NodeKind, Tested};

/// The possible values of the elements that a formula tests, by slot.
#[derive(Debug, Clone)]
pub(crate) struct Values<'f> {
    tested: &'f [Tested],
    possible: Vec<Possible>,
    /// How many partial evaluations were made so far: what bounded searches count.
    pub(crate) steps: usize,
}

/// Which verdicts some combination of values leads to.
#[derive(Debug, Clone, Copy, Default)]
struct Reachable {
    met: bool,
    not_met: bool,
}

impl Reachable {
    fn verdict(self) -> Verdict {
        match (self.met, self.not_met) {
            (true, false) => Verdict::Met,
            (false, true) => Verdict::NotMet,
            _ => Verdict::Unknown,
        }
    }
}

impl<'f> Values<'f> {
    /// What is known about the tested elements. Nothing is known where knowledge says nothing, or nothing that an
    /// element of this kind can be.
    pub(crate) fn of(tested: &'f [Tested], knowledge: &Knowledge) -> Self {
        let possible = |tested: &Tested| {
            let known = knowledge.get(tested.element);
            known.and_then(|known| known.possible.intersection(&tested.domain)).unwrap_or(tested.domain)
        };
        Self { tested, possible: tested.iter().map(possible).collect(), steps: 0 }
    }

    /// The possible values at a slot.
    pub(crate) fn at(&self, slot: usize) -> Option<&Possible> {
        self.possible.get(slot)
    }

    /// The cells that the possible values at a slot reach into, each cut down to what is possible.
    pub(crate) fn cells(&self, slot: usize) -> Vec<Possible> {
        let (Some(tested), Some(possible)) = (self.tested.get(slot), self.possible.get(slot)) else {
            return Vec::new();
        };
        tested.cells.iter().filter_map(|cell| cell.intersection(possible)).collect()
    }

    /// Replaces the possible values at a slot.
    pub(crate) fn put(&mut self, slot: usize, possible: Possible) {
        if let Some(place) = self.possible.get_mut(slot) {
            *place = possible;
        }
    }

    /// Does something with the values at a slot replaced, and puts them back.
    pub(crate) fn with<T>(
        &mut self,
        slot: usize,
        possible: Possible,
        action: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.at(slot).copied();
        self.put(slot, possible);
        let result = action(self);
        before.into_iter().for_each(|before| self.put(slot, before));
        result
    }

    /// Kleene's verdict on a node.
    pub(crate) fn kleene(&self, node: &Node) -> Verdict {
        match &node.kind {
            NodeKind::Test(test) => {
                self.at(test.slot).map_or(Verdict::Unknown, |possible| test.accepts.verdict(possible))
            }
            NodeKind::Not(part) => self.kleene(part).negated(),
            _ => combine(node, node.parts().iter().map(|part| self.kleene(part))),
        }
    }

    /// The exact verdict on a node.
    pub(crate) fn exact(&mut self, node: &Node) -> Verdict {
        self.reachable(node).verdict()
    }

    /// The exact verdict of a node and of every node in it, by position.
    pub(crate) fn exact_tree(&mut self, node: &Node, verdicts: &mut Vec<Verdict>) -> Verdict {
        self.tree(node, verdicts, &mut Vec::new())
    }

    /// The same; the slots of the live tests are gathered on the way up.
    fn tree(&mut self, node: &Node, verdicts: &mut Vec<Verdict>, live: &mut Vec<usize>) -> Verdict {
        let (position, before) = (verdicts.len(), live.len());
        verdicts.push(Verdict::Unknown);
        let mut verdict = match &node.kind {
            NodeKind::Test(test) => {
                live.push(test.slot);
                self.kleene(node)
            }
            NodeKind::Not(part) => self.tree(part, verdicts, live).negated(),
            _ => combine(node, node.parts().iter().map(|part| self.tree(part, verdicts, live))),
        };
        // Where no element stands twice among what is open, Kleene's verdict is exact.
        let open = live.get(before..).filter(|open| verdict == Verdict::Unknown && open.len() > 1);
        if let Some(slot) = open.and_then(|open| most_repeated(open.to_vec())) {
            verdict = self.reachable_by_split(node, slot).verdict();
        }
        if verdict.is_decided() {
            live.truncate(before);
        }
        if let Some(place) = verdicts.get_mut(position) {
            *place = verdict;
        }
        verdict
    }

    /// Where Kleene is undecided and no live test shares its element with another, both verdicts can be reached,
    /// since then every live test can come out either way whatever the others do.
    fn reachable(&mut self, node: &Node) -> Reachable {
        self.steps += 1;
        let mut live = Vec::new();
        match self.live(node, &mut live) {
            Verdict::Met => Reachable { met: true, not_met: false },
            Verdict::NotMet => Reachable { met: false, not_met: true },
            Verdict::Unknown => match most_repeated(live) {
                None => Reachable { met: true, not_met: true },
                Some(slot) => self.reachable_by_split(node, slot),
            },
        }
    }

    fn reachable_by_split(&mut self, node: &Node, slot: usize) -> Reachable {
        let mut reachable = Reachable::default();
        for cell in self.cells(slot) {
            let part = self.with(slot, cell, |values| values.reachable(node));
            reachable.met |= part.met;
            reachable.not_met |= part.not_met;
            if reachable.met && reachable.not_met {
                break;
            }
        }
        reachable
    }

    /// Kleene's verdict on a node, and the slots of its live tests: the undecided ones that are reached through
    /// undecided nodes only. Whatever the node may still come to hangs on them alone.
    pub(crate) fn live(&self, node: &Node, slots: &mut Vec<usize>) -> Verdict {
        let before = slots.len();
        let verdict = match &node.kind {
            NodeKind::Test(test) => {
                slots.push(test.slot);
                self.kleene(node)
            }
            NodeKind::Not(part) => self.live(part, slots).negated(),
            _ => combine(node, node.parts().iter().map(|part| self.live(part, slots))),
        };
        if verdict.is_decided() {
            slots.truncate(before);
        }
        verdict
    }
}

/// The slot that stands there most often, if any stands there twice: splitting it decides most.
pub(crate) fn most_repeated(mut slots: Vec<usize>) -> Option<usize> {
    slots.sort_unstable();
    let runs = slots.chunk_by(|one, next| one == next).filter(|run| run.len() > 1);
    runs.max_by_key(|run| run.len())?.first().copied()
}

/// How the verdicts of its parts combine in a node that is neither a test nor a negation.
pub(crate) fn combine(node: &Node, parts: impl Iterator<Item = Verdict>) -> Verdict {
    let needed = match &node.kind {
        NodeKind::All(parts) => parts.len(),
        NodeKind::AtLeast(needed, _) => *needed,
        NodeKind::Any(_) | NodeKind::Not(_) | NodeKind::Test(_) => 1,
    };
    Verdict::at_least(needed, parts)
}
