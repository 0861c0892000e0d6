//! What a data element may still be: a non-empty set of values, one shape per kind of element.
//!
//! There is no separate null. Known exactly is one value; not known is the whole domain.

use crate::interval::Interval;

/// The values a data element may still have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Possible {
    /// Of a yes-or-no element.
    Truth(Truth),
    /// Of a coded element: which of its declared codes.
    Coded(Codes),
    /// Of a quantity, in the element's canonical unit, or of a multiple of the upper limit of normal.
    Quantity(Interval),
    /// Of a count: whole numbers.
    Count(Count),
    /// Of a set element: which members are in, out, or maybe.
    Set(Members),
}

/// The possible values of a yes-or-no element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// Known to be so.
    Yes,
    /// Known not to be so.
    No,
    /// Not known: both are possible.
    Either,
}

/// A non-empty set of an element's declared codes, as bits in the order they are declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Codes(u64);

impl Codes {
    /// How many codes an element may declare.
    pub const MOST: usize = 64;

    /// The codes at these bits, or `None` where there is none.
    #[must_use]
    pub fn new(bits: u64) -> Option<Self> {
        (bits != 0).then_some(Self(bits))
    }

    /// The first `count` codes: the whole domain of an element that declares that many.
    #[must_use]
    pub fn first(count: usize) -> Option<Self> {
        Self::new(low_bits(count))
    }

    /// The code at one position.
    #[must_use]
    pub fn one(position: usize) -> Option<Self> {
        Self::new(bit(position))
    }

    /// One bit a code, in the order they are declared.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Whether only one code is left.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self.0.is_power_of_two()
    }

    /// The codes in both, or `None` where they share none.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.0 & other.0)
    }

    /// The codes in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The positions of the codes, in the order they are declared.
    pub fn positions(self) -> impl Iterator<Item = usize> {
        positions(self.0)
    }
}

/// An interval of whole numbers; no upper end means that any higher count is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Count {
    low: u32,
    high: Option<u32>,
}

impl Count {
    /// `[0, inf)`: the domain of every count.
    pub const ANY: Self = Self { low: 0, high: None };

    /// From `low` to `high`, both included; `None` where no whole number lies between them.
    #[must_use]
    pub fn new(low: u32, high: Option<u32>) -> Option<Self> {
        high.is_none_or(|high| low <= high).then_some(Self { low, high })
    }

    /// Exactly one count.
    #[must_use]
    pub fn exactly(count: u32) -> Self {
        Self { low: count, high: Some(count) }
    }

    /// `count` or more.
    #[must_use]
    pub fn at_least(count: u32) -> Self {
        Self { low: count, high: None }
    }

    /// The smallest count that is possible.
    #[must_use]
    pub fn low(self) -> u32 {
        self.low
    }

    /// The largest count that is possible, if there is one.
    #[must_use]
    pub fn high(self) -> Option<u32> {
        self.high
    }

    /// The count, if only one is possible.
    #[must_use]
    pub fn exact(self) -> Option<u32> {
        (self.high == Some(self.low)).then_some(self.low)
    }

    /// The counts in both, or `None` where they share none.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        let high = match (self.high, other.high) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (high, None) | (None, high) => high,
        };
        Self::new(self.low.max(other.low), high)
    }
}

/// What a set element may hold: each declared member is in, out, or maybe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Members {
    inside: u64,
    outside: u64,
}

impl Members {
    /// How many members an element may declare.
    pub const MOST: usize = 64;

    /// Nothing known about any member.
    pub const ANY: Self = Self { inside: 0, outside: 0 };

    /// Members known to be in and members known to be out; `None` where one is said to be both.
    #[must_use]
    pub fn new(inside: u64, outside: u64) -> Option<Self> {
        (inside & outside == 0).then_some(Self { inside, outside })
    }

    /// Exactly these members of the first `count`, and no other.
    #[must_use]
    pub fn exactly(inside: u64, count: usize) -> Self {
        let inside = inside & low_bits(count);
        Self { inside, outside: low_bits(count) & !inside }
    }

    /// One bit a member that is known to be in.
    #[must_use]
    pub fn inside(self) -> u64 {
        self.inside
    }

    /// One bit a member that is known to be out.
    #[must_use]
    pub fn outside(self) -> u64 {
        self.outside
    }

    /// Whether it is known of each of the first `count` members.
    #[must_use]
    pub fn is_exact(self, count: usize) -> bool {
        (self.inside | self.outside) == low_bits(count)
    }

    /// The sets of either, where these differ in one member only, which is in by one and out by the other.
    #[must_use]
    pub fn with_either(self, other: Self) -> Option<Self> {
        let differs = self.inside ^ other.inside;
        let is_one = differs.count_ones() == 1 && differs == self.outside ^ other.outside;
        is_one.then_some(Self { inside: self.inside & !differs, outside: self.outside & !differs })
    }

    /// What both say together, or `None` where they contradict each other.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.inside | other.inside, self.outside | other.outside)
    }
}

impl Possible {
    /// The values that are possible by both, or `None` where none is (or the kinds differ).
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Truth(one), Self::Truth(other)) => match (one, other) {
                (Truth::Either, truth) | (truth, Truth::Either) => Some(Self::Truth(*truth)),
                _ => (one == other).then_some(*self),
            },
            (Self::Coded(one), Self::Coded(other)) => one.intersection(*other).map(Self::Coded),
            (Self::Quantity(one), Self::Quantity(other)) => one.intersection(other).map(Self::Quantity),
            (Self::Count(one), Self::Count(other)) => one.intersection(*other).map(Self::Count),
            (Self::Set(one), Self::Set(other)) => one.intersection(*other).map(Self::Set),
            _ => None,
        }
    }
}

/// The positions of the bits that are set, lowest first.
pub(crate) fn positions(bits: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |position| bits & bit(*position) != 0)
}

fn bit(position: usize) -> u64 {
    u32::try_from(position).ok().and_then(|shift| 1u64.checked_shl(shift)).unwrap_or(0)
}

fn low_bits(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { bit(count).wrapping_sub(1) }
}
