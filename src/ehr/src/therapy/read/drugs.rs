//! Which agents the drug of a resource is: by the value sets that the record found for it when it was read.

use criteria::Evidence;
use rustc_hash::{FxHashMap, FxHashSet};

use super::why;
use crate::elements::cited;
use crate::fhir::Concept;
use crate::record::{Record, Told};
use crate::terminology::{SetIndex, Terminology};
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
    pub(super) fn of(rules: &TherapyRules, record: &Record<'_>) -> Self {
        let mut drugs = Self::default();
        for told in TOLD {
            for (index, agent) in rules.agents.iter().enumerate() {
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
const CODE_ALONE: &str = "is a drug by a code alone that is in no value set";

/// What a drug says that is in no value set of the rules: something only where nothing can be told of it.
pub(super) fn unknown(
    rules: &TherapyRules,
    drug: Option<&Concept<'_>>,
    terminology: &Terminology,
) -> Option<Said> {
    let Some(drug) = drug.filter(|drug| drug.shown().is_some()) else {
        return Some(Said::Unplaced(NOT_STATED));
    };
    let has_words =
        drug.text.get().is_some() || drug.coding.iter().any(|coding| coding.display.get().is_some());
    if has_words {
        return told_as_history(rules, drug, terminology);
    }
    let mut membership = terminology.membership();
    membership.concept(drug);
    membership.sets().is_empty().then_some(Said::Unplaced(CODE_ALONE))
}

/// The agents of a concept that stands in no list of the record.
pub(super) fn agents_of(rules: &TherapyRules, terminology: &Terminology, drug: &Concept<'_>) -> Vec<usize> {
    let mut membership = terminology.membership();
    membership.concept(drug);
    agents_in(rules, terminology, membership.sets())
}

/// The agents that free text names.
pub(super) fn agents_in_text(rules: &TherapyRules, terminology: &Terminology, text: &str) -> Vec<usize> {
    let mut membership = terminology.membership();
    membership.text(text);
    if let Some(text) = in_the_past(text) {
        membership.text(&text);
    }
    agents_in(rules, terminology, membership.sets())
}

/// What a drug's words say that are about the past; `None` where they are not.
///
/// "History of" a disease says nothing about now, so free text is read as if it denied it. Of a drug it says that it was
/// given, which must not be lost: without it too few lines would be sure.
fn in_the_past(text: &str) -> Option<String> {
    const CUES: [&str; 4] = ["history of", "hx of", "h/o", "h / o"];
    let lower = text.to_lowercase();
    let is_so = CUES.iter().any(|cue| lower.contains(cue)) && !lower.contains("family");
    is_so.then(|| CUES.iter().fold(lower, |text, cue| text.replace(cue, " ")))
}

/// What a drug says that is told as history.
fn told_as_history(rules: &TherapyRules, drug: &Concept<'_>, terminology: &Terminology) -> Option<Said> {
    let displays = drug.coding.iter().filter_map(|coding| coding.display.get());
    let mut membership = terminology.membership();
    for text in drug.text.get().into_iter().chain(displays).filter_map(in_the_past) {
        membership.text(&text);
    }
    let agents = agents_in(rules, terminology, membership.sets());
    let unplaced = terminology.indexes().get(rules.unplaced.as_str());
    match unplaced {
        _ if !agents.is_empty() => Some(Said::Agents(agents)),
        Some(index) if membership.sets().contains(index) => Some(Said::Unplaced(NO_AGENT)),
        _ => None,
    }
}

fn agents_in(rules: &TherapyRules, terminology: &Terminology, sets: &[SetIndex]) -> Vec<usize> {
    let is_in = |set: &str| terminology.indexes().get(set).is_some_and(|index| sets.contains(index));
    let agents = rules.agents.iter().enumerate();
    agents.filter(|(_, agent)| is_in(&agent.drugs)).map(|(index, _)| index).collect()
}

/// Therapy that cannot be placed, in words.
pub(super) fn detail(evidence: &Evidence, why: &str) -> String {
    format!("{} ({}) {why}", cited::words(evidence), evidence.reference)
}
