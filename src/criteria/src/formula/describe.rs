//! Tests and values in words.

use crate::element::{Element, Kind};
use crate::interval::Interval;
use crate::possible::{Count, Members, Possible, Truth, positions};

use super::test::Accepts;

/// What a test asks, in words: `below 1500 /uL`, `at least 2`, `yes`.
#[must_use]
pub fn describe(element: &Element, accepts: &Accepts) -> String {
    match accepts {
        Accepts::Yes => "yes".into(),
        Accepts::Codes(codes) => describe_needed(element, &[Possible::Coded(*codes)]),
        Accepts::Quantity(interval) => with_unit(element, interval),
        Accepts::Count(count) => shown_count(*count),
        Accepts::Contains(bit) => format!("with {}", member_names(element, *bit).join(" and ")),
        Accepts::Empty(_) => "none".into(),
    }
}

/// Values of an element in words; several cells of it are joined where they touch.
#[must_use]
pub fn describe_needed(element: &Element, values: &[Possible]) -> String {
    let mut words: Vec<String> = Vec::new();
    for value in joined(values) {
        let word = match value {
            Possible::Truth(Truth::Yes) => "yes".into(),
            Possible::Truth(Truth::No) => "no".into(),
            Possible::Truth(Truth::Either) => "yes or no".into(),
            Possible::Coded(codes) => code_names(element, codes.bits()).join(" or "),
            Possible::Quantity(interval) => with_unit(element, &interval),
            Possible::Count(count) => shown_count(count),
            Possible::Set(members) => shown_members(element, members),
        };
        if !words.contains(&word) {
            words.push(word);
        }
    }
    // The words of a set have joints of their own.
    words.join(if matches!(element.kind, Kind::Set { .. }) { "; or " } else { " or " })
}

/// Joins neighbouring cells of a quantity or a count, and codes into one set.
fn joined(values: &[Possible]) -> Vec<Possible> {
    let mut joined: Vec<Possible> = Vec::new();
    for value in values {
        match (joined.last_mut(), value) {
            (Some(Possible::Coded(known)), Possible::Coded(codes)) => *known = known.union(*codes),
            (Some(Possible::Quantity(known)), Possible::Quantity(next)) if touch(known, next) => {
                *known = known.hull(next);
            }
            (Some(Possible::Set(known)), Possible::Set(next)) if known.with_either(*next).is_some() => {
                *known = known.with_either(*next).unwrap_or(*known);
            }
            (Some(Possible::Count(known)), Possible::Count(next))
                if known.high().and_then(|high| high.checked_add(1)) == Some(next.low()) =>
            {
                *known = Count::new(known.low(), next.high()).unwrap_or(*known);
            }
            _ => joined.push(*value),
        }
    }
    joined
}

/// Whether one interval begins where the other ends, with nothing between them.
fn touch(one: &Interval, next: &Interval) -> bool {
    use crate::interval::End;
    match (one.high(), next.low()) {
        (End::Open(a), End::Closed(b)) | (End::Closed(a), End::Open(b) | End::Closed(b)) => a == b,
        _ => false,
    }
}

fn with_unit(element: &Element, interval: &Interval) -> String {
    match &element.kind {
        Kind::MultipleOfUln => format!("{interval} x ULN"),
        Kind::Quantity { unit } if unit != "1" => format!("{interval} {}", unit_word(unit)),
        _ => interval.to_string(),
    }
}

/// The two UCUM codes that nobody reads as a unit are written out.
fn unit_word(unit: &str) -> &str {
    match unit {
        "a" => "years",
        "d" => "days",
        unit => unit,
    }
}

fn shown_count(count: Count) -> String {
    match (count.low(), count.high()) {
        (0, None) => "any number".into(),
        (low, None) => format!("at least {low}"),
        (low, Some(high)) if low == high => low.to_string(),
        (0, Some(high)) => format!("at most {high}"),
        (low, Some(high)) => format!("{low} to {high}"),
    }
}

fn shown_members(element: &Element, members: Members) -> String {
    let inside = member_names(element, members.inside());
    let outside = member_names(element, members.outside());
    match (inside.is_empty(), outside.is_empty()) {
        (true, true) => "anything".into(),
        (true, false) if outside.len() == member_count(element) => "none".into(),
        (true, false) => format!("without {}", outside.join(" or ")),
        (false, true) => format!("with {}", inside.join(" and ")),
        (false, false) => format!("with {} and without {}", inside.join(" and "), outside.join(" or ")),
    }
}

fn member_count(element: &Element) -> usize {
    if let Kind::Set { members } = &element.kind { members.len() } else { 0 }
}

fn member_names(element: &Element, bits: u64) -> Vec<String> {
    let Kind::Set { members } = &element.kind else { return Vec::new() };
    names(members, bits)
}

fn code_names(element: &Element, bits: u64) -> Vec<String> {
    let Kind::Coded { codes, .. } = &element.kind else { return Vec::new() };
    names(codes, bits)
}

/// Codes and members as people say them: their ids are written with hyphens between the words.
fn names(all: &[String], bits: u64) -> Vec<String> {
    positions(bits).filter_map(|position| all.get(position)).map(|id| id.replace('-', " ")).collect()
}
