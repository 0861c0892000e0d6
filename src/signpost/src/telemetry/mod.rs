//! Logs to standard error, and traces to a collector. No patient data in either.

mod log;
mod request;
mod traces;

pub use log::{Telemetry, log_text};
pub(crate) use request::{knows_client, knows_decisions, traced};
pub use traces::traceparent;

/// The target of spans within a request: for traces only. Logs show the request itself.
pub(crate) const STEPS: &str = "steps";
