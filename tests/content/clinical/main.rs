//! The rows of the criteria inputs that come from the clinical record, each by a table, with the content as it ships.
//!
//! Each table names its element; a row is what is on record, and what is known from it: the values that remain
//! possible and, after a colon, the kinds of the gaps. The evaluation instant is noon UTC on 22 November 2026.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that fails says where, and a table is as long as its cases"
)]

mod anthracycline;
mod attested;
#[path = "../../../src/ehr/tests/elements/chart.rs"]
mod chart;
mod content;
mod diagnosis;
mod extent;
mod germline;
#[path = "../../../src/ehr/tests/given/mod.rs"]
mod given;
mod her2;
mod metastatic;
mod patient;
mod receptors;
mod score;
mod table;
