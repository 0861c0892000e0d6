//! A result as a multiple of its own upper limit of normal.

use criteria::{Decimal, Gap, GapKind, Interval};

use super::super::measurements::{Value, Worth};
use super::limit::{Limit, Person, limits};
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
    let at = || recorded(observation).and_then(When::read).map_or(reading.at, |when| when.latest());
    let limits = limits(observation, Person { patient, at: &at });
    let molar_mass = source.molar_mass.map(|mass| mass.0);
    match own_ratios(&measure, &limits.all, molar_mass) {
        Some(ratios) if limits.is_doubtful => {
            let because = "has an upper limit of normal that may be for other people";
            widened(plausible_ratio(source, &measure, molar_mass, because), &ratios)
        }
        Some(ratios) => spanned(&ratios, &limits.all),
        None if limits.all.is_empty() => {
            plausible_ratio(source, &measure, molar_mass, "has no upper limit of normal")
        }
        None => {
            let because = "has an upper limit of normal in another unit";
            plausible_ratio(source, &measure, molar_mass, because)
        }
    }
}

/// With the ratios that may be the right ones, too.
fn widened(worth: Worth, ratios: &[Interval]) -> Worth {
    match worth {
        Worth::Usable(value) => {
            let interval = ratios.iter().fold(value.interval, |all, ratio| all.hull(ratio));
            Worth::Usable(Value { interval, ..value })
        }
        other => other,
    }
}

/// The ratio to each of the result's own upper limits; `None` where there is none, or one that does not compare.
fn own_ratios(measure: &Measure, limits: &[Limit], molar_mass: Option<Decimal>) -> Option<Vec<Interval>> {
    let ratios: Option<Vec<_>> = limits.iter().map(|limit| own_ratio(measure, limit, molar_mass)).collect();
    ratios.filter(|ratios| !ratios.is_empty())
}

/// Without conversion where both have the same unit, or the limit has none of its own.
fn own_ratio(measure: &Measure, limit: &Limit, molar_mass: Option<Decimal>) -> Option<Interval> {
    let upper = Interval::exactly(limit.value);
    if matches!(measure.unit, Recorded::Contradictory(..)) {
        return None;
    }
    if measure.unit == limit.unit || limit.unit == Recorded::Missing {
        return exact::quotient(&measure.interval, &upper);
    }
    let (Recorded::Known(unit), Recorded::Known(limit_unit)) = (&measure.unit, &limit.unit) else {
        return None;
    };
    // One way round the factor is a decimal and nothing is rounded (60 U are 1 ukat, but 1 U is 0.0166.. ukat).
    match unit.factor(*limit_unit, molar_mass)? {
        factor if factor.exact().is_some() => {
            exact::quotient(&exact::product(&measure.interval, &factor), &upper)
        }
        _ => {
            let factor = limit_unit.factor(*unit, molar_mass)?;
            exact::quotient(&measure.interval, &exact::product(&upper, &factor))
        }
    }
}

/// One ratio, or those that span the ratios to several limits.
fn spanned(ratios: &[Interval], limits: &[Limit]) -> Worth {
    let Some(ratio) = ratios.iter().copied().reduce(|one, other| one.hull(&other)) else {
        return Worth::Untrusted("has no upper limit of normal".to_owned());
    };
    let mut shown: Vec<_> = limits.iter().map(|limit| limit.shown.as_str()).collect();
    shown.dedup();
    let shown = shown.join(" or ");
    let mut value = Value::from(ratio);
    value.note = Some(format!("upper limit of normal, as the result says: {shown}"));
    if ratios.iter().any(|one| *one != ratio) {
        let detail = format!("the result has several upper limits of normal: {shown}");
        value.gaps.push(Gap { kind: GapKind::Imprecise, detail });
    }
    Worth::Usable(value)
}

/// The ratio to every upper limit that any laboratory may have.
fn plausible_ratio(
    source: &Laboratory,
    measure: &Measure,
    molar_mass: Option<Decimal>,
    because: &str,
) -> Worth {
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
