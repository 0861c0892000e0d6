//! What every answer must be, whatever the test: CDS Hooks' response, or an OperationOutcome.

use serde_json::Value;

use super::Answer;

/// Checks an answer.
pub fn check(answer: &Answer) {
    match answer.status {
        200 if answer.bytes.is_empty() => {}
        200 => {
            assert_eq!(answer.header("content-type"), "application/json");
            let body = answer.json();
            nothing_empty(&body, "");
            body["cards"].as_array().into_iter().flatten().for_each(card);
        }
        _ => {
            assert_eq!(answer.header("content-type"), "application/fhir+json", "{}", answer.text());
            outcome(&answer.json());
        }
    }
}

/// CDS Hooks "Null and empty JSON elements": only `cards` and `services` may be empty.
fn nothing_empty(value: &Value, path: &str) {
    let is_empty = match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty() && !matches!(path, "/cards" | "/services"),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    assert!(!is_empty, "`{path}` is empty");
    match value {
        // An order that goes back with a change in it is the client's own JSON.
        Value::Object(members) if members.get("type").is_some_and(|kind| kind == "update") => {}
        Value::Object(members) => {
            members.iter().for_each(|(name, child)| nothing_empty(child, &format!("{path}/{name}")));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(n, child)| nothing_empty(child, &format!("{path}/{n}")));
        }
        _ => {}
    }
}

fn card(card: &Value) {
    let text = |pointer: &str| card.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let summary = text("/summary");
    assert!((1..=139).contains(&summary.chars().count()), "{summary}");
    assert!(!summary.contains(['\n', '\r']), "{summary}");
    assert!(matches!(text("/indicator"), "info" | "warning" | "critical"), "{card}");
    for required in ["/uuid", "/source/label", "/source/topic/code", "/source/topic/system"] {
        assert!(!text(required).is_empty(), "`{required}` of {card}");
    }
    assert_eq!(card.get("suggestions").is_some(), card.get("selectionBehavior").is_some(), "{card}");
    let suggestions: Vec<&Value> = card["suggestions"].as_array().into_iter().flatten().collect();
    let recommended = suggestions.iter().filter(|one| one["isRecommended"] == true).count();
    assert!(recommended <= 1, "{card}");
    suggestions.into_iter().for_each(suggestion);
    for reason in card["overrideReasons"].as_array().into_iter().flatten() {
        assert!(reason["code"].is_string() && reason["system"].is_string() && reason["display"].is_string());
    }
}

fn suggestion(suggestion: &Value) {
    assert!(suggestion["label"].is_string() && suggestion["uuid"].is_string(), "{suggestion}");
    for action in suggestion["actions"].as_array().into_iter().flatten() {
        assert!(action["description"].is_string(), "{action}");
        match action["type"].as_str() {
            Some("create" | "update") => assert!(action["resource"]["resourceType"].is_string(), "{action}"),
            Some("delete") => assert!(action["resourceId"].is_string(), "{action}"),
            other => panic!("an action of type {other:?}"),
        }
    }
}

fn outcome(outcome: &Value) {
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    nothing_empty(outcome, "");
    for issue in outcome["issue"].as_array().expect("issues") {
        assert_eq!(issue["severity"], "error");
        assert!(issue["code"].is_string() && issue["details"]["text"].is_string(), "{issue}");
    }
}
