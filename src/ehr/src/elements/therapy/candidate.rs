//! Whether a drug is still an option: it was not given before, nothing on record rules it out, and the tumor fits.

use criteria::{Codes, Evidence, Gap, GapKind, Known, Possible, Truth};

use super::searches;
use crate::content::Definition;
use crate::elements::cited;
use crate::knowledge::known;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{DrugCandidate, Signs};
use crate::therapy::history::History;
use crate::therapy::recorded::Strength;

impl DrugCandidate {
    fn exclusions(&self) -> Signs {
        Signs {
            yes: self.excluded_by.clone(),
            no: Vec::new(),
            no_only_after: Vec::new(),
            other: None,
            stages_beside: None,
        }
    }

    /// What speaks against it because it was given before.
    fn had(&self, history: &History) -> Part {
        let of_agents = |agent: usize| self.agents.iter().any(|name| history.rules.is(agent, name));
        let mut part = Part::default();
        let exposures = history.recorded.exposures.iter();
        for exposure in exposures.filter(|exposure| exposure.agents.iter().any(|agent| of_agents(*agent))) {
            let is_given = exposure.strength >= Strength::Dispensed;
            let note = if is_given { "given before" } else { "perhaps given before" };
            part.evidence.push(Evidence { note: Some(note.to_owned()), ..exposure.evidence.clone() });
            if is_given {
                part.is_against = true;
            } else {
                let reference = &exposure.evidence.reference;
                let detail = format!("{reference} names it, with no evidence that it was given");
                part.gaps.push(Gap { kind: GapKind::Imprecise, detail });
            }
        }
        if !part.is_against {
            part.gaps.extend(history.recorded.not_read.iter().chain(&history.recorded.unplaced).cloned());
        }
        part
    }

    /// What speaks against it on record besides therapy.
    fn excluded(&self, element: &Definition, reading: &Reading<'_, '_>) -> Part {
        let signs = self.exclusions();
        let Finding { possible, evidence, mut gaps, .. } = signs.find(element, reading);
        let is_against = possible == Some(Possible::Truth(Truth::Yes));
        if !is_against {
            let missing = reading.not_complete(&signs.searches());
            let missing = missing.into_iter().map(|detail| Gap { kind: GapKind::Unavailable, detail });
            gaps.extend(missing);
        }
        Part { is_against, is_for: false, evidence, gaps }
    }

    /// What the tumor says.
    fn tumor(&self, reading: &Reading<'_, '_>) -> Part {
        let definition = reading.definitions.iter().find(|definition| definition.element.id == self.element);
        let Some(definition) = definition else { return Part::default() };
        let Known { possible, evidence, gaps, .. } = known(definition, reading);
        let only = |names: &[String]| match possible {
            Possible::Coded(codes) => {
                let allowed = names.iter().filter_map(|name| code(definition, name)).reduce(Codes::union);
                allowed.is_some_and(|allowed| codes.bits() & !allowed.bits() == 0)
            }
            _ => false,
        };
        let (is_for, is_against) = (only(&self.candidate), only(&self.not_candidate));
        let gaps = if is_for || is_against { Vec::new() } else { gaps };
        Part { is_against, is_for, evidence, gaps }
    }
}

fn code(definition: &Definition, name: &str) -> Option<Codes> {
    let criteria::Kind::Coded { codes, .. } = &definition.element.kind else { return None };
    Codes::one(codes.iter().position(|code| code == name)?)
}

impl Find for DrugCandidate {
    fn searches(&self) -> Vec<Search> {
        let mut searches = searches();
        searches.extend(self.exclusions().searches());
        searches.sort_unstable();
        searches.dedup();
        searches
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let Some(history) = reading.history(&self.therapy) else {
            return Finding::nothing();
        };
        let tumor = self.tumor(reading);
        let is_for = tumor.is_for;
        let parts = [self.had(history), self.excluded(element, reading), tumor];
        let against: Vec<&Part> = parts.iter().filter(|part| part.is_against).collect();
        cited::sorted(if !against.is_empty() {
            let evidence = against.into_iter().flat_map(|part| part.evidence.clone()).collect();
            Finding::of(Possible::Truth(Truth::No), evidence)
        } else {
            let evidence = parts.iter().flat_map(|part| part.evidence.clone()).collect();
            let gaps: Vec<Gap> = parts.iter().flat_map(|part| part.gaps.clone()).collect();
            let is_settled = is_for && gaps.iter().all(|gap| gap.kind == GapKind::Stale);
            let truth = if is_settled { Truth::Yes } else { Truth::Either };
            Finding { possible: Some(Possible::Truth(truth)), evidence, gaps, ..Finding::default() }
        })
    }
}

/// One thing that candidacy hangs on.
#[derive(Default)]
struct Part {
    is_against: bool,
    is_for: bool,
    evidence: Vec<Evidence>,
    /// Why it is open.
    gaps: Vec<Gap>,
}
