//! Days that are known only to lie between two days, and what is certain about them.

use std::fmt;

use criteria::Truth;
use jiff::Span;
use jiff::civil::Date;

use super::recorded::Day;

impl Day {
    /// A day that is exactly known.
    #[must_use]
    pub fn exactly(date: Date) -> Self {
        Self { earliest: date, latest: date }
    }

    /// Any day of these two and between them, whichever is the earlier.
    #[must_use]
    pub fn between(one: Date, other: Date) -> Self {
        Self { earliest: one.min(other), latest: one.max(other) }
    }

    /// The later of two days.
    #[must_use]
    pub fn max_of(self, other: Self) -> Self {
        Self { earliest: self.earliest.max(other.earliest), latest: self.latest.max(other.latest) }
    }

    /// Whether it surely lies before another.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        self.latest < other.earliest
    }

    /// How many days it is from this day to another: at least, and at most.
    #[must_use]
    pub fn days_to(self, other: Self) -> Days {
        Days { least: days(self.latest, other.earliest), most: days(self.earliest, other.latest) }
    }

    /// So many calendar days later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        self.plus(Span::new().try_days(days).unwrap_or_default())
    }

    /// So many calendar months later; a day that the month does not have is its last.
    #[must_use]
    pub fn plus_months(self, months: u32) -> Self {
        self.plus(Span::new().try_months(months).unwrap_or_default())
    }

    fn plus(self, span: Span) -> Self {
        let later = |date: Date| date.checked_add(span).unwrap_or(Date::MAX);
        Self { earliest: later(self.earliest), latest: later(self.latest) }
    }
}

impl fmt::Display for Day {
    /// As a record would give it: `2025`, `2025-03`, `2025-03-10`, or from one day to another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { earliest, latest } = *self;
        if earliest == latest {
            write!(f, "{earliest}")
        } else if earliest == earliest.first_of_year() && latest == earliest.last_of_year() {
            write!(f, "{:04}", earliest.year())
        } else if earliest == earliest.first_of_month() && latest == earliest.last_of_month() {
            write!(f, "{:04}-{:02}", earliest.year(), earliest.month())
        } else {
            write!(f, "between {earliest} and {latest}")
        }
    }
}

/// A number of days that is known only to lie between two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The smallest that it may be; below zero for days that overlap.
    pub least: i64,
    /// The largest that it may be.
    pub most: i64,
}

impl Days {
    /// Whether it is not more than a limit, the limit included.
    #[must_use]
    pub fn at_most(self, limit: u32) -> Truth {
        truth(self.most <= i64::from(limit), self.least <= i64::from(limit))
    }

    /// Whether the two days are not further apart than a limit, whichever comes first.
    #[must_use]
    pub fn within(self, limit: u32) -> Truth {
        let limit = i64::from(limit);
        truth(-limit <= self.least && self.most <= limit, self.least <= limit && -limit <= self.most)
    }
}

/// What holds surely, what holds perhaps: as one truth.
#[must_use]
pub fn truth(is_sure: bool, is_possible: bool) -> Truth {
    match (is_sure, is_possible) {
        (true, _) => Truth::Yes,
        (false, true) => Truth::Either,
        (false, false) => Truth::No,
    }
}

fn days(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
