//! The service is killed while clients call it, again and again: every card that a client received has its record, and
//! every record is whole. `KILLS=100` kills more often.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::cluster::Cluster;
use crate::operations::replicas::database;
use crate::serve::started;
use crate::support::{ends_with, folder, out, text};

const CLIENTS: u64 = 4;

fn times() -> u64 {
    std::env::var("KILLS").map_or(8, |times| times.parse().expect("a number"))
}

#[test]
fn no_card_is_lost_of_a_sqlite_journal() {
    let folder = folder("killed-sqlite");
    let url = format!("sqlite:{}", text(&folder.join("journal.db")));
    no_card_is_lost(&folder, &url);
}

#[test]
fn no_card_is_lost_of_a_postgres_journal() {
    let cluster = Cluster::start();
    no_card_is_lost(&folder("killed-postgres"), &database(&cluster, "killed"));
}

fn no_card_is_lost(folder: &Path, url: &str) {
    let config = configured(folder, url);
    let example: Value = serde_json::from_str(&out(&ends_with(0, &["example"]))).expect("JSON");
    let mut received = Vec::new();
    for time in 0..times() {
        let service = started(&["serve", "--config", text(&config)]);
        let (answered, answers) = channel();
        let calling: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (address, example) = (service.address().to_owned(), example.clone());
                let answered = answered.clone();
                thread::spawn(move || {
                    call_until_it_is_gone(&address, example, time * CLIENTS + client, &answered)
                })
            })
            .collect();
        // Any moment: as it starts, or between two answers, or within one.
        if time % 4 != 0 {
            answers.recv_timeout(Duration::from_secs(30)).expect("an answer");
        }
        thread::sleep(Duration::from_millis(time * 7919 % 160));
        drop(service);
        received.extend(calling.into_iter().flat_map(|client| client.join().expect("a client")));
    }
    let exported = journal(&config, &["export"]);
    let records: Vec<Value> =
        exported.lines().map(|line| serde_json::from_str(line).expect("a whole record")).collect();
    let cards: BTreeSet<&str> = records.iter().flat_map(cards_of).collect();
    for card in &received {
        assert!(
            cards.contains(card.as_str()),
            "{card} has no record, of {} that were received",
            received.len()
        );
    }
    for record in records.iter().step_by(records.len() / 10 + 1) {
        journal(&config, &["replay", record["decision"]["id"].as_str().expect("an id")]);
    }
    println!("{} kills, {} cards received, {} records", times(), received.len(), records.len());
}

fn configured(folder: &Path, url: &str) -> PathBuf {
    fs::write(folder.join("journal.keys"), "a key of thirty-two bytes or more\n").expect("a file");
    let config = folder.join("signpost.toml");
    let journal =
        format!("listen = \"127.0.0.1:0\"\n[journal]\nurl = {url:?}\nkey_file = \"journal.keys\"\n");
    fs::write(&config, journal).expect("a file");
    config
}

fn journal(config: &Path, arguments: &[&str]) -> String {
    out(&ends_with(0, &[&["journal", "--config", text(config)], arguments].concat()))
}

fn cards_of(record: &Value) -> impl Iterator<Item = &str> {
    let cards = record["decision"]["cards"].as_array().into_iter().flatten();
    cards.filter_map(|card| card["uuid"].as_str())
}

/// Calls again and again, each time for another firing of the hook; the cards of the answers that came whole.
///
/// Tells `answered` of each.
fn call_until_it_is_gone(
    address: &str,
    mut request: Value,
    client: u64,
    answered: &Sender<()>,
) -> Vec<String> {
    let mut received = Vec::new();
    for call in 0_u64.. {
        request["hookInstance"] = format!("{client:08x}-0000-4000-8000-{call:012x}").into();
        match cards_for(address, &request.to_string()) {
            Ok(Some(answer)) => {
                received.extend(answer);
                // Not everybody wants to know.
                answered.send(()).ok();
            }
            // Not ready yet.
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(_) => break,
        }
    }
    received
}

/// The cards of an answer that came whole; none of a refusal.
fn cards_for(address: &str, body: &str) -> std::io::Result<Option<Vec<String>>> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "POST /cds-services/coverage-order-sign HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let cut = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(cut)?;
    if !head.starts_with("HTTP/1.1 200") {
        return Ok(None);
    }
    let answer: Value = serde_json::from_str(body).map_err(|_| cut())?;
    let cards = answer["cards"].as_array().into_iter().flatten();
    Ok(Some(cards.filter_map(|card| card["uuid"].as_str().map(str::to_owned)).collect()))
}
