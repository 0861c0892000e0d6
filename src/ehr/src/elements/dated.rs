//! What is newer than what. Dates in a record may be partial or absent: then the order is not known.

use criteria::{Evidence, Gap, GapKind};
use jiff::Timestamp;

use super::cited;
use crate::fhir::{Condition, Observation};
use crate::when::{When, Window};

/// From the first to the last moment that something in the record may be of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    first: When,
    last: When,
}

impl Span {
    fn of(when: When) -> Self {
        Self { first: when, last: when }
    }

    fn hull(self, other: Self) -> Self {
        let first = if other.first.earliest() < self.first.earliest() { other.first } else { self.first };
        let last = if other.last.latest() > self.last.latest() { other.last } else { self.last };
        Self { first, last }
    }

    /// The same, and every moment until `at`.
    pub(super) fn until(self, at: Timestamp) -> Self {
        self.hull(Self::of(When::at(at)))
    }
}

/// Something in the record, with the time it speaks of.
#[derive(Debug, Clone)]
pub(super) struct Dated<T> {
    /// When; `None` where no date can be read.
    pub when: Option<Span>,
    /// Where it stands in the record.
    pub evidence: Evidence,
    /// What it says.
    pub says: T,
}

/// Whether one is newer than the other, whatever the moments within their dates were.
pub(super) fn is_newer(one: Option<Span>, other: Option<Span>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.first.earliest() > other.last.latest())
}

/// Whether both are of the same date, as far as it was recorded.
pub(super) fn is_same_time(one: Option<Span>, other: Option<Span>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    (one.first.earliest(), one.last.latest()) == (other.first.earliest(), other.last.latest())
}

/// Whether one goes on from before another until after it.
pub(super) fn lasts_over(one: Option<Span>, other: Option<Span>) -> bool {
    let (Some(one), Some(other)) = (one, other) else { return false };
    one.first != one.last
        && one.first.earliest() <= other.first.earliest()
        && other.last.latest() <= one.last.latest()
}

/// Those that no other is known to be newer than.
pub(super) fn newest<T>(all: &[Dated<T>]) -> Vec<&Dated<T>> {
    all.iter().filter(|one| !all.iter().any(|other| is_newer(other.when, one.when))).collect()
}

/// The gap of findings that contradict each other.
pub(super) fn contradiction<T>(findings: &[&Dated<T>]) -> Gap {
    Gap {
        kind: GapKind::Conflicting,
        detail: format!("findings contradict each other: {}", listed(findings)),
    }
}

/// The gap of results that differ: they conflict at one time; otherwise it is not clear which is newer.
pub(super) fn disagreement<T>(results: &[&Dated<T>]) -> Gap {
    let found = listed(results);
    let first = results.first().and_then(|result| result.when);
    if results.iter().all(|result| is_same_time(result.when, first)) {
        Gap { kind: GapKind::Conflicting, detail: format!("results of the same time differ: {found}") }
    } else {
        Gap { kind: GapKind::Imprecise, detail: format!("which result is newer is not clear: {found}") }
    }
}

fn listed<T>(results: &[&Dated<T>]) -> String {
    let mut found = results.iter().map(|result| cited::words(&result.evidence)).collect::<Vec<_>>();
    found.sort();
    found.dedup();
    found.join("; ")
}

/// From the first moment to the last that any of these dates may mean; dates that cannot be read are passed over.
pub(super) fn spanning<'t>(dates: impl IntoIterator<Item = Option<&'t str>>) -> Option<Span> {
    dates.into_iter().flatten().filter_map(When::read).map(Span::of).reduce(Span::hull)
}

/// When an observation was made.
pub(super) fn observation(observation: &Observation<'_>) -> Option<Span> {
    let at = observation.effective_date_time.get().or_else(|| observation.effective_instant.get());
    let period = observation.effective_period.get().map(|period| [period.start.get(), period.end.get()]);
    spanning([at]).or_else(|| period.and_then(spanning)).or_else(|| spanning([observation.issued.get()]))
}

/// From when a condition began to when it was last written down: anywhere in it the condition was there.
pub(super) fn condition(condition: &Condition<'_>) -> Option<Span> {
    let onset = condition.onset_period.get().and_then(|period| period.start.get());
    spanning([condition.onset_date_time.get(), onset, condition.recorded_date.get()])
}

/// How a date stands to the window of days before `at`, by its last moment; without a date that is not clear.
pub(super) fn window(when: Option<Span>, days: Option<u32>, at: Timestamp) -> Window {
    match (when, days) {
        (Some(when), _) => when.last.window(at, days),
        (None, None) => Window::Within,
        (None, Some(_)) => Window::Unclear,
    }
}

/// How many days before `at` it was.
pub(super) fn days_before(when: Option<Span>, at: Timestamp) -> i64 {
    when.map_or(0, |when| when.last.days_before(at))
}
