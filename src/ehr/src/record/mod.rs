//! The patient's record: what the searches brought, ready to be asked by value set.

mod medication;
mod modified;
mod postings;
mod read;
mod sent;
mod signer;
mod versions;

use std::collections::{BTreeMap, BTreeSet};

pub use medication::Drug;
pub(crate) use medication::{Medications, drug};
use postings::Postings;
pub(crate) use read::NamesDrug;
pub use sent::Sent;
pub use versions::version_id;

use crate::fhir::{
    AllergyIntolerance, CarePlan, CareTeam, Condition, Coverage, Encounter, MedicationAdministration,
    MedicationDispense, MedicationRequest, MedicationStatement, Observation, Organization, Patient,
    Practitioner, PractitionerRole, Procedure, ServiceRequest,
};
use crate::search::{Answer, Reason, Search};
use crate::terminology::{Indexes, Sets, Terminology};

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
    /// Administrations, with the drug resolved.
    pub medication_administrations: Vec<Drug<'a, MedicationAdministration<'a>>>,
    /// Dispenses, with the drug resolved.
    pub medication_dispenses: Vec<Drug<'a, MedicationDispense<'a>>>,
    /// Procedures.
    pub procedures: Vec<Procedure<'a>>,
    /// Care plans.
    pub care_plans: Vec<CarePlan<'a>>,
    /// Allergies and intolerances.
    pub allergies: Vec<AllergyIntolerance<'a>>,
    /// Coverages.
    pub coverages: Vec<Coverage<'a>>,
    /// Practitioners.
    pub practitioners: Vec<Practitioner<'a>>,
    /// Roles of practitioners.
    pub practitioner_roles: Vec<PractitionerRole<'a>>,
    /// Who signs: `Type/id` of what the searches for the user and the user's roles brought.
    pub users: BTreeSet<String>,
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
    medications: Medications<'a>,
    sets: Indexes,
    observations_by_set: Postings,
    conditions_by_set: Postings,
    /// Positions of the Conditions whose words may doubt what they name: nearly always none.
    conditions_in_doubt: Vec<usize>,
    medication_requests_by_set: Postings,
    medication_statements_by_set: Postings,
    medication_administrations_by_set: Postings,
    medication_dispenses_by_set: Postings,
    procedures_by_set: Postings,
    allergies_by_set: Postings,
}

impl<'a> Record<'a> {
    /// How a search was answered.
    #[must_use]
    pub fn answer(&self, search: Search) -> &Answer {
        self.answers.get(&search).unwrap_or(&Answer::Unavailable(Reason::NotSent))
    }

    /// Takes note of why a search is not complete, where its own text does not show it: it was fetched, and did not come
    /// or not whole.
    pub fn lacks(&mut self, search: Search, reason: Reason) {
        self.answers.insert(search, Answer::Unavailable(reason));
    }

    /// Whether the sender answered any search at all, be it with nothing or with an error. If it did not and there
    /// is no way to ask the EHR, the required data is missing (CDS Hooks: status 412).
    #[must_use]
    pub fn answered_any(&self) -> bool {
        self.answers.values().any(|answer| *answer != Answer::Unavailable(Reason::NotSent))
    }

    /// Observations whose code is in a value set, by date as written, then id: never in the order they came.
    pub fn observations_in(&self, set: &str) -> impl Iterator<Item = &Observation<'a>> {
        self.observations_by_set.of(&self.sets, set, &self.observations)
    }

    /// Conditions whose code is in a value set, in the same order.
    pub fn conditions_in(&self, set: &str) -> impl Iterator<Item = &Condition<'a>> {
        self.conditions_by_set.of(&self.sets, set, &self.conditions)
    }

    /// Conditions whose words doubt that they are in a value set.
    pub(crate) fn conditions_doubting(
        &self,
        set: &str,
        terminology: &Terminology,
    ) -> impl Iterator<Item = &Condition<'a>> {
        let conditions =
            self.conditions_in_doubt.iter().filter_map(|position| self.conditions.get(*position));
        conditions.filter(move |one| one.code.get().is_some_and(|code| terminology.doubts(set, code)))
    }

    /// Allergies whose substance (or that of a reaction) is in a value set, in the same order.
    pub fn allergies_in(&self, set: &str) -> impl Iterator<Item = &AllergyIntolerance<'a>> {
        self.allergies_by_set.of(&self.sets, set, &self.allergies)
    }

    /// Medication orders on record whose drug is in a value set, in the same order.
    pub fn medication_requests_in(&self, set: &str) -> impl Iterator<Item = &MedicationRequest<'a>> {
        self.medication_requests_by_set
            .of(&self.sets, set, &self.medication_requests)
            .map(|drug| &drug.resource)
    }

    /// Medication statements whose drug is in a value set, in the same order.
    pub fn medication_statements_in(&self, set: &str) -> impl Iterator<Item = &MedicationStatement<'a>> {
        self.medication_statements_by_set
            .of(&self.sets, set, &self.medication_statements)
            .map(|drug| &drug.resource)
    }

    /// Where the resources of one type stand that are in a value set: positions in the record's own list of them.
    pub(crate) fn positions_in(&self, told: Told, set: &str) -> &[usize] {
        self.postings(told).positions(&self.sets, set)
    }

    /// Whether any resource of one type is in any value set.
    pub(crate) fn has_any(&self, told: Told) -> bool {
        !self.postings(told).is_empty()
    }

    /// The value sets in which any resource of one type is.
    pub(crate) fn sets_of(&self, told: Told) -> Sets {
        self.postings(told).sets()
    }

    fn postings(&self, told: Told) -> &Postings {
        match told {
            Told::Administration => &self.medication_administrations_by_set,
            Told::Dispense => &self.medication_dispenses_by_set,
            Told::Statement => &self.medication_statements_by_set,
            Told::Request => &self.medication_requests_by_set,
            Told::Procedure => &self.procedures_by_set,
        }
    }

    /// `Medication` resources that came as entries, for references that stand inside other resources.
    pub(crate) fn medications(&self) -> &Medications<'a> {
        &self.medications
    }
}

/// The resources that may tell of therapy, by type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Told {
    Administration,
    Dispense,
    Statement,
    Request,
    Procedure,
}
