//! A count derived as total x percentage (or the sum of its parts), from one collection only.

use criteria::Interval;

use super::super::measurements::{Candidate, Standing, Value, Worth, is_final};
use super::{at_least, count};
use crate::exact;
use crate::fhir::Observation;
use crate::quantity::Measure;
use crate::reading::Reading;
use crate::source::{DerivedCount, Laboratory};
use crate::when::{Sequence, When, Window, recorded};

/// One candidate for each total in the window that has percentages of the same collection.
pub(super) fn candidates<'r>(
    source: &DerivedCount,
    days: Option<u32>,
    reading: &'r Reading<'_, '_>,
) -> Vec<Candidate<'r>> {
    let totals = recent(&source.total, days, reading);
    if totals.is_empty() {
        return Vec::new();
    }
    let percentages: Vec<_> = source.percentages.iter().map(|set| recent(set, days, reading)).collect();
    let whole = source.whole.as_ref().map(|set| recent(set, days, reading)).unwrap_or_default();
    let of_one_collection = |(when, total): &(When, &'r Observation<'r>)| {
        // A second total of the same time: no telling which percentages belong to which.
        the_only_one(&totals, *when)?;
        let parts: Vec<_> = percentages.iter().filter_map(|of_set| the_only_one(of_set, *when)).collect();
        let (standing, parts) = match the_only_one(&whole, *when) {
            _ if parts.len() == percentages.len() => (Standing::Derived, parts),
            Some(whole) => (Standing::Derived, vec![whole]),
            None => (Standing::DerivedInPart, parts),
        };
        let all = std::iter::once(*total).chain(parts.iter().copied()).collect();
        (!parts.is_empty()).then(|| Candidate::derived(all, standing, *when))
    };
    totals.iter().filter_map(of_one_collection).collect()
}

/// Final results of a set in the window, with their times. A month or a year is no time of a collection.
fn recent<'r>(
    set: &str,
    days: Option<u32>,
    reading: &'r Reading<'_, '_>,
) -> Vec<(When, &'r Observation<'r>)> {
    let timed =
        |observation: &'r Observation<'r>| Some((recorded(observation).and_then(When::read)?, observation));
    let counts = |(when, observation): &(When, &'r Observation<'r>)| {
        let (first_day, last_day) = when.calendar_days();
        is_final(observation) && first_day == last_day && when.window(reading.at, days) == Window::Within
    };
    reading.record.observations_in(set).filter_map(timed).filter(counts).collect()
}

/// The result of exactly this time, if there is just one.
fn the_only_one<'r>(observations: &[(When, &'r Observation<'r>)], when: When) -> Option<&'r Observation<'r>> {
    let mut of_time = observations.iter().filter(|(time, _)| time.compare(&when) == Sequence::Same);
    let (_, only) = of_time.next()?;
    of_time.next().is_none().then_some(*only)
}

/// The total times the sum of its percentages; without all of them it is a lower bound.
pub(super) fn worth(
    source: &Laboratory,
    unit: &str,
    standing: Standing,
    parts: &[&Observation<'_>],
) -> Worth {
    match product(unit, parts) {
        Err(reason) => Worth::Unreadable(reason),
        Ok(interval) if !count::is_plausible(source, &interval) => {
            Worth::Untrusted("is too large to be in the unit it says".to_owned())
        }
        Ok(interval) => {
            let note = Some("derived: total count times percentage, of one collection".to_owned());
            let value = Value { interval, note, gaps: Vec::new() };
            let is_complete = standing == Standing::Derived;
            let detail = "a percentage is missing: the count is at least as much".to_owned();
            Worth::Usable(if is_complete { value } else { at_least(value, detail) })
        }
    }
}

fn product(unit: &str, parts: &[&Observation<'_>]) -> Result<Interval, String> {
    let read = |observation: &Observation<'_>, unit: &str| {
        Measure::of_observation(observation).map_err(|reason| reason.to_string())?.in_unit(unit, None)
    };
    let (total, percentages) = parts.split_first().ok_or_else(|| "holds no value".to_owned())?;
    let mut fraction = Interval::exactly(criteria::Decimal::ZERO);
    for percentage in percentages {
        fraction = exact::sum(&fraction, &read(percentage, "1")?);
    }
    if fraction.meets(&Interval::above(criteria::Decimal::ONE)) {
        return Err("has percentages of more than 100 in all".to_owned());
    }
    Ok(exact::product(&read(total, unit)?, &fraction))
}
