//! Why a request was refused.

use thiserror::Error;

/// A request that cannot be read as a CDS Hooks request: status 400.
///
/// Names the member and what is wrong with it, never a value of the body: the text may be sent back and logged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{path}` {problem}")]
pub struct BadRequest {
    path: String,
    problem: Problem,
}

/// What is wrong with a member of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// The body is not UTF-8, which RFC 8259 requires of JSON that is exchanged.
    #[error("is not UTF-8")]
    NotUtf8,
    /// The body is not one JSON value.
    #[error("is not valid JSON (line {line}, column {column})")]
    NotJson {
        /// Line of the first error, counted from 1.
        line: usize,
        /// Column of the first error, in bytes.
        column: usize,
    },
    /// A required member is absent or `null`.
    #[error("is required")]
    Missing,
    /// A member that the service reads occurs more than once; readers differ on which one counts.
    #[error("occurs more than once")]
    Repeated,
    /// A member does not have the type or form that the specification gives it.
    #[error("must be {0}")]
    MustBe(&'static str),
}

impl BadRequest {
    pub(super) fn new(path: impl Into<String>, problem: Problem) -> Self {
        Self { path: path.into(), problem }
    }

    /// The member, FHIRPath-like: `context.patientId`; `$this` for the body as a whole.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with the member.
    #[must_use]
    pub fn problem(&self) -> Problem {
        self.problem
    }
}

impl Problem {
    /// The FHIR `issue-type` code of an OperationOutcome that reports this problem.
    #[must_use]
    pub fn issue_type(self) -> &'static str {
        match self {
            Self::NotUtf8 | Self::NotJson { .. } | Self::Repeated => "structure",
            Self::Missing => "required",
            Self::MustBe(_) => "value",
        }
    }
}
