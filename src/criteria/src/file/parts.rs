//! A file taken apart, so that each entry is read on its own.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Document, Problem};

/// The JSON Pointer of a member of the object at `pointer`.
pub(super) fn member(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The key that the last part of a JSON Pointer stands for.
pub(super) fn unescaped(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

impl Document {
    /// The value at a pointer, if it is there and can be read as a `T`.
    ///
    /// What does not fit the schema was reported by [`Document::checked`]; what fits it and cannot be read (a number
    /// out of range) is added to `problems`, so that nothing is lost in silence.
    pub fn part<'d, T: Deserialize<'d>>(&'d self, pointer: &str, problems: &mut Vec<Problem>) -> Option<T> {
        let read = T::deserialize(self.value(pointer)?);
        read.map_err(|error| self.report_unreadable(pointer, &error, problems)).ok()
    }

    /// As [`Document::part`], but for one member, which is read on its own: the object as if it were not there.
    pub fn part_without<T>(&self, pointer: &str, key: &str, problems: &mut Vec<Problem>) -> Option<T>
    where
        T: for<'v> Deserialize<'v>,
    {
        let mut object: Map<String, Value> = self.value(pointer)?.as_object()?.clone();
        object.shift_remove(key);
        let read = T::deserialize(&Value::Object(object));
        read.map_err(|error| self.report_unreadable(pointer, &error, problems)).ok()
    }

    fn report_unreadable(&self, pointer: &str, error: &serde_json::Error, problems: &mut Vec<Problem>) {
        let is_reported = self.misfits.iter().any(|misfit| {
            misfit.pointer.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if !is_reported {
            problems.push(self.problem(pointer, error.to_string()));
        }
    }

    /// The value at a pointer.
    #[must_use]
    pub fn value(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    /// The text at a pointer, if there is one.
    #[must_use]
    pub fn text(&self, pointer: &str) -> Option<&str> {
        self.value(pointer)?.as_str()
    }

    /// The pointers of the entries of a list, in its order; none where there is no list.
    #[must_use]
    pub fn entries(&self, pointer: &str) -> Vec<String> {
        let count = self.value(pointer).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).map(|place| format!("{pointer}/{place}")).collect()
    }

    /// The members of an object: key, pointer and value of each; none where there is no object.
    pub fn members(&self, pointer: &str) -> impl Iterator<Item = (&str, String, &Value)> {
        let object = self.value(pointer).and_then(Value::as_object);
        let members = object.into_iter().flatten();
        members.map(move |(key, value)| (key.as_str(), member(pointer, key), value))
    }

    /// Whether an entry of a list has this `id`, or may have it: an entry whose id cannot be read, or a list whose
    /// key may be misspelt, is reported for that and for nothing that follows from it.
    #[must_use]
    pub fn may_declare(&self, list: &str, id: &str) -> bool {
        match self.value(list) {
            Some(Value::Array(entries)) => {
                let own = |entry: &Value| entry.get("id").and_then(Value::as_str).map(str::to_owned);
                entries.iter().any(|entry| own(entry).is_none_or(|own| own == id))
            }
            Some(_) => true,
            None => list.rsplit_once('/').is_some_and(|(outer, _)| self.has_unknown_key(outer)),
        }
    }

    /// Whether the object at a pointer has a key that the schema does not know: it may stand for what the object lacks.
    #[must_use]
    pub fn has_unknown_key(&self, pointer: &str) -> bool {
        let outer = |misfit: &super::shape::Misfit| {
            misfit.pointer.rsplit_once('/').is_some_and(|(outer, _)| outer == pointer)
        };
        self.misfits.iter().any(|misfit| misfit.is_unknown_key && outer(misfit))
    }
}
