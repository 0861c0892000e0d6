//! The command line.

mod config;
mod demo_ehr;
mod evaluate;
mod journal;
mod policy;
mod running;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};

use crate::content::{Content, Files};

/// Coverage criteria and safety limits at order-sign, as a CDS Hooks service.
///
/// Without a command, `signpost` serves on 127.0.0.1:8080 with the bundled content.
#[derive(Debug, Parser)]
#[command(name = "signpost", version, after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER_HELP: &str = "\
Examples:
  signpost                                          serve the bundled content on 127.0.0.1:8080
  signpost example > request.json                   write a bundled order-sign request, dated today
  signpost evaluate request.json                    explain what the service would answer, and why
  signpost evaluate request.json --format json      the same for machines
  signpost demo-ehr                                 a FHIR server with the bundled patients on 127.0.0.1:8081
  signpost example --fhir-server http://127.0.0.1:8081/fhir    a request that leaves all data to be read there
  signpost serve --config signpost.toml             serve the clients that a file names
  signpost config check signpost.toml               everything that is wrong with it, at once
  signpost journal stats --config signpost.toml     what was decided, and what came of it
  signpost policy test --content my-content         run the cases of your own policies

Exit status: 0 done; 1 the answer is no (a case failed, a file or request is bad); 2 wrong usage.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer CDS Hooks calls over HTTP (open, on loopback only, unless a configuration names clients).
    Serve(serve::Serve),
    /// Evaluate a hook request from a file, offline, and explain the answer.
    Evaluate(evaluate::Evaluate),
    /// Check, test, show policies; print the JSON Schemas of content files.
    #[command(subcommand)]
    Policy(policy::Policy),
    /// Check a configuration file.
    #[command(subcommand)]
    Config(config::Config),
    /// Count, export, replay, delete and copy what was decided.
    Journal(journal::Journal),
    /// Serve the bundled patients over a small read-only FHIR R4 API, to try things against.
    DemoEhr(demo_ehr::ServeDemoEhr),
    /// Print a bundled order-sign request, its dates shifted so that it happens today.
    Example(evaluate::Example),
}

/// Which content to use.
#[derive(Debug, Default, clap::Args)]
struct ContentOption {
    /// Folder with the content (services, policies, data elements, value sets, safety limits); default: bundled.
    #[arg(long, value_name = "DIR")]
    content: Option<PathBuf>,
}

impl ContentOption {
    fn files(&self) -> anyhow::Result<Files> {
        let read = |folder: &PathBuf| {
            Files::read(folder)
                .with_context(|| format!("the content folder `{}` cannot be read", folder.display()))
        };
        self.content.as_ref().map_or_else(|| Ok(Files::bundled()), read)
    }

    /// The content, or every problem in it.
    fn load(&self) -> anyhow::Result<Content> {
        Content::load(&self.files()?).map_err(|problems| all_of("the content", &problems))
    }
}

/// Runs the command that the arguments name.
#[must_use]
pub fn run() -> ExitCode {
    // clap answers `--help` with status 0 and wrong usage with status 2.
    let arguments = Arguments::parse();
    let command = arguments.command.unwrap_or(Command::Serve(serve::Serve::default()));
    let done = match command {
        Command::Serve(serve) => serve.run(),
        Command::Evaluate(evaluate) => evaluate.run(),
        Command::Policy(policy) => policy.run(),
        Command::Config(config) => config.run(),
        Command::Journal(journal) => journal.run(),
        Command::DemoEhr(demo_ehr) => demo_ehr.run(),
        Command::Example(example) => example.run(),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("signpost: {error:#}");
            ExitCode::from(1)
        }
    }
}

/// Every problem at once, a line each.
fn all_of(what: &str, problems: &[impl ToString]) -> anyhow::Error {
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let s = if lines.len() == 1 { "" } else { "s" };
    anyhow::anyhow!("{what} has {} problem{s}:\n{}", lines.len(), lines.join("\n"))
}

/// Reads a file that the user named.
fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("`{}` cannot be read", path.display()))
}

/// Prints text that a user may cut off with `head`: a closed pipe is no error.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
