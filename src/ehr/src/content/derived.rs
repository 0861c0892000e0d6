//! What can be wrong with a source that rests on rules of therapy or on another element.

use criteria::{Document, Problem};

use crate::source::{DataElement, DrugCandidate, Source};
use crate::therapy::rules::TherapyRules;

/// Everything that is wrong in how the files refer to each other.
pub(super) fn all(
    files: &[(Document, Vec<DataElement>)],
    therapies: &[(Document, TherapyRules)],
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (document, elements) in files {
        for (position, element) in elements.iter().enumerate() {
            for (number, source) in element.sources.iter().enumerate() {
                let pointer = format!("/elements/{position}/sources/{number}");
                let wrong = of_source(source, files, therapies);
                problems.extend(wrong.into_iter().map(|message| document.problem(&pointer, message)));
            }
        }
    }
    problems
}

fn of_source(
    source: &Source,
    files: &[(Document, Vec<DataElement>)],
    therapies: &[(Document, TherapyRules)],
) -> Vec<String> {
    let Some(therapy) = source.therapy() else { return Vec::new() };
    let Some((_, rules)) = therapies.iter().find(|(_, rules)| rules.id == therapy) else {
        return vec![format!("there are no rules of therapy `{therapy}`")];
    };
    let is_known = |name: &str| (0..rules.agents.len()).any(|agent| rules.is(agent, name));
    let no_agent = |name: &str| (!is_known(name)).then(|| format!("no agent is or belongs to `{name}`"));
    match source {
        Source::DrugResistance(resistance) => no_agent(&resistance.class).into_iter().collect(),
        Source::DrugCandidate(candidate) => {
            let agents = candidate.agents.iter().filter_map(|name| no_agent(name));
            agents.chain(of_tumor(candidate, files)).collect()
        }
        _ => Vec::new(),
    }
}

/// The element of the tumor has the codes that are named.
fn of_tumor(candidate: &DrugCandidate, files: &[(Document, Vec<DataElement>)]) -> Vec<String> {
    let mut elements = files.iter().flat_map(|(_, elements)| elements);
    let Some(tumor) = elements.find(|element| element.id == candidate.element) else {
        return vec![format!("there is no element `{}`", candidate.element)];
    };
    let codes = candidate.candidate.iter().chain(&candidate.not_candidate);
    let unknown = codes.filter(|code| !tumor.codes.contains(code));
    unknown.map(|code| format!("`{code}` is no code of `{}`", candidate.element)).collect()
}
