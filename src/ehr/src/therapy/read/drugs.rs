//! Which agents the drug of a resource is: by the value sets that the record found for it when it was read.

use criteria::{Evidence, Gap, GapKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::why;
use crate::elements::cited;
use crate::fhir::Concept;
use crate::record::{Record, Told};
use crate::terminology::{Sets, Terminology};
use crate::therapy::recorded::Intent;
use crate::therapy::rules::TherapyRules;

/// What the drug of a resource says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// It is these agents.
    Agents(Vec<usize>),
    /// It is therapy, or may be, and no agent; why.
    Unplaced(&'static str),
}

/// What resources say, by their type and place in the record.
#[derive(Debug, Default)]
pub(super) struct Drugs {
    agents: FxHashMap<(Told, usize), Vec<usize>>,
    unplaced: FxHashSet<(Told, usize)>,
    /// What they say in the same words that they are for.
    intents: FxHashMap<(Told, usize), Vec<Intent>>,
}

const TOLD: [Told; 5] =
    [Told::Administration, Told::Dispense, Told::Statement, Told::Request, Told::Procedure];

impl Drugs {
    /// Of all resources of a record.
    pub(super) fn of(rules: &TherapyRules, terminology: &Terminology, record: &Record<'_>) -> Self {
        let mut drugs = Self::default();
        // Of most types there is nothing on record.
        for told in TOLD.into_iter().filter(|told| record.has_any(*told)) {
            let sets = terminology.ids(&record.sets_of(told));
            let agents = rules.agents.iter().enumerate();
            for (index, agent) in agents.filter(|(_, agent)| sets.contains(&agent.drugs.as_str())) {
                for position in record.positions_in(told, &agent.drugs) {
                    drugs.agents.entry((told, *position)).or_default().push(index);
                }
            }
            let unplaced = record.positions_in(told, &rules.unplaced);
            drugs.unplaced.extend(unplaced.iter().map(|position| (told, *position)));
            for (set, intent) in why::intents(&rules.reasons) {
                for position in record.positions_in(told, set) {
                    drugs.intents.entry((told, *position)).or_default().push(intent);
                }
            }
        }
        drugs
    }

    /// What one resource says by its codes and words; `None` where it is neither an agent nor other therapy.
    pub(super) fn said(&self, told: Told, position: usize) -> Option<Said> {
        match self.agents.get(&(told, position)) {
            Some(agents) => Some(Said::Agents(agents.clone())),
            None => self.unplaced.contains(&(told, position)).then_some(Said::Unplaced(NO_AGENT)),
        }
    }

    /// What the words of one resource's drug say that it is for.
    pub(super) fn intent(&self, told: Told, position: usize) -> Option<Intent> {
        why::agreed(self.intents.get(&(told, position))?.iter().copied())
    }
}

pub(super) const NO_AGENT: &str = "is therapy, but which drug is not told";
const NOT_STATED: &str = "is a medication, but which drug is not stated";
const OF_THE_PAST: &str = "is therapy of the past, but when it was given is not told";
const CODE_ALONE: &str = "is a drug by a code alone that is in no value set";

/// What a drug says that is in no value set of the rules: something only where nothing can be told of it.
pub(super) fn unknown(
    drug: Option<&Concept<'_>>,
    rules: &TherapyRules,
    terminology: &Terminology,
) -> Option<Said> {
    let Some(drug) = drug.filter(|drug| drug.shown().is_some()) else {
        return Some(Said::Unplaced(NOT_STATED));
    };
    if drug.has_words() {
        let displays = drug.coding.iter().filter_map(|coding| coding.display.get());
        let mut texts = drug.text.get().into_iter().chain(displays);
        let is_past = texts.any(|text| is_of_the_past(text, rules, terminology));
        return is_past.then_some(Said::Unplaced(OF_THE_PAST));
    }
    let mut membership = terminology.membership();
    membership.concept(drug);
    membership.sets().is_empty().then_some(Said::Unplaced(CODE_ALONE))
}

/// Whether words name a drug as one of the past. A history of a disease says nothing about now, which is why words after
/// these are not found; a history of a drug says that it was given.
fn is_of_the_past(text: &str, rules: &TherapyRules, terminology: &Terminology) -> bool {
    let lower = text.to_lowercase();
    let past = ["history of", "hx of", "h/o", "hx ", "pmh"].into_iter().find_map(|cue| lower.split_once(cue));
    let is_denied = |before: &str| {
        before
            .split_whitespace()
            .next_back()
            .is_some_and(|word| matches!(word, "no" | "not" | "without" | "denies"))
    };
    past.filter(|(before, _)| !is_denied(before)).is_some_and(|(_, drug)| {
        terminology.has_text(&rules.unplaced, drug) || !agents_in_text(rules, terminology, drug).is_empty()
    })
}

/// The agents of a concept that stands in no list of the record.
pub(super) fn agents_of(rules: &TherapyRules, terminology: &Terminology, drug: &Concept<'_>) -> Vec<usize> {
    let mut membership = terminology.membership();
    membership.concept(drug);
    agents_in(rules, terminology, &membership.sets())
}

/// The agents that free text names.
pub(super) fn agents_in_text(rules: &TherapyRules, terminology: &Terminology, text: &str) -> Vec<usize> {
    let mut membership = terminology.membership();
    membership.text(text);
    agents_in(rules, terminology, &membership.sets())
}

fn agents_in(rules: &TherapyRules, terminology: &Terminology, sets: &Sets) -> Vec<usize> {
    let sets = terminology.ids(sets);
    let agents = rules.agents.iter().enumerate();
    agents.filter(|(_, agent)| sets.contains(&agent.drugs.as_str())).map(|(index, _)| index).collect()
}

/// Therapy that cannot be placed, in words: what is said in the same words again and again is told once.
pub(super) fn unplaced(mut told: Vec<(Evidence, &'static str)>) -> Vec<Gap> {
    let place = |(evidence, why): &(Evidence, &'static str)| {
        (evidence.value.clone(), *why, evidence.date.clone(), evidence.reference.clone())
    };
    told.sort_by_cached_key(place);
    told.dedup();
    let alike = told.chunk_by(|(one, why), (other, other_why)| one.value == other.value && why == other_why);
    alike.filter_map(gap).collect()
}

fn gap(alike: &[(Evidence, &'static str)]) -> Option<Gap> {
    let ((first, why), (last, _)) = (alike.first()?, alike.last()?);
    let words = match alike.len() {
        1 => format!("{} ({})", cited::words(first), first.reference),
        times => {
            let dates = first.date.as_deref().zip(last.date.as_deref());
            let when = dates.map_or("undated".to_owned(), |(from, to)| format!("{from} to {to}"));
            format!("{}, {times} times, {when} ({} and others)", first.value, first.reference)
        }
    };
    Some(Gap { kind: GapKind::Unclassified, detail: format!("{words} {why}") })
}
