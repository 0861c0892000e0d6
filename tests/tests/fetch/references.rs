//! References that lead to resources which nobody has sent.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use signpost::demo_ehr::DemoEhr;

use super::support::{Ehr, PATIENT_ENOUGH, Service, clock, request, with_access, without_prefetch};

const NAME: &str = "two-drugs";

/// The request with the drug of every order on record moved to a resource of its own, which a server may have.
fn by_reference(on_record: bool) -> Value {
    let mut body = request("strong-cyp3a4-inhibitor");
    let entries = body["prefetch"]["medication-requests"]["entry"].as_array_mut().unwrap();
    for (place, entry) in entries.iter_mut().enumerate() {
        let order = entry["resource"].as_object_mut().unwrap();
        order.shift_remove("medicationCodeableConcept");
        let id = if on_record { format!("known-{place}") } else { format!("nobody-{place}") };
        order.insert("medicationReference".into(), json!({ "reference": format!("Medication/{id}") }));
    }
    body
}

/// An EHR that has these drugs.
fn with_medications() -> Ehr {
    let concepts: Vec<Value> = request("strong-cyp3a4-inhibitor")["prefetch"]["medication-requests"]["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["resource"]["medicationCodeableConcept"].clone())
        .collect();
    let read = move |axum::extract::Path(path): axum::extract::Path<String>| {
        let id = path.strip_prefix("Medication/known-").and_then(|place| place.parse::<usize>().ok());
        let found = id.and_then(|place| concepts.get(place)).map(|code| {
            let id = path.trim_start_matches("Medication/");
            json!({ "resourceType": "Medication", "id": id, "code": code }).to_string()
        });
        async move { found.ok_or(axum::http::StatusCode::NOT_FOUND) }
    };
    Ehr::start(axum::Router::new().route("/fhir/{*path}", axum::routing::get(read)))
}

#[test]
fn a_drug_that_stands_in_a_resource_of_its_own_is_read() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), with_medications());
    let expected = service.post(&request("strong-cyp3a4-inhibitor"));
    assert!(expected.limits("met").contains("strong-cyp3a4-inhibitor"));
    let found = service.post(&with_access(by_reference(true), &ehr.base(), "patient/*.rs user/*.rs"));
    assert_eq!(found.text(), expected.text());
    assert!(ehr.asked().iter().any(|uri| uri == "Medication/known-0"));
}

/// A drug that cannot be read may be any drug: nothing is said to be absent, and what is missing is named.
#[test]
fn a_drug_that_cannot_be_read_may_be_any() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), with_medications());
    let found = service.post(&with_access(by_reference(false), &ehr.base(), "patient/*.rs user/*.rs"));
    assert!(found.limits("unknown").contains("strong-cyp3a4-inhibitor"), "{}", found.text());
    assert!(found.text().contains("`medication-requests` could not be fetched"), "{}", found.text());
    // Nothing of the server's is asked for what stands in the request.
    let asked = service.post(&with_access(request(NAME), &ehr.base(), "patient/*.rs"));
    assert_eq!(asked.status, 200);
    assert!(!ehr.asked().iter().any(|uri| uri.starts_with("Medication/known")));
}

/// Whether an order is ours may stand in a resource of the EHR's: it is read before anything else is.
#[test]
fn an_order_whose_drug_stands_in_a_resource_of_its_own_is_ours() {
    let name = "policy-a-ii-a-third-line-monotherapy";
    let mut body = request(name);
    let order = body["context"]["draftOrders"]["entry"][0]["resource"].as_object_mut().unwrap();
    let code = order.shift_remove("medicationCodeableConcept").unwrap();
    order.insert("medicationReference".into(), json!({ "reference": "Medication/m1" }));
    let medication = json!({ "resourceType": "Medication", "id": "m1", "code": code }).to_string();
    let read = move |axum::extract::Path(path): axum::extract::Path<String>| async move {
        if path == "Medication/m1" { Ok(medication) } else { Err(axum::http::StatusCode::NOT_FOUND) }
    };
    let ehr = Ehr::start(axum::Router::new().route("/fhir/{*path}", axum::routing::get(read)));
    let service = Service::within(PATIENT_ENOUGH);
    let expected = service.post(&request(name));
    let found = service.post(&with_access(body, &ehr.base(), "patient/*.rs user/*.rs"));
    assert_eq!(found.determinations(), expected.determinations());
    assert_eq!(found.limits("met"), expected.limits("met"));
    assert!(!expected.determinations().is_empty());
}

/// The order points to a drug in a resource of the EHR's, and shows no name of it.
fn of_an_unnamed_drug(name: &str) -> Value {
    let mut body = request(name);
    let order = body["context"]["draftOrders"]["entry"][0]["resource"].as_object_mut().unwrap();
    order.shift_remove("medicationCodeableConcept");
    order.insert("medicationReference".into(), json!({ "reference": "Medication/m1" }));
    body
}

/// Some EHRs send several drafts under one id: each has a card of its own, whatever reads it.
#[test]
fn orders_under_one_id_whose_drugs_cannot_be_read_are_said_to_be_unchecked_each() {
    let mut body = of_an_unnamed_drug("policy-a-ii-a-third-line-monotherapy");
    let entries = body["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
    entries.push(entries[0].clone());
    let body = with_access(body, &Ehr::demo().failing("404"), "patient/*.rs user/*.rs");
    let answer = Service::within(PATIENT_ENOUGH).post(&body);
    let cards = answer.json()["cards"].as_array().unwrap().clone();
    let [one, other] = cards.as_slice() else { panic!("{}", answer.text()) };
    assert!(one["uuid"].is_string() && one["uuid"] != other["uuid"], "{}", answer.text());
}

/// What cannot be read may be a drug of ours: that it was not checked is said, and why; which patient it is for is not.
#[test]
fn an_order_whose_drug_cannot_be_read_is_said_to_be_unchecked() {
    let ehr = Ehr::demo();
    let rows = [
        ("slow", "did not come in time"),
        ("401", "does not accept the token (401)"),
        ("404", "does not know it (404)"),
        ("500", "failed (5xx)"),
        ("half-body", "broke off on the way"),
        ("html", "could not be read"),
        ("redirect", "leads to another server"),
    ];
    let name = "policy-a-ii-a-third-line-monotherapy";
    for (way, says) in rows {
        let service =
            Service::within(if way == "slow" { Duration::from_millis(300) } else { PATIENT_ENOUGH });
        let body = with_access(of_an_unnamed_drug(name), &ehr.failing(way), "patient/*.rs user/*.rs");
        let answer = service.post(&body);
        let cards = answer.json()["cards"].as_array().unwrap().clone();
        let [card] = cards.as_slice() else { panic!("{way}: {}", answer.text()) };
        let order = body["context"]["draftOrders"]["entry"][0]["resource"]["id"].as_str().unwrap();
        assert_eq!((answer.status, &card["indicator"]), (200, &json!("info")), "{way}");
        assert!(answer.text().contains(says) && answer.text().contains(order), "{way}: {}", answer.text());
        assert!(card["uuid"].is_string() && card["source"]["topic"]["code"].is_string());
        let patient = body["context"]["patientId"].as_str().unwrap();
        assert!(!answer.text().replace(order, "").contains(patient), "{way}: {}", answer.text());
    }
    // A token that does not open it, and a server that may not be called.
    let service = Service::within(PATIENT_ENOUGH);
    let closed = with_access(of_an_unnamed_drug(name), &ehr.base(), "patient/Observation.rs");
    assert!(service.post(&closed).text().contains("the token does not allow it"));
    let elsewhere = with_access(of_an_unnamed_drug(name), "https://elsewhere.invalid/fhir", "patient/*.rs");
    assert!(service.post(&elsewhere).text().contains("not one that may be called"));
    // Without access nobody promised that it could be read; one that was read and is not ours is not spoken of.
    assert_eq!(service.post(&of_an_unnamed_drug(name)).bytes, br#"{"cards":[]}"#);
    let aspirin =
        json!({ "resourceType": "Medication", "id": "m1", "code": { "text": "aspirin" } }).to_string();
    let ehr = Ehr::start(axum::Router::new().fallback(axum::routing::get(|| async { aspirin })));
    let body = with_access(of_an_unnamed_drug(name), &ehr.base(), "patient/*.rs");
    assert_eq!(service.post(&body).bytes, br#"{"cards":[]}"#);
    // Among orders of ours it is one card more.
    let mut both = request(name);
    let unnamed = of_an_unnamed_drug(name)["context"]["draftOrders"]["entry"][0].clone();
    let entries = both["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
    entries.push(unnamed);
    entries[1]["resource"]["id"] = json!("unnamed");
    let found = service.post(&with_access(both, &Ehr::demo().failing("500:Medication"), "patient/*.rs"));
    assert!(found.text().contains("MedicationRequest/unnamed") && !found.determinations().is_empty());
}

/// An order that is ours by the name that it shows: its drug is read side by side with the record, not before it.
#[test]
fn the_drug_of_an_order_of_ours_is_no_round_of_its_own() {
    let name = "policy-a-ii-a-third-line-monotherapy";
    let mut body = without_prefetch(request(name), "");
    let order = body["context"]["draftOrders"]["entry"][0]["resource"].as_object_mut().unwrap();
    let code = order.shift_remove("medicationCodeableConcept").unwrap();
    let shown = code["text"].as_str().or(code["coding"][0]["display"].as_str()).unwrap();
    order.insert("medicationReference".into(), json!({ "reference": "Medication/m1", "display": shown }));
    let medication = json!({ "resourceType": "Medication", "id": "m1", "code": code }).to_string();
    // It answers about the drug once it was asked for the record.
    let searched = Arc::new(tokio::sync::Notify::new());
    let asked = searched.clone();
    let note = move |request: axum::extract::Request, next: axum::middleware::Next| {
        if request.uri().path().ends_with("/Condition") {
            asked.notify_one();
        }
        next.run(request)
    };
    let read = move || async move {
        searched.notified().await;
        medication
    };
    let router = axum::Router::new()
        .route("/fhir/Medication/m1", axum::routing::get(read))
        .merge(DemoEhr::new(clock()).router())
        .layer(axum::middleware::from_fn(note));
    let ehr = Ehr::start(router);
    body["fhirServer"] = json!(ehr.base());
    let service = Service::within(Duration::from_secs(5));
    let found = service.post(&body);
    assert_eq!(found.determinations(), service.post(&request(name)).determinations());
    assert!(found.took < Duration::from_secs(5), "{:?}", found.took);
}

/// What the reference shows is a name: by that it is ours, however the EHR fails.
#[test]
fn an_order_whose_drug_cannot_be_read_is_ours_by_the_name_that_it_shows() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let mut body = request("policy-a-ii-a-third-line-monotherapy");
    let order = body["context"]["draftOrders"]["entry"][0]["resource"].as_object_mut().unwrap();
    let code = order.shift_remove("medicationCodeableConcept").unwrap();
    let name = code["text"].as_str().or(code["coding"][0]["display"].as_str()).unwrap();
    order.insert("medicationReference".into(), json!({ "reference": "Medication/m1", "display": name }));
    for way in ["404", "500", "html", "redirect"] {
        let found = service.post(&with_access(body.clone(), &ehr.failing(way), "patient/*.rs user/*.rs"));
        assert!(!found.determinations().is_empty(), "{way} {name}: {}", found.text());
    }
}

/// A user who comes as one role: the practitioner behind it is known only when that was read.
#[test]
fn a_user_who_comes_as_a_role_is_followed_to_all_roles() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let name = "policy-b-ii-metastatic-weekly-dosing";
    let mut body = without_prefetch(request(name), &ehr.base());
    body["context"]["userId"] = json!("PractitionerRole/syn-prac-2-role");
    let found = service.post(&body);
    assert_eq!(found.determinations(), service.post(&request(name)).determinations());
    let asked = ehr.asked();
    for uri in ["PractitionerRole/syn-prac-2-role", "PractitionerRole?practitioner=syn-prac-2"] {
        assert!(asked.iter().any(|one| one == uri), "{uri}: {asked:?}");
    }
    assert!(!asked.iter().any(|uri| uri.starts_with("Practitioner/")), "{asked:?}");
}

/// What the references of others lead to is no answer to a search that was not asked: nobody signs whose roles could be.
#[test]
fn what_comes_along_does_not_answer_a_search() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    let mut body = request("policy-b-ii-metastatic-weekly-dosing");
    body["prefetch"].as_object_mut().unwrap().shift_remove("user-roles");
    body["prefetch"].as_object_mut().unwrap().shift_remove("user");
    for key in ["care-teams", "encounter", "referrals"] {
        body["prefetch"][key] = Value::Null;
    }
    body["context"]["userId"] = json!("Patient/syn-013");
    let order = &mut body["context"]["draftOrders"]["entry"][0]["resource"];
    order["requester"] = json!({ "reference": "Practitioner/syn-prac-9" });
    let found = service.post(&with_access(body, &ehr.base(), "patient/*.rs user/*.rs"));
    let asked = ehr.asked();
    assert!(asked.iter().any(|uri| uri.starts_with("PractitionerRole?practitioner=syn-prac-9")), "{asked:?}");
    assert!(found.text().contains("`user-roles` was not sent"), "{}", found.text());
}
