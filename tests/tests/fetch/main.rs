//! Reading the EHR's FHIR server where prefetch is not enough, through the router and against the demo EHR.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

mod access;
mod clients;
mod empty;
mod failures;
mod hang_up;
mod late;
mod misuse;
mod moment;
mod real_servers;
mod references;
mod same;
mod support;
