//! Estrogen and progesterone receptor.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with, status};
use crate::table::{each, observation_statuses, searches_without_an_answer};

const DAY: &str = "2026-01-10";
const OPEN: &str = "positive|negative";
const UNCLASSIFIED: &str = "positive|negative: unclassified";

/// Element, a code of it, another code of it, and the same of the other receptor.
const RECEPTORS: [(&str, &str, [&str; 3]); 2] = [
    ("tumor.er", "85337-4", ["40556-3", "16112-5", "14130-9"]),
    ("tumor.pr", "85339-0", ["40557-1", "16113-3", "10861-3"]),
];

#[test]
fn values_in_every_form() {
    let rows = [
        ("loinc:LA6576-8", "positive"),
        ("loinc:LA6577-6", "negative"),
        ("sct:10828004", "positive"),
        ("sct:260385009", "negative"),
        ("obs:POS", "positive"),
        ("obs:NEG", "negative"),
        ("Positive", "positive"),
        ("POSITIVE", "positive"),
        ("Negative", "negative"),
        ("Positive (95%)", "positive"),
        ("Negative (0%)", "negative"),
        ("Low positive (1-10%)", "positive"),
        ("weakly positive", "positive"),
        ("Not detected", "negative"),
        ("detected", "positive"),
        ("non-reactive", "negative"),
        ("3+", "positive"),
        ("0", "negative"),
        ("95%", "positive"),
        ("1%", "positive"),
        ("0%", "negative"),
        ("<1%", "negative"),
        (">90%", "positive"),
        ("<5%", "positive|negative: imprecise"),
        ("Negative for estrogen and progesterone receptors", "negative"),
        // The words say one, the share of cells the other.
        ("Positive in <1% of cells", UNCLASSIFIED),
        ("Positive (0%)", UNCLASSIFIED),
        ("Negative (5%)", UNCLASSIFIED),
        ("Negative (<1%)", "negative"),
        ("Positive (1%)", "positive"),
        ("Equivocal", UNCLASSIFIED),
        ("Indeterminate", UNCLASSIFIED),
        ("not positive", UNCLASSIFIED),
        ("see report", UNCLASSIFIED),
        ("pending", UNCLASSIFIED),
        ("sct:42425007", UNCLASSIFIED),
        ("Positive and negative", UNCLASSIFIED),
        // Said of something else than the receptor.
        ("Specimen negative for malignancy", UNCLASSIFIED),
        ("Negative for carcinoma", UNCLASSIFIED),
        ("Positive for malignancy", UNCLASSIFIED),
        ("Margins negative", UNCLASSIFIED),
        ("Lymph nodes positive", UNCLASSIFIED),
        ("HER2 negative", UNCLASSIFIED),
    ];
    for (element, code, others) in RECEPTORS {
        each(element, &rows, |value| vec![seen(code, value, DAY)]);
        let strings = rows.iter().filter(|(value, _)| !value.contains(':')).copied().collect::<Vec<_>>();
        each(element, &strings, |value| vec![seen_with(code, DAY, &json!({ "valueString": value }))]);
        for other in others {
            each(element, &rows[..2], |value| vec![seen(other, value, DAY)]);
        }
    }
    let er = |more: Value| vec![seen_with("85337-4", DAY, &more)];
    let percent =
        |value: Value| er(json!({ "valueQuantity": merged(json!({ "unit": "%", "code": "%" }), &value) }));
    check(
        "tumor.er",
        &[
            ("nothing", vec![], "positive|negative: not-recorded"),
            (
                "the other receptor",
                vec![seen("85339-0", "loinc:LA6576-8", DAY)],
                "positive|negative: not-recorded",
            ),
            (
                "fluorescence intensity",
                vec![seen("85310-1", "loinc:LA6576-8", DAY)],
                "positive|negative: not-recorded",
            ),
            ("interpretation", er(json!({ "interpretation": [concept("obs:NEG")] })), "negative"),
            ("interpretation, DSTU2 shape", er(json!({ "interpretation": concept("obs:POS") })), "positive"),
            (
                "value against interpretation",
                er(json!({ "valueString": "Positive", "interpretation": [concept("obs:NEG")] })),
                UNCLASSIFIED,
            ),
            ("95 %", percent(json!({ "value": 95 })), "positive"),
            ("exactly 1 %", percent(json!({ "value": 1 })), "positive"),
            ("0.9 %", percent(json!({ "value": 0.9 })), "negative"),
            ("below 1 %", percent(json!({ "value": 1, "comparator": "<" })), "negative"),
            (
                "at most 1 %",
                percent(json!({ "value": 1, "comparator": "<=" })),
                "positive|negative: imprecise",
            ),
            ("at least 10 %", percent(json!({ "value": 10, "comparator": ">=" })), "positive"),
            ("no unit", er(json!({ "valueQuantity": { "value": 90 } })), UNCLASSIFIED),
            // A score of another kind is no share of cells.
            ("a score", er(json!({ "valueQuantity": { "value": 2, "unit": "{score}" } })), UNCLASSIFIED),
            (
                "a score as a pure number",
                er(json!({ "valueQuantity": { "value": 2, "unit": "1" } })),
                UNCLASSIFIED,
            ),
            ("beyond all cells", percent(json!({ "value": 200 })), UNCLASSIFIED),
            ("no value", er(json!({})), "positive|negative: imprecise"),
            (
                "no value, but why",
                er(json!({ "dataAbsentReason": concept("unknown") })),
                "positive|negative: imprecise",
            ),
        ],
    );
    let gaps = Chart::of(&[seen("85337-4", "sct:42425007", DAY)]).known("tumor.er").gaps;
    assert!(gaps.iter().any(|gap| gap.detail.contains("42425007")), "the code as sent: {gaps:?}");
}

#[test]
fn the_newest_result_of_a_metastasis_decides() {
    let er = |value: &str, date: &str| seen("85337-4", value, date);
    let (pos, neg) = ("loinc:LA6576-8", "loinc:LA6577-6");
    let liver = condition("icd:C78.7", "2025-06-01", &json!({ "id": "liver" }));
    let breast = condition(
        "icd:C50.911",
        "2020-01-01",
        &json!({ "id": "breast", "code": merged(concept("icd:C50.911"), &json!({ "text": "Metastatic breast cancer" })) }),
    );
    let lung = condition("icd:C34.11", "2020-01-01", &json!({ "id": "lung" }));
    let about = |observation: Value, id: &str| {
        merged(observation, &json!({ "focus": [{ "reference": format!("Condition/{id}") }] }))
    };
    let at = |observation: Value, site: &str| merged(observation, &json!({ "bodySite": { "text": site } }));
    let named = |observation: Value, shown: &str| {
        merged(observation, &json!({ "specimen": { "reference": "Specimen/s", "display": shown } }))
    };
    let combined = |value: &str, date: &str| seen("10480-2", value, date);
    check(
        "tumor.er",
        &[
            ("newest", vec![er(pos, "2020-01-01"), er(neg, DAY)], "negative"),
            (
                "newest, by the zone",
                vec![er(neg, "2026-01-10T23:30:00-05:00"), er(pos, "2026-01-11T03:00:00Z")],
                "negative",
            ),
            ("of one day, differing", vec![er(pos, DAY), er(neg, DAY)], "positive|negative: conflicting"),
            (
                "of one day, agreeing",
                vec![er(pos, DAY), merged(er("Positive", DAY), &json!({ "id": "b" }))],
                "positive",
            ),
            ("a year and a day in it", vec![er(pos, "2026"), er(neg, DAY)], "positive|negative: imprecise"),
            ("a year before", vec![er(pos, "2025"), er(neg, DAY)], "negative"),
            (
                "undated beside a dated one",
                vec![merged(er(pos, "x"), &json!({ "effectiveDateTime": null })), er(neg, DAY)],
                "positive|negative: imprecise",
            ),
            ("undated alone", vec![merged(er(pos, "x"), &json!({ "effectiveDateTime": null }))], "positive"),
            (
                "by the day it was issued",
                vec![
                    er(pos, "2025-01-01"),
                    merged(
                        er(neg, "x"),
                        &json!({ "effectiveDateTime": null, "issued": "2026-01-10T08:00:00Z" }),
                    ),
                ],
                "negative",
            ),
            ("in the future", vec![er(pos, "2025-01-01"), er(neg, "2027-01-01")], "positive"),
            ("an unreadable newest", vec![er(pos, "2025-01-01"), er("see report", DAY)], UNCLASSIFIED),
            (
                "a preliminary newest",
                vec![er(pos, "2025-01-01"), merged(er(neg, DAY), &json!({ "status": "preliminary" }))],
                "positive",
            ),
            (
                "an older result of the metastasis, by focus",
                vec![liver.clone(), about(er(pos, "2025-06-10"), "liver"), er(neg, DAY)],
                "positive",
            ),
            (
                "an older result of the metastasis, by body site",
                vec![at(er(pos, "2025-06-10"), "Liver metastasis"), er(neg, DAY)],
                "positive",
            ),
            (
                "an older result of the metastasis, by the organ",
                vec![at(er(pos, "2025-06-10"), "Liver"), er(neg, DAY)],
                "positive",
            ),
            (
                "an older result of the metastasis, by specimen",
                vec![named(er(pos, "2025-06-10"), "Liver metastasis, core biopsy"), er(neg, DAY)],
                "positive",
            ),
            (
                "the newest of two of metastases",
                vec![liver.clone(), about(er(pos, "2025-06-10"), "liver"), about(er(neg, DAY), "liver")],
                "negative",
            ),
            (
                "the focus is the primary, called metastatic",
                vec![breast.clone(), about(er(pos, "2020-01-10"), "breast"), er(neg, DAY)],
                "negative",
            ),
            (
                "of another cancer",
                vec![lung.clone(), about(er(pos, DAY), "lung")],
                "positive|negative: not-recorded",
            ),
            (
                "of another cancer beside the breast's",
                vec![lung, about(er(pos, DAY), "lung"), er(neg, "2020-01-01")],
                "negative",
            ),
            // Of a Condition that did not come: it may be another cancer, the breast cancer or its metastasis.
            ("of what did not come", vec![about(er(pos, DAY), "gone")], "positive|negative: imprecise"),
            (
                "of what did not come, and says the same",
                vec![about(er(pos, DAY), "gone"), er(pos, "2025-01-01")],
                "positive",
            ),
            (
                "of what did not come, newer and different",
                vec![about(er(pos, DAY), "gone"), er(neg, "2025-01-01")],
                "positive|negative: imprecise",
            ),
            (
                "of what did not come, older and different: a metastasis would come first",
                vec![about(er(pos, "2025-01-01"), "gone"), er(neg, DAY)],
                "positive|negative: imprecise",
            ),
            (
                "of what did not come, older than that of the metastasis",
                vec![liver.clone(), about(er(pos, "2025-01-01"), "gone"), about(er(neg, DAY), "liver")],
                "negative",
            ),
            (
                "of what did not come, beside a Condition that names the status",
                vec![about(er(pos, DAY), "gone"), condition("icd:Z17.1", "2025-01-01", &json!({}))],
                "positive|negative: imprecise",
            ),
            ("combined negative", vec![combined(neg, DAY)], "negative"),
            (
                "combined positive does not tell which",
                vec![combined(pos, DAY)],
                "positive|negative: imprecise",
            ),
            ("combined positive, own negative", vec![combined(pos, DAY), er(neg, DAY)], "negative"),
            (
                "combined negative, older than its own",
                vec![combined(neg, "2025-01-01"), er(pos, DAY)],
                "positive",
            ),
        ],
    );
    let changed = Chart::of(&[er(pos, "2020-01-01"), er(neg, DAY)]).known("tumor.er").evidence;
    assert!(changed[0].note.as_deref().unwrap_or_default().contains("changed from"), "{changed:?}");
    check(
        "tumor.pr",
        &[
            ("combined negative", vec![combined(neg, DAY)], "negative"),
            ("combined positive", vec![combined(pos, DAY)], "positive|negative: imprecise"),
        ],
    );
}

#[test]
fn conditions_serve_where_no_result_is() {
    let (both, open, silent) =
        ("positive|negative: conflicting", "positive|negative: imprecise", "positive|negative: not-recorded");
    let active = |code: &str| vec![condition(code, DAY, &status("active", "confirmed"))];
    each(
        "tumor.er",
        &[
            ("icd:Z17.0", "positive"),
            // Negative, whatever a policy prints beside it.
            ("icd:Z17.1", "negative"),
            ("icd:Z171", "negative"),
            ("icd:Z17.420", "negative"),
            ("icd:Z17.421", "negative"),
            ("icd:Z17.42", "negative"),
            ("icd:Z17.21", silent),
            ("icd:Z17.22", silent),
            ("icd:Z17.31", silent),
            // Hormone receptor positive does not say which: it is named, and leaves it open.
            ("icd:Z17.410", open),
            ("icd:Z17.411", open),
            ("icd:Z17.41", open),
            ("Hormone receptor positive breast cancer", open),
            ("HR-positive, HER2-negative breast cancer", open),
            ("sct:706970001", "negative"),
            ("sct:416053008", "positive"),
            ("Triple negative breast cancer", "negative"),
            ("TNBC", "negative"),
            ("ER positive breast cancer", "positive"),
            ("Breast cancer, ER-negative", "negative"),
            ("Hormone receptor negative breast cancer", "negative"),
            ("icd:C50.911", silent),
        ],
        active,
    );
    each(
        "tumor.pr",
        &[
            ("icd:Z17.21", "positive"),
            ("icd:Z17.22", "negative"),
            ("icd:Z17.0", silent),
            ("icd:Z17.1", silent),
            ("icd:Z17.410", open),
            ("icd:Z17.411", open),
            ("icd:Z17.420", "negative"),
            ("icd:Z17.421", "negative"),
            ("sct:706970001", "negative"),
            ("sct:416561008", "positive"),
            ("Progesterone receptor positive", "positive"),
            ("PR-negative breast cancer", "negative"),
        ],
        active,
    );
    let z17 = |code: &str, more: &Value| condition(code, DAY, more);
    let er = |value: &str, date: &str| seen("85337-4", value, date);
    check(
        "tumor.er",
        &[
            ("both", vec![z17("icd:Z17.0", &json!({})), z17("icd:Z17.1", &json!({}))], both),
            (
                "the newer one",
                vec![condition("icd:Z17.0", "2020-01-01", &json!({})), z17("icd:Z17.1", &json!({}))],
                "negative",
            ),
            (
                "HR positive beside ER positive",
                vec![z17("icd:Z17.411", &json!({})), z17("icd:Z17.0", &json!({}))],
                "positive",
            ),
            (
                "remission does not matter",
                vec![z17("icd:Z17.0", &status("remission", "confirmed"))],
                "positive",
            ),
            ("provisional", vec![z17("icd:Z17.0", &status("active", "provisional"))], open),
            ("refuted", vec![z17("icd:Z17.0", &status("active", "refuted"))], silent),
            ("entered in error", vec![z17("icd:Z17.0", &status("", "entered-in-error"))], silent),
            (
                "an older result outranks it",
                vec![er("loinc:LA6577-6", "2019-01-01"), z17("icd:Z17.0", &json!({}))],
                "negative",
            ),
            (
                "HR positive yields to a result",
                vec![er("loinc:LA6577-6", "2019-01-01"), z17("icd:Z17.411", &json!({}))],
                "negative",
            ),
            (
                "a preliminary result does not",
                vec![
                    merged(er("loinc:LA6577-6", "2019-01-01"), &json!({ "status": "preliminary" })),
                    z17("icd:Z17.0", &json!({})),
                ],
                "positive",
            ),
        ],
    );
    let named = Chart::of(&active("icd:Z17.411")).known("tumor.er").gaps;
    assert!(named.iter().any(|gap| gap.detail.contains("Z17.411")), "the gap names it: {named:?}");
}

/// What simulated records (Synthea) write for receptors.
#[test]
fn simulated_records_are_not_misread() {
    let negative = |code: &str| vec![seen(code, "loinc:LA6577-6", DAY)];
    for (element, silent) in [("tumor.er", OPEN), ("tumor.pr", OPEN), ("tumor.her2", "positive|low|zero")] {
        let not_recorded = format!("{silent}: not-recorded");
        check(
            element,
            &[
                ("a SNOMED id as a LOINC code", negative("417181009"), not_recorded.as_str()),
                ("tumor marker, for triple negative", negative("21924-6"), not_recorded.as_str()),
            ],
        );
    }
}

#[test]
fn statuses_and_searches() {
    for (element, code, _) in RECEPTORS {
        observation_statuses(element, &seen(code, "loinc:LA6576-8", DAY), "positive", OPEN);
        searches_without_an_answer(element, &[Search::ClinicalObservations, Search::Conditions], OPEN);
        let result = [seen(code, "loinc:LA6576-8", DAY)];
        let without = Chart { failed: vec![Search::Conditions], ..Chart::of(&result) };
        assert_eq!(without.says(element), "positive", "a result needs no Condition");
        // The newest may be what is missing.
        let paged = Chart { paged: vec![Search::ClinicalObservations], ..Chart::of(&result) };
        assert_eq!(paged.says(element), "positive|negative: unavailable");
        let negative = [condition("icd:Z17.421", DAY, &json!({}))];
        let failed = Chart { failed: vec![Search::ClinicalObservations], ..Chart::of(&negative) };
        assert_eq!(failed.says(element), "positive|negative: unavailable");
    }
}
