//! Wherever the record comes from, the answer is the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use signpost::answer::answered_with;
use signpost::example;

use super::support::{
    Ehr, PATIENT_ENOUGH, Service, access_keeping, clock, content, keys, request, runtime, with_access,
    without_key, without_prefetch,
};

#[test]
fn without_prefetch_the_answer_is_the_same_and_these_requests_go_out() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let mut by_requests: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for name in example::names() {
        let expected = service.post(&request(name));
        let found = service.post(&without_prefetch(request(name), &ehr.base()));
        assert_eq!(found.text(), expected.text(), "{name}");
        assert_eq!(found.bytes, expected.bytes, "{name}");
        by_requests.entry(ehr.asked()).or_default().push(name);
    }
    let mut snapshot = String::new();
    for (requests, names) in by_requests {
        writeln!(snapshot, "{}\n  {}\n", names.join(", "), requests.join("\n  ")).unwrap();
    }
    insta::assert_snapshot!(snapshot);
}

#[test]
fn with_full_prefetch_and_access_only_references_are_read() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    for name in example::names() {
        let expected = service.post(&request(name));
        let found = service.post(&with_access(request(name), &ehr.base(), "patient/*.rs user/*.rs"));
        assert_eq!(found.bytes, expected.bytes, "{name}");
        let asked = ehr.asked();
        assert!(asked.iter().all(|uri| is_of_a_reference(uri)), "{name}: {asked:?}");
    }
}

/// What goes out is counted: searches, and reads of what references lead to.
#[test]
fn every_search_and_every_read_is_counted() {
    let (ehr, content) = (Ehr::demo(), content());
    let (service, access) = (content.service("coverage-order-sign").unwrap(), access_keeping(Duration::ZERO));
    let mut counted = 0;
    for name in example::names() {
        let base = ehr.base();
        let some = without_key(request(name), "laboratory", &base);
        for body in [with_access(request(name), &base, "patient/*.rs user/*.rs"), some] {
            let body = body.to_string();
            let answer = answered_with(&access, &content, service, body.as_bytes(), clock(), None);
            let answer = runtime().block_on(answer).unwrap();
            let asked: Vec<String> = ehr.asked().into_iter().filter(|uri| !asks_again(uri)).collect();
            assert_eq!(answer.tally.asked.len(), asked.len(), "{name}: {asked:?}");
            counted += asked.len();
        }
    }
    assert!(counted > 50, "{counted}");
}

/// Whether it asks in another way, because nothing was found.
fn asks_again(uri: &str) -> bool {
    uri.ends_with("=Patient/*") || uri.contains("_revinclude=") || uri == "Observation?patient=*"
}

/// A read of an organization, of a role, or of the roles of somebody who is no user.
fn is_of_a_reference(uri: &str) -> bool {
    uri.starts_with("Organization/") || uri.contains("_include=PractitionerRole")
}

#[test]
fn whichever_key_is_left_out_the_answer_is_the_same_and_only_that_is_asked() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let mut asked_by_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in example::names() {
        let expected = service.post(&request(name));
        for key in keys() {
            let found = service.post(&without_key(request(name), &key, &ehr.base()));
            assert_eq!(found.text(), expected.text(), "{name} without {key}");
            let asked = ehr.asked().into_iter().filter(|uri| !is_of_a_reference(uri));
            let all = asked_by_key.entry(key.clone()).or_default();
            all.extend(asked);
            all.sort();
            all.dedup();
        }
    }
    let mut snapshot = String::new();
    for (key, asked) in asked_by_key {
        writeln!(snapshot, "{key}\n  {}\n", asked.join("\n  ")).unwrap();
    }
    insta::assert_snapshot!(snapshot);
}

/// What is known to be nothing, or to have failed, is not asked again.
#[test]
fn what_prefetch_answered_is_not_asked_again() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let failed =
        json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": "error", "code": "timeout" }] });
    let empty = json!({ "resourceType": "Bundle", "type": "searchset", "total": 0 });
    for answer in [Value::Null, empty, failed] {
        for key in keys() {
            let mut request = request("policy-a-ii-a-third-line-monotherapy");
            request["prefetch"][&key] = answer.clone();
            let expected = service.post(&request);
            let found = service.post(&with_access(request, &ehr.base(), "patient/*.rs"));
            assert_eq!(found.text(), expected.text(), "{key} {answer}");
            let asked = ehr.asked();
            assert!(asked.iter().all(|uri| is_of_a_reference(uri)), "{key} {answer}: {asked:?}");
        }
    }
}

/// Pages that the sender did not follow are read from where it stopped.
#[test]
fn a_page_is_followed_on_the_same_base_and_nowhere_else() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let name = "neutrophils-low";
    let expected = service.post(&request(name));
    let patient = request(name)["context"]["patientId"].as_str().unwrap().to_owned();
    for (key, kind) in [("conditions", "Condition"), ("medication-requests", "MedicationRequest")] {
        let mut request = request(name);
        let bundle = &mut request["prefetch"][key];
        let entries = bundle["entry"].as_array_mut().unwrap();
        entries.sort_by_key(|entry| entry["resource"]["id"].as_str().unwrap().to_owned());
        entries.truncate(2);
        for next in [
            format!("{}/{kind}?patient={patient}&_offset=2", ehr.base()),
            format!("{kind}?patient={patient}&_offset=2"),
        ] {
            let bundle = &mut request["prefetch"][key];
            bundle["link"] = json!([{ "relation": "next", "url": next }]);
            let found = service.post(&with_access(request.clone(), &ehr.base(), "patient/*.rs"));
            assert_eq!(found.text(), expected.text(), "{next}");
            assert!(ehr.asked().iter().any(|uri| uri.contains("_offset=2")));
        }
    }
}
