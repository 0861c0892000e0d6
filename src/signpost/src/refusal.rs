//! Requests that are not answered with cards: the status and what the client is told.

use hooks::BadRequest;

use crate::content::Service;

/// A request that is refused. Its text names members and keys of the request, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Code of the FHIR value set `issue-type`.
    pub code: &'static str,
    /// What is wrong, for people.
    pub text: String,
    /// Where it is, as FHIRPath.
    pub expression: Option<String>,
}

impl Refusal {
    fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self { status, code, text: text.into(), expression: None }
    }

    /// 400: the draft orders are not a Bundle that can be read.
    #[must_use]
    pub fn unreadable_orders() -> Self {
        let expression = Some("context.draftOrders".into());
        Self {
            expression,
            ..Self::new(400, "structure", "`context.draftOrders` must be a Bundle whose `entry` is an array")
        }
    }

    /// 400: a part of the request is about another patient than its context.
    #[must_use]
    pub fn other_patient(path: &str) -> Self {
        let text = format!("`{path}` must be the patient of `context.patientId`");
        Self { expression: Some(path.to_owned()), ..Self::new(400, "invariant", text) }
    }

    /// 412: no prefetch key of the service was answered and there is no other way to the data.
    #[must_use]
    pub fn no_data(service: &Service) -> Self {
        let keys: Vec<&str> = service.prefetch.iter().map(|(key, _)| key.as_str()).collect();
        let text = format!("none of the prefetch keys of this service was sent: {}", keys.join(", "));
        Self { expression: Some("prefetch".into()), ..Self::new(412, "processing", text) }
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

    /// 400: the body did not arrive whole.
    #[must_use]
    pub fn broken_off() -> Self {
        Self::new(400, "incomplete", "the body did not arrive whole")
    }

    /// 500: a defect of the service. What it was stays with the operator.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(500, "exception", "the service failed; its operator can find the reason in the log")
    }
}

impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Self {
        let text = bad.to_string();
        Self { expression: Some(bad.path().to_owned()), ..Self::new(400, bad.problem().issue_type(), text) }
    }
}
