//! From a hook request to decisions: orders, policies, record, knowledge, evaluation. No I/O, no clock.

use std::borrow::Cow;
use std::collections::BTreeSet;

use criteria::limits::Checked;
use criteria::{ElementIndex, Evaluation, Knowledge};
use ehr::derived::Derived;
use ehr::order::{DraftOrders, Order};
use ehr::reading::Reading;
use ehr::record::{Record, Sent};
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
    /// UUID of the firing of the hook.
    pub hook_instance: Cow<'a, str>,
    /// The context of the request.
    pub context: OrderSignContext<'a>,
    /// One decision for each order that the service speaks about, in the order of the draft Bundle.
    pub orders: Vec<Decision<'c, 'a>>,
    /// The patient's record, on which they rest.
    pub record: Record<'a>,
}

/// What a hook request asks, before the patient's record is read.
#[derive(Debug)]
pub struct Call<'a> {
    /// UUID of the firing of the hook.
    pub hook_instance: Cow<'a, str>,
    /// The context of the request.
    pub context: OrderSignContext<'a>,
    /// The orders that are being signed.
    pub drafts: DraftOrders<'a>,
    /// Which of them the service speaks about, each with its drug: positions in the service's drugs and in the drafts.
    ours: Vec<(usize, usize)>,
}

impl<'a> Call<'a> {
    /// Reads what is asked.
    ///
    /// # Errors
    /// If the request is not what CDS Hooks says it is, or speaks about two patients.
    pub fn read<P>(
        content: &Content,
        service: &Service,
        request: &HookRequest<'a, P>,
    ) -> Result<Self, Refusal> {
        Self::read_with(content, service, request, &[])
    }

    /// The same, with `Medication` resources that the orders point to and the request does not hold.
    ///
    /// # Errors
    /// As [`Call::read`].
    pub fn read_with<P>(
        content: &Content,
        service: &Service,
        request: &HookRequest<'a, P>,
        medications: &[&'a RawValue],
    ) -> Result<Self, Refusal> {
        let context = OrderSignContext::read(request)?;
        check_patient(request, &context)?;
        let drafts = DraftOrders::read_with(context.draft_orders, medications)
            .map_err(|_| Refusal::unreadable_orders())?;
        let ours = ours(content, service, &drafts);
        let call = Self { hook_instance: request.hook_instance.clone(), context, drafts, ours };
        // The other orders say what is given along with ours: they must be this patient's too.
        if !call.ours.is_empty() {
            call.drafts.orders.iter().try_for_each(|order| check_subject(order, &call.context))?;
        }
        Ok(call)
    }

    /// The data elements that decide about them, as the drugs that are ordered need them, each once. An order whose drug
    /// nobody has sent may be for any of them.
    #[must_use]
    pub fn elements(&self, service: &Service) -> Vec<ElementIndex> {
        let is_open = !self.drafts.unresolved().is_empty();
        let is_needed = |position: usize| is_open || self.ours.iter().any(|(drug, _)| *drug == position);
        let drugs = service.drugs.iter().enumerate().filter(|(position, _)| is_needed(*position));
        let elements = drugs.flat_map(|(_, drug)| &drug.elements);
        elements.copied().collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The orders that the service speaks about.
    #[must_use]
    pub fn orders(&self) -> Vec<&Order<'a>> {
        self.ours.iter().filter_map(|(_, order)| self.drafts.orders.get(*order)).collect()
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
    request: HookRequest<'a, Sent<'a>>,
    at: Timestamp,
) -> Result<Decisions<'c, 'a>, Refusal> {
    let call = Call::read(content, service, &request)?;
    // With access to the EHR the data can be had: what was not sent is then unread, not missing for good.
    let has_access = request.fhir_authorization.is_some();
    let record = sent_record(content, service, &call, request.prefetch);
    decide_by(content, service, call, record, has_access, at)
}

/// The same, where the request brought everything that the EHR could be asked for; `None` where something is to be asked.
///
/// # Errors
/// As [`decide`].
pub fn decide_whole<'c, 'a>(
    content: &'c Content,
    service: &'c Service,
    request: HookRequest<'a, Sent<'a>>,
    at: Timestamp,
) -> Result<Option<Decisions<'c, 'a>>, Refusal> {
    let call = Call::read(content, service, &request)?;
    let wanted = ehr::templates::searches(&content.record, &call.elements(service));
    let is_sent = |search: &Search| request.prefetch.iter().any(|(key, _)| *key == search.key());
    if !call.drafts.unresolved().is_empty() || !wanted.iter().all(is_sent) {
        return Ok(None);
    }
    let record = sent_record(content, service, &call, request.prefetch);
    let orders: Vec<&Order<'_>> = call.drafts.orders.iter().filter(|order| order.asks_to_give()).collect();
    if !call.ours.is_empty() && !ehr::fetch::is_whole(&record, &orders, &wanted) {
        return Ok(None);
    }
    decide_by(content, service, call, record, true, at).map(Some)
}

/// The record that a request brought, of what was read in the pass over its body; without an order of ours it is not
/// looked at.
#[must_use]
pub fn sent_record<'a>(
    content: &Content,
    service: &Service,
    call: &Call<'_>,
    sent: Vec<(Cow<'a, str>, Sent<'a>)>,
) -> Record<'a> {
    if call.ours.is_empty() {
        return Record::default();
    }
    let (patient_id, terminology) = (&call.context.patient_id, &content.record.terminology);
    Record::of(sent, patient_id, terminology, &service.searches)
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
    if call.ours.is_empty() {
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
    mut record: Record<'a>,
    has_access: bool,
    at: Timestamp,
) -> Result<Decisions<'c, 'a>, Refusal> {
    let Call { hook_instance, context, drafts, ours } = call;
    record.signed_by(&context.user_id);
    if !ours.is_empty() && !has_access && !record.answered_any() {
        return Err(Refusal::no_data(service));
    }
    let payers = Payers::of(service, &record);
    let orders: Vec<Decision<'c, 'a>> = ours
        .into_iter()
        .filter_map(|(drug, order)| service.drugs.get(drug).zip(drafts.orders.get(order)))
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
    Ok(Decisions { hook_instance, context, orders, record })
}

/// The orders that the service speaks about, each with its drug.
fn ours(content: &Content, service: &Service, drafts: &DraftOrders<'_>) -> Vec<(usize, usize)> {
    let ours = drafts.orders.iter().enumerate().filter_map(|(position, order)| {
        let concept = order.drug.as_ref().filter(|_| order.asks_to_give())?;
        let is_ordered = |drug: &Drug| content.record.terminology.has(&drug.file.medication, concept);
        service.drugs.iter().position(is_ordered).map(|drug| (drug, position))
    });
    ours.collect()
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
fn check_patient<P>(request: &HookRequest<'_, P>, context: &OrderSignContext<'_>) -> Result<(), Refusal> {
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
