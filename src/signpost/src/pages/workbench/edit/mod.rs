//! Changes to a hook request, made in its own JSON: what is not changed stays as it came, numbers to the last digit.

mod apply;
mod attest;
mod drafts;
mod payer;

pub(super) use apply::apply;
pub(super) use attest::{Answer, attest, attested, forget};
pub(super) use drafts::{Dose, Draft, add, drafts, number, remove, write_days};
pub(super) use payer::set_payer;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The logical id of the patient whom a request is about.
pub(super) fn patient(request: &Value) -> &str {
    request.pointer("/context/patientId").and_then(Value::as_str).unwrap_or_default()
}

/// The entries of the draft Bundle.
pub(super) fn entries(request: &Value) -> &[Value] {
    let entries = request.pointer("/context/draftOrders/entry").and_then(Value::as_array);
    entries.map_or(&[], Vec::as_slice)
}

/// The same, to be changed; none where the request has no draft Bundle.
fn entries_mut(request: &mut Value) -> Option<&mut Vec<Value>> {
    let bundle = request.pointer_mut("/context/draftOrders")?.as_object_mut()?;
    bundle.entry("entry").or_insert_with(|| json!([])).as_array_mut()
}

/// An id that no draft has: an EHR gives what it makes an id of its own.
fn free_id(request: &Value) -> String {
    let ids = entries(request).iter().filter_map(|entry| entry.pointer("/resource/id")?.as_str());
    let taken: BTreeSet<&str> = ids.collect();
    let mut ids = (1_u32..).map(|number| format!("workbench-{number}"));
    ids.find(|id| !taken.contains(id.as_str())).unwrap_or_default()
}

/// What was prefetched, to be changed; made where the request brought nothing.
fn prefetch_mut(request: &mut Value) -> Option<&mut Map<String, Value>> {
    let members = request.as_object_mut()?;
    let prefetch = members.entry("prefetch").or_insert_with(|| json!({}));
    if !prefetch.is_object() {
        *prefetch = json!({});
    }
    prefetch.as_object_mut()
}
