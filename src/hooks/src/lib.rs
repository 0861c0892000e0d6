//! The CDS Hooks wire format: what a CDS Client sends, what the service answers.
//!
//! Only the envelope is typed. FHIR resources stay raw JSON, borrowed from the body on the way in (or become what the
//! caller reads them as, in the same pass) and passed on unchanged on the way out, so that nothing is read that nobody
//! asks for and decimals keep their digits.
//! The shapes are those of CDS Hooks 2.0; requests of 1.0 and 3.0 are read as well.

pub mod discovery;
pub mod request;
pub mod response;

pub use discovery::{Service, Services};
pub use request::{
    BadRequest, Fault, Feedback, FeedbackOutcome, FhirAuthorization, HookRequest, OrderSignContext,
    Prefetched, Problem, resource_type,
};
pub use response::{
    Action, Card, Coding, Indicator, Link, Response, SelectionBehavior, Source, Suggestion, Summary,
};
