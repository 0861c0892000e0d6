//! MedicationStatement.

use serde_json::{Value, json};

use crate::chart::{Chart, code, details, drug, holds, with};

fn statement() -> Value {
    json!({ "resourceType": "MedicationStatement", "id": "s", "status": "completed",
        "medicationCodeableConcept": drug("alphacin"),
        "effectivePeriod": { "start": "2025-01-10", "end": "2025-04-20" } })
}

#[test]
fn by_status() {
    let stated: &[&str] = &["alphacin stated 2025-01-10 to 2025-04-20"];
    let ordered: &[&str] = &["alphacin ordered 2025-01-10 to 2025-04-20"];
    holds(
        &statement(),
        &[
            ("active", json!({ "status": "active" }), stated),
            ("completed", json!({ "status": "completed" }), stated),
            ("stopped", json!({ "status": "stopped" }), stated),
            ("on hold", json!({ "status": "on-hold" }), stated),
            ("unknown", json!({ "status": "unknown" }), ordered),
            ("no status", json!({ "status": null }), ordered),
            ("intended", json!({ "status": "intended" }), &[]),
            ("not taken", json!({ "status": "not-taken" }), &[]),
            ("in error", json!({ "status": "entered-in-error" }), &[]),
        ],
    );
}

#[test]
fn by_date() {
    let open = |status: &str, asserted: Value| json!({ "status": status, "effectivePeriod": { "start": "2025-01-10" }, "dateAsserted": asserted });
    let once = |status: &str| json!({ "status": status, "effectivePeriod": null, "effectiveDateTime": "2025-01-10" });
    holds(
        &statement(),
        &[
            (
                "active and open, to today",
                open("active", Value::Null),
                &["alphacin stated 2025-01-10 to 2025-01-10/2026-06-15"],
            ),
            (
                "taken until it was asserted at least",
                open("active", json!("2026-02-01")),
                &["alphacin stated 2025-01-10 to 2026-02-01/2026-06-15"],
            ),
            (
                "over when it was asserted",
                open("completed", json!("2025-09-01")),
                &["alphacin stated 2025-01-10 to 2025-01-10/2025-09-01"],
            ),
            (
                "over by today",
                open("stopped", Value::Null),
                &["alphacin stated 2025-01-10 to 2025-01-10/2026-06-15"],
            ),
            ("a date", once("active"), &["alphacin stated 2025-01-10 to 2025-01-10/2026-06-15"]),
            (
                "years",
                json!({ "effectivePeriod": { "start": "2019", "end": "2020" } }),
                &["alphacin stated 2019-01-01/2019-12-31 to 2020-01-01/2020-12-31"],
            ),
            (
                "one year",
                json!({ "effectivePeriod": { "start": "2019", "end": "2019" } }),
                &["alphacin stated 2019-01-01/2019-12-31 to 2019-01-01/2019-12-31"],
            ),
            (
                "no date, active",
                json!({ "status": "active", "effectivePeriod": null, "dateAsserted": "2026-02-01" }),
                &["alphacin stated ? to 2026-02-01/2026-06-15"],
            ),
            ("no date", json!({ "effectivePeriod": null }), &["alphacin stated ? to ?"]),
            ("to come", json!({ "effectivePeriod": { "start": "2026-07-01" } }), &[]),
        ],
    );
}

#[test]
fn by_words() {
    let note =
        |drug: Value, note: &str| json!({ "medicationCodeableConcept": drug, "note": [{ "text": note }] });
    let aspirin = with(code("rxnorm", "9"), json!({ "text": "aspirin" }));
    let during = "stated 2025-01-10 to 2025-04-20";
    let (one, two) = (format!("alphacin {during}"), format!("alphacin+betamab {during}"));
    holds(
        &statement(),
        &[
            (
                "the text",
                json!({ "medicationCodeableConcept": drug("Alphacin weekly x12 at outside hospital") }),
                &[&one],
            ),
            ("the comment", note(drug("outside medication"), "alphacin weekly x12, then betamab"), &[&two]),
            ("beside other therapy", note(drug("chemotherapy"), "alphacin weekly"), &[&one]),
            ("beside a known drug", note(drug("alphacin"), "after betamab"), &[&one]),
            ("beside another drug's code", note(aspirin, "held during alphacin"), &[]),
            ("denied", json!({ "medicationCodeableConcept": drug("no alphacin") }), &[]),
        ],
    );
}

#[test]
fn by_source() {
    let patient = json!({ "informationSource": { "reference": "Patient/p1" } });
    let read = Chart::of(&[with(statement(), patient)]).read();
    assert_eq!(read.exposures[0].evidence.note.as_deref(), Some("as the patient reports"));
    holds(
        &statement(),
        &[
            ("of the order itself", json!({ "basedOn": [{ "reference": "MedicationRequest/o1" }] }), &[]),
            (
                "of another order",
                json!({ "basedOn": [{ "reference": "MedicationRequest/o7" }] }),
                &["alphacin stated 2025-01-10 to 2025-04-20"],
            ),
        ],
    );
}

#[test]
fn a_drug_of_the_past_is_named() {
    for words in ["History of alphacin", "hx of betamab", "h/o alphacin"] {
        let past = with(statement(), json!({ "medicationCodeableConcept": { "text": words } }));
        assert_eq!(Chart::of(&[past]).read().unplaced.len(), 1, "{words}");
    }
    let disease = with(statement(), json!({ "medicationCodeableConcept": { "text": "History of falls" } }));
    assert_eq!(Chart::of(&[disease]).read().unplaced, []);
}

#[test]
fn therapy_elsewhere_in_words_is_named() {
    let elsewhere =
        with(statement(), json!({ "medicationCodeableConcept": drug("chemotherapy at outside hospital") }));
    assert_eq!(
        details(&Chart::of(&[elsewhere]).read().unplaced),
        [
            "chemotherapy at outside hospital on 2025-04-20 (MedicationStatement/s) is therapy, but which drug is not told"
        ]
    );
}
