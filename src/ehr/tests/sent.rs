//! What is read in the pass over the body is what is read on its own, whatever was sent.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that fails says where"
)]

use ehr::record::Sent;
use hooks::{HookRequest, Prefetched};

/// Reads values both ways: the pass first, then each on its own from its raw JSON.
fn both(body: &str) -> [Vec<String>; 2] {
    let passed = HookRequest::<Sent<'_>>::read_with(body.as_bytes(), None).expect("a request");
    let apart = HookRequest::read(body.as_bytes()).expect("a request");
    let apart = apart.prefetch.iter().map(|(key, raw)| format!("{key}: {:?}", Sent::read(raw)));
    [passed.prefetch.iter().map(|(key, sent)| format!("{key}: {sent:?}")).collect(), apart.collect()]
}

fn request(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().zip(0..).map(|(value, n)| format!("\"k{n}\":{value}")).collect();
    format!(
        r#"{{"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            "context":{{"userId":"Practitioner/1","patientId":"1","draftOrders":{{"resourceType":"Bundle"}}}},
            "prefetch":{{{}}}}}"#,
        values.join(",")
    )
}

#[test]
fn the_bundled_requests() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/requests");
    let mut count = 0;
    for file in std::fs::read_dir(folder).expect("the fixtures") {
        let path = file.expect("a file").path();
        let [passed, apart] = both(&std::fs::read_to_string(&path).expect("text"));
        assert!(!passed.is_empty(), "{}", path.display());
        assert_eq!(passed, apart, "{}", path.display());
        count += 1;
    }
    assert!(count > 20);
}

#[test]
fn what_no_server_should_send() {
    let patient = r#"{"resourceType":"Patient","id":"p"}"#;
    let odd = [
        "null",
        "{}",
        r#"{"id":"p","resourceType":"Patient"}"#,
        r#"{"entry":[],"resourceType":"Bundle"}"#,
        r#"{"resourceType":" Bundle ","entry":[{"resource":{"resourceType":"Patient","id":"p"}}]}"#,
        r#"{"resourceType":"Bundle","resourceType":"Patient"}"#,
        r#"{"resourceType":"Bundle","entry":null,"total":3}"#,
        r#"{"resourceType":"Bundle","entry":{"resource":{}}}"#,
        r#"{"resourceType":"Bundle","entry":[null,{},{"resource":null},{"resource":{"id":"x"}},{"resource":7}]}"#,
        r#"{"resourceType":"Bundle","entry":[{"resource":{"id":"o","resourceType":"Observation","status":"final"}}]}"#,
        r#"{"resourceType":"Bundle","link":[{"relation":"NEXT","url":"u"}]}"#,
        r#"{"resourceType":"OperationOutcome","issue":[]}"#,
        r#"{"resourceType":"Basic"}"#,
        r#"{"resourceType":["Patient"]}"#,
        r#"{"resourceType":"Pati\u0065nt","id":"p"}"#,
        r#"{"resourceType":"Patient","id":"\ud800"}"#,
        r#"{"resourceType":"Patient","name":"\ud800"}"#,
        r#"{"resourceType":"Condition","clinicalStatus":"active","verificationStatus":["refuted"]}"#,
    ];
    for value in odd {
        let [passed, apart] = both(&request(&[patient, value, patient]));
        assert_eq!(passed, apart, "{value}");
        assert_eq!(passed.len(), 3);
        assert!(passed[2].contains("Patient("), "what stands beside it is read: {value}");
    }
}

#[test]
fn what_is_no_resource_is_refused_either_way() {
    for value in ["7", "\"text\"", "[]", "true"] {
        let body = request(&[value]);
        let passed = HookRequest::<Sent<'_>>::read_with(body.as_bytes(), None).map(|_| ()).unwrap_err();
        assert_eq!(passed, HookRequest::read(body.as_bytes()).map(|_| ()).unwrap_err(), "{value}");
    }
}
