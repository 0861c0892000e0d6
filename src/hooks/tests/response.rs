//! What is sent: the members of the specification, and nothing empty.
#![expect(clippy::unwrap_used, reason = "also outside the test functions, in what they share")]

use hooks::{
    Action, Card, Coding, Indicator, Link, Response, SelectionBehavior, Service, Services, Source,
    Suggestion, Summary,
};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

fn sent(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn coding(code: &str, display: Option<&str>) -> Coding {
    Coding { code: code.into(), system: "urn:example:codes".into(), display: display.map(Into::into) }
}

fn source() -> Source {
    Source { label: "Example".into(), url: None, icon: None, topic: None }
}

fn card() -> Card {
    Card::new(Summary::new("one line"), Indicator::Info, source())
}

#[test]
fn an_answer_with_nothing_to_say_is_an_empty_list_of_cards() {
    assert_eq!(serde_json::to_string(&Response::default()).unwrap(), r#"{"cards":[]}"#);
    assert_eq!(serde_json::to_string(&Services::default()).unwrap(), r#"{"services":[]}"#);
}

#[test]
fn a_card_has_what_it_must_have_and_no_more() {
    let expected = json!({ "summary": "one line", "indicator": "info", "source": { "label": "Example" } });
    assert_eq!(sent(&card()), expected);
}

#[test]
fn what_is_empty_is_left_out() {
    let blank = || Some(" \n".to_owned());
    for extension in ["{}", "{ \n }", "null", "[]", "\"\""] {
        let mut card = card();
        card.uuid = blank();
        card.detail = blank();
        card.source =
            Source { label: "Example".into(), url: blank(), icon: Some(String::new()), topic: None };
        card.source.topic = Some(coding("limits", Some("")));
        card.links = vec![Link::smart("App", "https://app.example.org", blank())];
        card.suggestions = vec![Suggestion {
            label: "Do nothing".into(),
            uuid: blank(),
            is_recommended: false,
            actions: Vec::new(),
        }];
        card.extension = Some(raw(extension));
        let expected = json!({
            "summary": "one line",
            "indicator": "info",
            "source": { "label": "Example", "topic": { "code": "limits", "system": "urn:example:codes" } },
            "suggestions": [{ "label": "Do nothing" }],
            "selectionBehavior": "at-most-one",
            "links": [{ "label": "App", "url": "https://app.example.org", "type": "smart" }]
        });
        assert_eq!(sent(&card), expected, "{extension}");
    }
}

#[test]
fn a_full_card_carries_every_member() {
    let mut card = card();
    card.uuid = Some("u-1".into());
    card.detail = Some("**more**".into());
    card.indicator = Indicator::Critical;
    card.source = Source {
        label: "Example".into(),
        url: Some("https://example.org".into()),
        icon: Some("https://example.org/icon.png".into()),
        topic: Some(coding("limits", Some("Limits"))),
    };
    card.suggestions = vec![Suggestion {
        label: "Remove the order".into(),
        uuid: Some("s-1".into()),
        is_recommended: true,
        actions: vec![Action::delete("Remove it", "MedicationRequest/1")],
    }];
    card.selection_behavior = SelectionBehavior::Any;
    card.override_reasons = vec![coding("need-more-info", Some("Need more information"))];
    card.links = vec![Link::absolute("The policy", "https://example.org/policy")];
    card.extension = Some(raw(r#"{"dev.signpost.limits":[]}"#));
    let expected = json!({
        "uuid": "u-1",
        "summary": "one line",
        "detail": "**more**",
        "indicator": "critical",
        "source": {
            "label": "Example",
            "url": "https://example.org",
            "icon": "https://example.org/icon.png",
            "topic": { "code": "limits", "system": "urn:example:codes", "display": "Limits" }
        },
        "suggestions": [{
            "label": "Remove the order",
            "uuid": "s-1",
            "isRecommended": true,
            "actions": [{ "type": "delete", "description": "Remove it", "resourceId": "MedicationRequest/1" }]
        }],
        "selectionBehavior": "any",
        "overrideReasons": [
            { "code": "need-more-info", "system": "urn:example:codes", "display": "Need more information" }
        ],
        "links": [{ "label": "The policy", "url": "https://example.org/policy", "type": "absolute" }],
        "extension": { "dev.signpost.limits": [] }
    });
    assert_eq!(sent(&card), expected);
}

#[test]
fn a_resource_is_passed_on_digit_for_digit() {
    let order = r#"{"resourceType":"MedicationRequest","id":"1", "dose":40.00}"#;
    let response = Response {
        cards: Vec::new(),
        system_actions: vec![Action::update("Change", raw(order)), Action::create("Order", raw(order))],
    };
    let expected = format!(
        r#"{{"cards":[],"systemActions":[{{"type":"update","description":"Change","resource":{order}}},{{"type":"create","description":"Order","resource":{order}}}]}}"#
    );
    assert_eq!(serde_json::to_string(&response).unwrap(), expected);
}

#[test]
fn indicators_are_ordered_by_urgency() {
    let rows =
        [(Indicator::Info, "info"), (Indicator::Warning, "warning"), (Indicator::Critical, "critical")];
    assert!(rows.is_sorted());
    for (indicator, name) in rows {
        assert_eq!(sent(&indicator), json!(name));
    }
}

#[test]
fn a_summary_is_one_line_that_ends_with_a_word() {
    let exact = "a".repeat(139);
    let long = "a".repeat(140);
    let words = "word ".repeat(40);
    let ends_at_limit = format!("{} {} tail", "a".repeat(100), "b".repeat(37));
    let one_too_many = format!("{} {} tail", "a".repeat(100), "b".repeat(38));
    let wide = "é".repeat(139);
    let rows = [
        ("short", "short".to_owned()),
        ("  two\n\tlines ", "two lines".to_owned()),
        (&exact, exact.clone()),
        (&wide, wide.clone()),
        (&long, format!("{}…", "a".repeat(138))),
        (&words, format!("{}…", "word ".repeat(27).trim_end())),
        (&ends_at_limit, format!("{} {}…", "a".repeat(100), "b".repeat(37))),
        (&one_too_many, format!("{}…", "a".repeat(100))),
        (&format!("{}, {}", "a".repeat(100), "b".repeat(60)), format!("{}…", "a".repeat(100))),
    ];
    for (text, expected) in rows {
        let summary = Summary::new(text);
        assert_eq!(summary.as_str(), expected);
        assert_eq!(summary.to_string(), expected);
        assert_eq!(sent(&summary), json!(expected));
    }
}

#[test]
fn an_end_is_kept_and_what_stands_before_it_is_cut() {
    let words = "word ".repeat(40);
    let rows = [
        (
            "Drug: fits".to_owned(),
            "; appears\nto meet P".to_owned(),
            "Drug: fits; appears to meet P".to_owned(),
        ),
        (
            words.clone(),
            " (II.D); meets P".into(),
            format!("{}… (II.D); meets P", "word ".repeat(24).trim_end()),
        ),
        // An end that leaves no room for words is cut itself.
        ("Drug".into(), format!("; {}", "a ".repeat(80)), format!("Drug; {}…", "a ".repeat(66).trim_end())),
    ];
    for (text, end, expected) in rows {
        let summary = Summary::ending(&text, &end);
        assert_eq!(summary.as_str(), expected);
        assert!(summary.as_str().chars().count() <= Summary::MAX);
    }
}

#[test]
fn a_service_is_described_with_its_templates_in_order() {
    let mut service = Service {
        hook: "order-sign".into(),
        id: "example".into(),
        title: None,
        description: "Says something.".into(),
        prefetch: Vec::new(),
        usage_requirements: Some(String::new()),
        extension: None,
    };
    let least = r#"{"hook":"order-sign","id":"example","description":"Says something."}"#;
    assert_eq!(serde_json::to_string(&service).unwrap(), least);
    service.title = Some("Example".into());
    service.prefetch = vec![
        ("patient".into(), "Patient/{{context.patientId}}".into()),
        ("conditions".into(), "Condition?patient={{context.patientId}}".into()),
    ];
    service.usage_requirements = Some("Needs a record.".into());
    service.extension = Some(raw(r#"{"davinci-crd.version":["2.2"]}"#));
    let most = concat!(
        r#"{"hook":"order-sign","id":"example","title":"Example","description":"Says something.","#,
        r#""prefetch":{"patient":"Patient/{{context.patientId}}","#,
        r#""conditions":"Condition?patient={{context.patientId}}"},"#,
        r#""usageRequirements":"Needs a record.","extension":{"davinci-crd.version":["2.2"]}}"#
    );
    assert_eq!(serde_json::to_string(&service).unwrap(), most);
}

proptest! {
    #[test]
    fn nor_with_an_end(text in "(\\PC|\\s|[a-z ]{1,30}){0,100}", end in "(\\PC|\\s|[a-z ]{1,30}){0,20}") {
        let summary = Summary::ending(&text, &end);
        prop_assert!(summary.as_str().chars().count() <= Summary::MAX);
        prop_assert!(!summary.as_str().contains('\n'));
    }

    #[test]
    fn a_summary_is_never_too_long(text in "(\\PC|\\s|[a-z ]{1,30}){0,200}") {
        let summary = Summary::new(&text);
        prop_assert!(summary.as_str().chars().count() <= Summary::MAX);
        prop_assert!(!summary.as_str().contains('\n'));
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let kept = summary.as_str().strip_suffix('…').unwrap_or(summary.as_str());
        prop_assert!(line.starts_with(kept));
        prop_assert!(summary.as_str() == line || summary.as_str().ends_with('…'));
    }
}
