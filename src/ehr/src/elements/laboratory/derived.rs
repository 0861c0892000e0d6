//! A count derived as total x (sum of percentages), from one collection only.

use criteria::Interval;

use super::super::measurements::{Candidate, Value, Worth};
use super::{at_least, count};
use crate::exact;
use crate::fhir::Observation;
use crate::quantity::Measure;
use crate::reading::Reading;
use crate::source::{DerivedCount, Laboratory};
use crate::when::{Sequence, When, recorded};

/// One candidate for each total that has percentages of the same collection.
pub(super) fn candidates<'r>(source: &DerivedCount, reading: &'r Reading<'_, '_>) -> Vec<Candidate<'r>> {
    let observed = |set: &str| reading.record.observations_in(set).collect::<Vec<_>>();
    let totals = observed(&source.total);
    let percentages: Vec<_> = source.percentages.iter().map(|set| observed(set)).collect();
    totals
        .iter()
        .filter_map(|total| {
            let when = time(total)?;
            // A second total of the same time: no telling which percentages belong to which.
            the_only_one(&totals, when)?;
            let parts: Vec<_> = percentages.iter().filter_map(|of_set| the_only_one(of_set, when)).collect();
            let all = std::iter::once(*total).chain(parts.iter().copied()).collect();
            (!parts.is_empty()).then(|| Candidate::derived(all, when))
        })
        .collect()
}

fn time(observation: &Observation<'_>) -> Option<When> {
    recorded(observation).and_then(When::read)
}

/// The final result of exactly this time, if there is just one. A month or a year is no time of a collection.
fn the_only_one<'r>(observations: &[&'r Observation<'r>], when: When) -> Option<&'r Observation<'r>> {
    let (first_day, last_day) = when.calendar_days();
    let is_final = |status: Option<&str>| matches!(status, Some("final" | "amended" | "corrected"));
    let mut of_time = observations.iter().filter(|observation| {
        is_final(observation.status.get())
            && time(observation).is_some_and(|time| time.compare(&when) == Sequence::Same)
    });
    let only = of_time.next().filter(|_| first_day == last_day)?;
    of_time.next().is_none().then_some(*only)
}

/// The total times the sum of its percentages; without all of them it is a lower bound.
pub(super) fn worth(
    derived: &DerivedCount,
    source: &Laboratory,
    unit: &str,
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
            let is_complete = parts.len() == derived.percentages.len() + 1;
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
