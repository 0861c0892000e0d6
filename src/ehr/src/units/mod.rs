//! Units of measure: UCUM codes, the spellings that laboratories and EHRs send, and exact factors between them.
//!
//! A maintained library reads UCUM (grammar, prefixes, tables); `spellings` maps what is no UCUM to its codes; the
//! arithmetic is ours, because the library's own is rounded.

mod ratio;
mod spellings;
mod ucum;

use criteria::{Decimal, Interval};

use ratio::Ratio;

/// What a unit measures, as powers of length, mass, time, amount of substance and calendar time; only units of one
/// dimension convert into each other (and amount into mass by molar mass).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Dimension {
    length: i8,
    mass: i8,
    time: i8,
    amount: i8,
    calendar: i8,
}

impl Dimension {
    /// One member at a time, with the other's.
    fn with(self, other: Self, join: impl Fn(i8, i8) -> Option<i8>) -> Option<Self> {
        Some(Self {
            length: join(self.length, other.length)?,
            mass: join(self.mass, other.mass)?,
            time: join(self.time, other.time)?,
            amount: join(self.amount, other.amount)?,
            calendar: join(self.calendar, other.calendar)?,
        })
    }

    /// The dimension with one amount of substance weighed.
    fn weighed(self) -> Option<Self> {
        let (amount, mass) = (self.amount.checked_sub(1)?, self.mass.checked_add(1)?);
        (amount == 0).then_some(Self { amount, mass, ..self })
    }
}

/// A unit that is understood: what it measures, and its size in metres, grams, seconds, moles and calendar months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    dimension: Dimension,
    size: Ratio,
}

impl Unit {
    /// The unit that a text means: a UCUM code or a usual spelling. `None` where it is neither.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        spellings::of_table(text).or_else(|| {
            let plain = spellings::plain(text)?;
            spellings::read(&plain).or_else(|| ucum::read(&plain))
        })
    }

    /// The unit that a word of a sentence means. Fewer than [`Unit::read`] knows: `as` is an attosecond by UCUM.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        spellings::read(&spellings::plain(word)?)
    }

    /// Whether it is the plain number one.
    #[must_use]
    pub fn is_one(self) -> bool {
        self == ucum::ONE
    }

    /// What a number in this unit is multiplied by to be in another; `None` where they do not convert.
    ///
    /// `molar_mass` in g/mol. Exact wherever the factor is a decimal.
    #[must_use]
    pub fn factor(self, to: Self, molar_mass: Option<Decimal>) -> Option<Interval> {
        if self == to {
            return Some(Interval::exactly(Decimal::ONE));
        }
        let ratio = || self.size.times(to.size.inverse());
        if self.dimension == to.dimension {
            ratio()?.interval(Decimal::ONE, false)
        } else if self.dimension.weighed() == Some(to.dimension) {
            ratio()?.interval(molar_mass?, false)
        } else if to.dimension.weighed() == Some(self.dimension) {
            ratio()?.interval(molar_mass?, true)
        } else {
            None
        }
    }

    fn times(self, other: Self) -> Option<Self> {
        let dimension = self.dimension.with(other.dimension, i8::checked_add)?;
        Some(Self { dimension, size: self.size.times(other.size)? })
    }

    fn power(self, exponent: i8) -> Option<Self> {
        let size = if exponent < 0 { self.size.inverse() } else { self.size };
        let size = (0..exponent.unsigned_abs()).try_fold(Ratio::ONE, |power, _| power.times(size))?;
        let dimension = self.dimension.with(self.dimension, |power, _| power.checked_mul(exponent))?;
        Some(Self { dimension, size })
    }
}

/// What a number in `from` is multiplied by to be in `to`; `None` where one is not understood or they do not convert.
///
/// Both are UCUM codes or usual spellings; `molar_mass` in g/mol. Exact wherever the factor is a decimal.
#[must_use]
pub fn factor(from: &str, to: &str, molar_mass: Option<Decimal>) -> Option<Interval> {
    Unit::read(from)?.factor(Unit::read(to)?, molar_mass)
}
