//! Whether a resource counts, by its status.

use jiff::Timestamp;

use crate::fhir::{
    AllergyIntolerance, Concept, Condition, Dosage, MedicationRequest, MedicationStatement, Observation,
    Period,
};
use crate::quantity::clipped;
use crate::when::{When, is_over};

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

/// The code systems of FHIR's own statuses, before R4 and since.
const OF_FHIR: [&str; 2] = ["http://terminology.hl7.org/CodeSystem/", "http://hl7.org/fhir/"];

/// The clinical and verification statuses that something is decided by.
const STATUSES: [&str; 9] = [
    "active",
    "recurrence",
    "relapse",
    "inactive",
    "remission",
    "resolved",
    "confirmed",
    "refuted",
    "entered-in-error",
];

/// The code of a status, FHIR's own before one of the sender's, or its text where the sender left out the code. Words for
/// the eye (`Active`, `Entered in Error`) are the code that they write.
pub(super) fn status<'c>(concept: Option<&'c Concept<'_>>) -> Option<&'c str> {
    let sent = sent(concept)?;
    let writes = |code: &&&str| {
        let is_letter =
            |(one, other): (u8, u8)| one.eq_ignore_ascii_case(&other) || (one, other) == (b' ', b'-');
        sent.len() == code.len() && sent.bytes().zip(code.bytes()).all(is_letter)
    };
    Some(STATUSES.iter().find(writes).copied().unwrap_or(sent))
}

fn sent<'c>(concept: Option<&'c Concept<'_>>) -> Option<&'c str> {
    let concept = concept?;
    let is_of_fhir = |system: &str| OF_FHIR.iter().any(|own| system.starts_with(own));
    let mut of_fhir = concept.coding.iter().filter(|coding| coding.system.get().is_some_and(is_of_fhir));
    of_fhir
        .find_map(|coding| coding.code.get())
        .or_else(|| concept.coding.iter().find_map(|coding| coding.code.get()))
        .or_else(|| concept.text.get())
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

/// By clinicalStatus; where that is missing, an abatement tells that it is over.
pub(crate) fn clinical_status<'c>(condition: &'c Condition<'_>, at: Timestamp) -> Option<&'c str> {
    status(condition.clinical_status.get()).or_else(|| has_abated(condition, at).then_some("resolved"))
}

/// Whether a Condition is recorded as ended, be it only in words or by the patient's age; an end in the future is none.
fn has_abated(condition: &Condition<'_>, at: Timestamp) -> bool {
    let is_over = |text: &str| When::read(text).is_none_or(|when| when.earliest() <= at);
    let period = condition.abatement_period.read();
    let period = period.get().and_then(|period| period.start.get().or_else(|| period.end.get()));
    condition.abatement_date_time.get().or(period).is_some_and(is_over)
        || condition.abatement_string.get().is_some()
        || condition.abatement_boolean.0 == Some(true)
        || condition.abatement_age.read().get().is_some()
        || condition.abatement_range.read().get().is_some()
}

/// A clinical status by which a Condition is there now, beside an abatement by which it is over: one of them is wrong.
pub(crate) fn contradiction<'c>(condition: &'c Condition<'_>, at: Timestamp) -> Option<&'c str> {
    let is_there = |status: &&str| matches!(*status, "active" | "recurrence" | "relapse");
    clinical_status(condition, at).filter(is_there).filter(|_| has_abated(condition, at))
}

/// By verificationStatus, and in doubt where the Condition says both that it is there and that it is over.
pub(super) fn consistent(condition: &Condition<'_>, at: Timestamp) -> Standing {
    match (verification(condition.verification_status.get()), contradiction(condition, at)) {
        (Standing::Counts, Some(status)) => Standing::doubtful(format!("{status}, and recorded as ended")),
        (standing, _) => standing,
    }
}

/// Conditions that are there now: not refuted, and active, recurrence, relapse or without a clinical status.
pub(super) fn condition(condition: &Condition<'_>, at: Timestamp) -> Standing {
    match (consistent(condition, at), clinical_status(condition, at)) {
        (Standing::Counts, None | Some("active" | "recurrence" | "relapse")) => Standing::Counts,
        (Standing::Counts, Some(over)) => Standing::doubtful(over),
        (other, _) => other,
    }
}

/// Allergies that are there now; inactive and resolved ones say nothing.
pub(super) fn allergy(allergy: &AllergyIntolerance<'_>) -> Standing {
    let verified = verification(allergy.verification_status.get());
    match status(allergy.clinical_status.get()) {
        Some("inactive" | "resolved") => Standing::SaysNothing,
        Some(_) if verified == Standing::SaysNothing => verified,
        Some(other) if other != "active" => Standing::doubtful(clipped(other)),
        _ => verified,
    }
}

/// The clinical status of an allergy that FHIR does not know: whether the allergy is there now is not told.
pub(super) fn unknown_clinical_status<'c>(allergy: &'c AllergyIntolerance<'_>) -> Option<&'c str> {
    let status = status(allergy.clinical_status.get());
    status.filter(|status| !matches!(*status, "active" | "inactive" | "resolved"))
}

/// Orders on record that are being carried out. A status or an intent that FHIR does not know may be that of one that is.
pub(super) fn order(request: &MedicationRequest<'_>) -> Standing {
    if request.do_not_perform.0 == Some(true) || is_proposed(request) {
        return Standing::SaysNothing;
    }
    match (request.status.get(), request.intent.get()) {
        (Some("cancelled" | "completed" | "draft" | "ended" | "entered-in-error" | "stopped"), _) => {
            Standing::SaysNothing
        }
        (Some("active"), Some(_)) if is_order(request) => Standing::Counts,
        (Some("active"), Some(intent)) => Standing::doubtful(format!("of the intent `{}`", clipped(intent))),
        (Some("active"), None) => Standing::doubtful("without an intent"),
        (Some(open), _) => Standing::doubtful(clipped(open)),
        (None, _) => Standing::doubtful("without a status"),
    }
}

/// The day on which an order ran out: all its instructions have ended, or it may no longer be dispensed.
pub(super) fn ran_out(request: &MedicationRequest<'_>, at: Timestamp) -> Option<String> {
    let dispensed = request.dispense_request.read();
    let supply = dispensed.get().and_then(|dispense| dispense.validity_period.get());
    let instructions = || request.dosage_instruction.iter().map(bounds);
    if is_over(supply, at) {
        return supply.and_then(|period| period.end.get()).map(str::to_owned);
    }
    if request.dosage_instruction.is_empty() || !instructions().all(|period| is_over(period, at)) {
        return None;
    }
    instructions().flatten().filter_map(|period| period.end.get()).max().map(str::to_owned)
}

/// From when to when an instruction goes on.
fn bounds<'d, 'a>(dosage: &'d Dosage<'a>) -> Option<&'d Period<'a>> {
    dosage.timing.get()?.repeat.get()?.bounds_period.get()
}

/// Whether something is not ordered: a proposal, a plan and an option say nothing.
fn is_proposed(request: &MedicationRequest<'_>) -> bool {
    matches!(request.intent.get(), Some("proposal" | "plan" | "option"))
}

/// Whether something was ordered.
fn is_order(request: &MedicationRequest<'_>) -> bool {
    matches!(
        request.intent.get(),
        Some("order" | "original-order" | "reflex-order" | "filler-order" | "instance-order")
    )
}

/// Orders on record as a sign that a drug was used: also those that have ended, but not those that were cancelled.
pub(super) fn past_order(request: &MedicationRequest<'_>) -> Standing {
    match (order(request), request.status.get()) {
        (Standing::SaysNothing, Some("completed" | "stopped" | "ended"))
            if request.do_not_perform.0 != Some(true) && is_order(request) =>
        {
            Standing::Counts
        }
        (Standing::SaysNothing, Some("completed" | "stopped" | "ended"))
            if request.do_not_perform.0 != Some(true) && !is_proposed(request) =>
        {
            Standing::doubtful("not known to have been ordered")
        }
        (standing, _) => standing,
    }
}

/// Statements as a sign that a drug was used.
pub(super) fn past_statement(statement: &MedicationStatement<'_>) -> Standing {
    match statement.status.get() {
        Some("active" | "completed" | "stopped" | "on-hold") => Standing::Counts,
        Some("intended" | "not-taken" | "entered-in-error") => Standing::SaysNothing,
        Some("unknown") => Standing::doubtful("of unknown status"),
        Some(other) => Standing::doubtful(format!("of the status `{}`", clipped(other))),
        None => Standing::doubtful("without a status"),
    }
}
