//! The cases of a policy: what is known, what it comes to, and whether that is what its author says. They are run here by
//! the same functions as by `signpost policy test`.

use criteria::cases::{Case, asks};
use criteria::formula::describe_needed;
use criteria::{Determination, ElementIndex, Elements, Policy};

use crate::pages::words;

/// A case for people.
#[derive(Debug)]
pub(super) struct CaseView {
    pub(super) id: String,
    pub(super) note: String,
    /// What the case itself says is known: titles and values.
    pub(super) given: Vec<(String, String)>,
    /// Class and words of what it comes to.
    pub(super) class: &'static str,
    pub(super) determination: &'static str,
    /// Numbers of the criteria that settle it.
    pub(super) deciding: String,
    /// Numbers of the criteria that are open.
    pub(super) open: String,
    /// What is asked for.
    pub(super) asks: String,
    /// What does not come out as its author says.
    pub(super) failures: Vec<String>,
}

/// The cases, run.
pub(super) fn view(policy: &Policy, cases: &[Case], elements: &Elements) -> Vec<CaseView> {
    cases.iter().map(|case| view_of(policy, case, elements)).collect()
}

fn view_of(policy: &Policy, case: &Case, elements: &Elements) -> CaseView {
    let evaluation = policy.evaluate(&case.knowledge);
    let titles = asks(&evaluation, elements).into_iter().filter_map(|id| {
        elements.find(id).and_then(|index| elements.get(index)).map(|element| element.title.as_str())
    });
    CaseView {
        id: case.id.clone(),
        note: case.note.clone(),
        given: case.given.iter().filter_map(|index| known(case, *index, elements)).collect(),
        class: words::class(evaluation.determination.as_str()),
        determination: words::determination(evaluation.determination.as_str()),
        deciding: evaluation.deciding_ids().join(", "),
        open: evaluation.open_ids().join(", "),
        asks: match evaluation.determination {
            Determination::InformationNeeded => titles.collect::<Vec<_>>().join(", "),
            _ => String::new(),
        },
        failures: case.failures(policy, elements),
    }
}

/// What every case knows that does not say otherwise: titles and values of the elements that the policy asks about.
pub(super) fn defaults(policy: &Policy, cases: &[Case], elements: &Elements) -> Vec<(String, String)> {
    let mut asked: Vec<ElementIndex> = policy.elements().collect();
    asked.sort_unstable();
    let of = |index: ElementIndex| {
        let silent = cases.iter().find(|case| !case.given.contains(&index))?;
        let is_known = silent.knowledge.get(index)?.possible != elements.get(index)?.kind.domain();
        is_known.then(|| known(silent, index, elements)).flatten()
    };
    asked.into_iter().filter_map(of).collect()
}

fn known(case: &Case, index: ElementIndex, elements: &Elements) -> Option<(String, String)> {
    let element = elements.get(index)?;
    let possible = case.knowledge.get(index)?.possible;
    let is_unknown = possible == element.kind.domain();
    let value = if is_unknown { "not known".into() } else { describe_needed(element, &[possible]) };
    Some((element.title.clone(), value))
}
