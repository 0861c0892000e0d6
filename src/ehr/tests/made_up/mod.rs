//! A small content and a small record that the tests share.

use criteria::{Element, Known};
use ehr::content::Content;
use ehr::knowledge::knowledge;
use ehr::order::DraftOrders;
use ehr::reading::Reading;
use ehr::record::Record;
use ehr::search::Search;
use ehr::therapy::therapies::Therapies;
use serde_json::value::RawValue;
use serde_json::{Value, json};

pub const ELEMENTS: &str = r#"
elements:
  - { id: t.truth, title: T, description: D, settle: S, kind: truth }
  - { id: t.recent, title: T, description: D, settle: S, kind: truth, window-days: 14 }
  - { id: t.coded, title: T, description: D, settle: S, kind: coded, codes: [high, low, zero], groups: { negative: [low, zero] } }
  - { id: t.quantity, title: T, description: D, settle: S, kind: quantity, unit: mg }
  - { id: t.score, title: T, description: D, settle: S, kind: quantity, unit: "1" }
  - { id: t.multiple, title: T, description: D, settle: S, kind: multiple-of-uln }
  - { id: t.count, title: T, description: D, settle: S, kind: count }
  - { id: t.set, title: T, description: D, settle: S, kind: set, members: [one, two] }
  - id: t.allergy
    title: T
    description: D
    settle: S
    kind: truth
    absence: "no"
    sources: [ { allergy: { codes: solvent } } ]
  - id: t.marker
    title: T
    description: D
    settle: S
    kind: truth
    sources: [ { signs: { yes: [ { observation: { codes: marker, values: solvent } } ] } } ]
"#;

pub fn value_set(id: &str, system: &str, codes: &[&str]) -> (String, String) {
    let concepts: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
    let file = json!({
        "resourceType": "ValueSet", "id": id, "version": "1", "status": "active",
        "extension": [{ "url": "urn:signpost:source", "valueString": "made up" }],
        "compose": { "include": [{ "system": system, "concept": concepts }] },
    });
    (format!("{id}.json"), file.to_string())
}

pub fn value_sets() -> Vec<(String, String)> {
    vec![
        value_set("solvent", "urn:signpost:text", &["solvent"]),
        value_set("marker", "http://loinc.org", &["2-2", "1-1"]),
    ]
}

pub fn content() -> Content {
    Content::load(&[("t.yaml".into(), ELEMENTS.into())], &value_sets(), &[]).unwrap()
}

#[allow(dead_code, reason = "not every test file asks")]
/// What is known about an element from a prefetch and an order, on 2026-06-15.
pub fn known(id: &str, prefetch: &[(&str, Value)], order: &Value) -> (Element, Known) {
    let content = content();
    let raws: Vec<(&str, Box<RawValue>)> = prefetch
        .iter()
        .map(|(key, value)| (*key, RawValue::from_string(value.to_string()).unwrap()))
        .collect();
    let borrowed: Vec<(&str, &RawValue)> = raws.iter().map(|(key, raw)| (*key, raw.as_ref())).collect();
    let record = Record::read(&borrowed, "p1", &content.terminology, &Search::ALL);
    let bundle = json!({ "resourceType": "Bundle", "entry": [{ "resource": order }] });
    let raw = RawValue::from_string(bundle.to_string()).unwrap();
    let drafts = DraftOrders::read(&raw).unwrap();
    let reading = Reading {
        record: &record,
        order: &drafts.orders[0],
        drafts: &drafts,
        terminology: &content.terminology,
        definitions: &content.definitions,
        therapies: &Therapies::of(&content.therapies),
        at: "2026-06-15T12:00:00Z".parse().unwrap(),
    };
    let index = content.elements.find(id).unwrap();
    let known = knowledge(&content, &[index], &reading).get(index).unwrap().clone();
    (content.elements.get(index).unwrap().clone(), known)
}
