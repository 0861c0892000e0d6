//! How possible values are written in cases: `2`, `below 10`, `1 to 3`, `[low, zero]`, `unknown`.

use serde_json::Value;

use crate::element::{Element, Kind};
use crate::interval::{Decimal, Interval};
use crate::possible::{Count, Members, Possible, Truth};

/// Reads the values that an element may have, as a case writes them.
///
/// # Errors
/// In words, if they do not fit the element's kind or leave nothing possible.
pub(crate) fn possible(element: &Element, written: &Value) -> Result<Possible, String> {
    if written.as_str() == Some("unknown") || written.is_null() {
        return Ok(element.kind.domain());
    }
    let read = match &element.kind {
        Kind::Truth => written.as_bool().map(|yes| Possible::Truth(if yes { Truth::Yes } else { Truth::No })),
        Kind::Coded { .. } => codes(element, written),
        Kind::Quantity { .. } | Kind::MultipleOfUln => interval(written)
            .and_then(|interval| interval.intersection(&Interval::NOT_NEGATIVE))
            .map(Possible::Quantity),
        Kind::Count => interval(written).and_then(count).map(Possible::Count),
        Kind::Set { members } => set(element, members.len(), written),
    };
    read.ok_or_else(|| format!("`{written}` is no value of `{}`", element.id))
}

fn codes(element: &Element, written: &Value) -> Option<Possible> {
    let names = texts(written)?;
    let codes = names.into_iter().map(|name| element.kind.codes_named(name)).collect::<Option<Vec<_>>>()?;
    codes.into_iter().reduce(crate::possible::Codes::union).map(Possible::Coded)
}

/// The members that are in, all others out; a name that ends in `?` is maybe in.
fn set(element: &Element, count: usize, written: &Value) -> Option<Possible> {
    let (mut inside, mut maybe) = (0, 0);
    for name in texts(written)? {
        match name.strip_suffix('?') {
            Some(name) => maybe |= element.kind.member_named(name)?,
            None => inside |= element.kind.member_named(name)?,
        }
    }
    let outside = Members::exactly(inside | maybe, count).outside();
    Members::new(inside, outside).map(Possible::Set)
}

fn texts(written: &Value) -> Option<Vec<&str>> {
    match written {
        Value::Array(items) => items.iter().map(Value::as_str).collect(),
        _ => written.as_str().map(|text| vec![text]),
    }
}

fn interval(written: &Value) -> Option<Interval> {
    if let Value::Number(number) = written {
        return decimal(number.as_str()).map(Interval::exactly);
    }
    let text = written.as_str()?;
    let after = |words: &str| text.strip_prefix(words).and_then(|rest| decimal(rest.trim()));
    if let Some((low, high)) = text.split_once(" to ") {
        let (low, high) = (decimal(low.trim())?, decimal(high.trim())?);
        return (low <= high).then(|| Interval::spanning(low, high));
    }
    after("below ")
        .map(Interval::below)
        .or_else(|| after("at most ").map(Interval::at_most))
        .or_else(|| after("above ").map(Interval::above))
        .or_else(|| after("at least ").map(Interval::at_least))
}

fn decimal(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok()
}

/// The whole numbers of an interval with closed ends.
pub(crate) fn count(interval: Interval) -> Option<Count> {
    use crate::interval::End;
    use rust_decimal::prelude::ToPrimitive;
    let whole = |value: Decimal| value.is_integer().then(|| value.to_u32()).flatten();
    let low = match interval.low() {
        End::Unbounded => 0,
        End::Closed(low) => whole(low)?,
        End::Open(low) => whole(low)?.checked_add(1)?,
    };
    let high = match interval.high() {
        End::Unbounded => None,
        End::Closed(high) => Some(whole(high)?),
        End::Open(high) => Some(whole(high)?.checked_sub(1)?),
    };
    Count::new(low, high)
}
