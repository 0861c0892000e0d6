//! The request is the only state of the workbench: what changes is in it, and nothing else changes.

use std::collections::BTreeSet;

use criteria::Kind;
use serde_json::Value;
use signpost::example;

use crate::support::{Answer, at, call, content, extended, get, post, post_to, serving};

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// The page for a bundled patient with these fields on top.
async fn changed(patient: &str, fields: &[(&str, &str)]) -> Answer {
    let request = example::request(patient, at()).unwrap();
    again(&request, fields).await
}

async fn again(request: &str, fields: &[(&str, &str)]) -> Answer {
    let mut all = vec![("request", request)];
    all.extend(fields);
    post("/try", &all).await
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn the_request_that_is_shown_gets_the_answer_that_is_shown() {
    for name in example::names() {
        let page = get(&format!("/try?patient={name}")).await;
        assert_eq!(page.status, 200, "{name}");
        assert_eq!(call(&page.request()).await, page.response(), "{name}");
    }
    let page = changed(example::DEFAULT, &[("e.labs.neutrophils", "2500.50"), ("dose.0", "96")]).await;
    assert_eq!(call(&page.request()).await, page.response());
}

/// A value for every data element, by its kind.
#[tokio::test]
async fn every_element_can_be_said_to_be_otherwise_and_taken_back() {
    let untouched = json(&example::request(example::DEFAULT, at()).unwrap());
    let content = content();
    let drug = &content.services[0].drugs[0];
    for index in &drug.elements {
        let element = content.record.elements.get(*index).unwrap();
        let value = match &element.kind {
            Kind::Truth => "true",
            Kind::Coded { codes, .. } => codes[1].as_str(),
            Kind::Quantity { .. } | Kind::MultipleOfUln => "1.250",
            Kind::Count => ">=3",
            Kind::Set { members } => members[1].as_str(),
        };
        let field = format!("e.{}", element.id);
        let page = changed(example::DEFAULT, &[(&field, value)]).await;
        assert!(page.text.contains("Take back 1 what-if<"), "{} is not attested", element.id);
        assert!(!page.text.contains("class=\"wrong\""), "{}", element.id);
        let (_, now) = page.text.split_once(&format!("id=\"now-{}\"", element.id)).unwrap();
        let (now, _) = now.split_once("</p>").unwrap();
        assert!(
            now.contains("attested by the workbench") && !now.contains("not known"),
            "{}: {now}",
            element.id
        );
        let request = page.request();
        assert_eq!(
            again(&request, &[(&field, value)]).await.request(),
            request,
            "saying it again changes nothing"
        );
        let back = again(&request, &[(&field, "")]).await;
        let (mut back, mut before) = (json(&back.request()), untouched.clone());
        // How many there are is not written any more.
        for request in [&mut back, &mut before] {
            request["prefetch"]["attestations"].as_object_mut().unwrap().remove("total");
        }
        assert_eq!(back, before, "{}", element.id);
    }
}

/// The next drug brings its own controls, policies and limits by its files.
#[tokio::test]
async fn another_drug_is_a_matter_of_files() {
    let content = extended();
    let drug = &content.services[0].drugs[1];
    let code = content.record.terminology.codes(&drug.file.medication, RXNORM)[0].to_owned();
    let mut request = json(&example::request(example::DEFAULT, at()).unwrap());
    let order = &mut request["context"]["draftOrders"]["entry"][0]["resource"];
    order["medicationCodeableConcept"] =
        serde_json::json!({ "coding": [{ "system": RXNORM, "code": code }] });
    let elements = drug.elements.iter().map(|index| content.record.elements.get(*index).unwrap().id.clone());
    let (elements, policies) = (elements.collect::<Vec<_>>(), drug.file.policies.clone());
    let page = post_to(&serving(content), "/try", &[("request", &request.to_string())]).await;
    assert_eq!(page.status, 200);
    for id in elements {
        assert!(page.text.contains(&format!("name=\"e.{id}\"")), "{id} has no control");
    }
    for id in policies {
        assert!(page.text.contains(&format!("policy-1-{id}\"")), "{id} is not shown");
    }
}

#[tokio::test]
async fn an_attestation_decides() {
    let page = changed(example::DEFAULT, &[("e.labs.neutrophils", "2500")]).await;
    assert!(!page.text.contains("class=\"card critical\""), "{}", page.text);
    let page = again(&page.request(), &[("e.labs.neutrophils", "<1500")]).await;
    assert!(page.text.contains("class=\"card critical\""), "{}", page.text);
    let page = again(&page.request(), &[("do", "reset")]).await;
    assert!(!page.request().contains("what-if"), "nothing of the workbench is left");
}

#[tokio::test]
async fn numbers_keep_their_last_digit() {
    let page = changed(example::DEFAULT, &[("dose.0", "40.0500"), ("unit.0", "mg/m2")]).await;
    assert!(page.request().contains("\"value\": 40.0500"), "{}", page.request());
    let page = again(&page.request(), &[("e.labs.ast", "1.230")]).await;
    assert!(page.request().contains("\"value\": 1.230"), "{}", page.request());
    assert!(page.request().contains("\"value\": 40.0500"), "{}", page.request());
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_and_named() {
    let fields = [("e.labs.neutrophils", "a <b>few</b>"), ("dose.0", "forty"), ("days.0", "21")];
    let page = changed(example::DEFAULT, &fields).await;
    assert_eq!(page.status, 200);
    assert_eq!(json(&page.request()), json(&example::request(example::DEFAULT, at()).unwrap()));
    assert_eq!(page.text.matches("class=\"wrong\"").count(), 2, "{}", page.text);
    assert!(page.text.contains("value=\"a &#60;b&#62;few&#60;/b&#62;\""), "{}", page.text);
    assert!(page.text.contains("value=\"forty\""));
}

#[tokio::test]
async fn an_edited_dose_takes_its_old_words_away_and_an_unedited_one_stays_as_it_came() {
    let before = example::request(example::DEFAULT, at()).unwrap();
    let same = changed(example::DEFAULT, &[("dose.0", "70"), ("unit.0", "mg"), ("days.0", "21")]).await;
    assert_eq!(same.request(), before);
    let page = changed(example::DEFAULT, &[("days.0", "28")]).await;
    let order = json(&page.request())["context"]["draftOrders"]["entry"][0]["resource"].clone();
    let instruction = &order["dosageInstruction"][0];
    assert_eq!(instruction["timing"]["repeat"]["period"], 28);
    assert_eq!(instruction.get("text"), None);
    assert_eq!(instruction["doseAndRate"][0]["doseQuantity"]["value"], 70);
}

#[tokio::test]
async fn every_suggestion_can_be_applied() {
    let mut applied = 0;
    for name in example::names() {
        let page = get(&format!("/try?patient={name}")).await;
        let response = page.response();
        let cards = response["cards"].as_array().unwrap();
        let suggestions = cards.iter().filter_map(|card| card["suggestions"].as_array()).flatten();
        for suggestion in suggestions {
            let act = format!("apply:{}", suggestion["uuid"].as_str().unwrap());
            let next = again(&page.request(), &[("do", &act)]).await;
            assert!(next.text.contains("Applied and sent again"), "{name}: {}", suggestion["label"]);
            assert_ne!(next.request(), page.request(), "{name}: {}", suggestion["label"]);
            assert_eq!(call(&next.request()).await, next.response(), "{name}");
            applied += 1;
        }
    }
    assert!(applied > 15, "{applied}");
}

/// The drafts of a request, each of them a copy of the first.
fn with_drafts(count: usize) -> String {
    let mut request = json(&example::request(example::DEFAULT, at()).unwrap());
    let entries = request["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
    let first = entries[0].clone();
    entries.resize(count, first);
    request.to_string()
}

/// Whatever is posted is gone through in a moment.
#[tokio::test]
async fn more_than_anybody_enters_is_refused() {
    let one = with_drafts(1);
    let fields = |count: usize| -> Vec<(&str, &str)> {
        let more = std::iter::repeat_n(("a", ""), count - 1);
        std::iter::once(("request", one.as_str())).chain(more).collect()
    };
    for path in ["/try", "/try/request.json"] {
        assert_eq!(post(path, &fields(2000)).await.status, 200, "{path}");
        let page = post(path, &fields(2001)).await;
        assert_eq!(page.status, 400, "{path}");
        assert!(page.text.contains("more than 2000 fields"), "{path}: {}", page.text);
    }
    let path = format!("/try?{}", "&a".repeat(2001));
    assert_eq!(get(&path).await.status, 400);

    assert_eq!(again(&with_drafts(100), &[]).await.status, 200);
    for act in ["", "take", "reset"] {
        let page = again(&with_drafts(101), &[("do", act)]).await;
        assert_eq!(page.status, 400, "{act}");
        assert!(page.text.contains("more than 100 entries"), "{act}: {}", page.text);
    }
}

/// Ids of the drafts of a request.
fn ids(request: &Value) -> Vec<&str> {
    let entries = request["context"]["draftOrders"]["entry"].as_array().unwrap();
    entries.iter().map(|entry| entry["resource"]["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn no_two_drafts_have_one_id_however_they_come_and_go() {
    let page = changed(example::DEFAULT, &[]).await;
    let (_, partners) = page.text.split_once("<select id=\"add\"").unwrap();
    let (_, partner) =
        partners.split_once("<option value=\"").unwrap().1.split_once("<option value=\"").unwrap();
    let add = ("add", partner.split_once('"').unwrap().0);
    let mut page = again(&again(&page.request(), &[add]).await.request(), &[add]).await;
    page = again(&page.request(), &[("do", "remove:0")]).await;
    page = again(&page.request(), &[add]).await;
    let request = json(&page.request());
    assert_eq!(ids(&request).len(), 3);
    assert_eq!(ids(&request).into_iter().collect::<BTreeSet<_>>().len(), 3, "{:?}", ids(&request));
}

#[tokio::test]
async fn an_order_without_an_id_can_be_changed_too() {
    let mut request = json(&with_drafts(2));
    let entries = request["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
    let other = serde_json::json!({ "resource": { "resourceType": "ServiceRequest", "id": "1" } });
    entries.insert(0, other);
    entries[1]["resource"]["id"] = " ".into();
    entries[2]["resource"].as_object_mut().unwrap().remove("id");
    let page = again(&request.to_string(), &[]).await;
    assert_eq!(page.text.matches("class=\"badge accent\">checked").count(), 2, "{}", page.text);
    assert!(page.text.contains("name=\"dose.1\"") && page.text.contains("name=\"dose.2\""));
    let page = again(&page.request(), &[("dose.2", "12.50")]).await;
    let request = page.request();
    assert!(request.contains("\"value\": 12.50"), "{request}");
}

#[tokio::test]
async fn the_request_can_be_saved() {
    let saved = post("/try/request.json", &[("request", "{\"a\": 1.50}")]).await;
    assert_eq!(saved.text, "{\"a\": 1.50}");
    assert_eq!(saved.header("content-type"), "application/json");
    assert!(saved.header("content-disposition").contains("request.json"));
}
