//! Units and values as they are sent. The vectors are worked by hand.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

use criteria::{Decimal, End};
use ehr::fhir::{Observation, Quantity};
use ehr::quantity::{Measure, Recorded};

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn measure(json: &str) -> Option<Measure> {
    let quantity: Quantity<'_> = serde_json::from_str(json).unwrap();
    Measure::of_quantity(&quantity)
}

#[test]
fn quantities_in_the_canonical_unit() {
    for (value, unit, to, expected) in [
        ("1.5", "10*3/uL", "/uL", "1500"),
        ("1.49", "10*9/L", "/uL", "1490"),
        ("1500", "/uL", "/uL", "1500"),
        ("0.9", "K/uL", "/uL", "900"),
        ("100", "10*3/uL", "/uL", "100000"),
        ("99.9", "10*9/L", "/uL", "99900"),
        ("150000", "cells/mm3", "/uL", "150000"),
        ("1.67", "ukat/L", "U/L", "100.2"),
        ("3000", "10*3/uL", "/uL", "3000000"),
        ("\"1.5\"", "10*3/uL", "/uL", "1500"),
    ] {
        let json = format!(r#"{{"value":{value},"unit":"{unit}"}}"#);
        let found = measure(&json).unwrap().in_unit(to, None).unwrap();
        assert_eq!(found.exact(), Some(decimal(expected)), "{json}");
    }
    let bilirubin = measure(r#"{"value":17.1,"code":"umol/L"}"#).unwrap();
    let mass = bilirubin.in_unit("mg/dL", Some(decimal("584.66"))).unwrap();
    assert_eq!(mass.exact(), Some(decimal("0.9997686")));
}

#[test]
fn comparators_make_intervals() {
    for (comparator, low, high) in [
        ("<", End::Closed(Decimal::ZERO), End::Open(decimal("10"))),
        ("<=", End::Closed(Decimal::ZERO), End::Closed(decimal("10"))),
        (">=", End::Closed(decimal("10")), End::Unbounded),
        (">", End::Open(decimal("10")), End::Unbounded),
    ] {
        let found = measure(&format!(r#"{{"value":10,"comparator":"{comparator}"}}"#)).unwrap().interval;
        assert_eq!((found.low(), found.high()), (low, high), "{comparator}");
        let text = Measure::of_text(&format!("{comparator} 10")).unwrap().interval;
        assert_eq!(text, found, "{comparator}");
    }
    for refused in [
        r#"{"value":10,"comparator":"~"}"#,
        r#"{"value":-1}"#,
        r#"{"unit":"U/L"}"#,
        r#"{"value":{}}"#,
        r#"{"value":1e40}"#,
        r#"{"value":"","unit":"U/L"}"#,
    ] {
        assert_eq!(measure(refused), None, "{refused}");
    }
}

#[test]
fn a_unit_is_its_ucum_code_unless_its_text_disagrees() {
    let unit = |json: &str| measure(json).unwrap().unit;
    let ucum = "http://unitsofmeasure.org";
    let count = |text: &str| Recorded::Known(ehr::units::Unit::read(text).unwrap());
    assert_eq!(
        unit(&format!(r#"{{"value":1,"unit":"per microlitre","system":"{ucum}","code":"/uL"}}"#)),
        count("/uL")
    );
    assert_eq!(
        unit(r#"{"value":1,"unit":"K/uL","system":"http://snomed.info/sct","code":"258813002"}"#),
        count("K/uL")
    );
    assert_eq!(unit(r#"{"value":1,"code":"/uL"}"#), count("/uL"));
    assert!(matches!(unit(r#"{"value":1,"unit":"K/uL","code":"/uL"}"#), Recorded::Contradictory(..)));
    assert_eq!(unit(r#"{"value":1}"#), Recorded::Missing);
    assert!(matches!(unit(r#"{"value":1,"unit":"sticks"}"#), Recorded::Unknown(_)));
}

#[test]
fn values_in_words() {
    let read = |text: &str| Measure::of_text(text).map(|measure| measure.interval.to_string());
    for (text, expected) in [
        ("<1", "below 1"),
        (">=10", "at least 10"),
        ("≥10", "at least 10"),
        ("1.2 K/uL", "1.2"),
        ("less than 1.8", "below 1.8"),
        ("0-40", "0 to 40"),
        ("7 - 55 U/L", "7 to 55"),
        ("60", "60"),
        ("1.2x10^3/uL", "1.2"),
        (".5", "0.5"),
        ("5E3/uL", "5000"),
    ] {
        assert_eq!(
            read(text).as_deref(),
            Some(expected).map(|e| if e == "0 to 40" { "at most 40" } else { e }),
            "{text}"
        );
    }
    for refused in ["SEE NOTE", "", "1,200", "1,5 K/uL", "positive", "<", "-5", "1.2.3", "٣"] {
        assert_eq!(read(refused), None, "{refused}");
    }
    let count = Measure::of_text("1.2 K/uL").unwrap().in_unit("/uL", None).unwrap();
    assert_eq!(count.exact(), Some(decimal("1200")));
}

#[test]
fn the_value_of_an_observation_in_every_shape() {
    let read = |json: &str| {
        let observation: Observation<'_> = serde_json::from_str(json).unwrap();
        match Measure::of_observation(&observation) {
            Ok(measure) => measure.shown,
            Err(reason) => reason.to_string(),
        }
    };
    for (json, expected) in [
        (r#"{"valueQuantity":{"value":35,"unit":"U/L"}}"#, "35 U/L"),
        (r#"{"valueQuantity":{"value":5,"comparator":"<","code":"U/L"}}"#, "<5 U/L"),
        (r#"{"valueString":"<1"}"#, "<1"),
        (r#"{"valueInteger":60}"#, "60"),
        (
            r#"{"valueRange":{"low":{"value":1,"unit":"U/L"},"high":{"value":2,"unit":"U/L"}}}"#,
            "1 U/L to 2 U/L",
        ),
        (r#"{"valueString":"SEE NOTE"}"#, "holds no readable number (`SEE NOTE`)"),
        (r#"{"valueCodeableConcept":{"text":"hemolyzed"}}"#, "holds no readable number (`hemolyzed`)"),
        (
            r#"{"dataAbsentReason":{"text":"not performed"},"valueString":"3"}"#,
            "holds no value (not performed)",
        ),
        (r#"{}"#, "holds no value"),
        (r#"{"valueQuantity":null,"valueString":["x"]}"#, "holds no value"),
    ] {
        assert_eq!(read(json), expected, "{json}");
    }
}
