//! Locally advanced, recurrent, unresectable disease; visceral crisis.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{check, concept, condition, merged, seen, seen_with, status};
use crate::table::{condition_statuses, each, observation_statuses, searches_without_an_answer, stays};

const DAY: &str = "2026-05-01";
const SILENT: &str = "either: not-recorded";

fn active(code: &str) -> Vec<Value> {
    vec![condition(code, DAY, &status("active", "confirmed"))]
}

#[test]
fn locally_advanced_by_stage_and_tnm() {
    let element = "disease.locally-advanced";
    let stages = [
        ("sct:258224005", "yes"),
        ("sct:261639007", "yes"),
        ("sct:261640009", "yes"),
        ("sct:1222806003", "yes"),
        ("Stage IIIA", "yes"),
        ("IIIC", "yes"),
        ("ajcc:3C", "yes"),
        ("ajcc:c3A", "yes"),
        // Another stage does not rule it out: neither alone says N0 and no T4.
        ("Stage IIA", SILENT),
        ("Stage IV", SILENT),
        ("Grade III", SILENT),
    ];
    for code in ["21908-9", "21902-2", "21914-7", "sct:399537006", "sct:399588009", "sct:399390009"] {
        each(element, &stages, |value| vec![seen(code, value, DAY)]);
    }
    each(element, &stages, |value| {
        let stage = json!({ "stage": [{ "summary": concept(value) }] });
        vec![condition("icd:C50.911", DAY, &merged(stage, &status("active", "confirmed")))]
    });
    let t = [
        ("sct:1228944003", "yes"),
        ("sct:65565005", "yes"),
        ("cT4d", "yes"),
        ("pT4b", "yes"),
        ("ypT4", "yes"),
        ("ajcc:cT4", "yes"),
        ("cT3", SILENT),
        ("ajcc:cT3", SILENT),
    ];
    for code in ["21905-5", "21899-0", "sct:78873005", "sct:399504009", "sct:384625004"] {
        each(element, &t, |value| vec![seen(code, value, DAY)]);
    }
    let n = [
        ("sct:1229978004", "yes"),
        ("sct:46059003", "yes"),
        ("sct:5856006", "yes"),
        ("sct:53623008", "yes"),
        ("cN1", "yes"),
        ("pN1mi", "yes"),
        ("ypN2", "yes"),
        ("pN3a", "yes"),
        ("ajcc:cN2", "yes"),
        ("ajcc:pN3", "yes"),
        ("node positive", "yes"),
        ("cN0", SILENT),
        ("pN0(i+)", SILENT),
        ("NX", SILENT),
    ];
    for code in ["21906-3", "21900-6", "sct:277206009", "sct:399534004", "sct:371494008"] {
        each(element, &n, |value| vec![seen(code, value, DAY)]);
    }
}

#[test]
fn locally_advanced_by_conditions_statuses_and_answers() {
    let element = "disease.locally-advanced";
    let rows = [
        ("icd:C50.A1", "yes"),
        ("sct:254840009", "yes"),
        ("icd:C77.3", "yes"),
        ("sct:94181007", "yes"),
        ("Locally advanced breast cancer", "yes"),
        ("Inflammatory breast cancer", "yes"),
        ("Stage III breast cancer", "yes"),
        ("Breast cancer metastatic to axillary lymph nodes", "yes"),
        ("Not locally advanced", SILENT),
        ("Locally advanced lung cancer", SILENT),
        ("icd:C50.911", SILENT),
        ("icd:C78.7", SILENT),
        ("icd:C34.11", SILENT),
    ];
    each(element, &rows, active);
    condition_statuses(element, &condition("icd:C77.3", DAY, &json!({})));
    let n2 = seen("21906-3", "sct:46059003", DAY);
    observation_statuses(element, &n2, "yes", "either");
    let about =
        |id: &str| merged(n2.clone(), &json!({ "focus": [{ "reference": format!("Condition/{id}") }] }));
    let cancers = || {
        vec![
            condition("icd:C34.11", DAY, &json!({ "id": "lung" })),
            condition("icd:C50.911", DAY, &json!({ "id": "breast" })),
        ]
    };
    check(
        element,
        &[
            ("undated", vec![merged(n2.clone(), &json!({ "effectiveDateTime": null }))], "yes"),
            ("a year", vec![seen("21906-3", "sct:46059003", "2020")], "yes"),
            ("in the future", vec![seen("21906-3", "sct:46059003", "2027-01-01")], "either: imprecise"),
            ("a string", vec![seen_with("21906-3", DAY, &json!({ "valueString": "N2" }))], "yes"),
            ("of the lung cancer", [cancers(), vec![about("lung")]].concat(), SILENT),
            ("of the breast cancer", [cancers(), vec![about("breast")]].concat(), "yes"),
            (
                "secondary neoplasm of the axilla",
                vec![condition("sct:128462008", DAY, &json!({ "bodySite": [concept("sct:68171009")] }))],
                "yes",
            ),
            (
                "secondary neoplasm of the liver",
                vec![condition("sct:128462008", DAY, &json!({ "bodySite": [concept("Liver")] }))],
                SILENT,
            ),
            ("secondary neoplasm of no site", vec![condition("sct:128462008", DAY, &json!({}))], SILENT),
            // A prognostic stage I may be node-positive, and N0 with T4 is stage III: nothing on record rules it out, and
            // what is stated stands beside any of it.
            ("stage I, N0", vec![seen("21908-9", "Stage IA", DAY), seen("21906-3", "cN0", DAY)], SILENT),
            ("stage II, N0", vec![seen("21908-9", "Stage IIA", DAY), seen("21906-3", "cN0", DAY)], SILENT),
            (
                "stage II and N0, stated to be locally advanced",
                vec![
                    seen("21908-9", "Stage IIA", DAY),
                    seen("21906-3", "cN0", DAY),
                    condition("Locally advanced breast cancer", DAY, &status("active", "confirmed")),
                ],
                "yes",
            ),
            (
                "node-positive long ago, N0 since",
                vec![seen("21906-3", "cN1", "2020-01-01"), seen("21900-6", "ypN0", "2021-01-01")],
                "yes",
            ),
        ],
    );
    searches_without_an_answer(element, &[Search::Conditions, Search::ClinicalObservations], "either");
    stays(element, &active("icd:C77.3"), Search::ClinicalObservations, "yes");
    stays(element, &[n2], Search::Conditions, "yes");
}

#[test]
fn recurrence() {
    let element = "disease.recurrent";
    let with = |code: &str, clinical: &str, verification: &str| {
        vec![condition(code, DAY, &status(clinical, verification))]
    };
    let rows = [
        ("sct:314955001", "yes"),
        ("Recurrent breast cancer", "yes"),
        ("Local recurrence of breast cancer", "yes"),
        ("Chest wall recurrence", "yes"),
        ("Breast cancer, locoregionally recurrent", "yes"),
        ("No evidence of local recurrence", SILENT),
        ("Breast cancer without recurrence", SILENT),
        ("Possible local recurrence", "either: imprecise"),
        ("Fear of recurrence of breast cancer", SILENT),
        ("Breast cancer recurrence risk low", SILENT),
        ("Surveillance for breast cancer recurrence", SILENT),
        ("Local recurrence of colon cancer", SILENT),
        ("Recurrent urinary tract infection", SILENT),
        ("icd:C50.911", SILENT),
        ("icd:Z85.3", SILENT),
    ];
    each(element, &rows, active);
    check(
        element,
        &[
            ("clinical status recurrence", with("icd:C50.911", "recurrence", "confirmed"), "yes"),
            ("clinical status relapse", with("icd:C50.911", "relapse", ""), "yes"),
            ("active", with("icd:C50.911", "active", "confirmed"), SILENT),
            ("remission", with("icd:C50.911", "remission", "confirmed"), SILENT),
            (
                "recurrence, provisional",
                with("icd:C50.911", "recurrence", "provisional"),
                "either: imprecise",
            ),
            ("recurrence, refuted", with("icd:C50.911", "recurrence", "refuted"), SILENT),
            ("recurrence, entered in error", with("icd:C50.911", "recurrence", "entered-in-error"), SILENT),
            ("recurrence of another cancer", with("icd:C34.11", "recurrence", "confirmed"), SILENT),
            ("recurrence in situ", with("icd:D05.11", "recurrence", "confirmed"), SILENT),
            (
                "status in words",
                vec![condition("icd:C50.911", DAY, &json!({ "clinicalStatus": { "text": "recurrence" } }))],
                "yes",
            ),
            (
                "undated",
                vec![merged(
                    with("icd:C50.911", "recurrence", "").remove(0),
                    &json!({ "recordedDate": null }),
                )],
                "yes",
            ),
        ],
    );
    condition_statuses(element, &condition("sct:314955001", DAY, &json!({})));
    searches_without_an_answer(element, &[Search::Conditions], "either");
}

#[test]
fn unresectable_disease_and_visceral_crisis_are_stated_in_words() {
    let rows = [
        ("Unresectable breast cancer", "yes"),
        ("Breast cancer, locally recurrent, inoperable", "yes"),
        ("Potentially unresectable breast cancer", SILENT),
        ("Borderline unresectable", SILENT),
        ("Initially unresectable, now resectable", SILENT),
        ("Breast cancer, previously unresectable", SILENT),
        ("Breast cancer, not amenable to resection", "yes"),
        ("Non-resectable chest wall recurrence", "yes"),
        ("Unresectable hepatocellular carcinoma", SILENT),
        ("Resectable breast cancer", SILENT),
        ("Breast cancer, no longer unresectable", SILENT),
        ("Possibly unresectable breast cancer", "either: imprecise"),
        ("icd:C50.911", SILENT),
        ("icd:C78.7", SILENT),
    ];
    each("disease.unresectable", &rows, active);
    let rows = [
        ("Visceral crisis", "yes"),
        ("Metastatic breast cancer with visceral crisis", "yes"),
        ("No visceral crisis", SILENT),
        ("Metastatic breast cancer without visceral crisis", SILENT),
        ("Impending visceral crisis", SILENT),
        ("Visceral crisis resolved", SILENT),
        ("Visceral crisis averted", SILENT),
        ("prior visceral crisis", SILENT),
        ("monitor for visceral crisis", SILENT),
        ("Visceral crisis ruled out", SILENT),
        // Metastases of organs, even of several, are no crisis.
        ("icd:C78.7", SILENT),
        ("icd:C78.01", SILENT),
        ("Lymphangitic carcinomatosis", SILENT),
        ("Liver metastases", SILENT),
        ("Acute liver failure", SILENT),
    ];
    each("disease.visceral-crisis", &rows, active);
    for (element, words) in [
        ("disease.unresectable", "Unresectable breast cancer"),
        ("disease.visceral-crisis", "Visceral crisis"),
    ] {
        condition_statuses(element, &condition(words, DAY, &json!({})));
        searches_without_an_answer(element, &[Search::Conditions], "either");
        let long_ago = vec![condition(words, "2019", &json!({}))];
        check(
            element,
            &[
                ("without a window", long_ago, "yes"),
                ("in the future", vec![condition(words, "2027", &json!({}))], "either: imprecise"),
            ],
        );
    }
}

/// What a Condition says has no window; only what is dated more than 24 hours ahead is not counted.
#[test]
fn dates_and_zones_of_conditions() {
    for (element, code) in [
        ("disease.metastatic", "icd:C78.7"),
        ("disease.locally-advanced", "icd:C77.3"),
        ("disease.recurrent", "sct:314955001"),
        ("disease.unresectable", "Unresectable breast cancer"),
        ("disease.visceral-crisis", "Visceral crisis"),
    ] {
        let on = |date: &str| active_on(code, json!({ "recordedDate": date }));
        let since = |date: &str| active_on(code, json!({ "recordedDate": null, "onsetDateTime": date }));
        check(
            element,
            &[
                ("of a year", on("2019"), "yes"),
                ("of a month", on("2019-05"), "yes"),
                ("without a date", active_on(code, json!({ "recordedDate": null })), "yes"),
                ("since a year", since("2019"), "yes"),
                ("since a month", since("2019-05"), "yes"),
                ("24 hours ahead", on("2026-11-23T12:00:00Z"), "yes"),
                ("a second more", on("2026-11-23T12:00:01Z"), "either: imprecise"),
                ("24 hours ahead, in the east", on("2026-11-23T21:00:00+09:00"), "yes"),
                ("a second more, in the west", on("2026-11-23T07:00:01-05:00"), "either: imprecise"),
                ("tomorrow, of which a moment is within 24 hours", on("2026-11-23"), "yes"),
                ("the day after", on("2026-11-24"), "either: imprecise"),
            ],
        );
    }
}

fn active_on(code: &str, dates: Value) -> Vec<Value> {
    vec![merged(active(code).remove(0), &dates)]
}
