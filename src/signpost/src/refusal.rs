//! Requests that are not answered with cards: the status and what the client is told.

use std::fmt;

use hooks::BadRequest;

use crate::content::Service;

/// A request that is refused. Its text names members and keys of the request, never a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// What is wrong, first things first; at least one thing.
    pub issues: Vec<Issue>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Code of the FHIR value set `issue-type`.
    pub code: &'static str,
    /// What is wrong, for people.
    pub text: String,
    /// Where it is, as FHIRPath.
    pub expression: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<&str> = self.issues.iter().map(|issue| issue.text.as_str()).collect();
        f.write_str(&texts.join("; "))
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, issues: vec![Issue { code, text: text.into(), expression: None }] }
    }

    /// A refusal for what is at one place of the request.
    fn at(expression: &str, status: u16, code: &'static str, text: impl Into<String>) -> Self {
        let issue = Issue { code, text: text.into(), expression: Some(expression.to_owned()) };
        Self { status, issues: vec![issue] }
    }

    /// 400: the draft orders are not a Bundle that can be read.
    #[must_use]
    pub fn unreadable_orders() -> Self {
        let text = "`context.draftOrders` must be a Bundle whose `entry` is an array";
        Self::at("context.draftOrders", 400, "structure", text)
    }

    /// 400: a part of the request is about another patient than its context.
    #[must_use]
    pub fn other_patient(path: &str) -> Self {
        Self::at(path, 400, "invariant", format!("`{path}` must be the patient of `context.patientId`"))
    }

    /// 412: no prefetch key of the service was answered and there is no other way to the data.
    #[must_use]
    pub fn no_data(service: &Service) -> Self {
        let keys: Vec<&str> = service.prefetch.iter().map(|(key, _)| key.as_str()).collect();
        let text = format!("none of the prefetch keys of this service was sent: {}", keys.join(", "));
        Self::at("prefetch", 412, "processing", text)
    }

    /// 401: the caller is nobody that the service knows. Which of all reasons it is stays with the operator.
    #[must_use]
    pub fn not_authorized() -> Self {
        Self::new(401, "login", "not authorized")
    }

    /// 503: the service cannot answer now; the same call may be sent again.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(503, "transient", "the service cannot answer now")
    }

    /// 404: no service has this id.
    #[must_use]
    pub fn unknown_service() -> Self {
        Self::new(404, "not-found", "no service has this id; see `GET /cds-services`")
    }

    /// 404: nothing is at this path.
    #[must_use]
    pub fn unknown_path() -> Self {
        Self::new(404, "not-found", "nothing is here; the services are listed at `/cds-services`")
    }

    /// 405: the path is there, for another method.
    #[must_use]
    pub fn wrong_method() -> Self {
        Self::new(405, "not-supported", "this path does not answer this method")
    }

    /// 413: the body is larger than the service reads.
    #[must_use]
    pub fn too_large(limit: usize) -> Self {
        Self::new(413, "too-long", format!("the body is larger than {limit} bytes"))
    }

    /// 415: the body is not JSON.
    #[must_use]
    pub fn not_json() -> Self {
        Self::new(415, "not-supported", "`Content-Type` must be `application/json`")
    }

    /// 503: the service carries as much as it can; a moment later it may be otherwise.
    #[must_use]
    pub fn busy() -> Self {
        Self::new(
            503,
            "throttled",
            "the service has more to answer than it can; try again in a moment, with a new token",
        )
    }

    /// 408: the request took longer than one may, its body included.
    #[must_use]
    pub fn too_slow() -> Self {
        Self::new(408, "timeout", "the request was not whole and answered in the time that one may take")
    }

    /// 400: the body did not arrive whole.
    #[must_use]
    pub fn broken_off() -> Self {
        Self::new(400, "incomplete", "the body did not arrive whole")
    }

    /// 500: what was decided cannot be written down, and no card goes without its record.
    #[must_use]
    pub fn not_recorded() -> Self {
        Self::new(
            500,
            "exception",
            "the service cannot keep its records at the moment; try again in a moment, with a new token",
        )
    }

    /// 404: the service takes no feedback.
    #[must_use]
    pub fn no_feedback() -> Self {
        Self::new(404, "not-supported", "this service keeps no journal, and so takes no feedback")
    }

    /// 400: an item of feedback has no instant.
    #[must_use]
    pub fn bad_timestamp(place: usize) -> Self {
        let path = format!("feedback[{place}].outcomeTimestamp");
        Self::at(&path, 400, "value", format!("`{path}` must be an instant such as `2026-11-22T10:00:00Z`"))
    }

    /// 500: a defect of the service. What it was stays with the operator.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(500, "exception", "the service failed; its operator can find the reason in the log")
    }
}

/// 400: everything in the request that is missing or wrong.
impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Self {
        let issue = |fault: &hooks::Fault| Issue {
            code: fault.problem().issue_type(),
            text: fault.to_string(),
            expression: Some(fault.path().to_owned()),
        };
        Self { status: 400, issues: bad.faults().iter().map(issue).collect() }
    }
}
