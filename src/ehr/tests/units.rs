//! Units: the vectors of the laboratory units, worked by hand; what holds for any two units; any text at all.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

use criteria::{Decimal, Interval};
use ehr::exact::product;
use ehr::units::{Unit, factor};
use octofhir_ucum::{SpecialKind, get_all_prefixes, get_all_units};
use proptest::prelude::*;
use proptest::sample::select;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn check(rows: &[(&str, &str, &str)]) {
    for (from, to, expected) in rows {
        let found = factor(from, to, None).unwrap_or_else(|| panic!("{from} converts to {to}"));
        assert_eq!(found.exact(), Some(decimal(expected)), "{from} to {to}");
    }
}

#[test]
fn counts() {
    let thousand = [
        "10*3/uL",
        "10*9/L",
        "K/uL",
        "k/µL",
        "x10E3/uL",
        "thou/uL",
        "10^3/uL",
        "G/L",
        "Thousand/uL",
        "K/ul",
        "K/mm3",
        "K/cmm",
        "10*3{cells}/uL",
        "x 10³/μL",
        "x10e3/mcL",
        "10e9/L",
        "10*9.L-1",
        "10*3.mm-3",
        "/nL",
    ];
    let one =
        ["/uL", "{cells}/uL", "cells/uL", "/mm3", "cells/mm3", "/cmm", "10*6/L", "cells / mm³", "/cu.mm"];
    let rows = thousand.map(|unit| (unit, "/uL", "1000"));
    check(&rows);
    check(&one.map(|unit| (unit, "/uL", "1")));
    check(&[
        ("10*6/uL", "/uL", "1000000"),
        ("M/uL", "/uL", "1000000"),
        ("10*12/L", "/uL", "1000000"),
        ("/mL", "/uL", "0.001"),
        ("/L", "/uL", "0.000001"),
    ]);
}

#[test]
fn enzymes() {
    check(&[
        ("U/L", "U/L", "1"),
        ("IU/L", "U/L", "1"),
        ("[iU]/L", "U/L", "1"),
        ("[IU]/L", "U/L", "1"),
        ("u/l", "U/L", "1"),
        ("units/L", "U/L", "1"),
        ("ukat/L", "U/L", "60"),
        ("µkat/L", "U/L", "60"),
        ("nkat/L", "U/L", "0.06"),
        ("mU/mL", "U/L", "1"),
        ("mIU/mL", "U/L", "1"),
        ("U/mL", "U/L", "1000"),
        ("kU/L", "U/L", "1000"),
        ("umol/min/L", "U/L", "1"),
    ]);
}

#[test]
fn concentrations_and_body_measures() {
    check(&[
        ("mg/L", "mg/dL", "0.1"),
        ("g/L", "mg/dL", "100"),
        ("g/l", "mg/dL", "100"),
        ("MG/DL ", "mg/dL", "1"),
        ("mg/(100.mL)", "mg/dL", "1"),
        ("mg%", "mg/dL", "1"),
        ("ug/mL", "mg/dL", "0.1"),
        ("mmol/L", "umol/L", "1000"),
        ("pmol/mL", "umol/L", "0.001"),
        ("m", "cm", "100"),
        ("[in_i]", "cm", "2.54"),
        ("in", "cm", "2.54"),
        ("[ft_i]", "cm", "30.48"),
        ("kg", "mg", "1000000"),
        ("g", "kg", "0.001"),
        ("[lb_av]", "kg", "0.45359237"),
        ("lbs", "kg", "0.45359237"),
        ("[oz_av]", "kg", "0.028349523125"),
        ("mg/m²", "mg/m2", "1"),
        ("mg/m^2", "mg/m2", "1"),
        ("wk", "d", "7"),
        ("d", "h", "24"),
        ("a", "mo", "12"),
        ("%", "1", "0.01"),
        ("1", "%", "100"),
        ("{score}", "1", "1"),
    ]);
}

#[test]
fn moles_become_mass_by_molar_mass_only() {
    let bilirubin = Some(decimal("584.66"));
    let exact = |from, to| factor(from, to, bilirubin).unwrap().exact();
    assert_eq!(exact("umol/L", "mg/dL"), Some(decimal("0.058466")));
    assert_eq!(exact("mmol/L", "mg/dL"), Some(decimal("58.466")));
    assert_eq!(exact("mmol", "mg"), Some(decimal("584.66")));
    // 1 mg/dL is 17.104 umol/L, with more digits than can be written down: enclosed.
    let back = factor("mg/dL", "umol/L", bilirubin).unwrap();
    let (low, high) = (back.low().value().unwrap(), back.high().value().unwrap());
    assert!(decimal("17.10395") < low && low < high && high < decimal("17.10396"), "{back}");
    assert_eq!(factor("umol/L", "mg/dL", None), None);
}

#[test]
fn what_measures_something_else_converts_to_nothing() {
    for (from, to) in [
        ("stick", "mg"),
        ("g/L", "/uL"),
        ("G/L", "mg/dL"),
        ("%", "/uL"),
        ("mg", "mg/m2"),
        ("mg/kg", "mg/m2"),
        ("mL", "cm"),
        ("M", "cm"),
        // A calendar month has no fixed number of days, though UCUM gives it a mean one.
        ("mo", "d"),
        ("a", "d"),
        // A mole is a number by UCUM; a cell count in moles is none.
        ("umol/L", "/uL"),
        ("mol", "1"),
        ("U/L", "/s"),
        // Equivalents depend on the substance, views on the microscope; `u` is a mass by UCUM and means U.
        ("meq/L", "mmol/L"),
        ("/[HPF]", "1"),
        ("u/dL", "mg/dL"),
        // Kelvin, ampere, pH: no letter of these is a unit that we count in.
        ("K", "1"),
        ("A", "mo"),
        ("[pH]", "mol/L"),
        ("Cel", "K"),
    ] {
        assert_eq!(factor(from, to, Some(decimal("584.66"))), None, "{from} to {to}");
    }
}

#[test]
fn words_of_a_sentence_are_units_only_where_people_write_them_so() {
    for word in ["mg", "days", "d", "wk", "weeks", "hour", "MG"] {
        assert!(Unit::of_word(word).is_some(), "{word}");
    }
    for word in ["as", "am", "pm", "at", "st", "on", "M", "D"] {
        assert_eq!(Unit::of_word(word), None, "{word}");
    }
}

/// What is taken for rounded rests on this.
#[test]
fn the_library_has_no_factor_between_exact_and_rounded() {
    let lengths =
        get_all_units().iter().map(|record| record.factor.to_integer_and_exponent().0.to_string().len());
    assert_eq!(lengths.filter(|digits| (20..27).contains(digits)).count(), 0);
    for rounded in ["[in_us]", "deg", "[pi]", "[psi]"] {
        assert_eq!(Unit::read(rounded), None, "{rounded}");
    }
}

#[test]
fn every_unit_of_the_tables_agrees_with_the_library() {
    let mut known = 0;
    for record in get_all_units() {
        let Some(unit) = Unit::read(record.code) else { continue };
        known += 1;
        assert!(!record.special.is_special(), "{} is a scale, no ratio", record.code);
        let is_ours = ["mol", "kat", "U", "[iU]", "[IU]", "mo", "a"].contains(&record.code);
        if is_ours || record.special == SpecialKind::Arbitrary {
            assert!(is_ours, "{} is arbitrary", record.code);
            continue;
        }
        let base = record.dim.0.iter().zip(["m", "s", "g"]).map(|(power, base)| format!("{base}{power}"));
        let base = Unit::read(&base.filter(|term| !term.ends_with('0')).collect::<Vec<_>>().join("."));
        let (digits, exponent) = record.factor.to_integer_and_exponent();
        let expected = ehr::exact::number(&format!("{digits}e{exponent}"));
        if let (Some(found), Some(expected)) = (base.and_then(|base| unit.factor(base, None)), expected) {
            assert_eq!(found, expected, "{}", record.code);
        }
    }
    assert!(known > 100, "{known}");
}

/// UCUM codes as laboratories use them, and combinations of prefixes and units that nobody does.
fn a_unit() -> impl Strategy<Value = String> {
    let prefixes: Vec<&str> = get_all_prefixes().iter().map(|prefix| prefix.symbol).chain([""]).collect();
    let units = vec!["g", "mol", "L", "m", "U", "kat", "s", "[iU]"];
    let simple = (select(prefixes), select(units), 1..3i8).prop_map(|(prefix, unit, power)| match power {
        1 => format!("{prefix}{unit}"),
        _ => format!("{prefix}{unit}{power}"),
    });
    let simple = simple.boxed();
    prop_oneof![
        simple.clone(),
        (simple.clone(), simple.clone()).prop_map(|(over, under)| format!("{over}/{under}")),
        (0..16i8, simple).prop_map(|(power, under)| format!("10*{power}/{under}")),
    ]
}

/// Whether one interval holds the other.
fn encloses(outer: &Interval, inner: &Interval) -> bool {
    outer.intersection(inner).as_ref() == Some(inner)
}

proptest! {
    #[test]
    fn there_and_back_is_where_it_began(from in a_unit(), to in a_unit()) {
        let (there, back) = (factor(&from, &to, None), factor(&to, &from, None));
        prop_assert_eq!(there.is_some(), back.is_some());
        if let (Some(there), Some(back)) = (there, back) {
            prop_assert!(encloses(&product(&there, &back), &Interval::exactly(Decimal::ONE)), "{} {}", there, back);
        }
    }

    #[test]
    fn by_way_of_a_third_unit_it_is_the_same(a in a_unit(), b in a_unit(), c in a_unit()) {
        if let (Some(ab), Some(bc)) = (factor(&a, &b, None), factor(&b, &c, None)) {
            // Nothing is said of a factor that is too large to be written down.
            let Some(ac) = factor(&a, &c, None) else { return Ok(()) };
            let by_way = product(&ab, &bc);
            prop_assert!(by_way.intersection(&ac).is_some(), "{} {}", by_way, ac);
            if ab.exact().is_some() && bc.exact().is_some() {
                prop_assert!(encloses(&by_way, &ac), "{} {}", by_way, ac);
            }
        }
    }

    #[test]
    fn a_unit_is_one_of_itself_whatever_is_annotated(unit in a_unit()) {
        if Unit::read(&unit).is_some() {
            prop_assert_eq!(factor(&unit, &unit, None).and_then(|one| one.exact()), Some(Decimal::ONE));
            prop_assert_eq!(Unit::read(&format!(" {unit} {{note}}")), Unit::read(&unit));
        }
    }

    #[test]
    fn the_library_would_say_the_same(from in a_unit(), to in a_unit()) {
        // `Mg` is a milligram to us, as people write it, and a megagram by UCUM.
        prop_assume!(![&from, &to].into_iter().any(|unit| unit.starts_with('M') && Unit::of_word(unit).is_some()));
        // In floating point, and with the mole as a number: so only as near as that, and only where both convert.
        let ours = factor(&from, &to, None).and_then(|factor| factor.exact());
        if let (Some(ours), Ok(theirs)) = (ours, octofhir_ucum::convert(1.0, &from, &to)) {
            let ours: f64 = ours.to_string().parse().unwrap();
            prop_assert!((ours - theirs).abs() <= 1e-12 * ours.max(theirs), "{} {}", ours, theirs);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}", odd in "[()/.*^{}\\[\\]+0-9eEmgLUukK%' -]{0,64}") {
        for text in [&text, &odd] {
            if let Some(unit) = Unit::read(text) {
                prop_assert_eq!(unit.factor(unit, None).and_then(|one| one.exact()), Some(Decimal::ONE));
                let _ = unit.factor(Unit::read("mg/dL").unwrap(), Some(Decimal::ONE_HUNDRED));
            }
        }
    }
}

#[test]
fn hostile_texts_are_refused_at_once() {
    let long = [
        "(".repeat(10_000),
        "m/".repeat(5_000),
        "(m/".repeat(3_000),
        "9".repeat(10_000),
        "m".repeat(100_000),
        format!("{}m{}", "(".repeat(31), ")".repeat(31)),
        "m2147483647".into(),
        "m-2147483648".into(),
        "10*999999999".into(),
        "(10*99).(10*99)".into(),
        "m127.m127".into(),
        "10*-128".into(),
        "1/0".into(),
        "m/".into(),
        "Ym12/ym12".into(),
    ];
    let begin = std::time::Instant::now();
    for text in &long {
        let factor = factor(text, "mg/dL", None);
        assert_eq!(factor, None, "{text:.20}");
    }
    assert!(begin.elapsed() < std::time::Duration::from_secs(1), "{:?}", begin.elapsed());
}
