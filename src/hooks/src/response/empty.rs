//! What counts as nothing, and so is never sent.

use serde_json::value::RawValue;

/// No text, or text without a visible character.
pub(crate) fn no_text(text: &Option<String>) -> bool {
    text.as_deref().is_none_or(|text| text.trim().is_empty())
}

/// No JSON, or one of `null`, `{}`, `[]`, `""`.
pub(crate) fn no_json(json: &Option<Box<RawValue>>) -> bool {
    json.as_ref().is_none_or(|raw| {
        let bare: String = raw.get().chars().filter(|char| !char.is_ascii_whitespace()).take(5).collect();
        matches!(bare.as_str(), "null" | "{}" | "[]" | "\"\"")
    })
}
