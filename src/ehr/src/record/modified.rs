//! Elements that change what a resource means.
//!
//! FHIR R4 (Extensibility, "modifier extensions"): who does not understand one must not use the resource as if it were not
//! there. None is understood here. Where a resource has a status, that is no longer known: it may say something, and settles
//! nothing. Any other is as good as one that could not be read.

use crate::fhir::{Concept, One, Resource, Text};

/// A status that no resource has.
const MODIFIED: &str = "modified in a way that is not understood";

/// A resource, read with what modifies it.
pub(super) enum Modified<'a> {
    /// As it may be used.
    Heeded(Resource<'a>),
    /// It may not be used.
    Lost,
}

/// What is left of a resource by what modifies it.
pub(super) fn heeded(mut resource: Resource<'_>) -> Modified<'_> {
    let status = || Text::from(MODIFIED);
    let verification = || One(Some(Concept { text: status(), ..Concept::default() }));
    match &mut resource {
        Resource::Observation(one) if !one.modifier_extension.is_empty() => one.status = status(),
        Resource::MedicationRequest(one) if !one.modifier_extension.is_empty() => one.status = status(),
        Resource::MedicationStatement(one) if !one.modifier_extension.is_empty() => one.status = status(),
        Resource::MedicationAdministration(one) if !one.modifier_extension.is_empty() => {
            one.status = status()
        }
        Resource::MedicationDispense(one) if !one.modifier_extension.is_empty() => one.status = status(),
        Resource::Procedure(one) if !one.modifier_extension.is_empty() => one.status = status(),
        Resource::Condition(one) if !one.modifier_extension.is_empty() => {
            one.verification_status = verification()
        }
        Resource::AllergyIntolerance(one) if !one.modifier_extension.is_empty() => {
            one.verification_status = verification();
        }
        other if is_modified(other) => return Modified::Lost,
        _ => {}
    }
    Modified::Heeded(resource)
}

/// Of the types whose status does not carry a doubt on.
fn is_modified(resource: &Resource<'_>) -> bool {
    let modifiers = match resource {
        Resource::CarePlan(one) => &one.modifier_extension,
        Resource::PractitionerRole(one) => &one.modifier_extension,
        Resource::CareTeam(one) => &one.modifier_extension,
        Resource::Encounter(one) => &one.modifier_extension,
        Resource::ServiceRequest(one) => &one.modifier_extension,
        _ => return false,
    };
    !modifiers.is_empty()
}
