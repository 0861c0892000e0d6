//! `signpost config`.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Subcommand;

use crate::config::{Config as Settings, Flag, Told};

/// For operators.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Check a configuration file, with the variables of this environment before it: everything that is wrong, at once.
    Check {
        /// The file.
        file: PathBuf,
    },
}

impl Config {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        let Self::Check { file } = self;
        let config = read(Some(file), Vec::new())?;
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
