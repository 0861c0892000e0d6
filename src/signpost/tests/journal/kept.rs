//! What is kept of an answer.

use std::collections::BTreeSet;

use journal::Level;
use journal::record::Decision;
use serde_json::Value;
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
    let cited: BTreeSet<_> = evidence.map(|evidence| evidence["reference"].as_str().unwrap()).collect();
    let read: BTreeSet<_> = read("read").map(|read| read["reference"].as_str().unwrap()).collect();
    assert_eq!(cited, read, "{name}");
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
