//! Arithmetic on intervals of exact decimals: exact where the result can be written down, else rounded outward.
//!
//! A result of rounding always encloses the true one, so that no comparison with a limit can come out wrong.
//! Quantities of a record are not negative; what would lie below zero is cut off.

use criteria::{Decimal, End, Interval};
use rust_decimal::RoundingStrategy;

/// Longest text that is read as a number.
const LONGEST: usize = 40;

/// Most significant digits that always fit a [`Decimal`].
const DIGITS: usize = 28;

/// Largest magnitude that is read as a number: 10^15.
const LARGEST: i128 = 1_000_000_000_000_000;

/// Which way a result that cannot be written down is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Toward {
    Down,
    Up,
}

/// Reads a JSON number: exactly one value, or the narrowest interval around a number of more than 28 digits.
///
/// `None` where it is no number, longer than 40 characters, or larger than 10^15.
#[must_use]
pub fn number(text: &str) -> Option<Interval> {
    let text = text.trim();
    if let Some(number) = short(text) {
        return Some(Interval::exactly(number));
    }
    if text.len() > LONGEST {
        return None;
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (low, high) = magnitude(unsigned)?;
    let interval =
        if text.starts_with('-') { Interval::spanning(-high, -low) } else { Interval::spanning(low, high) };
    let largest = Decimal::try_from_i128_with_scale(LARGEST, 0).ok()?;
    (high <= largest).then_some(interval)
}

/// A number of at most 15 digits without sign or exponent: nearly every number of a record.
fn short(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() + fraction.len() > 15 || text == "." || text.is_empty() {
        return None;
    }
    let mut mantissa = 0i64;
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        mantissa = mantissa * 10 + i64::from(digit);
    }
    Decimal::try_new(mantissa, u32::try_from(fraction.len()).ok()?).ok().map(|number| number.normalize())
}

/// The number without its sign, rounded down and up.
fn magnitude(text: &str) -> Option<(Decimal, Decimal)> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    scaled(all.trim_start_matches('0'), scale)
}

/// `digits` x 10^-scale, rounded down and up to what a [`Decimal`] holds.
fn scaled(digits: &str, scale: i32) -> Option<(Decimal, Decimal)> {
    if digits.is_empty() {
        return Some((Decimal::ZERO, Decimal::ZERO));
    }
    let length = i32::try_from(digits.len()).ok()?;
    let most = i32::try_from(DIGITS).ok()?;
    // So many trailing digits cannot be kept: beyond 28 significant ones, and beyond 28 decimals.
    let dropped = (length - most).max(scale.checked_sub(most)?).max(0);
    let kept_length = usize::try_from(length.saturating_sub(dropped)).unwrap_or(0);
    let (kept, rest) = digits.split_at_checked(kept_length)?;
    let kept: i128 = if kept.is_empty() { 0 } else { kept.parse().ok()? };
    let is_exact = rest.bytes().all(|digit| digit == b'0');
    let scale = scale.checked_sub(dropped)?;
    Some((shifted(kept, scale)?, shifted(if is_exact { kept } else { kept + 1 }, scale)?))
}

fn shifted(mantissa: i128, scale: i32) -> Option<Decimal> {
    let (mantissa, scale) = match u32::try_from(scale) {
        Ok(scale) => (mantissa, scale),
        Err(_) => (mantissa.checked_mul(10i128.checked_pow(scale.unsigned_abs())?)?, 0),
    };
    Decimal::try_from_i128_with_scale(mantissa, scale).ok().map(|number| number.normalize())
}

/// An end of a non-negative interval that is a number.
#[derive(Debug, Clone, Copy)]
struct Bound {
    value: Decimal,
    is_open: bool,
}

impl Bound {
    const ZERO: Self = Self { value: Decimal::ZERO, is_open: false };

    /// The lower end; what lies below zero is cut off.
    fn low(interval: &Interval) -> Self {
        Self::of(interval.low()).filter(|bound| !bound.value.is_sign_negative()).unwrap_or(Self::ZERO)
    }

    /// The upper end; `None` where there is none.
    fn high(interval: &Interval) -> Option<Self> {
        Self::of(interval.high())
    }

    fn of(end: End) -> Option<Self> {
        match end {
            End::Unbounded => None,
            End::Closed(value) => Some(Self { value, is_open: false }),
            End::Open(value) => Some(Self { value, is_open: true }),
        }
    }

    fn end(value: Decimal, is_open: bool) -> End {
        if is_open { End::Open(value) } else { End::Closed(value) }
    }

    /// Zero that is one of the values: times anything it is zero.
    fn is_attained_zero(self) -> bool {
        self.value.is_zero() && !self.is_open
    }

    fn times(self, other: Self, toward: Toward) -> Option<End> {
        if self.is_attained_zero() || other.is_attained_zero() {
            return Some(End::Closed(Decimal::ZERO));
        }
        multiplied(self.value, other.value, toward)
            .map(|value| Self::end(value, self.is_open || other.is_open))
    }

    fn over(self, other: Self, toward: Toward) -> Option<End> {
        if self.is_attained_zero() {
            return Some(End::Closed(Decimal::ZERO));
        }
        divided(self.value, other.value, toward).map(|value| Self::end(value, self.is_open || other.is_open))
    }
}

/// Every product of a value of one and a value of the other.
#[must_use]
pub fn product(one: &Interval, other: &Interval) -> Interval {
    let low = Bound::low(one).times(Bound::low(other), Toward::Down);
    let high = match (Bound::high(one), Bound::high(other)) {
        (Some(one), Some(other)) => one.times(other, Toward::Up),
        (Some(bound), None) | (None, Some(bound)) if bound.is_attained_zero() => {
            Some(End::Closed(Decimal::ZERO))
        }
        _ => None,
    };
    enclosed(low, high)
}

/// Every quotient of a value of one and a value of the other; `None` where the divisor can only be zero.
#[must_use]
pub fn quotient(one: &Interval, divisor: &Interval) -> Option<Interval> {
    if Bound::high(divisor).is_some_and(|high| high.value <= Decimal::ZERO) {
        return None;
    }
    let low = Bound::high(divisor).and_then(|high| Bound::low(one).over(high, Toward::Down));
    let high = Bound::high(one).and_then(|high| high.over(Bound::low(divisor), Toward::Up));
    Some(enclosed(low, high))
}

/// Every sum of a value of one and a value of the other.
#[must_use]
pub fn sum(one: &Interval, other: &Interval) -> Interval {
    let add = |a: Bound, b: Bound, toward| {
        added(a.value, b.value, toward).map(|value| Bound::end(value, a.is_open || b.is_open))
    };
    let low = add(Bound::low(one), Bound::low(other), Toward::Down);
    let high = Bound::high(one).zip(Bound::high(other)).and_then(|(a, b)| add(a, b, Toward::Up));
    enclosed(low, high)
}

/// Every square root; irrational ones are enclosed in an interval narrower than 10^-16 of their size.
#[must_use]
pub fn square_root(interval: &Interval) -> Interval {
    let low = Bound::low(interval);
    let down = root(low.value, Toward::Down).map(|value| Bound::end(value, low.is_open));
    let up = Bound::high(interval)
        .and_then(|high| root(high.value, Toward::Up).map(|value| Bound::end(value, high.is_open)));
    enclosed(down, up)
}

/// The interval between two ends; an end that could not be computed lets everything through.
fn enclosed(low: Option<End>, high: Option<End>) -> Interval {
    Interval::new(low.unwrap_or(End::Closed(Decimal::ZERO)), high.unwrap_or(End::Unbounded))
        .unwrap_or(Interval::NOT_NEGATIVE)
}

fn multiplied(one: Decimal, other: Decimal, toward: Toward) -> Option<Decimal> {
    let exactly = |one: Decimal, other: Decimal| {
        let (one, other) = (one.normalize(), other.normalize());
        let mantissa = one.mantissa().checked_mul(other.mantissa())?;
        Decimal::try_from_i128_with_scale(mantissa, one.scale() + other.scale()).ok()
    };
    exactly(one, other)
        .or_else(|| exactly(shortened(one, toward)?, shortened(other, toward)?))
        .map(|product| product.normalize())
}

fn added(one: Decimal, other: Decimal, toward: Toward) -> Option<Decimal> {
    let exactly = |one: Decimal, other: Decimal| {
        let (one, other) = (one.normalize(), other.normalize());
        let scale = one.scale().max(other.scale());
        let aligned = |number: Decimal| {
            number.mantissa().checked_mul(10i128.checked_pow(scale.checked_sub(number.scale())?)?)
        };
        Decimal::try_from_i128_with_scale(aligned(one)?.checked_add(aligned(other)?)?, scale).ok()
    };
    exactly(one, other)
        .or_else(|| exactly(shortened(one, toward)?, shortened(other, toward)?))
        .map(|sum| sum.normalize())
}

/// A non-negative number with at most 14 significant digits and 14 decimals: two of them always multiply exactly.
fn shortened(number: Decimal, toward: Toward) -> Option<Decimal> {
    let strategy = match toward {
        Toward::Down => RoundingStrategy::ToZero,
        Toward::Up => RoundingStrategy::AwayFromZero,
    };
    number.round_sf_with_strategy(14, strategy).map(|short| short.round_dp_with_strategy(14, strategy))
}

/// Long division on the digits: as many as fit, and whether a remainder is left.
fn divided(one: Decimal, divisor: Decimal, toward: Toward) -> Option<Decimal> {
    let (one, divisor) = (one.normalize(), divisor.normalize());
    if let Some(quotient) = divided_evenly(one, divisor) {
        return Some(quotient);
    }
    let most = (Decimal::MAX_SCALE + divisor.scale()).saturating_sub(one.scale());
    (0..=most.min(37)).rev().find_map(|shift| {
        let numerator = one.mantissa().checked_mul(10i128.checked_pow(shift)?)?;
        let quotient = numerator.checked_div(divisor.mantissa())?;
        let has_rest = numerator.checked_rem(divisor.mantissa())? != 0;
        let scale = (one.scale() + shift).checked_sub(divisor.scale())?;
        let rounded = if has_rest && toward == Toward::Up { quotient + 1 } else { quotient };
        Decimal::try_from_i128_with_scale(rounded, scale).ok().map(|number| number.normalize())
    })
}

/// Most quotients of a record (a change of unit, a multiple of a round limit) come out even after a few digits.
fn divided_evenly(one: Decimal, divisor: Decimal) -> Option<Decimal> {
    (0..=4u32).find_map(|shift| {
        let scale = (one.scale() + shift).checked_sub(divisor.scale())?;
        let numerator = one.mantissa().checked_mul(10i128.checked_pow(shift)?)?;
        let is_even = numerator.checked_rem(divisor.mantissa())? == 0;
        let quotient = numerator.checked_div(divisor.mantissa()).filter(|_| is_even)?;
        Decimal::try_from_i128_with_scale(quotient, scale).ok().map(|number| number.normalize())
    })
}

/// Integer square root of the digits, widened by an even power of ten.
fn root(number: Decimal, toward: Toward) -> Option<Decimal> {
    let number = number.normalize();
    let mantissa = u128::try_from(number.mantissa()).ok()?;
    (0..=38u32).rev().find_map(|shift| {
        let scale = number.scale() + shift;
        let widened = mantissa.checked_mul(10u128.checked_pow(shift)?).filter(|_| scale.is_multiple_of(2))?;
        let root = widened.isqrt();
        let rounded = if toward == Toward::Up && root * root != widened { root + 1 } else { root };
        Decimal::try_from_i128_with_scale(i128::try_from(rounded).ok()?, scale / 2)
            .ok()
            .map(|number| number.normalize())
    })
}
