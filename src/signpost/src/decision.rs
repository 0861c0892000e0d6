//! From a hook request to decisions: orders, policies, record, knowledge, evaluation. No I/O, no clock.

use criteria::limits::Checked;
use criteria::{Evaluation, Knowledge};
use ehr::derived::Derived;
use ehr::order::{DraftOrders, Order};
use ehr::reading::Reading;
use ehr::record::Record;
use ehr::therapy::history::History;
use hooks::{HookRequest, OrderSignContext};
use jiff::Timestamp;
use serde_json::value::RawValue;

use crate::answer::day;
use crate::content::{Content, Drug, Service};
use crate::payers::Payers;
use crate::refusal::Refusal;

/// What was decided about one order.
#[derive(Debug)]
pub struct Decision<'c, 'a> {
    /// The drug that the order is for.
    pub drug: &'c Drug,
    /// The order.
    pub order: Order<'a>,
    /// The policies in force, evaluated, in the order of the service's file.
    pub evaluations: Vec<Evaluation<'c>>,
    /// The drug's safety limits, in the order of their file.
    pub limits: Vec<Checked<'c>>,
    /// What is known about each data element.
    pub knowledge: Knowledge,
    /// The histories of therapy that this knowledge rests on.
    pub histories: Vec<History>,
    /// The payers by which the policies were chosen.
    pub payers: Payers<'c>,
}

/// Everything that was decided about one hook request.
#[derive(Debug)]
pub struct Decisions<'c, 'a> {
    /// The context of the request.
    pub context: OrderSignContext<'a>,
    /// One decision for each order that the service speaks about, in the order of the draft Bundle.
    pub orders: Vec<Decision<'c, 'a>>,
}

/// Decides about every order of a request that the service speaks about.
///
/// # Errors
/// If the request is not what CDS Hooks says it is, speaks about two patients, or brings no data at all where
/// data is needed.
pub fn decide<'c, 'a>(
    content: &'c Content,
    service: &'c Service,
    request: &HookRequest<'a>,
    at: Timestamp,
) -> Result<Decisions<'c, 'a>, Refusal> {
    let context = OrderSignContext::read(request)?;
    check_patient(request, &context)?;
    let drafts = DraftOrders::read(context.draft_orders).map_err(|_| Refusal::unreadable_orders())?;
    let ours: Vec<(&Drug, &Order<'_>)> = drugs_ordered(content, service, &drafts).collect();
    if ours.is_empty() {
        return Ok(Decisions { context, orders: Vec::new() });
    }
    for (_, order) in &ours {
        check_subject(order, &context)?;
    }
    let prefetch: Vec<(&str, &RawValue)> =
        request.prefetch.iter().map(|(key, raw)| (key.as_ref(), *raw)).collect();
    let record = Record::read(&prefetch, &context.patient_id, &content.record.terminology, &service.searches);
    // With access to the EHR the data can be had: what was not sent is then unread, not missing for good.
    if !record.answered_any() && request.fhir_authorization.is_none() {
        return Err(Refusal::no_data(service));
    }
    let payers = Payers::of(service, &record);
    let orders = ours
        .into_iter()
        .map(|(drug, order)| {
            let reading = Reading {
                record: &record,
                order,
                drafts: &drafts,
                terminology: &content.record.terminology,
                definitions: &content.record.definitions,
                therapies: &content.record.therapies,
                at,
                derived: Derived::default(),
            };
            decide_order(content, drug, order, reading, &payers)
        })
        .collect();
    Ok(Decisions { context, orders })
}

/// The orders that the service speaks about, each with its drug.
fn drugs_ordered<'c, 'd, 'a>(
    content: &'c Content,
    service: &'c Service,
    drafts: &'d DraftOrders<'a>,
) -> impl Iterator<Item = (&'c Drug, &'d Order<'a>)> {
    drafts.orders.iter().filter_map(|order| {
        let concept = order.drug.as_ref().filter(|_| order.asks_to_give())?;
        let is_ordered = |drug: &&Drug| content.record.terminology.has(&drug.file.medication, concept);
        service.drugs.iter().find(is_ordered).map(|drug| (drug, order))
    })
}

fn decide_order<'c, 'a>(
    content: &'c Content,
    drug: &'c Drug,
    order: &Order<'a>,
    reading: Reading<'_, 'a>,
    payers: &Payers<'c>,
) -> Decision<'c, 'a> {
    let knowledge = ehr::knowledge::knowledge(&content.record, &drug.elements, &reading);
    let day = day(reading.at);
    let policies = content.policies_of(drug, &day).filter(|policy| payers.use_policy(&policy.id));
    let evaluations = policies.map(|policy| policy.evaluate(&knowledge)).collect();
    let limits = content
        .limits_of(drug)
        .map(|limits| limits.check(&knowledge, &content.record.elements))
        .unwrap_or_default();
    let (order, payers) = (order.clone(), payers.clone());
    let histories = reading.derived.into_histories();
    Decision { drug, order, evaluations, limits, knowledge, histories, payers }
}

/// A token or an order for another patient means that two charts are mixed up: nothing is said then.
fn check_patient(request: &HookRequest<'_>, context: &OrderSignContext<'_>) -> Result<(), Refusal> {
    let granted =
        request.fhir_authorization.as_ref().and_then(|authorization| authorization.patient.as_ref());
    match granted {
        Some(patient) if *patient != context.patient_id => {
            Err(Refusal::other_patient("fhirAuthorization.patient"))
        }
        _ => Ok(()),
    }
}

fn check_subject(order: &Order<'_>, context: &OrderSignContext<'_>) -> Result<(), Refusal> {
    let target = order.request.subject.get().and_then(|subject| subject.target());
    match target {
        Some(target) if target.kind == Some("Patient") && target.id != context.patient_id => {
            Err(Refusal::other_patient("context.draftOrders.entry.resource.subject"))
        }
        _ => Ok(()),
    }
}
