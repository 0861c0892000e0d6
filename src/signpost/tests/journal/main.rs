//! What is written down of answers, through the router: every bundled request, kept, replayed, and answered by users.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests")]

mod failing;
mod feedback;
mod kept;
mod support;
