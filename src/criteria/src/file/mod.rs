//! Content files: text to typed values, with every problem of a file reported at once and where it stands.
//!
//! Every content file is YAML 1.2 (so JSON too). A file is read in three steps: YAML to JSON values with
//! line numbers ([`Document::read`]), a check of the whole against the JSON Schema of the file's Rust type
//! ([`Document::checked`]), and then what only its subject knows: it reads each entry on its own
//! ([`Document::part`]) and checks it ([`Document::problem`]). So an entry that cannot be read hides no other; only an
//! error of the YAML syntax hides the rest of its file.

mod parts;
mod shape;
mod yaml;

use std::fmt;

use serde_json::Value;

/// Something wrong in a content file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, counted from 1, where there is one.
    pub line: Option<usize>,
    /// The id of the criterion, limit, case or element that it is in.
    pub id: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(id) = &self.id {
            write!(f, ": `{id}`")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// A content file, parsed, with the line of every value in it.
#[derive(Debug, Clone)]
pub struct Document {
    name: String,
    value: Value,
    lines: yaml::Lines,
    /// Keys that stand twice, each with its line: the first of them counts.
    repeated: Vec<(usize, String)>,
    /// Where it does not fit the schema that it was checked against.
    misfits: Vec<shape::Misfit>,
}

impl Document {
    /// Parses a YAML (or JSON) text.
    ///
    /// # Errors
    /// Where the text is not YAML, or uses what content files do not need (aliases, tags, several documents). Nothing
    /// behind that place can be told. Keys that stand twice are reported by [`Document::checked`].
    pub fn read(name: &str, text: &str) -> Result<Self, Problem> {
        let parsed = yaml::parse(text).map_err(|(line, message)| Problem {
            file: name.to_owned(),
            line: Some(line),
            id: None,
            message,
        })?;
        let yaml::Parsed { value, lines, repeated } = parsed;
        Ok(Self { name: name.to_owned(), value, lines, repeated, misfits: Vec::new() })
    }

    /// The file's name, as it was given to [`Document::read`].
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The line, counted from 1, of the value that a JSON Pointer leads to, or of the nearest one around it.
    #[must_use]
    pub fn line(&self, pointer: &str) -> usize {
        self.lines.at(pointer)
    }

    /// A problem at the value that a JSON Pointer leads to.
    #[must_use]
    pub fn problem(&self, pointer: &str, message: impl Into<String>) -> Problem {
        Problem {
            file: self.name.clone(),
            line: Some(self.line(pointer)),
            id: self.id_around(pointer),
            message: message.into(),
        }
    }

    /// The `id` of the nearest object around a value.
    fn id_around(&self, pointer: &str) -> Option<String> {
        around(pointer).find_map(|pointer| {
            self.value.pointer(pointer)?.as_object()?.get("id")?.as_str().map(str::to_owned)
        })
    }
}

/// A JSON Pointer and those of everything around it, nearest first.
fn around(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |pointer| pointer.rsplit_once('/').map(|(outer, _)| outer))
}
