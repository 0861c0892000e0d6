//! Nothing found: believed where the server says so in two ways, never by one search alone.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use signpost::demo_ehr::DemoEhr;
use signpost::example;

use super::failures::nothing_wrong;
use super::support::{Ehr, PATIENT_ENOUGH, Service, clock, request, without_key, without_prefetch};

const NAME: &str = "policy-a-ii-a-third-line-monotherapy";

/// The types of which nothing may mean "no".
const KINDS: [&str; 9] = [
    "AllergyIntolerance",
    "CarePlan",
    "Condition",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Procedure",
];

/// Real servers advertise a parameter and find nothing by it, ...
#[test]
fn a_type_that_is_searched_in_vain_does_not_turn_into_a_no() {
    nothing_turns_into_a_no("empty-search", 1);
}

/// ... or find it by another parameter only, ...
#[test]
fn a_type_that_is_not_found_by_the_patient_does_not_turn_into_a_no() {
    nothing_turns_into_a_no("empty-patient-search", 4);
}

/// ... or answer nothing where they do not know a parameter.
#[test]
fn a_type_whose_parameters_are_passed_over_does_not_turn_into_a_no() {
    nothing_turns_into_a_no("unknown-parameter", 4);
}

/// For every type, and each patient or one of so many.
fn nothing_turns_into_a_no(way: &str, one_of: usize) {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    for name in example::names().into_iter().step_by(one_of) {
        let expected = service.post(&request(name));
        for kind in KINDS {
            let found =
                service.post(&without_prefetch(request(name), &ehr.failing(&format!("{way}:{kind}"))));
            nothing_wrong(&found, &expected, &format!("{name} {way} {kind}"));
        }
    }
}

/// What one parameter does not find another does.
#[test]
fn what_is_not_found_by_one_parameter_is_found_by_another() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    for name in [NAME, "neutrophils-low", "strong-cyp3a4-inhibitor"] {
        let expected = service.post(&request(name));
        for kind in KINDS.into_iter().filter(|kind| *kind != "AllergyIntolerance") {
            let base = ehr.failing(&format!("empty-patient-search:{kind}"));
            let found = service.post(&without_prefetch(request(name), &base));
            assert_eq!(found.text(), expected.text(), "{name} {kind}");
        }
    }
    // An allergy has one parameter only; from the patient's side it is found nevertheless.
    let base = ehr.failing("empty-search:AllergyIntolerance");
    let found = service.post(&without_prefetch(request("castor-oil-hypersensitivity"), &base));
    assert!(found.limits("met").contains("castor-oil-hypersensitivity"), "{}", found.text());
}

/// A patient without allergies on a server that says so in two ways: nothing is open, and nothing is said.
#[test]
fn nothing_found_in_two_ways_is_nothing() {
    let service = Service::within(PATIENT_ENOUGH);
    let ehr = Ehr::start(DemoEhr::new(clock()).router().layer(from_fn(without_allergies)));
    let mut none = request(NAME);
    none["prefetch"]["allergies"] = Value::Null;
    let found = service.post(&without_key(request(NAME), "allergies", &ehr.base()));
    assert_eq!(found.text(), service.post(&none).text());
    assert!(!found.limits("unknown").contains("castor-oil-hypersensitivity"));
    let asked = ehr.asked();
    let ways = ["AllergyIntolerance?patient=*", "AllergyIntolerance?patient=Patient/*"];
    assert!(ways.iter().all(|uri| asked.iter().any(|one| one == uri)), "{asked:?}");
}

/// A server that knows no other way is taken at its word: its `self` link says what it searched by.
#[test]
fn a_server_that_knows_one_way_only_is_believed_if_it_says_what_it_did() {
    let service = Service::within(PATIENT_ENOUGH);
    let talkative = Ehr::demo();
    let silent = Ehr::start(DemoEhr::new(clock()).router().layer(from_fn(without_self_link)));
    let (name, key) = ("gap-not-recorded-cps", "medication-statements");
    let found = |ehr: &Ehr| service.post(&without_key(request(name), key, &ehr.failing("few-parameters")));
    assert_eq!(found(&talkative).text(), service.post(&request(name)).text());
    let doubted = found(&silent);
    assert!(doubted.text().contains("do not show that it looked"), "{}", doubted.text());
    assert!(doubted.limits("unknown").contains("strong-cyp3a4-inhibitor"), "{}", doubted.text());
}

/// A server that finds nothing at all is not believed; one that found something is.
#[test]
fn a_server_that_finds_nothing_anywhere_is_not_believed() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let whole = service.post(&without_prefetch(request(NAME), &ehr.base()));
    assert!(!whole.text().contains("do not show"));
    let empty = service.post(&without_prefetch(request(NAME), &ehr.failing("empty-search")));
    for [_, policy, determination] in empty.determinations() {
        assert_eq!(determination, "information-needed", "{policy}");
    }
    assert!(empty.limits("unknown").contains("castor-oil-hypersensitivity"), "{}", empty.text());
    // One type whose `patient` was passed over, says the server itself.
    let one = without_key(request(NAME), "allergies", &ehr.failing("unknown-parameter"));
    let found = service.post(&one);
    assert!(found.limits("unknown").contains("castor-oil-hypersensitivity"), "{}", found.text());
}

async fn without_self_link(request: Request, next: Next) -> Response {
    let (parts, body) = next.run(request).await.into_parts();
    let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    let text = text.replace("\"relation\":\"self\"", "\"relation\":\"about\"");
    (parts.status, [("content-type", "application/fhir+json")], text).into_response()
}

/// The record of somebody without allergies.
async fn without_allergies(request: Request, next: Next) -> Response {
    let uri = request.uri().to_string();
    if uri.contains("/AllergyIntolerance?") {
        let links = json!([{ "relation": "self", "url": format!("http://localhost{uri}") }]);
        let none = json!({ "resourceType": "Bundle", "type": "searchset", "link": links });
        return none.to_string().into_response();
    }
    let (mut parts, body) = request.into_parts();
    parts.uri = uri.replace("&_revinclude=AllergyIntolerance:patient", "").parse().unwrap();
    next.run(Request::from_parts(parts, body)).await
}
