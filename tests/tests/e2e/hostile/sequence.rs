//! The same request gives the same bytes, and the order in which things were found means nothing.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::support::resources::{LOINC, SNOMED, attestation, concept, condition, lab, observed, role};
use crate::support::{Request, post};

/// A record full of results that agree, disagree, repeat and compete.
fn crowded() -> Request {
    let day = "2026-11-20T08:00:00Z";
    let her2 = |id, value| {
        observed(id, (LOINC, "85319-2"), "2026-02-01", ("valueCodeableConcept", concept(SNOMED, value)))
    };
    let mut other_role = role("207RH0000X");
    other_role["id"] = json!("r2");
    let mut untold = lab("anc-4", "751-8", day, "1.4", "10*3/uL", None);
    untold.as_object_mut().expect("a resource").shift_remove("id");
    let mut untold_too = untold.clone();
    untold_too["valueQuantity"]["value"] = json!(1.1);
    Request::meets()
        .found(
            "laboratory",
            [
                lab("anc-2", "751-8", day, "1.2", "10*3/uL", None),
                lab("anc-3", "753-4", day, "2.0", "10*3/uL", None),
                lab("ast-2", "1920-8", day, "90", "U/L", Some("40")),
                lab("ast-3", "30239-8", day, "110", "U/L", None),
                lab("plt-2", "777-3", day, "90", "10*3/uL", None),
                untold,
                untold_too,
            ],
        )
        .found("clinical-observations", [her2("h1", "10828004"), her2("h2", "260385009"), her2("h3", "999")])
        .found("conditions", [condition("c3", "C78.7"), condition("c4", "C50.912"), condition("c5", "Z17.0")])
        .found("attestations", [attestation("germline.brca", ("valueBoolean", json!(true)))])
        .found("user-roles", [other_role])
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    for request in [Request::meets(), crowded()] {
        assert_eq!(request.post().bytes, request.post().bytes);
    }
}

/// Shuffles the prefetch keys and the entries of every Bundle in them by a permutation of weights.
fn shuffled(request: &Request, weights: &[u32]) -> Value {
    let mut weights = weights.iter().copied().cycle();
    let mut body = request.0.clone();
    let prefetch = body["prefetch"].as_object_mut().expect("prefetch");
    for bundle in prefetch.values_mut() {
        if let Some(entries) = bundle["entry"].as_array_mut() {
            entries.sort_by_cached_key(|_| weights.next());
        }
    }
    let mut keys: Vec<(String, Value)> = std::mem::take(prefetch).into_iter().collect();
    keys.sort_by_cached_key(|_| weights.next());
    prefetch.extend(keys);
    body
}

#[test]
fn the_order_of_entries_and_keys_means_nothing() {
    let request = crowded();
    let expected = request.post().text();
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let weights = prop::collection::vec(any::<u32>(), 40);
    let ran = runner.run(&weights, |weights| {
        let body = shuffled(&request, &weights);
        prop_assert_eq!(post(&body).text(), expected.clone());
        Ok(())
    });
    ran.expect("the answer is the same");
}

/// Two versions of one resource in one answer contradict each other: whichever comes first, the answer is one.
#[test]
fn two_resources_of_one_id_are_not_told_apart_by_their_order() {
    let low = lab("anc", "751-8", "2026-11-19T08:00:00Z", "1.0", "10*3/uL", None);
    let request = Request::meets().found("laboratory", [low]);
    let mut turned = request.clone();
    turned.0["prefetch"]["laboratory"]["entry"].as_array_mut().expect("entries").reverse();
    assert_eq!(request.post().text(), turned.post().text());
}

/// Sending a resource under two keys says nothing twice.
#[test]
fn a_resource_that_two_searches_found_counts_once() {
    let request = Request::meets();
    let all = request.resources("laboratory");
    let twice = request.clone().found("clinical-observations", all).post().text();
    assert_eq!(twice, request.post().text());
}
