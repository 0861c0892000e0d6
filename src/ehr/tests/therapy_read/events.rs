//! What happened to the disease.

use serde_json::{Value, json};

use crate::chart::{Chart, code, details, events, with};

fn condition(members: Value) -> Value {
    let base = json!({ "resourceType": "Condition", "id": "c", "code": code("snomed", "201"),
        "clinicalStatus": { "coding": [{ "code": "active" }] }, "onsetDateTime": "2025-05-01", "recordedDate": "2025-06-01" });
    with(base, members)
}

fn observation(members: Value) -> Value {
    let base = json!({ "resourceType": "Observation", "id": "o", "status": "final", "code": code("loinc", "300"),
        "valueCodeableConcept": code("snomed", "401"), "effectiveDateTime": "2025-05-01" });
    with(base, members)
}

fn hold(make: impl Fn(Value) -> Value, rows: &[(Value, &[&str])]) {
    for (members, expected) in rows {
        assert_eq!(events(&Chart::of(&[make(members.clone())]).read()), *expected, "{members}");
    }
}

#[test]
fn conditions() {
    let verified = |status: &str| json!({ "verificationStatus": { "coding": [{ "code": status }] } });
    let clinical = |status: &str| json!({ "clinicalStatus": { "coding": [{ "code": status }] } });
    hold(
        condition,
        &[
            (json!({}), &["advanced 2025-05-01"]),
            (json!({ "onsetDateTime": null }), &["advanced 2025-06-01 or earlier"]),
            (json!({ "onsetDateTime": "2025" }), &["advanced 2025-01-01/2025-12-31"]),
            (
                json!({ "onsetDateTime": null, "onsetPeriod": { "start": "2025-05-02" } }),
                &["advanced 2025-05-02"],
            ),
            (json!({ "onsetDateTime": null, "recordedDate": null }), &["advanced ? or earlier"]),
            (json!({ "onsetDateTime": "2026-07-01" }), &[]),
            (clinical("resolved"), &["advanced 2025-05-01"]),
            (verified("confirmed"), &["advanced 2025-05-01"]),
            (verified("provisional"), &["advanced 2025-05-01, not sure"]),
            (verified("refuted"), &[]),
            (verified("entered-in-error"), &[]),
        ],
    );
}

#[test]
fn a_tumor_that_came_back_did_so_some_day_after_it_began() {
    let tumor = |status: &str| {
        json!({ "code": code("snomed", "200"), "clinicalStatus": { "coding": [{ "code": status }] },
            "onsetDateTime": "2020-02-01" })
    };
    hold(
        condition,
        &[
            (tumor("recurrence"), &["advanced 2020-02-01/2026-06-15"]),
            (tumor("relapse"), &["advanced 2020-02-01/2026-06-15"]),
            (tumor("active"), &[]),
        ],
    );
}

#[test]
fn stages() {
    let stage = |summary: Value| json!({ "code": code("snomed", "200"), "stage": [{ "summary": summary }] });
    hold(
        condition,
        &[
            (stage(code("snomed", "204")), &["advanced 2025-05-01"]),
            (stage(json!({ "text": "Stage IV" })), &["advanced 2025-05-01"]),
            (stage(json!({ "text": "Stage II" })), &[]),
        ],
    );
}

#[test]
fn observations() {
    hold(
        observation,
        &[
            (json!({}), &["progression 2025-05-01"]),
            (json!({ "valueCodeableConcept": code("snomed", "402") }), &["response 2025-05-01"]),
            (json!({ "valueCodeableConcept": code("snomed", "403") }), &["stable 2025-05-01"]),
            (
                json!({ "valueCodeableConcept": null, "valueString": "Progression" }),
                &["progression 2025-05-01"],
            ),
            (json!({ "status": "amended" }), &["progression 2025-05-01"]),
            (json!({ "status": "preliminary" }), &["progression 2025-05-01, not sure"]),
            (json!({ "status": "entered-in-error" }), &[]),
            (json!({ "status": "cancelled" }), &[]),
            (json!({ "effectiveDateTime": "2025-05-01T23:00:00-05:00" }), &["progression 2025-05-01"]),
            (json!({ "effectiveDateTime": "2026-07-01" }), &[]),
            (
                json!({ "effectiveDateTime": null, "effectivePeriod": { "start": "2025-05-01", "end": "2025-05-09" } }),
                &["progression 2025-05-01/2025-05-09"],
            ),
            (
                json!({ "effectiveDateTime": null, "issued": "2025-05-20T00:00:00Z" }),
                &["progression 2025-05-20 or earlier"],
            ),
            (json!({ "effectiveDateTime": null }), &["progression ?"]),
            (
                json!({ "code": code("loinc", "301"), "valueCodeableConcept": null, "valueBoolean": true }),
                &["advanced 2025-05-01"],
            ),
            (
                json!({ "code": code("loinc", "301"), "valueCodeableConcept": null, "valueBoolean": false }),
                &[],
            ),
        ],
    );
}

#[test]
fn a_value_that_says_two_ways_is_sure_of_neither() {
    let mut value = code("snomed", "401");
    value["coding"]
        .as_array_mut()
        .unwrap()
        .extend(code("snomed", "403")["coding"].as_array().unwrap().clone());
    hold(
        observation,
        &[(
            json!({ "valueCodeableConcept": value }),
            &["progression 2025-05-01, not sure", "stable 2025-05-01, not sure"],
        )],
    );
}

#[test]
fn a_status_that_cannot_be_told_may_be_progression() {
    let odd = observation(json!({ "valueCodeableConcept": code("snomed", "499") }));
    let read = Chart::of(&[odd]).read();
    assert_eq!(
        details(&read.events_not_read),
        ["Observation/o: `http://snomed.info/sct|499` is in no known value set, and may be progression"]
    );
    assert_eq!(details(&Chart::of(&[observation(json!({}))]).read().events_not_read), [""; 0]);
}

#[test]
fn events_stand_by_their_day() {
    let later = observation(json!({ "id": "a", "effectiveDateTime": "2025-08-01" }));
    let first = condition(json!({}));
    let forth = Chart::of(&[later.clone(), first.clone()]).read();
    assert_eq!(events(&forth), ["advanced 2025-05-01", "progression 2025-08-01"]);
    assert_eq!(forth, Chart::of(&[first, later.clone(), later]).read());
}
