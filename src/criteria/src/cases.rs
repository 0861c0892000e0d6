//! Cases: what a policy's author says it must come to, checked by `signpost policy test` and whenever it is loaded.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::element::{ElementIndex, Elements};
use crate::file::{Document, Problem};
use crate::knowledge::{Gap, GapKind, Knowledge, Known};
use crate::notation;
use crate::policy::{Determination, Evaluation, Policy};

/// `cds-hooks/policies/<id>/cases.yaml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CasesFile {
    /// What every case knows, unless it says otherwise. What is named nowhere is unknown.
    #[serde(default)]
    pub defaults: BTreeMap<String, Value>,
    /// The cases.
    pub cases: Vec<CaseFile>,
}

/// One case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaseFile {
    /// Its name.
    pub id: String,
    /// What it is about.
    pub note: String,
    /// What is known, by data element: `true`, `2`, `below 10`, `1 to 3`, `[low, zero]`, `unknown`; of a set, its
    /// members (with `?`: maybe).
    #[serde(default)]
    pub given: BTreeMap<String, Value>,
    /// What it must come to.
    pub expect: Expectation,
}

/// What a case must come to. What is not named is not checked.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Expectation {
    /// The determination.
    pub determination: Expected,
    /// All deciding criteria, in the order of the source.
    pub deciding: Option<Vec<String>>,
    /// All open criteria, in the order of the source.
    pub open: Option<Vec<String>>,
    /// All data elements on the shortest paths.
    pub asks: Option<Vec<String>>,
}

/// A determination, as a case writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// See [`Determination::MeetsCriteria`].
    MeetsCriteria,
    /// See [`Determination::DoesNotMeetCriteria`].
    DoesNotMeetCriteria,
    /// See [`Determination::ClinicalReview`].
    ClinicalReview,
    /// See [`Determination::InformationNeeded`].
    InformationNeeded,
}

impl From<Expected> for Determination {
    fn from(expected: Expected) -> Self {
        match expected {
            Expected::MeetsCriteria => Self::MeetsCriteria,
            Expected::DoesNotMeetCriteria => Self::DoesNotMeetCriteria,
            Expected::ClinicalReview => Self::ClinicalReview,
            Expected::InformationNeeded => Self::InformationNeeded,
        }
    }
}

/// A case, ready to be run.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name.
    pub id: String,
    /// What it is about.
    pub note: String,
    /// What is known.
    pub knowledge: Knowledge,
    /// What it must come to.
    pub expect: Expectation,
}

/// Reads the cases of a policy.
///
/// # Errors
/// Everything that is wrong in the file: unknown elements, values that do not fit, ids that stand twice.
pub fn load(document: &Document, elements: &Elements) -> Result<Vec<Case>, Vec<Problem>> {
    let file: CasesFile = document.shape()?;
    let mut problems = Vec::new();
    let defaults = knowledge(document, elements, None, &file.defaults, "/defaults", &mut problems);
    let mut cases: Vec<Case> = Vec::new();
    for (place, case) in file.cases.into_iter().enumerate() {
        let pointer = format!("/cases/{place}");
        if cases.iter().any(|known| known.id == case.id) {
            problems.push(document.problem(&pointer, format!("case `{}` stands twice", case.id)));
        }
        let given = format!("{pointer}/given");
        let knowledge = knowledge(document, elements, Some(&defaults), &case.given, &given, &mut problems);
        cases.push(Case { id: case.id, note: case.note, knowledge, expect: case.expect });
    }
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

fn knowledge(
    document: &Document,
    elements: &Elements,
    defaults: Option<&Knowledge>,
    given: &BTreeMap<String, Value>,
    pointer: &str,
    problems: &mut Vec<Problem>,
) -> Knowledge {
    let mut knowledge = defaults.cloned().unwrap_or_else(|| Knowledge::nothing(elements));
    for (id, written) in given {
        let pointer = format!("{pointer}/{id}");
        let Some((index, element)) = elements.find(id).and_then(|index| Some((index, elements.get(index)?)))
        else {
            problems.push(document.problem(&pointer, format!("unknown data element `{id}`")));
            continue;
        };
        match notation::possible(element, written) {
            Ok(possible) => {
                let gap = Gap { kind: GapKind::NotRecorded, detail: String::new() };
                let gaps = if element.kind.is_exact(&possible) { Vec::new() } else { vec![gap] };
                knowledge.set(index, Known { possible, evidence: Vec::new(), gaps });
            }
            Err(message) => problems.push(document.problem(&pointer, message)),
        }
    }
    knowledge
}

impl Case {
    /// Runs the case; what does not come out as expected, in words, one for each difference.
    #[must_use]
    pub fn failures(&self, policy: &Policy, elements: &Elements) -> Vec<String> {
        let evaluation = policy.evaluate(&self.knowledge);
        let mut failures = Vec::new();
        let expected = Determination::from(self.expect.determination);
        if evaluation.determination != expected {
            failures.push(format!(
                "expected {}, came to {} (deciding {:?}, open {:?})",
                expected.as_str(),
                evaluation.determination.as_str(),
                evaluation.deciding_ids(),
                evaluation.open_ids()
            ));
        }
        differs("deciding", self.expect.deciding.as_deref(), &evaluation.deciding_ids(), &mut failures);
        differs("open", self.expect.open.as_deref(), &evaluation.open_ids(), &mut failures);
        differs("asks", self.expect.asks.as_deref(), &asks(&evaluation, elements), &mut failures);
        failures
    }
}

fn differs(what: &str, expected: Option<&[String]>, actual: &[&str], failures: &mut Vec<String>) {
    if let Some(expected) = expected
        && !expected.iter().eq(actual.iter())
    {
        failures.push(format!("expected {what} {expected:?}, came to {actual:?}"));
    }
}

/// The data elements on the shortest paths, each once, in the order of their ids.
#[must_use]
pub fn asks<'e>(evaluation: &Evaluation<'_>, elements: &'e Elements) -> Vec<&'e str> {
    let needs = evaluation.shortest_paths.iter().flatten();
    let asked: std::collections::BTreeSet<ElementIndex> = needs.map(|need| need.element).collect();
    let mut ids: Vec<&str> = asked
        .into_iter()
        .filter_map(|index| elements.get(index))
        .map(|element| element.id.as_str())
        .collect();
    ids.sort_unstable();
    ids
}
