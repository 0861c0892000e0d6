//! Bodies that were not sent by a friend: refused or read, never a crash, and nobody is denied by them.

mod bytes;
mod histories;
mod sequence;
mod text;
mod types;

use std::time::Duration;

/// More than any body may take, in a debug build on a busy machine.
const BOUND: Duration = Duration::from_secs(20);
