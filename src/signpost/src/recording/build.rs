//! Records of decisions: everything that an answer rests on, with patients' data as far as it is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use criteria::formula::{NodeKind, Tested};
use criteria::limits::{Checked, Condition};
use criteria::{ElementIndex, Evaluation, Known, Limits, Verdict, recorded};
use hooks::{Card, Response};
use jiff::Timestamp;
use journal::record::{
    Assessment, Card as CardRecord, Decision as Record, Evidence, Gap, Kind, Known as KnownRecord, Missing,
    Node, Order, Origin, Read, Step, Tree, Version,
};
use journal::{Patient, Private};
use serde_json::value::to_raw_value;
use uuid::Uuid;

use super::{Clock, Recorded};
use crate::cards::{Unrecognized, card_id, names};
use crate::content::{Content, Service};
use crate::decision::{Decision, Decisions};

/// What all decisions of one call share.
#[derive(Debug, Clone, Copy)]
pub struct Call<'c> {
    /// The content in force.
    pub content: &'c Content,
    /// The service that was called.
    pub service: &'c Service,
    /// The FHIR base that the call names, by which its patient is told from others; empty where it names none.
    pub fhir_server: &'c str,
    /// Who called, and how it is written down.
    pub recorded: Recorded<'c>,
    /// The answer.
    pub response: &'c Response,
    /// The instant of the evaluation.
    pub at: Timestamp,
    /// Ids for the decisions about its orders, in their order.
    pub ids: &'c [Uuid],
    /// The resources that came from the EHR's FHIR server, as `Type/id`, and how long before the call; the others were sent.
    pub fetched: &'c BTreeMap<String, Duration>,
}

/// The records of the decisions of one call.
#[must_use]
pub fn records(
    call: &Call<'_>,
    decisions: &Decisions<'_, '_>,
    unrecognized: &[Unrecognized],
    clock: &Clock,
) -> Vec<Record> {
    let patient = call.recorded.privacy.patient(call.fhir_server, &decisions.context.patient_id);
    let keeping = Keeping { call, decisions, patient };
    let names = names(decisions.orders.iter().map(|decision| decision.order.reference.as_str()));
    let decided = decisions.orders.iter().zip(&names).zip(call.ids);
    let decided =
        decided.map(|((decision, name), id)| Record { id: *id, ..keeping.record(decision, name, clock) });
    decided.chain(unrecognized.iter().map(|order| keeping.unrecognized(order, clock))).collect()
}

/// A call, and what of its patient's data is kept.
struct Keeping<'k> {
    call: &'k Call<'k>,
    decisions: &'k Decisions<'k, 'k>,
    patient: Patient<'k>,
}

impl Keeping<'_> {
    fn record(&self, decision: &Decision<'_, '_>, name: &str, clock: &Clock) -> Record {
        let limits = self.call.content.limits_of(decision.drug);
        let policies = decision.evaluations.iter().map(|evaluation| self.policy(decision, evaluation));
        let checked = limits.map(|limits| self.limits(decision, limits));
        Record {
            order: Order {
                reference: decision.order.reference.clone(),
                drug: decision.drug.file.generic.clone(),
                resource: self.patient.keep_json(decision.order.raw),
            },
            read: self.read(decision),
            knowledge: decision
                .drug
                .elements
                .iter()
                .filter_map(|index| self.known(decision, *index))
                .collect(),
            assessments: policies.chain(checked).collect(),
            cards: self.cards(decision, name, limits),
            ..self.nothing(clock)
        }
    }

    /// That an order was not checked: nothing was decided, and a card says so.
    fn unrecognized(&self, order: &Unrecognized, clock: &Clock) -> Record {
        let uuid = Some(order.id(self.call.service, &self.decisions.hook_instance));
        let cards = self.call.response.cards.iter().filter(|card| card.uuid == uuid);
        Record {
            order: Order { reference: order.order.clone(), drug: String::new(), resource: Private::Withheld },
            cards: cards.filter_map(|card| self.card(card, None)).collect(),
            ..self.nothing(clock)
        }
    }

    /// What records of one call have in common.
    fn nothing(&self, clock: &Clock) -> Record {
        Record {
            record: Version,
            id: Uuid::now_v7(),
            hook_instance: self.decisions.hook_instance.as_ref().to_owned(),
            service: self.call.service.file.id.clone(),
            client: self.call.recorded.client.map(str::to_owned),
            build: super::BUILD.into(),
            content: self.call.content.hash.clone(),
            at: self.call.at,
            patient: self.patient.key(),
            order: Order { reference: String::new(), drug: String::new(), resource: Private::Withheld },
            read: Vec::new(),
            knowledge: Vec::new(),
            assessments: Vec::new(),
            cards: Vec::new(),
            steps: clock.steps().iter().map(|(name, took)| step(name, *took)).collect(),
        }
    }

    /// Every resource that something rests on.
    fn read(&self, decision: &Decision<'_, '_>) -> Vec<Read> {
        let known = decision.drug.elements.iter().filter_map(|index| decision.knowledge.get(*index));
        let references: BTreeSet<&str> =
            known.flat_map(|known| &known.evidence).map(|evidence| evidence.reference.as_str()).collect();
        references.into_iter().filter_map(|reference| self.read_one(decision, reference)).collect()
    }

    /// A resource; `None` for what is none, such as a search that found nothing.
    fn read_one(&self, decision: &Decision<'_, '_>, reference: &str) -> Option<Read> {
        if reference.is_empty() {
            return None;
        }
        let order = &decision.order;
        let is_order = reference == order.reference;
        let version_id = if is_order {
            ehr::record::version_id(order.request.meta)
        } else {
            self.decisions.record.version_of(reference)
        };
        let age = self.call.fetched.get(reference).filter(|_| !is_order);
        let at = age.filter(|age| !age.is_zero()).and_then(|age| self.call.at.checked_sub(*age).ok());
        let from = if age.is_some() { Origin::Fhir } else { Origin::Prefetch };
        Some(Read { reference: reference.into(), version_id, at, from: (!is_order).then_some(from) })
    }

    fn known(&self, decision: &Decision<'_, '_>, index: ElementIndex) -> Option<KnownRecord> {
        let element = self.call.content.record.elements.get(index)?;
        let known = decision.knowledge.get(index)?;
        let policies = decision.evaluations.iter().flat_map(|evaluation| evaluation.policy.tested());
        let limits = decision.limits.iter().flat_map(|checked| tested(checked));
        let asked = policies.chain(limits).filter(|tested| tested.element == index);
        let written = |possible| to_raw_value(&recorded::written(element, possible)).ok();
        let blurred = recorded::blurred(&known.possible, asked);
        // What is not blurred tells the value by itself.
        let is_told = blurred == known.possible;
        let value =
            if is_told { Private::Withheld } else { self.patient.keep_json(&written(&known.possible)?) };
        Some(KnownRecord {
            element: element.id.clone(),
            possible: written(&blurred)?,
            value,
            evidence: self.evidence(known),
            gaps: known.gaps.iter().map(|gap| self.gap(gap)).collect(),
            account: self.keep(known.account.as_deref()),
        })
    }

    fn evidence(&self, known: &Known) -> Vec<Evidence> {
        let evidence = |evidence: &criteria::Evidence| Evidence {
            reference: evidence.reference.clone(),
            path: evidence.path.as_ref().to_owned(),
            value: self.patient.keep(&evidence.value),
            date: self.keep(evidence.date.as_deref()),
            note: self.keep(evidence.note.as_deref()),
        };
        known.evidence.iter().map(evidence).collect()
    }

    fn gap(&self, gap: &criteria::Gap) -> Gap {
        Gap { kind: gap.kind.as_str().into(), detail: self.patient.keep_whole(&gap.detail) }
    }

    /// What explains a value.
    fn keep(&self, text: Option<&str>) -> Private {
        text.map_or(Private::Withheld, |text| self.patient.keep_whole(text))
    }

    fn policy(&self, decision: &Decision<'_, '_>, evaluation: &Evaluation<'_>) -> Assessment {
        let policy = evaluation.policy;
        Assessment {
            kind: Kind::Policy,
            id: policy.id.clone(),
            version: policy.version.clone(),
            determination: evaluation.determination.as_str().into(),
            deciding: evaluation.deciding_ids().into_iter().map(str::to_owned).collect(),
            open: evaluation.open_ids().into_iter().map(str::to_owned).collect(),
            missing: self.missing(decision, evaluation.missing.iter()),
            tree: self.tree(evaluation),
        }
    }

    fn tree(&self, evaluation: &Evaluation<'_>) -> Tree {
        let policy = evaluation.policy;
        let parts = [
            ("criteria", policy.criteria()),
            ("exclusions", policy.exclusions()),
            ("clinical-review-unless", policy.clinical_review_unless()),
        ];
        let root = |(part, node): (&str, Option<&criteria::formula::Node>)| {
            Some(Node { part: Some(part.into()), ..self.node(evaluation, node?) })
        };
        let mut verdicts = Vec::with_capacity(128);
        for (_, node) in parts {
            node.into_iter().for_each(|node| each(evaluation, node, &mut verdicts));
        }
        let of = [&*self.call.content.hash, &*policy.id, &*policy.version];
        self.call
            .recorded
            .trees
            .get(of, verdicts.into_iter(), || parts.into_iter().filter_map(root).collect())
    }

    fn node(&self, evaluation: &Evaluation<'_>, node: &criteria::formula::Node) -> Node {
        let (kind, element) = match &node.kind {
            NodeKind::All(_) => ("all", None),
            NodeKind::Any(_) => ("any", None),
            NodeKind::AtLeast(..) => ("at-least", None),
            NodeKind::Not(_) => ("not", None),
            NodeKind::Test(test) => ("test", self.call.content.record.elements.get(test.element)),
        };
        Node {
            part: None,
            id: node.id.clone(),
            kind: kind.into(),
            verdict: evaluation.verdict(node).as_str().into(),
            element: element.map(|element| element.id.clone()),
            asked: None,
            parts: node.parts().iter().map(|part| self.node(evaluation, part)).collect(),
        }
    }

    /// Safety limits, all together: which of them apply, and which are open.
    fn limits(&self, decision: &Decision<'_, '_>, limits: &Limits) -> Assessment {
        let Limited { determination, deciding, open } = Limited::of(&decision.limits);
        let unknown = decision.limits.iter().filter(|checked| checked.verdict == Verdict::Unknown);
        let missing = unknown.flat_map(|checked| &checked.elements);
        let of = [&*self.call.content.hash, &*limits.id, &*limits.version];
        let verdicts = decision.limits.iter().map(|checked| checked.verdict as u8);
        Assessment {
            kind: Kind::Limits,
            id: limits.id.clone(),
            version: limits.version.clone(),
            determination: determination.into(),
            deciding,
            open,
            missing: self.missing(decision, missing),
            tree: self.call.recorded.trees.get(of, verdicts, || decision.limits.iter().map(limit).collect()),
        }
    }

    fn missing<'e>(
        &self,
        decision: &Decision<'_, '_>,
        elements: impl Iterator<Item = &'e ElementIndex>,
    ) -> Vec<Missing> {
        let of = |index: &ElementIndex| {
            let element = self.call.content.record.elements.get(*index)?;
            let known = decision.knowledge.get(*index)?;
            let missing =
                |gap: &criteria::Gap| Missing { element: element.id.clone(), gap: gap.kind.as_str().into() };
            Some(known.gaps.iter().map(missing).collect::<Vec<_>>())
        };
        elements.filter_map(of).flatten().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The cards of one order, each with what it shows: their ids tell.
    fn cards(&self, decision: &Decision<'_, '_>, name: &str, limits: Option<&Limits>) -> Vec<CardRecord> {
        let policies = decision.evaluations.iter().map(|evaluation| {
            let id = evaluation.policy.id.as_str();
            (self.card_id(name, id), id)
        });
        let topics = limits.into_iter().flat_map(|limits| {
            limits.topics.iter().map(|topic| (self.card_id(name, &topic.id), limits.id.as_str()))
        });
        let shows: Vec<(String, &str)> = policies.chain(topics).collect();
        let of_this_order = |card: &Card| {
            let (_, shown) = shows.iter().find(|(id, _)| card.uuid.as_ref() == Some(id))?;
            self.card(card, Some(shown))
        };
        self.call.response.cards.iter().filter_map(of_this_order).collect()
    }

    fn card_id(&self, order: &str, topic: &str) -> String {
        card_id(&self.decisions.hook_instance, &self.call.service.file.id, order, topic)
    }

    fn card(&self, card: &Card, shown: Option<&str>) -> Option<CardRecord> {
        let uuid = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let sent = to_raw_value(card).map(|json| self.patient.keep_json(&json));
        Some(CardRecord {
            uuid: uuid(&card.uuid)?,
            assessment: shown.map(str::to_owned),
            indicator: card.indicator.as_str().into(),
            sent: sent.unwrap_or_default(),
            suggestions: card.suggestions.iter().filter_map(|suggestion| uuid(&suggestion.uuid)).collect(),
        })
    }
}

/// What a drug's safety limits come to, all together.
pub(super) struct Limited {
    /// `applies`, `open` or `none`.
    pub(super) determination: &'static str,
    /// Ids of those that apply.
    pub(super) deciding: Vec<String>,
    /// Ids of those that are open.
    pub(super) open: Vec<String>,
}

impl Limited {
    pub(super) fn of(checked: &[Checked<'_>]) -> Self {
        let ids = |verdict: Verdict| -> Vec<String> {
            let of = checked.iter().filter(|checked| checked.verdict == verdict);
            of.map(|checked| checked.limit.id.clone()).collect()
        };
        let (deciding, open) = (ids(Verdict::Met), ids(Verdict::Unknown));
        let determination = match (deciding.is_empty(), open.is_empty()) {
            (false, _) => "applies",
            (true, false) => "open",
            (true, true) => "none",
        };
        Self { determination, deciding, open }
    }
}

/// The verdicts of a node and its parts, in the order of the policy.
fn each(evaluation: &Evaluation<'_>, node: &criteria::formula::Node, verdicts: &mut Vec<u8>) {
    verdicts.push(evaluation.verdict(node) as u8);
    node.parts().iter().for_each(|part| each(evaluation, part, verdicts));
}

fn step(name: &str, took: Duration) -> Step {
    Step { name: name.into(), micros: took.as_micros().try_into().unwrap_or(u64::MAX) }
}

fn tested<'l>(checked: &Checked<'l>) -> &'l [Tested] {
    match &checked.limit.condition {
        Condition::When { tested, .. } => tested,
        Condition::Missing(_) => &[],
    }
}

fn limit(checked: &Checked<'_>) -> Node {
    Node {
        part: None,
        id: Some(checked.limit.id.clone()),
        kind: "limit".into(),
        verdict: checked.verdict.as_str().into(),
        element: None,
        asked: None,
        parts: Vec::new(),
    }
}
