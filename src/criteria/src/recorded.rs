//! Possible values as they are written down, to be evaluated again later.

use serde_json::{Map, Value, json};

use crate::element::{Element, Kind};
use crate::formula::Tested;
use crate::interval::{Decimal, End, Interval};
use crate::possible::{Codes, Count, Members, Possible, Truth, positions};

/// The possible values, only as exactly as the formulas tell them apart: whatever the formulas come to over one, they come
/// to over the other. It says no more about a patient than the verdicts do.
#[must_use]
pub fn blurred<'t>(possible: &Possible, tested: impl IntoIterator<Item = &'t Tested>) -> Possible {
    let cells: Vec<&[Possible]> = tested.into_iter().map(|tested| tested.cells.as_slice()).collect();
    if let Possible::Set(members) = possible {
        return Possible::Set(members_asked(*members, &cells));
    }
    // What each formula sees is the union of its cells that are possible; what all of them see is in each union.
    let seen = cells.iter().map(|cells| {
        let touched = cells.iter().copied().filter(|cell| cell.intersection(possible).is_some());
        touched.reduce(union)
    });
    let whole = whole_of(possible);
    seen.flatten().fold(whole, |seen, next| seen.intersection(&next).unwrap_or(*possible))
}

/// The domain, as far as it is known without the element: codes without a formula stay as they are.
fn whole_of(possible: &Possible) -> Possible {
    match possible {
        Possible::Truth(_) => Possible::Truth(Truth::Either),
        Possible::Quantity(_) => Possible::Quantity(Interval::NOT_NEGATIVE),
        Possible::Count(_) => Possible::Count(Count::ANY),
        Possible::Set(_) => Possible::Set(Members::ANY),
        Possible::Coded(_) => Codes::new(u64::MAX).map_or(*possible, Possible::Coded),
    }
}

/// Both together; cells that are possible lie side by side.
fn union(one: Possible, other: Possible) -> Possible {
    match (one, other) {
        (Possible::Coded(one), Possible::Coded(other)) => Possible::Coded(one.union(other)),
        (Possible::Quantity(one), Possible::Quantity(other)) => Possible::Quantity(one.hull(&other)),
        (Possible::Count(one), Possible::Count(other)) => {
            let high = one.high().zip(other.high()).map(|(one, other)| one.max(other));
            Count::new(one.low().min(other.low()), high).map_or(Possible::Count(Count::ANY), Possible::Count)
        }
        (Possible::Truth(one), Possible::Truth(other)) if one == other => Possible::Truth(one),
        _ => whole_of(&one),
    }
}

/// The members without which the formulas would see another set.
fn members_asked(members: Members, cells: &[&[Possible]]) -> Members {
    let sees = |members: Members| -> Vec<bool> {
        let touches = |cell: &Possible| cell.intersection(&Possible::Set(members)).is_some();
        cells.iter().flat_map(|cells| cells.iter()).map(touches).collect()
    };
    let seen = sees(members);
    let known = members.inside() | members.outside();
    positions(known).filter_map(Codes::one).map(Codes::bits).fold(members, |kept, member| {
        let without = Members::new(kept.inside() & !member, kept.outside() & !member);
        without.filter(|without| sees(*without) == seen).unwrap_or(kept)
    })
}

/// As JSON: `true` or `false` in a list; codes in a list; `at-least`, `above`, `at-most`, `below` of numbers, as text, so
/// that they stay exact; the members that are `in` and `out`.
#[must_use]
pub fn written(element: &Element, possible: &Possible) -> Value {
    match possible {
        Possible::Truth(Truth::Either) => json!([true, false]),
        Possible::Truth(truth) => json!([*truth == Truth::Yes]),
        Possible::Coded(codes) => named(&element.kind, codes.bits()),
        Possible::Quantity(interval) => ends(interval),
        Possible::Count(count) => count_ends(*count),
        Possible::Set(members) => {
            json!({ "in": named(&element.kind, members.inside()), "out": named(&element.kind, members.outside()) })
        }
    }
}

fn named(kind: &Kind, bits: u64) -> Value {
    let names = match kind {
        Kind::Coded { codes, .. } => codes,
        Kind::Set { members } => members,
        _ => return Value::Null,
    };
    positions(bits).filter_map(|place| names.get(place).map(String::as_str)).collect()
}

fn count_ends(count: Count) -> Value {
    let high = count.high().map_or(End::Unbounded, |high| End::Closed(high.into()));
    Interval::new(End::Closed(count.low().into()), high).map_or(Value::Null, |interval| ends(&interval))
}

fn ends(interval: &Interval) -> Value {
    let mut ends = Map::new();
    let mut put = |end: End, closed: &str, open: &str| match end {
        End::Unbounded => None,
        End::Closed(value) => ends.insert(closed.into(), value.to_string().into()),
        End::Open(value) => ends.insert(open.into(), value.to_string().into()),
    };
    put(interval.low(), "at-least", "above");
    put(interval.high(), "at-most", "below");
    Value::Object(ends)
}

/// Reads what [`written`] writes. `None` where it is no value of the element: the element has changed since.
#[must_use]
pub fn read(element: &Element, written: &Value) -> Option<Possible> {
    match &element.kind {
        Kind::Truth => match written.as_array()?.as_slice() {
            [_, _] => Some(Possible::Truth(Truth::Either)),
            [truth] => truth.as_bool().map(|yes| Possible::Truth(if yes { Truth::Yes } else { Truth::No })),
            _ => None,
        },
        Kind::Coded { codes, .. } => Codes::new(bits(codes, written)?).map(Possible::Coded),
        Kind::Quantity { .. } | Kind::MultipleOfUln => interval(written).map(Possible::Quantity),
        Kind::Count => crate::notation::count(interval(written)?).map(Possible::Count),
        Kind::Set { members } => {
            let side = |name: &str| bits(members, written.get(name)?);
            Members::new(side("in")?, side("out")?).map(Possible::Set)
        }
    }
}

fn bits(names: &[String], written: &Value) -> Option<u64> {
    let bit = |name: &Value| {
        let place = names.iter().position(|known| Some(known.as_str()) == name.as_str())?;
        Codes::one(place).map(Codes::bits)
    };
    written.as_array()?.iter().try_fold(0, |bits, name| Some(bits | bit(name)?))
}

fn interval(written: &Value) -> Option<Interval> {
    let ends = written.as_object()?;
    let end = |closed: &str, open: &str| match (ends.get(closed), ends.get(open)) {
        (Some(value), None) => decimal(value).map(End::Closed),
        (None, Some(value)) => decimal(value).map(End::Open),
        (None, None) => Some(End::Unbounded),
        _ => None,
    };
    Interval::new(end("at-least", "above")?, end("at-most", "below")?)
}

fn decimal(value: &Value) -> Option<Decimal> {
    Decimal::from_str_exact(value.as_str()?).ok()
}
