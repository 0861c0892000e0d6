//! A TOML file as tables in which every entry knows its line.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::problem::Problem;

/// A table of the file.
#[derive(Default)]
pub(super) struct Table {
    /// The line of its header.
    pub(super) line: usize,
    pub(super) entries: BTreeMap<String, Entry>,
}

/// A value and where it stands.
pub(super) struct Entry {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// What a setting may be, wherever it comes from. No `Debug`: it may be a secret.
pub(super) enum Value {
    /// A string of the file.
    Text(String),
    /// A flag's values or a variable: its setting says how to read them.
    Words(Vec<String>),
    Integer(i64),
    Boolean(bool),
    /// Strings.
    List(Vec<String>),
    Table(Table),
    Tables(Vec<Table>),
    /// Of a type that no setting has.
    Other,
}

impl Table {
    /// Reads a file as far as it can be read, and says what is wrong with its syntax. The messages hold no value of the
    /// file: it may be a secret.
    pub(super) fn read(name: &str, text: &str) -> (Self, Vec<Problem>) {
        let (document, errors) = DeTable::parse_recoverable(text);
        let problems = errors.iter().map(|error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            Problem {
                source: format!("{name}:{line}"),
                key: String::new(),
                message: error.message().to_owned(),
            }
        });
        (table(text, document.get_ref(), 1), problems.collect())
    }
}

fn table(text: &str, table: &DeTable<'_>, line: usize) -> Table {
    let entries = table.iter().map(|(key, value)| {
        let line = line_of(text, key.span().start);
        (key.get_ref().to_string(), Entry { line, value: self::value(text, value) })
    });
    Table { line, entries: entries.collect() }
}

fn value(text: &str, value: &Spanned<DeValue<'_>>) -> Value {
    match value.get_ref() {
        DeValue::String(string) => Value::Text(string.to_string()),
        DeValue::Integer(integer) => {
            i64::from_str_radix(integer.as_str(), integer.radix()).map_or(Value::Other, Value::Integer)
        }
        DeValue::Boolean(boolean) => Value::Boolean(*boolean),
        DeValue::Array(array) => list(text, array),
        DeValue::Table(inner) => Value::Table(table(text, inner, line_of(text, value.span().start))),
        DeValue::Float(_) | DeValue::Datetime(_) => Value::Other,
    }
}

/// Strings or tables; an empty list is one of strings.
fn list(text: &str, array: &DeArray<'_>) -> Value {
    let strings = array.iter().map(|item| match item.get_ref() {
        DeValue::String(string) => Some(string.to_string()),
        _ => None,
    });
    if let Some(strings) = strings.collect() {
        return Value::List(strings);
    }
    let tables = array.iter().map(|item| match item.get_ref() {
        DeValue::Table(inner) => Some(table(text, inner, line_of(text, item.span().start))),
        _ => None,
    });
    tables.collect::<Option<Vec<Table>>>().map_or(Value::Other, Value::Tables)
}

/// The line of a byte, counted from 1.
fn line_of(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}
