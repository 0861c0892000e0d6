//! The journal, on both of its stores: each test of `on_both!` runs on a SQLite file and on PostgreSQL.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails says where"
)]

#[macro_use]
mod support;

mod backup;
mod export;
mod feedback;
mod killed;
mod many;
mod outages;
mod privacy;
mod records;
mod retention;
mod signing;
mod stats;
mod steps;
mod tokens;
