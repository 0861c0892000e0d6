//! What an observation is about, where that is one of several diseases of the patient.

use crate::fhir::{Condition, Observation, Reference};
use crate::reading::Reading;
use crate::terminology::Terminology;

/// Extension of FHIR R4 by which a Condition names another that it is related to (mCODE: a metastasis its primary).
const RELATED: &str = "http://hl7.org/fhir/StructureDefinition/condition-related";

/// The observations of a value set, without those that say that they are about another disease.
pub(crate) fn observations<'r, 'a>(
    codes: &str,
    other: Option<&str>,
    reading: &Reading<'r, 'a>,
) -> Vec<&'r Observation<'a>> {
    let is_other = |seen: &Observation<'_>| other.is_some_and(|other| is_about(seen, other, reading));
    reading.record.observations_in(codes).filter(|seen| !is_other(seen)).collect()
}

/// Where in the body a Condition must be to count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sites<'s> {
    /// One of its sites must be among these.
    pub at: Option<&'s str>,
    /// Its sites must not all be among these.
    pub not_at: Option<&'s str>,
}

impl Sites<'_> {
    fn allow(self, condition: &Condition<'_>, terminology: &Terminology) -> bool {
        let sites = &condition.body_site;
        let is_at = |set: &str| sites.iter().any(|site| terminology.has(set, site));
        let is_only_at = |set: &str| !sites.is_empty() && sites.iter().all(|site| terminology.has(set, site));
        self.at.is_none_or(is_at) && !self.not_at.is_some_and(is_only_at)
    }
}

/// The Conditions of a value set at these sites, without those that are said to belong to another disease.
pub(crate) fn conditions<'r, 'a>(
    codes: &str,
    sites: Sites<'_>,
    other: Option<&str>,
    reading: &Reading<'r, 'a>,
) -> Vec<&'r Condition<'a>> {
    let seen = reading.record.conditions_in(codes);
    let seen = seen.filter(|condition| sites.allow(condition, reading.terminology));
    seen.filter(|condition| !is_related(condition, other, reading)).collect()
}

/// Whether a Condition is said to be related to another disease, and to nothing else: a metastasis to its primary.
fn is_related(condition: &Condition<'_>, other: Option<&str>, reading: &Reading<'_, '_>) -> bool {
    let Some(other) = other else { return false };
    let mut related = condition
        .extension
        .iter()
        .filter(|extension| extension.url.is(RELATED))
        .filter_map(|extension| extension.value_reference.get())
        .peekable();
    related.peek().is_some() && related.all(|related| points_to(related, other, reading))
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
