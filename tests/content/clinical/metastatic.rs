//! Distant metastasis.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with, status};
use crate::table::{condition_statuses, each, observation_statuses, searches_without_an_answer, stays};

const ELEMENT: &str = "disease.metastatic";
const DAY: &str = "2026-05-01";

fn active(code: &str) -> Vec<Value> {
    vec![condition(code, DAY, &status("active", "confirmed"))]
}

fn m(value: &str, date: &str) -> Value {
    seen("21907-1", value, date)
}

fn group(value: &str, date: &str) -> Value {
    seen("21908-9", value, date)
}

fn progress(value: &str, date: &str) -> Value {
    seen("97509-4", value, date)
}

/// A breast cancer Condition with a stage.
fn staged(summary: Value, date: &str, more: &Value) -> Value {
    let staged = merged(json!({ "stage": [{ "summary": summary }] }), &status("active", "confirmed"));
    condition("icd:C50.911", date, &merged(staged, more))
}

#[test]
fn secondary_neoplasms_by_code_and_words() {
    let silent = "either: not-recorded";
    let rows = [
        ("icd:C78.7", "yes"),
        ("icd:C787", "yes"),
        ("icd:c78.7", "yes"),
        ("icd-oid:C78.7", "yes"),
        ("icd:C78.01", "yes"),
        ("icd:C78.2", "yes"),
        ("icd:C79.31", "yes"),
        ("icd:C79.51", "yes"),
        ("icd:C79.89", "yes"),
        ("icd:C79.9", "yes"),
        ("icd:C77.0", "yes"),
        ("icd:C77.1", "yes"),
        ("icd:C77.2", "yes"),
        ("icd:C77.4", "yes"),
        ("icd:C77.5", "yes"),
        ("icd:C77.3", silent),
        ("icd:C77.8", silent),
        ("icd:C77.9", silent),
        ("icd:C79.81", silent),
        ("icd:C50.911", silent),
        ("icd:Z85.3", silent),
        ("sct:94222008", "yes"),
        ("sct:94225005", "yes"),
        ("sct:94381002", "yes"),
        ("sct:128462008", "yes"),
        ("sct:94181007", silent),
        ("Metastatic breast cancer", "yes"),
        ("Breast cancer, stage IV", "yes"),
        ("Breast cancer metastatic to bone", "yes"),
        ("Liver metastases", "yes"),
        ("Bone mets", "yes"),
        ("Malignant pleural effusion", "yes"),
        ("No liver metastases", silent),
        ("No evidence of distant metastasis", silent),
        ("Possible bone metastases", "either: imprecise"),
        ("R/O brain metastases", "either: imprecise"),
        ("Liver metastases ruled out", silent),
        ("History of liver metastases", silent),
        ("Family history of metastatic breast cancer", silent),
        ("Mother: liver metastases", silent),
        ("Liver metastases, resolved", silent),
        ("Liver metastases cannot be excluded", "either: imprecise"),
        ("bone scan for bone metastases", silent),
        ("Secondary malignant neoplasm of lung", "yes"),
        ("Liver metastases from colon cancer", "either: imprecise"),
        ("Lung cancer with liver metastases", "either: imprecise"),
        ("Axillary lymph node metastasis", silent),
        ("Breast cancer", silent),
    ];
    each(ELEMENT, &rows, active);
    let both = json!({ "code": { "coding": [
        { "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C79.81" },
        { "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "C50.911", "display": "Metastatic breast cancer" },
    ] } });
    let words = condition("icd:C79.81", DAY, &merged(both, &status("active", "confirmed")));
    assert_eq!(Chart::of(&[words]).says(ELEMENT), "yes", "C79.81 beside words that say more");
    condition_statuses(ELEMENT, &condition("icd:C78.7", DAY, &json!({})));
}

#[test]
fn stage_groups() {
    let ajcc = |code: &str| json!({ "coding": [{ "system": "http://cancerstaging.org", "code": code }] });
    let rows = [
        ("sct:1222837003", "yes"),
        ("sct:258228008", "yes"),
        ("sct:2640006", "yes"),
        ("Stage IV", "yes"),
        ("IV", "yes"),
        ("stage 4", "yes"),
        ("AJCC stage IVB", "yes"),
        ("ajcc:4", "yes"),
        ("ajcc:IV", "yes"),
        ("sct:1222806003", "no"),
        ("sct:261640009", "no"),
        ("sct:258219007", "no"),
        ("IIA", "no"),
        ("Stage I", "no"),
        ("stage 0", "no"),
        ("ajcc:2B", "no"),
        ("ajcc:3C", "no"),
        ("ajcc:c3A", "no"),
        ("sct:399390009", "either: unclassified"),
        ("Stage X", "either: unclassified"),
        ("unknown", "either: unclassified"),
        ("4", "either: unclassified"),
        ("Grade IV", "either: unclassified"),
    ];
    for code in ["21908-9", "21902-2", "21914-7", "sct:399390009", "sct:399537006", "sct:399588009"] {
        each(ELEMENT, &rows, |value| vec![seen(code, value, DAY)]);
    }
    let string = |text: &str| vec![seen_with("21908-9", DAY, &json!({ "valueString": text }))];
    check(
        ELEMENT,
        &[
            ("a string", string("Stage IV"), "yes"),
            ("a string, lower", string("Stage IIB"), "no"),
            (
                "a code of a lower stage labelled IV",
                vec![merged(
                    group("x", DAY),
                    &json!({ "valueCodeableConcept":
                { "coding": [{ "system": "http://snomed.info/sct", "code": "258219007", "display": "Stage 4 (qualifier value)" }] } }),
                )],
                "either: unclassified",
            ),
            ("of the Condition", vec![staged(concept("Stage IV"), DAY, &json!({}))], "yes"),
            ("of the Condition, coded", vec![staged(concept("sct:1222837003"), DAY, &json!({}))], "yes"),
            ("of the Condition, AJCC", vec![staged(ajcc("4"), DAY, &json!({}))], "yes"),
            ("of the Condition, lower", vec![staged(concept("sct:261640009"), DAY, &json!({}))], "no"),
            ("of the Condition, M1", vec![staged(concept("cM1"), DAY, &json!({}))], "yes"),
            ("of the Condition, M0", vec![staged(concept("sct:1229901006"), DAY, &json!({}))], "no"),
            (
                "of the Condition, in remission",
                vec![staged(concept("Stage IV"), DAY, &status("remission", ""))],
                "yes",
            ),
            (
                "of the Condition, resolved",
                vec![staged(concept("Stage IV"), DAY, &status("resolved", ""))],
                "either: imprecise",
            ),
            (
                "of the Condition, provisional",
                vec![staged(concept("Stage IV"), DAY, &status("active", "provisional"))],
                "either: imprecise",
            ),
            (
                "of the Condition, refuted",
                vec![staged(concept("Stage IV"), DAY, &status("active", "refuted"))],
                "either: not-recorded",
            ),
            (
                "of another cancer's Condition",
                vec![condition(
                    "icd:C34.11",
                    DAY,
                    &json!({ "stage": [{ "summary": { "text": "Stage IV" } }] }),
                )],
                "either: not-recorded",
            ),
        ],
    );
    let gaps = Chart::of(&[group("sct:261623004", DAY)]).known(ELEMENT).gaps;
    assert!(gaps.iter().any(|gap| gap.detail.contains("261623004")), "the code as sent: {gaps:?}");
}

#[test]
fn m_categories_status_and_history() {
    let rows = [
        ("sct:1229903009", "yes"),
        ("sct:1229916009", "yes"),
        ("sct:55440008", "yes"),
        ("cM1", "yes"),
        ("M1b", "yes"),
        ("ajcc:cM1", "yes"),
        ("ajcc:pM1", "yes"),
        ("sct:1229901006", "no"),
        ("sct:30893008", "no"),
        ("cM0", "no"),
        ("ajcc:cM0", "no"),
        ("MX", "either: unclassified"),
        ("sct:261936006", "either: unclassified"),
    ];
    for code in ["21907-1", "21901-4", "21913-9", "sct:277208005", "sct:399387003", "sct:371497001"] {
        each(ELEMENT, &rows, |value| vec![seen(code, value, DAY)]);
    }
    let history = |value: bool| vec![seen_with("sct:1287652008", DAY, &json!({ "valueBoolean": value }))];
    check(
        ELEMENT,
        &[
            ("status: distant metastasis", vec![progress("sct:399409002", DAY)], "yes"),
            (
                "status: distant metastasis, code of before",
                vec![seen("88040-1", "sct:399409002", DAY)],
                "yes",
            ),
            (
                "status: worsened says nothing alone",
                vec![progress("sct:271299001", DAY)],
                "either: not-recorded",
            ),
            ("status: stable says nothing", vec![progress("sct:359746009", DAY)], "either: not-recorded"),
            ("history of metastasis", history(true), "yes"),
            ("history of metastasis: false turns it round", history(false), "either: not-recorded"),
        ],
    );
    observation_statuses(ELEMENT, &m("sct:1229903009", DAY), "yes", "either");
    observation_statuses(ELEMENT, &m("sct:1229901006", DAY), "no", "either");
    observation_statuses(ELEMENT, &group("sct:1222837003", DAY), "yes", "either");
    observation_statuses(ELEMENT, &progress("sct:399409002", DAY), "yes", "either");
}

#[test]
fn a_no_must_be_newer_than_every_sign_and_undoes_no_standing_condition() {
    let liver =
        |date: &str, more: &Value| condition("icd:C78.7", date, &merged(status("active", "confirmed"), more));
    let m0 = |date: &str| m("sct:1229901006", date);
    let m1 = |date: &str| m("sct:1229903009", date);
    let primary = |date: &str, clinical: &str| condition("icd:C50.911", date, &status(clinical, "confirmed"));
    let stage_iia = |date: &str, more: &Value| staged(concept("sct:1222766008"), date, more);
    let left = json!({ "id": "left", "code": concept("icd:C50.912") });
    let typed = |summary: &str, kind: &str, date: &str| {
        let stage = json!([{ "summary": concept(summary), "type": concept(kind) }]);
        condition("icd:C50.911", date, &json!({ "stage": stage }))
    };
    check(
        ELEMENT,
        &[
            (
                "stage IIA at diagnosis, liver later",
                vec![stage_iia("2019-01-10", &json!({})), liver("2026-02-01", &json!({}))],
                "yes",
            ),
            (
                "liver, then a second primary stage IIA",
                vec![liver("2025-02-01", &json!({})), stage_iia("2026-02-01", &left)],
                "either: conflicting",
            ),
            (
                "liver, then a stage group IIA",
                vec![liver("2025-02-01", &json!({})), group("IIA", "2026-02-01")],
                "either: conflicting",
            ),
            (
                "liver, then M0",
                vec![liver("2025-02-01", &json!({})), m0("2026-02-01")],
                "either: conflicting",
            ),
            (
                "liver without statuses, then M0",
                vec![condition("icd:C78.7", "2025-02-01", &json!({})), m0("2026-02-01")],
                "either: conflicting",
            ),
            (
                "liver since 2024, M0 of 2025, recorded 2026",
                vec![liver("2026-02-01", &json!({ "onsetDateTime": "2024" })), m0("2025-02-01")],
                "either: conflicting",
            ),
            (
                "liver of no date, then M0",
                vec![merged(liver("x", &json!({})), &json!({ "recordedDate": null })), m0("2026-02-01")],
                "either: imprecise",
            ),
            (
                "liver refuted, M0",
                vec![liver("2025-02-01", &status("active", "refuted")), m0("2026-02-01")],
                "no",
            ),
            (
                "liver provisional, then M0",
                vec![liver("2025-02-01", &status("active", "provisional")), m0("2026-02-01")],
                "no",
            ),
            (
                "M0, then liver suspected in words",
                vec![m0("2025-02-01"), active("Suspicious for liver metastases").remove(0)],
                "either: imprecise",
            ),
            (
                "liver suspected in words, then M0",
                vec![m0("2026-06-01"), active("Suspicious for liver metastases").remove(0)],
                "no",
            ),
            (
                "M0, then liver denied in words",
                vec![m0("2025-02-01"), active("No liver metastases").remove(0)],
                "no",
            ),
            (
                "liver resolved, then M0",
                vec![liver("2025-02-01", &status("resolved", "confirmed")), m0("2026-02-01")],
                "no",
            ),
            (
                "M0, then liver resolved",
                vec![m0("2025-02-01"), liver("2026-02-01", &status("resolved", "confirmed"))],
                "either: imprecise",
            ),
            (
                "stage IV of one breast, then IIA of the other",
                vec![staged(concept("Stage IV"), "2025-02-01", &json!({})), stage_iia("2026-02-01", &left)],
                "either: conflicting",
            ),
            (
                "stage IV at diagnosis, M0 after therapy",
                vec![staged(concept("Stage IV"), "2025-02-01", &json!({})), m0("2026-02-01")],
                "either: conflicting",
            ),
            ("M1, then M0", vec![m1("2025-02-01"), m0("2026-02-01")], "no"),
            ("M0, then M1", vec![m0("2025-02-01"), m1("2026-02-01")], "yes"),
            ("M0 and M1 of one day", vec![m0(DAY), m1(DAY)], "either: conflicting"),
            (
                "M0 and M1 of one instant in two zones",
                vec![m0("2026-05-01T00:30:00+02:00"), m1("2026-04-30T22:30:00Z")],
                "either: conflicting",
            ),
            (
                "M0 an hour after M1, by the zone",
                vec![m1("2026-05-01T12:00:00+02:00"), m0("2026-05-01T11:00:00Z")],
                "no",
            ),
            (
                "M1 an hour after M0, by the zone",
                vec![m0("2026-05-01T12:00:00+02:00"), m1("2026-05-01T11:00:00Z")],
                "yes",
            ),
            (
                "M0 of a day, M1 of an hour in it",
                vec![m0(DAY), m1("2026-05-01T09:00:00Z")],
                "either: imprecise",
            ),
            ("M0 of a year, M1 in it", vec![m0("2026"), m1(DAY)], "either: imprecise"),
            ("M0 of a later month", vec![m1("2026-04"), m0("2026-05")], "no"),
            ("M0 of the same month", vec![m1("2026-05-02"), m0("2026-05")], "either: imprecise"),
            ("M0 undated", vec![merged(m0("x"), &json!({ "effectiveDateTime": null }))], "either: imprecise"),
            (
                "M0 issued, not effective",
                vec![merged(
                    m0("x"),
                    &json!({ "effectiveDateTime": null, "issued": "2026-05-01T08:00:00Z" }),
                )],
                "no",
            ),
            (
                "M0 of a period",
                vec![merged(
                    m0("x"),
                    &json!({ "effectiveDateTime": null, "effectivePeriod": { "start": "2026-04-01", "end": DAY } }),
                )],
                "no",
            ),
            (
                "M1 in the period of M0",
                vec![
                    m1("2026-04-15"),
                    merged(
                        m0("x"),
                        &json!({ "effectiveDateTime": null, "effectivePeriod": { "start": "2026-04-01", "end": DAY } }),
                    ),
                ],
                "either: imprecise",
            ),
            ("M0 in the future", vec![m0("2027-01-01")], "either: imprecise"),
            ("M1 in the future", vec![m1("2027-01-01")], "either: imprecise"),
            (
                "M0 before a relapse",
                vec![m0("2025-02-01"), primary("2026-02-01", "relapse")],
                "either: imprecise",
            ),
            // The clinical status has no date: the relapse came at some time after the Condition was recorded.
            (
                "M0 at diagnosis, a relapse since",
                vec![primary("2019-01-10", "relapse"), m0("2019-02-01")],
                "either: imprecise",
            ),
            (
                "M0 before a recurrence was recorded",
                vec![m0("2025-02-01"), condition("sct:314955001", "2026-02-01", &status("active", ""))],
                "either: imprecise",
            ),
            (
                "M0 after a recurrence was recorded",
                vec![condition("sct:314955001", "2025-02-01", &status("active", "")), m0("2026-02-01")],
                "no",
            ),
            (
                "M0 before progression",
                vec![m0("2025-02-01"), progress("sct:271299001", "2026-02-01")],
                "either: imprecise",
            ),
            ("M0 after progression", vec![progress("sct:271299001", "2025-02-01"), m0("2026-02-01")], "no"),
            (
                "M0 after a preliminary M1",
                vec![merged(m1("2025-02-01"), &json!({ "status": "preliminary" })), m0("2026-02-01")],
                "no",
            ),
            (
                "M0 before a preliminary M1",
                vec![m0("2025-02-01"), merged(m1("2026-02-01"), &json!({ "status": "preliminary" }))],
                "either: imprecise",
            ),
            (
                "M0 before an M1 in error",
                vec![m0("2025-02-01"), merged(m1("2026-02-01"), &json!({ "status": "entered-in-error" }))],
                "no",
            ),
            (
                "M0 before MX",
                vec![m0("2025-02-01"), m("MX", "2026-02-01")],
                "either: imprecise, unclassified",
            ),
            // What was written down after M0 and cannot be told may be a metastasis.
            (
                "M0, then a stage that is not known",
                vec![m0("2025-02-01"), staged(concept("sct:999999"), "2026-02-01", &json!({}))],
                "either: imprecise, unclassified",
            ),
            (
                "M0, then a stage in words that are not known",
                vec![m0("2025-02-01"), staged(concept("widespread"), "2026-02-01", &json!({}))],
                "either: imprecise, unclassified",
            ),
            (
                "M0, then a stage \"Secondary malignancy\"",
                vec![m0("2025-02-01"), staged(concept("Secondary malignancy"), "2026-02-01", &json!({}))],
                "either: imprecise, unclassified",
            ),
            (
                "a stage that is not known, then M0",
                vec![staged(concept("sct:999999"), "2024-02-01", &json!({})), m0("2025-02-01")],
                "no",
            ),
            (
                "M0, then a stage that is not known, refuted",
                vec![m0("2025-02-01"), staged(concept("sct:999999"), "2026-02-01", &status("", "refuted"))],
                "no",
            ),
            (
                "M0, then T2 and N1",
                vec![
                    m0("2025-02-01"),
                    staged(concept("cT2"), "2026-02-01", &json!({})),
                    staged(concept("N1"), "2026-02-01", &left),
                ],
                "no",
            ),
            (
                "M0, then a T category by its type",
                vec![m0("2025-02-01"), typed("sct:999999", "sct:399504009", "2026-02-01")],
                "no",
            ),
            (
                "M0, then a secondary neoplasm of a place that is not stated",
                vec![
                    m0("2025-02-01"),
                    condition("Secondary malignancy", "2026-02-01", &status("active", "")),
                ],
                "either: imprecise",
            ),
            (
                "M0, then a metastasis in words that is resolved",
                vec![
                    m0("2025-02-01"),
                    condition("Liver metastases, resolved", "2026-02-01", &status("active", "")),
                ],
                "either: imprecise",
            ),
            (
                "axillary nodes do not touch M0",
                vec![m0("2025-02-01"), condition("icd:C77.3", "2026-02-01", &json!({}))],
                "no",
            ),
        ],
    );
}

#[test]
fn signs_of_another_cancer_say_nothing() {
    let about = |observation: Value, id: &str| {
        merged(observation, &json!({ "focus": [{ "reference": format!("Condition/{id}") }] }))
    };
    let lung = condition("icd:C34.11", "2024-01-01", &json!({ "id": "lung" }));
    let breast = condition("icd:C50.911", "2024-01-01", &json!({ "id": "breast" }));
    let liver = condition(
        "icd:C78.7",
        "2024-01-01",
        &json!({ "id": "liver", "clinicalStatus": { "coding": [{ "code": "resolved" }] } }),
    );
    let odd = condition("local thing", "2024-01-01", &json!({ "id": "odd" }));
    let shown = |observation: Value, words: &str| {
        merged(observation, &json!({ "focus": [{ "reference": "Condition/gone", "display": words }] }))
    };
    let inside = |observation: Value, code: &str| {
        let contained = json!([{ "resourceType": "Condition", "id": "c", "code": concept(code) }]);
        merged(observation, &json!({ "contained": contained, "focus": [{ "reference": "#c" }] }))
    };
    let with = |observation: Value| vec![lung.clone(), breast.clone(), observation];
    check(
        ELEMENT,
        &[
            ("M1 of the lung cancer", with(about(m("sct:1229903009", DAY), "lung")), "either: not-recorded"),
            ("M1 of the breast cancer", with(about(m("sct:1229903009", DAY), "breast")), "yes"),
            (
                "M1 of a Condition that did not come",
                with(about(m("sct:1229903009", DAY), "gone")),
                "either: imprecise",
            ),
            (
                "M0 of a Condition that did not come",
                with(about(m("sct:1229901006", DAY), "gone")),
                "either: imprecise",
            ),
            (
                "M0 of the breast, then M1 of a Condition that did not come",
                [
                    with(about(m("sct:1229901006", "2025-02-01"), "breast")),
                    vec![about(m("sct:1229903009", DAY), "gone")],
                ]
                .concat(),
                "either: imprecise",
            ),
            (
                "M1 of a Condition that did not come, and is shown as the breast cancer",
                with(shown(m("sct:1229903009", DAY), "Malignant neoplasm of the left breast")),
                "yes",
            ),
            (
                "M1 of a Condition that did not come, and is shown as the lung cancer",
                with(shown(m("sct:1229903009", DAY), "Lung cancer")),
                "either: not-recorded",
            ),
            (
                "M1 of a Condition that did not come, and is shown in words that say nothing",
                with(shown(m("sct:1229903009", DAY), "Problem 3")),
                "either: imprecise",
            ),
            (
                "M1 of a Condition in no known value set",
                [with(about(m("sct:1229903009", DAY), "odd")), vec![odd]].concat(),
                "either: imprecise",
            ),
            (
                "M1 of the breast cancer and of a Condition that did not come",
                with(merged(
                    m("sct:1229903009", DAY),
                    &json!({ "focus": [
                    { "reference": "Condition/gone" }, { "reference": "Condition/breast" } ] }),
                )),
                "yes",
            ),
            (
                "M1 of the lung cancer and of a Condition that did not come",
                with(merged(
                    m("sct:1229903009", DAY),
                    &json!({ "focus": [
                    { "reference": "Condition/gone" }, { "reference": "Condition/lung" } ] }),
                )),
                "either: imprecise",
            ),
            (
                "M1 of a contained lung cancer",
                with(inside(m("sct:1229903009", DAY), "icd:C34.11")),
                "either: not-recorded",
            ),
            ("M1 of a contained breast cancer", with(inside(m("sct:1229903009", DAY), "icd:C50.911")), "yes"),
            (
                "M1 of a body structure",
                with(merged(
                    m("sct:1229903009", DAY),
                    &json!({ "focus": [{ "reference": "BodyStructure/b" }] }),
                )),
                "yes",
            ),
            ("M0 of the lung cancer", with(about(m("sct:1229901006", DAY), "lung")), "either: not-recorded"),
            ("M0 of the breast cancer", with(about(m("sct:1229901006", DAY), "breast")), "no"),
            (
                "stage IV of the lung cancer",
                with(about(group("Stage IV", DAY), "lung")),
                "either: not-recorded",
            ),
            (
                "metastatic status of the lung cancer",
                with(about(progress("sct:399409002", DAY), "lung")),
                "either: not-recorded",
            ),
            (
                "metastatic status of the metastasis",
                vec![liver, about(progress("sct:399409002", DAY), "liver")],
                "yes",
            ),
            (
                "worsened lung cancer after M0 of the breast",
                [
                    with(about(m("sct:1229901006", "2025-02-01"), "breast")),
                    vec![about(progress("sct:271299001", DAY), "lung")],
                ]
                .concat(),
                "no",
            ),
            (
                "worsened breast cancer after M0 of the breast",
                [
                    with(about(m("sct:1229901006", "2025-02-01"), "breast")),
                    vec![about(progress("sct:271299001", DAY), "breast")],
                ]
                .concat(),
                "either: imprecise",
            ),
        ],
    );
}

#[test]
fn a_secondary_neoplasm_counts_by_its_site_and_its_primary() {
    let silent = "either: not-recorded";
    let at = |sites: &[&str]| {
        let sites = sites.iter().map(|site| concept(site)).collect::<Vec<_>>();
        vec![condition("sct:128462008", DAY, &json!({ "bodySite": sites }))]
    };
    let of = |id: &str| {
        let related = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/condition-related",
            "valueReference": { "reference": format!("Condition/{id}") } }]);
        vec![
            condition("icd:C34.11", "2024-01-01", &json!({ "id": "lung" })),
            condition("icd:C50.911", "2024-01-01", &json!({ "id": "breast" })),
            condition("icd:C78.7", DAY, &json!({ "extension": related })),
        ]
    };
    check(
        ELEMENT,
        &[
            ("no site", at(&[]), "yes"),
            ("the liver", at(&["Liver"]), "yes"),
            ("the axilla", at(&["sct:68171009"]), silent),
            ("the axilla, in words", at(&["Left axillary lymph node"]), silent),
            ("the axilla and the liver", at(&["sct:68171009", "Liver"]), "yes"),
            ("of the breast cancer", of("breast"), "yes"),
            ("of the lung cancer", of("lung"), silent),
            ("of a Condition that did not come", of("gone"), "either: imprecise"),
        ],
    );
}

#[test]
fn searches() {
    let both = [Search::Conditions, Search::ClinicalObservations];
    searches_without_an_answer(ELEMENT, &both, "either");
    let m0 = [m("sct:1229901006", DAY)];
    stays(ELEMENT, &m0, Search::Conditions, "either: unavailable");
    let paged = Chart { paged: vec![Search::ClinicalObservations], ..Chart::of(&m0) };
    assert_eq!(paged.says(ELEMENT), "either: unavailable");
    stays(ELEMENT, &[m("sct:1229903009", DAY)], Search::Conditions, "yes");
    stays(ELEMENT, &active("icd:C78.7"), Search::ClinicalObservations, "yes");
}
