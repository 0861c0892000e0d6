//! The R4 oracle: what the service sends and what it reads, checked against strictly typed R4 (fhirbolt).
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails says where"
)]

mod broken;
mod differential;
mod fixtures;
mod generated;
mod json_text;
mod notation;
mod requests;
mod seen;
mod sent;
mod views;
