//! The journal, through the binary: `signpost serve` writes it, `signpost journal` reads it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::serve::started;
use crate::support::{ends_with, err, folder, out, run, text};

/// A configuration with a journal in a folder of the test's own.
fn configured(name: &str) -> (PathBuf, PathBuf) {
    let folder = folder(name);
    fs::write(folder.join("journal.keys"), "a key of thirty-two bytes or more\n").expect("a file");
    let url = format!("sqlite:{}", text(&folder.join("journal.db")));
    let config = folder.join("signpost.toml");
    let journal =
        format!("listen = \"127.0.0.1:0\"\n[journal]\nurl = {url:?}\nkey_file = \"journal.keys\"\n");
    fs::write(&config, journal).expect("a file");
    (folder, config)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What the cards of an answer are called.
fn uuids(answer: &str) -> Vec<String> {
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    let cards = json(body)["cards"].as_array().expect("cards").clone();
    cards.iter().map(|card| card["uuid"].as_str().expect("a uuid").to_owned()).collect()
}

fn journal(config: &Path, arguments: &[&str]) -> String {
    out(&ends_with(0, &[&["journal", "--config", text(config)], arguments].concat()))
}

#[test]
fn what_was_served_is_counted_exported_replayed_and_deleted() {
    let (folder, config) = configured("journal");
    let example = out(&ends_with(0, &["example"]));
    let cards = {
        let service = started(&["serve", "--config", text(&config)]);
        uuids(&service.post(&example))
    };
    let stats = json(&journal(&config, &["stats"]));
    assert_eq!(stats["decisions"], 1);
    assert!(stats["subjects"].as_array().is_some_and(|subjects| subjects.len() > 1), "{stats}");

    let exported = journal(&config, &["export"]);
    let record = &json(exported.trim_end())["decision"];
    assert!(cards.iter().all(|card| record["cards"].to_string().contains(card)), "{record}");
    let table = journal(&config, &["export", "--format", "csv"]);
    assert_eq!(table.lines().count(), 1 + record["assessments"].as_array().expect("assessments").len());

    for id in [record["id"].as_str().expect("an id"), cards.first().expect("a card")] {
        let replayed = journal(&config, &["replay", id]);
        assert!(replayed.contains("the same") && !replayed.contains("DIFFERENT"), "{replayed}");
    }
    let other = ["journal", "--config", text(&config), "replay", &cards[0], "--policy-version", "1999-01-01"];
    assert!(out(&ends_with(1, &other)).contains("not in this content"));

    let copy = folder.join("copy.db");
    journal(&config, &["backup", text(&copy)]);
    let by_age = ["prune", "--older-than-days", "0", "--reason", "a test", "--vacuum"];
    assert_eq!(json(&journal(&config, &by_age))["decisions"], 1);
    assert_eq!(json(&journal(&config, &["stats"]))["decisions"], 0);
    assert_eq!(json(&journal(&config, &["deletions"]))[0]["reason"], "a test");
    fs::copy(&copy, folder.join("journal.db")).expect("the copy");
    for name in ["journal.db-wal", "journal.db-shm"] {
        let _ = fs::remove_file(folder.join(name));
    }
    assert_eq!(json(&journal(&config, &["stats"]))["decisions"], 1, "the backup is a journal");
    let patient = json(&example)["context"]["patientId"].as_str().expect("an id").to_owned();
    let base = json(&example)["fhirServer"].as_str().unwrap_or_default().to_owned();
    let by_patient = ["prune", "--patient", &patient, "--fhir-server", &base, "--reason", "on request"];
    assert_eq!(json(&journal(&config, &by_patient))["decisions"], 1);
}

/// A path that was mistyped must not become an empty journal in which every deletion has been done.
#[test]
fn a_journal_that_is_not_there_is_not_made_by_reading_it() {
    let (folder, config) = configured("journal-missing");
    for task in [&["stats"][..], &["prune", "--patient", "p", "--reason", "on request"]] {
        let run = ends_with(1, &[&["journal", "--config", text(&config)], task].concat());
        assert!(err(&run).contains("there is no journal at"), "{}", err(&run));
        assert!(!folder.join("journal.db").exists());
    }
    let empty = ["journal", "--config", text(&config), "prune", "--older-than-days", "1", "--reason", ""];
    ends_with(2, &empty);
}

/// Killed right after it answered, started again, twenty times: every card that came has its record.
#[test]
fn a_service_that_is_killed_loses_no_card() {
    let (_, config) = configured("journal-killed");
    let example = out(&ends_with(0, &["example"]));
    let mut received = Vec::new();
    for _ in 0..20 {
        let service = started(&["serve", "--config", text(&config)]);
        for place in 0..3 {
            // Another firing of the hook has other cards.
            let instance = format!("{:08x}-0000-4000-8000-000000000000", received.len() * 8 + place);
            let mut request = json(&example);
            request["hookInstance"] = instance.into();
            received.extend(uuids(&service.post(&request.to_string())));
        }
    }
    let exported = journal(&config, &["export"]);
    assert_eq!(exported.lines().count(), 60);
    for card in &received {
        assert!(exported.contains(card), "{card}");
    }
}

#[test]
fn a_journal_without_a_key_is_refused() {
    let (folder, config) = configured("journal-key");
    fs::write(folder.join("journal.db"), "").expect("a file");
    for (keys, said) in [("short\n", "at least 32 bytes"), ("\n", "holds no key")] {
        fs::write(folder.join("journal.keys"), keys).expect("a file");
        for command in ["serve", "journal"] {
            let arguments = match command {
                "serve" => vec!["serve", "--config", text(&config)],
                _ => vec!["journal", "--config", text(&config), "stats"],
            };
            assert!(err(&ends_with(1, &arguments)).contains(said), "{command} {keys:?}");
        }
    }
    let without = folder.join("none.toml");
    fs::write(&without, "").expect("a file");
    assert!(err(&run(&["journal", "--config", text(&without), "stats"])).contains("names no `[journal]`"));
}
