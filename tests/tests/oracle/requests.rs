//! The bundled requests, taken apart.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;
use signpost::content::{Content, Files};

/// The service under test.
pub const SERVICE: &str = "coverage-order-sign";

/// The bundled requests all happen on one day.
pub fn at() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub fn content() -> Content {
    Content::load(&Files::bundled()).unwrap()
}

/// Name and text of every bundled request.
pub fn requests() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/requests");
    let mut requests: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    requests.sort();
    assert!(!requests.is_empty());
    requests
}

/// The FHIR in a request, each with its path: draft orders and answered prefetch keys.
pub fn fhir_of(request: &str) -> Vec<(String, String)> {
    let request: Value = serde_json::from_str(request).unwrap();
    let prefetch = request.get("prefetch").and_then(Value::as_object).into_iter().flatten();
    let orders = request["context"].get("draftOrders").map(|orders| ("draftOrders", orders));
    let prefetch = prefetch.map(|(key, value)| (key.as_str(), value));
    let all = orders.into_iter().chain(prefetch).filter(|(_, value)| !value.is_null());
    all.map(|(key, value)| (key.to_owned(), value.to_string())).collect()
}

/// The resources of a Bundle, or the resource itself.
pub fn resources_of(fhir: &str) -> Vec<String> {
    let fhir: Value = serde_json::from_str(fhir).unwrap();
    if fhir["resourceType"] != "Bundle" {
        return vec![fhir.to_string()];
    }
    let entries = fhir.get("entry").and_then(Value::as_array).into_iter().flatten();
    entries.filter_map(|entry| entry.get("resource")).map(Value::to_string).collect()
}
