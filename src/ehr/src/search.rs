//! The searches that the service may need, and how each was answered.

use std::fmt;

/// One search (or read) of the patient's record: a prefetch key, and later a request to the EHR's FHIR server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Search {
    /// The patient.
    Patient,
    /// Laboratory results, by code.
    Laboratory,
    /// Height, weight, body surface area, by code.
    VitalSigns,
    /// Tumor markers, genomics, stages, disease status and other clinical observations, by code.
    ClinicalObservations,
    /// Observations that attest a data element.
    Attestations,
    /// Conditions.
    Conditions,
    /// Medication orders.
    MedicationRequests,
    /// Medication statements.
    MedicationStatements,
    /// Drugs that were given.
    MedicationAdministrations,
    /// Drugs that were handed out.
    MedicationDispenses,
    /// Procedures: surgery, and giving of drugs.
    Procedures,
    /// Care plans.
    CarePlans,
    /// Allergies and intolerances.
    Allergies,
    /// Active coverages.
    Coverage,
    /// Who signs.
    User,
    /// The roles of who signs.
    UserRoles,
    /// Care teams.
    CareTeams,
    /// The encounter of the order.
    Encounter,
    /// Referrals and consultations.
    Referrals,
}

impl Search {
    /// All of them, in the order in which discovery lists them.
    pub const ALL: [Self; 19] = [
        Self::Patient,
        Self::Laboratory,
        Self::VitalSigns,
        Self::ClinicalObservations,
        Self::Attestations,
        Self::Conditions,
        Self::MedicationRequests,
        Self::MedicationStatements,
        Self::MedicationAdministrations,
        Self::MedicationDispenses,
        Self::Procedures,
        Self::CarePlans,
        Self::Allergies,
        Self::Coverage,
        Self::User,
        Self::UserRoles,
        Self::CareTeams,
        Self::Encounter,
        Self::Referrals,
    ];

    /// The prefetch key.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Laboratory => "laboratory",
            Self::VitalSigns => "vital-signs",
            Self::ClinicalObservations => "clinical-observations",
            Self::Attestations => "attestations",
            Self::Conditions => "conditions",
            Self::MedicationRequests => "medication-requests",
            Self::MedicationStatements => "medication-statements",
            Self::MedicationAdministrations => "medication-administrations",
            Self::MedicationDispenses => "medication-dispenses",
            Self::Procedures => "procedures",
            Self::CarePlans => "care-plans",
            Self::Allergies => "allergies",
            Self::Coverage => "coverage",
            Self::User => "user",
            Self::UserRoles => "user-roles",
            Self::CareTeams => "care-teams",
            Self::Encounter => "encounter",
            Self::Referrals => "referrals",
        }
    }

    /// The search with this prefetch key.
    #[must_use]
    pub fn with_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|search| search.key() == key)
    }
}

impl fmt::Display for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// How a search was answered. Only [`Answer::Complete`] lets absence mean anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Everything that matches was sent, be it nothing (`null`, an empty Bundle).
    Complete,
    /// What matches is not known, or not all of it.
    Unavailable(Reason),
}

/// Why a search has no complete answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The prefetch key is absent.
    NotSent,
    /// The client's own search failed: it sent an OperationOutcome.
    Failed,
    /// More pages follow.
    Paged,
    /// Some of it could not be read as FHIR.
    Unreadable,
    /// Some of it is about another patient.
    OtherPatient,
    /// A resource of a type that was not asked for.
    OtherType,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "was not sent",
            Self::Failed => "failed at the EHR",
            Self::Paged => "came incomplete (more pages follow)",
            Self::Unreadable => "could not be read in part",
            Self::OtherPatient => "held a resource of another patient",
            Self::OtherType => "held something else",
        })
    }
}
