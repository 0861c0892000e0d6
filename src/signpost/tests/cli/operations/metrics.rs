//! What is counted, and what never becomes a label.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use signpost::example;

use super::{Operated, journal};
use crate::clients::{Tokens, north};
use crate::serve::started;
use crate::support::{ends_with, exchange, folder, out};

/// What every caller of these tests writes wherever it can.
const MARK: &str = "MARK\"} 1\n\\";

/// The lines of a metric.
fn lines<'m>(metrics: &'m str, name: &str) -> Vec<&'m str> {
    let is_of = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' ']));
    metrics.lines().filter(is_of).collect()
}

#[track_caller]
fn has(metrics: &str, line: &str) {
    assert!(metrics.lines().any(|own| own == line), "no `{line}` in:\n{metrics}");
}

/// A service with everything: a client, an EHR, a journal.
fn whole(name: &str, base: &str) -> Operated {
    let folder = folder(name);
    let url = format!("sqlite:{}", folder.join("journal.db").display());
    let service = Operated::start(&folder, &format!("{}{}", north(base), journal(&folder, &url, "require")));
    super::wait_for("the journal is up", || service.see("/readyz").0 == 200);
    service
}

/// After two calls that are answered, two that are not, and two reports.
const EXPECTED: [&str; 19] = [
    "signpost_hook_calls_total{service=\"coverage-order-sign\",status=\"200\"} 2",
    "signpost_hook_calls_total{service=\"coverage-order-sign\",status=\"400\"} 1",
    "signpost_hook_calls_total{service=\"coverage-order-sign\",status=\"401\"} 1",
    "signpost_hook_call_seconds_count{service=\"coverage-order-sign\"} 4",
    "signpost_step_seconds_count{step=\"decide\"} 2",
    "signpost_step_seconds_count{step=\"fetch\"} 1",
    "signpost_step_seconds_count{step=\"cards\"} 2",
    "signpost_step_seconds_count{step=\"journal\"} 2",
    "signpost_journal_writes_total{outcome=\"written\"} 2",
    "signpost_journal_write_seconds_count{outcome=\"written\"} 2",
    "signpost_journal_waiting 0",
    "signpost_journal_up 1",
    "signpost_feedback_total{outcome=\"overridden\"} 1",
    "signpost_feedback_total{outcome=\"accepted\"} 1",
    "signpost_feedback_taken_total{kind=\"stored\"} 1",
    "signpost_feedback_taken_total{kind=\"unknown\"} 1",
    "signpost_refused_callers_total{reason=\"no-token\"} 1",
    "signpost_requests_under_way 0",
    "signpost_stopping 0",
];

#[test]
fn what_happens_is_counted() {
    let ehr = started(&["demo-ehr", "--listen", "127.0.0.1:0", "--token", "s3cr3t"]);
    let base = format!("http://{}", ehr.address());
    let service = whole("metrics", &base);
    let mut tokens = Tokens::of("north");
    let mut head = || format!("Authorization: Bearer {}\r\n", tokens.next());
    let body = out(&ends_with(0, &["example"]));
    let (status, answer) = service.call(&body, &head());
    assert_eq!(status, 200);
    let fetched = example::to_be_fetched(&body, &base, Some("s3cr3t")).expect("a request");
    assert_eq!(service.call(&fetched, &head()).0, 200);
    assert_eq!(service.call("{", &head()).0, 400);
    assert_eq!(service.call(&body, "").0, 401);
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let card = &answer["cards"][0]["uuid"];
    let feedback = json!({ "feedback": [
        { "card": card, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z" },
        { "card": "unknown", "outcome": "accepted", "acceptedSuggestions": [{ "id": "1" }],
          "outcomeTimestamp": "2026-11-22T10:00:00Z" }
    ]});
    let path = "/cds-services/coverage-order-sign/feedback";
    let (status, said) = service.post(path, &feedback.to_string(), &head());
    assert_eq!(status, 200, "{said}");

    let (status, metrics) = service.see("/metrics");
    assert_eq!(status, 200);
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    EXPECTED.iter().for_each(|line| has(&metrics, line));
    let count = |name: &str, label: &str| -> u64 {
        let lines = lines(&metrics, name).into_iter().filter(|line| line.contains(label));
        lines.filter_map(|line| line.rsplit_once(' ')?.1.parse::<u64>().ok()).sum()
    };
    let sent = answer["cards"].as_array().map_or(0, Vec::len) as u64;
    assert_eq!(count("signpost_cards_total", "indicator=\"critical\""), 2, "{metrics}");
    assert!(count("signpost_cards_total", "service=\"coverage-order-sign\"") >= sent, "{metrics}");
    assert!(count("signpost_determinations_total", "determination=") >= 4, "{metrics}");
    assert!(count("signpost_gaps_total", "kind=") > 0, "{metrics}");
    assert!(count("signpost_ehr_searches_total", "outcome=\"complete\"") > 5, "{metrics}");
    assert!(count("signpost_ehr_search_seconds_count", "outcome=\"complete\"") > 5, "{metrics}");
    let content = lines(&metrics, "signpost_build_info");
    assert!(
        matches!(content.as_slice(), [line] if line.contains("content=\"") && line.contains("version=\""))
    );
    assert!(lines(&metrics, "process_start_time_seconds").len() == 1, "{metrics}");
}

/// Every way in which a caller can say something: none of it is there, and there are no more lines than before.
#[test]
fn nothing_that_a_caller_chooses_becomes_a_label() {
    let service = whole("hostile-labels", "https://fhir.north.example.org");
    let mut tokens = Tokens::of("north");
    let body = out(&ends_with(0, &["example"]));
    let request: Value = serde_json::from_str(&body).expect("JSON");
    let said = |pointer: &str| {
        let mut request = request.clone();
        *request.pointer_mut(pointer).expect("a member") = MARK.into();
        request.to_string()
    };
    let mut strings = Vec::new();
    pointers(&request, String::new(), &mut strings);
    assert!(strings.len() > 100, "the request is read");
    let step = strings.len() / 60;
    let every_few: Vec<String> = strings.into_iter().step_by(step).collect();
    let mut seen = BTreeSet::new();
    for pointer in every_few {
        let head = format!("Authorization: Bearer {}\r\nX-MARK: MARK\r\n", tokens.next());
        seen.insert(service.call(&said(&pointer), &head).0);
    }
    for head in
        ["Authorization: Bearer MARK\r\n", "Authorization: MARK\r\n", "Authorization: Bearer a.MARK.c\r\n"]
    {
        assert_eq!(service.call(&body, head).0, 401);
    }
    for path in [
        "/cds-services/MARK",
        "/cds-services/MARK%22%7D/feedback",
        "/MARK",
        "/cds-services/MARK%0A?MARK=MARK",
    ] {
        let head = format!("Authorization: Bearer {}\r\n", tokens.next());
        assert!(service.post(path, &body, &head).0 >= 400, "{path}");
    }
    let feedback = json!({ "feedback": [{
        "card": MARK, "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z",
        "overrideReason": { "reason": { "code": MARK, "system": MARK }, "userComment": MARK }
    }]});
    for token in [tokens.next(), tokens.next()] {
        let head = format!("Authorization: Bearer {token}\r\n");
        service.post("/cds-services/coverage-order-sign/feedback", &feedback.to_string(), &head);
    }
    exchange(&service.address, "MARK /cds-services/MARK HTTP/1.1\r\nHost: MARK\r\nConnection: close\r\n\r\n");
    assert!(seen.contains(&200) && seen.contains(&400), "all kinds of answers came: {seen:?}");
    let (_, metrics) = service.see("/metrics");
    assert!(!metrics.contains("MARK") && !metrics.contains("syn-"), "{metrics}");
    assert!(!lines(&metrics, "signpost_hook_calls_total").is_empty());
    assert!(metrics.lines().count() < 500, "{} lines", metrics.lines().count());
}

/// Where every string of a request stands.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(place, item)| pointers(item, format!("{at}/{place}"), found));
        }
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| pointers(member, format!("{at}/{key}"), found));
        }
        _ => {}
    }
}
