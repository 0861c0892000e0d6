//! MedicationRequest on record.

use serde_json::{Value, json};

use crate::chart::{Chart, drug, holds, lines, with};

fn order() -> Value {
    json!({ "resourceType": "MedicationRequest", "id": "r", "status": "completed", "intent": "order",
        "medicationCodeableConcept": drug("alphacin"), "authoredOn": "2025-01-10T08:00:00Z",
        "dosageInstruction": [{ "timing": { "repeat": { "boundsPeriod": { "end": "2025-04-20" } } } }] })
}

#[test]
fn by_status_and_intent() {
    let ordered: &[&str] = &["alphacin ordered 2025-01-10 to 2025-04-20"];
    let mut rows: Vec<(&str, Value, &[&str])> = Vec::new();
    for status in ["active", "completed", "stopped", "on-hold", "unknown"] {
        rows.push((status, json!({ "status": status }), ordered));
    }
    for status in ["cancelled", "draft", "entered-in-error"] {
        rows.push((status, json!({ "status": status }), &[]));
    }
    for intent in ["order", "original-order", "reflex-order", "filler-order", "instance-order"] {
        rows.push((intent, json!({ "intent": intent }), ordered));
    }
    for intent in ["proposal", "plan", "option"] {
        rows.push((intent, json!({ "intent": intent }), &[]));
    }
    rows.push(("no status", json!({ "status": null }), ordered));
    rows.push(("no intent", json!({ "intent": null }), ordered));
    rows.push(("withheld", json!({ "doNotPerform": true }), &[]));
    holds(&order(), &rows);
}

#[test]
fn by_date() {
    let timed = |timing: Value| json!({ "dosageInstruction": [{ "timing": timing }] });
    let bounds = |period: Value| timed(json!({ "repeat": { "boundsPeriod": period } }));
    let dispensed = |request: Value| json!({ "dosageInstruction": null, "dispenseRequest": request });
    let untimed = |status: &str| json!({ "status": status, "dosageInstruction": null });
    let open: &[&str] = &["alphacin ordered 2025-01-10 to 2025-01-10/2026-06-15"];
    holds(
        &order(),
        &[
            ("active, no end", untimed("active"), open),
            ("completed, no end", untimed("completed"), open),
            ("an end that is to come", bounds(json!({ "end": "2026-12-31" })), open),
            (
                "a later start",
                bounds(json!({ "start": "2025-02-01", "end": "2025-03-01" })),
                &["alphacin ordered 2025-02-01 to 2025-03-01"],
            ),
            (
                "a duration",
                timed(json!({ "repeat": { "boundsDuration": { "value": 3, "code": "wk" } } })),
                &["alphacin ordered 2025-01-10 to 2025-01-30"],
            ),
            (
                "days",
                timed(json!({ "event": ["2025-02-01", "2025-02-08", "2025-02-15"] })),
                &["alphacin ordered 2025-02-01 to 2025-02-15"],
            ),
            (
                "validity",
                dispensed(json!({ "validityPeriod": { "end": "2025-05-01" } })),
                &["alphacin ordered 2025-01-10 to 2025-05-01"],
            ),
            (
                "supply with repeats",
                dispensed(
                    json!({ "expectedSupplyDuration": { "value": 90, "unit": "days" }, "numberOfRepeatsAllowed": 1 }),
                ),
                &["alphacin ordered 2025-01-10 to 2025-07-08"],
            ),
            (
                "no date",
                json!({ "authoredOn": null, "dosageInstruction": null }),
                &["alphacin ordered ? to ?"],
            ),
        ],
    );
}

#[test]
fn a_planned_cycle_says_nothing() {
    let starts = |start: &str| {
        json!({ "status": "active",
            "dosageInstruction": [{ "timing": { "repeat": { "boundsPeriod": { "start": start } } } }] })
    };
    holds(
        &order(),
        &[
            ("a moment ago", starts("2026-06-15T11:59:59Z"), &["alphacin ordered 2026-06-15 to 2026-06-15"]),
            ("in a moment", starts("2026-06-15T12:00:01Z"), &[]),
            ("today", starts("2026-06-15"), &["alphacin ordered 2026-06-15 to 2026-06-15"]),
            ("tomorrow", starts("2026-06-16"), &[]),
            (
                "next month",
                json!({ "dosageInstruction": [{ "timing": { "event": ["2026-07-01", "2026-07-22"] } }] }),
                &[],
            ),
            (
                "one was, one is to come",
                json!({ "dosageInstruction": [{ "timing": { "event": ["2026-06-01", "2026-06-22"] } }] }),
                &["alphacin ordered 2026-06-01 to 2026-06-01/2026-06-15"],
            ),
            ("written ahead", json!({ "authoredOn": "2026-07-01", "dosageInstruction": null }), &[]),
        ],
    );
}

#[test]
fn what_is_being_signed_is_no_history() {
    let own = |members: Value| {
        with(order(), json!({ "medicationCodeableConcept": drug("gammalide"), "dosageInstruction": null, "status": "active" }))
            .as_object()
            .map(|object| with(Value::Object(object.clone()), members.clone()))
            .unwrap()
    };
    let kept = ["gammalide ordered 2025-01-10 to 2025-01-10/2026-06-15"];
    let rows: [(&str, Value, Value, &[&str]); 9] = [
        ("an earlier order of the drug", json!({}), json!({}), &kept),
        ("the order itself", json!({ "id": "o1" }), json!({}), &[]),
        ("a companion itself", json!({ "id": "o2" }), json!({}), &[]),
        ("made from it", json!({ "basedOn": [{ "reference": "MedicationRequest/o1" }] }), json!({}), &[]),
        (
            "in its place",
            json!({ "priorPrescription": { "reference": "MedicationRequest/o1" } }),
            json!({}),
            &[],
        ),
        (
            "what it was made from",
            json!({}),
            json!({ "basedOn": [{ "reference": "MedicationRequest/r" }] }),
            &[],
        ),
        ("a plan of the same id", json!({ "basedOn": [{ "reference": "CarePlan/o1" }] }), json!({}), &kept),
        (
            "a copy by its identifier",
            json!({ "identifier": [{ "system": "urn:x", "value": "7" }] }),
            json!({ "identifier": [{ "system": "urn:x", "value": "7" }] }),
            &[],
        ),
        ("a copy of the same day", json!({ "authoredOn": "2026-06-15T09:00:00Z" }), json!({}), &[]),
    ];
    for (name, members, draft, expected) in rows {
        let mut chart = Chart::of(&[own(members)]);
        chart.order = Some(draft);
        chart.companions = vec![json!({ "resourceType": "MedicationRequest", "id": "o2", "intent": "order",
            "status": "draft", "medicationCodeableConcept": drug("betamab") })];
        let read = chart.read();
        assert_eq!(lines(&read), expected, "{name}");
        assert_eq!((read.ordered, read.companions), (vec![2], vec![1]), "{name}");
    }
}

#[test]
fn another_drug_of_the_same_day_is_history() {
    let other =
        with(order(), json!({ "authoredOn": "2026-06-15", "status": "active", "dosageInstruction": null }));
    assert_eq!(lines(&Chart::of(&[other]).read()), ["alphacin ordered 2026-06-15 to 2026-06-15"]);
}
