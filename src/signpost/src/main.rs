//! The `signpost` command.

use std::process::ExitCode;

// glibc's allocator returns memory of a burst late and contends between threads; measured in tests/benches.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    signpost::cli::run()
}
