//! Decisions behind signed links.

use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::example;

use crate::kept::{BASE, CLIENT, KEY, Kept, OTHER_KEY, links};
use crate::support::{Answer, at, get_from};

const LINKED: &str = "[pages]\nbase_url = \"https://pages.example.org/cds\"\nlink_hours = 2\n";

fn almost_two_hours_later() -> Timestamp {
    at() + jiff::SignedDuration::from_secs(2 * 3600 - 1)
}

fn two_hours_later() -> Timestamp {
    at() + jiff::SignedDuration::from_hours(2)
}

/// What says nothing: the same whatever was wrong.
fn is_closed(page: &Answer) -> bool {
    page.status == 404 && page.text.contains("This address opens nothing")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_coverage_card_leads_to_its_decision() {
    let kept = Kept::new();
    let service = kept.linking("whole").await;
    let mut seen = 0;
    for name in example::names() {
        let answer = service.answer(name).await;
        for card in answer["cards"].as_array().unwrap() {
            let of_card = links(&json!({ "cards": [card] }));
            let is_coverage = card["source"]["topic"]["code"] == "coverage-info";
            assert_eq!(of_card.len(), usize::from(is_coverage), "{name}: {card}");
            for path in of_card {
                let page = get_from(&service.router, &path).await;
                assert_eq!(page.status, 200, "{name}");
                let summary = card["summary"].as_str().unwrap();
                assert!(plain(&page.text).contains(summary), "{name}: {summary} is not in {}", page.text);
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

/// The text of a page, with the marks that templates escape.
fn plain(html: &str) -> String {
    let marks = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    marks.iter().fold(html.to_owned(), |text, (code, mark)| text.replace(code, mark))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_is_as_cds_hooks_says_and_beside_that_of_the_policy() {
    let kept = Kept::new();
    let answer = kept.linking("hashed").await.answer(example::DEFAULT).await;
    let cards = answer["cards"].as_array().unwrap();
    let card = cards.iter().find(|card| card["source"]["topic"]["code"] == "coverage-info").unwrap();
    let link = card["links"].as_array().unwrap().last().unwrap();
    assert_eq!(link["type"], "absolute");
    assert_eq!(link["label"], "How this was decided");
    assert!(link["url"].as_str().unwrap().starts_with(&format!("{BASE}/decisions/")), "{link}");
    assert_eq!(link.as_object().unwrap().len(), 3);
}

/// Without the setting cards are byte for byte what they are without a journal.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_base_there_is_no_link() {
    let kept = Kept::new();
    let (with, without) =
        (kept.told(&[KEY], "", "", at).await, crate::support::serving(crate::support::content()));
    for name in example::names() {
        let request = example::request(name, at()).unwrap();
        let plain = crate::support::call_to(&without, &request).await;
        assert_eq!(with.answer(name).await, plain, "{name}");
    }
    assert!(is_closed(&get_from(&with.router, "/decisions/x?until=1&signature=x").await));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_good_link_opens_nothing() {
    let kept = Kept::new();
    let service = kept.linking("whole").await;
    let paths = service.links(example::DEFAULT).await;
    let path = &paths[0];
    let other = &service.links(example::DEFAULT).await[0];
    let (address, query) = path.split_once('?').unwrap();
    let (until, signature) = query.split_once('&').unwrap();
    let (other_address, _) = other.split_once('?').unwrap();
    assert_ne!(address, other_address);
    let later = until.replace("until=", "until=1");
    let first = signature.replace("signature=A", "signature=B");
    let forged = if first == signature { signature.replacen("signature=", "signature=A", 1) } else { first };
    let mut shorter = path.clone();
    shorter.pop();
    let wrong = [
        address.to_owned(),
        format!("{address}?"),
        format!("{address}?{until}"),
        format!("{address}?{signature}"),
        format!("{address}?{until}&signature="),
        format!("{address}?{until}&{forged}"),
        format!("{address}?{until}&signature={}", "A".repeat(43)),
        format!("{path}="),
        format!("{path}A"),
        shorter,
        // Another decision, another time, the same twice, something beside it, another order.
        format!("{other_address}?{query}"),
        format!("{address}?{later}&{signature}"),
        format!("{address}?{until}&{until}&{signature}"),
        format!("{path}&{signature}"),
        format!("{path}&{until}"),
        format!("{path}&x=1"),
        format!("{address}?{signature}&{until}"),
        // Another way to write the id, and no id.
        format!("{}?{query}", address.to_uppercase().replace("/DECISIONS/", "/decisions/")),
        format!("{}?{query}", address.replace('-', "")),
        format!("/decisions/..?{query}"),
        format!("/decisions/%00?{query}"),
    ];
    assert_eq!(get_from(&service.router, path).await.status, 200);
    let nothing = get_from(&service.router, "/decisions/x").await;
    for path in wrong {
        let page = get_from(&service.router, &path).await;
        assert!(is_closed(&page), "{path}: {}", page.status);
        assert_eq!(page.text, nothing.text, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_link_to_no_record_says_so() {
    let kept = Kept::new();
    let service = kept.linking("hashed").await;
    let path = service.links(example::DEFAULT).await.remove(0);
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    service.journal.delete(journal::Deletion::before(later, "a test")).await.unwrap();
    let page = get_from(&service.router, &path).await;
    assert_eq!(page.status, 404);
    assert!(page.text.contains("there is no record of this decision"), "{}", page.text);
    assert!(is_closed(&get_from(&service.router, &path.replace("signature=", "signature=A")).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_holds_until_its_end_and_says_then_how_to_ask_anew() {
    let kept = Kept::new();
    let path = kept.linking("hashed").await.links(example::DEFAULT).await.remove(0);
    let before = kept.told(&[KEY], "", LINKED, almost_two_hours_later).await;
    assert_eq!(get_from(&before.router, &path).await.status, 200);
    let after = kept.told(&[KEY], "", LINKED, two_hours_later).await;
    let page = get_from(&after.router, &path).await;
    assert_eq!(page.status, 410);
    assert!(page.text.contains("This link has expired") && page.text.contains("the new card has a new link"));
    let forged = path.replace("signature=", "signature=A");
    assert!(is_closed(&get_from(&after.router, &forged).await));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_of_the_key_file_verify_and_no_other() {
    let kept = Kept::new();
    let path = kept.linking("hashed").await.links(example::DEFAULT).await.remove(0);
    let rows: [(&[&str], bool); 4] =
        [(&[KEY], true), (&[OTHER_KEY, KEY], true), (&[OTHER_KEY], false), (&[KEY, OTHER_KEY], true)];
    for (keys, opens) in rows {
        let page = get_from(&kept.told(keys, "", LINKED, at).await.router, &path).await;
        assert_eq!(page.status == 200, opens, "{keys:?}");
        assert_eq!(is_closed(&page), !opens, "{keys:?}");
    }
    // Of an unknown decision, by a right signature.
    let empty = Kept::new();
    let service = empty.told(&[KEY], "", LINKED, at).await;
    let page = get_from(&service.router, &path).await;
    assert!(page.status == 404 && page.text.contains("there is no record of this decision"));
}

/// Known clients or none: a link is all that it takes.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_knows_its_clients_opens_links_too() {
    let kept = Kept::new();
    let path = kept.linking("hashed").await.links(example::DEFAULT).await.remove(0);
    let service = kept.told(&[KEY], CLIENT, LINKED, at).await;
    let page = get_from(&service.router, &path).await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("<nav"), "whoever has a link sees this page alone");
    assert!(is_closed(&get_from(&service.router, "/decisions/x").await));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_a_decision_or_passes_it_on() {
    let kept = Kept::new();
    let service = kept.linking("whole").await;
    let path = service.links(example::DEFAULT).await.remove(0);
    for path in [path.as_str(), "/decisions/x"] {
        let page = get_from(&service.router, path).await;
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("x-robots-tag"), "noindex, nofollow, noarchive");
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
    }
}

/// What the journal does not keep does not stand on the page, and the page says so.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_holds_what_the_level_keeps() {
    let value = "1.2 10*9/L of Mrs Secret";
    let rows =
        [("none", "keeps no patient data"), ("hashed", "only as keyed hashes"), ("whole", "Treat this page")];
    for (level, says) in rows {
        let kept = Kept::new();
        let service = kept.linking(level).await;
        let request = hostile_request(value);
        let path = links(&service.post(crate::kept::SERVICE, &request).await).remove(0);
        let page = get_from(&service.router, &path).await;
        assert!(page.text.contains(says), "{level}: {}", page.text);
        assert_eq!(plain(&page.text).contains("Mrs Secret"), level == "whole", "{level}: {}", page.text);
        assert!(!page.text.contains("<b>bold"), "{level}");
    }
}

/// A bundled request whose words are a client's: with HTML and Markdown in them.
fn hostile_request(words: &str) -> String {
    let request = example::request(example::DEFAULT, at()).unwrap();
    let mut request: Value = serde_json::from_str(&request).unwrap();
    said(&mut request["prefetch"], &format!("{words} <b>bold</b> [x](javascript:alert(1)) **y**"));
    request.to_string()
}

/// Puts words into every display and text.
fn said(value: &mut Value, words: &str) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| said(value, words)),
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "text" || name == "display" => {
                        *text = format!("{text} {words}");
                    }
                    _ => said(value, words),
                }
            }
        }
        _ => {}
    }
}
