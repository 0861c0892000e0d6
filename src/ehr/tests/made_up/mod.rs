//! A small content and a small record that the tests share.

#[path = "../given/mod.rs"]
pub mod given;

use criteria::{Element, Known};
use ehr::content::Content;
use given::{Given, value_set};
use serde_json::Value;

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
    let drafts = std::slice::from_ref(order);
    let known = Given { content: &content, prefetch, drafts, at: "2026-06-15T12:00:00Z" }.known(id);
    let index = content.elements.find(id).unwrap();
    (content.elements.get(index).unwrap().clone(), known)
}
