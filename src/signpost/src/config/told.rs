//! What the service is told, and by whom: flags before variables of the environment before the file.

use std::path::{Path, PathBuf};

use super::secret::Secret;

/// Everything that may say something about a setting.
#[derive(Debug, Default)]
pub struct Told {
    /// The configuration file.
    pub file: Option<File>,
    /// Variables of the environment that begin with `SIGNPOST_`.
    pub variables: Vec<(String, Secret)>,
    /// Flags of the command line.
    pub flags: Vec<Flag>,
}

/// A configuration file as it was read.
pub struct File {
    /// Where it is; paths in it start from its folder.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

/// A flag that was given for a setting.
#[derive(Debug, Clone)]
pub struct Flag {
    /// `--listen`.
    pub name: &'static str,
    /// The setting, as `ehr.deadline_ms`.
    pub key: &'static str,
    /// Its values; a setting that is no list takes the last.
    pub values: Vec<String>,
}

impl Told {
    /// The file with this path, if any, and the environment of this process.
    ///
    /// # Errors
    /// If the file cannot be read as text.
    pub fn by(path: Option<&Path>, flags: Vec<Flag>) -> std::io::Result<Self> {
        let read =
            |path: &Path| std::fs::read_to_string(path).map(|text| File { path: path.to_owned(), text });
        let file = path.map(read).transpose()?;
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| is_ours(name))
            .map(|(name, value)| (name, Secret::new(value.to_string_lossy().into_owned())));
        Ok(Self { file, variables: variables.collect(), flags })
    }
}

/// Whether a variable is meant for the configuration. `SIGNPOST_LOG` is read before it, and orchestrators set
/// `SIGNPOST_SERVICE_HOST`, `SIGNPOST_PORT_8080_TCP` and the like for a service of this name.
fn is_ours(name: &str) -> bool {
    let is_of_the_orchestrator =
        ["_SERVICE_HOST", "_SERVICE_PORT", "_PORT_"].iter().any(|part| name.contains(part))
            || name.ends_with("_PORT");
    name.starts_with("SIGNPOST_") && name != "SIGNPOST_LOG" && !is_of_the_orchestrator
}

/// Without its text, which may hold secrets.
impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File").field("path", &self.path).finish_non_exhaustive()
    }
}
