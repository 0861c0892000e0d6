//! Dose, cycle, doses per cycle and route of an order, in the shapes that orders come in.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

mod chart;

use chart::{Chart, details, line, observed};
use serde_json::{Value, json};

/// Height and weight that make exactly 2 m2.
fn two_square_metres() -> Vec<Value> {
    vec![
        observed("h", "8302-2", "2026-11-20", "160", "cm"),
        observed("w", "29463-7", "2026-11-20", "90", "kg"),
    ]
}

fn dose(value: f64, unit: &str) -> Value {
    json!({ "doseAndRate": [{ "doseQuantity": { "value": value, "unit": unit } }] })
}

fn text(text: &str) -> Value {
    json!({ "text": text })
}

/// Dose in mg/m2 and in mg, with a body surface area of 2 m2.
fn doses(dosage: &[Value]) -> (String, String) {
    let chart = Chart { vital_signs: Some(two_square_metres()), ..Chart::of_order(dosage) };
    (line(&chart.known("order.dose")), line(&chart.known("order.dose-absolute")))
}

#[test]
fn doses_in_every_shape() {
    for (dosage, per_area, absolute) in [
        (dose(40.0, "mg/m2"), "40", "80"),
        (dose(80.0, "mg"), "40", "80"),
        (dose(0.08, "g"), "40", "80"),
        (json!({ "doseAndRate": [{ "rateQuantity": { "value": 40, "unit": "mg/m2" } }] }), "40", "80"),
        (json!({ "doseAndRate": { "doseQuantity": { "value": "40", "unit": "mg/m²" } } }), "40", "80"),
        (json!({ "doseQuantity": { "value": 80, "unit": "mg" } }), "40", "80"),
        (
            json!({ "doseAndRate": [{ "doseRange": { "low": { "value": 32, "unit": "mg/m2" }, "high": { "value": 40, "unit": "mg/m2" } } }] }),
            "32 to 40 [imprecise]",
            "64 to 80 [imprecise]",
        ),
        (text("40 mg/m2 IV over 3 hours every 3 weeks"), "40", "80"),
        (text("40mg/m² i.v. d1 q21d (max 88 mg)"), "40", "80"),
        (text("80 mg IV over 3 hours"), "40", "80"),
        (text("Ordered 40 mg per square meter = 80 mg"), "40", "80"),
        (text("32-40 mg/m2"), "32 to 40 [imprecise]", "64 to 80 [imprecise]"),
        (text("from 45 mg vials"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (text("1,200 mg"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (text("40 mg/m2/day"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (text("5 mg/kg"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (dose(1.0, "{kit}"), "unknown [imprecise]", "unknown [imprecise]"),
        (dose(5.0, "mg/kg"), "unknown [imprecise]", "unknown [imprecise]"),
        (
            json!({ "doseAndRate": [{ "rateQuantity": { "value": 30, "unit": "mL/h" } }] }),
            "unknown [imprecise]",
            "unknown [imprecise]",
        ),
        (json!({}), "unknown [not-recorded]", "unknown [not-recorded]"),
    ] {
        assert_eq!(
            doses(std::slice::from_ref(&dosage)),
            (per_area.to_owned(), absolute.to_owned()),
            "{dosage}"
        );
    }
}

#[test]
fn what_is_stated_outranks_what_is_computed_unless_they_contradict() {
    let both = |value: f64, words: &str| json!({ "text": words, "doseAndRate": [{ "doseQuantity": { "value": value, "unit": "mg" } }] });
    // Within five percent it is rounding, and the amount in the fields is what is given.
    assert_eq!(doses(&[both(81.0, "40 mg/m2 IV")]), ("40.5".into(), "81".into()));
    assert_eq!(
        doses(&[both(100.0, "40 mg/m2 IV")]),
        ("40 to 50 [conflicting]".into(), "80 to 100 [conflicting]".into())
    );
    let ordered_and_calculated = json!({ "doseAndRate": [
        { "doseQuantity": { "value": 40, "unit": "mg/m2" } }, { "doseQuantity": { "value": 81, "unit": "mg" } }] });
    assert_eq!(doses(&[ordered_and_calculated]), ("40 to 40.5 [imprecise]".into(), "81".into()));
    assert_eq!(doses(&[dose(40.0, "mg/m2"), dose(40.0, "mg/m2")]).0, "40");
    assert_eq!(doses(&[dose(40.0, "mg/m2"), dose(32.0, "mg/m2")]).0, "32 to 40 [conflicting]");
    assert_eq!(doses(&[text("reduced to 32 mg/m2, was 40 mg/m2")]).0, "32 to 40 [conflicting]");
}

#[test]
fn without_a_body_surface_area_its_gaps_are_carried_over() {
    let absolute = Chart::of_order(&[dose(80.0, "mg")]);
    let known = absolute.known("order.dose");
    assert_eq!(line(&known), "unknown [not-recorded]");
    assert_eq!(details(&known), "body surface area: nothing on record");
    assert_eq!(line(&absolute.known("order.dose-absolute")), "80");

    let stale = Chart {
        vital_signs: Some(vec![
            observed("h", "8302-2", "2026-11-20", "160", "cm"),
            observed("w", "29463-7", "2026-09-23", "90", "kg"),
        ]),
        ..absolute.clone()
    };
    let known = stale.known("order.dose");
    assert_eq!(line(&known), "unknown [stale]");
    assert_eq!(
        details(&known),
        "body surface area: Body weight 90 kg of 2026-09-23 is 60 days old; at most 30 count"
    );

    let unsent = Chart { vital_signs: None, ..absolute };
    assert!(line(&unsent.known("order.dose")).contains("unavailable"));
    assert!(!line(&unsent.known("order.dose")).contains("not-recorded"));

    let in_words =
        json!({ "text": "40 mg/m2", "doseAndRate": [{ "doseQuantity": { "value": 80, "unit": "mg" } }] });
    assert_eq!(line(&Chart::of_order(&[in_words]).known("order.dose")), "40");
}

#[test]
fn an_area_that_is_not_exact_makes_a_dose_that_is_not() {
    let signs = vec![
        observed("h", "8302-2", "2026-11-20", "165", "cm"),
        observed("w", "29463-7", "2026-11-20", "61", "kg"),
    ];
    let chart = Chart { vital_signs: Some(signs), ..Chart::of_order(&[dose(67.0, "mg")]) };
    let known = chart.known("order.dose");
    // 67 / sqrt(165 x 61 / 3600) = 40.0700..
    assert_eq!(line(&known), "40.07 [imprecise]");
    assert_eq!(known.evidence.len(), 3);
}

#[test]
fn an_attested_body_surface_area_counts_for_the_dose() {
    let attested = json!({ "resourceType": "Observation", "id": "x", "status": "final", "effectiveDateTime": "2026-11-22",
        "subject": { "reference": "Patient/p1" },
        "code": { "coding": [{ "system": "urn:signpost:data-element", "code": "patient.body-surface-area" }] },
        "valueQuantity": { "value": 2, "unit": "m2", "system": "http://unitsofmeasure.org", "code": "m2" } });
    let chart = Chart { vital_signs: Some(vec![attested]), ..Chart::of_order(&[dose(80.0, "mg")]) };
    assert_eq!(line(&chart.known("order.dose")), "40");
}

/// Cycle length and doses per cycle.
fn schedule(dosage: &[Value]) -> (String, String) {
    let chart = Chart::of_order(dosage);
    (line(&chart.known("order.cycle-length")), line(&chart.known("order.doses-per-cycle")))
}

fn every(frequency: u32, period: u32, unit: &str) -> Value {
    json!({ "timing": { "repeat": { "frequency": frequency, "period": period, "periodUnit": unit } } })
}

#[test]
fn cycles_in_fields() {
    let per = |numerator: Value, value: u32, unit: &str| {
        json!({ "maxDosePerPeriod": { "numerator": numerator, "denominator": { "value": value, "unit": unit } },
            "timing": { "repeat": { "boundsPeriod": { "start": "2026-11-22" } } } })
    };
    for (dosage, cycle, count) in [
        (every(1, 3, "wk"), "21", "1"),
        (every(1, 21, "d"), "21", "1"),
        (every(3, 28, "d"), "28", "3"),
        (every(1, 1, "mo"), "28 to 31 [imprecise]", "1"),
        (json!({ "timing": { "repeat": { "period": 3, "periodUnit": "wk" } } }), "21", "1"),
        (
            json!({ "timing": { "repeat": { "frequency": 1, "frequencyMax": 3, "period": 28, "periodUnit": "d" } } }),
            "28",
            "1 to 3 [imprecise]",
        ),
        (
            json!({ "timing": { "repeat": { "period": 21, "periodMax": 28, "periodUnit": "d" } } }),
            "21 to 28 [imprecise]",
            "1",
        ),
        (json!({ "timing": { "code": { "text": "Q21D" } } }), "21", "1"),
        (json!({ "timing": { "code": { "coding": [{ "code": "Q3W" }] } } }), "21", "1"),
        (per(json!({ "value": 1 }), 3, "wk"), "21", "1"),
        (per(json!({ "value": 1, "unit": "dose" }), 3, "week"), "21", "1"),
        (per(json!({ "value": 40, "unit": "mg/m2" }), 3, "wk"), "21", "unknown [imprecise]"),
    ] {
        assert_eq!(schedule(std::slice::from_ref(&dosage)), (cycle.to_owned(), count.to_owned()), "{dosage}");
    }
}

#[test]
fn cycles_in_words_and_against_fields() {
    let with_text = |mut dosage: Value, text: &str| {
        dosage["text"] = json!(text);
        dosage
    };
    for (dosage, cycle, count) in [
        (text("40 mg/m2 IV over 3 hours every 3 weeks"), "21", "1"),
        (text("every three weeks"), "21", "1"),
        (text("40 mg/m2 q3w"), "21", "1"),
        (text("40 mg/m2 q 21 days"), "21", "1"),
        (text("40 mg/m2 day 1 of a 21-day cycle"), "21", "1"),
        (text("16 mg/m2 day 1, 8, 15 of a 28-day cycle"), "28", "3"),
        (text("16 mg/m2 D1, D8 and D15 q28d"), "28", "3"),
        (text("16 mg/m2 days 1, 8 & 15 every 4 weeks"), "28", "3"),
        (text("6 mg/m2 days 1-5, cycle length 21 days"), "21", "5"),
        (text("days 1, 8, 15, 28-day cycle"), "28", "3"),
        (text("weekly"), "7", "1"),
        (text("weekly, 3 weeks on, 1 week off"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (with_text(every(1, 1, "wk"), "days 1, 8, 15 of a 28-day cycle"), "28", "3"),
        (
            json!({ "text": "28-day cycle", "timing": { "repeat": { "count": 3, "period": 1, "periodUnit": "wk" } } }),
            "28",
            "3",
        ),
        (with_text(every(1, 1, "wk"), "every 3 weeks"), "7 to 21 [conflicting]", "unknown [imprecise]"),
        (with_text(every(1, 3, "wk"), "every 4 weeks"), "21 to 28 [conflicting]", "unknown [imprecise]"),
        (with_text(every(1, 28, "d"), "days 1, 8, 15"), "28", "1 to 3 [conflicting]"),
        (text("16 mg/m2 in a 28-day cycle"), "28", "unknown [imprecise]"),
        (text("16 mg/m2 weekly, 28-day cycle"), "28", "unknown [imprecise]"),
        (text("1 mg two times daily"), "1", "unknown [imprecise]"),
        (text("cycle 1 day 1"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (every(1, 0, "wk"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (every(1, 3, "fortnights"), "unknown [not-recorded]", "unknown [not-recorded]"),
        (
            json!({ "timing": { "repeat": { "boundsDuration": { "value": 3 } } } }),
            "unknown [not-recorded]",
            "unknown [not-recorded]",
        ),
        (json!({}), "unknown [not-recorded]", "unknown [not-recorded]"),
    ] {
        assert_eq!(schedule(std::slice::from_ref(&dosage)), (cycle.to_owned(), count.to_owned()), "{dosage}");
    }
}

#[test]
fn several_instructions_are_the_days_of_one_cycle() {
    let day = |day: u32| {
        let mut dosage = every(1, 28, "d");
        dosage["text"] = json!(format!("16 mg/m2 on day {day} of a 28-day cycle"));
        dosage
    };
    assert_eq!(schedule(&[day(1), day(8), day(15)]), ("28".into(), "3".into()));
    assert_eq!(schedule(&[every(1, 28, "d"), every(1, 28, "d")]), ("28".into(), "2".into()));
    assert_eq!(schedule(&[text("day 1, q28d"), text("day 8, q28d")]), ("28".into(), "2".into()));
    let conflict = schedule(&[every(1, 21, "d"), every(1, 28, "d")]);
    assert_eq!(conflict, ("21 to 28 [conflicting]".into(), "unknown [imprecise]".into()));
}

#[test]
fn routes() {
    let coded =
        |system: &str, code: &str| json!({ "route": { "coding": [{ "system": system, "code": code }] } });
    let sct = "http://snomed.info/sct";
    for (dosage, expected) in [
        (vec![coded(sct, "47625008")], "codes 1"),
        (vec![coded(sct, "26643006")], "codes 10"),
        (vec![json!({ "route": { "text": "Intravenous" } })], "codes 1"),
        (vec![text("40 mg/m2 IV over 3 hours")], "codes 1"),
        (vec![coded("urn:local", "77")], "codes 11 [unclassified]"),
        (vec![json!({ "route": { "text": "per protocol" } })], "codes 11 [unclassified]"),
        (vec![coded(sct, "47625008"), coded(sct, "26643006")], "codes 11 [conflicting]"),
        (vec![coded(sct, "47625008"), coded("urn:local", "77")], "codes 11 [unclassified]"),
        (vec![dose(40.0, "mg/m2")], "codes 11 [not-recorded]"),
    ] {
        assert_eq!(line(&Chart::of_order(&dosage).known("order.route")), expected, "{dosage:?}");
    }
}

#[test]
fn hostile_instructions_are_read_without_harm() {
    let long = "9".repeat(50_000);
    let many = "day 1 q21d 40 mg/m2 ".repeat(5_000);
    for dosage in [
        text(&long),
        text(&many),
        text("q0d"),
        text("days 0-4294967295 of a 4294967295-day cycle"),
        text("every 99999999999 weeks"),
        text("²²² mg µg 1e999 mg/m2 --- 1..2 mg"),
        text("Tag 1 und 8: 40 mg/m² i.v., Zyklus ß İ 21"),
        json!({ "timing": { "repeat": { "frequency": 4294967296u64, "period": 1e15, "periodUnit": "wk" } } }),
        json!({ "doseAndRate": [{ "doseQuantity": { "value": -40, "unit": "mg/m2" } }] }),
        json!({ "timing": [1], "route": 7, "doseAndRate": "x", "text": {} }),
    ] {
        let chart = Chart::of_order(&[dosage]);
        for element in [
            "order.dose",
            "order.dose-absolute",
            "order.cycle-length",
            "order.doses-per-cycle",
            "order.route",
        ] {
            let known = chart.known(element);
            assert!(known.evidence.iter().all(|evidence| evidence.value.len() < 400));
        }
    }
}
