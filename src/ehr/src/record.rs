//! The patient's record: what the searches brought, ready to be asked by value set.

use std::collections::BTreeMap;

use crate::fhir::{
    AllergyIntolerance, CareTeam, Concept, Condition, Coverage, Encounter, MedicationRequest,
    MedicationStatement, Observation, Organization, Patient, Practitioner, PractitionerRole, ServiceRequest,
};
use crate::search::{Answer, Reason, Search};

/// The patient's record, as far as it was sent. Resources of one type that came by several searches stand once.
#[derive(Debug, Default)]
pub struct Record<'a> {
    /// The patient.
    pub patient: Option<Patient<'a>>,
    /// All observations, whichever search brought them.
    pub observations: Vec<Observation<'a>>,
    /// All conditions.
    pub conditions: Vec<Condition<'a>>,
    /// Medication orders on record (not the draft orders), with the drug resolved.
    pub medication_requests: Vec<Drug<'a, MedicationRequest<'a>>>,
    /// Medication statements, with the drug resolved.
    pub medication_statements: Vec<Drug<'a, MedicationStatement<'a>>>,
    /// Allergies and intolerances.
    pub allergies: Vec<AllergyIntolerance<'a>>,
    /// Coverages.
    pub coverages: Vec<Coverage<'a>>,
    /// Practitioners.
    pub practitioners: Vec<Practitioner<'a>>,
    /// Roles of practitioners.
    pub practitioner_roles: Vec<PractitionerRole<'a>>,
    /// Care teams.
    pub care_teams: Vec<CareTeam<'a>>,
    /// Encounters.
    pub encounters: Vec<Encounter<'a>>,
    /// Referrals and consultations.
    pub referrals: Vec<ServiceRequest<'a>>,
    /// Organizations (payers).
    pub organizations: Vec<Organization<'a>>,
    /// How each search was answered; one that is missing was not sent.
    pub answers: BTreeMap<Search, Answer>,
}

/// A medication resource with its drug, wherever that stood: inline, contained, or another entry.
#[derive(Debug, Clone)]
pub struct Drug<'a, T> {
    /// The drug; `None` where the reference leads nowhere.
    pub concept: Option<Concept<'a>>,
    /// The resource.
    pub resource: T,
}

impl Record<'_> {
    /// How a search was answered.
    #[must_use]
    pub fn answer(&self, search: Search) -> &Answer {
        self.answers.get(&search).unwrap_or(&Answer::Unavailable(Reason::NotSent))
    }
    /// Observations whose code is in a value set, in the order they came.
    pub fn observations_in(&self, _set: &str) -> impl Iterator<Item = &Observation<'_>> {
        self.observations.iter().filter(|_| false)
    }

    /// Conditions whose code is in a value set.
    pub fn conditions_in(&self, _set: &str) -> impl Iterator<Item = &Condition<'_>> {
        self.conditions.iter().filter(|_| false)
    }

    /// Allergies whose substance (or that of a reaction) is in a value set.
    pub fn allergies_in(&self, _set: &str) -> impl Iterator<Item = &AllergyIntolerance<'_>> {
        self.allergies.iter().filter(|_| false)
    }

    /// Medication orders on record whose drug is in a value set.
    pub fn medication_requests_in(&self, _set: &str) -> impl Iterator<Item = &MedicationRequest<'_>> {
        self.medication_requests.iter().filter(|_| false).map(|drug| &drug.resource)
    }

    /// Medication statements whose drug is in a value set.
    pub fn medication_statements_in(&self, _set: &str) -> impl Iterator<Item = &MedicationStatement<'_>> {
        self.medication_statements.iter().filter(|_| false).map(|drug| &drug.resource)
    }
}
