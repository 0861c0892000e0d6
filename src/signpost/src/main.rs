//! The `signpost` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    signpost::cli::run()
}
