//! Intervals of exact decimals, with open, closed or unbounded ends.

use std::cmp::Ordering;
use std::fmt;

pub use rust_decimal::Decimal;

/// One end of an [`Interval`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// No bound on this side.
    Unbounded,
    /// The bound itself belongs to the interval.
    Closed(Decimal),
    /// The bound itself does not belong to the interval.
    Open(Decimal),
}

impl End {
    /// The number at this end, if there is one.
    #[must_use]
    pub fn value(self) -> Option<Decimal> {
        match self {
            Self::Unbounded => None,
            Self::Closed(value) | Self::Open(value) => Some(value),
        }
    }
}

/// A non-empty interval of exact decimals: what a quantity may still be.
///
/// Units are not carried here; an element's values are all in that element's canonical unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval {
    low: End,
    high: End,
}

impl Interval {
    /// Every number.
    pub const ALL: Self = Self { low: End::Unbounded, high: End::Unbounded };

    /// `[0, inf)`: the domain of every quantity, ratio and count.
    pub const NOT_NEGATIVE: Self = Self { low: End::Closed(Decimal::ZERO), high: End::Unbounded };

    /// The interval between two ends, or `None` where no number lies between them.
    #[must_use]
    pub fn new(low: End, high: End) -> Option<Self> {
        let holds_a_number = match (low, high) {
            (End::Unbounded, _) | (_, End::Unbounded) => true,
            (End::Closed(low), End::Closed(high)) => low <= high,
            (End::Closed(low) | End::Open(low), End::Closed(high) | End::Open(high)) => low < high,
        };
        holds_a_number.then_some(Self { low, high })
    }

    /// Exactly one number.
    #[must_use]
    pub fn exactly(value: Decimal) -> Self {
        Self { low: End::Closed(value), high: End::Closed(value) }
    }

    /// `value` or more.
    #[must_use]
    pub fn at_least(value: Decimal) -> Self {
        Self { low: End::Closed(value), high: End::Unbounded }
    }

    /// More than `value`.
    #[must_use]
    pub fn above(value: Decimal) -> Self {
        Self { low: End::Open(value), high: End::Unbounded }
    }

    /// `value` or less.
    #[must_use]
    pub fn at_most(value: Decimal) -> Self {
        Self { low: End::Unbounded, high: End::Closed(value) }
    }

    /// Less than `value`.
    #[must_use]
    pub fn below(value: Decimal) -> Self {
        Self { low: End::Unbounded, high: End::Open(value) }
    }

    /// From the smaller to the larger of two numbers, both included.
    #[must_use]
    pub fn spanning(one: Decimal, other: Decimal) -> Self {
        Self { low: End::Closed(one.min(other)), high: End::Closed(one.max(other)) }
    }

    /// The lower end.
    #[must_use]
    pub fn low(&self) -> End {
        self.low
    }

    /// The upper end.
    #[must_use]
    pub fn high(&self) -> End {
        self.high
    }

    /// The number, if the interval holds only one.
    #[must_use]
    pub fn exact(&self) -> Option<Decimal> {
        match (self.low, self.high) {
            (End::Closed(low), End::Closed(high)) if low == high => Some(low),
            _ => None,
        }
    }

    /// Whether `value` lies in the interval.
    #[must_use]
    pub fn contains(&self, value: Decimal) -> bool {
        self.meets(&Self::exactly(value))
    }

    /// Whether the two intervals share a number.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        self.intersection(other).is_some()
    }

    /// Whether every number of this interval lies in `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.intersection(other) == Some(*self)
    }

    /// The numbers that lie in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        Self::new(tighter_low(self.low, other.low), tighter_high(self.high, other.high))
    }

    /// The smallest interval that holds both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        let low = if tighter_low(self.low, other.low) == self.low { other.low } else { self.low };
        let high = if tighter_high(self.high, other.high) == self.high { other.high } else { self.high };
        Self { low, high }
    }
}

/// The lower end that lets fewer numbers through.
fn tighter_low(one: End, other: End) -> End {
    match (one, other) {
        (End::Unbounded, end) | (end, End::Unbounded) => end,
        (End::Closed(a) | End::Open(a), End::Closed(b) | End::Open(b)) => match a.cmp(&b) {
            Ordering::Greater => one,
            Ordering::Less => other,
            Ordering::Equal => open_if_either(one, other),
        },
    }
}

/// The upper end that lets fewer numbers through.
fn tighter_high(one: End, other: End) -> End {
    match (one, other) {
        (End::Unbounded, end) | (end, End::Unbounded) => end,
        (End::Closed(a) | End::Open(a), End::Closed(b) | End::Open(b)) => match a.cmp(&b) {
            Ordering::Less => one,
            Ordering::Greater => other,
            Ordering::Equal => open_if_either(one, other),
        },
    }
}

fn open_if_either(one: End, other: End) -> End {
    if matches!(one, End::Open(_)) { one } else { other }
}

/// In words a clinician reads: `1490`, `below 10`, `at least 3`, `between 0.33 and 0.67`.
///
/// Numbers are shown with at most four decimals; a lower end of zero says nothing and is left out.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(value) = self.exact() {
            return write!(f, "{}", shown(value));
        }
        let low = match self.low {
            End::Closed(low) if low.is_zero() => End::Unbounded,
            low => low,
        };
        match (low, self.high) {
            (End::Unbounded, End::Unbounded) => f.write_str("any value"),
            (End::Closed(low), End::Unbounded) => write!(f, "at least {}", shown(low)),
            (End::Open(low), End::Unbounded) => write!(f, "above {}", shown(low)),
            (End::Unbounded, End::Closed(high)) => write!(f, "at most {}", shown(high)),
            (End::Unbounded, End::Open(high)) => write!(f, "below {}", shown(high)),
            (End::Closed(low), End::Closed(high)) if shown(low) == shown(high) => write!(f, "{}", shown(low)),
            (End::Closed(low), End::Closed(high)) => write!(f, "{} to {}", shown(low), shown(high)),
            (End::Open(low), End::Closed(high)) => {
                write!(f, "above {} and at most {}", shown(low), shown(high))
            }
            (End::Closed(low), End::Open(high)) => {
                write!(f, "at least {} and below {}", shown(low), shown(high))
            }
            (End::Open(low), End::Open(high)) => write!(f, "above {} and below {}", shown(low), shown(high)),
        }
    }
}

/// A number for the eye: at most four decimals, no trailing zeros.
#[must_use]
pub fn shown(value: Decimal) -> Decimal {
    value.round_dp(4).normalize()
}
