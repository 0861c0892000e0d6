//! What was decided, on what, and what came of it: records, and the stores that keep them.
//!
//! A record is built by its caller ([`record`]), which hands every piece of patient data to [`Patient::keep`] first: what
//! the setting does not keep never enters a record. A [`Journal`] writes it to a SQLite file or to PostgreSQL,
//! many records a commit, and says "written" only after the commit. It depends on nothing else of the project.

mod export;
mod feedback;
mod journal;
mod maintenance;
mod privacy;
pub mod record;
mod retention;
mod signing;
mod stats;
mod steps;
mod store;

pub use export::{ExportError, Filter, Format};
pub use feedback::{Feedback, Outcome, Reason, Taken};
pub use journal::{Failure, Health, Journal, OpenError, Settings};
pub use privacy::{Key, KeyError, Level, Patient, PatientKey, Privacy, Private};
pub use retention::{Deleted, Deletion, OnePatient};
pub use signing::Signing;
pub use stats::{Criterion, Day, Missed, Stats, Subject};
pub use steps::StepTimes;
pub use store::StoreError;
