//! For every valid resource, each member that the views read equals what fhirbolt reads.

use std::cell::RefCell;
use std::collections::BTreeSet;

use ehr::fhir::{Bundle, Resource};
use ehr::reference::contained;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::Value;
use serde_json::value::RawValue;
use signpost_tests::strict::strict;

use super::generated;
use super::requests::{fhir_of, requests, resources_of};
use super::seen::{Comparison, Seen};
use super::views::{members, see};

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

/// What the views read, which must not depend on the way a resource comes in.
fn seen(json: &str) -> Option<Seen> {
    let alone = raw(json);
    let alone = see(&Resource::read(&alone).unwrap());
    let bundle = raw(&format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{json}}}]}}"#));
    let both = [Bundle::read(&bundle).unwrap(), Bundle::read_with_raw(&bundle).unwrap()];
    for bundle in &both {
        assert!(bundle.unreadable.is_empty());
        assert_eq!(bundle.entries.len(), 1);
        assert_eq!(see(&bundle.entries[0].resource), alone);
    }
    alone
}

/// Reads a resource both ways and compares, contained resources too.
///
/// # Errors
/// If fhirbolt refuses it: then it is not valid R4.
fn compare(json: &str) -> Result<Comparison, String> {
    let oracle: Value = strict(json)?;
    let mut comparison = Comparison::default();
    compare_with(&mut comparison, json, &oracle);
    let members: Contained<'_> = serde_json::from_str(json).unwrap();
    let inside = contained(members.contained);
    let inside_of_oracle = oracle["contained"].as_array().map_or(&[][..], Vec::as_slice);
    assert_eq!(inside.len(), inside_of_oracle.len());
    for ((_, raw), oracle) in inside.iter().zip(inside_of_oracle) {
        compare_with(&mut comparison, raw.get(), oracle);
    }
    Ok(comparison)
}

#[derive(serde::Deserialize)]
struct Contained<'a> {
    #[serde(borrow)]
    contained: Option<&'a RawValue>,
}

fn compare_with(comparison: &mut Comparison, json: &str, oracle: &Value) {
    let kind = oracle["resourceType"].as_str().unwrap();
    assert_eq!(Resource::read(&raw(json)).unwrap().type_name(), kind);
    if let Some(seen) = seen(json) {
        comparison.compare(kind, &seen, Some(oracle));
    }
}

#[test]
fn the_views_read_the_bundled_resources_as_fhirbolt_does() {
    let mut compared = BTreeSet::new();
    let mut differences = Vec::new();
    for (name, request) in requests() {
        for resource in fhir_of(&request).iter().flat_map(|(_, fhir)| resources_of(fhir)) {
            let comparison = compare(&resource).unwrap_or_else(|error| panic!("{name}: {error}"));
            differences.extend(comparison.differences.into_iter().map(|line| format!("{name}: {line}")));
            compared.extend(comparison.compared);
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    for member in ["Observation.valueQuantity", "Quantity.value", "Dosage.doseAndRate", "Patient.birthDate"] {
        assert!(compared.contains(member), "{member}");
    }
}

#[test]
fn the_views_read_generated_resources_as_fhirbolt_does() {
    let all_compared = RefCell::new(BTreeSet::new());
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    for (kind, resource) in generated::resources() {
        let run = TestRunner::new(config.clone()).run(&resource, |json| {
            let comparison = compare(&json).map_err(TestCaseError::fail)?;
            all_compared.borrow_mut().extend(comparison.compared);
            let differences = comparison.differences;
            differences.is_empty().then_some(()).ok_or_else(|| TestCaseError::fail(differences.join("\n")))
        });
        run.unwrap_or_else(|error| panic!("{kind}: {error}"));
    }
    let compared = all_compared.into_inner();
    // What R4 does not know: earlier versions had the dose there, and said that a condition ended and not when.
    let not_r4 = ["Dosage.doseQuantity", "Condition.abatementBoolean"];
    let is_r4 = |member: &String| !not_r4.contains(&member.as_str());
    let never: Vec<String> =
        members().into_iter().filter(|member| is_r4(member) && !compared.contains(member)).collect();
    assert!(never.is_empty(), "never compared: {never:?}");
}

/// The comparison is one: what differs is said, with its path.
#[test]
fn differences_are_found() {
    let json = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},
        "valueQuantity":{"value":1.0},"interpretation":[{"text":"H"},{"text":"L"}]}"#;
    let rows = [
        ("status", "\"amended\"", "Observation.status"),
        ("issued", "\"2026-01-01T00:00:00Z\"", "Observation.issued"),
        ("valueQuantity", r#"{"value":1.00}"#, "Observation.valueQuantity.value"),
        ("valueQuantity", r#"{"value":1.0,"unit":"g"}"#, "Observation.valueQuantity.unit"),
        ("interpretation", r#"[{"text":"H"}]"#, "Observation.interpretation: 2 seen, 1 read"),
        ("interpretation", r#"[{"text":"L"},{"text":"L"}]"#, "Observation.interpretation[0].text"),
    ];
    for (member, other, path) in rows {
        let mut oracle: Value = serde_json::from_str(json).unwrap();
        oracle[member] = serde_json::from_str(other).unwrap();
        let mut comparison = Comparison::default();
        compare_with(&mut comparison, json, &oracle);
        assert_eq!(comparison.differences.len(), 1, "{:?}", comparison.differences);
        assert!(comparison.differences[0].starts_with(path), "{:?}", comparison.differences);
    }
}

/// A Bundle's own members: addresses of the entries, and whether more pages follow.
#[test]
fn bundles_are_read_as_fhirbolt_does() {
    let bundles = requests().into_iter().flat_map(|(_, request)| fhir_of(&request));
    let paged = r#"{"resourceType":"Bundle","type":"searchset","total":9,
        "link":[{"relation":"self","url":"https://ehr.example/1"},{"relation":"next","url":"https://ehr.example/2"}],
        "entry":[{"fullUrl":"urn:uuid:1","search":{"mode":"match"},"resource":{"resourceType":"Patient","id":"p"}}]}"#;
    let mut seen = 0;
    for (_, fhir) in bundles.chain([("paged".to_owned(), paged.to_owned())]) {
        let oracle: Value = strict(&fhir).unwrap();
        if oracle["resourceType"] != "Bundle" {
            continue;
        }
        let fhir = raw(&fhir);
        let bundle = Bundle::read(&fhir).unwrap();
        let entries = oracle["entry"].as_array().map_or(&[][..], Vec::as_slice);
        let full_urls: Vec<Option<&str>> = bundle.entries.iter().map(|entry| entry.full_url.get()).collect();
        assert_eq!(full_urls, entries.iter().map(|entry| entry["fullUrl"].as_str()).collect::<Vec<_>>());
        let mut links = oracle["link"].as_array().into_iter().flatten();
        assert_eq!(bundle.has_next_page, links.any(|link| link["relation"] == "next"));
        seen += 1;
    }
    assert!(seen > 2);
}
