//! The pages through the router, without a browser: what they send, and that the request is their only state.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

mod crowd;
mod decisions;
mod difference;
mod journal;
mod kept;
mod policies;
mod sent;
mod support;
mod workbench;
