//! What the sender has for one search.

use std::borrow::Cow;
use std::fmt;

use hooks::Prefetched;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::fhir::{Bundle, Resource, Text};

/// A prefetched value, taken apart. In the pass over the body where it begins with its `resourceType`, as servers
/// write it, and all that is in it can be read; else on its own.
#[derive(Debug)]
pub enum Sent<'a> {
    /// `null`: the sender looked, and has nothing.
    Nothing,
    /// A Bundle.
    Bundle(Bundle<'a>),
    /// Any other resource.
    Single(Resource<'a>),
    /// An object that cannot be read as a resource.
    Unreadable,
    /// No object at all.
    NoResource,
}

impl<'a> Prefetched<'a> for Sent<'a> {
    fn read(raw: &'a RawValue) -> Self {
        match raw.get() {
            "null" => Self::Nothing,
            json if !json.starts_with('{') => Self::NoResource,
            _ => match Bundle::read(raw) {
                Ok(bundle) if bundle.resource_type.is("Bundle") => Self::Bundle(bundle),
                _ => Resource::read(raw).map_or(Self::Unreadable, Self::Single),
            },
        }
    }

    fn is_resource_or_null(&self) -> bool {
        !matches!(self, Self::NoResource)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Sent<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SentVisitor)
    }
}

struct SentVisitor;

impl<'de> Visitor<'de> for SentVisitor {
    type Value = Sent<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a resource or null")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Sent::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if map.next_key::<&'de str>()? != Some("resourceType") {
            return Err(A::Error::custom("resourceType is not the first member"));
        }
        let kind: &'de str = map.next_value()?;
        let resource_type = Text::from(kind);
        if resource_type.is("Bundle") {
            return Bundle::rest(resource_type, map).map(Sent::Bundle);
        }
        Resource::rest(Cow::Borrowed(kind), map).map(Sent::Single)
    }
}
