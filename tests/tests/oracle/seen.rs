//! What a view has read, in a form that can be held against JSON.

use std::collections::BTreeSet;

use ehr::fhir::{Flag, Later, Many, NumberText, One, Raw, Text};
use serde_json::{Number, Value};

/// One value as a view has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    Absent,
    Text(String),
    Flag(bool),
    /// As it was written.
    Number(String),
    /// Name of the view, and its members by their FHIR names.
    Object(&'static str, Vec<(String, Seen)>),
    Many(Vec<Seen>),
    /// Kept as JSON.
    Unread(Value),
}

pub trait See {
    fn see(&self) -> Seen;
}

impl See for Text<'_> {
    fn see(&self) -> Seen {
        self.get().map_or(Seen::Absent, |text| Seen::Text(text.to_owned()))
    }
}

impl See for Flag {
    fn see(&self) -> Seen {
        self.0.map_or(Seen::Absent, Seen::Flag)
    }
}

impl See for NumberText<'_> {
    fn see(&self) -> Seen {
        self.get().map_or(Seen::Absent, |text| Seen::Number(text.to_owned()))
    }
}

impl See for Raw<'_> {
    fn see(&self) -> Seen {
        self.map_or(Seen::Absent, |raw| Seen::Unread(serde_json::from_str(raw.get()).unwrap()))
    }
}

impl<T: See> See for One<T> {
    fn see(&self) -> Seen {
        self.get().map_or(Seen::Absent, See::see)
    }
}

impl<T: See> See for Box<T> {
    fn see(&self) -> Seen {
        T::see(self)
    }
}

impl<'a, T: See + Default + serde::Deserialize<'a>> See for Later<'a, T> {
    fn see(&self) -> Seen {
        self.read().see()
    }
}

impl<T: See> See for Many<T> {
    fn see(&self) -> Seen {
        let items: Vec<Seen> = self.iter().map(See::see).collect();
        if items.is_empty() { Seen::Absent } else { Seen::Many(items) }
    }
}

/// Where a view and the oracle differ, and which members were there to be compared.
#[derive(Debug, Default)]
pub struct Comparison {
    pub differences: Vec<String>,
    /// `View.member`.
    pub compared: BTreeSet<String>,
}

impl Comparison {
    /// Compares what a view has seen with what the oracle has read in the same place.
    pub fn compare(&mut self, path: &str, seen: &Seen, read: Option<&Value>) {
        match (seen, read) {
            (Seen::Absent, None) => {}
            // White space around a text means nothing, so a blank text is none.
            (Seen::Absent, Some(Value::String(text))) if text.trim().is_empty() => {}
            (Seen::Text(text), Some(Value::String(read))) if text == read.trim() => {}
            (Seen::Flag(flag), Some(Value::Bool(read))) if flag == read => {}
            (Seen::Number(text), Some(Value::Number(read))) if same_number(text, read) => {}
            (Seen::Unread(value), Some(read)) if value == read => {}
            (Seen::Object(view, members), Some(Value::Object(read))) => {
                for (name, member) in members {
                    if *member != Seen::Absent {
                        self.compared.insert(format!("{view}.{name}"));
                    }
                    self.compare(&format!("{path}.{name}"), member, read.get(name));
                }
            }
            (Seen::Many(items), Some(Value::Array(read))) => {
                // A string of an array that has only an id or extension stands as `null`.
                let read: Vec<&Value> = read.iter().filter(|item| !item.is_null()).collect();
                if items.len() != read.len() {
                    self.differences.push(format!("{path}: {} seen, {} read", items.len(), read.len()));
                }
                for (place, (item, read)) in items.iter().zip(read).enumerate() {
                    self.compare(&format!("{path}[{place}]"), item, Some(read));
                }
            }
            // Later versions of FHIR have many where R4 has one.
            (Seen::Many(items), Some(read)) if items.len() == 1 => self.compare(path, &items[0], Some(read)),
            _ => self.differences.push(format!("{path}: {seen:?} seen, {read:?} read")),
        }
    }
}

/// Digit for digit; only the spelling of an exponent (`E3`, `e+3`) may differ.
fn same_number(text: &str, read: &Number) -> bool {
    text.parse::<Number>().is_ok_and(|seen| seen.to_string() == read.to_string())
}
