//! A result in the element's unit, unless it is too large to be in the unit it says.

use criteria::{Decimal, End, Interval};

use super::super::measurements::{Value, Worth};
use crate::exact;
use crate::fhir::Observation;
use crate::quantity::Measure;
use crate::source::Laboratory;
use crate::units::factor;

/// What a single result is worth in the element's unit.
pub(super) fn worth(source: &Laboratory, unit: &str, observation: &Observation<'_>) -> Worth {
    let measure = match Measure::of_observation(observation) {
        Ok(measure) => measure,
        Err(reason) => return Worth::Unreadable(reason.to_string()),
    };
    let molar_mass = source.molar_mass.map(|mass| mass.0);
    match measure.in_unit(unit, molar_mass) {
        Err(reason) => Worth::Untrusted(reason),
        Ok(_) if has_limits_too_small(source, unit, observation) => {
            Worth::Untrusted("has an upper limit of normal that is too small for the unit it says".to_owned())
        }
        Ok(interval) if is_plausible(source, &interval) => Worth::Usable(interval.into()),
        Ok(interval) => thousandfold(source, unit, &interval, observation),
    }
}

/// Whether an upper limit of normal is below a thousandth of what is implausible: then the unit is too small, and the
/// result as well.
fn has_limits_too_small(source: &Laboratory, unit: &str, observation: &Observation<'_>) -> bool {
    let least = source.implausible_above.and_then(|limit| limit.0.checked_div(Decimal::ONE_THOUSAND));
    let Some(least) = least.map(Interval::below) else { return false };
    let ranges = observation.reference_range.read();
    let mut limits = ranges.iter().filter_map(|range| range.high.get());
    limits.any(|high| {
        let limit = Measure::of_quantity(high).and_then(|measure| measure.in_unit(unit, None).ok());
        limit.is_some_and(|limit| limit.is_within(&least))
    })
}

/// Whether a value is not wholly above what the element declares implausible.
pub(super) fn is_plausible(source: &Laboratory, interval: &Interval) -> bool {
    source.implausible_above.is_none_or(|limit| match interval.low() {
        End::Unbounded => true,
        End::Closed(low) => low <= limit.0,
        End::Open(low) => low < limit.0,
    })
}

/// Some systems send cells per microlitre with the unit 10*3/uL. If the reference range is too large in just
/// the same way, both are read as they are meant; else the unit cannot be trusted.
fn thousandfold(
    source: &Laboratory,
    unit: &str,
    interval: &Interval,
    observation: &Observation<'_>,
) -> Worth {
    let thousand = Interval::exactly(Decimal::ONE_THOUSAND);
    let smaller = |interval: &Interval| exact::quotient(interval, &thousand);
    let ranges = observation.reference_range.read();
    let limits = ranges.iter().filter_map(|range| range.high.get());
    let mut limits =
        limits.filter_map(|high| Measure::of_quantity(high)?.in_unit(unit, None).ok()).peekable();
    let has_limits = limits.peek().is_some();
    let is_thousandfold = |interval: &Interval| {
        !is_plausible(source, interval) && smaller(interval).is_some_and(|small| is_plausible(source, &small))
    };
    let all_are = limits.all(|limit| is_thousandfold(&limit)) && is_thousandfold(interval);
    match smaller(interval) {
        Some(interval) if has_limits && all_are && has_unit_of_thousands(observation, unit) => {
            Worth::Usable(Value {
                interval,
                note: Some(format!(
                    "unit read as {unit}: value and reference range are both 1000 times too large"
                )),
                gaps: Vec::new(),
            })
        }
        _ => Worth::Untrusted("is too large to be in the unit it says".to_owned()),
    }
}

fn has_unit_of_thousands(observation: &Observation<'_>, unit: &str) -> bool {
    let thousands = factor("10*3/uL", unit, None);
    let one = Measure::of_observation(observation)
        .ok()
        .map(|measure| Measure { interval: Interval::exactly(Decimal::ONE), ..measure });
    one.and_then(|one| one.in_unit(unit, None).ok()).is_some_and(|size| Some(size) == thousands)
}
