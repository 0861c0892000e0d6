//! FHIR R4 datatypes, as far as they are read.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::lenient::{Flag, Many, NumberText, One, Raw, Text, object_items, pass_over};

/// `Coding`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Coding<'a> {
    /// Code system URI.
    #[serde(borrow)]
    pub system: Text<'a>,
    /// The code.
    #[serde(borrow)]
    pub code: Text<'a>,
    /// What the code means, as the sender shows it.
    #[serde(borrow)]
    pub display: Text<'a>,
}

/// `CodeableConcept`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Concept<'a> {
    /// Codings of one meaning.
    #[serde(borrow)]
    pub coding: Many<Coding<'a>>,
    /// Plain text.
    #[serde(borrow)]
    pub text: Text<'a>,
}

impl Concept<'_> {
    /// Whether its text or a display has one of these words (lower case, ASCII), in any case.
    pub(crate) fn says_one_of(&self, words: &[&str]) -> bool {
        let displays = self.coding.iter().filter_map(|coding| coding.display.get());
        let mut texts = self.text.get().into_iter().chain(displays);
        texts.any(|text| {
            let mut said = text.split(|char: char| !char.is_alphanumeric());
            said.any(|said| words.iter().any(|word| said.eq_ignore_ascii_case(word)))
        })
    }

    /// Whether words say what it is: more than a code written out.
    #[must_use]
    pub fn has_words(&self) -> bool {
        let is_code = |words: &str| self.coding.iter().any(|coding| coding.code.is(words));
        let displays = self.coding.iter().filter_map(|coding| coding.display.get());
        let mut words = self.text.get().into_iter().chain(displays);
        words.any(|words| words.contains(char::is_alphabetic) && !is_code(words))
    }

    /// The words for the eye: text, else the first display, else the first code.
    #[must_use]
    pub fn shown(&self) -> Option<&str> {
        self.text
            .get()
            .or_else(|| self.coding.iter().find_map(|coding| coding.display.get()))
            .or_else(|| self.coding.iter().find_map(|coding| coding.code.get()))
    }
}

/// Reads a status: a `CodeableConcept`, or the plain code that it was before R4, which then stands in the text. A
/// `refuted` must not be passed over.
pub(super) fn stated<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<One<Concept<'a>>, D::Error> {
    deserializer.deserialize_any(StatedVisitor)
}

struct StatedVisitor;

impl<'de> Visitor<'de> for StatedVisitor {
    type Value = One<Concept<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a CodeableConcept")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(One(Some(Concept { text: text.into(), ..Concept::default() })))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        One::deserialize(MapAccessDeserializer::new(map))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        One::deserialize(SeqAccessDeserializer::new(seq))
    }
    pass_over!(One(None); visit_bool: bool, visit_str: &str, visit_i64: i64, visit_u64: u64, visit_f64: f64);
}

/// `Quantity` and its kin (Age, Duration, SimpleQuantity).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Quantity<'a> {
    /// The number, as it was written.
    #[serde(borrow)]
    pub value: NumberText<'a>,
    /// `<`, `<=`, `>=`, `>`.
    #[serde(borrow)]
    pub comparator: Text<'a>,
    /// Unit for the eye.
    #[serde(borrow)]
    pub unit: Text<'a>,
    /// Code system of `code`.
    #[serde(borrow)]
    pub system: Text<'a>,
    /// Unit for machines, UCUM where `system` says so.
    #[serde(borrow)]
    pub code: Text<'a>,
}

/// `Range`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Range<'a> {
    /// Lower end, included.
    #[serde(borrow)]
    pub low: One<Quantity<'a>>,
    /// Upper end, included.
    #[serde(borrow)]
    pub high: One<Quantity<'a>>,
}

/// `Ratio`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Ratio<'a> {
    /// What is divided.
    #[serde(borrow)]
    pub numerator: One<Quantity<'a>>,
    /// What it is divided by.
    #[serde(borrow)]
    pub denominator: One<Quantity<'a>>,
}

/// `Period`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Period<'a> {
    /// Start, included.
    #[serde(borrow)]
    pub start: Text<'a>,
    /// End, included.
    #[serde(borrow)]
    pub end: Text<'a>,
}

/// `Identifier`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Identifier<'a> {
    /// Namespace of the value.
    #[serde(borrow)]
    pub system: Text<'a>,
    /// The value.
    #[serde(borrow)]
    pub value: Text<'a>,
}

/// `Reference`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Reference<'a> {
    /// `Type/id`, an absolute URL, `urn:uuid:...` or `#contained`.
    #[serde(borrow)]
    pub reference: Text<'a>,
    /// Type of the target.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    /// Logical reference.
    #[serde(borrow)]
    pub identifier: One<Identifier<'a>>,
    /// Text for the eye.
    #[serde(borrow)]
    pub display: Text<'a>,
}

/// `Observation.referenceRange`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReferenceRange<'a> {
    /// Lower limit.
    #[serde(borrow)]
    pub low: One<Quantity<'a>>,
    /// Upper limit.
    #[serde(borrow)]
    pub high: One<Quantity<'a>>,
    /// What the range is; absent means normal.
    #[serde(borrow, rename = "type")]
    pub kind: One<Concept<'a>>,
    /// Whom it applies to (sex, race ...).
    #[serde(borrow)]
    pub applies_to: Many<Concept<'a>>,
    /// Ages it applies to.
    #[serde(borrow)]
    pub age: One<Range<'a>>,
    /// The range in words, such as `0-40`.
    #[serde(borrow)]
    pub text: Text<'a>,
}

/// `Annotation`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Annotation<'a> {
    /// The note.
    #[serde(borrow)]
    pub text: Text<'a>,
}

/// `Extension`; only the values that are read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Extension<'a> {
    /// What it is.
    #[serde(borrow)]
    pub url: Text<'a>,
    /// `valueCodeableConcept`.
    #[serde(borrow)]
    pub value_codeable_concept: One<Concept<'a>>,
    /// `valueReference`.
    #[serde(borrow)]
    pub value_reference: One<Reference<'a>>,
    /// `valueBoolean`.
    pub value_boolean: Flag,
    /// Nested extensions, unread.
    #[serde(borrow)]
    pub extension: Raw<'a>,
}

object_items!(
    Coding,
    Concept,
    Quantity,
    Range,
    Ratio,
    Period,
    Identifier,
    Reference,
    ReferenceRange,
    Annotation,
    Extension
);
