//! What every test of a data element gives: content, prefetch, draft orders, an instant. What is known comes out.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

use criteria::Known;
use ehr::content::Content;
use ehr::derived::Derived;
use ehr::knowledge::knowledge;
use ehr::order::DraftOrders;
use ehr::reading::Reading;
use ehr::record::Record;
use ehr::search::Search;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// The patient of every test.
pub const PATIENT: &str = "p1";

/// What the EHR sends, and when it is evaluated. The first draft order is the one that is decided on.
pub struct Given<'g> {
    pub content: &'g Content,
    pub prefetch: &'g [(&'g str, Value)],
    pub drafts: &'g [Value],
    pub at: &'g str,
}

impl Given<'_> {
    /// What is known of an element.
    pub fn known(&self, element: &str) -> Known {
        let content = self.content;
        let index = content.elements.find(element).unwrap_or_else(|| panic!("no element {element}"));
        let raws: Vec<_> = self.prefetch.iter().map(|(key, value)| (*key, raw(value))).collect();
        let borrowed: Vec<_> = raws.iter().map(|(key, raw)| (*key, raw.as_ref())).collect();
        let record = Record::read(&borrowed, PATIENT, &content.terminology, &Search::ALL);
        let drafts = raw(&bundle(self.drafts));
        let drafts = DraftOrders::read(&drafts).unwrap();
        let reading = Reading {
            record: &record,
            order: drafts.orders.first().unwrap(),
            drafts: &drafts,
            terminology: &content.terminology,
            definitions: &content.definitions,
            therapies: &content.therapies,
            at: self.at.parse().unwrap(),
            derived: Derived::default(),
        };
        knowledge(content, &[index], &reading).get(index).unwrap().clone()
    }
}

/// A resource as it comes over the wire.
pub fn raw(value: &Value) -> Box<RawValue> {
    RawValue::from_string(value.to_string()).unwrap()
}

/// A search result.
pub fn bundle(resources: &[Value]) -> Value {
    let entries: Vec<_> = resources.iter().map(|resource| json!({ "resource": resource })).collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries })
}

/// The members of `more` put over those of `resource`; `null` takes one away.
pub fn merged(mut resource: Value, more: &Value) -> Value {
    let object = resource.as_object_mut().unwrap();
    for (key, value) in more.as_object().into_iter().flatten() {
        if value.is_null() {
            object.remove(key);
        } else {
            object.insert(key.clone(), value.clone());
        }
    }
    resource
}

/// A value set file with the codes of one system.
pub fn value_set(id: &str, system: &str, codes: &[&str]) -> (String, String) {
    let concepts: Vec<_> = codes.iter().map(|code| json!({ "code": code })).collect();
    composed(id, &json!({ "include": [{ "system": system, "concept": concepts }] }))
}

/// A value set file with this `compose`.
pub fn composed(id: &str, compose: &Value) -> (String, String) {
    let file = json!({
        "resourceType": "ValueSet", "id": id, "version": "1", "status": "active", "compose": compose,
        "extension": [{ "url": "urn:signpost:source", "valueString": "made up" }],
    });
    (format!("{id}.json"), file.to_string())
}
