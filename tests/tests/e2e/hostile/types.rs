//! A wrong type, or nothing, in every place of a good request.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::{Answer, POLICIES, Request, at, nodes, post};

const DENIES: &str = "does-not-meet-criteria";

/// Values of every type that no place of a request asks for.
fn wrong_values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("zz"),
        json!([]),
        json!({}),
        json!([[null]]),
        json!({ "resourceType": "OperationOutcome" }),
    ]
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// The places of a request that may be changed: all below the envelope.
fn places(request: &Request) -> Vec<String> {
    let inside = |pointer: &String| {
        pointer.starts_with("/prefetch/") || pointer.starts_with("/context/draftOrders/entry")
    };
    nodes(&request.0).into_iter().filter(inside).collect()
}

fn changed(request: &Request, pointer: &str, value: Value) -> Value {
    request.clone().with(pointer, value).0
}

fn removed(request: &Request, pointer: &str) -> Value {
    let mut body = request.0.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    match body.pointer_mut(parent) {
        Some(Value::Object(members)) => drop(members.shift_remove(name)),
        Some(Value::Array(items)) => drop(items.remove(name.parse().expect("a position"))),
        _ => panic!("nothing holds {pointer}"),
    }
    body
}

/// No policy is said to be unmet that was not before.
fn denies_nothing_new(answer: &Answer, before: &Answer, change: &str) {
    if answer.status != 200 {
        return;
    }
    for found in answer.determinations() {
        let was = before.determination(found.policy());
        assert!(found.comes_to() != DENIES || was.comes_to() == DENIES, "{change}: {}", found.0);
    }
}

/// Requests that come to every determination.
fn requests() -> Vec<(&'static str, Request)> {
    let no_lines = Request::meets().answered("attestations", Value::Null);
    let no_labs = Request::meets().answered("laboratory", Value::Null);
    vec![("meets", Request::meets()), ("no lines", no_lines), ("no labs", no_labs)]
}

#[test]
fn a_wrong_type_in_any_place_denies_nobody() {
    let request = Request::meets();
    let before = request.post();
    for pointer in places(&request) {
        let is_wrong = |value: &Value| kind(value) != kind(at(&request.0, &pointer));
        for value in wrong_values().into_iter().filter(is_wrong) {
            let change = format!("{value} at {pointer}");
            let answer = post(&changed(&request, &pointer, value));
            denies_nothing_new(&answer, &before, &change);
        }
    }
}

#[test]
fn taking_anything_away_denies_nobody() {
    for (name, request) in requests() {
        let before = request.post();
        for pointer in places(&request) {
            let answer = post(&removed(&request, &pointer));
            denies_nothing_new(&answer, &before, &format!("{name} without {pointer}"));
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1000.0..1000.0f64).prop_map(|number| json!(number)),
        "[a-z<|*\\[\\](){}\u{202e}\\n 0-9/.-]{0,12}".prop_map(Value::from),
        "20[0-9]{2}(-[01][0-9](-[0-3][0-9](T12:00:00Z)?)?)?".prop_map(Value::from),
    ];
    let names = prop_oneof![
        Just("resourceType"),
        Just("entry"),
        Just("resource"),
        Just("code"),
        Just("coding"),
        Just("value"),
        Just("status"),
        Just("system"),
        Just("valueQuantity"),
        Just("contained"),
        Just("reference"),
        Just("text"),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        let members = prop::collection::vec((names.clone(), inner.clone()), 0..5);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Value::from),
            members.prop_map(|members| {
                members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()
            }),
        ]
    })
}

/// Random JSON in random places: the answer is an answer (which every test checks), and twice the same one.
#[test]
fn random_json_in_random_places_is_answered() {
    let request = Request::meets();
    let everywhere: Vec<String> =
        nodes(&request.0).into_iter().filter(|pointer| !pointer.is_empty()).collect();
    let changes = prop::collection::vec((prop::sample::select(everywhere), any_json()), 1..4);
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let ran = runner.run(&changes, |changes| {
        let mut body = request.0.clone();
        for (pointer, value) in changes {
            if let Some(place) = body.pointer_mut(&pointer) {
                *place = value;
            }
        }
        let answer = post(&body);
        prop_assert!(matches!(answer.status, 200 | 400 | 412), "{}", answer.status);
        prop_assert_eq!(post(&body).bytes, answer.bytes);
        Ok(())
    });
    ran.expect("every body is answered");
}

/// The properties above can fail: what really denies is seen.
#[test]
fn a_low_count_is_seen_to_deny() {
    let request = Request::meets();
    let value = "/prefetch/laboratory/entry/0/resource/valueQuantity/value";
    let answer = post(&changed(&request, value, json!(0.5)));
    assert_eq!(answer.determination(POLICIES[0]).comes_to(), DENIES);
}
