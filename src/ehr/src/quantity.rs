//! Values of a record as intervals: a Quantity with its comparator, a range, an integer, or text that says as much.

use std::borrow::Cow;

use std::fmt;

use criteria::{Decimal, End, Interval};

use crate::exact;
use crate::fhir::{Observation, Quantity, Range};
use crate::units::Unit;

/// Longest value that is shown.
const SHOWN: usize = 60;

/// A number with its unit, as it was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// What the number may be, in its own unit; never below zero.
    pub interval: Interval,
    /// Its unit.
    pub unit: Recorded,
    /// The value for the eye, such as `<10 10*3/uL`. Text from outside.
    pub shown: String,
}

/// The unit of a [`Measure`] as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// None at all.
    Missing,
    /// One that is understood.
    Known(Unit),
    /// One that is in no table, as it was sent.
    Unknown(String),
    /// Its code and its text mean different units: both, as they were sent.
    Contradictory(String, String),
}

/// Why a value is of no use, for the eye.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// There is none.
    Empty,
    /// It says itself why there is none (`dataAbsentReason`), or that a reason stands beside a value.
    Absent(String),
    /// It is no number that could be a quantity, as it was sent.
    NotANumber(String),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("holds no value"),
            Self::Absent(reason) => write!(f, "holds no value ({reason})"),
            Self::NotANumber(text) => write!(f, "holds no readable number (`{text}`)"),
        }
    }
}

impl Measure {
    /// The value in another unit, a UCUM code; `molar_mass` in g/mol.
    ///
    /// # Errors
    /// Why the unit does not allow it, in words ("has no unit").
    pub fn in_unit(&self, to: &str, molar_mass: Option<Decimal>) -> Result<Interval, String> {
        match &self.unit {
            Recorded::Missing => Err("has no unit".to_owned()),
            Recorded::Unknown(unit) => Err(format!("has the unit `{unit}`, which is not known")),
            Recorded::Contradictory(code, unit) => {
                Err(format!("has the unit `{unit}` and the unit code `{code}`, which disagree"))
            }
            Recorded::Known(unit) => Unit::read(to)
                .and_then(|to| match *unit == to {
                    true => Some(self.interval),
                    false => Some(exact::product(&self.interval, &unit.factor(to, molar_mass)?)),
                })
                .ok_or_else(|| format!("has a unit that does not convert to {to}")),
        }
    }

    /// Reads a Quantity. `None` where it holds no number, an unknown comparator, or only numbers below zero.
    #[must_use]
    pub fn of_quantity(quantity: &Quantity<'_>) -> Option<Self> {
        let interval = interval_of(quantity)?;
        Some(Self { interval, unit: unit_of(quantity), shown: shown(quantity) })
    }

    /// The value of an Observation for the eye.
    ///
    /// # Errors
    /// As [`Measure::of_observation`].
    pub fn shown_of(observation: &Observation<'_>) -> Result<String, Unusable> {
        match observation.value_quantity.get().filter(|_| observation.data_absent_reason.get().is_none()) {
            // Its unit need not be understood for that.
            Some(quantity) if interval_of(quantity).is_some() => Ok(shown(quantity)),
            _ => Self::of_observation(observation).map(|measure| measure.shown),
        }
    }

    /// Reads a Range: both ends are included, a missing end is open.
    #[must_use]
    pub fn of_range(range: &Range<'_>) -> Option<Self> {
        let end = |quantity: Option<&Quantity<'_>>| quantity.map(Self::of_quantity);
        match (end(range.low.get()), end(range.high.get())) {
            (Some(low), Some(high)) => Self::between(low?, high?),
            (Some(low), None) => {
                let low = low?;
                Some(Self { interval: Interval::new(low.interval.low(), End::Unbounded)?, ..low })
            }
            (None, Some(high)) => {
                let high = high?;
                Some(Self {
                    interval: Interval::new(End::Closed(Decimal::ZERO), high.interval.high())?,
                    ..high
                })
            }
            (None, None) => None,
        }
    }

    fn between(low: Self, high: Self) -> Option<Self> {
        let unit = match (low.unit, high.unit) {
            (Recorded::Missing, unit) | (unit, Recorded::Missing) => unit,
            (one, other) if one == other => one,
            _ => return None,
        };
        let interval = Interval::new(low.interval.low(), high.interval.high())?;
        Some(Self { interval, unit, shown: format!("{} to {}", low.shown, high.shown) })
    }

    /// Reads text such as `<1`, `>=10`, `1.2 K/uL`, `0-40` or `7 - 55 U/L`. `None` where it says anything else.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let (comparator, rest) = comparator(text);
        let (number, rest) = leading_number(rest)?;
        let (interval, rest) = match second_number(rest) {
            Some((second, rest)) if comparator.is_empty() => {
                (Interval::new(number.low(), second.high())?, rest)
            }
            _ => (compared(comparator, number)?, rest),
        };
        let rest = rest.trim();
        // `1,200` and `1,5` mean different things in different places.
        if rest.starts_with([',', '.', '-', '+']) {
            return None;
        }
        let unit = if rest.is_empty() {
            Recorded::Missing
        } else {
            Unit::read(rest).map_or_else(|| Recorded::Unknown(clipped(rest)), Recorded::Known)
        };
        Some(Self { interval, unit, shown: clipped(text) })
    }

    /// Reads the value of an Observation.
    ///
    /// # Errors
    /// If it has none, says why it has none, or has one that is no number.
    pub fn of_observation(observation: &Observation<'_>) -> Result<Self, Unusable> {
        if let Some(reason) = observation.data_absent_reason.get() {
            return Err(Unusable::Absent(clipped(reason.shown().unwrap_or("data absent"))));
        }
        if let Some(quantity) = observation.value_quantity.get() {
            let as_sent = || clipped(&shown(quantity));
            return Self::of_quantity(quantity).ok_or_else(|| Unusable::NotANumber(as_sent()));
        }
        if let Some(range) = observation.value_range.get() {
            return Self::of_range(range).ok_or_else(|| Unusable::NotANumber("a range".to_owned()));
        }
        let text = observation.value_integer.get().or_else(|| observation.value_string.get());
        if let Some(text) = text {
            return Self::of_text(text).ok_or_else(|| Unusable::NotANumber(clipped(text)));
        }
        match observation.value_codeable_concept.get() {
            Some(concept) => Err(Unusable::NotANumber(clipped(concept.shown().unwrap_or("a code")))),
            None => Err(Unusable::Empty),
        }
    }
}

fn interval_of(quantity: &Quantity<'_>) -> Option<Interval> {
    compared(quantity.comparator.get().unwrap_or(""), exact::number(quantity.value.get()?)?)
}

/// The interval that a comparator makes of a number; `None` for one that FHIR R4 does not have, or nothing at or above zero.
fn compared(comparator: &str, number: Interval) -> Option<Interval> {
    let (low, high) = match comparator {
        "" => (number.low(), number.high()),
        "<" => (End::Unbounded, End::Open(number.high().value()?)),
        "<=" => (End::Unbounded, number.high()),
        ">" => (End::Open(number.low().value()?), End::Unbounded),
        ">=" => (number.low(), End::Unbounded),
        _ => return None,
    };
    Interval::new(low, high)?.intersection(&Interval::NOT_NEGATIVE)
}

/// Comparators as people and analysers write them; the longer ones first.
const COMPARATORS: &[(&str, &str)] = &[
    ("<=", "<="),
    ("=<", "<="),
    ("≤", "<="),
    (">=", ">="),
    ("=>", ">="),
    ("≥", ">="),
    ("<", "<"),
    (">", ">"),
    ("less than ", "<"),
    ("greater than ", ">"),
    ("more than ", ">"),
    ("at least ", ">="),
    ("up to ", "<="),
];

fn comparator(text: &str) -> (&'static str, &str) {
    COMPARATORS
        .iter()
        .find_map(|(spelling, comparator)| {
            let head = text.get(..spelling.len())?;
            let rest = text.get(spelling.len()..)?;
            head.eq_ignore_ascii_case(spelling).then_some((*comparator, rest.trim_start()))
        })
        .unwrap_or(("", text))
}

/// The number at the start of a text, and what follows it.
pub(crate) fn leading_number(text: &str) -> Option<(Interval, &str)> {
    let length = number_length(text);
    let (number, rest) = text.split_at_checked(length)?;
    exact::number(number).map(|number| (number, rest))
}

/// Bytes of the number at the start: digits, a point with digits, an exponent with digits.
fn number_length(text: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(text);
    let after = |length: usize| text.get(length..).unwrap_or("");
    if let Some(rest) = after(length).strip_prefix('.') {
        let decimals = digits(rest);
        length += if decimals > 0 { decimals + 1 } else { 0 };
    }
    if let Some(rest) = after(length).strip_prefix(['e', 'E']) {
        let unsigned = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let exponent = digits(unsigned);
        length += if exponent > 0 { 1 + rest.len() - unsigned.len() + exponent } else { 0 };
    }
    length
}

/// The upper end of `0-40`, `7 - 55 U/L`, `12 to 16`.
fn second_number(text: &str) -> Option<(Interval, &str)> {
    let text = text.trim_start();
    let rest = ["-", "–", "to "].iter().find_map(|dash| text.strip_prefix(dash))?;
    leading_number(rest.trim_start())
}

/// The unit of a Quantity: the code where it is UCUM or from no system, else the text.
fn unit_of(quantity: &Quantity<'_>) -> Recorded {
    let is_ucum = quantity.system.get().is_none_or(|system| {
        system.contains("unitsofmeasure.org") || system == "urn:oid:2.16.840.1.113883.6.8"
    });
    let code = quantity.code.get().filter(|_| is_ucum);
    let text = quantity.unit.get();
    let of_code = code.and_then(Unit::read);
    // Most senders write the code again.
    let of_text = if text == code { of_code } else { text.and_then(Unit::read) };
    match (of_code, of_text) {
        (Some(unit), Some(other)) if unit != other && !other.is_one() => {
            Recorded::Contradictory(clipped(code.unwrap_or_default()), clipped(text.unwrap_or_default()))
        }
        (Some(unit), _) | (None, Some(unit)) => Recorded::Known(unit),
        (None, None) => code.or(text).map_or(Recorded::Missing, |unit| Recorded::Unknown(clipped(unit))),
    }
}

/// A Quantity for the eye, as it was sent.
pub(crate) fn shown(quantity: &Quantity<'_>) -> String {
    let comparator = quantity.comparator.get().unwrap_or_default();
    let value = quantity.value.get().unwrap_or_default();
    let unit = quantity.unit.get().or_else(|| quantity.code.get()).unwrap_or_default();
    clipped([comparator, value, " ", unit].concat().trim())
}

/// Text from outside, shortened to what a card can show.
pub(crate) fn clipped(text: &str) -> String {
    clip(text).into_owned()
}

/// The same, borrowed where nothing is cut.
pub(crate) fn clip(text: &str) -> Cow<'_, str> {
    if text.len() <= SHOWN || text.chars().count() <= SHOWN {
        return text.into();
    }
    text.chars().take(SHOWN).chain(std::iter::once('…')).collect()
}
