//! HER2.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with, status};
use crate::table::{each, observation_statuses, searches_without_an_answer};

const ELEMENT: &str = "tumor.her2";
const DAY: &str = "2026-01-10";
const NONE: &str = "positive|low|zero: not-recorded";
const UNCLASSIFIED: &str = "positive|low|zero: unclassified";
const EQUIVOCAL: &str = "positive|low: imprecise";
const NEGATIVE: &str = "low|zero: imprecise";

fn ihc(value: &str, date: &str) -> Value {
    seen("85319-2", value, date)
}

fn ish(value: &str, date: &str) -> Value {
    seen("85318-4", value, date)
}

#[test]
fn immunohistochemistry_in_every_form() {
    let rows = [
        ("3+", "positive"),
        ("IHC 3+", "positive"),
        ("Positive (3+)", "positive"),
        ("2+", EQUIVOCAL),
        ("Equivocal (2+)", EQUIVOCAL),
        ("1+", "low"),
        ("Negative (1+)", "low"),
        ("0", "zero"),
        ("IHC 0", "zero"),
        ("Negative (0)", "zero"),
        ("2+/ISH-", "low"),
        ("IHC 2+, FISH not amplified", "low"),
        ("IHC 2+, FISH positive", "positive"),
        ("HER2-low", "low"),
        ("loinc:LA6576-8", "positive"),
        ("sct:10828004", "positive"),
        ("Positive", "positive"),
        ("HER2 overexpressed", "positive"),
        ("loinc:LA6577-6", NEGATIVE),
        ("sct:260385009", NEGATIVE),
        ("Negative", NEGATIVE),
        ("Not overexpressed", NEGATIVE),
        ("Negative for HER2 overexpression", NEGATIVE),
        ("sct:42425007", EQUIVOCAL),
        ("Equivocal", EQUIVOCAL),
        ("Indeterminate", EQUIVOCAL),
        // Denied, doubted, or said of something else.
        ("HER2 gene not significantly amplified", NEGATIVE),
        ("never amplified", NEGATIVE),
        ("possibly amplified", UNCLASSIFIED),
        ("borderline amplified", EQUIVOCAL),
        ("not HER2-low", UNCLASSIFIED),
        ("HER2-low or ultralow", NEGATIVE),
        ("previously 3+", UNCLASSIFIED),
        ("1+ (prior 3+)", "low"),
        ("positive control 3+, tumor 1+", "low"),
        ("0 of 10 cores", UNCLASSIFIED),
        ("3+ in 5% of cells", EQUIVOCAL),
        ("3+ in 80% of cells", "positive"),
        ("weak positive", UNCLASSIFIED),
        // A score of 2+ is neither before hybridization has settled it.
        ("Positive (2+)", EQUIVOCAL),
        ("Negative (2+)", EQUIVOCAL),
        ("Positive (2+, FISH amplified)", "positive"),
        ("Negative (3+)", UNCLASSIFIED),
        ("0.8", UNCLASSIFIED),
        ("10%", UNCLASSIFIED),
        ("see report", UNCLASSIFIED),
        ("not done", UNCLASSIFIED),
        ("Specimen negative for malignancy", UNCLASSIFIED),
        ("Margins negative", UNCLASSIFIED),
        ("ER negative", UNCLASSIFIED),
    ];
    each(ELEMENT, &rows, |value| vec![ihc(value, DAY)]);
    for code in ["48676-1", "72383-3", "72382-5", "18474-7"] {
        each(ELEMENT, &rows[..9], |value| vec![seen(code, value, DAY)]);
    }
    let strings = rows.iter().filter(|(value, _)| !value.contains(':')).copied().collect::<Vec<_>>();
    each(ELEMENT, &strings, |value| vec![seen_with("85319-2", DAY, &json!({ "valueString": value }))]);
    let coded = |code: &str, text: &str| {
        let value = merged(concept(code), &json!({ "text": text }));
        vec![seen_with("85319-2", DAY, &json!({ "valueCodeableConcept": value }))]
    };
    let with = |more: Value| vec![seen_with("85319-2", DAY, &more)];
    check(
        ELEMENT,
        &[
            ("nothing", vec![], NONE),
            ("negative in code, 1+ in words", coded("loinc:LA6577-6", "IHC 1+"), "low"),
            ("negative in code, 0 in words", coded("loinc:LA6577-6", "IHC 0"), "zero"),
            ("negative in code, 2+ in words", coded("loinc:LA6577-6", "IHC 2+"), EQUIVOCAL),
            ("positive in code, 2+ in words", coded("loinc:LA6576-8", "IHC 2+"), EQUIVOCAL),
            ("negative in code, 3+ in words", coded("loinc:LA6577-6", "IHC 3+"), UNCLASSIFIED),
            ("interpretation", with(json!({ "interpretation": [concept("obs:POS")] })), "positive"),
            ("a whole number", with(json!({ "valueInteger": 2 })), EQUIVOCAL),
            ("a quantity", with(json!({ "valueQuantity": { "value": 3, "unit": "{score}" } })), "positive"),
            ("a quantity of 4", with(json!({ "valueQuantity": { "value": 4 } })), UNCLASSIFIED),
            (
                "no value",
                with(json!({ "dataAbsentReason": concept("unknown") })),
                "positive|low|zero: imprecise",
            ),
            ("serum HER2", vec![seen("32996-1", "loinc:LA6576-8", DAY)], NONE),
            (
                "serum HER2, other codes",
                vec![seen("42914-2", "Positive", DAY), seen("51981-9", "Positive", DAY)],
                NONE,
            ),
            ("newest", vec![ihc("3+", "2020-01-01"), ihc("1+", DAY)], "low"),
            ("of one day, differing", vec![ihc("0", DAY), ihc("1+", DAY)], "low|zero: conflicting"),
            ("of one day, 3+ and 0", vec![ihc("0", DAY), ihc("3+", DAY)], "positive|zero: conflicting"),
            ("a year and a day in it", vec![ihc("0", "2026"), ihc("1+", DAY)], "low|zero: imprecise"),
            ("in the future", vec![ihc("1+", "2020-01-01"), ihc("3+", "2027-01-01")], "low"),
        ],
    );
}

#[test]
fn in_situ_hybridization_settles_an_equivocal_score() {
    let specimen =
        |observation: Value| merged(observation, &json!({ "specimen": { "reference": "Specimen/s" } }));
    let not = "Not amplified";
    let liver = condition("icd:C78.7", DAY, &json!({ "id": "liver" }));
    let breast = condition("icd:C50.911", DAY, &json!({ "id": "breast" }));
    let stomach = condition("icd:C16.9", DAY, &json!({ "id": "stomach" }));
    let about = |observation: Value, id: &str| {
        merged(observation, &json!({ "focus": [{ "reference": format!("Condition/{id}") }] }))
    };
    check(
        ELEMENT,
        &[
            ("2+ and amplified", vec![ihc("2+", DAY), ish("loinc:LA6576-8", DAY)], "positive"),
            ("2+ and not amplified", vec![ihc("2+", DAY), ish("loinc:LA6577-6", DAY)], "low"),
            ("2+ and not amplified, in words", vec![ihc("2+", DAY), ish(not, DAY)], "low"),
            ("2+, then not amplified", vec![ihc("2+", DAY), ish(not, "2026-01-20")], "low"),
            ("2+, long after amplified", vec![ish("Amplified", "2020-01-01"), ihc("2+", DAY)], EQUIVOCAL),
            (
                "2+ and amplified before, one specimen",
                vec![specimen(ish("Amplified", "2026-01-08")), specimen(ihc("2+", DAY))],
                "positive",
            ),
            ("2+ and equivocal", vec![ihc("2+", DAY), ish("Equivocal", DAY)], EQUIVOCAL),
            (
                "2+ and preliminary",
                vec![ihc("2+", DAY), merged(ish(not, DAY), &json!({ "status": "preliminary" }))],
                EQUIVOCAL,
            ),
            (
                "2+ and cancelled",
                vec![ihc("2+", DAY), merged(ish(not, DAY), &json!({ "status": "cancelled" }))],
                EQUIVOCAL,
            ),
            (
                "2+ and a ratio without more",
                vec![
                    ihc("2+", DAY),
                    seen_with("49683-6", DAY, &json!({ "valueQuantity": { "value": 1.2 } })),
                ],
                EQUIVOCAL,
            ),
            (
                "2+ and words of a simulated record",
                vec![ihc("2+", DAY), ish("less than 1.8", DAY)],
                EQUIVOCAL,
            ),
            ("3+ stays positive", vec![ihc("3+", DAY), ish(not, DAY)], "positive"),
            ("1+ but amplified", vec![ihc("1+", DAY), ish("Amplified", DAY)], "positive|low: conflicting"),
            ("0 and not amplified", vec![ihc("0", DAY), ish(not, DAY)], "zero"),
            ("2+ and doubted", vec![ihc("2+", DAY), ish("possibly amplified", DAY)], EQUIVOCAL),
            ("2+ and denied", vec![ihc("2+", DAY), ish("HER2 gene not significantly amplified", DAY)], "low"),
            ("only amplified", vec![ish("Amplified", DAY)], "positive"),
            ("only not amplified", vec![ish(not, DAY)], NEGATIVE),
            ("tissue by FISH", vec![seen("31150-6", "Amplified", DAY)], "positive"),
            (
                "a metastasis before a newer one of the breast",
                vec![liver, about(ihc("1+", "2025-01-01"), "liver"), ihc("3+", DAY)],
                "low",
            ),
            (
                "focus on the breast is no metastasis",
                vec![breast, about(ihc("1+", "2025-01-01"), "breast"), ihc("3+", DAY)],
                "positive",
            ),
            ("of the stomach cancer", vec![stomach, about(ihc("3+", DAY), "stomach")], NONE),
            ("of what did not come", vec![about(ihc("3+", DAY), "gone")], "positive|low|zero: imprecise"),
            (
                "of what did not come, and says the same",
                vec![about(ihc("3+", "2025-01-01"), "gone"), ihc("3+", DAY)],
                "positive",
            ),
            (
                "of what did not come, and says otherwise",
                vec![about(ihc("3+", "2025-01-01"), "gone"), ihc("1+", DAY)],
                "positive|low: imprecise",
            ),
            (
                "2+, amplified in what did not come",
                vec![ihc("2+", DAY), about(ish("Amplified", DAY), "gone")],
                EQUIVOCAL,
            ),
            (
                "1+, amplified in what did not come",
                vec![ihc("1+", DAY), about(ish("Amplified", DAY), "gone")],
                "positive|low: imprecise",
            ),
        ],
    );
}

#[test]
fn conditions_serve_where_no_result_is() {
    let rows = [
        ("icd:Z17.31", "positive"),
        ("icd:Z17.410", "positive"),
        ("icd:Z17.420", "positive"),
        ("icd:Z17.32", NEGATIVE),
        ("icd:Z17.411", NEGATIVE),
        ("icd:Z17.421", NEGATIVE),
        ("icd:Z17421", NEGATIVE),
        ("icd:Z17.41", NONE),
        ("icd:Z17.0", NONE),
        ("sct:706970001", NEGATIVE),
        ("sct:427685000", "positive"),
        ("sct:431396003", NEGATIVE),
        ("HER2-positive breast cancer", "positive"),
        ("HER2 negative breast cancer", NEGATIVE),
        ("Triple negative breast cancer", NEGATIVE),
        ("TNBC", NEGATIVE),
    ];
    each(ELEMENT, &rows, |code| vec![condition(code, DAY, &status("active", "confirmed"))]);
    let z17 = |code: &str, date: &str, more: &Value| condition(code, date, more);
    check(
        ELEMENT,
        &[
            (
                "both",
                vec![z17("icd:Z17.31", DAY, &json!({})), z17("icd:Z17.32", DAY, &json!({}))],
                "positive|low|zero: conflicting",
            ),
            (
                "the newer",
                vec![z17("icd:Z17.31", "2020-01-01", &json!({})), z17("icd:Z17.32", DAY, &json!({}))],
                NEGATIVE,
            ),
            (
                "an older result outranks it",
                vec![ihc("1+", "2019-01-01"), z17("icd:Z17.31", DAY, &json!({}))],
                "low",
            ),
            ("refuted", vec![z17("icd:Z17.31", DAY, &status("", "refuted"))], NONE),
            ("entered in error", vec![z17("icd:Z17.31", DAY, &status("", "entered-in-error"))], NONE),
            (
                "provisional",
                vec![z17("icd:Z17.31", DAY, &status("", "provisional"))],
                "positive|low|zero: imprecise",
            ),
            (
                "resolved does not matter",
                vec![z17("icd:Z17.31", DAY, &status("resolved", "confirmed"))],
                "positive",
            ),
        ],
    );
}

#[test]
fn the_newest_result_by_its_time() {
    check(
        ELEMENT,
        &[
            ("newer by a day", vec![ihc("3+", "2026-01-10"), ihc("1+", "2026-01-11")], "low"),
            (
                "newer by its zone",
                vec![ihc("3+", "2026-01-11T00:30:00+02:00"), ihc("1+", "2026-01-10T23:00:00Z")],
                "low",
            ),
            (
                "older by its zone",
                vec![ihc("1+", "2026-01-10T23:30:00-05:00"), ihc("3+", "2026-01-11T03:00:00Z")],
                "low",
            ),
            ("a month, and a day after it", vec![ihc("3+", "2025-12"), ihc("1+", "2026-01-01")], "low"),
            ("24 hours and a second ahead", vec![ihc("1+", DAY), ihc("3+", "2026-11-23T12:00:01Z")], "low"),
            ("years ago", vec![ihc("1+", "2015")], "low"),
            ("one day", vec![ihc("3+", DAY), ihc("1+", DAY)], "positive|low: conflicting"),
            (
                "one instant in two zones",
                vec![ihc("3+", "2026-01-11T00:30:00+02:00"), ihc("1+", "2026-01-10T22:30:00Z")],
                "positive|low: conflicting",
            ),
            (
                "a year and a day in it",
                vec![ihc("3+", "2026"), ihc("1+", "2026-01-10")],
                "positive|low: imprecise",
            ),
        ],
    );
}

#[test]
fn statuses_and_searches() {
    observation_statuses(ELEMENT, &ihc("3+", DAY), "positive", "positive|low|zero");
    observation_statuses(ELEMENT, &ish("Amplified", DAY), "positive", "positive|low|zero");
    searches_without_an_answer(
        ELEMENT,
        &[Search::ClinicalObservations, Search::Conditions],
        "positive|low|zero",
    );
    let result = [ihc("1+", DAY)];
    assert_eq!(Chart { failed: vec![Search::Conditions], ..Chart::of(&result) }.says(ELEMENT), "low");
    let paged = Chart { paged: vec![Search::ClinicalObservations], ..Chart::of(&result) };
    assert_eq!(paged.says(ELEMENT), "positive|low|zero: unavailable");
    let diagnosed = [condition("icd:Z17.31", DAY, &json!({}))];
    let failed = Chart { failed: vec![Search::ClinicalObservations], ..Chart::of(&diagnosed) };
    assert_eq!(failed.says(ELEMENT), "positive|low|zero: unavailable");
}
