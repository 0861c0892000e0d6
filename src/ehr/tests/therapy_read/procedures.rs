//! Procedure: giving a drug, and surgery.

use serde_json::{Value, json};

use crate::chart::{Chart, code, details, drug, events, holds, with};

fn procedure() -> Value {
    json!({ "resourceType": "Procedure", "id": "p", "status": "completed",
        "code": drug("chemotherapy, alphacin"), "performedDateTime": "2025-03-01" })
}

#[test]
fn by_status_and_drug() {
    let given: &[&str] = &["alphacin given 2025-03-01 to 2025-03-01"];
    let named: &[&str] = &["alphacin ordered 2025-03-01 to 2025-03-01"];
    let stated: &[&str] = &["alphacin stated 2025-03-01 to 2025-03-01"];
    holds(
        &procedure(),
        &[
            ("completed", json!({}), given),
            ("in progress", json!({ "status": "in-progress" }), given),
            ("stopped", json!({ "status": "stopped" }), given),
            ("on hold", json!({ "status": "on-hold" }), stated),
            ("unknown", json!({ "status": "unknown" }), stated),
            ("preparation", json!({ "status": "preparation" }), &[]),
            ("not done", json!({ "status": "not-done" }), &[]),
            ("in error", json!({ "status": "entered-in-error" }), &[]),
            (
                "by what was used",
                json!({ "code": drug("infusion"), "usedCode": [code("rxnorm", "1")] }),
                given,
            ),
            ("by its code", json!({ "code": code("rxnorm", "1") }), given),
            ("infusion in words", json!({ "code": drug("Alphacin infusion") }), given),
            ("a coated stent", json!({ "code": drug("Insertion of alphacin-eluting stent") }), named),
            ("an ointment", json!({ "code": drug("Topical alphacin therapy") }), named),
            ("a talk", json!({ "code": drug("Alphacin counseling") }), named),
            ("a name alone", json!({ "code": drug("alphacin") }), named),
            ("something else", json!({ "code": drug("blood draw") }), &[]),
            (
                "a period",
                json!({ "performedDateTime": null, "performedPeriod": { "start": "2025-03-01", "end": "2025-05-01" } }),
                &["alphacin given 2025-03-01 to 2025-05-01"],
            ),
            ("to come", json!({ "performedDateTime": "2026-07-01" }), &[]),
        ],
    );
}

#[test]
fn chemotherapy_without_a_drug_is_named() {
    let chemotherapy = with(procedure(), json!({ "code": code("snomed", "100") }));
    let read = Chart::of(&[chemotherapy]).read();
    assert_eq!(
        details(&read.unplaced),
        ["100 on 2025-03-01 (Procedure/p) is therapy, but which drug is not told"]
    );
    assert_eq!(read.exposures, []);
    let unknown = with(procedure(), json!({ "code": code("snomed", "999") }));
    assert_eq!(Chart::of(&[unknown]).read().unplaced, [], "any procedure by a code alone is no therapy");
}

#[test]
fn surgery() {
    let surgery = with(procedure(), json!({ "code": code("snomed", "500") }));
    let rows = [
        (json!({}), vec!["surgery 2025-03-01"]),
        (json!({ "status": "unknown" }), vec!["surgery 2025-03-01, not sure"]),
        (json!({ "status": "not-done" }), vec![]),
        (json!({ "status": "preparation" }), vec![]),
        (json!({ "performedDateTime": "2026-07-01" }), vec![]),
        (json!({ "performedDateTime": null }), vec!["surgery ?"]),
        (
            json!({ "performedDateTime": null, "performedPeriod": { "start": "2025-03-01T22:00:00Z", "end": "2025-03-02" } }),
            vec!["surgery 2025-03-01/2025-03-02"],
        ),
    ];
    for (members, expected) in rows {
        let read = Chart::of(&[with(surgery.clone(), members.clone())]).read();
        assert_eq!(events(&read), expected, "{members}");
    }
}
