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

impl Answer {
    /// The answer of two parts: complete if both are.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if self == Self::Complete { other } else { self }
    }
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
    /// The FHIR server is not one that may be called.
    NotAllowed,
    /// The token's scopes do not allow it.
    OutOfScope,
    /// The token's scopes allow it under a condition, so what came may be a part.
    PartlyInScope,
    /// It did not come in time.
    TimedOut,
    /// No connection.
    Unreachable,
    /// The connection broke.
    BrokenOff,
    /// The FHIR server does not accept the token (401).
    Unauthorized,
    /// The FHIR server forbids it (403).
    Forbidden,
    /// The FHIR server does not know it (404, 410).
    NotFound,
    /// The FHIR server is too busy (429).
    Busy,
    /// The FHIR server failed (5xx).
    ServerError,
    /// The FHIR server answered with another status.
    Rejected,
    /// It is larger than what is read.
    Truncated,
    /// A redirect or the next page leads away from the FHIR server.
    LeadsElsewhere,
    /// Its pages lead in a circle.
    Circular,
    /// Nothing was found in a way that does not say that nothing is there.
    Doubtful,
}

impl Reason {
    /// A short name, for counting.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotSent => "not-sent",
            Self::Failed => "failed",
            Self::Paged => "paged",
            Self::Unreadable => "unreadable",
            Self::OtherPatient => "other-patient",
            Self::OtherType => "other-type",
            Self::NotAllowed => "not-allowed",
            Self::OutOfScope => "out-of-scope",
            Self::PartlyInScope => "partly-in-scope",
            Self::TimedOut => "timed-out",
            Self::Unreachable => "unreachable",
            Self::BrokenOff => "broken-off",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Busy => "busy",
            Self::ServerError => "server-error",
            Self::Rejected => "rejected",
            Self::Truncated => "truncated",
            Self::LeadsElsewhere => "leads-elsewhere",
            Self::Circular => "circular",
            Self::Doubtful => "doubtful",
        }
    }
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
            Self::NotAllowed => "was not fetched: the FHIR server is not one that may be called",
            Self::OutOfScope => "was not fetched: the token does not allow it",
            Self::PartlyInScope => "may be incomplete: the token allows a part of it",
            Self::TimedOut => "did not come in time",
            Self::Unreachable => "could not be fetched: the FHIR server cannot be reached",
            Self::BrokenOff => "broke off on the way",
            Self::Unauthorized => "could not be fetched: the FHIR server does not accept the token (401)",
            Self::Forbidden => "could not be fetched: the FHIR server forbids it (403)",
            Self::NotFound => "could not be fetched: the FHIR server does not know it (404)",
            Self::Busy => "could not be fetched: the FHIR server is too busy (429)",
            Self::ServerError => "could not be fetched: the FHIR server failed (5xx)",
            Self::Rejected => "could not be fetched: the FHIR server rejected it",
            Self::Truncated => "came incomplete (too large)",
            Self::LeadsElsewhere => "came incomplete (it leads to another server)",
            Self::Circular => "came incomplete (its pages lead in a circle)",
            Self::Doubtful => "came empty, and the FHIR server's answers do not show that it looked",
        })
    }
}
