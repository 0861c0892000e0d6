//! Suggestions with real actions: take the order back, order laboratory tests, change the dose.

use criteria::limits::{Checked, Condition, LabOrder, Limits, Suggest};
use criteria::{Decimal, ElementIndex, Kind, Possible};
use hooks::{Action, Suggestion};
use serde_json::value::RawValue;

use super::dose::NewDose;
use super::{Subject, dose};

/// The suggestions that a limit's offer comes to for this order; none where the order cannot be changed so.
pub(super) fn suggestions(
    subject: &Subject<'_, '_, '_>,
    limits: &Limits,
    checked: &Checked<'_>,
    suggest: &Suggest,
) -> Vec<Suggestion> {
    let offered = match suggest {
        Suggest::RemoveOrder {} => remove_order(subject),
        Suggest::OrderLabs { labs } => order_labs(subject, limits, checked, labs),
        Suggest::ChangeDose { to, unit, .. } => change_dose(subject, to.0, unit),
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

/// Where results are missing, only the tests that bring them; where a result is bad, the tests to repeat.
fn order_labs(
    subject: &Subject<'_, '_, '_>,
    limits: &Limits,
    checked: &Checked<'_>,
    labs: &[String],
) -> Option<Suggestion> {
    let elements = &subject.content.record.elements;
    let is_missing = |id: &String| elements.find(id).is_some_and(|index| checked.elements.contains(&index));
    let repeats = !matches!(checked.limit.condition, Condition::Missing(_));
    let named = limits.lab_orders.iter().filter(|order| labs.contains(&order.id));
    let wanted: Vec<&LabOrder> =
        named.filter(|order| repeats || order.settles.iter().any(is_missing)).collect();
    let titles: Vec<&str> = wanted.iter().map(|order| order.title.as_str()).collect();
    let actions = wanted.iter().filter_map(|order| create(subject, order)).collect();
    suggestion(subject, format!("Order {}", titles.join(" and ")), actions)
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

fn change_dose(subject: &Subject<'_, '_, '_>, to: Decimal, unit: &str) -> Option<Suggestion> {
    let order = &subject.decision.order;
    order.request.id.get()?;
    let new = NewDose { to, unit, from: dose_now(subject, unit) };
    let changed = dose::changed(order.raw, &new)?;
    let words = dose::words(to, unit);
    let label = format!("Change the dose to {words}");
    let action = Action::update(format!("Change the dose of {} to {words}", order.reference), changed);
    suggestion(subject, label, vec![action])
}

/// The order's dose in a unit, as far as it is known: its upper end, so that what is worked out from it is no higher.
fn dose_now(subject: &Subject<'_, '_, '_>, unit: &str) -> Option<Decimal> {
    let elements = &subject.content.record.elements;
    let in_unit = |index: &&ElementIndex| {
        elements.get(**index).is_some_and(|element| element.kind == Kind::Quantity { unit: unit.to_owned() })
    };
    let known = subject.decision.knowledge.get(*subject.decision.drug.elements.iter().find(in_unit)?)?;
    match known.possible {
        Possible::Quantity(interval) => interval.high().value(),
        _ => None,
    }
}
