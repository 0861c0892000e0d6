//! What a record says about therapy, resource by resource, with made-up drugs. The evaluation instant is noon of
//! 2026-06-15 in UTC.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails says where"
)]

mod administrations;
mod chart;
mod dispenses;
mod events;
mod incomplete;
mod orders;
mod plans;
mod procedures;
mod statements;
mod why;
