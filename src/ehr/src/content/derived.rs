//! What can be wrong with a source that rests on rules of therapy, or on the codes of another element.

use criteria::{Elements, Kind, Problem};

use super::entry::Entry;
use crate::source::{DrugCandidate, Source};
use crate::therapy::rules::TherapyRules;

/// Everything that is wrong in how sources refer to rules; rules that are there and cannot be read (`has_all` is not set
/// then) are not missing.
pub(super) fn all(
    entries: &[Entry<'_>],
    elements: &Elements,
    rules: &[&TherapyRules],
    has_all: bool,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in entries {
        for (pointer, source) in &entry.sources {
            let Some(therapy) = source.therapy() else { continue };
            let wrong = match rules.iter().find(|rules| rules.id == therapy) {
                Some(rules) => of_source(source, elements, rules),
                None if has_all => vec![format!("there are no rules of therapy `{therapy}`")],
                None => Vec::new(),
            };
            problems.extend(wrong.into_iter().map(|message| entry.document.problem(pointer, message)));
        }
    }
    problems
}

fn of_source(source: &Source, elements: &Elements, rules: &TherapyRules) -> Vec<String> {
    let is_known = |name: &str| (0..rules.agents.len()).any(|agent| rules.is(agent, name));
    let no_agent = |name: &str| (!is_known(name)).then(|| format!("no agent is or belongs to `{name}`"));
    match source {
        Source::DrugResistance(resistance) => no_agent(&resistance.class).into_iter().collect(),
        Source::DrugCandidate(candidate) => {
            let agents = candidate.agents.iter().filter_map(|name| no_agent(name));
            agents.chain(of_tumor(candidate, elements)).collect()
        }
        _ => Vec::new(),
    }
}

/// The element of the tumor has the codes that are named.
fn of_tumor(candidate: &DrugCandidate, elements: &Elements) -> Vec<String> {
    let tumor = elements.find(&candidate.element).and_then(|index| elements.get(index));
    let Some(tumor) = tumor else {
        return elements.unknown(&candidate.element).into_iter().collect();
    };
    let codes: &[String] = match &tumor.kind {
        Kind::Coded { codes, .. } => codes,
        _ => &[],
    };
    let named = candidate.candidate.iter().chain(&candidate.not_candidate);
    let unknown = named.filter(|code| !codes.contains(code));
    unknown.map(|code| format!("`{code}` is no code of `{}`", candidate.element)).collect()
}
