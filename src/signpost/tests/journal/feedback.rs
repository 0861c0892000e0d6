//! `POST /cds-services/{id}/feedback`.

use journal::{Filter, Level};
use serde_json::json;

use crate::support::{SERVICE, Service, keeping_none, post};

const AT: &str = "2026-11-22T12:05:00Z";

fn path() -> String {
    format!("{SERVICE}/feedback")
}

/// An override with a reason and words counts once, however often it is sent; a later acceptance counts instead.
#[tokio::test(flavor = "multi_thread")]
async fn what_users_do_is_counted_once() {
    let service = Service::keeping(Level::Hashed).await;
    let cards = service.cards(signpost::example::DEFAULT).await;
    let card = cards.iter().find(|card| !card["suggestions"][0]["uuid"].is_null()).unwrap();
    let overridden = json!({ "feedback": [{ "card": card["uuid"], "outcome": "overridden", "outcomeTimestamp": AT,
        "overrideReason": { "reason": { "code": "patient-refuses" }, "userComment": "Mrs Miller wants to wait" } }] });
    for _ in 0..3 {
        assert_eq!(service.post(&path(), &overridden.to_string()).await, (200, json!({})));
    }
    let counts = || async {
        let stats = service.journal.stats(&Filter::default()).await.unwrap();
        let sum = |of: fn(&journal::Subject) -> u64| stats.subjects.iter().map(of).sum::<u64>();
        (sum(|subject| subject.accepted), sum(|subject| subject.overridden.values().sum()))
    };
    assert_eq!(counts().await, (0, 1));
    let accepted = json!({ "feedback": [{ "card": card["uuid"], "outcome": "accepted",
        "acceptedSuggestions": [{ "id": card["suggestions"][0]["uuid"] }], "outcomeTimestamp": "2026-11-22T12:06:00Z" }] });
    assert_eq!(service.post(&path(), &accepted.to_string()).await.0, 200);
    assert_eq!(counts().await, (1, 0));
    let exported = serde_json::to_string(&service.records().await).unwrap();
    assert!(exported.contains("patient-refuses") && !exported.contains("Miller"));
}

/// A code that no card offers is words of somebody's: it is kept as words are, and counted by one name.
#[tokio::test(flavor = "multi_thread")]
async fn a_reason_that_was_not_offered_is_words() {
    for level in [Level::None, Level::Hashed, Level::Whole] {
        let service = Service::keeping(level).await;
        let cards = service.cards(signpost::example::DEFAULT).await;
        let reason = json!({ "reason": { "code": "Mrs Miller refuses", "system": "urn:miller" }, "userComment": "yes" });
        let item = json!({ "feedback": [{ "card": cards[0]["uuid"], "outcome": "overridden", "outcomeTimestamp": AT,
            "overrideReason": reason }] });
        assert_eq!(service.post(&path(), &item.to_string()).await, (200, json!({})));
        let stats = service.journal.stats(&Filter::default()).await.unwrap();
        let reasons: Vec<_> = stats.subjects.iter().flat_map(|subject| subject.overridden.keys()).collect();
        assert_eq!(reasons, ["not-offered"], "{level:?}");
        let exported = serde_json::to_string(&service.records().await).unwrap();
        assert!(!exported.contains("urn:miller"));
        assert_eq!(exported.contains("Mrs Miller refuses: yes"), level == Level::Whole, "{level:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_status_of_feedback() {
    let service = Service::keeping(Level::Hashed).await;
    let item = |item: &str| format!(r#"{{"feedback":[{item}]}}"#);
    let timestamp = format!(r#""outcomeTimestamp":"{AT}""#);
    let rows = [
        (200, r#"{"feedback":[]}"#.to_owned()),
        (200, item(&format!(r#"{{"card":"of nobody","outcome":"overridden",{timestamp},"new":[1]}}"#))),
        (200, item(&format!(r#"{{"card":"x","outcome":"accepted","acceptedSuggestions":[],{timestamp}}}"#))),
        (
            200,
            item(&format!(
                r#"{{"card":"x","outcome":"overridden","overrideReason":{{"reason":{{"code":"a"}}}},{timestamp}}}"#
            )),
        ),
        (400, "[]".to_owned()),
        (400, "{".to_owned()),
        (400, "{}".to_owned()),
        (400, r#"{"feedback":{}}"#.to_owned()),
        (400, item("1")),
        (400, item(&format!(r#"{{"outcome":"overridden",{timestamp}}}"#))),
        (400, item(&format!(r#"{{"card":"x",{timestamp}}}"#))),
        (400, item(&format!(r#"{{"card":"x","outcome":"ignored",{timestamp}}}"#))),
        (400, item(&format!(r#"{{"card":"x","outcome":"accepted",{timestamp}}}"#))),
        (
            400,
            item(&format!(r#"{{"card":"x","outcome":"accepted","acceptedSuggestions":[{{}}],{timestamp}}}"#)),
        ),
        (400, item(&format!(r#"{{"card":"x","outcome":"overridden","overrideReason":{{}},{timestamp}}}"#))),
        (400, item(r#"{"card":"x","outcome":"overridden"}"#)),
        (400, item(r#"{"card":"x","outcome":"overridden","outcomeTimestamp":"yesterday"}"#)),
        (400, item(&format!(r#"{{"card":"{}","outcome":"overridden",{timestamp}}}"#, "x".repeat(201)))),
        (400, format!(r#"{{"feedback":[{}]}}"#, vec!["1"; 501].join(","))),
    ];
    for (status, body) in rows {
        let (answered, answer) = service.post(&path(), &body).await;
        assert_eq!(answered, status, "{body:.120}: {answer}");
        assert_eq!(status == 400, answer["resourceType"] == "OperationOutcome", "{answer}");
    }
    assert_eq!(service.journal.stats(&Filter::default()).await.unwrap().unknown_feedback, 3);
    assert_eq!(service.post("/cds-services/none/feedback", r#"{"feedback":[]}"#).await.0, 404);
    assert_eq!(post(keeping_none(), &path(), r#"{"feedback":[]}"#).await.0, 404, "without a journal");
}
