//! The leaves of every view: each accepts any JSON value and keeps what it can understand.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A string; anything else reads as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text<'a>(Option<Cow<'a, str>>);

impl<'a> Text<'a> {
    /// The text without surrounding white space; `None` where it is absent or blank.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        let text = self.0.as_deref()?;
        // Nearly no text has white space around it, and every view asks here.
        let is_seen = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        let is_trimmed = is_seen(text.as_bytes().first()) && is_seen(text.as_bytes().last());
        Some(if is_trimmed { text } else { text.trim() }).filter(|text| !text.is_empty())
    }

    /// Whether the text is exactly this one.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.get() == Some(text)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Some(Cow::Borrowed(text)))
    }
}

/// `true` or `false`; anything else reads as absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flag(pub Option<bool>);

/// An object; the first of an array; anything else reads as absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct One<T>(pub Option<T>);

impl<T> Default for One<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> One<T> {
    /// The object, if there is one.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.as_ref()
    }
}

/// The objects (or strings) of an array, or a single one on its own; anything else in it is passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Many<T>(pub Vec<T>);

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> std::ops::Deref for Many<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<'m, T> IntoIterator for &'m Many<T> {
    type Item = &'m T;
    type IntoIter = std::slice::Iter<'m, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// Any JSON value, left unread.
pub type Raw<'a> = Option<&'a RawValue>;

/// A member that is seldom looked at: passed over in the first reading, and read when it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Later<'a, T> {
    raw: Raw<'a>,
    kind: PhantomData<T>,
}

impl<T> Default for Later<'_, T> {
    fn default() -> Self {
        Self { raw: None, kind: PhantomData }
    }
}

impl<'a, T: Deserialize<'a> + Default> Later<'a, T> {
    /// Reads the member. What cannot be read is absent, as in every view.
    #[must_use]
    pub fn read(&self) -> T {
        self.raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
    }
}

impl<'de: 'a, 'a, T> Deserialize<'de> for Later<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Raw::deserialize(deserializer).map(|raw| Self { raw, kind: PhantomData })
    }
}

/// A JSON number as it was written, or a string that holds one (some servers quote their decimals).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NumberText<'a>(Option<&'a str>);

impl<'a> NumberText<'a> {
    /// The number as it was written, without quotes.
    #[must_use]
    pub fn get(self) -> Option<&'a str> {
        self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for NumberText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get();
        let raw = if raw.starts_with('"') { raw.trim_matches(['"', ' ']) } else { raw };
        let is_number = raw.starts_with(|first: char| first == '-' || first == '+' || first.is_ascii_digit());
        Ok(Self(is_number.then_some(raw)))
    }
}

/// Writes the visitor methods of a leaf for the JSON values that it passes over.
macro_rules! pass_over {
    ($absent:expr; $($method:ident: $kind:ty),*) => {
        $(fn $method<E>(self, _: $kind) -> Result<Self::Value, E> {
            Ok($absent)
        })*
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok($absent)
        }
        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok($absent)
        }
    };
}

pub(super) use pass_over;

fn drain_seq<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

fn drain_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<(), A::Error> {
    while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                drain_seq(seq).map(|()| Text(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                drain_map(map).map(|()| Text(None))
            }
            pass_over!(Text(None); visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64);
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FlagVisitor;
        impl<'de> Visitor<'de> for FlagVisitor {
            type Value = Flag;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true or false")
            }
            fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
                Ok(Flag(Some(flag)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                drain_seq(seq).map(|()| Flag(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                drain_map(map).map(|()| Flag(None))
            }
            pass_over!(Flag(None); visit_str: &str, visit_i64: i64, visit_u64: u64, visit_f64: f64);
        }
        deserializer.deserialize_any(FlagVisitor)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneVisitor<T> {
            type Value = One<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|value| One(Some(value)))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let first = seq.next_element::<One<T>>()?.unwrap_or_default();
                drain_seq(seq).map(|()| first)
            }
            pass_over!(One(None); visit_bool: bool, visit_str: &str, visit_i64: i64, visit_u64: u64, visit_f64: f64);
        }
        deserializer.deserialize_any(OneVisitor(PhantomData))
    }
}

/// What an array in FHIR holds: objects, or strings.
pub trait Item<'de>: Sized {
    /// Reads one item, or passes over a value of another shape.
    ///
    /// # Errors
    /// Where the JSON itself is broken.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error>;
}

impl<'de: 'a, 'a> Item<'de> for Text<'a> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
        Text::deserialize(deserializer).map(|text| text.0.is_some().then_some(text))
    }
}

/// Reads an array item that is an object, whatever else stands there.
macro_rules! object_items {
    ($($view:ident),*) => {
        $(impl<'de: 'a, 'a> $crate::fhir::lenient::Item<'de> for $view<'a> {
            fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Self>, D::Error> {
                <$crate::fhir::lenient::One<Self> as serde::Deserialize>::deserialize(deserializer).map(|one| one.0)
            }
        })*
    };
}
pub(crate) use object_items;

struct Slot<T>(Option<T>);

impl<'de, T: Item<'de>> Deserialize<'de> for Slot<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Slot)
    }
}

impl<'de, T: Item<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ManyVisitor<T>(PhantomData<T>);
        impl<'de, T: Item<'de>> Visitor<'de> for ManyVisitor<T> {
            type Value = Many<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(Slot(item)) = seq.next_element::<Slot<T>>()? {
                    // Most arrays hold one object or two; a `Vec` on its own makes room for four.
                    if item.is_some() && items.len() == items.capacity() {
                        items.reserve_exact(items.len().max(1));
                    }
                    items.extend(item);
                }
                Ok(Many(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let item = T::read(MapAccessDeserializer::new(map))?;
                Ok(Many(item.into_iter().collect()))
            }
            fn visit_borrowed_str<E: serde::de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                let item = T::read(serde::de::value::BorrowedStrDeserializer::new(text))?;
                Ok(Many(item.into_iter().collect()))
            }
            pass_over!(Many(Vec::new()); visit_bool: bool, visit_str: &str, visit_i64: i64, visit_u64: u64, visit_f64: f64);
        }
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}
