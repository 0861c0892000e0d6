//! Only known EHRs: who is let in, who is not, and what the service fetches for it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

mod good;
mod hostile;
mod keys;
mod rotation;
mod seen;
mod support;
