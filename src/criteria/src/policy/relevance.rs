//! Which open data elements can still change the determination. A question whose answer cannot matter is not asked.

use crate::formula::Values;
use crate::verdict::Verdict;

use super::Policy;
use super::explain::{Determination, Need};

/// How many partial evaluations may be spent on all elements together. Those that are not ruled out by then are
/// taken to matter: asking one question too many is the safe side.
const MOST_STEPS: usize = 10_000;

/// Two answers to a question.
struct Answers {
    slot: usize,
    one: crate::Possible,
    other: crate::Possible,
}

impl Policy {
    /// The slots whose value could still change the determination, in the order in which they are tested.
    pub(super) fn relevant_slots(&self, values: &mut Values<'_>) -> Vec<usize> {
        let mut slots = self.live(values);
        slots.sort_unstable();
        slots.dedup();
        let last_step = values.steps + MOST_STEPS;
        slots.retain(|slot| self.matters(*slot, values, last_step));
        slots
    }

    /// The slots of the tests that are undecided and reached through undecided nodes only.
    pub(super) fn live(&self, values: &Values<'_>) -> Vec<usize> {
        let mut slots = Vec::new();
        if values.kleene(&self.eligible) != Verdict::NotMet {
            values.live_slots(&self.eligible, &mut slots);
            self.review.iter().for_each(|review| values.live_slots(review, &mut slots));
        }
        slots
    }

    /// Whether two answers to one question lead to different determinations, for some values of everything else.
    fn matters(&self, slot: usize, values: &mut Values<'_>, last_step: usize) -> bool {
        let cells = values.cells(slot);
        cells.iter().enumerate().any(|(place, one)| {
            cells.iter().skip(place + 1).any(|other| {
                let answers = Answers { slot, one: *one, other: *other };
                self.differ(&answers, values, last_step)
            })
        })
    }

    fn differ(&self, answers: &Answers, values: &mut Values<'_>, last_step: usize) -> bool {
        values.steps += 1;
        if values.steps > last_step {
            return true;
        }
        if !self.live(values).contains(&answers.slot) {
            return false;
        }
        let (one, mut open) =
            values.with(answers.slot, answers.one, |values| (self.settled(values), self.live(values)));
        let (other, more) =
            values.with(answers.slot, answers.other, |values| (self.settled(values), self.live(values)));
        if let (Some(one), Some(other)) = (one, other) {
            return one != other;
        }
        open.extend(more);
        let Some(next) = open.into_iter().find(|slot| *slot != answers.slot) else { return false };
        values
            .cells(next)
            .into_iter()
            .any(|cell| values.with(next, cell, |values| self.differ(answers, values, last_step)))
    }

    /// The determination, if Kleene alone settles it.
    fn settled(&self, values: &Values<'_>) -> Option<Determination> {
        let review = self.review.as_ref().map_or(Verdict::Met, |review| values.kleene(review));
        let determination = Determination::of(values.kleene(&self.eligible), review);
        (determination != Determination::InformationNeeded).then_some(determination)
    }

    /// The single elements whose values would turn the determination into `does-not-meet-criteria`.
    pub(super) fn ruled_out_by(&self, values: &mut Values<'_>, relevant: &[usize]) -> Vec<Need> {
        relevant
            .iter()
            .filter_map(|slot| {
                let mut cells = values.cells(*slot);
                cells.retain(|cell| {
                    values.with(*slot, *cell, |values| values.exact(&self.eligible)) == Verdict::NotMet
                });
                let element = self.tested.get(*slot)?.element;
                (!cells.is_empty()).then_some(Need { element, values: cells })
            })
            .collect()
    }
}
