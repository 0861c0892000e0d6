//! What a CDS Client posts to a service: the envelope that all hooks share, and each hook's own context.
//!
//! Clause: CDS Hooks "Calling a CDS Service". What is refused, and what must not be refused, is fixed by the
//! project's status table: a request is bad when a member that the specification names is missing or has the
//! wrong type, never because of a member it does not name or of a resource that nobody has read yet.

mod authorization;
mod bad_request;
mod envelope;
mod feedback;
mod hook_request;
mod members;
mod order_sign;
mod prefetched;
mod resource_type;
mod text;

pub use authorization::FhirAuthorization;
pub use bad_request::{BadRequest, Fault, Problem};
pub use feedback::{Feedback, FeedbackOutcome};
pub use hook_request::HookRequest;
pub use order_sign::OrderSignContext;
pub use prefetched::Prefetched;
pub use resource_type::resource_type;
