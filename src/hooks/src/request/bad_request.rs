//! Why a request was refused.

use thiserror::Error;

/// How many faults of one request are named: enough for every member that CDS Hooks has, and a bound for the rest.
const MOST: usize = 20;

/// A request that cannot be read as a CDS Hooks request: status 400, with everything that is wrong in it.
///
/// Names members and what is wrong with them, never a value of the body: the text may be sent back and logged.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", sentences(.faults))]
pub struct BadRequest {
    faults: Vec<Fault>,
}

/// One member of the request that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{path}` {problem}")]
pub struct Fault {
    path: String,
    problem: Problem,
}

/// How a member of the request is wrong.
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
    /// What is wrong, first things first: the hook, its context, access to the EHR, the prefetch. At least one fault and
    /// at most twenty, one for each member.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }
}

impl From<Fault> for BadRequest {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault] }
    }
}

fn sentences(faults: &[Fault]) -> String {
    let sentences: Vec<String> = faults.iter().map(Fault::to_string).collect();
    sentences.join("; ")
}

impl Fault {
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

/// The faults of a request while it is read.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// Notes a fault. Of one member the first counts, and no more than can be named are kept.
    pub(super) fn note(&mut self, fault: Fault) {
        if self.0.len() < MOST && !self.0.iter().any(|known| known.path == fault.path) {
            self.0.push(fault);
        }
    }

    /// What was read, or nothing and its fault is noted.
    pub(super) fn of<T>(&mut self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.note(fault)).ok()
    }

    /// What was read, if nothing was wrong.
    ///
    /// # Errors
    /// Every fault that was noted.
    pub(super) fn or<T>(self, read: Option<T>) -> Result<T, BadRequest> {
        match read {
            Some(read) if self.0.is_empty() => Ok(read),
            _ => Err(BadRequest { faults: self.0 }),
        }
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
