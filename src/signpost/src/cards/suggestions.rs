//! Suggestions with real actions: take the order back, order laboratory tests, change the dose.

use criteria::limits::{LabOrder, Limits, Suggest};
use hooks::{Action, Suggestion};
use serde_json::value::RawValue;

use super::{Subject, dose};

/// The suggestions that a limit's offer comes to for this order; none where the order cannot be changed so.
pub(super) fn suggestions(
    subject: &Subject<'_, '_, '_>,
    limits: &Limits,
    suggest: &Suggest,
) -> Vec<Suggestion> {
    let offered = match suggest {
        Suggest::RemoveOrder {} => remove_order(subject),
        Suggest::OrderLabs { labs } => order_labs(subject, limits, labs),
        Suggest::ChangeDose { to, unit } => change_dose(subject, to.0, unit),
    };
    offered.into_iter().collect()
}

fn suggestion(subject: &Subject<'_, '_, '_>, label: String, actions: Vec<Action>) -> Option<Suggestion> {
    let uuid = Some(subject.id(&["suggestion", &label]));
    (!actions.is_empty()).then_some(Suggestion { label, uuid, is_recommended: false, actions })
}

/// Only an order with an id can be named in an action.
fn remove_order(subject: &Subject<'_, '_, '_>) -> Option<Suggestion> {
    let order = &subject.decision.order;
    order.request.id.get()?;
    let label = format!("Remove the {} order", subject.decision.drug.file.name);
    let action = Action::delete(format!("Remove {}", order.reference), order.reference.as_str());
    suggestion(subject, label, vec![action])
}

fn order_labs(subject: &Subject<'_, '_, '_>, limits: &Limits, labs: &[String]) -> Option<Suggestion> {
    let wanted: Vec<&LabOrder> = limits.lab_orders.iter().filter(|order| labs.contains(&order.id)).collect();
    let wanted: Vec<&LabOrder> = wanted.into_iter().filter(|order| would_settle(subject, order)).collect();
    let titles: Vec<&str> = wanted.iter().map(|order| order.title.as_str()).collect();
    let actions = wanted.iter().filter_map(|order| create(subject, order)).collect();
    suggestion(subject, format!("Order {}", titles.join(" and ")), actions)
}

/// A test is worth ordering where one of the elements that it settles is not exactly known.
fn would_settle(subject: &Subject<'_, '_, '_>, order: &LabOrder) -> bool {
    let elements = &subject.content.record.elements;
    order.settles.iter().filter_map(|id| elements.find(id)).any(|index| {
        let known = subject.decision.knowledge.get(index).map(|known| known.possible);
        elements.get(index).zip(known).is_some_and(|(element, known)| !element.kind.is_exact(&known))
    })
}

fn create(subject: &Subject<'_, '_, '_>, order: &LabOrder) -> Option<Action> {
    let coding = r4::Coding { system: &order.system, code: &order.code, display: Some(&order.display) };
    let patient = format!("Patient/{}", subject.call.patient_id);
    let encounter = subject.call.encounter_id.map(|id| format!("Encounter/{id}"));
    let reason = format!("Before {}", subject.decision.drug.file.generic);
    let resource = r4::service_request(&r4::LabOrder {
        code: &[coding],
        text: &order.title,
        subject: &patient,
        encounter: encounter.as_deref(),
        authored_on: subject.call.day,
        reason_text: Some(&reason),
        reason_reference: None,
    });
    let resource =
        resource.inspect_err(|error| tracing::error!(%error, "a laboratory order could not be written"));
    let resource = RawValue::from_string(resource.ok()?).ok()?;
    Some(Action::create(format!("Order {}", order.title), resource))
}

fn change_dose(
    subject: &Subject<'_, '_, '_>,
    to: criteria::interval::Decimal,
    unit: &str,
) -> Option<Suggestion> {
    let order = &subject.decision.order;
    order.request.id.get()?;
    let changed = dose::changed(order.raw, to, unit)?;
    let label = format!("Change the dose to {to} {unit}");
    let action = Action::update(format!("Change the dose of {} to {to} {unit}", order.reference), changed);
    suggestion(subject, label, vec![action])
}
