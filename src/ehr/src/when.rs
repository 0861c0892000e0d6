//! FHIR dates and times as spans of instants, so that a partial date is never more exact than it was recorded.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::fhir::{Observation, Period};

/// Longest text that is read as a date; an instant with nanoseconds and zone has 35 characters.
const LONGEST: usize = 48;

/// A day of a look-back window: 24 hours, whatever the calendar does.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// From the first to the last moment of a day.
const LAST_MOMENT: SignedDuration = SignedDuration::new(24 * 60 * 60 - 1, 999_999_999);

/// A FHIR `date`, `dateTime` or `instant`: the span of instants that it may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    earliest: Timestamp,
    latest: Timestamp,
    first_day: Date,
    last_day: Date,
}

/// How two recorded times stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// The first ends before the second begins.
    Before,
    /// Both are recorded as the same time.
    Same,
    /// The first begins after the second ends.
    After,
    /// They overlap: their order is not recorded.
    Unclear,
}

/// Where a recorded time stands to a look-back window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// In it, the edge included; a day counts if any moment of it does.
    Within,
    /// Older than it.
    Outside,
    /// A month or year of which only a part lies in it.
    Unclear,
    /// More than 24 hours after the evaluation instant: not a time at which anything was observed.
    Ahead,
}

impl When {
    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a date with time; without a zone it is UTC.
    ///
    /// `None` where the text is not a date; it then counts as no date at all.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() > LONGEST {
            return None;
        }
        if let Some((date, time)) = text.split_once(['T', 't', ' ']) {
            return Self::instant(text, date, time);
        }
        days(text).map(|(first, last)| Self::days(first, last))
    }

    /// An instant.
    #[must_use]
    pub fn at(instant: Timestamp) -> Self {
        let day = instant.to_zoned(TimeZone::UTC).date();
        Self { earliest: instant, latest: instant, first_day: day, last_day: day }
    }

    fn days(first_day: Date, last_day: Date) -> Self {
        let first = midnight(first_day);
        let last = if last_day == first_day { first } else { midnight(last_day) };
        let end = last.and_then(|last| last.checked_add(LAST_MOMENT).ok());
        Self {
            earliest: first.unwrap_or(Timestamp::MIN),
            latest: end.unwrap_or(Timestamp::MAX),
            first_day,
            last_day,
        }
    }

    fn instant(text: &str, date: &str, time: &str) -> Option<Self> {
        let (day, last) = days(date)?;
        if let Some(instant) = plain(day, time).filter(|_| day == last && date.contains('-')) {
            return Some(Self { earliest: instant, latest: instant, first_day: day, last_day: day });
        }
        let is_time = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z' | 'z');
        if day != last || !date.contains('-') || !time.chars().all(is_time) {
            return None;
        }
        let text = to_nanoseconds(text);
        let has_zone = time.contains(['Z', 'z', '+', '-']);
        let instant = if has_zone {
            text.parse::<Timestamp>().ok()?
        } else {
            text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp()
        };
        Some(Self { earliest: instant, latest: instant, first_day: day, last_day: day })
    }

    /// The first instant that it may mean.
    #[must_use]
    pub fn earliest(&self) -> Timestamp {
        self.earliest
    }

    /// The last instant that it may mean.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.latest
    }

    /// The first and the last calendar day that it may mean, in the zone it was recorded in.
    #[must_use]
    pub fn calendar_days(&self) -> (Date, Date) {
        (self.first_day, self.last_day)
    }

    /// How this time stands to another.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Sequence {
        if self.latest < other.earliest {
            Sequence::Before
        } else if self.earliest > other.latest {
            Sequence::After
        } else if (self.earliest, self.latest) == (other.earliest, other.latest) {
            Sequence::Same
        } else {
            Sequence::Unclear
        }
    }

    /// Where it stands to the `days` of 24 hours before `at`; without a number of days every past time is within.
    #[must_use]
    pub fn window(&self, at: Timestamp, days: Option<u32>) -> Window {
        if at.checked_add(DAY).is_ok_and(|limit| self.earliest > limit) {
            return Window::Ahead;
        }
        let Some(days) = days else { return Window::Within };
        let length = DAY.checked_mul(i32::try_from(days).unwrap_or(i32::MAX)).unwrap_or(SignedDuration::MAX);
        let start = at.checked_sub(length).unwrap_or(Timestamp::MIN);
        if self.latest < start {
            Window::Outside
        } else if self.earliest >= start || self.first_day == self.last_day {
            Window::Within
        } else {
            Window::Unclear
        }
    }

    /// How many whole days before `at` it was; counted in calendar days where no time of day is recorded.
    #[must_use]
    pub fn days_before(&self, at: Timestamp) -> i64 {
        if self.earliest == self.latest {
            at.duration_since(self.latest).as_hours() / 24
        } else {
            let today = at.to_zoned(TimeZone::UTC).date();
            today.duration_since(self.last_day).as_hours() / 24
        }
    }
}

/// The first and last day of a full or partial date.
fn days(text: &str) -> Option<(Date, Date)> {
    let (year, month, day) = match text.as_bytes() {
        [year @ .., b'-', m, mm, b'-', d, dd] => (year, Some([*m, *mm]), Some([*d, *dd])),
        [year @ .., b'-', m, mm] => (year, Some([*m, *mm]), None),
        year => (year, None, None),
    };
    let of_year = |two: Option<[u8; 2]>| two.map_or(Some(1), |two| small(digits(&two)?));
    let year = Some(year).filter(|year| year.len() == 4).and_then(digits)?;
    let first = Date::new(year, of_year(month)?, of_year(day)?).ok()?;
    let last = match (month, day) {
        (None, _) => first.last_of_year(),
        (Some(_), None) => first.last_of_month(),
        (Some(_), Some(_)) => first,
    };
    Some((first, last))
}

/// `08:30:00Z`, as nearly every time is written.
fn plain(day: Date, time: &str) -> Option<Timestamp> {
    let &[h, hh, b':', m, mm, b':', s, ss, b'Z'] = time.as_bytes() else { return None };
    let two = |one: u8, other: u8| small(digits(&[one, other])?);
    let time = Time::new(two(h, hh)?, two(m, mm)?, two(s, ss)?, 0).ok()?;
    day.to_datetime(time).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The number that these digits write.
fn digits(digits: &[u8]) -> Option<i16> {
    digits.iter().try_fold(0, |number: i16, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(i16::from(digit))
    })
}

fn small(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// FHIR allows any number of fractional digits; what is below a nanosecond is cut off.
fn to_nanoseconds(text: &str) -> Cow<'_, str> {
    let Some((whole, rest)) = text.split_once('.') else { return Cow::Borrowed(text) };
    let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let fraction: String = rest.chars().take_while(char::is_ascii_digit).take(9).collect();
    Cow::Owned(format!("{whole}.{fraction}{zone}"))
}

/// Whether a period ended before an instant; one without an end goes on, and one that ends in a month or a year may.
#[must_use]
pub fn is_over(period: Option<&Period<'_>>, at: Timestamp) -> bool {
    let end = period.and_then(|period| period.end.get()).and_then(When::read);
    end.is_some_and(|end| end.latest() < at)
}

/// The clinically relevant time of an Observation as it was recorded: effective, else issued.
///
/// A period counts by its end, or by its start while it is open.
#[must_use]
pub fn recorded<'r>(observation: &'r Observation<'_>) -> Option<&'r str> {
    let period = observation.effective_period.get();
    observation
        .effective_date_time
        .get()
        .or_else(|| observation.effective_instant.get())
        .or_else(|| period.and_then(|period| period.end.get()))
        .or_else(|| period.and_then(|period| period.start.get()))
        .or_else(|| observation.issued.get())
}
