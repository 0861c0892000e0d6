//! One pass over the body: its syntax is checked and it is taken apart, two levels where the second is needed.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};

use super::{
    bad_request::{Fault, Problem},
    members::Members,
    prefetched::{Prefetched, Values},
    text::Text,
};

/// The body as a whole, for paths.
const BODY: &str = "$this";

/// The body taken apart, with `context` and `prefetch` opened.
#[derive(Debug)]
pub(super) struct Envelope<'a, P> {
    pub(super) members: Members<'a>,
    pub(super) context: Opened<Members<'a>>,
    pub(super) prefetch: Opened<Values<'a, P>>,
}

/// A member that is an object, taken apart; `None` where it is absent or `null`.
type Opened<T> = Option<Result<T, Fault>>;

impl<'a, P: Prefetched<'a>> Envelope<'a, P> {
    /// Takes a body apart, in one pass where nothing is wrong: a prefetch may be a megabyte.
    ///
    /// # Errors
    /// The body is no JSON object.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Fault> {
        let body = std::str::from_utf8(body).map_err(|_| Fault::new(BODY, Problem::NotUtf8))?;
        let mut envelope = Self { members: Members::default(), context: None, prefetch: None };
        let mut json = serde_json::Deserializer::from_str(body);
        match envelope.fill(&mut json) {
            Ok(()) => Ok(envelope),
            // Serde stops at what it cannot open, and its errors quote the body and know no path; a prefetched value
            // that cannot be read is no fault of the request.
            Err(_) => Self::read_apart(body),
        }
    }

    fn fill(
        &mut self,
        json: &mut serde_json::Deserializer<serde_json::de::StrRead<'a>>,
    ) -> serde_json::Result<()> {
        DeserializeSeed::deserialize(&mut *self, &mut *json)?;
        json.end()
    }

    /// Takes a body apart in which something is wrong, member by member.
    fn read_apart(body: &'a str) -> Result<Self, Fault> {
        let members: Members<'a> = serde_json::from_str(body).map_err(|error| no_object(&error))?;
        let context = members.object("context").transpose();
        let prefetch = members.object("prefetch").map(|opened| opened.map(Values::read)).transpose();
        Ok(Self { members, context, prefetch })
    }
}

fn no_object(error: &serde_json::Error) -> Fault {
    if error.is_data() {
        return Fault::new(BODY, Problem::MustBe("an object"));
    }
    Fault::new(BODY, Problem::NotJson { line: error.line(), column: error.column() })
}

/// Opens a member; one that was seen before stops the pass. An explicit `null` reads as absent.
fn open<'a, T: Deserialize<'a>, A: MapAccess<'a>>(
    seen: &mut bool,
    map: &mut A,
) -> Result<Opened<T>, A::Error> {
    if std::mem::replace(seen, true) {
        return Err(A::Error::custom("repeated"));
    }
    map.next_value::<Option<T>>().map(|opened| opened.map(Ok))
}

impl<'de, P: Prefetched<'de>> DeserializeSeed<'de> for &mut Envelope<'de, P> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, P: Prefetched<'de>> Visitor<'de> for &mut Envelope<'de, P> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let (mut has_context, mut has_prefetch) = (false, false);
        while let Some(Text(name)) = map.next_key()? {
            match name.as_ref() {
                "context" => self.context = open(&mut has_context, &mut map)?,
                "prefetch" => self.prefetch = open(&mut has_prefetch, &mut map)?,
                _ => self.members.0.push((name, map.next_value()?)),
            }
        }
        Ok(())
    }
}
