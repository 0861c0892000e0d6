//! What is known about an element: attestations, sources, absence, gaps.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

mod made_up;

use criteria::GapKind::{self, Conflicting, Imprecise, NotRecorded, Stale, Unavailable};
use criteria::{Kind, Possible, Truth};
use made_up::known;
use serde_json::{Value, json};

fn order(members: &Value) -> Value {
    let mut order = json!({ "resourceType": "MedicationRequest", "id": "o" });
    order.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    order
}

fn attestation(element: &str, members: &Value) -> Value {
    let mut observation = json!({
        "resourceType": "Observation", "status": "final", "effectiveDateTime": "2026-06-10",
        "code": { "coding": [{ "system": "urn:signpost:data-element", "code": element }] },
    });
    observation.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    observation
}

fn bundle(resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources.iter().map(|resource| json!({ "resource": resource })).collect();
    json!({ "resourceType": "Bundle", "entry": entries })
}

/// In short: `yes`, `{high,low}`, `[1, 2]`, `one/two` in/out.
fn short(kind: &Kind, possible: &Possible) -> String {
    match (kind, possible) {
        (_, Possible::Truth(truth)) => format!("{truth:?}").to_lowercase(),
        (Kind::Coded { codes, .. }, Possible::Coded(some)) => {
            some.positions().map(|position| codes[position].clone()).collect::<Vec<_>>().join(" ")
        }
        (_, Possible::Quantity(interval)) => interval.to_string(),
        (_, Possible::Count(count)) => format!("{}..{:?}", count.low(), count.high()),
        (_, Possible::Set(members)) => format!("{:b}/{:b}", members.inside(), members.outside()),
        other => format!("{other:?}"),
    }
}

fn attested(element: &str, attestations: &[Value]) -> (String, Vec<GapKind>, usize) {
    let (element, known) = known(element, &[("attestations", bundle(attestations))], &order(&json!({})));
    let kinds = known.gaps.iter().map(|gap| gap.kind).collect();
    (short(&element.kind, &known.possible), kinds, known.evidence.len())
}

type Row = (&'static str, Value, &'static str, Vec<GapKind>);

fn check(rows: Vec<Row>) {
    for (element, value, expected, gaps) in rows {
        let (possible, found, _) = attested(element, &[attestation(element, &value)]);
        assert_eq!((possible.as_str(), &found), (expected, &gaps), "{element} {value}");
    }
}

#[test]
fn attested_words_are_read_by_the_kind_of_their_element() {
    let coded = |codes: &[&str]| {
        let codings: Vec<Value> = codes.iter().map(|code| json!({ "system": "any", "code": code })).collect();
        json!({ "valueCodeableConcept": { "coding": codings } })
    };
    check(vec![
        ("t.truth", json!({ "valueBoolean": true }), "yes", vec![]),
        ("t.truth", json!({ "valueBoolean": false }), "no", vec![]),
        ("t.truth", json!({ "valueString": "Yes" }), "yes", vec![]),
        ("t.truth", json!({ "valueString": "perhaps" }), "either", vec![Imprecise]),
        ("t.truth", json!({}), "either", vec![Imprecise]),
        ("t.truth", json!({ "dataAbsentReason": { "text": "unknown" } }), "either", vec![NotRecorded]),
        ("t.coded", coded(&["low"]), "low", vec![]),
        ("t.coded", json!({ "valueString": "High" }), "high", vec![]),
        ("t.coded", coded(&["negative"]), "low zero", vec![Imprecise]),
        ("t.coded", coded(&["negative", "low"]), "low", vec![]),
        ("t.coded", coded(&["high", "low"]), "high low zero", vec![Imprecise]),
        ("t.coded", coded(&["other"]), "high low zero", vec![Imprecise]),
        ("t.set", coded(&["two"]), "10/1", vec![]),
        ("t.set", coded(&["two", "one"]), "11/0", vec![]),
        ("t.set", coded(&["none"]), "0/11", vec![]),
        ("t.set", coded(&["none", "one"]), "0/0", vec![Imprecise]),
        ("t.set", coded(&["three"]), "0/0", vec![Imprecise]),
    ]);
}

#[test]
fn attested_numbers_are_read_by_the_kind_of_their_element() {
    let quantity = |value: Value, unit: &str| json!({ "valueQuantity": { "value": value, "code": unit, "system": "http://unitsofmeasure.org" } });
    check(vec![
        ("t.quantity", quantity(json!(1.50), "mg"), "1.5", vec![]),
        ("t.quantity", quantity(json!(2), "g"), "2000", vec![]),
        ("t.quantity", quantity(json!(2), "m2"), "any value", vec![Imprecise]),
        ("t.quantity", json!({ "valueQuantity": { "value": 2 } }), "any value", vec![Imprecise]),
        (
            "t.quantity",
            json!({ "valueQuantity": { "value": 2, "comparator": "<", "code": "mg" } }),
            "below 2",
            vec![Imprecise],
        ),
        (
            "t.quantity",
            json!({ "valueRange": { "low": { "value": 2, "code": "mg" } } }),
            "at least 2",
            vec![Imprecise],
        ),
        ("t.score", json!({ "valueInteger": 10 }), "10", vec![]),
        ("t.score", quantity(json!(10), "1"), "10", vec![]),
        ("t.multiple", quantity(json!(2.5), "1"), "2.5", vec![]),
        ("t.multiple", json!({ "valueInteger": 40 }), "any value", vec![Imprecise]),
        ("t.multiple", quantity(json!(40), "U/L"), "any value", vec![Imprecise]),
        ("t.count", json!({ "valueInteger": 2 }), "2..Some(2)", vec![]),
        (
            "t.count",
            json!({ "valueRange": { "low": { "value": 1 }, "high": { "value": 3 } } }),
            "1..Some(3)",
            vec![Imprecise],
        ),
        ("t.count", json!({ "valueRange": { "low": { "value": 2 } } }), "2..None", vec![Imprecise]),
        (
            "t.count",
            json!({ "valueQuantity": { "value": 2, "comparator": ">" } }),
            "3..None",
            vec![Imprecise],
        ),
        ("t.count", json!({ "valueQuantity": { "value": 2.5 } }), "0..None", vec![Imprecise]),
    ]);
}

#[test]
fn the_newest_final_attestation_counts() {
    let yes = |members: Value| {
        let mut one = attestation("t.recent", &json!({ "valueBoolean": true }));
        one.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        one
    };
    let no = attestation("t.recent", &json!({ "valueBoolean": false }));
    let rows = [
        (vec![yes(json!({}))], "yes", vec![]),
        (vec![yes(json!({ "effectiveDateTime": "2026-06-11" })), no.clone()], "yes", vec![]),
        (vec![yes(json!({ "effectiveDateTime": "2026-06-09" })), no.clone()], "no", vec![]),
        (vec![yes(json!({})), no.clone()], "either", vec![Conflicting]),
        (vec![yes(json!({})), yes(json!({}))], "yes", vec![]),
        (
            vec![yes(json!({ "effectiveDateTime": "2026-06-11", "status": "entered-in-error" })), no.clone()],
            "no",
            vec![],
        ),
        (vec![yes(json!({ "status": "preliminary" }))], "either", vec![NotRecorded]),
        (vec![yes(json!({ "status": "amended" }))], "yes", vec![]),
        (vec![yes(json!({ "effectiveDateTime": "2026-06-01" }))], "yes", vec![]),
        (vec![yes(json!({ "effectiveDateTime": "2026-05-31" }))], "either", vec![Stale]),
        (vec![yes(json!({ "effectiveDateTime": "2026-07-01" }))], "either", vec![Imprecise]),
        (vec![yes(json!({ "effectiveDateTime": null }))], "either", vec![Imprecise]),
        (vec![attestation("t.truth", &json!({ "valueBoolean": true }))], "either", vec![NotRecorded]),
    ];
    for (mut attestations, expected, gaps) in rows {
        for _ in 0..2 {
            let (possible, found, _) = attested("t.recent", &attestations);
            assert_eq!((possible.as_str(), &found), (expected, &gaps), "{attestations:?}");
            attestations.reverse();
        }
    }
}

#[test]
fn an_attestation_may_be_contained_in_the_order() {
    let inside = json!({ "resourceType": "Observation", "id": "a", "status": "final", "valueBoolean": true,
        "performer": [{ "display": "Dr. Example" }],
        "code": { "coding": [{ "system": "urn:signpost:data-element", "code": "t.recent" }] } });
    let pointed = order(&json!({ "contained": [inside], "supportingInformation": [{ "reference": "#a" }] }));
    let (_, found) = known("t.recent", &[], &pointed);
    assert_eq!(found.possible, Possible::Truth(Truth::Yes));
    assert_eq!(found.evidence[0].reference, "MedicationRequest/o#a");
    assert_eq!(found.evidence[0].note.as_deref(), Some("attested by Dr. Example"));
    let mut of_another = inside.clone();
    of_another["subject"] = json!({ "reference": "Patient/another" });
    let of_another = order(&json!({ "contained": [of_another], "subject": { "reference": "Patient/p1" },
        "supportingInformation": [{ "reference": "#a" }] }));
    let (_, found) = known("t.recent", &[], &of_another);
    assert_eq!(found.possible, Possible::Truth(Truth::Either));
    let (_, found) = known("t.recent", &[], &order(&json!({ "contained": [inside] })));
    assert_eq!(found.possible, Possible::Truth(Truth::Either));
}

#[test]
fn absence_is_an_answer_only_after_a_complete_search() {
    let outcome = json!({ "resourceType": "OperationOutcome" });
    let preliminary = attestation("t.allergy", &json!({ "valueBoolean": true, "status": "preliminary" }));
    let rows = [
        (vec![("allergies", json!(null))], "no", vec![]),
        (vec![("allergies", bundle(&[]))], "no", vec![]),
        (vec![], "either", vec![Unavailable]),
        (vec![("allergies", outcome.clone())], "either", vec![Unavailable]),
        (
            vec![("allergies", json!(null)), ("attestations", bundle(&[preliminary]))],
            "either",
            vec![NotRecorded],
        ),
        (
            vec![
                ("allergies", outcome),
                ("attestations", bundle(&[attestation("t.allergy", &json!({ "valueBoolean": false }))])),
            ],
            "no",
            vec![],
        ),
    ];
    for (prefetch, expected, gaps) in rows {
        let (element, known) = known("t.allergy", &prefetch, &order(&json!({})));
        let kinds: Vec<GapKind> = known.gaps.iter().map(|gap| gap.kind).collect();
        assert_eq!(
            (short(&element.kind, &known.possible).as_str(), &kinds),
            (expected, &gaps),
            "{prefetch:?}"
        );
        assert_eq!(known.evidence.is_empty(), !gaps.is_empty(), "{prefetch:?}");
    }
}

#[test]
fn what_was_not_read_is_never_said_to_be_missing() {
    let kinds = |id: &str, prefetch: &[(&str, Value)]| {
        let (_, known) = known(id, prefetch, &order(&json!({})));
        known.gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds("t.truth", &[]), [Unavailable]);
    assert_eq!(kinds("t.truth", &[("attestations", json!(null))]), [NotRecorded]);
    assert_eq!(kinds("t.marker", &[]), [Unavailable]);
    assert_eq!(kinds("t.marker", &[("clinical-observations", json!(null))]), [NotRecorded]);
    let failed = json!({ "resourceType": "OperationOutcome" });
    assert_eq!(
        kinds("t.marker", &[("clinical-observations", json!(null)), ("attestations", failed)]),
        [Unavailable]
    );
}
