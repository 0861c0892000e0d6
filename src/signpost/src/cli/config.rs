//! `signpost config`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;

use crate::config::{Config as Settings, Flag, Told};
use crate::recording::Recording;

/// For operators.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Check a configuration file, with the variables of this environment before it: everything that is wrong, at once.
    Check {
        /// The file.
        file: PathBuf,
        /// Read the keys and certificates that it names as well, as the service does when it starts.
        #[arg(long)]
        files: bool,
    },
}

impl Config {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        let Self::Check { file, files } = self;
        let config = read(Some(file), Vec::new())?;
        let unusable = if *files { unusable_files(&config) } else { Vec::new() };
        if !unusable.is_empty() {
            return Err(super::all_of("what the configuration names", &unusable));
        }
        super::print(&format!(
            "the configuration is valid\nlistens on {}\n{}",
            config.listen,
            summary(&config)
        ))?;
        Ok(true)
    }
}

/// What the service is told by a file, this environment and flags, or every problem in it.
pub(super) fn read(file: Option<&Path>, flags: Vec<Flag>) -> anyhow::Result<Settings> {
    let named = file.map_or_else(String::new, |file| file.display().to_string());
    let told = Told::by(file, flags).with_context(|| format!("`{named}` cannot be read"))?;
    Settings::read(&told).map_err(|problems| super::all_of("the configuration", &problems))
}

/// What is wrong with the files that are read when the service starts; the others were read with the configuration.
fn unusable_files(config: &Settings) -> Vec<String> {
    let keys = config.journal.as_ref().map(Recording::check_keys);
    let keys = keys.map(|keys| keys.map_err(|error| format!("{error:#}")));
    let tls = config.tls.as_ref().map(|tls| tls.load().map(drop).map_err(|error| error.to_string()));
    let named = [("journal.key_file", keys), ("tls", tls)];
    named.into_iter().filter_map(|(key, read)| Some(format!("`{key}`: {}", read?.err()?))).collect()
}

/// What a configuration comes to, for the one who starts the service.
pub(super) fn summary(config: &Settings) -> String {
    let who = match config.clients.as_slice() {
        [] => "OPEN: asks no caller who they are, and so listens on loopback only".to_owned(),
        clients => {
            let names: Vec<&str> = clients.iter().map(|client| client.name.as_str()).collect();
            format!("clients: {}", names.join(", "))
        }
    };
    format!("{who}\n")
}
