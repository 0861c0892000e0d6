//! The two stores: a SQLite file, or PostgreSQL by a URL. Every statement is written once, for both.

mod address;
mod apply;
mod connection;
mod error;
mod insert;
mod migrations;
mod rows;
mod writer;

pub(crate) use address::Address;
pub(crate) use connection::{Role, connect, readers};
pub use error::StoreError;
pub(crate) use insert::placeholders;
pub(crate) use rows::{FeedbackRow, Pattern, Rows, Shared, instant};
pub(crate) use writer::{Down, Entry, Patience, run, went_down};

use std::sync::Arc;

use crate::feedback::Taken;
use crate::retention::Deletion;

/// One thing to write. All that waits goes into one transaction.
#[derive(Debug, Clone)]
pub(crate) enum Work {
    /// Decisions of one call.
    Decisions(Arc<Rows>),
    /// A token that is used.
    Token { client: String, token: String, expires: i64, now: i64 },
    /// What users did with cards.
    Feedback(Arc<Vec<FeedbackRow>>),
    /// The next few decisions of a deletion.
    Delete(Arc<Deletion>),
    /// The deletion came to its end.
    Deleted(Arc<Deletion>),
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Written.
    Written,
    /// Whether the token was new.
    Token(bool),
    /// What was new in the feedback.
    Feedback(Taken),
    /// How many decisions and reports were deleted; nothing more is left if that is none.
    Deleted { decisions: u64, feedback: u64 },
}
