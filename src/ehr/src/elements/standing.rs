//! Whether a resource counts, by its status.

use crate::fhir::{
    AllergyIntolerance, Concept, Condition, MedicationRequest, MedicationStatement, Observation,
};

/// Whether a resource counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It counts.
    Counts,
    /// It is there, but does not settle anything; why, in words that follow "is".
    Doubtful(String),
    /// It says nothing.
    SaysNothing,
}

impl Standing {
    fn doubtful(why: impl Into<String>) -> Self {
        Self::Doubtful(why.into())
    }
}

/// The first code of a status, or its text where the sender left out the code.
pub(super) fn status<'c>(concept: Option<&'c Concept<'_>>) -> Option<&'c str> {
    let concept = concept?;
    concept.coding.iter().find_map(|coding| coding.code.get()).or_else(|| concept.text.get())
}

/// Observations count when final, amended or corrected.
pub(crate) fn observation(observation: &Observation<'_>) -> Standing {
    match observation.status.get() {
        Some("final" | "amended" | "corrected") => Standing::Counts,
        Some("entered-in-error" | "cancelled") => Standing::SaysNothing,
        Some(status) => Standing::doubtful(status),
        None => Standing::doubtful("without a status"),
    }
}

/// By verificationStatus: refuted and entered-in-error say nothing, only confirmed (or none stated) is sure.
pub(crate) fn verification(status: Option<&Concept<'_>>) -> Standing {
    match self::status(status) {
        None | Some("confirmed") => Standing::Counts,
        Some("refuted" | "entered-in-error") => Standing::SaysNothing,
        Some(other) => Standing::doubtful(other),
    }
}

/// By clinicalStatus; where that is missing, an abatement date tells that it is over.
pub(crate) fn clinical_status<'c>(condition: &'c Condition<'_>) -> Option<&'c str> {
    let has_abated = condition.abatement_date_time.get().is_some();
    status(condition.clinical_status.get()).or(has_abated.then_some("resolved"))
}

/// Conditions that are there now: not refuted, and active, recurrence, relapse or without a clinical status.
pub(super) fn condition(condition: &Condition<'_>) -> Standing {
    match (verification(condition.verification_status.get()), clinical_status(condition)) {
        (Standing::Counts, None | Some("active" | "recurrence" | "relapse")) => Standing::Counts,
        (Standing::Counts, Some(over)) => Standing::doubtful(over),
        (other, _) => other,
    }
}

/// Allergies that are there now; inactive and resolved ones say nothing.
pub(super) fn allergy(allergy: &AllergyIntolerance<'_>) -> Standing {
    match status(allergy.clinical_status.get()) {
        None | Some("active") => verification(allergy.verification_status.get()),
        Some(_) => Standing::SaysNothing,
    }
}

/// Orders on record that are being carried out.
pub(super) fn order(request: &MedicationRequest<'_>) -> Standing {
    if request.do_not_perform.0 == Some(true) {
        return Standing::SaysNothing;
    }
    match (request.status.get(), request.intent.get()) {
        (_, Some(_)) if !is_order(request) => Standing::SaysNothing,
        (Some("active"), Some(_)) => Standing::Counts,
        (Some("active"), None) => Standing::doubtful("without an intent"),
        (Some(open @ ("on-hold" | "unknown")), _) => Standing::doubtful(open),
        (Some(_), _) => Standing::SaysNothing,
        (None, _) => Standing::doubtful("without a status"),
    }
}

/// Whether something was ordered: a proposal, a plan and an option say nothing.
fn is_order(request: &MedicationRequest<'_>) -> bool {
    matches!(
        request.intent.get(),
        Some("order" | "original-order" | "reflex-order" | "filler-order" | "instance-order")
    )
}

/// Orders on record as a sign that a drug was used: also those that have ended, but not those that were cancelled.
pub(super) fn past_order(request: &MedicationRequest<'_>) -> Standing {
    match (order(request), request.status.get()) {
        (Standing::SaysNothing, Some("completed" | "stopped"))
            if request.do_not_perform.0 != Some(true) && is_order(request) =>
        {
            Standing::Counts
        }
        (standing, _) => standing,
    }
}

/// Statements as a sign that a drug was used.
pub(super) fn past_statement(statement: &MedicationStatement<'_>) -> Standing {
    match statement.status.get() {
        Some("active" | "completed" | "stopped" | "on-hold") => Standing::Counts,
        Some("unknown") => Standing::doubtful("of unknown status"),
        None => Standing::doubtful("without a status"),
        Some(_) => Standing::SaysNothing,
    }
}
