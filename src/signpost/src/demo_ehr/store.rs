//! What the demo EHR holds: the resources that the bundled requests prefetch.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use crate::example;

/// Resources by type and id.
#[derive(Debug, Default)]
pub(super) struct Store(BTreeMap<String, BTreeMap<String, Value>>);

impl Store {
    /// The records of the bundled requests' patients, dated so that those requests happen at an instant.
    pub(super) fn at(at: Timestamp) -> Self {
        let mut store = Self::default();
        let requests = example::names().into_iter().filter_map(|name| example::request(name, at));
        for request in requests.filter_map(|text| serde_json::from_str::<Value>(&text).ok()) {
            let prefetched = request.get("prefetch").and_then(Value::as_object);
            prefetched.into_iter().flat_map(|members| members.values()).for_each(|value| store.take(value));
        }
        store
    }

    fn take(&mut self, value: &Value) {
        let member = |name: &str| value.get(name).and_then(Value::as_str);
        match (member("resourceType"), member("id")) {
            (Some("Bundle"), _) => {
                let entries = value.get("entry").and_then(Value::as_array).into_iter().flatten();
                entries.filter_map(|entry| entry.get("resource")).for_each(|resource| self.take(resource));
            }
            (Some(kind), Some(id)) if kind != "OperationOutcome" => {
                self.0.entry(kind.to_owned()).or_default().insert(id.to_owned(), value.clone());
            }
            _ => {}
        }
    }

    /// One resource.
    pub(super) fn read(&self, kind: &str, id: &str) -> Option<&Value> {
        self.0.get(kind)?.get(id)
    }

    /// The resource that a reference such as `Type/id` leads to.
    pub(super) fn follow(&self, reference: &str) -> Option<&Value> {
        let (kind, id) = reference.split_once('/')?;
        self.read(kind, id)
    }

    /// All resources of a type, by id.
    pub(super) fn all(&self, kind: &str) -> impl Iterator<Item = &Value> {
        self.0.get(kind).into_iter().flat_map(BTreeMap::values)
    }

    /// The types that it holds.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}
