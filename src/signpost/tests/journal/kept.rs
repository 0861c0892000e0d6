//! What is kept of an answer.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use journal::Level;
use journal::record::Decision;
use serde_json::{Value, json};
use signpost::recording::{Replayed, replay};

use crate::support::{SERVICE, Service, content, keeping_none, post, request};

/// The answer is the same as without a journal, byte for byte, and each of its cards is in one record.
#[tokio::test(flavor = "multi_thread")]
async fn every_card_has_its_record() {
    let service = Service::keeping(Level::Hashed).await;
    for name in signpost::example::names() {
        let before = service.records().await.len();
        let (status, answer) = service.post(SERVICE, &request(name)).await;
        assert_eq!(
            (status, &answer),
            (200, &post(keeping_none(), SERVICE, &request(name)).await.1),
            "{name}"
        );
        let records = service.records().await.split_off(before);
        let uuids = |cards: &Value| -> BTreeSet<String> {
            cards
                .as_array()
                .into_iter()
                .flatten()
                .map(|card| card["uuid"].as_str().unwrap().to_owned())
                .collect()
        };
        let recorded = records.iter().flat_map(|record| uuids(&record["decision"]["cards"]));
        assert_eq!(recorded.collect::<BTreeSet<_>>(), uuids(&answer["cards"]), "{name}");
        for record in &records {
            whole(&record["decision"], name);
        }
    }
}

/// Some EHRs send several drafts under one id. The first one's cards are what they are without the others.
#[tokio::test(flavor = "multi_thread")]
async fn orders_with_one_id_have_cards_of_their_own() {
    let service = Service::keeping(Level::Hashed).await;
    let single = request(signpost::example::DEFAULT);
    let mut body: Value = serde_json::from_str(&single).unwrap();
    let entries = body["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
    let first = entries[0].clone();
    entries.resize(3, first);
    let (_, before) = service.post(SERVICE, &single).await;
    let (status, answer) = service.post(SERVICE, &body.to_string()).await;
    assert_eq!(status, 200, "{answer}");
    let uuids = |cards: &Value| -> Vec<String> {
        let cards = cards.as_array().unwrap().iter();
        cards.map(|card| card["uuid"].as_str().unwrap().to_owned()).collect()
    };
    let (alone, all) = (uuids(&before["cards"]), uuids(&answer["cards"]));
    assert!(alone.len() > 1, "{before}");
    assert_eq!(all.len(), 3 * alone.len());
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
    let suggestions: Vec<&Value> = (answer["cards"].as_array().unwrap().iter())
        .flat_map(|card| card["suggestions"].as_array().into_iter().flatten())
        .map(|suggestion| &suggestion["uuid"])
        .collect();
    let distinct: BTreeSet<&str> = suggestions.iter().filter_map(|uuid| uuid.as_str()).collect();
    assert_eq!(distinct.len(), suggestions.len());
    let records = service.records().await;
    let recorded = records.iter().map(|record| uuids(&record["decision"]["cards"]));
    let recorded: Vec<BTreeSet<String>> = recorded.map(|cards| cards.into_iter().collect()).collect();
    assert_eq!(recorded.len(), 4);
    assert_eq!(recorded[0], recorded[1], "what there is one of is named as ever");
    assert_eq!(recorded[0], alone.into_iter().collect());
    let of_all: usize = recorded[1..].iter().map(BTreeSet::len).sum();
    assert_eq!(of_all, all.len(), "each card is in one record");
    assert_eq!(recorded[1..].iter().flatten().collect::<BTreeSet<_>>().len(), all.len());
}

/// Everything that the issue names is there.
fn whole(record: &Value, name: &str) {
    assert_eq!(record["record"], "signpost-decision/1", "{name}");
    for key in ["id", "hookInstance", "build", "content", "at", "patient", "order", "steps"] {
        assert!(!record[key].is_null(), "{name}: {key}");
    }
    for assessment in record["assessments"].as_array().unwrap() {
        let tree = assessment["tree"].as_array().unwrap();
        assert!(
            !tree.is_empty() && tree.iter().all(|node| node["verdict"].is_string()),
            "{name}: {assessment}"
        );
    }
    let cards = record["cards"].as_array();
    assert!(cards.into_iter().flatten().all(|card| card["assessment"].is_string()), "{name}");
    let read = |list: &str| record[list].as_array().into_iter().flatten();
    let evidence = read("knowledge").flat_map(|known| known["evidence"].as_array().into_iter().flatten());
    let cited = evidence.map(|evidence| evidence["reference"].as_str().unwrap());
    // That nothing was found is no resource.
    let cited: BTreeSet<_> = cited.filter(|reference| !reference.is_empty()).collect();
    let read: BTreeSet<_> = read("read").map(|read| read["reference"].as_str().unwrap()).collect();
    assert_eq!(cited, read, "{name}");
}

/// A version of its own for every resource.
fn versioned(json: &mut Value) {
    match json {
        Value::Object(members) => {
            if members.get("resourceType").is_some_and(|kind| kind != "Bundle")
                && let Some(id) = members.get("id").and_then(Value::as_str)
            {
                let meta = json!({ "versionId": format!("version of {id}") });
                members.insert("meta".into(), meta);
            }
            members.values_mut().for_each(versioned);
        }
        Value::Array(items) => items.iter_mut().for_each(versioned),
        _ => {}
    }
}

/// What was read of each: (reference, version, where it came from).
fn read(record: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let read = record["decision"]["read"].as_array().unwrap().iter();
    read.map(|read| (text(&read["reference"]), text(&read["versionId"]), text(&read["from"]))).collect()
}

/// Which version of what was read, and whether it was sent or read from the EHR's FHIR server.
#[tokio::test(flavor = "multi_thread")]
async fn every_resource_that_was_read_is_named_with_its_version_and_where_it_came_from() {
    let mut request: Value = serde_json::from_str(&request(signpost::example::DEFAULT)).unwrap();
    versioned(&mut request);
    let version = |reference: &str| format!("version of {}", reference.split_once('/').unwrap().1);

    let service = Service::keeping(Level::Hashed).await;
    assert_eq!(service.post(SERVICE, &request.to_string()).await.0, 200);
    let record = service.records().await.remove(0);
    let (sent, order) = (read(&record), record["decision"]["order"]["reference"].as_str().unwrap());
    assert!(sent.len() > 10, "{sent:?}");
    for (reference, versioned, from) in &sent {
        assert_eq!(*versioned, version(reference));
        assert_eq!(from, if reference == order { "" } else { "prefetch" }, "{reference}");
    }

    let laboratory = request["prefetch"].as_object_mut().unwrap().remove("laboratory").unwrap();
    let service = Service::reading(laboratory.clone(), &mut request).await;
    assert_eq!(service.post(SERVICE, &request.to_string()).await.0, 200);
    let fetched = read(&service.records().await[0]);
    let without_from = |read: &[(String, String, String)]| -> Vec<_> {
        read.iter().map(|(reference, version, _)| (reference.clone(), version.clone())).collect()
    };
    assert_eq!(without_from(&fetched), without_from(&sent));
    for ((reference, _, from), (_, _, before)) in fetched.iter().zip(&sent) {
        let id = reference.split_once('/').unwrap().1;
        let is_fetched = laboratory.to_string().contains(&format!("\"{id}\""));
        assert_eq!(from, if is_fetched { "fhir" } else { before }, "{reference}");
    }
    assert!(fetched.iter().any(|(_, _, from)| from == "fhir"));
}

/// What was read for an order that was signed a moment ago says when that was.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_for_a_moment_says_when_it_was_read() {
    let mut request: Value = serde_json::from_str(&request(signpost::example::DEFAULT)).unwrap();
    let laboratory = request["prefetch"].as_object_mut().unwrap().remove("laboratory").unwrap();
    let service = Service::reading(laboratory, &mut request).await;
    let moment = Duration::from_millis(50);
    for _ in 0..2 {
        assert_eq!(service.post(SERVICE, &request.to_string()).await.0, 200);
        tokio::time::sleep(moment).await;
    }
    let records = service.records().await;
    let read = |record: &Value| record["decision"]["read"].as_array().unwrap().clone();
    assert!(read(&records[0]).iter().all(|read| read["at"].is_null()));
    let at: Timestamp = records[1]["decision"]["at"].as_str().unwrap().parse().unwrap();
    let again = read(&records[1]);
    let kept: Vec<&Value> = again.iter().filter(|read| read["from"] == "fhir").collect();
    assert!(kept.len() > 2, "{again:?}");
    for kept in kept {
        let read: Timestamp = kept["at"].as_str().unwrap().parse().unwrap();
        assert!(at.duration_since(read).unsigned_abs() >= moment, "{kept} for a decision at {at}");
    }
    assert!(again.iter().all(|read| read["from"] == "fhir" || read["at"].is_null()));
}

/// By the values as far as the verdicts tell them, the same policies come to the same.
#[tokio::test(flavor = "multi_thread")]
async fn every_record_replays_at_every_level() {
    let content = content();
    for level in [Level::None, Level::Hashed, Level::Whole] {
        let service = Service::keeping(level).await;
        for name in signpost::example::names() {
            service.cards(name).await;
        }
        let mut assessments = 0;
        for record in service.records().await {
            let decision: Decision = serde_json::from_value(record["decision"].clone()).unwrap();
            let replays = replay(&content, &decision, None);
            assert!(replays.is_same_content && replays.lost.is_empty(), "{:?}", replays.lost);
            assert!(replays.assessments.iter().all(|replayed| replayed.is_same), "{:?}", replays.assessments);
            assessments += replays.assessments.len();
        }
        assert!(assessments > 60, "{assessments}");
    }
}

/// What a record holds whole where it may is nowhere in it where it may not.
#[tokio::test(flavor = "multi_thread")]
async fn no_value_is_in_a_record_that_may_not_hold_it() {
    let whole = Service::keeping(Level::Whole).await;
    let hashed = Service::keeping(Level::Hashed).await;
    let none = Service::keeping(Level::None).await;
    for name in signpost::example::names() {
        for service in [&whole, &hashed, &none] {
            service.cards(name).await;
        }
    }
    let mut values = 0;
    let records = whole.records().await.into_iter().zip(hashed.records().await).zip(none.records().await);
    for ((whole, hashed), none) in records {
        let others = [hashed["decision"].to_string(), none["decision"].to_string()];
        let mut found = Vec::new();
        wholes(&whole["decision"], &mut found);
        // Short words may be anything: a reference, a code of the policy.
        for value in found.iter().filter(|value| value.len() > 10 && value.contains([' ', '-'])) {
            values += 1;
            assert!(!others.iter().any(|other| other.contains(value.as_str())), "{value}");
        }
        assert!(!none["decision"].to_string().contains("hashed"));
    }
    assert!(values > 200, "{values}");
}

fn wholes(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(members) => members.iter().for_each(|(key, member)| match member {
            Value::String(text) if key == "whole" => found.push(text.clone()),
            member => wholes(member, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| wholes(item, found)),
        _ => {}
    }
}

/// Another version is in force, or none: that is said, and nothing is made up.
#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_is_not_there_is_said_to_be_none() {
    let service = Service::keeping(Level::Hashed).await;
    service.cards(signpost::example::DEFAULT).await;
    let record = service.records().await.remove(0);
    let decision: Decision = serde_json::from_value(record["decision"].clone()).unwrap();
    let replays = replay(&content(), &decision, Some("1999-01-01"));
    let is_of_a_policy =
        |replayed: &&Replayed| content().policies.iter().any(|(policy, _)| policy.id == replayed.id);
    let policies: Vec<&Replayed> = replays.assessments.iter().filter(is_of_a_policy).collect();
    assert!(!policies.is_empty());
    assert!(policies.iter().all(|replayed| replayed.now.is_none() && !replayed.is_same));
    assert!(replays.assessments.len() > policies.len(), "the limits are replayed too");
}

/// A record that says otherwise is told from one that says the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_changed_replays_otherwise() {
    let service = Service::keeping(Level::Hashed).await;
    service.cards(signpost::example::DEFAULT).await;
    let record = service.records().await.remove(0);
    let mut decision: Decision = serde_json::from_value(record["decision"].clone()).unwrap();
    decision.assessments[0].determination = "clinical-review".into();
    assert!(replay(&content(), &decision, None).assessments.iter().any(|replayed| !replayed.is_same));
}
