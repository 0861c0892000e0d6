//! OperationOutcome: the body of every answer that is an error.

use fhirbolt::model::r4::resources::{OperationOutcome, OperationOutcomeIssue};

use crate::{
    concept::concept,
    error::{WriteError, optional, required},
};

/// One thing that went wrong. Must hold nothing that came with the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issue<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// A code of the FHIR value set `issue-type`, such as `required`.
    pub code: &'a str,
    /// What is wrong, for people.
    pub details_text: &'a str,
    /// More, for whoever operates the client.
    pub diagnostics: Option<&'a str>,
    /// Where it is, as FHIRPath.
    pub expression: Option<&'a str>,
}

/// The FHIR value set `issue-severity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Nothing could be done.
    Fatal,
    /// It was not done.
    Error,
    /// It was done, but should be looked at.
    Warning,
    /// For information.
    Information,
}

impl Severity {
    fn code(self) -> &'static str {
        match self {
            Self::Fatal => "fatal",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

/// Writes an OperationOutcome as JSON.
///
/// # Errors
/// There is no issue, or an issue has no code or no text.
pub fn operation_outcome(issues: &[Issue<'_>]) -> Result<String, WriteError> {
    if issues.is_empty() {
        return Err(WriteError::Missing("OperationOutcome.issue"));
    }
    let outcome =
        OperationOutcome { issue: issues.iter().map(issue).collect::<Result<_, _>>()?, ..Default::default() };
    Ok(fhirbolt::json::to_string(&outcome, None)?)
}

fn issue(issue: &Issue<'_>) -> Result<OperationOutcomeIssue, WriteError> {
    let text = required("OperationOutcome.issue.details.text", issue.details_text)?;
    Ok(OperationOutcomeIssue {
        severity: issue.severity.code().into(),
        code: required("OperationOutcome.issue.code", issue.code)?.into(),
        details: Some(Box::new(concept(&[], text)?)),
        diagnostics: optional(issue.diagnostics).map(Into::into),
        expression: optional(issue.expression).map(Into::into).into_iter().collect(),
        ..Default::default()
    })
}
