//! The tree of an assessment, shared by all decisions that come to the same.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Node;
use crate::store::Shared;

/// The whole tree of an assessment: each part of the policy. Clones share it, and what it is as JSON is found once: the
/// trees of a policy differ by their verdicts only, so that the same few come again and again.
#[derive(Debug, Clone)]
pub struct Tree(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Vec<Node>,
    stored: OnceLock<Arc<Shared>>,
}

impl Tree {
    /// As it is stored.
    pub(crate) fn stored(&self) -> serde_json::Result<Arc<Shared>> {
        if let Some(stored) = self.0.stored.get() {
            return Ok(Arc::clone(stored));
        }
        let stored = Arc::new(Shared::of(&self.0.parts)?);
        Ok(Arc::clone(self.0.stored.get_or_init(|| stored)))
    }
}

impl From<Vec<Node>> for Tree {
    fn from(parts: Vec<Node>) -> Self {
        Self(Arc::new(Inner { parts, stored: OnceLock::new() }))
    }
}

impl FromIterator<Node> for Tree {
    fn from_iter<T: IntoIterator<Item = Node>>(parts: T) -> Self {
        parts.into_iter().collect::<Vec<_>>().into()
    }
}

impl Default for Tree {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl Deref for Tree {
    type Target = [Node];

    fn deref(&self) -> &[Node] {
        &self.0.parts
    }
}

impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        self.0.parts == other.0.parts
    }
}

impl Eq for Tree {}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.parts.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}
