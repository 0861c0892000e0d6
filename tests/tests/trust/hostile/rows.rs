//! How rows are written: what is wrong, and the `Authorization` headers.

use serde_json::Value;

use crate::support::*;

/// A row: what is wrong, and the values of the `Authorization` headers.
pub(super) type Row = (String, Vec<Vec<u8>>);

pub(super) fn bearer(name: impl Into<String>, token: impl Into<String>) -> Row {
    (name.into(), vec![format!("Bearer {}", token.into()).into_bytes()])
}

/// `north`'s right token with one thing changed, signed by its own key.
pub(super) fn edited(name: &str, edit: impl Fn(&mut Value, &mut Value)) -> Row {
    let (mut header, mut claims) = (north().header(), claims(DISCOVERY));
    edit(&mut header, &mut claims);
    bearer(name, north().token(&header, &claims))
}

pub(super) fn claim(name: &str, key: &str, value: Value) -> Row {
    edited(name, |_, claims| claims[key] = value.clone())
}

pub(super) fn head(name: &str, key: &str, value: Value) -> Row {
    edited(name, |header, _| header[key] = value.clone())
}
