//! One test of one data element, decided over a set of possible values.

use crate::element::ElementIndex;
use crate::interval::Interval;
use crate::possible::{Codes, Count, Members, Possible, Truth};
use crate::verdict::Verdict;

/// One test of one data element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Test {
    /// The element.
    pub element: ElementIndex,
    /// Its place among the elements that the formula tests.
    pub(crate) slot: usize,
    /// The values for which the test holds.
    pub accepts: Accepts,
}

/// The values for which a test holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepts {
    /// Yes.
    Yes,
    /// One of these codes.
    Codes(Codes),
    /// A number in this interval.
    Quantity(Interval),
    /// A count in this interval.
    Count(Count),
    /// The member at this bit is in the set.
    Contains(u64),
    /// None of the set's members (all these bits) is in it.
    Empty(u64),
}

impl Accepts {
    /// Whether the test holds for all, none or some of the possible values.
    #[must_use]
    pub fn verdict(&self, possible: &Possible) -> Verdict {
        match (self, possible) {
            (Self::Yes, Possible::Truth(truth)) => match truth {
                Truth::Yes => Verdict::Met,
                Truth::No => Verdict::NotMet,
                Truth::Either => Verdict::Unknown,
            },
            (Self::Codes(accepted), Possible::Coded(codes)) => overlap(codes.intersection(*accepted), codes),
            (Self::Quantity(accepted), Possible::Quantity(interval)) => {
                overlap(interval.intersection(accepted), interval)
            }
            (Self::Count(accepted), Possible::Count(count)) => overlap(count.intersection(*accepted), count),
            (Self::Contains(bit), Possible::Set(set)) => contains(*bit, *set),
            (Self::Empty(all), Possible::Set(set)) => is_empty(*all, *set),
            // A test never meets values of another kind: loading checks it. Nothing is known then.
            _ => Verdict::Unknown,
        }
    }
}

fn overlap<T: PartialEq>(shared: Option<T>, possible: &T) -> Verdict {
    match shared {
        None => Verdict::NotMet,
        Some(shared) if shared == *possible => Verdict::Met,
        Some(_) => Verdict::Unknown,
    }
}

fn contains(bit: u64, set: Members) -> Verdict {
    if set.inside() & bit != 0 {
        Verdict::Met
    } else if set.outside() & bit != 0 {
        Verdict::NotMet
    } else {
        Verdict::Unknown
    }
}

fn is_empty(all: u64, set: Members) -> Verdict {
    if set.inside() & all != 0 {
        Verdict::NotMet
    } else if set.outside() & all == all {
        Verdict::Met
    } else {
        Verdict::Unknown
    }
}
