//! Reading settings one by one: what is asked for is known, what is left over is not, and nothing stops at an error.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::problem::Problem;
use super::table::{Entry, Table, Value};
use super::told::Told;

/// What all sections of one configuration share.
pub(super) struct Reading<'t> {
    told: &'t Told,
    /// Name of the file, for messages.
    file: String,
    problems: RefCell<Vec<Problem>>,
    /// Every setting that was asked for, without places in lists: `client.iss`.
    keys: RefCell<BTreeSet<String>>,
    /// Every variable that was looked for.
    variables: RefCell<BTreeSet<String>>,
}

impl<'t> Reading<'t> {
    pub(super) fn of(told: &'t Told) -> (Self, Table) {
        let file =
            told.file.as_ref().map_or_else(|| "configuration".into(), |file| file.path.display().to_string());
        let text = told.file.as_ref().map_or("", |file| file.text.as_str());
        let (table, problems) = Table::read(&file, text);
        (
            Self {
                told,
                file,
                problems: RefCell::new(problems),
                keys: RefCell::default(),
                variables: RefCell::default(),
            },
            table,
        )
    }

    /// What is wrong, and every setting there is. Variables that no setting asked for are wrong too.
    pub(super) fn end(self) -> (Vec<Problem>, BTreeSet<String>) {
        let known = self.variables.into_inner();
        let unknown =
            self.told.variables.iter().filter(|(name, _)| !known.contains(name)).map(|(name, _)| {
                let message = "is no setting".to_owned();
                Problem { source: name.clone(), key: String::new(), message }
            });
        let mut problems = self.problems.into_inner();
        problems.extend(unknown);
        (problems, self.keys.into_inner())
    }

    fn folder(&self) -> &Path {
        self.told.file.as_ref().and_then(|file| file.path.parent()).unwrap_or(Path::new(""))
    }

    fn line(&self, line: usize) -> String {
        if self.told.file.is_some() { format!("{}:{line}", self.file) } else { self.file.clone() }
    }
}

/// The variable of a setting: `SIGNPOST_EHR_DEADLINE_MS` for `ehr.deadline_ms`.
fn variable(key: &str) -> String {
    format!("SIGNPOST_{}", key.replace('.', "_").to_ascii_uppercase())
}

/// A table of the file, with the flags and variables that stand before it.
pub(super) struct Section<'r> {
    reading: &'r Reading<'r>,
    table: Option<&'r Table>,
    /// `ehr.`, `client[0].`; empty at the top.
    path: String,
    /// The same without places: `client.`.
    family: String,
    asked: RefCell<BTreeSet<String>>,
}

impl<'r> Section<'r> {
    /// The top of the file.
    pub(super) fn top(reading: &'r Reading<'r>, table: &'r Table) -> Self {
        let asked = RefCell::default();
        Self { reading, table: Some(table), path: String::new(), family: String::new(), asked }
    }

    /// The table with this name; an empty one where it is not there.
    pub(super) fn section(&self, key: &str) -> Self {
        let table = match self.entry(key) {
            Some(Entry { value: Value::Table(table), .. }) => Some(table),
            Some(entry) => {
                self.say(self.reading.line(entry.line), key, "must be a table");
                None
            }
            None => None,
        };
        self.below(table, key, key)
    }

    /// The tables of a list.
    pub(super) fn sections(&self, key: &str) -> Vec<Self> {
        let tables = match self.entry(key) {
            Some(Entry { value: Value::Tables(tables), .. }) => tables.as_slice(),
            Some(Entry { value: Value::List(list), .. }) if list.is_empty() => &[],
            Some(entry) => {
                self.say(self.reading.line(entry.line), key, &format!("must be tables: `[[{key}]]`"));
                &[]
            }
            None => &[],
        };
        let sections = tables.iter().enumerate();
        sections.map(|(place, table)| self.below(Some(table), &format!("{key}[{place}]"), key)).collect()
    }

    fn below(&self, table: Option<&'r Table>, path: &str, family: &str) -> Self {
        let (path, family) = (format!("{}{path}.", self.path), format!("{}{family}.", self.family));
        Self { reading: self.reading, table, path, family, asked: RefCell::default() }
    }

    /// Whether the file, a variable or a flag says anything of this section.
    pub(super) fn is_there(&self) -> bool {
        let is_below = |key: &str| key.starts_with(&self.path);
        let prefix = variable(&self.path);
        self.table.is_some()
            || self.reading.told.flags.iter().any(|flag| is_below(flag.key))
            || self.reading.told.variables.iter().any(|(name, _)| name.starts_with(&prefix))
    }

    /// A string that can be read as a `T`.
    pub(super) fn parsed<T, E: Display>(&self, key: &str, read: impl Fn(&str) -> Result<T, E>) -> Option<T> {
        self.read(key, |value| match value {
            Value::Text(text) => read(text).map_err(|error| error.to_string()),
            Value::Words(words) => words.last().map_or_else(
                || Err("must have a value".to_owned()),
                |word| read(word).map_err(|error| error.to_string()),
            ),
            _ => Err("must be a string".to_owned()),
        })
    }

    /// A string that is not empty.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.parsed(key, not_empty)
    }

    /// A path: in the file it starts from the file's folder, elsewhere from where the service is started.
    pub(super) fn path(&self, key: &str) -> Option<PathBuf> {
        let is_in_file = self.given(key).is_none();
        let path = PathBuf::from(self.text(key)?);
        Some(if is_in_file { self.reading.folder().join(path) } else { path })
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy>(&self, key: &str, choices: &[(&str, T)]) -> Option<T> {
        self.parsed(key, |text| choose(text, choices))
    }

    /// Strings, each of which can be read as a `T`; none where the setting is not there.
    pub(super) fn list<T, E: Display>(&self, key: &str, read: impl Fn(&str) -> Result<T, E>) -> Vec<T> {
        let list = self.read(key, |value| {
            let texts: Vec<&str> = match value {
                Value::List(list) => list.iter().map(String::as_str).collect(),
                Value::Words(words) => words.iter().flat_map(|word| word.split(',')).map(str::trim).collect(),
                _ => return Err("must be a list of strings".to_owned()),
            };
            texts.into_iter().map(|text| read(text).map_err(|error| error.to_string())).collect()
        });
        list.unwrap_or_default()
    }

    /// A whole number of a range.
    pub(super) fn integer(&self, key: &str, range: RangeInclusive<u64>) -> Option<u64> {
        self.whole(key, |integer| {
            let error = || format!("must be a whole number from {} to {}", range.start(), range.end());
            if range.contains(&integer) { Ok(integer) } else { Err(error()) }
        })
    }

    /// A whole number that can be read as a `T`.
    pub(super) fn whole<T, E: Display>(&self, key: &str, read: impl Fn(u64) -> Result<T, E>) -> Option<T> {
        self.read(key, |value| {
            let integer = match value {
                Value::Integer(integer) => u64::try_from(*integer).ok(),
                Value::Words(words) => words.last().and_then(|word| word.parse().ok()),
                _ => None,
            };
            let integer = integer.ok_or_else(|| "must be a whole number".to_owned())?;
            read(integer).map_err(|error| error.to_string())
        })
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self, key: &str) -> Option<bool> {
        self.read(key, |value| match value {
            Value::Boolean(boolean) => Ok(*boolean),
            Value::Words(words) => words
                .last()
                .and_then(|word| word.parse().ok())
                .ok_or_else(|| "must be `true` or `false`".to_owned()),
            _ => Err("must be `true` or `false`".to_owned()),
        })
    }

    /// Asks for a setting; what is wrong with it is noted.
    fn read<T>(&self, key: &str, read: impl FnOnce(&Value) -> Result<T, String>) -> Option<T> {
        let entry = self.entry(key);
        let given = self.given(key);
        let (source, value) = match (&given, entry) {
            (Some((source, words)), _) => (source.clone(), words),
            (None, Some(entry)) => (self.reading.line(entry.line), &entry.value),
            (None, None) => return None,
        };
        read(value).map_err(|message| self.say(source, key, &message)).ok()
    }

    fn entry(&self, key: &str) -> Option<&'r Entry> {
        self.asked.borrow_mut().insert(key.to_owned());
        self.reading.keys.borrow_mut().insert(format!("{}{key}", self.family));
        if self.path == self.family {
            self.reading.variables.borrow_mut().insert(variable(&format!("{}{key}", self.path)));
        }
        self.table.and_then(|table| table.entries.get(key))
    }

    /// What a flag, or else a variable, says. Neither names an entry of a list. A variable without text says nothing.
    fn given(&self, key: &str) -> Option<(String, Value)> {
        if self.path != self.family {
            return None;
        }
        let (told, key) = (self.reading.told, format!("{}{key}", self.path));
        let flag = told.flags.iter().find(|flag| flag.key == key);
        let flag = flag.map(|flag| (flag.name.to_owned(), Value::Words(flag.values.clone())));
        flag.or_else(|| {
            let name = variable(&key);
            let said = told.variables.iter().find(|(known, _)| *known == name)?;
            let text = Some(said.1.reveal()).filter(|text| !text.is_empty())?;
            Some((name, Value::Words(vec![text.to_owned()])))
        })
    }

    /// Whether a setting is given, right or wrong.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entry(key).is_some() || self.given(key).is_some()
    }

    /// Notes that a setting is missing, if nothing was said of it.
    pub(super) fn needs(&self, key: &str, why: &str) {
        if !self.has(key) {
            self.wrong(key, &format!("is missing: {why}"));
        }
    }

    /// Notes what is wrong with a setting.
    pub(super) fn wrong(&self, key: &str, message: &str) {
        let source = self.given(key).map(|(source, _)| source).unwrap_or_else(|| {
            let line = self.entry(key).map(|entry| entry.line).or(self.table.map(|table| table.line));
            self.reading.line(line.unwrap_or(1))
        });
        self.say(source, key, message);
    }

    fn say(&self, source: String, key: &str, message: &str) {
        let problem = Problem { source, key: format!("{}{key}", self.path), message: message.to_owned() };
        self.reading.problems.borrow_mut().push(problem);
    }

    /// Notes everything that nothing asked for.
    pub(super) fn end(self) {
        let asked = self.asked.borrow();
        let entries = self.table.iter().flat_map(|table| &table.entries);
        for (key, entry) in entries.filter(|(key, _)| !asked.contains(*key)) {
            self.say(self.reading.line(entry.line), key, "is no setting");
        }
    }
}

/// Any text but none.
pub(super) fn not_empty(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() { Err("must not be empty") } else { Ok(text.to_owned()) }
}

/// One of a few words.
pub(super) fn choose<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    choices.iter().find(|(name, _)| *name == text).map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<String> = choices.iter().map(|(name, _)| format!("`{name}`")).collect();
        format!("must be one of {}", names.join(", "))
    })
}
