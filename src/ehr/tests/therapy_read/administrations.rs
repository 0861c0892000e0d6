//! MedicationAdministration.

use serde_json::{Value, json};

use crate::chart::{Chart, code, details, drug, exposures, holds, lines, with};

fn administration() -> Value {
    json!({ "resourceType": "MedicationAdministration", "id": "a", "status": "completed",
        "subject": { "reference": "Patient/p1" }, "medicationCodeableConcept": drug("Alphacin 60 mg/m2"),
        "effectiveDateTime": "2026-03-01" })
}

#[test]
fn by_status() {
    holds(
        &administration(),
        &[
            ("completed", json!({ "status": "completed" }), &["alphacin given 2026-03-01 to 2026-03-01"]),
            ("in progress", json!({ "status": "in-progress" }), &["alphacin given 2026-03-01 to 2026-03-01"]),
            ("stopped", json!({ "status": "stopped" }), &["alphacin given 2026-03-01 to 2026-03-01"]),
            ("on hold", json!({ "status": "on-hold" }), &["alphacin stated 2026-03-01 to 2026-03-01"]),
            ("unknown", json!({ "status": "unknown" }), &["alphacin stated 2026-03-01 to 2026-03-01"]),
            ("no status", json!({ "status": null }), &["alphacin stated 2026-03-01 to 2026-03-01"]),
            (
                "for another disease",
                json!({ "reasonReference": [{ "reference": "Condition/o", "display": "Other disease" }] }),
                &["alphacin ordered 2026-03-01 to 2026-03-01"],
            ),
            (
                "for another disease by a code",
                json!({ "reasonCode": [code("snomed", "210")] }),
                &["alphacin ordered 2026-03-01 to 2026-03-01"],
            ),
            (
                "for another disease and this one",
                json!({ "reasonCode": [code("snomed", "210"), code("snomed", "200")] }),
                &["alphacin given 2026-03-01 to 2026-03-01"],
            ),
            ("not done", json!({ "status": "not-done" }), &[]),
            ("in error", json!({ "status": "entered-in-error" }), &[]),
        ],
    );
}

#[test]
fn by_date() {
    let at = |date: &str| json!({ "effectiveDateTime": date });
    let during = |period: Value| json!({ "effectiveDateTime": null, "effectivePeriod": period });
    holds(
        &administration(),
        &[
            (
                "the day of the sender",
                at("2026-03-01T23:30:00-08:00"),
                &["alphacin given 2026-03-01 to 2026-03-01"],
            ),
            (
                "the same instant in UTC",
                at("2026-03-02T07:30:00Z"),
                &["alphacin given 2026-03-02 to 2026-03-02"],
            ),
            ("a month", at("2025-02"), &["alphacin given 2025-02-01/2025-02-28 to 2025-02-01/2025-02-28"]),
            ("a year", at("2024"), &["alphacin given 2024-01-01/2024-12-31 to 2024-01-01/2024-12-31"]),
            ("this year", at("2026"), &["alphacin given 2026-01-01/2026-06-15 to 2026-01-01/2026-06-15"]),
            ("no date", json!({ "effectiveDateTime": null }), &["alphacin given ? to ?"]),
            ("no date that can be read", at("last spring"), &["alphacin given ? to ?"]),
            ("within 24 hours", at("2026-06-16T11:00:00Z"), &["alphacin given 2026-06-16 to 2026-06-16"]),
            ("later than that", at("2026-06-16T12:00:01Z"), &[]),
            ("next year", at("2027"), &[]),
            (
                "a period",
                during(json!({ "start": "2026-03-01T09:00:00Z", "end": "2026-03-02" })),
                &["alphacin given 2026-03-01 to 2026-03-02"],
            ),
            (
                "an open period",
                during(json!({ "start": "2026-03-01" })),
                &["alphacin given 2026-03-01 to 2026-03-01/2026-06-15"],
            ),
            ("an end alone", during(json!({ "end": "2026-03-02" })), &["alphacin given ? to 2026-03-02"]),
            (
                "an end before the start",
                during(json!({ "start": "2026-03-01", "end": "2025-03-01" })),
                &["alphacin given 2026-03-01 to 2026-03-01"],
            ),
            (
                "a start in the year of the end",
                during(json!({ "start": "2025", "end": "2025-03-01" })),
                &["alphacin given 2025-01-01/2025-03-01 to 2025-03-01"],
            ),
            (
                "an end that is to come",
                during(json!({ "start": "2026-06-01", "end": "2026-12-31" })),
                &["alphacin given 2026-06-01 to 2026-06-01/2026-06-15"],
            ),
            ("a period that is to come", during(json!({ "start": "2026-07-01" })), &[]),
        ],
    );
}

#[test]
fn by_drug() {
    let of = |concept: Value| json!({ "medicationCodeableConcept": concept });
    let given = "given 2026-03-01 to 2026-03-01";
    let (one, both) = (format!("alphacin {given}"), format!("alphacin+betamab {given}"));
    holds(
        &administration(),
        &[
            ("a code", of(code("rxnorm", "1")), &[&one]),
            ("a co-pack", of(code("rxnorm", "12")), &[&both]),
            ("two drugs in words", of(drug("alphacin and betamab")), &[&both]),
            ("another drug", of(drug("aspirin 81 mg")), &[]),
        ],
    );
}

#[test]
fn what_cannot_be_told_is_named() {
    let rows = [
        (
            json!({ "text": "Deltanib 5 mg" }),
            vec![
                "Deltanib 5 mg on 2026-03-01 (MedicationAdministration/a) is therapy, but which drug is not told",
            ],
        ),
        (
            json!({}),
            vec![
                "drug not stated on 2026-03-01 (MedicationAdministration/a) is a medication, but which drug is not stated",
            ],
        ),
        (
            code("rxnorm", "999"),
            vec![
                "999 on 2026-03-01 (MedicationAdministration/a) is a drug by a code alone that is in no value set",
            ],
        ),
        (json!({ "text": "aspirin" }), vec![]),
        // The agent says more than the word beside it.
        (json!({ "text": "chemotherapy, alphacin" }), vec![]),
    ];
    for (concept, expected) in rows {
        let resource = with(administration(), json!({ "medicationCodeableConcept": concept }));
        assert_eq!(details(&Chart::of(&[resource]).read().unplaced), expected);
    }
    let lost = with(
        administration(),
        json!({ "medicationCodeableConcept": null, "medicationReference": { "reference": "Medication/nowhere" } }),
    );
    assert_eq!(Chart::of(std::slice::from_ref(&lost)).read().unplaced.len(), 1);
    let not_given = with(lost, json!({ "status": "not-done" }));
    assert_eq!(Chart::of(&[not_given]).read().unplaced, []);
}

#[test]
fn the_order_of_resources_and_their_repetition_never_matter() {
    let one = administration();
    let other = with(administration(), json!({ "id": "b", "effectiveDateTime": "2026-02-01" }));
    let undated = with(administration(), json!({ "id": "c", "effectiveDateTime": null }));
    let forth = Chart::of(&[one.clone(), other.clone(), undated.clone()]).read();
    let back = Chart::of(&[undated.clone(), one.clone(), other, one, undated]).read();
    assert_eq!(forth, back);
    assert_eq!(
        lines(&forth),
        [
            "alphacin given ? to ?",
            "alphacin given 2026-02-01 to 2026-02-01",
            "alphacin given 2026-03-01 to 2026-03-01"
        ]
    );
    assert_eq!(exposures(&with(administration(), json!({ "id": null }))).len(), 1);
}
