//! Every resource that the service sends is valid R4, and an order sent back is the client's own but for its dose.

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use signpost::answer::answer;
use signpost::http::App;
use signpost::serving::Bounds;
use signpost_tests::strict::strict;
use tower::ServiceExt;

use super::requests::{SERVICE, at, content, requests};

/// Type and resource of every action in the answers to these requests, each with the name of its request.
fn sent(requests: &[(String, String)]) -> Vec<(String, String, Value)> {
    let content = content();
    let service = content.service(SERVICE).unwrap();
    let mut sent = Vec::new();
    for (name, request) in requests {
        let Ok(response) = answer(&content, service, request.as_bytes(), at()) else { continue };
        let response: Value = serde_json::from_slice(&response).unwrap();
        let suggestions = all(&response["cards"]).flat_map(|card| all(&card["suggestions"]));
        let actions = suggestions
            .flat_map(|suggestion| all(&suggestion["actions"]))
            .chain(all(&response["systemActions"]));
        for action in actions.filter(|action| action.get("resource").is_some()) {
            let kind = action["type"].as_str().unwrap().to_owned();
            sent.push((name.clone(), kind, action["resource"].clone()));
        }
    }
    sent
}

fn all(array: &Value) -> impl Iterator<Item = &Value> {
    array.as_array().into_iter().flatten()
}

#[test]
fn suggested_resources_are_valid_r4() {
    let sent = sent(&requests());
    let mut wrong = Vec::new();
    for (name, kind, resource) in &sent {
        let expected = if kind == "create" { "ServiceRequest" } else { "MedicationRequest" };
        assert_eq!(resource["resourceType"], expected, "{name}: {kind}");
        wrong.extend(strict(&resource.to_string()).err().map(|error| format!("{name}: {kind}: {error}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for kind in ["create", "update"] {
        assert!(sent.iter().any(|(_, sent, _)| sent == kind), "no fixture brings a `{kind}`");
    }
}

/// The order of a request with this id, as the client wrote it.
fn order<'r>(request: &'r Value, id: &Value) -> &'r Value {
    let entries = all(&request["context"]["draftOrders"]["entry"]);
    entries.map(|entry| &entry["resource"]).find(|resource| resource["id"] == *id).unwrap()
}

/// The paths where two values differ. Numbers are the same if they are written the same.
fn differences(path: &str, one: &Value, other: &Value) -> Vec<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let in_both = one.iter().filter_map(|(name, value)| Some((name, value, other.get(name)?)));
            let inside =
                in_both.flat_map(|(name, one, other)| differences(&format!("{path}.{name}"), one, other));
            let missing = one.keys().filter(|name| !other.contains_key(*name));
            let added = other.keys().filter(|name| !one.contains_key(*name));
            inside.chain(missing.chain(added).map(|name| format!("{path}.{name}"))).collect()
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
            .iter()
            .zip(other)
            .flat_map(|(one, other)| differences(&format!("{path}[]"), one, other))
            .collect(),
        _ if one == other => Vec::new(),
        _ => vec![path.to_owned()],
    }
}

/// The dose itself, and the words of the same dosage that would else say another dose.
const OF_THE_DOSE: [&str; 3] = [
    "order.dosageInstruction[].doseAndRate[].doseQuantity.value",
    "order.dosageInstruction[].doseAndRate[].rateQuantity.value",
    "order.dosageInstruction[].text",
];

fn assert_only_the_dose_differs(requests: &[(String, String)]) -> usize {
    let updates: Vec<_> = sent(requests).into_iter().filter(|(_, kind, _)| kind == "update").collect();
    for (name, _, changed) in &updates {
        let (_, request) = requests.iter().find(|(other, _)| other == name).unwrap();
        let request: Value = serde_json::from_str(request).unwrap();
        let found = differences("order", order(&request, &changed["id"]), changed);
        assert!(found.iter().any(|path| path.ends_with(".value")), "{name}: the dose is as before");
        assert!(found.iter().all(|path| OF_THE_DOSE.contains(&path.as_str())), "{name}: {found:?}");
    }
    updates.len()
}

#[test]
fn an_updated_order_differs_only_in_its_dose() {
    assert!(assert_only_the_dose_differs(&requests()) > 1);
}

/// What no FHIR version knows, and numbers that a float would change, in the order and in its dose.
#[test]
fn unknown_members_and_decimals_of_an_updated_order_come_back_as_they_came() {
    let (name, request) = requests().into_iter().find(|(name, _)| name == "strong-cyp3a4-inhibitor").unwrap();
    let mut request: Value = serde_json::from_str(&request).unwrap();
    let entries = request["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
    let drafted = entries.iter_mut().map(|entry| &mut entry["resource"]);
    for order in drafted.filter(|resource| resource["resourceType"] == "MedicationRequest") {
        let odd = r#"{"value":1.00,"tiny":0.10e-7,"long":123456789012345678901234567890.10,"none":null,"empty":[],"z":1,"a":2}"#;
        let odd: Value = serde_json::from_str(odd).unwrap();
        order["unknown"] = odd.clone();
        order["dispenseRequest"] = json!({ "quantity": odd });
        order["dosageInstruction"][0]["doseAndRate"][0]["unknown"] = odd;
        order["note"] = json!([{ "text": "\u{1f489} \"quoted\" \\ µ" }]);
    }
    let request = request.to_string();
    let requests = [(name, request)];
    assert!(assert_only_the_dose_differs(&requests) > 0);
    let (_, _, changed) = sent(&requests).into_iter().find(|(_, kind, _)| kind == "update").unwrap();
    let text = changed.to_string();
    for kept in ["1.00", "123456789012345678901234567890.10", r#""z":1,"a":2"#, r#""none":null,"empty":[]"#] {
        assert_eq!(text.matches(kept).count(), 3, "{kept}");
    }
}

#[test]
fn the_comparison_of_orders_finds_differences() {
    let order = json!({ "a": [{ "b": 1 }], "c": "x" });
    let one = |other: Value| differences("order", &order, &other);
    assert_eq!(one(json!({ "a": [{ "b": 1 }], "c": "x" })), Vec::<String>::new());
    assert_eq!(one(json!({ "a": [{ "b": 2 }], "c": "x" })), ["order.a[].b"]);
    assert_eq!(one(json!({ "a": [], "c": "x" })), ["order.a"]);
    assert_eq!(one(json!({ "a": [{ "b": 1 }] })), ["order.c"]);
    assert_eq!(one(json!({ "a": [{ "b": 1 }], "c": "x", "d": null })), ["order.d"]);
    let (short, long): (Value, Value) =
        (serde_json::from_str("1.0").unwrap(), serde_json::from_str("1.00").unwrap());
    assert_eq!(differences("n", &short, &long), ["n"]);
}

fn base() -> Value {
    let (_, request) = requests().into_iter().find(|(name, _)| name == "neutrophils-low").unwrap();
    serde_json::from_str(&request).unwrap()
}

/// The base request with one member of its context, or a member beside it, set to something else.
fn with(pointer: &str, value: Value) -> String {
    let mut request = base();
    *request.pointer_mut(pointer).unwrap() = value;
    request.to_string()
}

/// The base request, and beside its order one of another drug for another patient.
fn with_order_of_another() -> String {
    let mut request = base();
    let mut entry = request["context"]["draftOrders"]["entry"][0].clone();
    entry["fullUrl"] = Value::Null;
    entry["resource"]["id"] = json!("of-somebody-else");
    entry["resource"]["medicationCodeableConcept"] = json!({ "text": "carboplatin" });
    entry["resource"]["subject"] = json!({ "reference": "Patient/somebody-else" });
    request["context"]["draftOrders"]["entry"].as_array_mut().unwrap().push(entry);
    request.to_string()
}

fn call(method: &str, path: &str, content_type: &str, body: String) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content_type)
        .body(Body::from(body))
        .unwrap()
}

#[tokio::test]
async fn refusals_are_valid_operation_outcomes() {
    let path = format!("/cds-services/{SERVICE}");
    let post = |body: String| call("POST", &path, "application/json", body);
    let rows = [
        ("no such service", 404, call("POST", "/cds-services/x", "application/json", base().to_string())),
        ("no such path", 404, call("GET", "/x", "application/json", String::new())),
        ("wrong method", 405, call("DELETE", &path, "application/json", String::new())),
        ("not JSON by its type", 415, call("POST", &path, "text/plain", base().to_string())),
        ("too large", 413, post(" ".repeat(Bounds::default().body + 1))),
        ("empty", 400, post(String::new())),
        ("broken JSON", 400, post("{\"hook\":".to_owned())),
        ("an array", 400, post("[]".to_owned())),
        ("nothing in it", 400, post("{}".to_owned())),
        ("text that is not Unicode", 400, post(base().to_string().replace("order-sign", "\\ud800"))),
        ("another hook", 400, post(with("/hook", json!("patient-view")))),
        ("no patient", 400, post(with("/context/patientId", Value::Null))),
        ("a list for a text", 400, post(with("/context/patientId", json!(["p"])))),
        ("no Bundle", 400, post(with("/context/draftOrders", json!({ "resourceType": "Patient" })))),
        ("entries are no list", 400, post(with("/context/draftOrders/entry", json!("x")))),
        ("another patient", 400, post(with("/context/patientId", json!("somebody-else")))),
        ("another patient in another order", 400, post(with_order_of_another())),
        ("no data at all", 412, post(with("/prefetch", json!({})))),
    ];
    let router = App::new(content(), at).router();
    for (what, status, request) in rows {
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::from_u16(status).unwrap(), "{what}");
        let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = std::str::from_utf8(&body).unwrap();
        let read = strict(text).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(read["resourceType"], "OperationOutcome", "{what}");
        assert!(all(&read["issue"]).all(|issue| issue["details"]["text"].is_string()), "{what}");
    }
}
