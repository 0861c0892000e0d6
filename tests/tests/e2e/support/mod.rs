//! What every test needs: the service with a fixed clock, requests to post to it, and its answers.

mod answer;
mod conformance;
mod evidence;
mod json;
pub mod request;
pub mod resources;
mod service;

pub use answer::Answer;
pub use evidence::nothing_denied_without_evidence;
pub use json::{at, nodes};
pub use request::Request;
pub use service::{DISCOVERY_PATH, SERVICE_PATH, call, post, post_bytes, send};

/// Id of the payer's clinical criteria.
pub const CLINICAL_CRITERIA: &str = "ixempra-clinical-criteria";

/// Id of the payer's utilization management policy.
pub const UM_MEDICAL_POLICY: &str = "ixempra-um-medical-policy";

/// Both policies, in the order of the service's file.
pub const POLICIES: [&str; 2] = [CLINICAL_CRITERIA, UM_MEDICAL_POLICY];
