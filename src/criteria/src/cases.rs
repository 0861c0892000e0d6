//! Cases: what a policy's author says it must come to, checked by `signpost policy test` and whenever it is loaded.

use std::collections::{BTreeMap, HashSet};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::element::{Element, ElementIndex, Elements};
use crate::file::{Document, Problem};
use crate::knowledge::{Gap, GapKind, Knowledge, Known};
use crate::notation;
use crate::policy::{Determination, Evaluation, Policy};
use crate::possible::Possible;

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
    /// The line on which it stands.
    pub line: usize,
    /// What it is about.
    pub note: String,
    /// What is known.
    pub knowledge: Knowledge,
    /// The elements of which the case itself says something; what is known of others is the defaults of all cases.
    pub given: Vec<ElementIndex>,
    /// What it must come to.
    pub expect: Expectation,
}

/// Reads the cases of a policy.
///
/// # Errors
/// Everything that is wrong in the file: see [`read`].
pub fn load(document: &Document, elements: &Elements) -> Result<Vec<Case>, Vec<Problem>> {
    let (cases, problems) = read(document, elements);
    if problems.is_empty() { Ok(cases) } else { Err(problems) }
}

/// Reads the cases of a policy that are right, with everything that is wrong in the others: unknown elements, values
/// that do not fit, ids that stand twice. What is known of an element that could not be read (see
/// [`Elements::add_unread`]) is left out.
#[must_use]
pub fn read(document: &Document, elements: &Elements) -> (Vec<Case>, Vec<Problem>) {
    let (document, problems) = document.clone().checked::<CasesFile>();
    let mut reader = Reader { document: &document, elements, problems };
    let defaults = reader.knowledge(Knowledge::nothing(elements), "/defaults");
    let mut ids = HashSet::new();
    let mut cases = Vec::new();
    for pointer in document.entries("/cases") {
        let id = document.text(&format!("{pointer}/id"));
        if let Some(id) = id.filter(|id| !ids.insert(*id)) {
            reader.report(&pointer, format!("case `{id}` stands twice"));
        }
        let start = defaults.clone().unwrap_or_else(|| Knowledge::nothing(elements));
        let knowledge = reader.knowledge(start, &format!("{pointer}/given"));
        let case: Option<CaseFile> = document.part(&pointer, &mut reader.problems);
        // What a case comes to without its defaults says nothing.
        if let (Some(case), Some(knowledge), true) = (case, knowledge, defaults.is_some()) {
            let CaseFile { id, note, given, expect } = case;
            let given = given.keys().filter_map(|id| elements.find(id)).collect();
            cases.push(Case { id, line: document.line(&pointer), note, knowledge, given, expect });
        }
    }
    (cases, reader.problems)
}

/// A file of cases that is being read, with everything wrong in it so far.
struct Reader<'d> {
    document: &'d Document,
    elements: &'d Elements,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn report(&mut self, pointer: &str, message: impl Into<String>) {
        self.problems.push(self.document.problem(pointer, message));
    }

    /// The knowledge with what is written at a pointer in its place; `None` where something in that is wrong.
    fn knowledge(&mut self, mut knowledge: Knowledge, pointer: &str) -> Option<Knowledge> {
        let before = self.problems.len();
        for (id, pointer, written) in self.document.members(pointer) {
            match self.elements.find(id).and_then(|index| Some((index, self.elements.get(index)?))) {
                None => {
                    if let Some(message) = self.elements.unknown(id) {
                        self.report(&pointer, message);
                    }
                }
                Some((index, element)) => match notation::possible(element, written) {
                    Ok(possible) => knowledge.set(index, known(element, possible)),
                    Err(message) => self.report(&pointer, message),
                },
            }
        }
        (self.problems.len() == before).then_some(knowledge)
    }
}

fn known(element: &Element, possible: Possible) -> Known {
    let gap = Gap { kind: GapKind::NotRecorded, detail: String::new() };
    let gaps = if element.kind.is_exact(&possible) { Vec::new() } else { vec![gap] };
    Known { possible, evidence: Vec::new(), gaps, account: None }
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
