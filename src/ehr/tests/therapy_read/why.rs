//! What a therapy was for, and why it ended.

use serde_json::{Value, json};

use crate::chart::{code, drug, exposures, with};

const URL: &str = "http://hl7.org/fhir/us/mcode/StructureDefinition/";

fn administration(members: Value) -> Value {
    let base = json!({ "resourceType": "MedicationAdministration", "id": "a", "status": "completed",
        "medicationCodeableConcept": drug("alphacin"), "effectiveDateTime": "2026-03-01" });
    with(base, members)
}

fn extension(name: &str, concept: Value) -> Value {
    json!([{ "url": format!("{URL}{name}"), "valueCodeableConcept": concept }])
}

fn said(resource: &Value) -> String {
    let lines = exposures(resource);
    assert_eq!(lines.len(), 1);
    lines[0].split("to ").last().unwrap().split_once(' ').map(|(_, said)| said.to_owned()).unwrap_or_default()
}

#[test]
fn intents() {
    let intent =
        |code_: &str| json!({ "extension": extension("mcode-procedure-intent", code("snomed", code_)) });
    let rows = [
        (intent("701"), "curative"),
        (intent("702"), "neoadjuvant"),
        (intent("703"), "adjuvant"),
        (intent("704"), "palliative"),
        (intent("999"), ""),
        (json!({ "extension": [{ "url": "urn:other", "valueCodeableConcept": code("snomed", "704") }] }), ""),
        (json!({ "reasonCode": [{ "text": "palliative treatment" }] }), "palliative"),
        (json!({ "note": [{ "text": "adjuvant, cycle 2" }] }), "adjuvant"),
        (json!({ "medicationCodeableConcept": drug("neoadjuvant alphacin") }), "neoadjuvant"),
        (
            json!({ "extension": extension("mcode-procedure-intent", code("snomed", "701")), "note": [{ "text": "adjuvant" }] }),
            "adjuvant",
        ),
        (json!({ "note": [{ "text": "neoadjuvant" }, { "text": "adjuvant" }] }), "curative"),
        (json!({ "note": [{ "text": "palliative" }, { "text": "adjuvant" }] }), ""),
        (json!({ "note": [{ "text": "not palliative" }] }), ""),
    ];
    for (members, expected) in rows {
        assert_eq!(said(&administration(members.clone())), expected, "{members}");
    }
}

#[test]
fn endings() {
    let rows = [
        (json!({ "statusReason": [code("snomed", "601")] }), "(NoResponse)"),
        (json!({ "statusReason": [code("snomed", "602")] }), "(NotTolerated)"),
        (json!({ "statusReason": [{ "text": "toxicity grade 3" }] }), "(NotTolerated)"),
        (json!({ "statusReason": [{ "text": "moved away" }] }), "(Other)"),
        (json!({ "statusReason": [] }), ""),
        (
            json!({ "extension": extension("mcode-treatment-termination-reason", code("snomed", "601")) }),
            "(NoResponse)",
        ),
        (json!({ "status": "stopped", "note": [{ "text": "stopped for progression" }] }), "(NoResponse)"),
        (json!({ "status": "stopped", "note": [{ "text": "no progression" }] }), ""),
        (json!({ "note": [{ "text": "look out for toxicity" }] }), ""),
    ];
    for (members, expected) in rows {
        assert_eq!(said(&administration(members.clone())), expected, "{members}");
    }
}

#[test]
fn every_resource_is_asked() {
    let reason = code("snomed", "601");
    let palliative = extension("mcode-procedure-intent", code("snomed", "704"));
    let common = json!({ "id": "x", "status": "stopped", "extension": palliative, "medicationCodeableConcept": drug("alphacin"),
        "code": drug("alphacin") });
    for (kind, members) in [
        ("MedicationAdministration", json!({ "statusReason": [reason], "effectiveDateTime": "2026-03-01" })),
        ("MedicationStatement", json!({ "statusReason": [reason], "effectiveDateTime": "2026-03-01" })),
        (
            "MedicationRequest",
            json!({ "statusReason": reason, "intent": "order", "authoredOn": "2026-03-01" }),
        ),
        ("Procedure", json!({ "statusReason": reason, "performedDateTime": "2026-03-01" })),
    ] {
        let resource = with(with(common.clone(), json!({ "resourceType": kind })), members);
        assert_eq!(said(&resource), "palliative (NoResponse)", "{kind}");
    }
    let dispense =
        with(common, json!({ "resourceType": "MedicationDispense", "whenHandedOver": "2026-03-01" }));
    assert_eq!(said(&dispense), "palliative");
}
