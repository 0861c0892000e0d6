//! Results that only words name: a local code, or no code at all.
//!
//! A newer result must not be passed over because its sender has no LOINC code for it. Where its words say just what is
//! asked for it counts; where they say more, or may mean another result, it decides nothing, and nor does anything older.

use criteria::Kind;
use rustc_hash::FxHashSet;

use super::super::measurements::{Candidate, Standing, Worth};
use crate::fhir::{Concept, Observation};
use crate::quantity::{Measure, Recorded, clipped};
use crate::reading::Reading;
use crate::source::Laboratory;

/// The results that words name and no code of the source does.
pub(super) fn candidates<'r>(
    source: &Laboratory,
    kind: &Kind,
    reading: &'r Reading<'_, '_>,
) -> Vec<Candidate<'r>> {
    let coded = std::iter::once(&source.codes).chain(&source.lower_bound);
    let mut seen: FxHashSet<*const Observation<'_>> =
        coded.flat_map(|set| reading.record.observations_in(set)).map(std::ptr::from_ref).collect();
    let mut candidates = Vec::new();
    for (set, is_suggestive) in source.named.iter().zip([false]).chain(source.suggests.iter().zip([true])) {
        for observation in reading.record.observations_in(set) {
            if !seen.insert(std::ptr::from_ref(observation)) {
                continue;
            }
            let code = observation.code.get().filter(|_| !is_suggestive);
            let says_just_that = code.is_some_and(|code| reading.terminology.says_only(set, code));
            let standing = standing(says_just_that, unit(source, kind, observation));
            candidates.extend(standing.and_then(|standing| Candidate::of(observation, standing)));
        }
    }
    candidates
}

/// A name that may mean another result needs a unit that speaks for it.
fn standing(says_just_that: bool, unit: Unit) -> Option<Standing> {
    match (says_just_that, unit) {
        (_, Unit::Other) | (false, Unit::NotSaid) => None,
        (true, _) => Some(Standing::Named),
        (false, Unit::Fits) => Some(Standing::Suggested),
    }
}

/// Whether the unit of a result is one of those that the element has.
enum Unit {
    Fits,
    Other,
    NotSaid,
}

fn unit(source: &Laboratory, kind: &Kind, observation: &Observation<'_>) -> Unit {
    let wanted = match kind {
        Kind::Quantity { unit } => Some(unit),
        _ => source.plausible_uln.as_ref().map(|limits| &limits.unit),
    };
    let (Some(wanted), Ok(measure)) = (wanted, Measure::of_observation(observation)) else {
        return Unit::NotSaid;
    };
    match measure.unit {
        Recorded::Known(_) if measure.in_unit(wanted, source.molar_mass.map(|mass| mass.0)).is_ok() => {
            Unit::Fits
        }
        Recorded::Known(_) => Unit::Other,
        _ => Unit::NotSaid,
    }
}

/// What a result is worth that is known by its words, given what it is worth if it is the one.
pub(super) fn worth(standing: Standing, observation: &Observation<'_>, worth: Worth) -> Worth {
    let name = || clipped(observation.code.get().and_then(Concept::shown).unwrap_or_default());
    match (standing, worth) {
        (Standing::Suggested, Worth::Usable(_) | Worth::Untrusted(_)) => Worth::Unclassified(format!(
            "is known by its name `{}` only, which may mean another result",
            name()
        )),
        (Standing::Named, Worth::Usable(mut value)) => {
            let known = format!("known by its name `{}`", name());
            value.note = Some(value.note.map_or(known.clone(), |note| format!("{known}; {note}")));
            Worth::Usable(value)
        }
        (_, worth) => worth,
    }
}
