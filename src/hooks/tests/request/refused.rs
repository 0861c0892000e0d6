//! Every reason for a 400, each with the path of the member at fault.

use crate::body::{valid, with};
use hooks::{Fault, HookRequest, OrderSignContext, Problem};
use serde_json::{Value, json};

/// Everything that is wrong, as the service reads a call.
fn faults(body: &[u8]) -> Vec<Fault> {
    let read = HookRequest::read_for(OrderSignContext::HOOK, body);
    read.expect_err(&String::from_utf8_lossy(body)).faults().to_vec()
}

/// The one thing that is wrong.
#[track_caller]
fn refusal(body: &[u8]) -> Fault {
    let faults = faults(body);
    assert_eq!(faults.len(), 1, "{faults:?} of {}", String::from_utf8_lossy(body));
    faults.into_iter().next().expect("one fault")
}

#[track_caller]
fn assert_path(path: &str, body: &Value) {
    let refusal = refusal(body.to_string().as_bytes());
    assert_eq!(refusal.path(), path, "{refusal} for {body}");
}

fn paths(body: &Value) -> Vec<String> {
    faults(body.to_string().as_bytes()).iter().map(|fault| fault.path().to_owned()).collect()
}

/// A client is mended once, not once for each of its mistakes.
#[test]
fn everything_wrong_is_named_at_once_first_things_first() {
    assert_eq!(paths(&json!({})), ["hook", "hookInstance", "context"]);
    let empty = json!({ "context": {}, "fhirAuthorization": {}, "prefetch": { "labs": 1, "patient": [] } });
    assert_eq!(
        paths(&empty),
        [
            "hook",
            "hookInstance",
            "context.userId",
            "context.patientId",
            "context.draftOrders",
            "fhirServer",
            "fhirAuthorization.access_token",
            "fhirAuthorization.token_type",
            "fhirAuthorization.expires_in",
            "fhirAuthorization.scope",
            "fhirAuthorization.subject",
            "prefetch.labs",
            "prefetch.patient",
        ]
    );
    let wrong = json!({
        "hook": 1, "hookInstance": "x", "context": "x", "fhirServer": 1, "fhirAuthorization": [], "prefetch": []
    });
    assert_eq!(
        paths(&wrong),
        ["hook", "hookInstance", "context", "fhirServer", "fhirAuthorization", "prefetch"]
    );
}

#[test]
fn each_fault_says_what_it_is() {
    let body = r#"{"hook":"order-sign","hook":"order-sign","context":{"userId":"x","patientId":"p","patientId":"q"}}"#;
    let said: Vec<String> = faults(body.as_bytes()).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "`hook` occurs more than once",
            "`hookInstance` is required",
            "`context.userId` must be a relative reference, `Type/id`",
            "`context.patientId` occurs more than once",
            "`context.draftOrders` is required",
        ]
    );
    let read = HookRequest::read_for(OrderSignContext::HOOK, body.as_bytes()).unwrap_err();
    assert_eq!(read.to_string(), said.join("; "));
}

/// What another hook's context must hold is not known here.
#[test]
fn of_another_hook_only_the_envelope_is_judged() {
    let body = json!({ "hook": "patient-view", "context": {} });
    assert_eq!(paths(&body), ["hook", "hookInstance"]);
    let of_any_service = HookRequest::read(body.to_string().as_bytes()).unwrap_err();
    assert_eq!(of_any_service.faults().len(), 1, "{of_any_service}");
}

#[test]
fn no_more_than_twenty_faults_are_named() {
    let many: serde_json::Map<String, Value> = (0..1000).map(|n| (format!("key{n}"), json!(n))).collect();
    let paths = paths(&with("prefetch", Some(many.into())));
    assert_eq!(paths.len(), 20);
    assert_eq!((paths[0].as_str(), paths[19].as_str()), ("prefetch.key0", "prefetch.key19"));
}

/// One that is no JSON is not judged any further, wherever the error stands.
#[test]
fn a_syntax_error_is_the_only_fault() {
    for body in [r#"{"hook":1,"context":5,"prefetch":[}"#, r#"{"context":{},"context":{},"x":}"#] {
        assert!(matches!(refusal(body.as_bytes()).problem(), Problem::NotJson { .. }), "{body}");
    }
}

#[test]
fn a_required_member_that_is_absent_null_or_empty_is_named() {
    let required = [
        "hook",
        "hookInstance",
        "context",
        "context.userId",
        "context.patientId",
        "context.draftOrders",
        "fhirAuthorization.access_token",
        "fhirAuthorization.token_type",
        "fhirAuthorization.expires_in",
        "fhirAuthorization.scope",
        "fhirAuthorization.subject",
    ];
    for path in required {
        let absent = refusal(with(path, None).to_string().as_bytes());
        assert_eq!((absent.path(), absent.problem()), (path, Problem::Missing));
        assert_path(path, &with(path, Some(Value::Null)));
        assert_path(path, &with(path, Some(json!(""))));
    }
}

#[test]
fn a_member_of_the_wrong_type_is_named() {
    let strings = [
        "hook",
        "hookInstance",
        "fhirServer",
        "context.userId",
        "context.patientId",
        "context.encounterId",
        "fhirAuthorization.access_token",
        "fhirAuthorization.token_type",
        "fhirAuthorization.scope",
        "fhirAuthorization.subject",
        "fhirAuthorization.patient",
    ];
    for path in strings {
        for wrong in
            [json!(1), json!(1.5), json!(true), json!([]), json!(["x"]), json!({}), json!({ "a": 1 })]
        {
            assert_path(path, &with(path, Some(wrong)));
        }
    }
    for path in ["context", "context.draftOrders", "prefetch", "fhirAuthorization"] {
        for wrong in [json!(1), json!(1e3), json!(false), json!("x"), json!([]), json!([{}])] {
            assert_path(path, &with(path, Some(wrong)));
        }
    }
    for wrong in [json!("300"), json!(1.5), json!(-1), json!({}), json!(true)] {
        assert_path("fhirAuthorization.expires_in", &with("fhirAuthorization.expires_in", Some(wrong)));
    }
}

#[test]
fn a_member_of_the_wrong_form_is_named() {
    let rows = [
        ("hook", json!("order-select")),
        ("hook", json!("Order-Sign")),
        ("hookInstance", json!("123")),
        ("hookInstance", json!("d1577c69dfbe44adba6d3e05e953b2ea")),
        ("hookInstance", json!("g1577c69-dfbe-44ad-ba6d-3e05e953b2ea")),
        ("hookInstance", json!("urn:oid:d1577c69-dfbe-44ad-ba6d-3e05e953b2ea")),
        ("context.patientId", json!("Patient/pat-1")),
        ("context.userId", json!("dr-1")),
        ("context.userId", json!("Practitioner/")),
        ("context.userId", json!("/dr-1")),
        ("context.userId", json!("Practitioner/dr-1/_history/2")),
        ("context.userId", json!("https://ehr.example.org/r4/Practitioner/dr-1")),
        ("context.draftOrders", json!({})),
        ("context.draftOrders", json!({ "resourceType": "MedicationRequest" })),
        ("context.draftOrders", json!({ "resourceType": 1 })),
        ("context.draftOrders", json!({ "entry": [{ "resourceType": "Bundle" }] })),
        ("fhirAuthorization.token_type", json!("Basic")),
        ("prefetch.labs", json!("Bundle")),
        ("prefetch.labs", json!([])),
        ("prefetch.labs", json!(0)),
        ("prefetch.`lab-results`", json!(false)),
        ("prefetch.`24h`", json!(false)),
    ];
    for (path, value) in rows {
        assert_path(path, &with(&path.replace('`', ""), Some(value)));
    }
}

#[test]
fn a_token_without_a_server_is_refused() {
    assert_path("fhirServer", &with("fhirServer", None));
    assert_path("fhirServer", &with("fhirServer", Some(Value::Null)));
}

#[test]
fn a_body_that_is_no_json_object_is_refused() {
    let text = valid().to_string();
    let mut rows: Vec<(Vec<u8>, bool)> =
        [&b"[]"[..], b"1", b"1.5", b"\"x\"", b"null", b"true"].map(|body| (body.to_vec(), true)).to_vec();
    let malformed: [&[u8]; 10] = [
        b"",
        b" ",
        b"{",
        b"{]",
        b"not json",
        b"{'hook':1}",
        b"{\"hook\":}",
        b"{1:2}",
        b"{\"a\":01}",
        b"{\"a\":NaN}",
    ];
    rows.extend(malformed.map(|body| (body.to_vec(), false)));
    rows.push((format!("{text} x").into_bytes(), false));
    rows.push((format!("{text}{text}").into_bytes(), false));
    rows.push((text.as_bytes()[..text.len() - 1].to_vec(), false));
    rows.push((format!("\u{feff}{text}").into_bytes(), false));
    for (body, is_json) in rows {
        let refusal = refusal(&body);
        assert_eq!(refusal.path(), "$this");
        assert_eq!(matches!(refusal.problem(), Problem::MustBe(_)), is_json, "{refusal}");
    }
}

#[test]
fn a_syntax_error_anywhere_is_found_and_placed() {
    let body = b"{\"hook\": \"order-sign\",\n \"prefetch\": {\"labs\": {\"entry\": [1,]}}}";
    let refusal = refusal(body);
    assert!(matches!(refusal.problem(), Problem::NotJson { line: 2, .. }), "{refusal}");
}

#[test]
fn invalid_utf8_is_refused_wherever_it_stands() {
    let text = valid().to_string();
    for marker in ["order-sign", "pat-1", "s3cr3t", "\"Bundle\"", "collection"] {
        let mut body = text.clone().into_bytes();
        body[text.find(marker).unwrap() + 1] = 0xff;
        assert_eq!(refusal(&body).problem(), Problem::NotUtf8, "{marker}");
    }
}

#[test]
fn a_member_that_is_read_must_not_occur_twice() {
    let rows = [
        ("hook", "{", r#"{"hook":"order-sign","#),
        ("context", "{", r#"{"context":{},"#),
        ("prefetch", "{", r#"{"prefetch":{},"#),
        ("fhirAuthorization", "{", r#"{"fhirAuthorization":{},"#),
        ("context.patientId", r#""context":{"#, r#""context":{"patientId":"other","#),
        ("context.draftOrders", r#""context":{"#, r#""context":{"draftOrders":{},"#),
        (
            "fhirAuthorization.patient",
            r#""fhirAuthorization":{"#,
            r#""fhirAuthorization":{"patient":"other","#,
        ),
        ("prefetch.labs", r#""prefetch":{"#, r#""prefetch":{"labs":null,"#),
    ];
    for (path, from, to) in rows {
        let refusal = refusal(valid().to_string().replacen(from, to, 1).as_bytes());
        assert_eq!((refusal.path(), refusal.problem()), (path, Problem::Repeated));
    }
}

#[test]
fn a_lone_surrogate_in_a_member_that_is_read_is_refused() {
    for (path, marker) in [("hook", r#""order-sign""#), ("context.patientId", r#""pat-1","encounterId""#)] {
        let marked = marker.replacen('"', r#""\ud800"#, 1);
        let refusal = refusal(valid().to_string().replacen(marker, &marked, 1).as_bytes());
        assert_eq!(refusal.path(), path, "{refusal}");
    }
}

#[test]
fn what_is_said_never_repeats_the_body() {
    for path in
        ["hook", "hookInstance", "fhirServer", "context", "context.userId", "context.patientId", "prefetch"]
    {
        for value in [json!("zz/leak/zz"), json!(["zz/leak/zz"]), json!({ "zz/leak/zz": "zz/leak/zz" })] {
            let body = with(path, Some(value)).to_string();
            let read =
                HookRequest::read(body.as_bytes()).and_then(|request| OrderSignContext::read(&request));
            let said = read.map_or_else(|refusal| format!("{refusal} {refusal:?}"), |_| String::new());
            assert!(!said.contains("leak"), "{said}");
        }
    }
    let hostile = with("prefetch", Some(json!({ "Jane Doe, born 1961": 1 })));
    assert_path("prefetch", &hostile);
}

#[test]
fn a_refusal_reads_as_a_sentence_and_has_a_fhir_issue_type() {
    let missing = refusal(with("context.patientId", None).to_string().as_bytes());
    assert_eq!(missing.to_string(), "`context.patientId` is required");
    assert_eq!(missing.problem().issue_type(), "required");
    let wrong = refusal(with("context.patientId", Some(json!(5))).to_string().as_bytes());
    assert_eq!(wrong.to_string(), "`context.patientId` must be a string");
    assert_eq!(wrong.problem().issue_type(), "value");
    assert_eq!(refusal(b"{").problem().issue_type(), "structure");
}
