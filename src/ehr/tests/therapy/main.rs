//! What is made of a recorded therapy history: courses, lines, their count, resistance, preoperative response.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking; the lints know functions marked as tests only"
)]

mod counting;
mod notes;
mod properties;
mod resisting;
mod shown;
mod simulated;
