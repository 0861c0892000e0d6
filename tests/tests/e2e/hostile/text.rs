//! Text that a record brings stays text, whatever a client's renderer makes of Markdown and HTML.

use serde_json::json;

use crate::support::resources::{LOINC, PATIENT, attestation, concept, observed};
use crate::support::{Answer, Request};

/// Pieces of HTML, Markdown and control characters; each would show if it got through.
const HOSTILE: [&str; 9] = [
    "<img src=x onerror=alert(1)>",
    "</td></table><script>alert(1)</script>",
    "[click](https://evil.example/a.b)",
    "![i](javascript:alert(1))",
    "a | b | c\n| d",
    "**bold** _it_ ~~no~~ `code`",
    "\u{202e}drow\u{2066}\u{200b}\u{feff}",
    "x\r\n\r\n# head\n- item\n```\n",
    "\u{0} \u{7} \u{1b}[31m &lt; &#60; www.evil.example a@evil.example",
];

/// A request that brings `text` to as many places of the cards as there are.
fn request(text: &str) -> Request {
    let low = json!({ "value": 0.5, "unit": "10*3/uL", "code": "10*3/uL" });
    let lab = |id, loinc, value| observed(id, (LOINC, loinc), "2026-11-20", value);
    let order = "/context/draftOrders/entry/0/resource";
    let mut request = Request::meets()
        .found("laboratory", [
            lab("anc2", "751-8", ("valueQuantity", low)),
            lab("plt2", "777-3", ("valueString", json!(text))),
            lab("ast2", "1920-8", ("valueQuantity", json!({ "value": 5, "unit": text }))),
            lab("alt2", "1742-6", ("valueQuantity", json!({ "value": 1, "unit": "U/L", "comparator": text }))),
        ])
        .found("allergies", [json!({
            "resourceType": "AllergyIntolerance", "id": "a1", "patient": { "reference": format!("Patient/{PATIENT}") },
            "code": { "text": format!("Cremophor EL {text}"), "coding": [{ "system": text, "code": text, "display": text }] },
            "reaction": [{ "manifestation": [{ "text": text }], "severity": "severe", "description": text }]
        })])
        .found("clinical-observations", [
            observed("her2", (LOINC, "85319-2"), text, ("valueString", json!(text))),
            observed("er", (LOINC, "85337-4"), "2026-01-01", ("valueCodeableConcept", json!({ "text": text }))),
        ])
        .found("attestations", [attestation("disease.visceral-crisis", ("valueString", json!(text)))])
        .found("user-roles", [json!({
            "resourceType": "PractitionerRole", "id": text, "practitioner": { "reference": "Practitioner/dr1" },
            "specialty": [{ "text": text }]
        })])
        .found("coverage", [json!({
            "resourceType": "Coverage", "status": "active", "payor": [{ "display": text }]
        })]);
    let order = request.0.pointer_mut(order).expect("the order");
    order["medicationCodeableConcept"]["text"] = json!(format!("Ixempra {text}"));
    order["medicationCodeableConcept"]["coding"][0]["display"] = json!(text);
    order["dosageInstruction"][0]["text"] = json!(text);
    order["dosageInstruction"][0]["route"] = concept(text, text);
    order["dosageInstruction"][0]["route"]["text"] = json!(text);
    request
}

fn is_hidden(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Markdown without what is escaped in it.
fn bare(markdown: &str) -> String {
    let mut bare = String::new();
    let mut chars = markdown.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            char => bare.push(char),
        }
    }
    bare
}

fn stays_text(answer: &Answer, text: &str) {
    for card in answer.cards() {
        let detail = card["detail"].as_str().expect("a detail");
        let bare = bare(&detail.replace("<br>", ""));
        for forbidden in [
            "<", ">", "](", "![", "`", "~~", "**bold", "_it_", "www.", "a@", "&#60;", "\n# head", "\n- item",
            "\n```",
        ] {
            assert!(!bare.contains(forbidden), "{forbidden} of {text:?} in {detail}");
        }
        assert!(
            !detail.contains(|char| is_hidden(char) || (char.is_control() && char != '\n')),
            "{detail:?}"
        );
        let columns = |line: &str| line.matches('|').count();
        for row in bare.lines().filter(|line| line.contains('|')) {
            assert!(row.starts_with("| ") && columns(row) == 5, "{text:?} broke a table: {row}");
        }
        let summary = card["summary"].as_str().expect("a summary");
        assert!(!summary.contains(|char: char| char.is_control() || is_hidden(char)), "{summary:?}");
    }
}

#[test]
fn text_of_a_record_stays_text() {
    for text in HOSTILE {
        let answer = request(text).post();
        assert!(answer.limits("met").contains(&"neutrophils-low".to_owned()), "{text:?}");
        assert!(answer.limits("met").contains(&"castor-oil-hypersensitivity".to_owned()), "{text:?}");
        stays_text(&answer, text);
        // Without the low count the allergy comes first, as far as the summary.
        let allergy = request(text).answered("laboratory", json!(null)).post();
        assert!(allergy.cards()[0]["summary"].to_string().contains("Cremophor"), "{}", allergy.text());
        stays_text(&allergy, text);
    }
}

/// A name as long as a novel is cut, in code points and not in bytes.
#[test]
fn long_text_is_cut() {
    for text in ["\u{1f9ec}".repeat(5_000), "ä".repeat(5_000), "a ".repeat(5_000), "x".repeat(100_000)] {
        let answer = request(&text).post();
        assert!(answer.bytes.len() < 200_000, "{}", answer.bytes.len());
    }
}

/// What the check looks for would be found.
#[test]
fn escapes_are_told_from_markup() {
    assert_eq!(bare(r"a \| b \[c\]"), "a  b c");
    assert!(bare("[a](b)").contains("]("));
}
