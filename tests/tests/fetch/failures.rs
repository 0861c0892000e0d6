//! Every way to fail ends in its own gap: never in a 500, a hang or a wrong verdict.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;

use super::support::{
    Answer, Ehr, PATIENT_ENOUGH, Service, keys, request, serve, without_key, without_prefetch,
};

const PATIENTS: [&str; 3] =
    ["policy-a-ii-a-third-line-monotherapy", "neutrophils-low", "castor-oil-hypersensitivity"];

/// The ways to fail, and what the answer says then.
const FAILURES: [(&str, &str); 20] = [
    ("slow", "did not come in time"),
    ("401", "does not accept the token (401)"),
    ("403", "forbids it (403)"),
    ("404", "does not know it (404)"),
    ("410", "does not know it (404)"),
    ("422", "rejected it"),
    ("429", "too busy (429)"),
    ("500", "failed (5xx)"),
    ("503", "failed (5xx)"),
    ("half-body", "broke off on the way"),
    ("half-json", "could not be read in part"),
    ("html", "could not be read in part"),
    ("wrong-patient", "held a resource of another patient"),
    ("outcome", "failed at the EHR"),
    ("next-loop", "its pages lead in a circle"),
    ("next-elsewhere", "it leads to another server"),
    ("next-endless", "came incomplete (too large)"),
    ("redirect", "it leads to another server"),
    ("empty-search", "do not show that it looked"),
    ("unknown-parameter", "do not show that it looked"),
];

/// What a failing server may change: something becomes unknown.
pub fn nothing_wrong(found: &Answer, expected: &Answer, place: &str) {
    assert_eq!(found.status, 200, "{place}: {}", found.text());
    let expected_determinations = expected.determinations();
    let spoke: BTreeSet<&String> = expected_determinations.iter().map(|[_, policy, _]| policy).collect();
    for [order, policy, determination] in found.determinations() {
        // Without the coverage every policy is shown, labelled.
        if !spoke.contains(&policy) {
            continue;
        }
        let is_same =
            expected_determinations.contains(&[order.clone(), policy.clone(), determination.clone()]);
        assert!(is_same || determination == "information-needed", "{place}: {policy} {determination}");
    }
    for limit in found.limits("met") {
        assert!(limit == "labs-missing" || expected.limits("met").contains(&limit), "{place}: {limit}");
    }
    for limit in expected.limits("met") {
        let is_said = found.limits("met").contains(&limit) || found.limits("unknown").contains(&limit);
        assert!(is_said, "{place}: {limit} is silent: {}", found.text());
    }
}

#[test]
fn every_failure_has_its_own_gap() {
    let ehr = Ehr::demo();
    let (patient, hasty) = (Service::within(PATIENT_ENOUGH), Service::within(Duration::from_millis(250)));
    for (way, says) in FAILURES {
        let service = if way == "slow" { &hasty } else { &patient };
        for name in PATIENTS {
            let expected = service.post(&request(name));
            let found = service.post(&without_prefetch(request(name), &ehr.failing(way)));
            let place = format!("{name} {way}");
            nothing_wrong(&found, &expected, &place);
            assert!(found.text().contains(says), "{place}: {}", found.text());
        }
    }
}

/// A failure of one resource type costs that and no more, and a failure of one key costs that key.
#[test]
fn a_failure_costs_what_failed_and_no_more() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let name = "policy-a-ii-a-third-line-monotherapy";
    let expected = service.post(&request(name));
    for kind in ["Observation", "Condition", "MedicationRequest", "AllergyIntolerance", "Patient", "Coverage"]
    {
        for (way, _) in FAILURES.into_iter().filter(|(way, _)| *way != "slow") {
            let base = ehr.failing(&format!("{way}:{kind}"));
            let found = service.post(&without_prefetch(request(name), &base));
            nothing_wrong(&found, &expected, &format!("{way} {kind}"));
        }
    }
    for key in keys() {
        for way in ["500", "outcome", "wrong-patient", "half-json", "unknown-parameter"] {
            let found = service.post(&without_key(request(name), &key, &ehr.failing(way)));
            nothing_wrong(&found, &expected, &format!("{way} without {key}"));
        }
    }
}

/// A server that says when to come again is asked again, if there is time.
#[test]
fn a_busy_server_is_asked_again_when_it_says() {
    let ehr = Ehr::demo();
    let service = Service::within(PATIENT_ENOUGH);
    let expected = service.post(&request("neutrophils-low"));
    let found = service.post(&without_prefetch(request("neutrophils-low"), &ehr.failing("busy-once")));
    assert_eq!(found.text(), expected.text());
    assert!(found.took >= Duration::from_secs(1));
    let asked = ehr.asked();
    assert_eq!(asked.iter().filter(|uri| uri.starts_with("Condition?")).count(), 2, "{asked:?}");

    // By either status.
    let first = Arc::new(AtomicBool::new(true));
    let busy = move || {
        let is_first = first.swap(false, Ordering::SeqCst);
        async move {
            let status = if is_first { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::FORBIDDEN };
            (status, [("retry-after", "0")])
        }
    };
    let address = serve(Router::new().fallback(get(busy)));
    let without = without_key(request("neutrophils-low"), "patient", &format!("http://{address}/fhir"));
    let found = service.post(&without);
    assert!(
        found.text().contains("`patient` could not be fetched: the FHIR server forbids it (403)"),
        "{}",
        found.text()
    );

    let service = Service::within(Duration::from_millis(600));
    let again = Ehr::demo();
    let found = service.post(&without_prefetch(request("neutrophils-low"), &again.failing("busy-once")));
    assert!(found.took < Duration::from_millis(500), "no time to come again: {:?}", found.took);
    assert!(found.text().contains("failed (5xx)"), "{}", found.text());
}
