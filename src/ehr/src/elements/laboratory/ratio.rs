//! A result as a multiple of its own upper limit of normal.

use criteria::{Decimal, Gap, GapKind, Interval};

use super::super::age;
use super::super::measurements::{Value, Worth};
use super::limit::{Limit, Person, is_same, known, limits};
use crate::exact;
use crate::fhir::Observation;
use crate::quantity::{Measure, Recorded};
use crate::reading::Reading;
use crate::source::{Laboratory, PlausibleUln};
use crate::when::{When, recorded};

/// What a single result is worth as a multiple of its upper limit of normal.
pub(super) fn worth(source: &Laboratory, observation: &Observation<'_>, reading: &Reading<'_, '_>) -> Worth {
    let measure = match Measure::of_observation(observation) {
        Ok(measure) => measure,
        Err(reason) => return Worth::Unreadable(reason.to_string()),
    };
    let patient = reading.record.patient.as_ref();
    let at = recorded(observation).and_then(When::read).map_or(reading.at, |when| when.latest());
    let limits = limits(observation, Person { patient, years: age::years(patient, at) });
    let molar_mass = source.molar_mass.map(|mass| mass.0);
    match own_limit(&measure, &limits, molar_mass) {
        Some(limit) => own_ratio(&measure, &limit),
        None => plausible_ratio(source, &measure, molar_mass, limits.is_empty()),
    }
}

/// The result's own upper limits, in the result's own unit: one, or those that span several.
///
/// `None` where there is none, or one is in a unit that does not convert to the result's.
fn own_limit(measure: &Measure, limits: &[Limit], molar_mass: Option<Decimal>) -> Option<Interval> {
    let mut converted = Vec::new();
    for limit in limits {
        converted.push(in_unit_of(measure, limit, molar_mass)?);
    }
    converted.into_iter().reduce(|one, other| one.hull(&other))
}

/// Without conversion where both have the same unit, or the limit has none of its own.
fn in_unit_of(measure: &Measure, limit: &Limit, molar_mass: Option<Decimal>) -> Option<Interval> {
    let value = Interval::exactly(limit.value);
    if is_same(&limit.unit, &measure.unit) || limit.unit == Recorded::Missing {
        return (!matches!(measure.unit, Recorded::Contradictory(..))).then_some(value);
    }
    let factor = known(&limit.unit)?.factor(known(&measure.unit)?, molar_mass)?;
    Some(exact::product(&value, &factor))
}

fn own_ratio(measure: &Measure, limit: &Interval) -> Worth {
    let Some(ratio) = exact::quotient(&measure.interval, limit) else {
        return Worth::Untrusted("has an upper limit of normal of zero".to_owned());
    };
    let mut value = Value::from(ratio);
    value.note = Some(format!("upper limit of normal {limit}, as the result says"));
    if limit.exact().is_none() {
        let detail = format!("the result has several upper limits of normal ({limit})");
        value.gaps.push(Gap { kind: GapKind::Imprecise, detail });
    }
    Worth::Usable(value)
}

/// The ratio to every upper limit that any laboratory may have.
fn plausible_ratio(
    source: &Laboratory,
    measure: &Measure,
    molar_mass: Option<Decimal>,
    has_no_limit: bool,
) -> Worth {
    let because = if has_no_limit {
        "has no upper limit of normal"
    } else {
        "has an upper limit of normal in another unit"
    };
    let Some(PlausibleUln { low, high, unit }) = &source.plausible_uln else {
        return Worth::Untrusted(because.to_owned());
    };
    let in_unit = match measure.in_unit(unit, molar_mass) {
        Ok(interval) => interval,
        Err(reason) => return Worth::Untrusted(format!("{because} and {reason}")),
    };
    let Some(ratio) = exact::quotient(&in_unit, &Interval::spanning(low.0, high.0)) else {
        return Worth::Untrusted(because.to_owned());
    };
    let detail =
        format!("{} {because}; every limit from {} to {} {unit} was tried", measure.shown, low.0, high.0);
    let gap = Gap { kind: GapKind::Imprecise, detail };
    Worth::Usable(Value { interval: ratio, note: None, gaps: vec![gap] })
}
