//! An order that is sent back with another dose: the client's own bytes, but for the dose and its words.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly, in its helpers too")]

use serde::Deserialize;
use serde_json::value::RawValue;
use signpost::answer::answer;
use signpost::content::{Content, Files};

#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    cards: Vec<Card<'a>>,
}

#[derive(Deserialize)]
struct Card<'a> {
    #[serde(borrow, default)]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Deserialize)]
struct Suggestion<'a> {
    label: String,
    #[serde(borrow)]
    actions: Vec<Action<'a>>,
}

#[derive(Deserialize)]
struct Action<'a> {
    r#type: String,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

/// The updates that the service offers for a bundled request, by their labels; the request is changed as text first.
fn updates(name: &str, change: impl Fn(String) -> String) -> Vec<(String, String)> {
    let path = format!("{}/../fixtures/requests/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let body = change(std::fs::read_to_string(path).unwrap());
    let content = Content::load(&Files::bundled()).unwrap();
    let service = content.service("coverage-order-sign").unwrap();
    let bytes = answer(&content, service, body.as_bytes(), "2026-11-22T12:00:00Z".parse().unwrap()).unwrap();
    let answer: Answer<'_> = serde_json::from_slice(&bytes).unwrap();
    let suggestions = answer.cards.into_iter().flat_map(|card| card.suggestions);
    suggestions
        .flat_map(|suggestion| {
            let updates = suggestion.actions.into_iter().filter(|action| action.r#type == "update");
            updates
                .map(|action| (suggestion.label.clone(), action.resource.unwrap().get().to_owned()))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Members that no view reads, spelled as few writers spell them.
const ODD: &str =
    r#""x-client" : { "ratio":0.1e3,"one":1.00, "big": 12345678901234567890.10, "text":"\u00e9\/" },"#;

/// Writes odd members into the draft order.
fn with_odd_members(request: String) -> String {
    let marker = r#""resourceType": "MedicationRequest","#;
    assert!(request.contains(marker), "the request has an order");
    request.replacen(marker, &format!("{marker}{ODD}"), 1)
}

#[test]
fn everything_but_the_dose_comes_back_byte_for_byte() {
    let updates = updates("dose-over-label", with_odd_members);
    assert!(!updates.is_empty(), "a dose is offered");
    for (label, order) in updates {
        assert!(order.contains(ODD), "{label}: the odd members came back as they were");
    }
}

/// Label, dose and text of each update.
fn doses(name: &str) -> Vec<String> {
    let dose = |(label, order): (String, String)| {
        let order: serde_json::Value = serde_json::from_str(&order).unwrap();
        let dosage = &order["dosageInstruction"][0];
        let quantity = &dosage["doseAndRate"][0]["doseQuantity"];
        format!("{label}: {} {}, {}", quantity["value"], quantity["unit"], dosage["text"])
    };
    updates(name, |request| request).into_iter().map(dose).collect()
}

#[test]
fn a_dose_in_milligrams_is_worked_out_from_what_it_is_now() {
    // 81 mg are 45.03 mg/m2 for this patient. The text says another dose too, so it cannot stay.
    assert_eq!(doses("dose-over-label"), [r#"Change the dose to 40 mg/m2: 71.9 "mg", "71.9 mg""#]);
}

#[test]
fn the_dose_in_the_text_changes_with_it() {
    let text = "20 mg/m2 IV over 3 hours every 21 days";
    assert_eq!(
        doses("strong-cyp3a4-inhibitor"),
        [format!(r#"Change the dose to 20 mg/m2: 20 "mg/m2", "{text}""#)]
    );
}
