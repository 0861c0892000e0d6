//! Every row of the status table, and everything that must not be refused.

use axum::http::Method;
use serde_json::{Value, json};

use crate::discovery::templates;
use crate::support::resources::{failure, ixabepilone, order};
use crate::support::{DISCOVERY_PATH, Request, SERVICE_PATH, call, post_bytes};

const ORDERS: &str = "/context/draftOrders";
const ORDER: &str = "/context/draftOrders/entry/0/resource";

fn authorization() -> Value {
    json!({
        "access_token": "s3cr3t", "token_type": "Bearer", "expires_in": 300, "scope": "patient/*.rs",
        "subject": "signpost"
    })
}

/// A request that may fetch from the EHR.
fn authorized() -> Value {
    let mut body = Request::meets().0;
    body["fhirServer"] = json!("https://ehr.example.org/r4");
    body["fhirAuthorization"] = authorization();
    body
}

/// The value with something else at a pointer; with nothing there for `None`.
fn changed(mut body: Value, pointer: &str, value: Option<Value>) -> Value {
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    match value {
        Some(value) => parent.insert(name.into(), value),
        None => parent.shift_remove(name),
    };
    body
}

fn refused(body: &Value, path: &str) {
    let answer = post_bytes(body.to_string());
    assert_eq!(answer.status, 400, "{path}: {}", answer.text());
    let issue = answer.issue();
    assert_eq!(issue["expression"][0], path, "{issue}");
    let text = issue["details"]["text"].as_str().expect("a text");
    assert!(text.contains(&format!("`{path}`")), "{text}");
    assert!(!answer.text().contains("s3cr3t"), "a token is never repeated");
}

#[test]
fn a_member_that_is_required_is_named_where_it_is_missing() {
    let required = [
        "hook",
        "hookInstance",
        "context",
        "context.userId",
        "context.patientId",
        "context.draftOrders",
        "fhirServer",
        "fhirAuthorization.access_token",
        "fhirAuthorization.token_type",
        "fhirAuthorization.expires_in",
        "fhirAuthorization.scope",
        "fhirAuthorization.subject",
    ];
    for path in required {
        let pointer = format!("/{}", path.replace('.', "/"));
        refused(&changed(authorized(), &pointer, None), path);
        refused(&changed(authorized(), &pointer, Some(Value::Null)), path);
    }
}

#[test]
fn a_member_of_the_wrong_type_or_form_is_named() {
    let rows = [
        ("hook", json!(5)),
        ("hook", json!("order-select")),
        ("hook", json!("patient-view")),
        ("hookInstance", json!("1")),
        ("hookInstance", json!({})),
        ("context", json!([])),
        ("context", json!("x")),
        ("context.userId", json!("dr1")),
        ("context.userId", json!(["Practitioner/dr1"])),
        ("context.patientId", json!("Patient/p1")),
        ("context.patientId", json!(1)),
        ("context.encounterId", json!({})),
        ("context.draftOrders", json!([])),
        ("context.draftOrders", json!({})),
        ("context.draftOrders", json!({ "resourceType": "MedicationRequest" })),
        ("fhirServer", json!(1)),
        ("fhirAuthorization", json!("Bearer")),
        ("fhirAuthorization.token_type", json!("MAC")),
        ("fhirAuthorization.expires_in", json!("300")),
        ("prefetch", json!([])),
        ("prefetch", json!("none")),
        ("prefetch.laboratory", json!([])),
        ("prefetch.laboratory", json!("Bundle")),
        ("prefetch.laboratory", json!(false)),
        ("prefetch.unknown", json!(1)),
    ];
    for (path, value) in rows {
        let pointer = format!("/{}", path.replace('.', "/"));
        refused(&changed(authorized(), &pointer, Some(value)), path);
    }
}

/// One issue for each member, so that a client is mended once.
#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let body = json!({
        "hook": "order-sign", "fhirAuthorization": authorization(), "prefetch": { "laboratory": 1, "patient": [] },
        "context": { "userId": "dr1", "patientId": 5 }
    });
    let answer = post_bytes(body.to_string());
    assert_eq!(answer.status, 400);
    let issues = answer.json()["issue"].as_array().expect("issues").clone();
    let expected = [
        ("required", "hookInstance"),
        ("value", "context.userId"),
        ("value", "context.patientId"),
        ("required", "context.draftOrders"),
        ("required", "fhirServer"),
        ("value", "prefetch.laboratory"),
        ("value", "prefetch.patient"),
    ];
    assert_eq!(issues.len(), expected.len(), "{}", answer.text());
    for (issue, (code, path)) in issues.iter().zip(expected) {
        assert_eq!((&issue["code"], &issue["expression"][0]), (&json!(code), &json!(path)), "{issue}");
        assert_eq!(issue["severity"], "error");
        assert!(issue["details"]["text"].to_string().contains(&format!("`{path}`")), "{issue}");
    }
    assert!(!answer.text().contains("s3cr3t"), "a token is never repeated");
}

/// An answer stays small however much is wrong; what is no JSON has one fault only.
#[test]
fn the_issues_are_bounded_and_bad_json_is_one() {
    let many: serde_json::Map<String, Value> = (0..500).map(|n| (format!("key{n}"), json!(n))).collect();
    let answer = post_bytes(changed(authorized(), "/prefetch", Some(many.into())).to_string());
    assert_eq!(answer.json()["issue"].as_array().expect("issues").len(), 20);
    let answer = post_bytes(r#"{"hook":1,"context":[],"prefetch":}"#);
    assert_eq!(answer.json()["issue"].as_array().expect("issues").len(), 1, "{}", answer.text());
    assert_eq!(answer.issue()["code"], "structure");
}

#[test]
fn a_body_that_is_no_json_object_is_refused() {
    let whole = Request::meets().0.to_string();
    let half: String = whole.chars().take(whole.len() / 2).collect();
    for body in
        ["", " ", "{", "null", "[]", "true", "1", "\"x\"", "hook=order-sign", &half, &format!("{whole},")]
    {
        let answer = post_bytes(body);
        assert_eq!(answer.status, 400, "{body}");
        assert_eq!(answer.issue()["expression"][0], "$this");
    }
}

#[test]
fn a_draft_bundle_whose_entries_are_no_list_is_refused() {
    for entries in [json!({}), json!("x"), json!(1)] {
        let answer = Request::meets().with("/context/draftOrders/entry", entries).post();
        assert_eq!(answer.status, 400, "{}", answer.text());
        assert_eq!(answer.issue()["expression"][0], "context.draftOrders");
    }
}

#[test]
fn two_patients_in_one_request_are_refused() {
    let of_another = changed(authorized(), "/fhirAuthorization/patient", Some(json!("p2")));
    refused(&of_another, "fhirAuthorization.patient");
    let of_another =
        Request::meets().with("/context/draftOrders/entry/0/resource/subject/reference", json!("Patient/p2"));
    let answer = of_another.post();
    assert_eq!(answer.status, 400);
    assert_eq!(answer.issue()["expression"][0], "context.draftOrders.entry.resource.subject");
    let absolute = json!("https://other.example.org/fhir/Patient/p1");
    let request = Request::meets().with("/context/draftOrders/entry/0/resource/subject/reference", absolute);
    assert_eq!(request.post().status, 200, "only type and id are compared");
}

#[test]
fn the_wrong_place_method_and_media_type_have_their_own_statuses() {
    let json = Some("application/json");
    let body = &Request::meets().0.to_string();
    let rows = [
        (404, Method::POST, "/cds-services/another", json),
        (404, Method::POST, "/cds-services/", json),
        (404, Method::GET, "/cds-service", None),
        (404, Method::GET, "/cds-services/coverage-order-sign/feedback/x", None),
        (405, Method::GET, SERVICE_PATH, None),
        (405, Method::PUT, SERVICE_PATH, json),
        (405, Method::DELETE, SERVICE_PATH, None),
        (405, Method::POST, DISCOVERY_PATH, json),
        (415, Method::POST, SERVICE_PATH, Some("text/plain")),
        (415, Method::POST, SERVICE_PATH, Some("application/xml")),
        (415, Method::POST, SERVICE_PATH, Some("application/fhir+xml")),
        (415, Method::POST, SERVICE_PATH, Some("application/x-www-form-urlencoded")),
    ];
    for (status, method, path, kind) in rows {
        let answer = call(method.clone(), path, kind, body);
        assert_eq!(answer.status, status, "{method} {path} {kind:?}");
        if status == 405 {
            assert!(!answer.header("allow").is_empty(), "{method} {path} names what is allowed");
        }
    }
    let accepted = [
        json,
        Some("application/json; charset=utf-8"),
        Some("Application/JSON;charset=UTF-8"),
        Some("application/fhir+json"),
        None,
    ];
    for kind in accepted {
        assert_eq!(call(Method::POST, SERVICE_PATH, kind, body).status, 200, "{kind:?}");
    }
}

#[test]
fn a_body_over_the_limit_is_too_large_and_one_at_the_limit_is_read() {
    let limit = signpost::serving::Bounds::default().body;
    let whole = Request::meets().0.to_string();
    let padded = |length: usize| format!("{whole}{}", " ".repeat(length - whole.len()));
    assert_eq!(post_bytes(padded(limit)).status, 200);
    let answer = post_bytes(padded(limit + 1));
    assert_eq!(answer.status, 413);
    assert_eq!(answer.issue()["code"], "too-long");
}

#[test]
fn what_is_not_needed_is_never_a_reason_to_refuse() {
    let meets = Request::meets().post();
    let rows = [
        ("/extension", json!({ "davinci-crd.configuration": { "coverage-info": true }, "x": [null] })),
        ("/extension", json!("not an object")),
        ("/davinci-crd.requestedVersion", json!("2.2")),
        ("/user", json!("Practitioner/dr1")),
        ("/context/extension", json!({})),
        ("/context/selections", json!(["MedicationRequest/ord1"])),
        ("/context/something", json!([1, { "deep": [[]] }])),
        ("/context/encounterId", json!(null)),
        ("/context/draftOrders/type", json!("searchset")),
        ("/context/draftOrders/meta", json!("x")),
        ("/prefetch/unheard-of", json!({ "resourceType": "Unheard" })),
        ("/prefetch/another", json!(null)),
        ("/context/draftOrders/entry/0/resource/category", json!({ "coding": [{ "code": "inpatient" }] })),
        ("/context/draftOrders/entry/0/resource/dispenseRequest", json!("x")),
        ("/context/draftOrders/entry/0/resource/status", json!("active")),
        ("/context/draftOrders/entry/0/resource/status", json!("on-hold")),
        ("/context/draftOrders/entry/0/resource/extension", json!([{ "url": "https://x.example/y" }])),
        ("/context/draftOrders/entry/0/resource/_status", json!({ "id": "a" })),
        ("/context/draftOrders/entry/0/resource/note", json!(null)),
    ];
    for (pointer, value) in rows {
        let body = changed(Request::meets().0, pointer, Some(value));
        let answer = post_bytes(body.to_string());
        assert_eq!(answer.json()["cards"][0]["summary"], meets.json()["cards"][0]["summary"], "{pointer}");
        assert_eq!(answer.determinations().len(), 2, "{pointer}");
    }
    for pointer in
        ["type", "entry/0/resource/intent", "entry/0/resource/status", "entry/0/resource/authoredOn"]
    {
        let body = changed(Request::meets().0, &format!("{ORDERS}/{pointer}"), None);
        assert_eq!(post_bytes(body.to_string()).determinations().len(), 2, "{pointer}");
    }
}

#[test]
fn an_unknown_resource_type_among_the_drafts_is_passed_over() {
    let strange = json!({ "resourceType": "MedicationOrder", "medicationReference": { "display": "x" } });
    let answer = Request::new(std::slice::from_ref(&strange)).post();
    assert_eq!(answer.json(), json!({ "cards": [] }));
    let mut request = Request::meets();
    request.0["context"]["draftOrders"]["entry"]
        .as_array_mut()
        .expect("entries")
        .push(json!({ "resource": strange }));
    assert_eq!(request.post().determinations().len(), 2);
}

#[test]
fn without_an_order_of_ours_there_is_nothing_to_say_whatever_was_prefetched() {
    let nothing = json!({ "cards": [] });
    let not_ours = order("ord9", "200328", json!({ "text": "1000 mg/m2 twice daily" }));
    for prefetch in [Some(json!({})), None, Some(Request::meets().0["prefetch"].clone())] {
        let body = changed(Request::new(std::slice::from_ref(&not_ours)).0, "/prefetch", prefetch.clone());
        assert_eq!(post_bytes(body.to_string()).json(), nothing);
        let empty = changed(Request::new(&[]).0, "/prefetch", prefetch.clone());
        assert_eq!(post_bytes(empty.to_string()).json(), nothing);
        let no_entries = changed(empty, &format!("{ORDERS}/entry"), None);
        assert_eq!(post_bytes(no_entries.to_string()).json(), nothing);
    }
    for status in ["cancelled", "entered-in-error", "stopped"] {
        let answer = Request::meets().with(&format!("{ORDER}/status"), json!(status)).post();
        assert_eq!(answer.json(), nothing, "{status}");
    }
}

#[test]
fn data_is_missing_exactly_where_no_key_of_the_service_was_answered() {
    let ours = || Request::new(&[ixabepilone("ord1", "40", 1, 21)]).0;
    let missing = [None, Some(json!(null)), Some(json!({})), Some(json!({ "something-else": null }))];
    for prefetch in missing {
        let answer = post_bytes(changed(ours(), "/prefetch", prefetch).to_string());
        assert_eq!(answer.status, 412, "{}", answer.text());
        let text = answer.issue()["details"]["text"].to_string();
        for (key, _) in templates() {
            assert!(text.contains(&key), "{key} is not named in {text}");
        }
    }
    let empty = json!({ "resourceType": "Bundle", "type": "searchset" });
    for (key, _) in templates() {
        for answered in [json!(null), empty.clone(), failure(), json!({ "resourceType": "Basic" })] {
            let mut prefetch = json!({});
            prefetch[&key] = answered.clone();
            let answer = post_bytes(changed(ours(), "/prefetch", Some(prefetch)).to_string());
            assert_eq!(answer.status, 200, "{key}: {answered}");
            for determination in answer.determinations() {
                assert_eq!(determination.comes_to(), "information-needed", "{key}");
            }
        }
    }
}

/// With a token the data can be had, so nothing is missing for good: the cards say what could not be read.
#[test]
fn with_access_to_the_ehr_nothing_prefetched_is_no_412() {
    let answer = post_bytes(changed(authorized(), "/prefetch", None).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text());
    for determination in answer.determinations() {
        assert_eq!(determination.comes_to(), "information-needed");
        assert_eq!(determination.gaps("diagnosis.breast-cancer"), ["unavailable"], "{}", determination.0);
    }
    assert!(answer.said().contains("could not be read"), "{}", answer.said());
}

/// What the public sandbox sends: a Bundle without `type`, `category` as an object, no `intent`, the drug in words.
#[test]
fn a_sandbox_body_is_answered() {
    let dosage = json!([{ "doseQuantity": { "value": 70, "unit": "mg" }, "timing": { "repeat": {} } }]);
    let body = json!({
        "hookInstance": "6bc883b2-b795-4dcb-b661-34884a31d472",
        "hook": "order-sign",
        "fhirServer": "http://localhost:8090/fhir",
        "context": {
            "patientId": "p1",
            "userId": "Practitioner/COREPRACTITIONER1",
            "draftOrders": { "resourceType": "Bundle", "entry": [{ "resource": {
                "resourceType": "MedicationRequest", "id": "request-123", "status": "draft",
                "subject": { "reference": "Patient/p1" }, "authoredOn": "2026-11-22",
                "dosageInstruction": dosage, "dispenseRequest": { "numberOfRepeatsAllowed": 0 },
                "category": { "coding": [{ "code": "outpatient" }] },
                "medicationCodeableConcept": { "text": "Ixabepilone 45 MG Injection", "coding": [{
                    "display": "Ixabepilone 45 MG Injection",
                    "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1726271"
                }] }
            } }] }
        },
        "prefetch": { "patient": { "resourceType": "Patient", "id": "p1", "birthDate": "1961-05-05" } }
    });
    let answer = post_bytes(body.to_string());
    assert_eq!(answer.determinations().len(), 2, "{}", answer.text());
    assert!(answer.determinations().iter().all(|one| one.comes_to() == "information-needed"));
}
