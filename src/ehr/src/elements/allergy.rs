//! A severe allergy or intolerance. One without a severity counts, and says so; one that is stated to be mild does not.

use criteria::{Evidence, Gap, GapKind, Possible, Truth};

use super::standing::{self, Standing};
use super::{cited, value};
use crate::content::Definition;
use crate::fhir::{AllergyIntolerance, Concept};
use crate::quantity::clipped;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{Absence, Allergy};

impl Find for Allergy {
    fn searches(&self) -> Vec<Search> {
        vec![Search::Allergies]
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let (mut yes, mut no, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for allergy in reading.record.allergies_in(&self.codes) {
            let Some((evidence, severity)) = counted(allergy) else { continue };
            match (severity, standing::unknown_clinical_status(allergy)) {
                (Severity::Mild, _) => no.push(evidence),
                (Severity::Unclear(why), _) => {
                    open.push(imprecise(&evidence, why));
                    no.push(evidence);
                }
                (_, None) => yes.push(evidence),
                (_, Some(status)) => {
                    open.push(not_told(&evidence, status));
                    no.push(evidence);
                }
            }
        }
        if !yes.is_empty() {
            return cited::sorted(Finding::of(Possible::Truth(Truth::Yes), yes));
        }
        let mut gaps = unnamed(reading);
        gaps.extend(self.doubted(reading));
        gaps.extend(open);
        for (evidence, severity) in self.suggestive(reading) {
            if severity != Severity::Mild {
                gaps.push(imprecise(&evidence, "may be it or not"));
            }
            no.push(evidence);
        }
        if !gaps.is_empty() {
            return cited::sorted(Finding { possible: None, evidence: no, gaps, ..Finding::default() });
        }
        let none_known = self.none_known.iter().flat_map(|set| reading.record.allergies_in(set));
        let none_known = none_known.filter(|allergy| standing::allergy(allergy) == Standing::Counts);
        no.extend(none_known.map(cited::allergy));
        // What is missing may be the allergy; then the caller says so.
        let is_complete = reading.not_complete(&self.searches()).is_empty();
        if no.is_empty() || element.absence != Absence::No || !is_complete {
            return cited::sorted(Finding {
                possible: None,
                evidence: no,
                gaps: Vec::new(),
                ..Finding::default()
            });
        }
        cited::sorted(Finding::of(Possible::Truth(Truth::No), no))
    }
}

impl Allergy {
    /// Entries whose words name a substance and deny or doubt it: a history of a reaction is one, and who is suspected to
    /// be allergic is not known to be none.
    fn doubted(&self, reading: &Reading<'_, '_>) -> Vec<Gap> {
        let terminology = reading.terminology;
        let is_doubted = |allergy: &&AllergyIntolerance<'_>| {
            let reactions = allergy.reaction.iter().filter_map(|reaction| reaction.substance.get());
            let mut substances = allergy.code.get().into_iter().chain(reactions);
            standing::allergy(allergy) != Standing::SaysNothing
                && Severity::of(allergy) != Severity::Mild
                && substances.any(|substance| {
                    terminology.names(&self.codes, substance) && !terminology.has(&self.codes, substance)
                })
        };
        let gap = |allergy: &AllergyIntolerance<'_>| {
            let detail = format!("{} names it, denied or in doubt", cited::words(&cited::allergy(allergy)));
            Gap { kind: GapKind::Imprecise, detail }
        };
        reading.record.allergies.iter().filter(is_doubted).map(gap).collect()
    }

    /// Allergies that suggest it without showing it.
    fn suggestive(&self, reading: &Reading<'_, '_>) -> Vec<(Evidence, Severity)> {
        let of_set = |set: &String| reading.record.allergies_in(set).filter_map(counted).collect::<Vec<_>>();
        self.suggests.as_ref().map(of_set).unwrap_or_default()
    }
}

/// An allergy that is there now, with what is to be said of it.
fn counted(allergy: &AllergyIntolerance<'_>) -> Option<(Evidence, Severity)> {
    let mut notes = Vec::new();
    match standing::allergy(allergy) {
        Standing::SaysNothing => return None,
        Standing::Doubtful(status) => notes.push(status),
        Standing::Counts => {}
    }
    let severity = Severity::of(allergy);
    notes.extend(severity.note().map(str::to_owned));
    Some((noted(cited::allergy(allergy), &notes), severity))
}

fn not_told(evidence: &Evidence, status: &str) -> Gap {
    imprecise(evidence, &format!("is `{}`: not told whether it is active", clipped(status)))
}

fn imprecise(evidence: &Evidence, why: &str) -> Gap {
    Gap { kind: GapKind::Imprecise, detail: format!("{} {why}", cited::words(evidence)) }
}

/// Entries that may be of any substance: nothing names it, or only a code that is in no known value set does.
fn unnamed(reading: &Reading<'_, '_>) -> Vec<Gap> {
    // What is excluded from the source's own value sets is known as something else by those that hold it.
    let is_known = |concept: &Concept<'_>| reading.terminology.has_any(concept);
    let standing = |allergy: &&AllergyIntolerance<'_>| standing::allergy(allergy) != Standing::SaysNothing;
    let gap = |allergy: &AllergyIntolerance<'_>| {
        let reference = cited::reference("AllergyIntolerance", &allergy.id);
        let reactions = allergy.reaction.iter().filter_map(|reaction| reaction.substance.get());
        let mut substances = allergy.code.get().into_iter().chain(reactions).peekable();
        if substances.clone().any(|concept| concept.has_words() || is_known(concept)) {
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
    /// It may be severe or mild, for a reason.
    Unclear(&'static str),
    Mild,
}

impl Severity {
    fn of(allergy: &AllergyIntolerance<'_>) -> Self {
        let stated = || allergy.reaction.iter().filter_map(|reaction| reaction.severity.get());
        let all_mild = stated().next().is_some() && stated().count() == allergy.reaction.len();
        let all_mild = all_mild && stated().all(|severity| severity == "mild");
        // Criticality guesses at the next reaction: a low one says nothing of how severe the last was.
        let is_low = allergy.criticality.is("low") && !stated().any(|severity| severity == "moderate");
        if allergy.criticality.is("high") || stated().any(|severity| severity == "severe") {
            Self::Severe
        } else if all_mild && is_anaphylaxis(allergy) {
            Self::Unclear("is stated to be mild, and tells of anaphylaxis")
        } else if all_mild {
            Self::Mild
        } else if is_low {
            Self::Unclear("is of low criticality, and does not say how severe it was")
        } else {
            Self::NotStated
        }
    }

    fn note(self) -> Option<&'static str> {
        match self {
            Self::Severe | Self::Unclear(_) => None,
            Self::NotStated => Some("not stated to be severe or mild: counted"),
            Self::Mild => Some("stated to be mild: not counted"),
        }
    }
}

/// Whether the words of the allergy or of a reaction tell of anaphylaxis, even of none: anaphylaxis is never mild.
fn is_anaphylaxis(allergy: &AllergyIntolerance<'_>) -> bool {
    let manifestations = allergy.reaction.iter().flat_map(|reaction| &reaction.manifestation);
    let says = |text: &str| text.to_lowercase().contains("anaphyla");
    allergy.code.get().into_iter().chain(manifestations).any(|concept| {
        let displays = concept.coding.iter().filter_map(|coding| coding.display.get());
        displays.chain(concept.text.get()).any(says)
    })
}
