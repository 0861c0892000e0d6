//! What is wrong with a configuration.

use std::fmt;

/// Something wrong, with where it was said. Holds no value of a setting that may be a secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// `signpost.toml:12`, a variable of the environment, or a flag.
    pub source: String,
    /// The setting, as `client[0].jwks_url`; empty where the file as a whole is meant.
    pub key: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)?;
        if !self.key.is_empty() {
            write!(f, ": `{}`", self.key)?;
        }
        write!(f, ": {}", self.message)
    }
}
