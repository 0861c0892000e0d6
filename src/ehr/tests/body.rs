//! Age and body surface area.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

mod chart;

use chart::{Chart, bare, details, line, observed, with};
use criteria::{Decimal, GapKind, Possible};
use serde_json::{Value, json};

const HEIGHT: &str = "8302-2";
const WEIGHT: &str = "29463-7";
const AREA: &str = "8277-6";

fn patient(birth_date: &str) -> Value {
    json!({ "resourceType": "Patient", "id": "p1", "birthDate": birth_date })
}

#[test]
fn completed_years() {
    for (birth_date, at, expected) in [
        ("1970-05-01", "2026-11-22T15:00:00Z", "56"),
        ("2008-11-22", "2026-11-22T00:00:00Z", "18"),
        ("2008-11-22", "2026-11-21T23:59:59Z", "17"),
        ("2008-11-23", "2026-11-22T15:00:00Z", "17"),
        ("2008-02-29", "2026-02-28T12:00:00Z", "17"),
        ("2008-02-29", "2026-03-01T00:00:00Z", "18"),
        ("2008-02-29", "2028-02-29T00:00:00Z", "20"),
        ("2008", "2026-11-22T15:00:00Z", "17 to 18 [imprecise]"),
        ("2008-11", "2026-11-22T15:00:00Z", "17 to 18 [imprecise]"),
        ("2008-10", "2026-11-22T15:00:00Z", "18"),
        ("1970", "2026-12-31T15:00:00Z", "56"),
        ("2026", "2026-11-22T15:00:00Z", "0"),
        ("2027-01-01", "2026-11-22T15:00:00Z", "unknown [imprecise]"),
        ("long ago", "2026-11-22T15:00:00Z", "unknown [imprecise]"),
    ] {
        let chart = Chart { patient: patient(birth_date), at: at.to_owned(), ..Chart::default() };
        assert_eq!(line(&chart.known("patient.age")), expected, "{birth_date} at {at}");
    }
    let without = Chart { patient: json!({ "resourceType": "Patient", "id": "p1" }), ..Chart::default() };
    assert_eq!(line(&without.known("patient.age")), "unknown [not-recorded]");
}

fn area(observations: &[Value]) -> String {
    line(&Chart::of_vital_signs(observations).known("patient.body-surface-area"))
}

fn height(date: &str, value: &str, unit: &str) -> Value {
    observed("h", HEIGHT, date, value, unit)
}

fn weight(date: &str, value: &str, unit: &str) -> Value {
    observed("w", WEIGHT, date, value, unit)
}

#[test]
fn mosteller_from_the_newest_height_and_weight() {
    for (observations, expected) in [
        (vec![height("2026-11-20", "160", "cm"), weight("2026-11-20", "90", "kg")], "2"),
        (vec![height("2026-11-20", "1.6", "m"), weight("2026-11-20", "90000", "g")], "2"),
        // An adult's height counts at any age, a weight for 30 days.
        (vec![height("2009-01-01", "160", "cm"), weight("2026-10-23", "90", "kg")], "2"),
        (vec![height("2026-11-20", "160", "cm"), weight("2026-10-22", "90", "kg")], "unknown [stale]"),
        (vec![height("1980-01-01", "100", "cm"), weight("2026-11-20", "90", "kg")], "unknown [imprecise]"),
        (vec![weight("2026-11-20", "90", "kg")], "unknown [not-recorded]"),
        (vec![height("2026-11-20", "160", "cm"), weight("2026-11-20", "90", "")], "unknown [imprecise]"),
        (
            vec![height("2026-11-20", "1.6", "cm"), weight("2026-11-20", "0.001", "kg")],
            "unknown [imprecise, imprecise]",
        ),
        (
            vec![
                height("2026-11-20", "160", "cm"),
                weight("2026-11-20", "90", "kg"),
                with(weight("2026-11-20", "40", "kg"), json!({ "id": "w2" })),
            ],
            "1.3333 to 2 [conflicting]",
        ),
        (vec![], "unknown [not-recorded]"),
    ] {
        assert_eq!(area(&observations), expected, "{observations:?}");
    }
    let unsent = Chart { vital_signs: None, ..Chart::default() };
    assert_eq!(line(&unsent.known("patient.body-surface-area")), "unknown [unavailable]");
}

#[test]
fn what_is_missing_beside_the_other_is_named() {
    let (height, weight) = (height("2026-11-20", "160", "cm"), weight("2026-11-20", "90", "kg"));
    for (signs, missing) in [(height, "no body weight on record"), (weight, "no body height on record")] {
        let known = Chart::of_vital_signs(&[signs]).known("patient.body-surface-area");
        let gaps: Vec<(GapKind, &str)> =
            known.gaps.iter().map(|gap| (gap.kind, gap.detail.as_str())).collect();
        assert_eq!(gaps, [(GapKind::NotRecorded, missing)]);
    }
}

#[test]
fn an_irrational_root_is_enclosed_tightly_and_said_to_be() {
    let pounds = [height("2026-11-20", "66", "[in_i]"), weight("2026-11-20", "143", "[lb_av]")];
    let known = Chart::of_vital_signs(&pounds).known("patient.body-surface-area");
    let Possible::Quantity(interval) = known.possible else { panic!("a quantity") };
    let (low, high) = (interval.low().value().unwrap(), interval.high().value().unwrap());
    let width = Decimal::from_str_exact("0.000000001").unwrap();
    assert!(low < high && high - low <= width * low);
    // 66 in x 2.54 x 143 lb x 0.45359237 / 3600 = 3.0204867115756666..
    assert!(low * low <= Decimal::from_str_exact("3.0204867115756667").unwrap(), "{low}");
    assert!(high * high >= Decimal::from_str_exact("3.0204867115756666").unwrap(), "{high}");
    assert!(details(&known).contains("Mosteller"));
}

#[test]
fn a_measured_area_counts_where_it_is_newer_than_the_weight() {
    let measured = |date: &str| observed("b", AREA, date, "1.85", "m2");
    let height = height("2026-11-01", "160", "cm");
    let weight = weight("2026-11-10", "90", "kg");
    for (observations, expected) in [
        (vec![measured("2026-11-20"), height.clone(), weight.clone()], "1.85"),
        (vec![measured("2026-11-09"), height.clone(), weight.clone()], "2"),
        (vec![measured("2026-11-10"), height.clone(), weight.clone()], "2"),
        // Nothing to compute it from anew.
        (vec![measured("2026-11-09"), weight.clone()], "1.85"),
        (vec![measured("2026-10-23")], "1.85"),
        (vec![measured("2026-10-22")], "unknown [stale]"),
        (vec![observed("b", AREA, "2026-11-20", "185", "m2"), height.clone()], "unknown [imprecise]"),
        (vec![with(bare("b", AREA, "2026-11-20"), json!({ "valueString": "1.85 m²" }))], "1.85"),
    ] {
        assert_eq!(area(&observations), expected, "{observations:?}");
    }
}

#[test]
fn the_height_of_someone_who_may_still_grow_is_only_as_good_as_the_weight() {
    let signs = [height("2026-01-01", "160", "cm"), weight("2026-11-20", "90", "kg")];
    for (patient, expected) in [
        (patient("2010-01-01"), "unknown [imprecise]"),
        (patient("2008-02-01"), "unknown [imprecise]"),
        (patient("2007-12-31"), "2"),
        (json!(null), "unknown [imprecise]"),
    ] {
        let chart = Chart { patient: patient.clone(), ..Chart::of_vital_signs(&signs) };
        assert_eq!(line(&chart.known("patient.body-surface-area")), expected, "{patient}");
    }
}
