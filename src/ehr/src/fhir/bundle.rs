//! `Bundle`: read in one pass; where that fails, entry by entry, so that one bad entry costs only itself.

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess};
use serde_json::value::RawValue;

use super::lenient::{Many, NumberText, One, Text, object_items};
use super::resource::Resource;

/// A Bundle, searchset or collection.
#[derive(Debug, Default)]
pub struct Bundle<'a> {
    /// `Bundle`, or what it is instead (then it holds nothing).
    pub resource_type: Text<'a>,
    /// What it holds, in order.
    pub entries: Vec<Entry<'a>>,
    /// Entries that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Whether more pages follow.
    pub has_next_page: bool,
}

/// An entry with its resource.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Absolute URL of the resource.
    pub full_url: Text<'a>,
    /// The resource.
    pub resource: Resource<'a>,
    /// Whether it came along with what matches: `search.mode` is `include`.
    pub is_included: bool,
    /// The same resource, byte for byte, if the Bundle was read for that.
    pub raw: Option<&'a RawValue>,
}

/// An entry that could not be read. It counts as not available, never as absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Position in `Bundle.entry`.
    pub position: usize,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a, R: Deserialize<'de>"))]
struct Shape<'a, R> {
    #[serde(default, rename = "resourceType")]
    resource_type: Text<'a>,
    entry: Option<Vec<Option<EntryShape<'a, R>>>>,
    #[serde(default)]
    total: NumberText<'a>,
    #[serde(default)]
    link: Many<Link<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound(deserialize = "'de: 'a, R: Deserialize<'de>"))]
struct EntryShape<'a, R> {
    #[serde(default)]
    full_url: Text<'a>,
    #[serde(default)]
    search: One<SearchShape<'a>>,
    resource: Option<R>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SearchShape<'a> {
    #[serde(borrow)]
    mode: Text<'a>,
}

impl<R> EntryShape<'_, R> {
    fn is_included(&self) -> bool {
        self.search.get().is_some_and(|search| search.mode.is("include"))
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    relation: Text<'a>,
}

object_items!(Link);

impl<'a> Bundle<'a> {
    /// Reads a Bundle.
    ///
    /// # Errors
    /// If it is not an object, or its `entry` is not an array.
    pub fn read(raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        match serde_json::from_str::<Shape<'a, Resource<'a>>>(raw.get()) {
            Ok(shape) => Ok(Self::of_resources(shape)),
            Err(_) => Self::read_with_raw(raw),
        }
    }

    /// Reads the members that follow `resourceType`, in one pass.
    pub(crate) fn rest<A: MapAccess<'a>>(resource_type: Text<'a>, map: A) -> Result<Self, A::Error> {
        let shape: Shape<'a, Resource<'a>> = Shape::deserialize(MapAccessDeserializer::new(map))?;
        if shape.resource_type.get().is_some() {
            return Err(A::Error::duplicate_field("resourceType"));
        }
        Ok(Self { resource_type, ..Self::of_resources(shape) })
    }

    /// Reads a Bundle and keeps each resource's own JSON beside it, to send it back as it came.
    ///
    /// # Errors
    /// As [`Bundle::read`].
    pub fn read_with_raw(raw: &'a RawValue) -> Result<Self, serde_json::Error> {
        let shape: Shape<'a, &'a RawValue> = serde_json::from_str(raw.get())?;
        let (has_next_page, resource_type) = (is_cut_off(&shape), shape.resource_type);
        let mut bundle = Self { resource_type, has_next_page, ..Self::default() };
        for (position, entry) in shape.entry.into_iter().flatten().enumerate() {
            let Some(entry) = entry else { continue };
            let is_included = entry.is_included();
            let EntryShape { full_url, resource, .. } = entry;
            let Some(raw) = resource else {
                bundle.unreadable.push(Unreadable { position });
                continue;
            };
            match Resource::read(raw) {
                Ok(resource) => {
                    bundle.entries.push(Entry { full_url, resource, is_included, raw: Some(raw) })
                }
                Err(_) => bundle.unreadable.push(Unreadable { position }),
            }
        }
        Ok(bundle)
    }

    fn of_resources(shape: Shape<'a, Resource<'a>>) -> Self {
        let has_next_page = is_cut_off(&shape);
        let mut bundle = Self { resource_type: shape.resource_type, has_next_page, ..Self::default() };
        for (position, entry) in shape.entry.into_iter().flatten().enumerate() {
            let Some(entry) = entry else { continue };
            let is_included = entry.is_included();
            let EntryShape { full_url, resource, .. } = entry;
            match resource {
                Some(resource) => bundle.entries.push(Entry { full_url, resource, is_included, raw: None }),
                // An entry of an error alone (`response`) stands for something that was not sent.
                None => bundle.unreadable.push(Unreadable { position }),
            }
        }
        bundle
    }
}

/// Whether more follows: it says so, or its total is more than what came (`total` counts matches, not what comes along).
fn is_cut_off<R>(shape: &Shape<'_, R>) -> bool {
    let came = shape.entry.as_ref().map_or(0, Vec::len);
    let total = shape.total.get().and_then(|total| total.parse::<usize>().ok());
    shape
        .link
        .iter()
        .any(|link| link.relation.get().is_some_and(|relation| relation.eq_ignore_ascii_case("next")))
        || total.is_some_and(|total| total > came)
}
