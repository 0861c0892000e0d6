//! `signpost evaluate --format json`: everything, for machines.

use std::collections::BTreeMap;

use criteria::formula::{Node, NodeKind, describe, describe_needed};
use criteria::{Evaluation, Evidence, Gap, Knowledge, Verdict};
use ehr::therapy::history::History;
use ehr::therapy::timeline::Row;
use hooks::Response;
use jiff::Timestamp;
use serde::Serialize;

use crate::answer::day;
use crate::cards::{self, DeterminationJson, LimitJson, determination_json, limit_json};
use crate::content::{Content, Service};
use crate::decision::{Decision, Decisions};

#[derive(Serialize)]
struct Report<'r> {
    at: String,
    determinations: Vec<Explained<'r>>,
    limits: Vec<OrderLimit<'r>>,
    knowledge: BTreeMap<&'r str, BTreeMap<&'r str, KnownJson<'r>>>,
    /// The therapy that the knowledge rests on, drawn, by order.
    therapy: BTreeMap<&'r str, Vec<TherapyJson<'r>>>,
    response: Response,
}

/// A determination with the whole tree beside it. Written member by member, because flattened serde types do
/// not go together with exact numbers.
struct Explained<'r> {
    determination: DeterminationJson<'r>,
    criteria: Vec<NodeJson<'r>>,
}

impl Serialize for Explained<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let json = &self.determination;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("order", json.order)?;
        map.serialize_entry("policy", json.policy)?;
        map.serialize_entry("version", json.version)?;
        map.serialize_entry("determination", json.determination)?;
        map.serialize_entry("deciding", &json.deciding)?;
        map.serialize_entry("open", &json.open)?;
        map.serialize_entry("missing", &json.missing)?;
        map.serialize_entry("shortestPaths", &json.shortest_paths)?;
        map.serialize_entry("criteria", &self.criteria)?;
        map.end()
    }
}

#[derive(Serialize)]
struct NodeJson<'r> {
    /// `criteria`, `exclusions` or `clinical-review-unless` at the root of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    citation: Option<&'r str>,
    kind: &'static str,
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    element: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<NodeJson<'r>>,
}

struct OrderLimit<'r> {
    order: &'r str,
    limit: LimitJson<'r>,
}

impl Serialize for OrderLimit<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("order", self.order)?;
        map.serialize_entry("id", self.limit.id)?;
        map.serialize_entry("verdict", &self.limit.verdict)?;
        map.serialize_entry("evidence", &self.limit.evidence)?;
        map.serialize_entry("gaps", &self.limit.gaps)?;
        map.end()
    }
}

#[derive(Serialize)]
struct KnownJson<'r> {
    /// The possible values, in words.
    value: String,
    /// Whether only one value is possible.
    known: bool,
    evidence: &'r [Evidence],
    gaps: &'r [Gap],
    /// How that was worked out, where it is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'r str>,
}

/// A history of therapy.
#[derive(Serialize)]
struct TherapyJson<'r> {
    /// The rules by which it was read.
    rules: &'r str,
    /// How the lines were counted.
    account: String,
    /// Lines and what happened to the disease, by day.
    timeline: Vec<Row>,
}

fn therapy(history: &History) -> TherapyJson<'_> {
    TherapyJson { rules: &history.rules.id, account: history.sentence(), timeline: history.timeline() }
}

/// The report on all decisions of a request.
///
/// # Errors
/// If it cannot be written, which would be a defect.
pub fn json(
    content: &Content,
    service: &Service,
    decisions: &Decisions<'_, '_>,
    at: Timestamp,
) -> serde_json::Result<String> {
    let orders = || decisions.orders.iter();
    let report = Report {
        at: at.to_string(),
        determinations: orders().flat_map(|decision| determinations(content, decision)).collect(),
        limits: orders().flat_map(limits).collect(),
        knowledge: orders()
            .map(|decision| (decision.order.reference.as_str(), knowledge(content, decision)))
            .collect(),
        therapy: orders()
            .map(|decision| {
                (decision.order.reference.as_str(), decision.histories.iter().map(therapy).collect())
            })
            .collect(),
        response: cards::response(content, service, &day(at), decisions),
    };
    serde_json::to_string_pretty(&report).map(|report| report + "\n")
}

fn determinations<'r>(
    content: &'r Content,
    decision: &'r Decision<'_, '_>,
) -> impl Iterator<Item = Explained<'r>> {
    let elements = &content.record.elements;
    decision.evaluations.iter().map(move |evaluation| Explained {
        determination: determination_json(
            &decision.order.reference,
            evaluation,
            &decision.knowledge,
            elements,
        ),
        criteria: roots(content, evaluation),
    })
}

fn roots<'r>(content: &'r Content, evaluation: &Evaluation<'r>) -> Vec<NodeJson<'r>> {
    let policy = evaluation.policy;
    let parts = [
        ("criteria", policy.criteria()),
        ("exclusions", policy.exclusions()),
        ("clinical-review-unless", policy.clinical_review_unless()),
    ];
    let root = |(part, node): (&'static str, Option<&'r Node>)| {
        Some(NodeJson { part: Some(part), ..tree(content, evaluation, node?) })
    };
    parts.into_iter().filter_map(root).collect()
}

fn tree<'r>(content: &'r Content, evaluation: &Evaluation<'r>, node: &'r Node) -> NodeJson<'r> {
    let kind = match &node.kind {
        NodeKind::All(_) => "all",
        NodeKind::Any(_) => "any",
        NodeKind::AtLeast(..) => "at-least",
        NodeKind::Not(_) => "not",
        NodeKind::Test(_) => "test",
    };
    let test = if let NodeKind::Test(test) = &node.kind { Some(test) } else { None };
    let element = test.and_then(|test| content.record.elements.get(test.element));
    NodeJson {
        part: None,
        id: node.id.as_deref(),
        statement: node.statement.as_deref(),
        citation: node.citation.as_deref(),
        kind,
        verdict: evaluation.verdict(node),
        element: element.map(|element| element.id.as_str()),
        asked: element.zip(test).map(|(element, test)| describe(element, &test.accepts)),
        parts: node.parts().iter().map(|part| tree(content, evaluation, part)).collect(),
    }
}

fn limits<'r>(decision: &'r Decision<'_, '_>) -> impl Iterator<Item = OrderLimit<'r>> {
    let limit = |checked| limit_json(checked, &decision.knowledge);
    decision
        .limits
        .iter()
        .map(move |checked| OrderLimit { order: &decision.order.reference, limit: limit(checked) })
}

fn knowledge<'r>(content: &'r Content, decision: &'r Decision<'_, '_>) -> BTreeMap<&'r str, KnownJson<'r>> {
    let Decision { drug, knowledge, .. } = decision;
    let known = |index: &criteria::ElementIndex| known(content, knowledge, *index);
    drug.elements.iter().filter_map(known).collect()
}

fn known<'r>(
    content: &'r Content,
    knowledge: &'r Knowledge,
    index: criteria::ElementIndex,
) -> Option<(&'r str, KnownJson<'r>)> {
    let element = content.record.elements.get(index)?;
    let known = knowledge.get(index)?;
    let value = describe_needed(element, &[known.possible]);
    let json = KnownJson {
        value,
        known: element.kind.is_exact(&known.possible),
        evidence: &known.evidence,
        gaps: &known.gaps,
        account: known.account.as_deref(),
    };
    Some((element.id.as_str(), json))
}
