//! From a hook request to decisions: orders, policies, record, knowledge, evaluation. No I/O, no clock.

use std::collections::BTreeSet;

use criteria::limits::Checked;
use criteria::{ElementIndex, Evaluation, Knowledge};
use ehr::derived::Derived;
use ehr::order::{DraftOrders, Order};
use ehr::reading::Reading;
use ehr::record::Record;
use ehr::search::Search;
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

/// What a hook request asks, before the patient's record is read.
#[derive(Debug)]
pub struct Call<'a> {
    /// The context of the request.
    pub context: OrderSignContext<'a>,
    /// The orders that are being signed.
    pub drafts: DraftOrders<'a>,
}

impl<'a> Call<'a> {
    /// Reads what is asked.
    ///
    /// # Errors
    /// If the request is not what CDS Hooks says it is, or speaks about two patients.
    pub fn read(content: &Content, service: &Service, request: &HookRequest<'a>) -> Result<Self, Refusal> {
        Self::read_with(content, service, request, &[])
    }

    /// The same, with `Medication` resources that the orders point to and the request does not hold.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub fn read_with(
        content: &Content,
        service: &Service,
        request: &HookRequest<'a>,
        medications: &[&'a RawValue],
    ) -> Result<Self, Refusal> {
        let context = OrderSignContext::read(request)?;
        check_patient(request, &context)?;
        let drafts = DraftOrders::read_with(context.draft_orders, medications)
            .map_err(|_| Refusal::unreadable_orders())?;
        let call = Self { context, drafts };
        for order in call.orders(content, service) {
            check_subject(order, &call.context)?;
        }
        Ok(call)
    }

    /// The data elements that decide about them, as the drugs that are ordered need them, each once. An order whose drug
    /// nobody has sent may be for any of them.
    #[must_use]
    pub fn elements(&self, content: &Content, service: &Service) -> Vec<ElementIndex> {
        let is_open = !self.drafts.unresolved().is_empty();
        let ordered: Vec<&Drug> =
            drugs_ordered(content, service, &self.drafts).map(|(drug, _)| drug).collect();
        let is_needed = |drug: &&Drug| is_open || ordered.iter().any(|other| std::ptr::eq(*other, *drug));
        let elements = service.drugs.iter().filter(is_needed).flat_map(|drug| &drug.elements);
        elements.copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The orders that the service speaks about.
    #[must_use]
    pub fn orders(&self, content: &Content, service: &Service) -> Vec<&Order<'a>> {
        drugs_ordered(content, service, &self.drafts).map(|(_, order)| order).collect()
    }
}

/// Decides about every order of a request that the service speaks about, by what the request brought alone.
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
    let call = Call::read(content, service, request)?;
    let record = read_record(content, service, &call, &prefetch(request), &|_| true);
    // With access to the EHR the data can be had: what was not sent is then unread, not missing for good.
    let has_access = request.fhir_authorization.is_some();
    decide_by(content, service, call, &record, has_access, at)
}

/// What the request brought, by prefetch key.
#[must_use]
pub fn prefetch<'p, 'a>(request: &'p HookRequest<'a>) -> Vec<(&'p str, &'a RawValue)> {
    request.prefetch.iter().map(|(key, raw)| (key.as_ref(), *raw)).collect()
}

/// The record that these texts hold, wherever they came from, as long as there is time to read them; without an order of
/// ours they are left unread.
#[must_use]
pub fn read_record<'a>(
    content: &Content,
    service: &Service,
    call: &Call<'_>,
    texts: &[(&str, &'a RawValue)],
    has_time: &dyn Fn(Search) -> bool,
) -> Record<'a> {
    if call.orders(content, service).is_empty() {
        return Record::default();
    }
    let (patient_id, terminology) = (&call.context.patient_id, &content.record.terminology);
    Record::read_while(texts, patient_id, terminology, &service.searches, has_time)
}

/// Decides about every order of a call by a record.
///
/// # Errors
/// If there is no data at all where data is needed, and no access to the EHR.
pub fn decide_by<'c, 'a>(
    content: &'c Content,
    service: &'c Service,
    call: Call<'a>,
    record: &Record<'a>,
    has_access: bool,
    at: Timestamp,
) -> Result<Decisions<'c, 'a>, Refusal> {
    let Call { context, drafts } = call;
    let mut ours = drugs_ordered(content, service, &drafts).peekable();
    if ours.peek().is_some() && !has_access && !record.answered_any() {
        return Err(Refusal::no_data(service));
    }
    let payers = Payers::of(service, record);
    let orders = ours
        .map(|(drug, order)| {
            let reading = Reading {
                record,
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
