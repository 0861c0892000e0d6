//! What an EHR does when a user takes a suggestion: its actions, on the orders that are being signed.

use serde_json::{Value, json};

use super::{entries_mut, free_id};
use crate::pages::workbench::view::{Action, ActionKind};

/// Carries out the actions of a suggestion.
pub fn apply(request: &mut Value, actions: &[Action]) {
    for action in actions {
        match (action.kind, &action.resource, &action.resource_id) {
            (ActionKind::Create, Some(resource), _) => create(request, resource),
            (ActionKind::Update, Some(resource), _) => update(request, resource),
            (ActionKind::Delete, _, Some(id)) => delete(request, id),
            _ => {}
        }
    }
}

fn create(request: &mut Value, resource: &Value) {
    let mut resource = resource.clone();
    if let Some(members) = resource.as_object_mut() {
        members.entry("id").or_insert_with(|| free_id(request).into());
    }
    if let Some(entries) = entries_mut(request) {
        entries.push(json!({ "resource": resource }));
    }
}

fn update(request: &mut Value, resource: &Value) {
    let reference = reference(resource);
    let of_entries = entries_mut(request).into_iter().flatten();
    let places = of_entries.filter_map(|entry| entry.get_mut("resource"));
    for place in places.filter(|place| self::reference(place) == reference) {
        *place = resource.clone();
    }
}

fn delete(request: &mut Value, id: &str) {
    if let Some(entries) = entries_mut(request) {
        entries.retain(|entry| entry.get("resource").is_none_or(|resource| reference(resource) != id));
    }
}

fn reference(resource: &Value) -> String {
    let text = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
    format!("{}/{}", text("resourceType"), text("id"))
}
