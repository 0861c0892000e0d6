//! What a record tells about each kind of element, by tables, with tiny value sets of the tests' own.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test that fails says where, and a table is as long as its cases"
)]

mod chart;
mod content;
mod disease;
#[path = "../given/mod.rs"]
mod given;
mod medication;
mod people;
mod tumor;
