//! Which open data elements can still change the determination. A question whose answer cannot matter is not asked.

use crate::formula::{Values, most_repeated};
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
        let (_, mut slots) = self.live(values);
        let each_once = most_repeated(slots.clone()).is_none();
        slots.sort_unstable();
        slots.dedup();
        // Live tests of elements that each stand once can all come out either way: every one of them matters.
        if !each_once {
            let last_step = values.steps + MOST_STEPS;
            slots.retain(|slot| self.matters(*slot, values, last_step));
        }
        slots
    }

    /// The determination by Kleene's tables alone, and the slots of the tests that can still change it.
    fn live(&self, values: &Values<'_>) -> (Determination, Vec<usize>) {
        let mut slots = Vec::new();
        let eligible = values.live(&self.eligible, &mut slots);
        let review = match (&self.review, eligible) {
            (Some(review), Verdict::Met | Verdict::Unknown) => values.live(review, &mut slots),
            (None, _) | (_, Verdict::NotMet) => Verdict::Met,
        };
        (Determination::of(eligible, review), slots)
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
        if !self.live(values).1.contains(&answers.slot) {
            return false;
        }
        let (one, open) = values.with(answers.slot, answers.one, |values| self.live(values));
        let (other, more) = values.with(answers.slot, answers.other, |values| self.live(values));
        let Some(next) = open.into_iter().chain(more).next() else { return one != other };
        values
            .cells(next)
            .into_iter()
            .any(|cell| values.with(next, cell, |values| self.differ(answers, values, last_step)))
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
