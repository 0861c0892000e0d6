//! The rows of the criteria inputs that are derived from the history of therapy, each by a table, with the content as
//! it ships.
//!
//! A row is what is on record, and what is known from it: the values that remain possible and, after a colon, the kinds
//! of the gaps. The evaluation instant is noon UTC on 22 November 2026; the order is one for ixabepilone.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that fails says where, and a table is as long as its cases"
)]

mod anthracycline;
mod candidate;
#[path = "../../../src/ehr/tests/elements/chart.rs"]
mod chart;
#[path = "../clinical/content.rs"]
mod content;
mod endocrine;
#[path = "../../../src/ehr/tests/given/mod.rs"]
mod given;
mod preoperative;
mod prior_lines;
mod sources;
mod support;
mod taxane;
