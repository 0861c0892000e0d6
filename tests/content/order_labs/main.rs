//! The rows of the data elements of the order, the prescriber, the laboratory, the medication list and the allergies,
//! with the bundled content: each source, each status, each gap, the edges of each window.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that fails says where, and a table is as long as its cases"
)]

mod allergy;
mod attestation;
mod body;
mod counts;
mod dose;
mod drugs;
#[path = "../../../src/ehr/tests/given/mod.rs"]
mod given;
mod liver;
mod named;
mod partners;
mod prescriber;
mod schedule;
