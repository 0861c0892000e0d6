//! A valid `order-sign` request, to be changed by the tests.

use serde_json::{Value, json};

/// A request with every member that this service knows.
pub fn valid() -> Value {
    json!({
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "hook": "order-sign",
        "fhirServer": "https://ehr.example.org/r4",
        "fhirAuthorization": {
            "access_token": "s3cr3t-token",
            "token_type": "Bearer",
            "expires_in": 300,
            "scope": "patient/Observation.rs",
            "subject": "signpost",
            "patient": "pat-1"
        },
        "context": {
            "userId": "Practitioner/dr-1",
            "patientId": "pat-1",
            "encounterId": "enc-1",
            "draftOrders": { "resourceType": "Bundle", "type": "collection", "entry": [] }
        },
        "prefetch": {
            "patient": { "resourceType": "Patient", "id": "pat-1" },
            "labs": { "resourceType": "Bundle" },
            "coverage": null
        }
    })
}

/// The valid request with the member at `path` (dotted) set, or removed where `value` is `None`.
pub fn with(path: &str, value: Option<Value>) -> Value {
    let mut body = valid();
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let mut object = &mut body;
    for step in parent.split('.').filter(|step| !step.is_empty()) {
        object = &mut object[step];
    }
    match (value, object.as_object_mut()) {
        (Some(value), _) => object[name] = value,
        (None, object) => drop(object.and_then(|object| object.shift_remove(name))),
    }
    body
}
