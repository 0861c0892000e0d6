//! Actions: one change to one resource.

use serde::Serialize;
use serde_json::value::RawValue;

/// One change to one resource, in a suggestion or as a system action.
///
/// Made by its three constructors only, so that each type has the members that it must have.
#[derive(Debug, Serialize)]
pub struct Action {
    #[serde(rename = "type")]
    kind: Kind,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource: Option<Box<RawValue>>,
    #[serde(rename = "resourceId", skip_serializing_if = "Option::is_none")]
    resource_id: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Create,
    Update,
    Delete,
}

impl Action {
    /// Creates a new resource.
    #[must_use]
    pub fn create(description: impl Into<String>, resource: Box<RawValue>) -> Self {
        Self {
            kind: Kind::Create,
            description: description.into(),
            resource: Some(resource),
            resource_id: None,
        }
    }

    /// Replaces a resource; `resource` is the whole of it with its id, unchanged but for the update.
    #[must_use]
    pub fn update(description: impl Into<String>, resource: Box<RawValue>) -> Self {
        Self { kind: Kind::Update, ..Self::create(description, resource) }
    }

    /// Removes the resource at a relative reference (`Type/id`).
    #[must_use]
    pub fn delete(description: impl Into<String>, resource_id: impl Into<String>) -> Self {
        Self {
            kind: Kind::Delete,
            description: description.into(),
            resource: None,
            resource_id: Some(resource_id.into()),
        }
    }
}
