//! What becomes of a prefetched resource while the body is read: it may stay raw, or be read in the same pass.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{members::Members, text::Text};

/// A value of `prefetch` as the service wants it. Reading one in the pass over the body may fail, and then the body is
/// read once more, this time with [`Prefetched::read`].
pub trait Prefetched<'a>: Deserialize<'a> {
    /// Takes a value that is any JSON at all.
    fn read(raw: &'a RawValue) -> Self;

    /// Whether it is an object or `null`: what a client may send.
    fn is_resource_or_null(&self) -> bool;
}

/// Left unread.
impl<'a> Prefetched<'a> for &'a RawValue {
    fn read(raw: &'a RawValue) -> Self {
        raw
    }

    fn is_resource_or_null(&self) -> bool {
        self.get().starts_with('{') || self.get() == "null"
    }
}

/// The values of `prefetch` by key, in document order.
#[derive(Debug)]
pub(super) struct Values<'a, P>(pub(super) Vec<(Cow<'a, str>, P)>);

impl<'a, P: Prefetched<'a>> Values<'a, P> {
    pub(super) fn read(members: Members<'a>) -> Self {
        Self(members.0.into_iter().map(|(key, raw)| (key, P::read(raw))).collect())
    }
}

impl<'de, P: Deserialize<'de>> Deserialize<'de> for Values<'de, P> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValuesVisitor(PhantomData))
    }
}

struct ValuesVisitor<P>(PhantomData<P>);

impl<'de, P: Deserialize<'de>> Visitor<'de> for ValuesVisitor<P> {
    type Value = Values<'de, P>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        // Room for what discovery asks for, so that nothing is moved while it grows.
        let mut values = Vec::with_capacity(24);
        while let Some((Text(key), value)) = map.next_entry()? {
            values.push((key, value));
        }
        Ok(Values(values))
    }
}
