//! Breast cancer.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, status};
use crate::table::{each, searches_without_an_answer};

const ELEMENT: &str = "diagnosis.breast-cancer";

fn active(code: &str) -> Vec<Value> {
    vec![condition(code, "2024-01-01", &status("active", "confirmed"))]
}

/// The 54 codes of C50: site, sex, laterality.
fn codes_of_c50() -> Vec<String> {
    let mut codes = Vec::new();
    for site in ["0", "1", "2", "3", "4", "5", "6", "8", "9"] {
        for sex in ["1", "2"] {
            codes.extend(["1", "2", "9"].map(|side| format!("C50.{site}{sex}{side}")));
        }
    }
    codes
}

#[test]
fn every_code_of_the_breast() {
    let codes = codes_of_c50();
    assert_eq!(codes.len(), 54);
    for code in &codes {
        for system in ["icd", "icd-oid"] {
            for code in [code.clone(), code.replace('.', ""), code.to_lowercase(), format!("{code} ")] {
                let chart = Chart::of(&active(&format!("{system}:{code}")));
                assert_eq!(chart.says(ELEMENT), "yes", "{system} {code}");
            }
        }
    }
    let rows = [
        ("icd:C50", "yes"),
        ("icd:C50.9", "yes"),
        ("icd:C50.91", "yes"),
        ("icd:C50.A0", "yes"),
        ("icd:C50.A1", "yes"),
        ("icd:C50.A2", "yes"),
        ("icd:C50A2", "yes"),
        ("sct:254837009", "yes"),
        ("sct:353431000119107", "yes"),
        ("sct:706970001", "yes"),
        ("sct:254840009", "yes"),
        ("Breast cancer", "yes"),
        ("Metastatic breast cancer, ER+", "yes"),
        ("Invasive ductal carcinoma of left breast", "yes"),
        ("Malignant neoplasm of upper-outer quadrant of right female breast", "yes"),
        ("Breast ca", "yes"),
        ("TNBC", "yes"),
    ];
    each(ELEMENT, &rows, active);
}

#[test]
fn what_is_no_breast_cancer_and_what_leaves_it_open() {
    let (silent, open) = ("either: not-recorded", "either: imprecise");
    let rows = [
        ("icd:D05.11", silent),
        ("icd:D05.12", silent),
        ("icd:Z80.3", silent),
        ("icd:Z12.31", silent),
        ("icd:C34.11", silent),
        ("icd:C78.7", silent),
        ("icd:N60.11", silent),
        ("icd:Z85.3", open),
        ("icd:C79.81", open),
        ("icd:Z17.0", open),
        ("icd:Z17.421", open),
        ("sct:429087003", open),
        ("Ductal carcinoma in situ", silent),
        ("No breast cancer", silent),
        ("Breast cancer ruled out", silent),
        ("Family history of breast cancer", silent),
        ("Screening for breast cancer", silent),
        ("High risk for breast cancer", silent),
        ("Personal history of breast cancer", open),
        ("History of breast cancer", open),
        // Words about the breast that no value set knows.
        ("mamma carcinoma", open),
        ("Ca mammae links", open),
        ("breast malignancy", open),
        ("Tumor of left breast", open),
        ("mammary neoplasm", open),
        ("Suspected breast cancer", open),
        ("icd:Z15.01", silent),
        ("icd:N63.10", silent),
        ("Benign neoplasm of breast", silent),
        ("Breast pain", silent),
        ("Genetic susceptibility to malignant neoplasm of breast", silent),
        ("Encounter for screening mammogram for malignant neoplasm of breast", silent),
        ("Lung cancer", silent),
    ];
    each(ELEMENT, &rows, active);
}

#[test]
fn statuses() {
    let with = |clinical: &str, verification: &str| {
        vec![condition("icd:C50.911", "2024-01-01", &status(clinical, verification))]
    };
    let abated = merged(with("", "confirmed").remove(0), &json!({ "abatementDateTime": "2025-01-01" }));
    check(
        ELEMENT,
        &[
            ("no statuses", with("", ""), "yes"),
            ("active", with("active", "confirmed"), "yes"),
            ("recurrence", with("recurrence", "confirmed"), "yes"),
            ("relapse", with("relapse", "confirmed"), "yes"),
            ("remission", with("remission", "confirmed"), "yes"),
            ("unconfirmed", with("active", "unconfirmed"), "yes"),
            ("provisional", with("active", "provisional"), "yes"),
            ("differential", with("active", "differential"), "yes"),
            ("refuted", with("active", "refuted"), "either: not-recorded"),
            ("entered in error", with("", "entered-in-error"), "either: not-recorded"),
            ("inactive", with("inactive", "confirmed"), "either: imprecise"),
            ("resolved", with("resolved", "confirmed"), "either: imprecise"),
            ("abated, status not stated", vec![abated], "either: imprecise"),
            ("one refuted, one active", [with("active", "refuted"), active("icd:C50.912")].concat(), "yes"),
            ("history and an active one", [active("icd:Z85.3"), active("icd:C50.912")].concat(), "yes"),
            ("undated", vec![merged(with("active", "").remove(0), &json!({ "recordedDate": null }))], "yes"),
            ("of a year", vec![condition("icd:C50.911", "2019", &json!({}))], "yes"),
            ("of a month", vec![condition("icd:C50.911", "2019-05", &json!({}))], "yes"),
            // What is unconfirmed counts as well: a date that cannot be right takes nothing away.
            (
                "ahead, in the east",
                vec![condition("icd:C50.911", "2026-11-24T09:00:00+09:00", &json!({}))],
                "yes",
            ),
        ],
    );
}

#[test]
fn the_reason_of_the_order() {
    let lung = json!({ "reasonCode": [concept("icd:C34.11")] });
    let chart = |order: Value, resources: Vec<Value>| Chart { order, ..Chart::of(&resources) };
    let to = |reference: &str| json!({ "reasonReference": [{ "reference": reference }] });
    let held =
        |code: &str, more: &Value| vec![condition(code, "2024-01-01", &merged(json!({ "id": "c" }), more))];
    let contained = json!({
        "contained": [{ "resourceType": "Condition", "id": "r", "code": concept("icd:C50.911") }],
        "reasonReference": [{ "reference": "#r" }],
    });
    for (name, chart, expected) in [
        ("names it", chart(json!({ "reasonCode": [concept("icd:C50.911")] }), vec![]), "yes"),
        ("names it in words", chart(json!({ "reasonCode": [concept("breast cancer")] }), vec![]), "yes"),
        ("contains it", chart(contained, vec![]), "yes"),
        ("points to it", chart(to("Condition/c"), held("icd:C50.911", &json!({}))), "yes"),
        (
            "points to it by URL and version",
            chart(to("https://ehr.example/fhir/Condition/c/_history/2"), held("icd:C50.911", &json!({}))),
            "yes",
        ),
        ("points to another cancer", chart(to("Condition/c"), held("icd:C34.11", &json!({}))), "no"),
        ("names another", chart(lung.clone(), vec![]), "no"),
        ("names another in words", chart(json!({ "reasonCode": [concept("Ovarian cancer")] }), vec![]), "no"),
        (
            "names both",
            chart(json!({ "reasonCode": [concept("icd:C34.11"), concept("icd:C50.911")] }), vec![]),
            "yes",
        ),
        (
            "names a metastasis only",
            chart(json!({ "reasonCode": [concept("icd:C78.7")] }), vec![]),
            "either: unclassified",
        ),
        (
            "names a metastasis of the lung, in words",
            chart(json!({ "reasonCode": [concept("Secondary malignant neoplasm of lung")] }), vec![]),
            "either: unclassified",
        ),
        (
            "names the chemotherapy",
            chart(json!({ "reasonCode": [concept("icd:Z51.11")] }), vec![]),
            "either: unclassified",
        ),
        (
            "names the history",
            chart(json!({ "reasonCode": [concept("icd:Z85.3")] }), vec![]),
            "either: imprecise",
        ),
        ("points nowhere", chart(to("Condition/gone"), vec![]), "either: imprecise"),
        ("another, breast cancer on record", chart(lung.clone(), active("icd:C50.911")), "yes"),
        (
            "another, breast cancer refuted",
            chart(lung.clone(), held("icd:C50.911", &status("", "refuted"))),
            "no",
        ),
        (
            "another, breast cancer resolved",
            chart(lung.clone(), held("icd:C50.911", &status("resolved", ""))),
            "either: imprecise",
        ),
        ("another, personal history", chart(lung.clone(), active("icd:Z85.3")), "either: imprecise"),
        ("another, receptor status", chart(lung.clone(), active("icd:Z17.0")), "either: imprecise"),
        ("another, family history", chart(lung.clone(), active("icd:Z80.3")), "no"),
        ("another, heart disease", chart(lung.clone(), active("icd:I50.9")), "no"),
        // The only word of the breast stands in text that no value set knows.
        (
            "another, mamma carcinoma in words",
            chart(lung.clone(), active("mamma carcinoma")),
            "either: imprecise",
        ),
        (
            "another, breast cancer suspected",
            chart(lung.clone(), active("Suspected breast cancer")),
            "either: imprecise",
        ),
        ("another, a benign lump", chart(lung.clone(), active("icd:D24.1")), "no"),
        ("another, breast ca in words", chart(lung.clone(), active("breast ca")), "yes"),
        (
            "another, breast tumor of an unknown code",
            chart(
                lung.clone(),
                vec![condition(
                    "x",
                    "2024-01-01",
                    &json!({ "code":
            { "coding": [{ "system": "urn:local", "code": "4711", "display": "Tumor of breast" }] } }),
                )],
            ),
            "either: imprecise",
        ),
        (
            "the reason's own words",
            chart(json!({ "reasonCode": [concept("icd:C34.11"), concept("mamma ca")] }), vec![]),
            "either: imprecise",
        ),
        (
            "another, conditions failed",
            Chart { failed: vec![Search::Conditions], ..chart(lung.clone(), vec![]) },
            "either: unavailable",
        ),
        (
            "another, conditions not sent",
            Chart { unsent: vec![Search::Conditions], ..chart(lung.clone(), vec![]) },
            "either: unavailable",
        ),
        (
            "another, conditions paged",
            Chart { paged: vec![Search::Conditions], ..chart(lung, vec![]) },
            "either: unavailable",
        ),
        (
            "it, conditions failed",
            Chart {
                failed: vec![Search::Conditions],
                ..chart(json!({ "reasonCode": [concept("icd:C50.911")] }), vec![])
            },
            "yes",
        ),
    ] {
        assert_eq!(chart.says(ELEMENT), expected, "{name}");
    }
    searches_without_an_answer(ELEMENT, &[Search::Conditions], "either");
}
