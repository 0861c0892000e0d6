//! What is not valid R4 and breaks fhirbolt 0.4 (an empty array panics, an unknown member with an array hangs its lax
//! modes, `null` is an error): the views read it, and keep what stands beside it. None of it is given to fhirbolt.

use ehr::fhir::{Bundle, Resource};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::generated;
use super::seen::Seen;
use super::views::{members, see};

fn raw(value: &Value) -> Box<RawValue> {
    RawValue::from_string(value.to_string()).unwrap()
}

fn seen(value: &Value) -> Seen {
    see(&Resource::read(&raw(value)).unwrap()).unwrap()
}

fn observation(member: &str, value: Value) -> Value {
    let mut observation = json!({
        "resourceType": "Observation", "id": "o", "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "751-8" }] },
        "valueQuantity": { "value": 1.2, "code": "10*3/uL" },
    });
    observation[member] = value;
    observation
}

/// What stands for nothing reads as if it were not there.
#[test]
fn members_without_content_are_passed_over() {
    let plain = seen(&observation("id", json!("o")));
    let rows = [
        ("interpretation", json!([])),
        ("interpretation", json!(null)),
        ("interpretation", json!([null])),
        ("interpretation", json!([[], null, 3, "x"])),
        ("referenceRange", json!([])),
        ("component", json!([])),
        ("component", json!([[]])),
        ("category", json!([])),
        ("category", json!({ "coding": [] })),
        ("subject", json!(null)),
        ("subject", json!([])),
        ("subject", json!("Patient/p")),
        ("effectiveDateTime", json!(null)),
        ("effectiveDateTime", json!([])),
        ("effectiveDateTime", json!("  ")),
        ("effectiveDateTime", json!({ "value": "2026" })),
        ("valueString", json!(7.5)),
        ("valueBoolean", json!("true")),
        ("valueInteger", json!([])),
        ("contained", json!(null)),
        ("unknown", json!([])),
        ("unknown", json!([1, [2.50, [null]], { "a": [] }])),
        ("unknown", json!({ "a": [[], {}], "b": null })),
        ("_status", json!([null, { "extension": [] }])),
    ];
    for (member, value) in rows {
        let odd = observation(member, value);
        assert_eq!(seen(&odd), plain, "{odd}");
    }
}

/// Shapes of other versions and careless writers, which can be understood.
#[test]
fn one_where_many_are_and_many_where_one_is() {
    let high = json!({ "coding": [{ "code": "H" }] });
    let rows = [
        ("interpretation", json!([high]), json!(high)),
        ("interpretation", json!([high]), json!([null, high, []])),
        ("interpretation", json!([high]), json!([{ "coding": { "code": "H " } }])),
        ("bodySite", json!({ "text": "liver" }), json!([{ "text": "liver" }])),
        ("valueQuantity", json!({ "value": 1.5 }), json!({ "value": "1.5", "unit": null, "code": [] })),
        ("valueQuantity", json!({ "value": 1.5 }), json!([{ "value": 1.5, "x": [1] }, { "value": 2 }])),
    ];
    for (member, valid, odd) in rows {
        assert_eq!(seen(&observation(member, odd.clone())), seen(&observation(member, valid)), "{odd}");
    }
}

/// A Bundle that a public sandbox sends, and worse ones.
#[test]
fn bundles_without_content_or_type_are_read() {
    let patient = json!({ "resource": { "resourceType": "Patient", "id": "p" } });
    let rows = [
        (json!({ "resourceType": "Bundle" }), 0, 0),
        (json!({ "resourceType": "Bundle", "entry": null }), 0, 0),
        (json!({ "resourceType": "Bundle", "entry": [] }), 0, 0),
        (json!({ "entry": [patient], "resourceType": "Bundle", "link": [], "unknown": [[]] }), 1, 0),
        // An entry without a resource stands for something that was not sent: nothing can be said to be absent then.
        (json!({ "resourceType": "Bundle", "entry": [null, patient, {}, { "resource": null }] }), 1, 2),
        (
            json!({ "resourceType": "Bundle", "entry": [patient, { "resource": { "id": "x" } }, patient] }),
            2,
            1,
        ),
        (
            json!({ "resourceType": "Bundle", "entry": [{ "resource": [] }, patient, { "resource": 5 }] }),
            1,
            2,
        ),
    ];
    for (bundle, read, unreadable) in rows {
        let text = raw(&bundle);
        let found = Bundle::read(&text).unwrap();
        assert_eq!((found.entries.len(), found.unreadable.len()), (read, unreadable), "{bundle}");
    }
}

/// The resource with everything in it that breaks fhirbolt: at every object each absent member that a view knows, empty
/// or `null`, and unknown ones; in every array what is no item.
fn littered(value: &Value, names: &[String]) -> Value {
    match value {
        Value::Object(object) => {
            let absent = names.iter().filter(|name| !object.contains_key(*name));
            let litter = absent
                .enumerate()
                .map(|(place, name)| (name.clone(), if place % 2 == 0 { Value::Null } else { json!([]) }));
            let unknown = [("x-unknown".to_owned(), json!([[], { "a": [null, 1.50] }, {}]))];
            let own = object.iter().map(|(name, value)| (name.clone(), member(name, value, names)));
            Value::Object(unknown.into_iter().chain(own).chain(litter).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let none = [json!(null), json!([]), json!(7)];
            Value::Array(none.into_iter().chain(items.iter().map(|item| littered(item, names))).collect())
        }
        _ => value.clone(),
    }
}

/// Members that the views keep unread stay as they are, to be compared as JSON.
fn member(name: &str, value: &Value, names: &[String]) -> Value {
    if matches!(name, "contained" | "extension" | "meta") { value.clone() } else { littered(value, names) }
}

#[test]
fn every_view_reads_the_same_among_litter() {
    let names: Vec<String> = members()
        .into_iter()
        .map(|member| member.split_once('.').unwrap().1.to_owned())
        .filter(|name| !matches!(name.as_str(), "contained" | "extension" | "meta"))
        .collect();
    let mut runner = TestRunner::default();
    for (kind, resource) in generated::resources() {
        for _ in 0..30 {
            let json = resource.new_tree(&mut runner).unwrap().current();
            let value: Value = serde_json::from_str(&json).unwrap();
            let odd = littered(&value, &names);
            assert_eq!(seen(&odd), seen(&value), "{kind}: {odd}");
        }
    }
}
