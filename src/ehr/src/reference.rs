//! References: what they point to, whichever server they name.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::fhir::{Reference, Resource, Text};

/// What a reference points to, without the server's address: senders write it now absolute, now relative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target<'t> {
    /// Resource type, where the reference names one (`urn:uuid:...` does not).
    pub kind: Option<&'t str>,
    /// Logical id.
    pub id: &'t str,
}

impl<'t> Target<'t> {
    /// Reads `Type/id`, an absolute URL that ends so, either with `/_history/n`, or `urn:uuid:id`. `None` for a
    /// reference to a contained resource.
    #[must_use]
    pub fn of(reference: &'t str) -> Option<Self> {
        // No id and no type holds an underscore, so nearly no reference is searched for a version.
        let may_be_versioned = reference.bytes().any(|byte| byte == b'_');
        let versioned = may_be_versioned.then(|| reference.split_once("/_history/")).flatten();
        let reference = versioned.map_or(reference, |(current, _)| current);
        if reference.starts_with('#') {
            return None;
        }
        let (kind, id) = match reference.rsplit_once('/') {
            Some((before, id)) => (before.rsplit('/').next(), id),
            None => (None, reference.rsplit(':').next().unwrap_or(reference)),
        };
        (!id.is_empty()).then_some(Self { kind, id })
    }

    /// Whether this is the resource of that type with that id; a target without a type is any type.
    #[must_use]
    pub fn is(self, kind: &str, id: &str) -> bool {
        self.kind.is_none_or(|mine| mine == kind) && self.id == id
    }
}

impl Reference<'_> {
    /// What it points to; `None` where it names no resource, or a contained one.
    #[must_use]
    pub fn target(&self) -> Option<Target<'_>> {
        Target::of(self.reference.get()?)
    }

    /// The id of a contained resource that it points to.
    #[must_use]
    pub fn contained_id(&self) -> Option<&str> {
        self.reference.get()?.strip_prefix('#')
    }
}

/// The resources contained in another, as far as they can be read, each with its own JSON.
#[must_use]
pub fn contained<'a>(raw: Option<&'a RawValue>) -> Vec<(Resource<'a>, &'a RawValue)> {
    let Some(raw) = raw else { return Vec::new() };
    let items: Vec<&'a RawValue> = serde_json::from_str(raw.get()).unwrap_or_else(|_| vec![raw]);
    items.into_iter().filter_map(|raw| Some((Resource::read(raw).ok()?, raw))).collect()
}

/// The type of the contained resource with this id, whether or not resources of that type are read.
pub(crate) fn contained_type<'a>(raw: Option<&'a RawValue>, id: &str) -> Option<Text<'a>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Head<'a> {
        #[serde(borrow, default)]
        resource_type: Text<'a>,
        #[serde(borrow, default)]
        id: Text<'a>,
    }
    let items: Vec<&'a RawValue> = serde_json::from_str(raw?.get()).ok()?;
    let mut heads = items.into_iter().filter_map(|raw| serde_json::from_str::<Head<'a>>(raw.get()).ok());
    let own = |head: &Head<'_>| head.id.get().is_some_and(|own| own.trim_start_matches('#') == id);
    heads.find(own).map(|head| head.resource_type)
}
