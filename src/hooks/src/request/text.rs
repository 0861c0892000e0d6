//! JSON strings, borrowed from the body unless they are written with escapes.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A string of the body. A bare `Cow<str>` would copy: serde borrows only where it is told to.
#[derive(Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

/// The string that `raw` is, or `None` for any other JSON value.
pub(super) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Text<'_>>(raw.get()).ok().map(|text| text.0)
}
