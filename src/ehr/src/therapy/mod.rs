//! The therapy that a record tells of: exposures to drugs, the courses they make up, and the lines of therapy.
//!
//! One direction: resources -> [`recorded::Recorded`] (what was read, each with its evidence) -> courses -> lines.
//! How drugs are told apart and what begins a new line is content ([`rules::TherapyRules`], with its source); nothing
//! here names a drug. Every step keeps what is not known: a day is a span of days, a line is sure or it is not, and
//! the count is an interval with a reason for each line that may or may not count.

pub mod boundary;
pub mod count;
pub mod course;
pub mod day;
pub(crate) mod histories;
pub mod history;
pub mod line;
pub mod preoperative;
pub mod read;
pub mod recorded;
pub mod resistance;
pub mod rules;
pub mod setting;
pub mod timeline;
