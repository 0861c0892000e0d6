//! Which version of a resource the record holds.

use serde::Deserialize;

use super::{Drug, Record};
use crate::fhir::{Raw, Text};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Meta<'a> {
    #[serde(borrow)]
    version_id: Text<'a>,
}

/// `meta.versionId`, read when it is asked for: most answers never need it.
#[must_use]
pub fn version_id(meta: Raw<'_>) -> Option<String> {
    let meta: Meta<'_> = serde_json::from_str(meta?.get()).ok()?;
    meta.version_id.get().map(str::to_owned)
}

macro_rules! meta_of {
    ($resources:expr, $id:expr) => {
        $resources.into_iter().find(|resource| resource.id.is($id)).and_then(|resource| resource.meta)
    };
}

fn drugs<'r, 'a, T>(drugs: &'r [Drug<'a, T>]) -> impl Iterator<Item = &'r T> + use<'r, 'a, T> {
    drugs.iter().map(|drug| &drug.resource)
}

impl Record<'_> {
    /// `meta.versionId` of a resource (`Type/id`), where the record holds it and it has one.
    #[must_use]
    pub fn version_of(&self, reference: &str) -> Option<String> {
        let (kind, id) = reference.split_once('/')?;
        version_id(match kind {
            "Patient" => meta_of!(&self.patient, id),
            "Observation" => meta_of!(&self.observations, id),
            "Condition" => meta_of!(&self.conditions, id),
            "MedicationRequest" => meta_of!(drugs(&self.medication_requests), id),
            "MedicationStatement" => meta_of!(drugs(&self.medication_statements), id),
            "MedicationAdministration" => meta_of!(drugs(&self.medication_administrations), id),
            "MedicationDispense" => meta_of!(drugs(&self.medication_dispenses), id),
            "Procedure" => meta_of!(&self.procedures, id),
            "CarePlan" => meta_of!(&self.care_plans, id),
            "AllergyIntolerance" => meta_of!(&self.allergies, id),
            "Coverage" => meta_of!(&self.coverages, id),
            "Practitioner" => meta_of!(&self.practitioners, id),
            "PractitionerRole" => meta_of!(&self.practitioner_roles, id),
            "CareTeam" => meta_of!(&self.care_teams, id),
            "Encounter" => meta_of!(&self.encounters, id),
            "ServiceRequest" => meta_of!(&self.referrals, id),
            "Organization" => meta_of!(&self.organizations, id),
            _ => None,
        })
    }
}
