//! What a card carries for machines, under `extension`.

use criteria::limits::Checked;
use criteria::{ElementIndex, Elements, Evaluation, Evidence, Gap, GapKind, Knowledge, Verdict};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// Key of a coverage card's extension.
pub const DETERMINATION: &str = "dev.signpost.determination";

/// Key of a limits card's extension.
pub const LIMITS: &str = "dev.signpost.limits";

/// A determination, for machines.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeterminationJson<'d> {
    /// The order, `MedicationRequest/...`.
    pub order: &'d str,
    /// Id of the policy.
    pub policy: &'d str,
    /// Version of the policy.
    pub version: &'d str,
    /// What it comes to.
    pub determination: &'static str,
    /// Ids of the criteria that settle it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deciding: Vec<&'d str>,
    /// Ids of the criteria that are open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<&'d str>,
    /// The elements that could still change it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingJson<'d>>,
    /// The smallest sets of elements that would settle it, with the values that would.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shortest_paths: Vec<Vec<NeedJson<'d>>>,
}

/// An element that could still change a determination.
#[derive(Debug, Serialize)]
pub struct MissingJson<'d> {
    /// Id of the element.
    pub element: &'d str,
    /// Why it is not known.
    pub gap: GapKind,
}

/// Values of an element that would settle a determination.
#[derive(Debug, Serialize)]
pub struct NeedJson<'d> {
    /// Id of the element.
    pub element: &'d str,
    /// The values, in words.
    pub needed: String,
}

/// What a safety limit came to, for machines.
#[derive(Debug, Serialize)]
pub struct LimitJson<'d> {
    /// Id of the limit.
    pub id: &'d str,
    /// Whether it applies.
    pub verdict: Verdict,
    /// What that rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<&'d Evidence>,
    /// Why it is open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<&'d Gap>,
}

/// A determination, for machines.
#[must_use]
pub fn determination_json<'d>(
    order: &'d str,
    evaluation: &Evaluation<'d>,
    knowledge: &Knowledge,
    elements: &'d Elements,
) -> DeterminationJson<'d> {
    let id = |index: ElementIndex| elements.get(index).map_or("", |element| element.id.as_str());
    let missing = evaluation.missing.iter().flat_map(|index| {
        let mut gaps: Vec<GapKind> =
            knowledge.get(*index).into_iter().flat_map(|known| &known.gaps).map(|gap| gap.kind).collect();
        gaps.sort_unstable();
        gaps.dedup();
        gaps.into_iter().map(move |gap| MissingJson { element: id(*index), gap })
    });
    let need = |need: &criteria::Need| {
        let needed = elements
            .get(need.element)
            .map(|element| criteria::formula::describe_needed(element, &need.values));
        NeedJson { element: id(need.element), needed: needed.unwrap_or_default() }
    };
    DeterminationJson {
        order,
        policy: &evaluation.policy.id,
        version: &evaluation.policy.version,
        determination: evaluation.determination.as_str(),
        deciding: evaluation.deciding_ids(),
        open: evaluation.open_ids(),
        missing: missing.collect(),
        shortest_paths: evaluation
            .shortest_paths
            .iter()
            .map(|path| path.iter().map(need).collect())
            .collect(),
    }
}

/// A limit, for machines.
#[must_use]
pub fn limit_json<'d>(checked: &Checked<'d>, knowledge: &'d Knowledge) -> LimitJson<'d> {
    let known = || checked.elements.iter().filter_map(|index| knowledge.get(*index));
    LimitJson {
        id: &checked.limit.id,
        verdict: checked.verdict,
        evidence: known().flat_map(|known| &known.evidence).collect(),
        gaps: known().flat_map(|known| &known.gaps).collect(),
    }
}

/// An extension object with one member.
pub(super) fn extension(key: &str, value: &impl Serialize) -> Option<Box<RawValue>> {
    to_raw_value(&std::collections::BTreeMap::from([(key, value)])).ok()
}
