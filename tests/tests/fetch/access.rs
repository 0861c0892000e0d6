//! Tokens, scopes, and what happens without access.

use ehr::fetch::Addresses;
use serde_json::json;
use signpost::demo_ehr::DemoEhr;

use super::support::{Ehr, PATIENT_ENOUGH, Service, TOKEN, clock, request, with_access, without_prefetch};

const NAME: &str = "policy-a-ii-a-third-line-monotherapy";

#[test]
fn the_token_opens_a_server_that_asks_for_one() {
    let service = Service::within(PATIENT_ENOUGH);
    let expected = service.post(&request(NAME));
    let closed = Ehr::start(DemoEhr::new(clock()).with_token(Some(TOKEN.into())).router());
    let found = service.post(&without_prefetch(request(NAME), &closed.base()));
    assert_eq!(found.text(), expected.text());
    let mut wrong = without_prefetch(request(NAME), &closed.base());
    wrong["fhirAuthorization"]["access_token"] = json!("0ther-t0ken");
    let found = service.post(&wrong);
    assert!(found.text().contains("does not accept the token (401)"), "{}", found.text());
    assert!(!found.text().contains("0ther-t0ken"), "a token is never repeated");
}

/// In an open service a server of this machine without a token will do.
#[test]
fn an_open_server_needs_no_token() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let mut open = without_prefetch(request(NAME), &ehr.base());
    open.as_object_mut().unwrap().shift_remove("fhirAuthorization");
    assert_eq!(service.post(&open).text(), service.post(&request(NAME)).text());
}

#[test]
fn a_search_that_the_token_does_not_allow_is_not_sent() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let post = |scope: &str| {
        let mut body = without_prefetch(request(NAME), &ehr.base());
        body["fhirAuthorization"]["scope"] = json!(scope);
        let answer = service.post(&body);
        assert_eq!(answer.status, 200);
        (answer, ehr.asked())
    };
    let (answer, asked) = post("patient/Observation.read patient/Patient.read openid");
    assert!(
        asked.iter().all(|uri| uri.starts_with("Observation?") || uri.starts_with("Patient/")),
        "{asked:?}"
    );
    assert!(asked.len() >= 5 && answer.text().contains("the token does not allow it"), "{}", answer.text());
    let (_, asked) = post("patient/Observation.r");
    assert_eq!(asked, [""; 0], "reading is not searching");
    let (answer, asked) = post("patient/Observation.rs?category=laboratory patient/Condition.rs");
    assert!(asked.iter().any(|uri| uri.starts_with("Observation?")), "{asked:?}");
    assert!(answer.text().contains("the token allows a part of it"), "{}", answer.text());
}

#[test]
fn an_expired_token_is_not_sent() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let mut body = without_prefetch(request(NAME), &ehr.base());
    body["fhirAuthorization"]["expires_in"] = json!(0);
    let answer = service.post(&body);
    assert!(answer.status == 200 && ehr.asked().is_empty(), "{}", answer.text());
}

/// 412: an order of ours, no prefetch key, and no access. With access that fails, a 200 whose gaps say so.
#[test]
fn without_data_and_without_access_it_is_412() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let closed = Service::with(&[], Addresses::default(), PATIENT_ENOUGH);
    let mut nothing = request(NAME);
    nothing.as_object_mut().unwrap().shift_remove("prefetch");
    assert_eq!(service.post(&nothing).status, 412, "`fhirServer` is no server that may be called");
    nothing["fhirServer"] = json!(ehr.base());
    assert_eq!(closed.post(&nothing).status, 412);
    let body = without_prefetch(request(NAME), &ehr.base());
    let refused = closed.post(&body);
    assert_eq!(refused.status, 200);
    assert!(refused.text().contains("not one that may be called"), "{}", refused.text());
    assert_eq!(ehr.asked(), [""; 0]);
    let failed = service.post(&without_prefetch(request(NAME), &ehr.failing("500")));
    assert_eq!(failed.status, 200);
}

/// No order of ours: nothing is asked.
#[test]
fn without_an_order_of_ours_nothing_is_asked() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let answer = service.post(&without_prefetch(request("not-ours"), &ehr.base()));
    assert_eq!(answer.bytes, br#"{"cards":[]}"#);
    assert_eq!(ehr.asked(), [""; 0]);
    let sent = with_access(request(NAME), &ehr.base(), "patient/*.rs");
    assert_eq!(service.post(&sent).status, 200);
}

/// What is refused is refused alike, whether or not there is access.
#[test]
fn a_bad_request_is_refused_before_anything_is_asked() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    for (pointer, value) in [
        ("/hook", json!("patient-view")),
        ("/context/patientId", json!("another")),
        ("/context/draftOrders", json!(null)),
        ("/fhirAuthorization/patient", json!("another")),
        ("/fhirAuthorization/token_type", json!("MAC")),
    ] {
        let mut body = without_prefetch(request(NAME), &ehr.base());
        body["fhirAuthorization"]["patient"] = body["context"]["patientId"].clone();
        *body.pointer_mut(pointer).unwrap() = value;
        assert_eq!(service.post(&body).status, 400, "{pointer}");
        assert_eq!(ehr.asked(), [""; 0], "{pointer}");
    }
}
