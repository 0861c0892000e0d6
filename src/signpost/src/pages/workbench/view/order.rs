//! Everything that was decided about one order.

use std::collections::BTreeSet;

use criteria::formula::describe_needed;
use criteria::{Determination, ElementIndex, Evaluation, Need};

use super::bars::{Bar, bars};
use super::inputs::Input;
use super::timeline::{Timeline, timeline};
use super::tree::{NodeView, Tree, VerdictView, verdict};
use crate::content::Content;
use crate::decision::Decision;
use crate::payers::Payers;

/// An order.
#[derive(Debug)]
pub struct OrderView {
    pub reference: String,
    pub title: String,
    pub payer: String,
    pub policies: Vec<PolicyView>,
    pub limits: Vec<LimitView>,
    pub bars: Vec<Bar>,
    pub timelines: Vec<Timeline>,
}

/// A policy, and how it reads against the record.
#[derive(Debug)]
pub struct PolicyView {
    pub id: String,
    pub title: String,
    pub version: String,
    pub determination: VerdictView,
    pub parts: Vec<Part>,
    pub otherwise: String,
    /// The smallest sets of answers that would meet the criteria.
    pub paths: Vec<Vec<NeedView>>,
    pub ruled_out_by: Vec<NeedView>,
    /// Controls for what stands on these paths, and for what was answered here before.
    pub inputs: Vec<Input>,
}

/// A part of a policy: what its root came to, and what stands under it.
#[derive(Debug)]
pub struct Part {
    pub title: &'static str,
    pub verdict: VerdictView,
    pub how: String,
    pub nodes: Vec<NodeView>,
}

/// Values of an element that would settle something.
#[derive(Debug)]
pub struct NeedView {
    pub element: String,
    pub title: String,
    pub values: String,
}

/// A safety limit.
#[derive(Debug)]
pub struct LimitView {
    pub title: String,
    pub verdict: VerdictView,
}

/// What was decided about an order; of `inputs`, those that its policies ask for are taken.
pub fn order(
    content: &Content,
    decision: &Decision<'_, '_>,
    inputs: &mut Vec<(ElementIndex, Input)>,
) -> OrderView {
    let title = decision.order.drug.as_ref().and_then(|drug| drug.shown());
    let policies = decision.evaluations.iter();
    let limits = decision.limits.iter().map(|checked| LimitView {
        title: checked.limit.title.clone(),
        verdict: verdict(checked.verdict, true),
    });
    OrderView {
        reference: decision.order.reference.clone(),
        title: title.unwrap_or(&decision.drug.file.generic).to_owned(),
        payer: payer(&decision.payers),
        policies: policies.map(|evaluation| policy(content, decision, evaluation, inputs)).collect(),
        limits: limits.collect(),
        bars: bars(content, decision),
        timelines: decision.histories.iter().map(timeline).collect(),
    }
}

fn payer(payers: &Payers<'_>) -> String {
    match payers {
        Payers::Recognized(titles, _) => titles.join(", "),
        Payers::NotRecognized => "not recognized, so every policy is shown".to_owned(),
    }
}

fn policy<'c>(
    content: &'c Content,
    decision: &Decision<'c, '_>,
    evaluation: &Evaluation<'c>,
    inputs: &mut Vec<(ElementIndex, Input)>,
) -> PolicyView {
    let policy = evaluation.policy;
    let need = |need: &Need| need_view(content, need);
    let needs = |path: &Vec<Need>| path.iter().filter_map(need).collect();
    let on_path =
        |index: &ElementIndex| evaluation.shortest_paths.iter().flatten().any(|need| need.element == *index);
    let asked: Vec<ElementIndex> = policy.elements().collect();
    let is_here = |(index, input): &mut (ElementIndex, Input)| {
        on_path(index) || (asked.contains(index) && (input.is_mine || !input.wrong.is_empty()))
    };
    PolicyView {
        id: policy.id.clone(),
        title: policy.title.clone(),
        version: policy.version.clone(),
        determination: determination(evaluation.determination),
        parts: parts(content, decision, evaluation),
        otherwise: evaluation
            .otherwise
            .map(|otherwise| format!("{}: {}", otherwise.id, otherwise.statement))
            .unwrap_or_default(),
        paths: evaluation.shortest_paths.iter().map(needs).collect(),
        ruled_out_by: evaluation.ruled_out_by.iter().filter_map(need).collect(),
        inputs: inputs.extract_if(.., is_here).map(|(_, input)| input).collect(),
    }
}

fn parts<'c>(content: &'c Content, decision: &Decision<'c, '_>, evaluation: &Evaluation<'c>) -> Vec<Part> {
    let policy = evaluation.policy;
    let parts = [
        ("Criteria", policy.criteria(), false),
        ("Exclusions: none may apply", policy.exclusions(), true),
        ("A clinician reviews unless", policy.clinical_review_unless(), false),
    ];
    let key = format!("{}-{}", decision.order.reference.replace('/', "-"), policy.id);
    let mut tree = Tree { content, decision, evaluation, excludes: false, key, told: BTreeSet::new() };
    let mut shown = Vec::new();
    for (title, node, excludes) in parts {
        tree.excludes = excludes;
        shown.extend(node.map(|node| part(title, tree.node(node))));
    }
    shown
}

/// A root without a number of its own is told by the heading.
fn part(title: &'static str, root: NodeView) -> Part {
    let verdict = root.verdict;
    if root.id.is_empty() && !root.parts.is_empty() {
        Part { title, verdict, how: root.how, nodes: root.parts }
    } else {
        Part { title, verdict, how: String::new(), nodes: vec![root] }
    }
}

fn need_view(content: &Content, need: &Need) -> Option<NeedView> {
    let element = content.record.elements.get(need.element)?;
    let values = describe_needed(element, &need.values);
    Some(NeedView { element: element.id.clone(), title: element.title.clone(), values })
}

fn determination(determination: Determination) -> VerdictView {
    let (class, word) = match determination {
        Determination::MeetsCriteria => ("met", "Appears to meet the criteria"),
        Determination::DoesNotMeetCriteria => ("not-met", "Appears not to meet the criteria"),
        Determination::ClinicalReview => ("open", "Needs clinical review"),
        Determination::InformationNeeded => ("open", "Information needed"),
    };
    VerdictView { class, word }
}
