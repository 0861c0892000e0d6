//! FHIR R4 out: the resources that the service writes itself, typed with fhirbolt.
//!
//! fhirbolt takes about a minute to compile, so it is named here only, in functions without type parameters;
//! what goes in are plain values, what comes out is JSON. Nothing that was received passes through here.

mod concept;
mod error;
mod operation_outcome;
mod service_request;

pub use concept::Coding;
pub use error::WriteError;
pub use operation_outcome::{Issue, Severity, operation_outcome};
pub use service_request::{LabOrder, service_request};
