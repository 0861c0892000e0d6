//! ServiceRequest: a laboratory order that a card suggests.

use fhirbolt::model::r4::resources::ServiceRequest;

use crate::{
    concept::{Coding, concept, reference},
    error::{WriteError, optional, required},
};

/// What marks a ServiceRequest as one for the laboratory.
const LABORATORY: Coding<'static> =
    Coding { system: "http://snomed.info/sct", code: "108252007", display: Some("Laboratory procedure") };

/// A laboratory test to be ordered, as a draft for the user to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabOrder<'a> {
    /// The test or panel, in one or more code systems.
    pub code: &'a [Coding<'a>],
    /// Its name, for people.
    pub text: &'a str,
    /// Whose sample: `Patient/…`.
    pub subject: &'a str,
    /// In which encounter: `Encounter/…`.
    pub encounter: Option<&'a str>,
    /// When it is ordered: a FHIR dateTime, with a time zone if it has a time.
    pub authored_on: &'a str,
    /// Why, for people.
    pub reason_text: Option<&'a str>,
    /// Why: a Condition, Observation, DiagnosticReport or DocumentReference, as `Type/id`.
    pub reason_reference: Option<&'a str>,
}

/// Writes a laboratory order as a ServiceRequest in JSON: status `draft`, intent `order`.
///
/// # Errors
/// A required element is blank, or there is no code.
pub fn service_request(order: &LabOrder<'_>) -> Result<String, WriteError> {
    if order.code.is_empty() {
        return Err(WriteError::Missing("ServiceRequest.code.coding"));
    }
    let text = required("ServiceRequest.code.text", order.text)?;
    let authored_on = required("ServiceRequest.authoredOn", order.authored_on)?;
    let reason_code = optional(order.reason_text).map(|text| concept(&[], text)).transpose()?;
    let request = ServiceRequest {
        status: "draft".into(),
        intent: "order".into(),
        category: vec![concept(&[LABORATORY], "")?],
        code: Some(Box::new(concept(order.code, text)?)),
        subject: Box::new(reference(required("ServiceRequest.subject", order.subject)?)),
        encounter: optional(order.encounter).map(reference).map(Box::new),
        authored_on: Some(authored_on.into()),
        reason_code: reason_code.into_iter().collect(),
        reason_reference: optional(order.reason_reference).map(reference).into_iter().collect(),
        ..Default::default()
    };
    Ok(fhirbolt::json::to_string(&request, None)?)
}
