//! The type of a resource that is still raw JSON.

use std::{borrow::Cow, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::text::{Text, text};

/// The `resourceType` of a raw resource; `None` if it is no object or has none.
///
/// Reads no further than that member, which is nearly always the first one.
#[must_use]
pub fn resource_type(resource: &RawValue) -> Option<Cow<'_, str>> {
    let mut found = None;
    let mut json = serde_json::Deserializer::from_str(resource.get());
    // Leaving the object early is an error to serde_json, and no news: the syntax was checked before.
    let _ = FirstResourceType(&mut found).deserialize(&mut json);
    found.and_then(text)
}

struct FirstResourceType<'s, 'a>(&'s mut Option<&'a RawValue>);

impl<'de> DeserializeSeed<'de> for FirstResourceType<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for FirstResourceType<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a resource")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = map.next_key()? {
            if name == "resourceType" {
                *self.0 = Some(map.next_value()?);
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
