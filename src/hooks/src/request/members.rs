//! The members of a JSON object, in document order, their values unread.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{
    bad_request::{Fault, Problem},
    prefetched::Values,
    text::text,
};

/// A JSON object taken apart one level deep.
#[derive(Debug, Clone, Default)]
pub(super) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// The value of the member `name` of the object at `path`; `null` counts as absent.
    ///
    /// # Errors
    /// `Repeated` when the member occurs twice: a patient given twice is no patient.
    pub(super) fn get(&self, path: &str, name: &str) -> Result<Option<&'a RawValue>, Fault> {
        let mut named = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| *value);
        let first = named.next();
        if named.next().is_some() {
            return Err(Fault::new(join(path, name), Problem::Repeated));
        }
        Ok(first.filter(|value| value.get() != "null"))
    }

    /// As [`Members::get`], for a member that must be there.
    pub(super) fn required(&self, path: &str, name: &str) -> Result<&'a RawValue, Fault> {
        self.get(path, name)?.ok_or_else(|| Fault::new(join(path, name), Problem::Missing))
    }

    /// A string member that may be absent; an empty string says nothing and counts as absent.
    pub(super) fn text(&self, path: &str, name: &str) -> Result<Option<Cow<'a, str>>, Fault> {
        let Some(raw) = self.get(path, name)? else { return Ok(None) };
        let text = text(raw).ok_or_else(|| Fault::new(join(path, name), Problem::MustBe("a string")))?;
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }

    /// A string member that must be there and say something.
    pub(super) fn required_text(&self, path: &str, name: &str) -> Result<Cow<'a, str>, Fault> {
        self.text(path, name)?.ok_or_else(|| Fault::new(join(path, name), Problem::Missing))
    }

    /// The object that the member `name` of the body is, taken apart.
    pub(super) fn object(&self, name: &str) -> Result<Option<Members<'a>>, Fault> {
        let Some(raw) = self.get("", name)? else { return Ok(None) };
        let opened = serde_json::from_str(raw.get());
        opened.map(Some).map_err(|_| Fault::new(name, Problem::MustBe("an object")))
    }
}

/// `name` below `path`; the body itself has the empty path.
fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Values::deserialize(deserializer).map(|values| Self(values.0))
    }
}
