//! What an observation is about, where that is one of several diseases of the patient.

use crate::fhir::{Observation, Reference};
use crate::reading::Reading;

/// The observations of a value set, without those that say that they are about another disease.
pub(super) fn observations<'r, 'a>(
    codes: &str,
    other: Option<&str>,
    reading: &Reading<'r, 'a>,
) -> Vec<&'r Observation<'a>> {
    let is_other = |seen: &Observation<'_>| other.is_some_and(|other| is_about(seen, other, reading));
    reading.record.observations_in(codes).filter(|seen| !is_other(seen)).collect()
}

/// Whether every focus of an observation is one of these Conditions; without a focus it is about none of them.
fn is_about(observation: &Observation<'_>, set: &str, reading: &Reading<'_, '_>) -> bool {
    !observation.focus.is_empty() && observation.focus.iter().all(|focus| points_to(focus, set, reading))
}

/// Whether a reference points to a Condition of a value set, or is labelled as one.
pub(super) fn points_to(reference: &Reference<'_>, set: &str, reading: &Reading<'_, '_>) -> bool {
    let is_target = |id: &str| reference.target().is_some_and(|target| target.is("Condition", id));
    reference.display.get().is_some_and(|shown| reading.terminology.has_text(set, shown))
        || reading.record.conditions_in(set).any(|condition| condition.id.get().is_some_and(is_target))
}
