//! Pages on the operators' listener, and links to decisions, of the binary as it is served.

use std::fs::{self, File};
use std::process::Stdio;

use serde_json::Value;

use super::{Operated, TOKEN, journal, status, wait_for};
use crate::support::{ends_with, exchange, folder, out};

const BASE: &str = "https://pages.example.org";

#[test]
fn operators_see_what_came_of_it_and_nobody_else() {
    let folder = folder("operators-pages");
    fs::write(folder.join("token"), TOKEN).expect("a file");
    let url = format!("sqlite:{}", folder.join("journal.db").display());
    let config = "[operations]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"token\"\n".to_owned()
        + &journal(&folder, &url, "require");
    let service = Operated::start(&folder, &config);
    wait_for("the journal is up", || service.see("/readyz").0 == 200);
    assert_eq!(service.call(&out(&ends_with(0, &["example"])), "").0, 200);
    let bearer = format!("Authorization: Bearer {TOKEN}\r\n");
    for path in ["/journal", "/journal?days=7", "/policies", "/assets/x"] {
        let answer = service.raw(path, "");
        assert_eq!(status(&answer), 401, "{path}: {answer}");
    }
    let (status, page) = service.see_with("/journal", &bearer);
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("What came of it") && page.contains("Appears not to meet the criteria"), "{page}");
    assert!(!page.contains("href=\"/\""), "what is not here is not named: {page}");
    let style = page.split('"').find(|part| part.starts_with("/assets/style-")).expect("a stylesheet");
    assert_eq!(service.see_with(style, &bearer).0, 200);
    assert_eq!(service.see_with("/policies", &bearer).0, 200);
}

/// However much it is told to log.
#[test]
fn no_link_is_logged() {
    let folder = folder("links");
    let url = format!("sqlite:{}", folder.join("journal.db").display());
    let config = journal(&folder, &url, "require") + &format!("[pages]\nbase_url = \"{BASE}\"\n");
    let log = folder.join("log");
    let service =
        Operated::start_at_level(&folder, &config, Stdio::from(File::create(&log).expect("a file")), "trace");
    wait_for("the journal is up", || service.see("/readyz").0 == 200);
    let (_, answer) = service.call(&out(&ends_with(0, &["example"])), "");
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let cards = answer["cards"].as_array().expect("cards").iter();
    let links = cards.flat_map(|card| card["links"].as_array().into_iter().flatten());
    let paths: Vec<&str> = links.filter_map(|link| link["url"].as_str()?.strip_prefix(BASE)).collect();
    assert!(!paths.is_empty(), "{answer}");
    for path in &paths {
        for (path, expected) in [((*path).to_owned(), 200), (format!("{path}x"), 404)] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assert_eq!(status(&exchange(&service.address, &request)), expected, "{path}");
        }
    }
    let written = fs::read_to_string(&log).expect("a log");
    assert!(written.contains("the service is open"), "it logs what it does");
    for path in paths {
        let (address, signature) = path.split_once("&signature=").expect("a link");
        assert!(!written.contains(signature), "a signature is in the log");
        let id = address.split(['/', '?']).nth(2).expect("an id");
        let ours = |line: &&str| line.contains(id) && !line.contains("sqlx");
        let lines: Vec<&str> = written.lines().filter(ours).collect();
        assert!(lines.is_empty(), "an id is in the log: {lines:?}");
    }
}
