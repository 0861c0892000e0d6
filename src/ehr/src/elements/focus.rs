//! What an observation is about, where that is one of several diseases of the patient.

use crate::fhir::{Concept, Condition, Extension, Observation, Reference, Resource};
use crate::quantity::clipped;
use crate::reading::Reading;
use crate::reference;
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

/// The Conditions at these sites whose words doubt that they are in a value set, and which are in it by nothing else.
pub(crate) fn doubted_conditions<'r, 'a>(
    codes: &str,
    sites: Sites<'_>,
    reading: &Reading<'r, 'a>,
) -> Vec<&'r Condition<'a>> {
    let terminology = reading.terminology;
    let is_in = |concept: &Concept<'_>| terminology.has(codes, concept);
    let seen = reading.record.conditions_doubting(codes, terminology);
    seen.filter(|one| !one.code.get().is_some_and(is_in) && sites.allow(one, terminology)).collect()
}

/// Whether a Condition is said to be related to another disease, and to nothing else: a metastasis to its primary.
fn is_related(condition: &Condition<'_>, other: Option<&str>, reading: &Reading<'_, '_>) -> bool {
    let Some(other) = other else { return false };
    let mut related = related(condition).peekable();
    related.peek().is_some() && related.all(|related| points_to(related, other, reading))
}

fn related<'c, 'a>(condition: &'c Condition<'a>) -> impl Iterator<Item = &'c Reference<'a>> {
    let is_relation = |extension: &&Extension<'_>| extension.url.is(RELATED);
    condition.extension.iter().filter(is_relation).filter_map(|extension| extension.value_reference.get())
}

/// Whether every focus of an observation is one of these Conditions; without a focus it is about none of them.
fn is_about(observation: &Observation<'_>, set: &str, reading: &Reading<'_, '_>) -> bool {
    !observation.focus.is_empty()
        && observation.focus.iter().all(|focus| {
            points_to(focus, set, reading)
                || contained(focus, observation).is_some_and(|concept| reading.terminology.has(set, &concept))
        })
}

/// Whether a reference points to a Condition of a value set, or is labelled as one.
pub(crate) fn points_to(reference: &Reference<'_>, set: &str, reading: &Reading<'_, '_>) -> bool {
    let is_target = |id: &str| reference.target().is_some_and(|target| target.is("Condition", id));
    reference.display.get().is_some_and(|shown| reading.terminology.has_text(set, shown))
        || reading.record.conditions_in(set).any(|condition| condition.id.get().is_some_and(is_target))
}

/// Why it is not known which disease an observation is about, so that it may be another one: its focus is a Condition
/// that was not read or is in no known value set.
pub(crate) fn untold(
    observation: &Observation<'_>,
    other: Option<&str>,
    reading: &Reading<'_, '_>,
) -> Option<String> {
    let told = |focus: &Reference<'_>| told(focus, contained(focus, observation), other?, reading);
    first_untold(observation.focus.iter(), told)
}

/// The same of a Condition that is said to be related to others.
pub(crate) fn untold_relation(
    condition: &Condition<'_>,
    other: Option<&str>,
    reading: &Reading<'_, '_>,
) -> Option<String> {
    let of_other = |code: &Concept<'_>| other.is_some_and(|other| reading.terminology.has(other, code));
    if related(condition).next().is_none()
        && condition.code.get().is_some_and(|code| !is_coded(code) && of_other(code))
    {
        return Some("said of another disease too".to_owned());
    }
    first_untold(related(condition), |reference| told(reference, None, other?, reading))
}

/// Whether a code says what it is: its words then name nothing besides.
fn is_coded(concept: &Concept<'_>) -> bool {
    concept.coding.iter().any(|coding| coding.code.get().is_some())
}

/// What a reference to a disease tells.
enum Told {
    /// This disease, or what is no disease (a body structure).
    Own,
    Other,
    /// Neither; what it says.
    Nothing(String),
}

/// What the first reference says that tells nothing, where none tells of this disease.
fn first_untold<'f>(
    references: impl Iterator<Item = &'f Reference<'f>>,
    told: impl Fn(&Reference<'_>) -> Option<Told>,
) -> Option<String> {
    let mut untold = None;
    for told in references.filter_map(told) {
        match told {
            Told::Own => return None,
            Told::Other => {}
            Told::Nothing(said) => untold = untold.or(Some(said)),
        }
    }
    untold.map(|said| format!("about {said}, which may be another disease"))
}

/// `None` where the reference is empty.
fn told(
    reference: &Reference<'_>,
    contained: Option<Concept<'_>>,
    other: &str,
    reading: &Reading<'_, '_>,
) -> Option<Told> {
    if points_to(reference, other, reading) {
        return Some(Told::Other);
    }
    let target = reference.target();
    let is_something_else = target.is_some_and(|target| target.kind.is_some_and(|kind| kind != "Condition"))
        || reference.kind.get().is_some_and(|kind| kind != "Condition");
    if is_something_else {
        return Some(Told::Own);
    }
    let is_it = |condition: &&Condition<'_>| {
        condition.id.get().is_some_and(|id| target.is_some_and(|target| target.is("Condition", id)))
    };
    let read = reading.record.conditions.iter().find(is_it).and_then(|condition| condition.code.get());
    let shown = reference.display.get().map(|words| Concept { text: words.into(), ..Concept::default() });
    let all = || read.into_iter().chain(&contained).chain(&shown);
    if all().any(|concept| reading.terminology.has(other, concept)) {
        return Some(Told::Other);
    }
    if all().any(|concept| reading.terminology.has_any(concept)) {
        return Some(Told::Own);
    }
    let said = all().find_map(Concept::shown).or_else(|| reference.reference.get());
    Some(Told::Nothing(format!("`{}`", clipped(said?))))
}

/// What a Condition is that stands inside an observation.
fn contained<'a>(focus: &Reference<'_>, observation: &Observation<'a>) -> Option<Concept<'a>> {
    let id = focus.contained_id()?;
    reference::contained(observation.contained).into_iter().find_map(|(resource, _)| match resource {
        Resource::Condition(condition) if condition.id.get()?.trim_start_matches('#') == id => {
            condition.code.0
        }
        _ => None,
    })
}
