//! Every bundled request is meant to be valid R4, and is.

use signpost_tests::strict::strict;

use super::requests::{fhir_of, requests};

#[test]
fn bundled_requests_are_valid_r4() {
    let mut wrong = Vec::new();
    for (name, request) in requests() {
        for (path, fhir) in fhir_of(&request) {
            wrong.extend(strict(&fhir).err().map(|error| format!("{name}: {path}: {error}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The oracle is one: what is not R4 is refused.
#[test]
fn the_oracle_refuses_what_is_not_r4() {
    let rows = [
        ("unknown member", r#"{"resourceType":"Patient","nickname":"x"}"#),
        ("unknown type", r#"{"resourceType":"MedicationOrder"}"#),
        ("required member missing", r#"{"resourceType":"Observation","code":{"text":"x"}}"#),
        ("one where many are", r#"{"resourceType":"Patient","name":{"text":"x"}}"#),
        ("number for text", r#"{"resourceType":"Patient","birthDate":1968}"#),
        (
            "two values",
            r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueString":"a","valueBoolean":true}"#,
        ),
        ("null", r#"{"resourceType":"Patient","gender":null}"#),
        ("empty array", r#"{"resourceType":"Patient","name":[]}"#),
    ];
    for (what, json) in rows {
        assert!(strict(json).is_err(), "{what}");
    }
}
