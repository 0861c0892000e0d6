//! Attestations of every kind of element, and how far an attestation of an order's element reaches.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, attested, check, drafted, merged, on_order, quantity, result};

const DAY: &str = "2026-11-22";

fn stated(element: &str, value: Value) -> Body {
    Body::of(&[attested(element, DAY, &value)])
}

fn codes(codes: &[&str]) -> Value {
    let codings: Vec<_> = codes.iter().map(|code| json!({ "code": code })).collect();
    json!({ "valueCodeableConcept": { "coding": codings } })
}

#[test]
fn of_a_truth() {
    let of = |value: Value| stated("prescriber.oncologist", value);
    let rows: &[Row<'_>] = &[
        ("true", of(json!({ "valueBoolean": true })), "yes"),
        ("false", of(json!({ "valueBoolean": false })), "no"),
        ("yes", of(json!({ "valueString": "Yes" })), "yes"),
        ("coded", of(codes(&["false"])), "no"),
        ("neither", of(json!({ "valueString": "perhaps" })), "either: imprecise"),
        ("absent", of(json!({ "dataAbsentReason": { "text": "unknown" } })), "either: not-recorded"),
        ("preliminary", of(json!({ "status": "preliminary", "valueBoolean": true })), "either: not-recorded"),
        ("amended", of(json!({ "status": "amended", "valueBoolean": true })), "yes"),
        (
            "entered in error",
            of(json!({ "status": "entered-in-error", "valueBoolean": true })),
            "either: not-recorded",
        ),
        (
            "of another element",
            stated("patient.pregnant", json!({ "valueBoolean": true })),
            "either: not-recorded",
        ),
        (
            "where the sources were not read",
            of(json!({ "valueBoolean": true })).failed(Search::CareTeams),
            "yes",
        ),
        (
            "where attestations were not read",
            Body::of(&[]).failed(Search::Attestations),
            "either: unavailable",
        ),
    ];
    check("prescriber.oncologist", rows);
    let who = of(json!({ "valueBoolean": true })).evidence("prescriber.oncologist");
    assert!(who.contains("attested by Dr. Example"), "{who}");
}

#[test]
fn of_a_code() {
    let of = |value: Value| stated("tumor.her2", value);
    let rows: &[Row<'_>] = &[
        ("a code", of(codes(&["positive"])), "positive"),
        ("a group", of(codes(&["negative"])), "low|zero: imprecise"),
        ("a code in words", of(json!({ "valueString": "low" })), "low"),
        ("a code in capitals", of(json!({ "valueString": "ZERO" })), "zero"),
        ("a code and its group", of(codes(&["low", "negative"])), "low"),
        ("two codes", of(codes(&["low", "positive"])), "positive|low|zero: imprecise"),
        ("a code that it has not", of(codes(&["purple"])), "positive|low|zero: imprecise"),
    ];
    check("tumor.her2", rows);
}

#[test]
fn of_a_quantity_and_a_multiple() {
    let compared = |comparator: &str, value: &str, unit: &str| json!({ "valueQuantity": merged(quantity(value, unit), &json!({ "comparator": comparator })) });
    let of = |value: Value| stated("labs.neutrophils", value);
    let rows: &[Row<'_>] = &[
        ("in its unit", of(json!({ "valueQuantity": quantity("1500", "/uL") })), "1500"),
        ("in another unit", of(json!({ "valueQuantity": quantity("1.5", "10*3/uL") })), "1500"),
        ("a comparator", of(compared(">=", "1500", "/uL")), "at least 1500: imprecise"),
        (
            "a range",
            of(json!({ "valueRange": { "low": quantity("1500", "/uL"), "high": quantity("2000", "/uL") } })),
            "1500 to 2000: imprecise",
        ),
        (
            "an open range",
            of(json!({ "valueRange": { "low": quantity("1500", "/uL") } })),
            "at least 1500: imprecise",
        ),
        ("no unit", of(json!({ "valueQuantity": quantity("1500", "") })), "any value: imprecise"),
        (
            "more exact than a result",
            Body::of(&[
                result("loinc:751-8", DAY, "0.9", "10*3/uL"),
                attested(
                    "labs.neutrophils",
                    "2026-11-10",
                    &json!({ "valueQuantity": quantity("1600", "/uL") }),
                ),
            ]),
            "1600",
        ),
        (
            "14 days and a second old",
            Body::of(&[attested(
                "labs.neutrophils",
                "2026-11-08T14:59:59Z",
                &json!({ "valueQuantity": quantity("1600", "/uL") }),
            )]),
            "any value: stale",
        ),
        (
            "14 days old",
            Body::of(&[attested(
                "labs.neutrophils",
                "2026-11-08T15:00:00Z",
                &json!({ "valueQuantity": quantity("1600", "/uL") }),
            )]),
            "1600",
        ),
    ];
    check("labs.neutrophils", rows);
    let of = |value: Value| stated("labs.ast", value);
    let rows: &[Row<'_>] = &[
        ("a multiple", of(json!({ "valueQuantity": quantity("2.4", "1") })), "2.4"),
        ("at most", of(compared("<=", "2.5", "1")), "at most 2.5: imprecise"),
        (
            "a number that may be the result itself",
            of(json!({ "valueQuantity": quantity("40", "") })),
            "any value: imprecise",
        ),
        ("the result itself", of(json!({ "valueQuantity": quantity("40", "U/L") })), "any value: imprecise"),
    ];
    check("labs.ast", rows);
}

#[test]
fn of_a_count() {
    let of = |value: Value| stated("order.doses-per-cycle", value);
    let rows: &[Row<'_>] = &[
        ("an integer", of(json!({ "valueInteger": 3 })), "3"),
        ("a quantity", of(json!({ "valueQuantity": { "value": 3 } })), "3"),
        (
            "a range",
            of(json!({ "valueRange": { "low": { "value": 1 }, "high": { "value": 3 } } })),
            "1 to 3: imprecise",
        ),
        ("an open range", of(json!({ "valueRange": { "low": { "value": 2 } } })), "at least 2: imprecise"),
        (
            "more than",
            of(json!({ "valueQuantity": { "value": 2, "comparator": ">" } })),
            "at least 3: imprecise",
        ),
        ("no whole number", of(json!({ "valueQuantity": { "value": 2.5 } })), "at least 0: imprecise"),
    ];
    check("order.doses-per-cycle", rows);
}

#[test]
fn of_a_set() {
    let of = |value: Value| stated("order.partners", value);
    let rows: &[Row<'_>] = &[
        ("none", of(codes(&["none"])), "alone"),
        ("one", of(codes(&["capecitabine"])), "+capecitabine"),
        ("two", of(codes(&["capecitabine", "endocrine"])), "+capecitabine +endocrine"),
        (
            "two in words",
            of(json!({ "valueString": "capecitabine, trastuzumab" })),
            "+capecitabine +trastuzumab",
        ),
        (
            "none and one",
            of(codes(&["none", "capecitabine"])),
            "?capecitabine ?trastuzumab ?endocrine ?other-antineoplastic: imprecise",
        ),
        (
            "one that it has not",
            of(codes(&["ketchup"])),
            "?capecitabine ?trastuzumab ?endocrine ?other-antineoplastic: imprecise",
        ),
    ];
    check("order.partners", rows);
}

/// The order was written on 2026-11-22 at 14:30: what was said of an earlier one is not said of this one.
#[test]
fn of_an_element_of_the_order_only_of_this_order() {
    let none = codes(&["none"]);
    let at = |date: &str| {
        Body::of(&[attested("order.partners", date, &none)]).draft(drafted("rx:194000", &json!({})))
    };
    let inside = |more: Value| {
        let attested = merged(
            attested("order.partners", "2026-08-01", &merged(none.clone(), &json!({ "id": "a" }))),
            &more,
        );
        Body::ordering(&json!({ "contained": [attested], "supportingInformation": [{ "reference": "#a" }] }))
            .draft(drafted("rx:194000", &json!({})))
    };
    let unpointed = inside(json!({})).order(&json!({ "supportingInformation": null }));
    let rows: &[Row<'_>] = &[
        ("of the same day, before", at("2026-11-22T08:00:00Z"), "alone"),
        ("of the same day", at("2026-11-22"), "alone"),
        ("after", at("2026-11-22T14:45:00Z"), "alone"),
        ("of the same day elsewhere", at("2026-11-21T23:00:00-05:00"), "alone"),
        ("of the day before", at("2026-11-21"), "+capecitabine: stale"),
        ("of an hour before midnight", at("2026-11-21T23:00:00Z"), "+capecitabine: stale"),
        ("of the last cycle", at("2026-11-01"), "+capecitabine: stale"),
        ("of some day of this month", at("2026-11"), "+capecitabine: imprecise"),
        ("of this year", at("2026"), "+capecitabine: imprecise"),
        (
            "without a date",
            Body::of(&[merged(
                attested("order.partners", DAY, &none),
                &json!({ "effectiveDateTime": null }),
            )])
            .draft(drafted("rx:194000", &json!({}))),
            "+capecitabine: imprecise",
        ),
        ("inside the order, whatever its date", inside(json!({})), "alone"),
        ("inside the order, without a date", inside(json!({ "effectiveDateTime": null })), "alone"),
        ("inside, but nothing points to it", unpointed, "+capecitabine"),
        (
            "the order has no date: today counts",
            at("2026-11-22").order(&json!({ "authoredOn": null })),
            "alone",
        ),
        (
            "the order has no date: yesterday does not",
            at("2026-11-21").order(&json!({ "authoredOn": null })),
            "+capecitabine: stale",
        ),
        ("an older order", at("2026-11-01").order(&json!({ "authoredOn": "2026-10-30" })), "alone"),
    ];
    check("order.partners", rows);
    let gaps = at("2026-11-01").gaps("order.partners");
    assert!(gaps.contains("none") && gaps.contains("2026-11-01"), "{gaps}");

    let dose = |date: &str| {
        let said = attested("order.dose", date, &json!({ "valueQuantity": quantity("32", "mg/m2") }));
        Body::of(&[said]).order(&json!({ "dosageInstruction": [{ "text": "40 mg/m2 IV" }] }))
    };
    check("order.dose", &[("before", dose("2026-11-01"), "40: stale"), ("with it", dose(DAY), "32")]);
    let route = |date: &str| Body::of(&[attested("order.route", date, &codes(&["other"]))]);
    check(
        "order.route",
        &[("before", route("2026-11-01"), "intravenous|other: stale"), ("with it", route(DAY), "other")],
    );
    // What is said of the patient reaches as far as its own window.
    let patient =
        Body::of(&[attested("prescriber.oncologist", "2026-08-01", &json!({ "valueBoolean": true }))]);
    check("prescriber.oncologist", &[("of no order", patient, "yes")]);
}

#[test]
fn over_what_is_derived() {
    let allergy = "allergy.polyoxyl-castor-oil";
    let inhibitor = "medication.strong-cyp3a4-inhibitor";
    check(
        allergy,
        &[(
            "no, though the search failed",
            stated(allergy, json!({ "valueBoolean": false })).failed(Search::Allergies),
            "no",
        )],
    );
    check(
        inhibitor,
        &[(
            "no, though ordered",
            Body::of(&[
                attested(inhibitor, DAY, &json!({ "valueBoolean": false })),
                on_order("rx:21212", "2026-11-20", &json!({})),
            ]),
            "no",
        )],
    );
    check(
        inhibitor,
        &[(
            "61 days old",
            Body::of(&[attested(inhibitor, "2026-09-22", &json!({ "valueBoolean": true }))]),
            "no: stale",
        )],
    );
    let differ = [true, false].map(|flag| {
        merged(attested(allergy, DAY, &json!({ "valueBoolean": flag })), &json!({ "id": format!("a{flag}") }))
    });
    check(allergy, &[("two of one day", Body::of(&differ), "either: conflicting")]);
}
