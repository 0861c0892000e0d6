//! Dates and times of a record: partial, with zones, at the edge of a window, and garbage.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

use ehr::when::{Sequence, When, Window};
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_date_is_the_span_of_instants_it_may_mean() {
    let cases = [
        ("2026", "2026-01-01T00:00:00Z", "2026-12-31T23:59:59.999999999Z"),
        ("2024-02", "2024-02-01T00:00:00Z", "2024-02-29T23:59:59.999999999Z"),
        ("2026-11-08", "2026-11-08T00:00:00Z", "2026-11-08T23:59:59.999999999Z"),
        ("2026-11-08T10:00:00Z", "2026-11-08T10:00:00Z", "2026-11-08T10:00:00Z"),
        ("2026-11-08T10:00:00+05:30", "2026-11-08T04:30:00Z", "2026-11-08T04:30:00Z"),
        ("2026-11-08T23:30:00-08:00", "2026-11-09T07:30:00Z", "2026-11-09T07:30:00Z"),
        ("2026-11-08T10:00:00.123Z", "2026-11-08T10:00:00.123Z", "2026-11-08T10:00:00.123Z"),
        (
            "2026-11-08T10:00:00.1234567891234Z",
            "2026-11-08T10:00:00.123456789Z",
            "2026-11-08T10:00:00.123456789Z",
        ),
        ("2026-11-08T10:00:00", "2026-11-08T10:00:00Z", "2026-11-08T10:00:00Z"),
        (" 2026-11-08 ", "2026-11-08T00:00:00Z", "2026-11-08T23:59:59.999999999Z"),
    ];
    for (text, earliest, latest) in cases {
        let when = When::read(text).unwrap_or_else(|| panic!("{text} is a date"));
        assert_eq!((when.earliest(), when.latest()), (at(earliest), at(latest)), "{text}");
    }
}

#[test]
fn garbage_is_no_date() {
    let long = "9".repeat(100_000);
    for text in [
        "",
        "yesterday",
        "20261108",
        "2026-13-01",
        "2026-02-30",
        "26-11-08",
        "2026-11-08T",
        "2026-11T10:00:00Z",
        "2026-11-08T25:00:00Z",
        "2026-11-08T10:00:00[America/New_York]",
        "11/08/2026",
        "2026-11-08-01",
        "-2026",
        "2026-W45",
        "２０２６",
        &long,
    ] {
        assert_eq!(When::read(text), None, "{text}");
    }
    for edge in ["0001", "9999-12-31", "9999-12-31T23:59:59Z", "0000-01-01"] {
        // Whatever it means, it does not panic, nor does asking about it.
        if let Some(when) = When::read(edge) {
            let _ = when.window(Timestamp::MIN, Some(u32::MAX));
            let _ = when.window(Timestamp::MAX, Some(0));
            let _ = when.days_before(Timestamp::MIN);
        }
    }
}

#[test]
fn two_times_are_before_same_after_or_unclear() {
    let cases = [
        ("2026-11-08", "2026-11-09", Sequence::Before),
        ("2026-11-09", "2026-11-08T23:59:59Z", Sequence::After),
        ("2026-11-08T10:00:00Z", "2026-11-08T05:00:00-05:00", Sequence::Same),
        ("2026-11-08", "2026-11-08", Sequence::Same),
        ("2026-11-08", "2026-11-08T10:00:00Z", Sequence::Unclear),
        ("2026", "2026-11", Sequence::Unclear),
        ("2025", "2026-11", Sequence::Before),
    ];
    for (one, other, expected) in cases {
        assert_eq!(When::read(one).unwrap().compare(&When::read(other).unwrap()), expected, "{one} {other}");
    }
}

#[test]
fn a_window_is_inclusive_and_counted_in_days_of_24_hours() {
    let now = at("2026-11-22T15:00:00Z");
    let cases = [
        ("2026-11-08T15:00:00Z", Window::Within),
        ("2026-11-08T14:59:59.999Z", Window::Outside),
        ("2026-11-08T10:00:00-05:00", Window::Within),
        ("2026-11-08", Window::Within),
        ("2026-11-07", Window::Outside),
        ("2026-11", Window::Unclear),
        ("2026", Window::Unclear),
        ("2026-10", Window::Outside),
        ("2025", Window::Outside),
        ("2026-11-22T15:00:00Z", Window::Within),
        ("2026-11-23", Window::Within),
        ("2026-11-23T15:00:00Z", Window::Within),
        ("2026-11-23T15:00:00.001Z", Window::Ahead),
        ("2026-11-24", Window::Ahead),
        ("2027", Window::Ahead),
    ];
    for (text, expected) in cases {
        assert_eq!(When::read(text).unwrap().window(now, Some(14)), expected, "{text}");
    }
    assert_eq!(When::read("2026-11").unwrap().window(at("2026-11-10T00:00:00Z"), Some(14)), Window::Within);
    assert_eq!(When::read("1970").unwrap().window(now, None), Window::Within);
}

#[test]
fn age_in_days() {
    let now = at("2026-11-22T15:00:00Z");
    for (text, days) in
        [("2026-09-23", 60), ("2026-11-08T14:59:59Z", 14), ("2026-11-22", 0), ("2026-11-21T16:00:00Z", 0)]
    {
        assert_eq!(When::read(text).unwrap().days_before(now), days, "{text}");
    }
}
