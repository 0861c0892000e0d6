//! Exact decimals, and enclosing intervals where a result cannot be written down.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

use criteria::{Decimal, End, Interval};
use ehr::exact;

fn number(text: &str) -> Interval {
    exact::number(text).unwrap_or_else(|| panic!("{text} is a number"))
}

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

#[test]
fn numbers_are_read_exactly() {
    for (text, value) in [
        ("2.5", "2.5"),
        ("-0", "0"),
        ("1e3", "1000"),
        ("1.5E+3", "1500"),
        ("15e-1", "1.5"),
        ("0.000000000000000000000000001", "0.000000000000000000000000001"),
        ("1000000000000000", "1000000000000000"),
        ("0e99999", "0"),
        ("100.000000000000000000000000000000000000", "100"),
        ("-7.25", "-7.25"),
    ] {
        assert_eq!(number(text).exact(), Some(decimal(value)), "{text}");
    }
}

#[test]
fn absurd_numbers_are_not_read() {
    let long = "1".repeat(10_000_000);
    for text in [
        "",
        "-",
        "1e",
        "e5",
        "1e16",
        "1000000000000001",
        "1e999999999999",
        "12a",
        "1.2.3",
        "0x10",
        "NaN",
        &long,
    ] {
        assert_eq!(exact::number(text), None, "{:.20}", text);
    }
}

#[test]
fn a_number_with_too_many_digits_is_enclosed() {
    let third = number("0.33333333333333333333333333333333");
    assert!(third.exact().is_none());
    assert!(third.low().value().unwrap() < third.high().value().unwrap());
    assert!(third.contains(decimal("0.3333333333333333333333333334")));
    let tiny = number("1e-40");
    assert_eq!(tiny.low(), End::Closed(Decimal::ZERO));
    assert!(!tiny.contains(decimal("0.000001")));
    let negative = number("-0.33333333333333333333333333333333");
    assert!(negative.high().value().unwrap() > negative.low().value().unwrap());
}

#[test]
fn arithmetic_is_exact_where_it_can_be() {
    let uln = |value: &str, limit: &str| exact::quotient(&number(value), &number(limit)).unwrap().exact();
    assert_eq!(uln("100", "40"), Some(decimal("2.5")));
    assert_eq!(uln("1.2", "1.2"), Some(decimal("1")));
    assert_eq!(exact::product(&number("1.49"), &number("1000")).exact(), Some(decimal("1490")));
    assert_eq!(exact::sum(&number("54.5"), &number("3.25")).exact(), Some(decimal("57.75")));
    assert_eq!(exact::square_root(&number("4")).exact(), Some(decimal("2")));
    assert_eq!(exact::square_root(&number("2.25")).exact(), Some(decimal("1.5")));
    assert_eq!(exact::square_root(&number("0")).exact(), Some(Decimal::ZERO));
}

#[test]
fn rounding_encloses_the_true_result() {
    let third = exact::quotient(&number("1"), &number("3")).unwrap();
    let (low, high) = (third.low().value().unwrap(), third.high().value().unwrap());
    assert!(low * decimal("3") < Decimal::ONE && high * decimal("3") > Decimal::ONE);
    assert!(high - low <= decimal("0.000000000000000000001"));

    let root = exact::square_root(&number("2"));
    let (low, high) = (root.low().value().unwrap(), root.high().value().unwrap());
    assert!(decimal("1.414213562373") < low && low < high && high < decimal("1.414213562374"));

    let long = number("1.2345678901234567890123456789");
    let square = exact::product(&long, &long);
    assert!(square.contains(decimal("1.524157875323883675049535156")));
    assert!(square.exact().is_none());
}

#[test]
fn open_and_missing_ends_stay_so() {
    let below = Interval::new(End::Closed(Decimal::ZERO), End::Open(decimal("10"))).unwrap();
    assert_eq!(exact::product(&below, &number("1000")).high(), End::Open(decimal("10000")));
    let above = Interval::above(decimal("1000"));
    let ratio = exact::quotient(&above, &number("40")).unwrap();
    assert_eq!((ratio.low(), ratio.high()), (End::Open(decimal("25")), End::Unbounded));
    assert_eq!(exact::quotient(&number("1"), &number("0")), None);
    assert_eq!(exact::product(&above, &number("0")).exact(), Some(Decimal::ZERO));
    let by_zero = exact::quotient(&number("1"), &below).unwrap();
    assert_eq!((by_zero.low(), by_zero.high()), (End::Open(decimal("0.1")), End::Unbounded));
}

#[test]
fn every_quotient_and_root_encloses_the_true_one() {
    for dividend in 1..=120u32 {
        for divisor in 1..=60u32 {
            let (one, other) = (Interval::exactly(dividend.into()), Interval::exactly(divisor.into()));
            let quotient = exact::quotient(&one, &other).unwrap();
            // Undoing it gives back the dividend, and little else.
            let undone = exact::product(&quotient, &other);
            assert!(undone.contains(dividend.into()), "{dividend}/{divisor}");
            assert!(undone.is_within(&Interval::spanning(
                Decimal::from(dividend) - decimal("0.0000000001"),
                Decimal::from(dividend) + decimal("0.0000000001")
            )));
        }
        let root = exact::square_root(&Interval::exactly(dividend.into()));
        assert!(exact::product(&root, &root).contains(dividend.into()), "root of {dividend}");
    }
}
