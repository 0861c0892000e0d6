//! The bundled requests, and how they are made to happen today: a lab result of last week must stay one.

use include_dir::{Dir, include_dir};
use jiff::civil::Date;
use jiff::{Span, Timestamp, tz::TimeZone};
use serde_json::{Value, json};

/// The request that the welcome text posts.
pub const DEFAULT: &str = "neutrophils-low";

/// The requests under `fixtures/requests`.
static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../fixtures/requests");

/// The day on which all bundled requests happen.
const DAY: Date = jiff::civil::date(2026, 11, 22);

/// The names of the bundled requests.
#[must_use]
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&str> =
        BUNDLED.files().filter_map(|file| file.path().to_str()?.strip_suffix(".json")).collect();
    names.sort_unstable();
    names
}

/// A bundled request with its dates shifted so that it happens on the day of an instant.
#[must_use]
pub fn request(name: &str, at: Timestamp) -> Option<String> {
    let text = BUNDLED.get_file(format!("{name}.json"))?.contents_utf8()?;
    let mut request: Value = serde_json::from_str(text).ok()?;
    let days = DAY.until(at.to_zoned(TimeZone::UTC).date()).ok()?.get_days();
    shift(&mut request, days);
    serde_json::to_string_pretty(&request).ok()
}

/// A request that brings no data of its own: it is to be read from a FHIR server, with a token if that asks for one.
#[must_use]
pub fn to_be_fetched(request: &str, base: &str, token: Option<&str>) -> Option<String> {
    let mut request: Value = serde_json::from_str(request).ok()?;
    let members = request.as_object_mut()?;
    members.shift_remove("prefetch");
    members.insert("fhirServer".into(), base.into());
    if let Some(token) = token {
        let authorization = json!({
            "access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.rs user/*.rs",
            "subject": "signpost"
        });
        members.insert("fhirAuthorization".into(), authorization);
    }
    serde_json::to_string_pretty(&request).ok()
}

fn shift(value: &mut Value, days: i32) {
    match value {
        Value::Object(members) => {
            // Nobody's birthday moves.
            members
                .iter_mut()
                .filter(|(key, _)| *key != "birthDate")
                .for_each(|(_, member)| shift(member, days));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shift(item, days)),
        Value::String(text) => {
            if let Some(shifted) = shifted(text, days) {
                *text = shifted;
            }
        }
        _ => {}
    }
}

/// A full date, alone or followed by a time, moved by some days; partial dates stay.
fn shifted(text: &str, days: i32) -> Option<String> {
    let (date, time) = text.split_at_checked(10)?;
    if !(time.is_empty() || time.starts_with('T')) {
        return None;
    }
    let date: Date = date.parse().ok()?;
    Some(format!("{}{time}", date.checked_add(Span::new().days(days)).ok()?))
}
