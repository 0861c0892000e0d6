//! What must not be refused, and what is read out of a request.

use std::borrow::Cow;

use crate::body::{valid, with};
use hooks::{HookRequest, OrderSignContext, resource_type};
use serde_json::{Value, json, value::RawValue};

fn assert_accepted(body: &str) {
    let read = HookRequest::read(body.as_bytes()).and_then(|request| OrderSignContext::read(&request));
    assert!(read.is_ok(), "{} for {body}", read.unwrap_err());
}

#[test]
fn every_member_is_read() {
    let body = valid().to_string();
    let request = HookRequest::read(body.as_bytes()).unwrap();
    assert_eq!(request.hook, "order-sign");
    assert_eq!(request.hook_instance, "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea");
    assert_eq!(request.fhir_server.as_deref(), Some("https://ehr.example.org/r4"));
    let access = request.fhir_authorization.as_ref().unwrap();
    assert_eq!((access.access_token.as_ref(), access.expires_in), ("s3cr3t-token", 300));
    assert_eq!((access.scope.as_ref(), access.subject.as_ref()), ("patient/Observation.rs", "signpost"));
    assert_eq!(access.patient.as_deref(), Some("pat-1"));
    let prefetch: Vec<_> = request.prefetch.iter().map(|(key, raw)| (key.as_ref(), raw.get())).collect();
    let expected = [
        ("patient", r#"{"resourceType":"Patient","id":"pat-1"}"#),
        ("labs", r#"{"resourceType":"Bundle"}"#),
        ("coverage", "null"),
    ];
    assert_eq!(prefetch, expected);
    let context = OrderSignContext::read(&request).unwrap();
    assert_eq!((context.user_id.as_ref(), context.patient_id.as_ref()), ("Practitioner/dr-1", "pat-1"));
    assert_eq!(context.encounter_id.as_deref(), Some("enc-1"));
    assert_eq!(context.draft_orders.get(), r#"{"resourceType":"Bundle","type":"collection","entry":[]}"#);
}

#[test]
fn what_the_request_does_not_need_is_no_reason_to_refuse_it() {
    let bundle = |entry: Value| Some(json!({ "resourceType": "Bundle", "entry": entry }));
    let rows = [
        ("user", Some(json!(1))),
        ("extension", Some(json!({ "davinci-crd.configuration": { "max-cards": "many" } }))),
        ("extension", Some(json!("nonsense"))),
        ("extension", None),
        ("context.services", Some(json!([1, 2]))),
        ("context.selections", Some(Value::Null)),
        ("context.encounterId", None),
        ("context.encounterId", Some(Value::Null)),
        ("context.encounterId", Some(json!("Encounter/enc-1"))),
        ("context.userId", Some(json!("PractitionerRole/a.b-c_d"))),
        ("context.patientId", Some(json!("id with spaces, and ä"))),
        ("context.draftOrders", Some(json!({ "resourceType": "Bundle" }))),
        ("context.draftOrders", Some(json!({ "entry": [], "type": 7, "resourceType": "Bundle" }))),
        ("context.draftOrders", bundle(Value::Null)),
        ("context.draftOrders", bundle(json!([null, 1, { "resource": { "resourceType": "Unheard" } }]))),
        (
            "context.draftOrders",
            bundle(json!([{ "resource": {
                "resourceType": "MedicationRequest", "status": "active", "category": { "coding": [] }
            } }])),
        ),
        ("prefetch", None),
        ("prefetch", Some(Value::Null)),
        ("prefetch", Some(json!({}))),
        ("prefetch.labs", Some(json!({ "resourceType": "OperationOutcome" }))),
        ("prefetch.labs", Some(json!({ "no": "resource" }))),
        ("prefetch.Unknown key!", Some(Value::Null)),
        ("fhirAuthorization", None),
        ("fhirAuthorization", Some(Value::Null)),
        ("fhirAuthorization.patient", None),
        ("fhirAuthorization.extra", Some(json!([]))),
        ("hookInstance", Some(json!("urn:uuid:D1577C69-DFBE-44AD-BA6D-3E05E953B2EA"))),
    ];
    for (path, value) in rows {
        assert_accepted(&with(path, value).to_string());
    }
}

#[test]
fn a_server_without_a_token_or_neither_is_fine() {
    let mut body = with("fhirAuthorization", None);
    assert_accepted(&body.to_string());
    body.as_object_mut().unwrap().shift_remove("fhirServer");
    assert_accepted(&body.to_string());
}

/// The sandbox's shape: no `Bundle.type`, no `fullUrl`, `category` an object, no prefetch, no encounter.
#[test]
fn the_public_sandbox_is_answered() {
    assert_accepted(
        r#"{"hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","hook":"order-sign",
        "fhirServer":"http://localhost:8090/fhir",
        "context":{"patientId":"p","userId":"Practitioner/COREPRACTITIONER1","draftOrders":{"resourceType":"Bundle",
        "entry":[{"resource":{"resourceType":"MedicationRequest","id":"request-123","status":"draft",
        "intent":"order","category":{"coding":[{"code":"outpatient"}]}}}]}}}"#,
    );
}

#[test]
fn unknown_members_may_repeat_and_unread_values_may_be_odd() {
    let body = valid().to_string();
    assert_accepted(&body.replacen('{', r#"{"x":1,"x":2,"extension":1,"extension":{},"#, 1));
    assert_accepted(&body.replacen(r#""entry":[]"#, r#""note":"\ud800","entry":[]"#, 1));
    assert_accepted(&body.replacen(r#""id":"pat-1""#, r#""id":"\ud800","id":1"#, 1));
    assert_accepted(&format!("\n\t {body} \r\n"));
}

#[test]
fn depth_and_digits_are_walked_not_stacked() {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let digits = format!("{}.{}e9", "9".repeat(1_000_000), "1".repeat(1_000_000));
    let body = valid().to_string();
    for bomb in [&deep, &digits] {
        assert_accepted(&body.replacen('{', &format!(r#"{{"x":{bomb},"#), 1));
        assert_accepted(&body.replacen(r#""entry":[]"#, &format!(r#""entry":{bomb}"#), 1));
        assert_accepted(&body.replacen(r#"{"resourceType":"Patient""#, &format!(r#"{{"a":{bomb}"#), 1));
        let first = format!(r#""draftOrders":{{"a":{bomb},"resourceType""#);
        assert_accepted(&body.replacen(r#""draftOrders":{"resourceType""#, &first, 1));
    }
}

#[test]
fn the_body_is_borrowed_and_decimals_keep_their_digits() {
    let labs = r#"{"resourceType":"Observation","valueQuantity":{"value":1.00}}"#;
    let body = valid().to_string().replacen(r#"{"resourceType":"Bundle"}"#, labs, 1);
    let request = HookRequest::read(body.as_bytes()).unwrap();
    let (key, raw) = &request.prefetch[1];
    assert!(matches!(key, Cow::Borrowed("labs")));
    assert_eq!(raw.get(), labs);
    assert!(body.as_bytes().as_ptr_range().contains(&raw.get().as_ptr()));
    assert!(matches!(request.hook, Cow::Borrowed(_)) && matches!(request.hook_instance, Cow::Borrowed(_)));
}

#[test]
fn an_escaped_string_is_read_as_what_it_means() {
    let body = valid().to_string().replacen(r#""order-sign""#, r#""order\u002dsign""#, 1);
    let body = body.replacen(r#""context""#, r#""c\u006fntext""#, 1);
    assert_accepted(&body);
}

#[test]
fn debug_shows_neither_token_nor_patient() {
    let body = valid().to_string();
    let request = HookRequest::read(body.as_bytes()).unwrap();
    let context = OrderSignContext::read(&request).unwrap();
    let shown = format!("{request:?} {:?} {context:?}", request.fhir_authorization);
    assert!(!shown.contains("s3cr3t") && !shown.contains("pat-1"), "{shown}");
}

#[test]
fn a_resource_tells_its_type_without_being_read() {
    let rows = [
        (r#"{"resourceType":"Patient"}"#, Some("Patient")),
        (r#"{"a":[{"resourceType":"X"}],"resourceType":"Pa\u0074ient"}"#, Some("Patient")),
        (r#"{"resourceType":null}"#, None),
        ("{}", None),
        ("[]", None),
        ("1.5", None),
        ("null", None),
    ];
    for (json, expected) in rows {
        let raw = RawValue::from_string(json.to_owned()).unwrap();
        assert_eq!(resource_type(&raw).as_deref(), expected, "{json}");
    }
}
