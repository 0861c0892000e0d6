//! `GET /journal/stats`: for operators only.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{Operated, TOKEN, journal, wait_for};
use crate::support::{ends_with, folder, out, text};

fn with_token(folder: &Path) -> String {
    fs::write(folder.join("token"), format!("{TOKEN}\n")).expect("a file");
    "[operations]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"token\"\n".to_owned()
}

fn bearer(token: &str) -> String {
    format!("Authorization: Bearer {token}\r\n")
}

fn basic(user_and_password: &str) -> String {
    format!("Authorization: Basic {}\r\n", STANDARD.encode(user_and_password))
}

#[test]
fn whoever_shows_no_token_sees_nothing() {
    let folder = folder("stats-token");
    let service = Operated::start(&folder, &with_token(&folder));
    let shorter = TOKEN.strip_suffix("s").expect("a letter");
    let rows = [
        (String::new(), 401),
        (bearer("another-token-of-more-than-32-characters"), 401),
        (bearer(shorter), 401),
        (bearer(&format!("{TOKEN}x")), 401),
        (bearer(""), 401),
        (format!("Authorization: {TOKEN}\r\n"), 401),
        (basic(TOKEN), 401),
        (basic(&format!("{TOKEN}:")), 401),
        ("Authorization: Basic !\r\n".to_owned(), 401),
        (bearer(TOKEN) + &bearer(TOKEN), 401),
        // Shown; there is no journal.
        (bearer(TOKEN), 404),
        (format!("Authorization: bearer {TOKEN}\r\n"), 404),
        (basic(&format!("anybody:{TOKEN}")), 404),
        (basic(&format!(":{TOKEN}")), 404),
    ];
    for (head, status) in rows {
        let answer = service.raw("/journal/stats", &head);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {answer}");
        let asks = answer.to_ascii_lowercase().matches("www-authenticate").count();
        assert_eq!(asks, if status == 401 { 2 } else { 0 }, "{answer}");
        let says = if status == 401 { "not authorized" } else { "keeps no journal" };
        assert!(answer.contains(says), "{answer}");
    }
    // A bad parameter is no way to find out either.
    assert_eq!(service.see("/journal/stats?from=x").0, 401);
}

#[test]
fn without_a_token_it_is_shown_to_nobody() {
    let folder = folder("stats-no-token");
    let service = Operated::start(&folder, "");
    for head in [String::new(), bearer(""), basic(":"), bearer(TOKEN)] {
        let (status, said) = service.see_with("/journal/stats", &head);
        assert_eq!(status, 404, "{head}");
        assert!(said.contains("token_file"), "{said}");
    }
}

#[test]
fn it_says_what_the_command_says_and_takes_another_token_when_told() {
    let folder = folder("stats");
    let url = format!("sqlite:{}", folder.join("journal.db").display());
    let config = with_token(&folder) + &journal(&folder, &url, "require");
    let service = Operated::start(&folder, &config);
    wait_for("the journal is up", || service.see("/readyz").0 == 200);
    let body = out(&ends_with(0, &["example"]));
    assert_eq!(service.call(&body, "").0, 200);
    let see = |query: &str| service.see_with(&format!("/journal/stats{query}"), &bearer(TOKEN));
    let path = folder.join("signpost.toml");
    let command =
        |more: &[&str]| out(&ends_with(0, &[&["journal", "stats", "--config", text(&path)], more].concat()));
    let (status, said) = see("");
    assert_eq!((status, &said), (200, &command(&[])));
    let counted: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(counted["decisions"], 1, "{said}");
    let later = "2100-01-01T00:00:00Z";
    assert_eq!(see(&format!("?from={later}")), (200, command(&["--from", later])));
    assert_eq!(see(&format!("?until={later}&from=2020-01-01T00:00:00%2B00:00")), (200, said));
    for (query, names) in [
        ("?from=yesterday", "`from`"),
        ("?until=", "`until`"),
        ("?from=2026-01-01T00:00:00Z&from=2026-01-01T00:00:00Z", "`from`"),
        ("?policy=%3Cscript%3E", "no others"),
    ] {
        let (status, said) = see(query);
        assert!(status == 400 && said.contains(names) && !said.contains("script"), "{query}: {said}");
    }

    let other = "another-token-of-more-than-32-characters";
    fs::write(folder.join("token"), other).expect("a file");
    service.signal("HUP");
    wait_for("the token is another", || service.see_with("/journal/stats", &bearer(other)).0 == 200);
    assert_eq!(see("").0, 401, "the old one is none any more");
}
