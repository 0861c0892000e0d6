//! Codes, concepts and references.

use fhirbolt::model::r4::types;

use crate::error::{WriteError, optional, required};

/// A code of a code system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coding<'a> {
    /// URI of the code system.
    pub system: &'a str,
    /// The code.
    pub code: &'a str,
    /// Its name in the code system.
    pub display: Option<&'a str>,
}

/// A concept of codes and, if it is not blank, the text that people read.
pub(crate) fn concept(codings: &[Coding<'_>], text: &str) -> Result<types::CodeableConcept, WriteError> {
    Ok(types::CodeableConcept {
        coding: codings.iter().map(coding).collect::<Result<_, _>>()?,
        text: optional(Some(text)).map(Into::into),
        ..Default::default()
    })
}

fn coding(coding: &Coding<'_>) -> Result<types::Coding, WriteError> {
    Ok(types::Coding {
        system: Some(required("Coding.system", coding.system)?.into()),
        code: Some(required("Coding.code", coding.code)?.into()),
        display: optional(coding.display).map(Into::into),
        ..Default::default()
    })
}

/// A literal reference, such as `Patient/1`.
pub(crate) fn reference(literal: &str) -> types::Reference {
    types::Reference { reference: Some(literal.into()), ..Default::default() }
}
