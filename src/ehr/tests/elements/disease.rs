//! Dated signs and the diagnosis.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with, status};

const LIVER: &str = "icd:C78.7";

fn stage(words: &str, date: &str, more: &Value) -> Value {
    let stage = json!({ "stage": [{ "summary": { "text": words } }] });
    condition("icd:C50.911", date, &merged(stage, more))
}

#[test]
fn signs_of_yes_by_status() {
    let liver = |more: &Value| vec![condition(LIVER, "2026-05-01", more)];
    check(
        "metastatic",
        &[
            ("nothing", vec![], "either: not-recorded"),
            ("no statuses", liver(&json!({})), "yes"),
            ("active", liver(&status("active", "confirmed")), "yes"),
            ("recurrence", liver(&status("recurrence", "")), "yes"),
            ("remission", liver(&status("remission", "confirmed")), "either: imprecise"),
            ("resolved", liver(&status("resolved", "confirmed")), "either: imprecise"),
            ("abated", liver(&json!({ "abatementDateTime": "2026-06-01" })), "either: imprecise"),
            ("refuted", liver(&status("active", "refuted")), "either: not-recorded"),
            ("entered in error", liver(&status("", "entered-in-error")), "either: not-recorded"),
            ("provisional", liver(&status("active", "provisional")), "either: imprecise"),
            ("differential", liver(&status("active", "differential")), "either: imprecise"),
            (
                "axillary nodes are regional",
                vec![condition("icd:C77.3", "2026-05-01", &json!({}))],
                "either: not-recorded",
            ),
            ("C79.81 alone", vec![condition("icd:C79.81", "2026-05-01", &json!({}))], "either: not-recorded"),
            ("stage IV of the Condition", vec![stage("Stage IV", "2026-01-01", &json!({}))], "yes"),
            ("stage IV in remission", vec![stage("Stage IV", "2026-01-01", &status("remission", ""))], "yes"),
            (
                "stage IV of a refuted Condition",
                vec![stage("Stage IV", "2026-01-01", &status("", "refuted"))],
                "either: not-recorded",
            ),
            ("M1", vec![seen("21907-1", "sct:1229903009", "2026-02-01")], "yes"),
            (
                "M1 in words",
                vec![seen_with("21907-1", "2026-02-01", &json!({ "valueString": "cM1, M1" }))],
                "yes",
            ),
            (
                "history of metastasis",
                vec![seen_with("sct:1287652008", "2026-02-01", &json!({ "valueBoolean": true }))],
                "yes",
            ),
            (
                "history of metastasis: false reverses it",
                vec![seen_with("sct:1287652008", "2026-02-01", &json!({ "valueBoolean": false }))],
                "either: not-recorded",
            ),
        ],
    );
}

#[test]
fn observations_count_by_status() {
    let m1 = |status: &str| {
        vec![merged(seen("21907-1", "sct:1229903009", "2026-02-01"), &json!({ "status": status }))]
    };
    check(
        "metastatic",
        &[
            ("final", m1("final"), "yes"),
            ("amended", m1("amended"), "yes"),
            ("corrected", m1("corrected"), "yes"),
            ("preliminary", m1("preliminary"), "either: imprecise"),
            ("registered", m1("registered"), "either: imprecise"),
            ("cancelled", m1("cancelled"), "either: not-recorded"),
            ("entered in error", m1("entered-in-error"), "either: not-recorded"),
        ],
    );
    let gaps = Chart::of(&m1("preliminary")).known("metastatic").gaps;
    assert!(gaps.iter().any(|gap| gap.detail.contains("preliminary")), "{gaps:?}");
}

#[test]
fn a_no_must_be_newer_than_every_sign_of_yes() {
    let m0 = |date: &str| seen("21907-1", "sct:1229901006", date);
    let m1 = |date: &str| seen("21907-1", "sct:1229903009", date);
    let liver = |date: &str| condition(LIVER, date, &json!({}));
    let worsened = |date: &str| seen("97509-4", "sct:271299001", date);
    let relapse = |date: &str| condition("icd:C50.911", date, &status("relapse", ""));
    let absent = |code: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
        let value = json!({ "coding": [{ "system": system, "code": code }] });
        seen_with("21907-1", "2026-02-01", &json!({ "valueCodeableConcept": value }))
    };
    let undated = merged(m0("x"), &json!({ "effectiveDateTime": null }));
    check(
        "metastatic",
        &[
            ("M0 alone", vec![m0("2026-02-01")], "no"),
            ("stage II of the Condition", vec![stage("Stage II", "2020-01-01", &json!({}))], "no"),
            ("M0 newer than M1", vec![m1("2025-02-01"), m0("2026-02-01")], "no"),
            ("M1 newer than M0", vec![m0("2025-02-01"), m1("2026-02-01")], "yes"),
            (
                "an old stage never overrides a newer metastasis",
                vec![stage("Stage II", "2020-01-01", &json!({})), liver("2026-02-01")],
                "yes",
            ),
            ("M0 and M1 of one day", vec![m0("2026-02-01"), m1("2026-02-01")], "either: conflicting"),
            ("M0 in a month with M1", vec![m0("2026-02"), m1("2026-02-14")], "either: imprecise"),
            ("M0 without a date", vec![undated.clone()], "either: imprecise"),
            ("M0 without a date, M1 with one", vec![undated, m1("2026-02-14")], "either: imprecise"),
            ("M0 from the future", vec![m0("2027-02-01")], "either: imprecise"),
            (
                "metastasis without a date, M0",
                vec![merged(liver("x"), &json!({ "recordedDate": null })), m0("2026-02-01")],
                "either: imprecise",
            ),
            (
                "M0 older than progression",
                vec![m0("2025-02-01"), worsened("2026-02-01")],
                "either: imprecise",
            ),
            ("M0 newer than progression", vec![worsened("2025-02-01"), m0("2026-02-01")], "no"),
            ("M0 older than relapse", vec![m0("2025-02-01"), relapse("2026-02-01")], "either: imprecise"),
            ("progression alone", vec![worsened("2026-02-01")], "either: not-recorded"),
            (
                "M0 between M1 and progression",
                vec![m1("2024-01-01"), m0("2025-02-01"), worsened("2026-02-01")],
                "yes",
            ),
            (
                "M0 older than a provisional metastasis",
                vec![m0("2025-02-01"), merged(liver("2026-02-01"), &status("", "provisional"))],
                "either: imprecise",
            ),
            (
                "M0 newer than a resolved metastasis",
                vec![merged(liver("2025-02-01"), &status("resolved", "")), m0("2026-02-01")],
                "no",
            ),
            ("MX", vec![seen("21907-1", "sct:30893008", "2026-02-01")], "either: unclassified"),
            (
                "MX newer than M0",
                vec![m0("2025-02-01"), seen("21907-1", "MX", "2026-02-01")],
                "either: imprecise, unclassified",
            ),
            ("pathologic M not applicable, after M0", vec![m0("2025-02-01"), absent("not-applicable")], "no"),
            ("M not performed, after M0", vec![m0("2025-02-01"), absent("not-performed")], "no"),
            (
                "M masked, after M0",
                vec![m0("2025-02-01"), absent("masked")],
                "either: imprecise, unclassified",
            ),
            ("M0 newer than MX", vec![seen("21907-1", "MX", "2025-02-01"), m0("2026-02-01")], "no"),
            (
                "M0 newer than a metastasis that still stands",
                vec![liver("2025-02-01"), m0("2026-02-01")],
                "either: conflicting",
            ),
            (
                "M0 of the day on which it was recorded",
                vec![liver("2026-02-01"), m0("2026-02-01")],
                "either: conflicting",
            ),
            (
                "metastasis since before M0, recorded after it",
                vec![merged(liver("2026-06-01"), &json!({ "onsetDateTime": "2024" })), m0("2026-02-01")],
                "either: conflicting",
            ),
        ],
    );
    let gaps = Chart::of(&[seen("21907-1", "sct:30893008", "2026-02-01")]).known("metastatic").gaps;
    assert!(gaps.iter().any(|gap| gap.detail.contains("30893008")), "the code as sent: {gaps:?}");
}

#[test]
fn a_no_is_not_decided_by_what_is_missing() {
    let m0 = seen("21907-1", "sct:1229901006", "2026-02-01");
    let chart = Chart { failed: vec![Search::Conditions], ..Chart::of(&[m0]) };
    assert_eq!(chart.says("metastatic"), "either: unavailable");
    let m1 = seen("21907-1", "sct:1229903009", "2026-02-01");
    let chart = Chart { failed: vec![Search::Conditions], ..Chart::of(&[m1]) };
    assert_eq!(chart.says("metastatic"), "yes");
    let chart = Chart { failed: vec![Search::Conditions], ..Chart::default() };
    assert_eq!(chart.says("metastatic"), "either: unavailable");
}

#[test]
fn the_window_applies_to_signs() {
    let pregnant = |date: &str| condition("icd:Z33.1", date, &status("active", "confirmed"));
    let not = |date: &str| seen("82810-3", "sct:60001007", date);
    check(
        "pregnant",
        &[
            ("280 days before", vec![pregnant("2026-02-15")], "yes"),
            ("281 days before", vec![pregnant("2026-02-14")], "either: stale"),
            ("no date", vec![merged(pregnant("x"), &json!({ "recordedDate": null }))], "either: imprecise"),
            ("a year only", vec![pregnant("2026")], "either: imprecise"),
            ("not pregnant", vec![not("2026-11-01")], "no"),
            ("not pregnant, long ago", vec![not("2025-11-01")], "either: stale"),
            (
                "pregnant after not pregnant",
                vec![not("2026-10-01"), seen("82810-3", "sct:77386006", "2026-11-01")],
                "yes",
            ),
        ],
    );
}

#[test]
fn limits_and_allergies_and_drugs_are_signs() {
    let lvef = |more: &Value| vec![seen_with("10230-1", "2026-05-01", more)];
    let percent =
        |value: Value| json!({ "valueQuantity": merged(json!({ "unit": "%", "code": "%" }), &value) });
    let allergy = |more: &Value| {
        vec![merged(
            json!({ "resourceType": "AllergyIntolerance", "id": "a", "code": concept("examplerubicin") }),
            more,
        )]
    };
    check(
        "contraindicated",
        &[
            ("heart failure", vec![condition("icd:I50.9", "2020-01-01", &json!({}))], "yes"),
            ("49 %", lvef(&percent(json!({ "value": 49 }))), "yes"),
            ("a fraction, called %", lvef(&percent(json!({ "value": 0.62 }))), "either: imprecise"),
            ("50 %", lvef(&percent(json!({ "value": 50 }))), "either: not-recorded"),
            ("below 45 %", lvef(&percent(json!({ "value": 45, "comparator": "<" }))), "yes"),
            ("below 60 %", lvef(&percent(json!({ "value": 60, "comparator": "<" }))), "either: imprecise"),
            ("no unit", lvef(&json!({ "valueQuantity": { "value": 45 } })), "either: imprecise"),
            ("allergy", allergy(&json!({})), "yes"),
            ("allergy refuted", allergy(&status("", "refuted")), "either: not-recorded"),
            ("allergy resolved", allergy(&status("resolved", "")), "either: not-recorded"),
            ("allergy unconfirmed", allergy(&status("active", "unconfirmed")), "either: imprecise"),
        ],
    );
    let used = |more: &Value| vec![crate::chart::ordered("examplerubicin", "2024-01-01", more)];
    check(
        "used",
        &[
            ("completed", used(&json!({ "status": "completed" })), "yes"),
            ("stopped", used(&json!({ "status": "stopped" })), "yes"),
            ("cancelled", used(&json!({ "status": "cancelled" })), "either: not-recorded"),
            ("a plan", used(&json!({ "intent": "plan" })), "either: not-recorded"),
            ("not to be given", used(&json!({ "doNotPerform": true })), "either: not-recorded"),
        ],
    );
}

#[test]
fn the_diagnosis_by_conditions() {
    let cancer = |clinical: &str, verification: &str| {
        vec![condition("icd:C50911", "2024-01-01", &status(clinical, verification))]
    };
    check(
        "diagnosis",
        &[
            ("nothing", vec![], "either: not-recorded"),
            ("active", cancer("active", "confirmed"), "yes"),
            ("in remission", cancer("remission", "confirmed"), "yes"),
            ("unconfirmed", cancer("active", "unconfirmed"), "yes"),
            ("refuted", cancer("active", "refuted"), "either: not-recorded"),
            ("entered in error", cancer("active", "entered-in-error"), "either: not-recorded"),
            ("resolved", cancer("resolved", "confirmed"), "either: imprecise"),
            (
                "personal history alone",
                vec![condition("icd:Z85.3", "2024-01-01", &json!({}))],
                "either: imprecise",
            ),
            ("in situ", vec![condition("icd:D05.1", "2024-01-01", &json!({}))], "either: not-recorded"),
        ],
    );
}

#[test]
fn the_diagnosis_by_the_orders_own_reason() {
    let cancer = condition("icd:C50911", "2024-01-01", &json!({ "id": "c" }));
    let lung = json!([concept("icd:C34.9")]);
    let contained = json!([{ "resourceType": "Condition", "id": "r", "code": concept("breast cancer") }]);
    let history = condition("icd:Z85.3", "2024-01-01", &json!({}));
    let refuted = merged(cancer.clone(), &status("", "refuted"));
    let resolved = merged(cancer.clone(), &status("resolved", ""));
    let to_c = json!([{ "reference": "https://ehr.example/fhir/Condition/c" }]);
    let rows = [
        ("names it", json!({ "reasonCode": [concept("icd:C50.111")] }), vec![], vec![], "yes"),
        (
            "contains it",
            json!({ "contained": contained, "reasonReference": [{ "reference": "#r" }] }),
            vec![],
            vec![],
            "yes",
        ),
        (
            "shows it",
            json!({ "reasonReference": [{ "reference": "Condition/gone", "display": "Breast cancer" }] }),
            vec![],
            vec![],
            "yes",
        ),
        ("points to it, resolved", json!({ "reasonReference": to_c }), vec![resolved.clone()], vec![], "yes"),
        (
            "points to it, refuted",
            json!({ "reasonReference": to_c }),
            vec![refuted.clone()],
            vec![],
            "either: not-recorded",
        ),
        ("points nowhere", json!({ "reasonReference": to_c }), vec![], vec![], "either: imprecise"),
        ("names another", json!({ "reasonCode": lung }), vec![], vec![], "no"),
        ("names another, refuted on record", json!({ "reasonCode": lung }), vec![refuted], vec![], "no"),
        ("names another, on record", json!({ "reasonCode": lung }), vec![cancer], vec![], "yes"),
        (
            "names another, resolved on record",
            json!({ "reasonCode": lung }),
            vec![resolved],
            vec![],
            "either: imprecise",
        ),
        (
            "names another, history on record",
            json!({ "reasonCode": lung }),
            vec![history],
            vec![],
            "either: imprecise",
        ),
        (
            "names another, search failed",
            json!({ "reasonCode": lung }),
            vec![],
            vec![Search::Conditions],
            "either: unavailable",
        ),
        (
            "names history",
            json!({ "reasonCode": [concept("icd:Z85.3")] }),
            vec![],
            vec![],
            "either: imprecise",
        ),
        (
            "says something unknown",
            json!({ "reasonCode": [concept("icd:R69")] }),
            vec![],
            vec![],
            "either: unclassified",
        ),
        (
            "another, and something unknown",
            json!({ "reasonCode": [concept("icd:C34.9"), concept("icd:R69")] }),
            vec![],
            vec![],
            "either: unclassified",
        ),
    ];
    for (name, order, resources, failed, expected) in rows {
        let chart = Chart { resources, failed, order, ..Chart::default() };
        assert_eq!(chart.says("diagnosis"), expected, "{name}");
    }
}
