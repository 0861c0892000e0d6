//! A JSON object of a token: every member once, values untouched until they are asked for.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::denial::Denial;

/// The longest text of a member that is looked at, in bytes.
const LONGEST_TEXT: usize = 2048;

/// The members of an object by name. One that stands twice would be read by others as we do not.
pub(super) struct Members<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Members<'a> {
    /// Reads an object; `part` names it in the denial.
    pub(super) fn read(json: &'a [u8], part: &'static str) -> Result<Self, Denial> {
        serde_json::from_slice(json).map_err(|_| Denial::NotAnObject(part))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn raw(&self, name: &'static str) -> Option<&'a str> {
        self.0.get(name).map(|raw| raw.get())
    }

    /// A string that is neither empty nor endless, if it is there.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<String>, Denial> {
        self.raw(name).map(|raw| text(raw).ok_or(Denial::Malformed(name))).transpose()
    }

    /// A string that has to be there.
    pub(super) fn needed_text(&self, name: &'static str) -> Result<String, Denial> {
        self.text(name)?.ok_or(Denial::Missing(name))
    }

    /// A `NumericDate` (RFC 7519, section 2): seconds since 1970, with or without a fraction.
    pub(super) fn seconds(&self, name: &'static str) -> Result<Option<f64>, Denial> {
        let number = |raw: &str| serde_json::from_str::<f64>(raw).ok().filter(|number| number.is_finite());
        self.raw(name).map(|raw| number(raw).ok_or(Denial::Malformed(name))).transpose()
    }

    /// A date that has to be there.
    pub(super) fn needed_seconds(&self, name: &'static str) -> Result<f64, Denial> {
        self.seconds(name)?.ok_or(Denial::Missing(name))
    }
}

/// A JSON string.
pub(super) fn text(raw: &str) -> Option<String> {
    let text: String = serde_json::from_str(raw).ok()?;
    (1..=LONGEST_TEXT).contains(&text.len()).then_some(text)
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = BTreeMap<String, &'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a member stands twice"));
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Each).map(Members)
    }
}
