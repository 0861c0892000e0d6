//! Why a resource was not written.

use thiserror::Error;

/// A resource that would not be valid R4. Names the element, never its content.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A required element is absent or empty.
    #[error("missing required field `{0}`")]
    Missing(&'static str),
    /// fhirbolt refuses to write the resource.
    #[error("resource cannot be written")]
    Unwritable(#[from] fhirbolt::json::Error),
}

/// `text`, unless it is blank: fhirbolt notices an absent element, but not one without content.
pub(crate) fn required<'a>(path: &'static str, text: &'a str) -> Result<&'a str, WriteError> {
    if text.trim().is_empty() { Err(WriteError::Missing(path)) } else { Ok(text) }
}

/// Optional text; blank text is none, because an empty string is not valid FHIR.
pub(crate) fn optional(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}
