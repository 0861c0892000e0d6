//! What came of it.

use serde_json::json;
use signpost::example;

use crate::kept::{KEY, Kept, SERVICE};
use crate::support::{at, get, get_from};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_and_reported_is_counted_and_drawn() {
    let kept = Kept::new();
    let service = kept.told(&[KEY], "", "", at).await;
    let mut cards = 0;
    for name in example::names() {
        let answer = service.answer(name).await;
        let shown = answer["cards"].as_array().unwrap();
        cards += shown.len();
        let Some(card) = shown.first() else { continue };
        let reason = if name == example::DEFAULT { "<script>alert(1)</script>" } else { "patient-refuses" };
        let feedback = json!({ "feedback": [{ "card": card["uuid"], "outcome": "overridden",
            "outcomeTimestamp": "2026-11-22T12:05:00Z", "overrideReason": { "reason": { "code": reason } } }] });
        service.post(&format!("{SERVICE}/feedback"), &feedback.to_string()).await;
    }
    let page = get_from(&service.router, "/journal?days=7").await;
    assert_eq!(page.status, 200);
    let text = &page.text;
    assert!(text.contains(&format!("<dt>Cards shown</dt><dd>{cards}</dd>")), "{cards}: {text}");
    assert!(text.contains("Patient refuses or declines"), "a reason is told in words: {text}");
    assert!(text.contains("a reason that the card did not offer"), "{text}");
    assert!(!text.contains("script"), "what clients make up is not counted by its words");
    for says in [
        "Appears not to meet the criteria",
        "What was missing",
        "not recorded",
        "<th scope=\"row\">decide</th>",
    ] {
        assert!(text.contains(says), "{says} is not in {text}");
    }
    // Every chart is beside its figures, and hidden from who cannot see it.
    assert_eq!(
        text.matches("<svg").count(),
        text.matches("aria-hidden=\"true\" focusable=\"false\">").count()
    );
    assert!(text.contains("<tr><th scope=\"row\">2026-11-22</th>"), "{text}");
    assert!(text.contains("<span>2026-11-16</span><span>2026-11-22</span>"), "seven days: {text}");
    assert!(text.len() < 150_000, "{} bytes", text.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_journal_and_none_are_said_in_words() {
    let kept = Kept::new();
    let service = kept.told(&[KEY], "", "", at).await;
    for query in ["", "?days=all", "?days=x", "?days=7&days=30"] {
        let page = get_from(&service.router, &format!("/journal{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        assert!(page.text.contains("No decision was written down in this time"), "{query}");
    }
    let page = get("/journal").await;
    assert_eq!(page.status, 404);
    assert!(page.text.contains("No journal is kept"));
}
