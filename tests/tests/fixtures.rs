//! Every bundled request against `fixtures/expected.json`, which was written by hand from the policies and the label.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails says where"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use criteria::formula::Node;
use criteria::{Evaluation, Verdict};
use hooks::HookRequest;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use signpost::answer::{answer, day};
use signpost::content::{Content, Files, Service};
use signpost::decision::{Decision, decide};
use signpost::payers::Payers;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectations {
    /// The instant at which every request happens.
    at: String,
    requests: BTreeMap<String, Expected>,
}

/// What a request must come to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// As the coverage names it; the service's table may not know it.
    payer: String,
    policies: Vec<String>,
    orders: BTreeMap<String, ExpectedOrder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ExpectedOrder {
    /// By policy, whether or not it speaks for the payer.
    determinations: BTreeMap<String, String>,
    criteria_met: Vec<String>,
    limits_met: BTreeSet<String>,
    limits_unknown: BTreeSet<String>,
    gaps: Vec<ExpectedGap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedGap {
    element: String,
    gap: String,
}

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures")
}

fn expectations() -> Expectations {
    serde_json::from_str(&fs::read_to_string(fixtures().join("expected.json")).unwrap()).unwrap()
}

fn content() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| Content::load(&Files::bundled()).unwrap())
}

fn service() -> &'static Service {
    content().service("coverage-order-sign").unwrap()
}

/// The requests as they stand in the folder, by name.
fn requests() -> BTreeMap<String, String> {
    let entries = fs::read_dir(fixtures().join("requests")).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn every_request_has_an_expectation_and_every_expectation_a_request() {
    let expected: Vec<String> = expectations().requests.into_keys().collect();
    assert_eq!(requests().into_keys().collect::<Vec<_>>(), expected);
    assert_eq!(signpost::example::names(), expected, "the requests that come with the binary");
}

#[test]
fn every_request_comes_to_what_is_expected() {
    let Expectations { at, requests: expected } = expectations();
    let at: Timestamp = at.parse().unwrap();
    let requests = requests();
    let mut wrong = Vec::new();
    for (name, expected) in &expected {
        check(name, &requests[name], at, expected, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The dates move with the clock, so an example of last year is one of today.
#[test]
fn a_shifted_example_comes_to_the_same() {
    let Expectations { at, requests: expected } = expectations();
    let today: Timestamp = at.parse().unwrap();
    for days in [-400, -1, 0, 1, 99, 400] {
        let at = today + SignedDuration::from_hours(24 * days);
        let mut wrong = Vec::new();
        for (name, expected) in &expected {
            let request = signpost::example::request(name, at).unwrap();
            check(name, &request, at, expected, &mut wrong);
        }
        assert!(wrong.is_empty(), "{days} days on:\n{}", wrong.join("\n"));
    }
}

/// Everything in which a request comes to something else than expected.
fn check(name: &str, request: &str, at: Timestamp, expected: &Expected, wrong: &mut Vec<String>) {
    let hook = HookRequest::read_with(request.as_bytes(), None).unwrap();
    let decisions = decide(content(), service(), hook, at).unwrap_or_else(|error| panic!("{name}: {error}"));
    let orders: BTreeSet<&str> =
        decisions.orders.iter().map(|order| order.order.reference.as_str()).collect();
    same(name, "orders", &orders, &expected.orders.keys().map(String::as_str).collect(), wrong);
    same(name, "what the cards say", &said(request, at), &cards_of(expected), wrong);
    if !request.contains(&format!("\"{}\"", expected.payer)) {
        wrong.push(format!("{name}: the coverage does not name {}", expected.payer));
    }
    for decision in &decisions.orders {
        let place = format!("{name} {}", decision.order.reference);
        check_payer(&place, decision, expected, wrong);
        let Some(order) = expected.orders.get(&decision.order.reference) else { continue };
        check_policies(&place, decision, order, at, wrong);
        check_limits(&place, decision, order, wrong);
        check_gaps(&place, decision, order, wrong);
    }
}

fn same<T: PartialEq + std::fmt::Debug>(
    place: &str,
    what: &str,
    found: &T,
    expected: &T,
    wrong: &mut Vec<String>,
) {
    if found != expected {
        wrong.push(format!("{place}: {what}: expected {expected:?}, came to {found:?}"));
    }
}

/// Order, policy and determination of every coverage card.
type Said = BTreeSet<[String; 3]>;

fn said(request: &str, at: Timestamp) -> Said {
    let answer = answer(content(), service(), request.as_bytes(), at).unwrap();
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    let cards = answer["cards"].as_array().unwrap().iter();
    let of = cards.filter_map(|card| card["extension"].get("dev.signpost.determination"));
    of.map(|of| ["order", "policy", "determination"].map(|key| of[key].as_str().unwrap().to_owned()))
        .collect()
}

fn cards_of(expected: &Expected) -> Said {
    let of = |(order, expects): (&String, &ExpectedOrder)| {
        let card = |policy: &String| [order.clone(), policy.clone(), expects.determinations[policy].clone()];
        expected.policies.iter().map(card).collect::<Vec<_>>()
    };
    expected.orders.iter().flat_map(of).collect()
}

/// A payer of the table is recognized, and alone; any other is not, and every policy is shown.
fn check_payer(place: &str, decision: &Decision<'_, '_>, expected: &Expected, wrong: &mut Vec<String>) {
    let known = service().file.payers.iter().any(|payer| payer.title == expected.payer);
    let recognized = match &decision.payers {
        Payers::Recognized(titles, _) => titles.clone(),
        Payers::NotRecognized => Vec::new(),
    };
    let expected_payers = if known { vec![expected.payer.as_str()] } else { Vec::new() };
    same(place, "payers", &recognized, &expected_payers, wrong);
    let evaluated: Vec<&str> = decision.evaluations.iter().map(|one| one.policy.id.as_str()).collect();
    let policies: Vec<&str> = expected.policies.iter().map(String::as_str).collect();
    same(place, "policies", &evaluated, &policies, wrong);
}

/// The determination of every policy of the drug, also of those that do not speak for the payer.
fn check_policies(
    place: &str,
    decision: &Decision<'_, '_>,
    expected: &ExpectedOrder,
    at: Timestamp,
    wrong: &mut Vec<String>,
) {
    let day = day(at);
    let policies = content().policies_of(decision.drug, &day);
    let evaluations: Vec<Evaluation<'_>> =
        policies.map(|policy| policy.evaluate(&decision.knowledge)).collect();
    let of = |one: &Evaluation<'_>| (one.policy.id.clone(), one.determination.as_str().to_owned());
    same(place, "determinations", &evaluations.iter().map(of).collect(), &expected.determinations, wrong);
    for id in &expected.criteria_met {
        let verdicts: Vec<Verdict> = evaluations.iter().flat_map(|one| verdicts(one, id)).collect();
        same(place, id, &verdicts, &vec![Verdict::Met], wrong);
    }
}

/// The verdicts on what has this id in a policy: one, or none where the policy has no such part.
fn verdicts(evaluation: &Evaluation<'_>, id: &str) -> Vec<Verdict> {
    let policy = evaluation.policy;
    let parts = [policy.criteria(), policy.exclusions(), policy.clinical_review_unless()];
    let nodes = parts.into_iter().flatten().flat_map(Node::walk);
    nodes.filter(|node| node.id.as_deref() == Some(id)).map(|node| evaluation.verdict(node)).collect()
}

fn check_limits(place: &str, decision: &Decision<'_, '_>, expected: &ExpectedOrder, wrong: &mut Vec<String>) {
    let with = |verdict: Verdict| -> BTreeSet<String> {
        let of = decision.limits.iter().filter(|checked| checked.verdict == verdict);
        of.map(|checked| checked.limit.id.clone()).collect()
    };
    same(place, "limits that apply", &with(Verdict::Met), &expected.limits_met, wrong);
    same(place, "limits left open", &with(Verdict::Unknown), &expected.limits_unknown, wrong);
}

fn check_gaps(place: &str, decision: &Decision<'_, '_>, expected: &ExpectedOrder, wrong: &mut Vec<String>) {
    for ExpectedGap { element, gap } in &expected.gaps {
        let index = content().record.elements.find(element).unwrap_or_else(|| panic!("{place}: {element}"));
        let known = decision.knowledge.get(index).unwrap();
        if known.gaps.iter().all(|found| found.kind.as_str() != gap) {
            wrong.push(format!("{place}: {element}: expected {gap}, came to {known:?}"));
        }
    }
}

/// How the lines were counted stands once below the criteria, however many of them ask for it.
#[test]
fn the_card_says_once_how_the_lines_were_counted() {
    let request = requests().remove("therapy-orders-only").unwrap();
    let at = expectations().at.parse().unwrap();
    let body = answer(content(), service(), request.as_bytes(), at).unwrap();
    let response: Value = serde_json::from_slice(&body).unwrap();
    let detail = response["cards"].as_array().unwrap().last().unwrap()["detail"].as_str().unwrap();
    let count = |words: &str| detail.matches(words).count();
    assert_eq!(count("Prior lines of systemic therapy: at most 2, "), 3, "{detail}");
    assert_eq!(count("**Prior lines of systemic therapy:** 0 lines counted since"), 1, "{detail}");
    assert_eq!(count("Carboplatin was ordered, with no evidence that it was given"), 1, "{detail}");
}
