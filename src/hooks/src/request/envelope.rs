//! One pass over the body: its syntax is checked and it is taken apart, two levels where the second is needed.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor},
};

use super::{
    bad_request::{BadRequest, Problem},
    members::Members,
    text::Text,
};

/// The body as a whole, for paths.
const BODY: &str = "$this";

/// The body taken apart. `context` and `prefetch` are opened in the same pass, because a prefetch may be a
/// megabyte and is walked only once.
#[derive(Debug)]
pub(super) struct Envelope<'a> {
    pub(super) members: Members<'a>,
    pub(super) context: Option<Members<'a>>,
    pub(super) prefetch: Option<Members<'a>>,
    /// Where the pass is: serde errors quote the body and know no path, so they are never passed on.
    at: &'static str,
    repeated: bool,
}

impl<'a> Envelope<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, BadRequest> {
        let body = std::str::from_utf8(body).map_err(|_| BadRequest::new(BODY, Problem::NotUtf8))?;
        let mut envelope =
            Self { members: Members::default(), context: None, prefetch: None, at: BODY, repeated: false };
        let mut json = serde_json::Deserializer::from_str(body);
        match envelope.fill(&mut json) {
            Ok(()) => Ok(envelope),
            Err(error) => Err(envelope.refuse(&error)),
        }
    }

    fn fill(
        &mut self,
        json: &mut serde_json::Deserializer<serde_json::de::StrRead<'a>>,
    ) -> serde_json::Result<()> {
        DeserializeSeed::deserialize(&mut *self, &mut *json)?;
        json.end()
    }

    fn refuse(&self, error: &serde_json::Error) -> BadRequest {
        if self.repeated {
            BadRequest::new(self.at, Problem::Repeated)
        } else if error.is_data() {
            BadRequest::new(self.at, Problem::MustBe("an object"))
        } else {
            BadRequest::new(BODY, Problem::NotJson { line: error.line(), column: error.column() })
        }
    }

    /// Opens the member `name`. An explicit `null` reads as absent.
    fn open<A: MapAccess<'a>>(
        &mut self,
        name: &'static str,
        seen: bool,
        map: &mut A,
    ) -> Result<Option<Members<'a>>, A::Error> {
        self.at = name;
        self.repeated = seen;
        if seen {
            return Err(A::Error::custom("repeated"));
        }
        let opened = map.next_value()?;
        self.at = BODY;
        Ok(opened)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Envelope<'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut Envelope<'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = map.next_key()? {
            match name.as_ref() {
                "context" => self.context = self.open("context", self.context.is_some(), &mut map)?,
                "prefetch" => self.prefetch = self.open("prefetch", self.prefetch.is_some(), &mut map)?,
                _ => self.members.0.push((name, map.next_value()?)),
            }
        }
        Ok(())
    }
}
