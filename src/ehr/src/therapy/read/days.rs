//! Dates of resources as calendar days, none of them later than the evaluation day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::fhir::{Period, Quantity};
use crate::therapy::recorded::Day;
use crate::when::{When, Window};

/// The evaluation instant, and its day in UTC.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    at: Timestamp,
    today: Date,
}

/// From when until when a drug was given; `None` where no date can be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Course {
    pub(super) start: Option<Day>,
    pub(super) last: Option<Day>,
}

impl Now {
    pub(super) fn at(at: Timestamp) -> Self {
        Self { at, today: at.to_zoned(TimeZone::UTC).date() }
    }

    /// Whether a date is more than 24 hours ahead: nothing can have happened then.
    pub(super) fn is_ahead(&self, date: Option<&str>) -> bool {
        date.and_then(When::read).is_some_and(|when| when.window(self.at, None) == Window::Ahead)
    }

    /// Whether a date is after the evaluation instant, be it by a moment: what begins then is planned.
    pub(super) fn is_planned(&self, date: Option<&str>) -> bool {
        date.and_then(When::read).is_some_and(|when| when.earliest() > self.at)
    }

    /// The days that a date may be; what is recorded lies in the past, so a year that is not over ends today.
    pub(super) fn day(&self, date: Option<&str>) -> Option<Day> {
        let (earliest, latest) = When::read(date?)?.calendar_days();
        Some(Day { earliest, latest: latest.min(self.today.max(earliest)) })
    }

    /// On one day.
    pub(super) fn once(&self, date: Option<&str>) -> Course {
        let day = self.day(date);
        Course { start: day, last: day }
    }

    /// From one date to another; without an end, or with one that is still to come, any day until today is the last.
    pub(super) fn between(&self, start: Option<&str>, end: Option<&str>) -> Course {
        let first = self.day(start);
        let last = self.day(end.filter(|_| !self.is_planned(end)));
        self.course(first, last)
    }

    /// The same of a period.
    pub(super) fn during(&self, period: &Period<'_>) -> Course {
        self.between(period.start.get(), period.end.get())
    }

    /// From one day to another; without the last one, any day from the first until today.
    pub(super) fn course(&self, start: Option<Day>, last: Option<Day>) -> Course {
        let (Some(start), Some(last)) = (start, last.or_else(|| self.until_today(start))) else {
            return Course { start, last };
        };
        if last.latest < start.earliest {
            return Course { start: Some(start), last: Some(start) };
        }
        // It began before it ended, so a year as its start is cut short by a day as its end, and the other way round.
        let start = Day { latest: start.latest.min(last.latest), ..start };
        let last = Day { earliest: last.earliest.max(start.earliest), ..last };
        Course { start: Some(start), last: Some(last) }
    }

    /// Any day from this one until today.
    pub(super) fn until_today(&self, from: Option<Day>) -> Option<Day> {
        let from = from?;
        Some(Day { earliest: from.earliest, latest: self.today.max(from.latest) })
    }

    /// The last day of so many days that begin with this one, today at the latest.
    pub(super) fn after(&self, start: Option<Day>, days: i64) -> Option<Day> {
        let later = |day: Date| day.checked_add((days - 1).max(0).days()).unwrap_or(Date::MAX);
        let start = start?;
        let cut = |day: Date, from: Date| later(day).min(self.today.max(from));
        Some(Day { earliest: cut(start.earliest, start.earliest), latest: cut(start.latest, start.latest) })
    }

    /// The evaluation day.
    pub(super) fn today(&self) -> Date {
        self.today
    }
}

/// Days in a duration such as `90 d` or `12 weeks`; `None` where it is none, or in a unit that is no whole days.
/// Months and years are counted long, so that a supply is never made out to have ended before it did.
pub(super) fn days_in(duration: &Quantity<'_>) -> Option<i64> {
    let whole = duration
        .value
        .get()?
        .split('.')
        .next()?
        .parse::<i64>()
        .ok()
        .filter(|days| (1..36_600).contains(days))?;
    let unit = duration.code.get().or_else(|| duration.unit.get()).unwrap_or("d").to_lowercase();
    let each = match unit.as_str() {
        "d" | "day" | "days" => 1,
        "wk" | "week" | "weeks" => 7,
        "mo" | "month" | "months" => 31,
        "a" | "year" | "years" => 366,
        _ => return None,
    };
    Some(whole * each)
}
