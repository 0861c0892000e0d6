//! A severe allergy or intolerance. One without a severity counts, and says so; one that is stated to be mild does not.

use criteria::{Evidence, Gap, GapKind, Possible, Truth};

use super::standing::{self, Standing};
use super::{cited, value};
use crate::content::Definition;
use crate::fhir::{AllergyIntolerance, Concept};
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{Absence, Allergy};

impl Find for Allergy {
    fn searches(&self) -> Vec<Search> {
        vec![Search::Allergies]
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        for allergy in reading.record.allergies_in(&self.codes) {
            let mut notes = Vec::new();
            match standing::allergy(allergy) {
                Standing::SaysNothing => continue,
                Standing::Doubtful(status) => notes.push(status),
                Standing::Counts => {}
            }
            let severity = Severity::of(allergy);
            notes.extend(severity.note().map(str::to_owned));
            let evidence = noted(cited::allergy(allergy), &notes);
            if severity == Severity::Mild { no.push(evidence) } else { yes.push(evidence) }
        }
        if !yes.is_empty() {
            return cited::sorted(Finding::of(Possible::Truth(Truth::Yes), yes));
        }
        let gaps = unnamed(self, reading);
        if !gaps.is_empty() {
            return cited::sorted(Finding { possible: None, evidence: no, gaps });
        }
        let none_known = self.none_known.iter().flat_map(|set| reading.record.allergies_in(set));
        let none_known = none_known.filter(|allergy| standing::allergy(allergy) == Standing::Counts);
        no.extend(none_known.map(cited::allergy));
        // What is missing may be the allergy; then the caller says so.
        let is_complete = reading.not_complete(&self.searches()).is_empty();
        if no.is_empty() || element.absence != Absence::No || !is_complete {
            return cited::sorted(Finding { possible: None, evidence: no, gaps: Vec::new() });
        }
        cited::sorted(Finding::of(Possible::Truth(Truth::No), no))
    }
}

/// Entries that may be of any substance: nothing names it, or only a code that is in no known value set does.
fn unnamed(source: &Allergy, reading: &Reading<'_, '_>) -> Vec<Gap> {
    let known = [Some(source.codes.as_str()), source.none_known.as_deref()];
    let is_known =
        |concept: &Concept<'_>| known.into_iter().flatten().any(|set| reading.terminology.has(set, concept));
    let standing = |allergy: &&AllergyIntolerance<'_>| standing::allergy(allergy) != Standing::SaysNothing;
    let gap = |allergy: &AllergyIntolerance<'_>| {
        let reference = cited::reference("AllergyIntolerance", &allergy.id);
        let reactions = allergy.reaction.iter().filter_map(|reaction| reaction.substance.get());
        let mut substances = allergy.code.get().into_iter().chain(reactions).peekable();
        let has_words = |concept: &Concept<'_>| {
            concept.text.get().is_some() || concept.coding.iter().any(|coding| coding.display.get().is_some())
        };
        if substances.clone().any(|concept| has_words(concept) || is_known(concept)) {
            return None;
        }
        match substances.find(|concept| concept.shown().is_some()) {
            Some(concept) => {
                let detail =
                    format!("{reference}: `{}` is in no known value set", value::codes_sent(concept));
                Some(Gap { kind: GapKind::Unclassified, detail })
            }
            None => {
                let detail = format!("{reference} does not say to which substance");
                Some(Gap { kind: GapKind::Imprecise, detail })
            }
        }
    };
    reading.record.allergies.iter().filter(standing).filter_map(gap).collect()
}

fn noted(evidence: Evidence, notes: &[String]) -> Evidence {
    Evidence { note: (!notes.is_empty()).then(|| notes.join(", ")), ..evidence }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    Severe,
    NotStated,
    Mild,
}

impl Severity {
    fn of(allergy: &AllergyIntolerance<'_>) -> Self {
        let stated = || allergy.reaction.iter().filter_map(|reaction| reaction.severity.get());
        let all_mild = stated().next().is_some() && stated().count() == allergy.reaction.len();
        let all_mild = all_mild && stated().all(|severity| severity == "mild");
        if allergy.criticality.is("high") || stated().any(|severity| severity == "severe") {
            Self::Severe
        } else if allergy.criticality.is("low") || all_mild {
            Self::Mild
        } else {
            Self::NotStated
        }
    }

    fn note(self) -> Option<&'static str> {
        match self {
            Self::Severe => None,
            Self::NotStated => Some("not stated to be severe or mild: counted"),
            Self::Mild => Some("stated to be mild: not counted"),
        }
    }
}
