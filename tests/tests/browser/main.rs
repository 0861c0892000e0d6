//! The pages in a real browser: Chromium, by ChromeDriver. `tests/run` installs both.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

mod accessible;
mod hostile;
mod keyboard;
mod quick;
mod review;
mod support;
mod workbench;
