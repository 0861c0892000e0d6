//! PD-L1 combined positive score.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with};
use crate::table::{each, observation_statuses, searches_without_an_answer};

const ELEMENT: &str = "tumor.pd-l1-cps";
const DAY: &str = "2026-01-10";
const NONE: &str = "any value: not-recorded";
const OTHER: &str = "any value: unclassified";
const UNREADABLE: &str = "any value: imprecise";

fn cps(more: &Value) -> Value {
    seen_with("105303-2", DAY, more)
}

fn number(value: u8) -> Value {
    json!({ "valueQuantity": { "value": value } })
}

#[test]
fn the_score_itself() {
    let words = [
        ("10", "10"),
        ("9.5", "9.5"),
        ("<1", "below 1: imprecise"),
        ("<10", "below 10: imprecise"),
        (">=10", "at least 10: imprecise"),
        ("≥10", "at least 10: imprecise"),
        ("> 50", "above 50: imprecise"),
        ("<= 5", "at most 5: imprecise"),
        ("CPS 15", "15"),
        ("CPS: less than 1", "below 1: imprecise"),
        ("CPS = 10", "10"),
        ("at least 10", "at least 10: imprecise"),
        ("between 5 and 10", UNREADABLE),
        ("not 10", UNREADABLE),
        ("CPS cutoff 10", UNREADABLE),
        ("CPS cut-off: 10", UNREADABLE),
        ("threshold 10", UNREADABLE),
        ("previously CPS 5", UNREADABLE),
        ("prior CPS 5", UNREADABLE),
        ("pending", UNREADABLE),
        ("positive", UNREADABLE),
        ("see report", UNREADABLE),
    ];
    each(ELEMENT, &words, |text| vec![cps(&json!({ "valueString": text }))]);
    each(ELEMENT, &words, |text| vec![cps(&json!({ "valueCodeableConcept": { "text": text } }))]);
    let quantity =
        |more: Value| vec![cps(&json!({ "valueQuantity": merged(json!({ "value": 10 }), &more) }))];
    let range = |low: u8, high: u8| {
        vec![cps(&json!({ "valueRange": { "low": { "value": low }, "high": { "value": high } } }))]
    };
    check(
        ELEMENT,
        &[
            ("nothing", vec![], NONE),
            ("a number", quantity(json!({})), "10"),
            ("unit 1", quantity(json!({ "code": "1" })), "10"),
            ("an annotation for a unit", quantity(json!({ "unit": "{score}" })), "10"),
            ("below", quantity(json!({ "comparator": "<" })), "below 10: imprecise"),
            ("at least", quantity(json!({ "comparator": ">=" })), "at least 10: imprecise"),
            (
                "below 20 spans the limit",
                quantity(json!({ "value": 20, "comparator": "<" })),
                "below 20: imprecise",
            ),
            ("another unit", quantity(json!({ "unit": "mg" })), UNREADABLE),
            ("a whole number", vec![cps(&json!({ "valueInteger": 4 }))], "4"),
            ("zero", vec![cps(&json!({ "valueInteger": 0 }))], "0"),
            ("a range", range(1, 5), "1 to 5: imprecise"),
            ("no value", vec![cps(&json!({}))], UNREADABLE),
            ("no value, but why", vec![cps(&json!({ "dataAbsentReason": concept("unknown") }))], UNREADABLE),
        ],
    );
}

#[test]
fn other_scores_and_presence_say_nothing() {
    let pdl1 = |code: &str, more: &Value| vec![seen_with(code, DAY, more)];
    let share = json!({ "valueQuantity": { "value": 60, "unit": "%", "code": "%" } });
    let worded =
        |more: &Value| vec![merged(seen_with("0-0", DAY, more), &json!({ "code": concept("PD-L1 CPS") }))];
    let part = |code: Value, more: &Value| json!({ "component": [merged(json!({ "code": code }), more)] });
    check(
        ELEMENT,
        &[
            (
                "presence by 22C3",
                pdl1("83052-1", &json!({ "valueCodeableConcept": concept("loinc:LA6576-8") })),
                OTHER,
            ),
            ("presence by 28-8", pdl1("83055-4", &json!({ "valueString": "Positive" })), OTHER),
            ("presence by SP142", pdl1("83057-0", &json!({ "valueString": "Positive" })), OTHER),
            ("tumor proportion score", pdl1("83053-9", &share), NONE),
            ("tumor cells", pdl1("105304-0", &share), NONE),
            ("immune cells", pdl1("105305-7", &share), NONE),
            ("a number of another test", pdl1("83052-1", &number(15)), OTHER),
            ("TPS in words", pdl1("83052-1", &json!({ "valueString": "TPS 60%" })), OTHER),
            (
                "CPS in the words of a value",
                pdl1("83052-1", &json!({ "valueString": "TPS 60%, CPS 15" })),
                "15",
            ),
            (
                "CPS in words, clone beside it",
                pdl1("83052-1", &json!({ "valueString": "22C3: CPS >= 10" })),
                "at least 10: imprecise",
            ),
            (
                "CPS by method",
                pdl1(
                    "83052-1",
                    &merged(number(12), &json!({ "method": { "text": "Combined positive score" } })),
                ),
                "12",
            ),
            ("CPS by the words of the code", worded(&number(12)), "12"),
            ("CPS by the words of the code, a share", worded(&share), UNREADABLE),
            ("CPS by component code", pdl1("83052-1", &part(concept("loinc:105303-2"), &number(12))), "12"),
            (
                "CPS by component words",
                pdl1("85147-7", &part(concept("CPS"), &json!({ "valueString": "<1" }))),
                "below 1: imprecise",
            ),
            ("a component of another score", pdl1("83052-1", &part(concept("TPS"), &share)), NONE),
            (
                "a panel of the future",
                vec![merged(
                    seen_with("83052-1", DAY, &part(concept("CPS"), &number(12))),
                    &json!({ "effectiveDateTime": "2027-01-01" }),
                )],
                NONE,
            ),
            (
                "a panel of a Condition that did not come",
                vec![merged(
                    seen_with("83052-1", DAY, &part(concept("CPS"), &number(12))),
                    &json!({ "focus": [{ "reference": "Condition/gone" }] }),
                )],
                UNREADABLE,
            ),
            (
                "a panel in error",
                vec![merged(
                    seen_with("83052-1", DAY, &part(concept("CPS"), &number(12))),
                    &json!({ "status": "entered-in-error" }),
                )],
                NONE,
            ),
            (
                "presence beside the score",
                [pdl1("83052-1", &json!({ "valueString": "Positive" })), vec![cps(&number(4))]].concat(),
                "4",
            ),
        ],
    );
}

#[test]
fn the_newest_score_decides() {
    let scored = |value: u8, date: &str| {
        seen_with("105303-2", date, &json!({ "id": format!("{value}-{date}"), "valueInteger": value }))
    };
    let stomach = condition("icd:C16.9", DAY, &json!({ "id": "stomach" }));
    let of_stomach = merged(scored(20, DAY), &json!({ "focus": [{ "reference": "Condition/stomach" }] }));
    check(
        ELEMENT,
        &[
            ("newest", vec![scored(20, "2025-01-01"), scored(4, DAY)], "4"),
            (
                "newest by the zone",
                vec![scored(20, "2026-01-11T00:30:00+02:00"), scored(4, "2026-01-10T23:00:00Z")],
                "4",
            ),
            ("of one day", vec![scored(20, DAY), scored(4, DAY)], "4 to 20: conflicting"),
            (
                "of one instant in two zones",
                vec![scored(20, "2026-01-11T00:30:00+02:00"), scored(4, "2026-01-10T22:30:00Z")],
                "4 to 20: conflicting",
            ),
            ("a year and a day in it", vec![scored(20, "2026"), scored(4, DAY)], "4 to 20: imprecise"),
            ("undated", vec![merged(scored(4, "x"), &json!({ "effectiveDateTime": null }))], "4"),
            ("in the future", vec![scored(4, DAY), scored(20, "2027-01-01")], "4"),
            (
                "unreadable and newer",
                vec![scored(4, "2025-01-01"), cps(&json!({ "valueString": "see report" }))],
                UNREADABLE,
            ),
            (
                "unreadable of the same day",
                vec![scored(4, DAY), cps(&json!({ "valueString": "see report" }))],
                "4",
            ),
            (
                "preliminary and newer",
                vec![scored(4, "2025-01-01"), merged(scored(20, DAY), &json!({ "status": "preliminary" }))],
                "4",
            ),
            ("of what did not come", vec![of_stomach.clone()], UNREADABLE),
            ("of what did not come, newer", vec![of_stomach.clone(), scored(4, "2025-01-01")], UNREADABLE),
            (
                "of what did not come, older",
                vec![
                    merged(of_stomach.clone(), &json!({ "effectiveDateTime": "2025-01-01" })),
                    scored(4, DAY),
                ],
                "4",
            ),
            ("of the stomach cancer", vec![stomach.clone(), of_stomach.clone()], NONE),
            (
                "of the stomach cancer, beside an older one",
                vec![stomach, of_stomach, scored(4, "2025-01-01")],
                "4",
            ),
        ],
    );
    observation_statuses(ELEMENT, &cps(&number(4)), "4", "any value");
    searches_without_an_answer(ELEMENT, &[Search::ClinicalObservations], "any value");
    let paged = Chart { paged: vec![Search::ClinicalObservations], ..Chart::of(&[cps(&number(4))]) };
    assert_eq!(paged.says(ELEMENT), "any value: unavailable");
    let gaps = Chart::of(&[seen("83052-1", "loinc:LA6576-8", DAY)]).known(ELEMENT).gaps;
    assert!(gaps.iter().any(|gap| gap.detail.contains("83052-1")), "the test as sent: {gaps:?}");
}
