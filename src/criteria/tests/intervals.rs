//! Intervals, codes, counts and sets: what they hold, share, and read like.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking; the lints know functions marked as tests only"
)]

use criteria::interval::End::{self, Closed, Open, Unbounded};
use criteria::{Codes, Count, Decimal, Interval, Members, Possible, Truth};

fn number(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

fn interval(low: End, high: End) -> Interval {
    Interval::new(low, high).unwrap()
}

#[test]
fn an_interval_holds_a_number() {
    let (one, two) = (number("1"), number("2"));
    assert_eq!(Interval::new(Closed(two), Closed(one)), None);
    assert_eq!(Interval::new(Open(one), Open(one)), None);
    assert_eq!(Interval::new(Closed(one), Open(one)), None);
    assert_eq!(Interval::new(Open(one), Closed(one)), None);
    assert_eq!(Interval::new(Closed(one), Closed(one)).unwrap().exact(), Some(one));
    // Between two decimals there is always another one.
    assert!(Interval::new(Open(one), Open(number("1.0000000000000000000000000001"))).is_some());
}

#[test]
fn ends_belong_to_an_interval_or_not() {
    let half_open = interval(Open(number("1")), Closed(number("2")));
    for (value, inside) in [("1", false), ("1.0001", true), ("2.00", true), ("2.0001", false)] {
        assert_eq!(half_open.contains(number(value)), inside, "{value}");
    }
    assert!(Interval::ALL.contains(number("-1")) && !Interval::NOT_NEGATIVE.contains(number("-1")));
    assert!(Interval::NOT_NEGATIVE.contains(Decimal::ZERO));
}

#[test]
fn shared_and_spanned() {
    let (below, from) = (Interval::below(number("10")), Interval::at_least(number("10")));
    assert!(!below.meets(&from) && Interval::at_most(number("10")).meets(&from));
    assert_eq!(Interval::at_most(number("10")).intersection(&from), Some(Interval::exactly(number("10.0"))));
    assert_eq!(below.hull(&from), Interval::ALL);
    let (low, high) = (Interval::exactly(number("1")), interval(Open(number("3")), Open(number("4"))));
    assert_eq!(low.hull(&high), interval(Closed(number("1")), Open(number("4"))));
    assert_eq!(high.hull(&low), low.hull(&high));
    assert!(high.is_within(&Interval::above(number("3"))) && !Interval::ALL.is_within(&high));
    assert_eq!(Interval::spanning(number("4"), number("2")), Interval::spanning(number("2"), number("4")));
}

#[test]
fn intervals_in_words() {
    for (low, high, words) in [
        (Unbounded, Unbounded, "any value"),
        (Closed(number("0")), Unbounded, "any value"),
        (Open(number("0")), Unbounded, "above 0"),
        (Closed(number("1490.0")), Closed(number("1490")), "1490"),
        (Closed(number("0")), Closed(number("0")), "0"),
        (Closed(number("3")), Unbounded, "at least 3"),
        (Open(number("3")), Unbounded, "above 3"),
        (Closed(number("0")), Open(number("10")), "below 10"),
        (Unbounded, Closed(number("10")), "at most 10"),
        (Closed(number("0.33333")), Closed(number("0.66666")), "0.3333 to 0.6667"),
        (Open(number("1")), Closed(number("2")), "above 1 and at most 2"),
        (Closed(number("1")), Open(number("2")), "at least 1 and below 2"),
        (Open(number("1")), Open(number("2")), "above 1 and below 2"),
    ] {
        assert_eq!(interval(low, high).to_string(), words);
    }
}

#[test]
fn codes_counts_and_members() {
    assert_eq!(Codes::new(0), None);
    assert_eq!(Codes::first(64).unwrap().bits(), u64::MAX);
    assert_eq!(Codes::one(64), None);
    assert!(Codes::one(63).unwrap().is_exact() && !Codes::first(2).unwrap().is_exact());
    assert_eq!(Codes::new(0b1010).unwrap().positions().collect::<Vec<_>>(), [1, 3]);

    assert_eq!(Count::new(2, Some(1)), None);
    assert_eq!(Count::at_least(2).intersection(Count::new(0, Some(2)).unwrap()), Some(Count::exactly(2)));
    assert_eq!(Count::at_least(3).intersection(Count::exactly(2)), None);
    assert_eq!((Count::exactly(2).exact(), Count::at_least(2).exact()), (Some(2), None));

    assert_eq!(Members::new(1, 1), None);
    assert!(Members::exactly(0b01, 2).is_exact(2) && !Members::ANY.is_exact(2));
    assert_eq!(Members::exactly(0b01, 2).intersection(Members::new(0b10, 0).unwrap()), None);
}

#[test]
fn what_two_sources_leave_possible() {
    let either = Possible::Truth(Truth::Either);
    let (yes, no) = (Possible::Truth(Truth::Yes), Possible::Truth(Truth::No));
    assert_eq!(either.intersection(&no), Some(no));
    assert_eq!(yes.intersection(&either), Some(yes));
    assert_eq!(yes.intersection(&no), None);
    assert_eq!(yes.intersection(&Possible::Count(Count::ANY)), None);
}
