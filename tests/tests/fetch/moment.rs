//! What was read a moment ago serves the same patient, user and token, and nobody else.

use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::support::{Ehr, PATIENT_ENOUGH, Service, request, without_prefetch};

/// What another caller has otherwise.
type Change = fn(&mut Value);

const NAME: &str = "policy-a-ii-a-third-line-monotherapy";

#[test]
fn unless_it_is_asked_for_everything_is_read_again() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let body = without_prefetch(request(NAME), &ehr.base());
    service.post(&body);
    let first = ehr.asked();
    service.post(&body);
    assert_eq!(ehr.asked(), first);
}

#[test]
fn an_order_that_is_signed_again_is_not_read_for_again() {
    let (service, ehr) = (Service::keeping(Duration::from_secs(30)), Ehr::demo());
    let body = without_prefetch(request(NAME), &ehr.base());
    let first = service.post(&body);
    assert!(!ehr.asked().is_empty());
    assert_eq!(service.post(&body).bytes, first.bytes);
    assert_eq!(ehr.asked(), [""; 0]);
}

#[test]
fn what_was_read_serves_nobody_else() {
    let changes: [(&str, Change); 4] = [
        ("token", |body| body["fhirAuthorization"]["access_token"] = json!("another")),
        ("no token", |body| drop(body.as_object_mut().unwrap().shift_remove("fhirAuthorization"))),
        ("user", |body| body["context"]["userId"] = json!("Practitioner/syn-prac-2")),
        ("base", |body| {
            let base = body["fhirServer"].as_str().unwrap().replace("127.0.0.1", "localhost");
            body["fhirServer"] = json!(base);
        }),
    ];
    let (service, ehr) = (Service::keeping(Duration::from_secs(30)), Ehr::demo());
    for (what, change) in changes {
        let body = without_prefetch(request(NAME), &ehr.base());
        service.post(&body);
        ehr.asked();
        let mut other = body;
        change(&mut other);
        service.post(&other);
        let asked = ehr.asked();
        assert!(asked.iter().any(|uri| uri.starts_with("Condition?")), "{what}: {asked:?}");
    }
    // Another patient's record has other addresses, and another owner.
    let other = without_prefetch(request("neutrophils-low"), &ehr.base());
    let found = service.post(&other);
    assert_eq!(found.bytes, Service::within(PATIENT_ENOUGH).post(&request("neutrophils-low")).bytes);
}

#[test]
fn a_moment_ends_and_failures_are_not_kept() {
    let (service, ehr) = (Service::keeping(Duration::from_millis(300)), Ehr::demo());
    let body = without_prefetch(request(NAME), &ehr.base());
    service.post(&body);
    thread::sleep(Duration::from_millis(400));
    ehr.asked();
    service.post(&body);
    assert!(!ehr.asked().is_empty());
    let service = Service::keeping(Duration::from_secs(30));
    let failing = without_prefetch(request(NAME), &ehr.failing("500"));
    service.post(&failing);
    ehr.asked();
    service.post(&failing);
    assert!(!ehr.asked().is_empty());
}
