//! Reading hook requests: what is refused, what is not, and what holds for every input.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "also outside the test functions, in what they share"
)]

mod accepted;
mod body;
mod properties;
mod refused;
