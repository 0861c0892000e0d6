//! The value of an attestation, by the kind of its data element.

use criteria::{Count, Decimal, End, Interval, Kind, Members, Possible, Truth};

use crate::fhir::Observation;
use crate::quantity::{self, Measure, Recorded, clipped};

/// Member of an attested set that stands for no member at all.
const NONE: &str = "none";

/// What an attestation says about an element of this kind, or why it cannot be read, in words.
pub(super) fn read(kind: &Kind, observation: &Observation<'_>) -> Result<Possible, String> {
    match kind {
        Kind::Truth => truth(observation).map(Possible::Truth),
        Kind::Coded { .. } => coded(kind, observation),
        Kind::Quantity { unit } => number(observation, unit, unit == "1").map(Possible::Quantity),
        // A bare number could be the result itself instead of its multiple.
        Kind::MultipleOfUln => number(observation, "1", false).map(Possible::Quantity),
        Kind::Count => number(observation, "1", true).and_then(|interval| {
            count(&interval).map(Possible::Count).ok_or_else(|| "holds no whole number".to_owned())
        }),
        Kind::Set { members } => set(kind, members.len(), observation).map(Possible::Set),
    }
}

/// What remains possible when either may be so.
pub(super) fn spanning(one: Possible, other: Possible) -> Possible {
    match (one, other) {
        (Possible::Truth(a), Possible::Truth(b)) => Possible::Truth(if a == b { a } else { Truth::Either }),
        (Possible::Coded(a), Possible::Coded(b)) => Possible::Coded(a.union(b)),
        (Possible::Quantity(a), Possible::Quantity(b)) => Possible::Quantity(a.hull(&b)),
        (Possible::Count(a), Possible::Count(b)) => {
            let high = a.high().zip(b.high()).map(|(a, b)| a.max(b));
            Possible::Count(Count::new(a.low().min(b.low()), high).unwrap_or(Count::ANY))
        }
        (Possible::Set(a), Possible::Set(b)) => {
            let both = Members::new(a.inside() & b.inside(), a.outside() & b.outside());
            Possible::Set(both.unwrap_or(Members::ANY))
        }
        // One element has values of one kind only.
        (one, _) => one,
    }
}

/// The value for the eye.
pub(super) fn shown(observation: &Observation<'_>) -> String {
    if let Some(flag) = observation.value_boolean.0 {
        return flag.to_string();
    }
    if let Some(quantity) = observation.value_quantity.get() {
        return quantity::shown(quantity);
    }
    if let Some(range) = observation.value_range.get() {
        let end = |end: Option<&_>| end.map_or_else(|| "open".to_owned(), quantity::shown);
        return format!("{} to {}", end(range.low.get()), end(range.high.get()));
    }
    let words = words(observation);
    if words.is_empty() { "no value".to_owned() } else { clipped(&words.join(", ")) }
}

/// The value as words: its codes, or its text, or its integer.
fn words<'r>(observation: &'r Observation<'_>) -> Vec<&'r str> {
    if let Some(concept) = observation.value_codeable_concept.get() {
        let codes: Vec<&str> = concept.coding.iter().filter_map(|coding| coding.code.get()).collect();
        return if codes.is_empty() { concept.text.get().into_iter().collect() } else { codes };
    }
    let text = observation.value_string.get().or_else(|| observation.value_integer.get());
    text.into_iter().flat_map(|text| text.split(',')).map(str::trim).collect()
}

fn truth(observation: &Observation<'_>) -> Result<Truth, String> {
    if let Some(flag) = observation.value_boolean.0 {
        return Ok(if flag { Truth::Yes } else { Truth::No });
    }
    match words(observation).as_slice() {
        [word] if ["true", "yes"].iter().any(|yes| word.eq_ignore_ascii_case(yes)) => Ok(Truth::Yes),
        [word] if ["false", "no"].iter().any(|no| word.eq_ignore_ascii_case(no)) => Ok(Truth::No),
        _ => Err(format!("is neither true nor false (`{}`)", shown(observation))),
    }
}

/// Codes and groups of the element; several of them must agree.
fn coded(kind: &Kind, observation: &Observation<'_>) -> Result<Possible, String> {
    let known = words(observation).into_iter().filter_map(|word| kind.codes_named(&word.to_lowercase()));
    let agreed = known.map(Some).reduce(|one, other| one?.intersection(other?));
    match agreed {
        Some(Some(codes)) => Ok(Possible::Coded(codes)),
        Some(None) => Err(format!("contradicts itself (`{}`)", shown(observation))),
        None => Err(format!("has the value `{}`, which the element does not have", shown(observation))),
    }
}

fn set(kind: &Kind, count: usize, observation: &Observation<'_>) -> Result<Members, String> {
    let words: Vec<String> = words(observation).into_iter().map(str::to_lowercase).collect();
    match words.as_slice() {
        [] => Err("names no member".to_owned()),
        [only] if only == NONE => Ok(Members::exactly(0, count)),
        members => members
            .iter()
            .map(|member| kind.member_named(member))
            .try_fold(0, |inside, member| Some(inside | member?))
            .map(|inside| Members::exactly(inside, count))
            .ok_or_else(|| {
                format!("names a member that the element does not have (`{}`)", shown(observation))
            }),
    }
}

fn number(observation: &Observation<'_>, unit: &str, may_lack_unit: bool) -> Result<Interval, String> {
    let measure = Measure::of_observation(observation).map_err(|unusable| unusable.to_string())?;
    if may_lack_unit && measure.unit == Recorded::Missing {
        return Ok(measure.interval);
    }
    measure.in_unit(unit, None)
}

/// The whole numbers in an interval.
fn count(interval: &Interval) -> Option<Count> {
    let low = match interval.low() {
        End::Unbounded => Decimal::ZERO,
        End::Closed(low) => low.ceil(),
        End::Open(low) => low.floor() + Decimal::ONE,
    };
    let high = match interval.high() {
        End::Unbounded => None,
        End::Closed(high) => Some(high.floor()),
        End::Open(high) => Some(high.ceil() - Decimal::ONE),
    };
    let high = match high {
        Some(high) => Some(u32::try_from(high).ok()?),
        None => None,
    };
    Count::new(u32::try_from(low).ok()?, high)
}
