//! What the tables of this folder share.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, concept, condition, merged, seen};
use crate::sources::{Course, Shows};

/// The record of a patient for whom ixabepilone is ordered.
pub fn chart(resources: &[Value]) -> Chart {
    Chart { order: json!({ "medicationCodeableConcept": concept("rx:337523") }), ..Chart::of(resources) }
}

/// Checks each row; the order of the resources, and sending one twice, never matter.
pub fn check<N: AsRef<str>>(element: &str, rows: &[(N, Vec<Value>, &str)]) {
    let mut wrong = Vec::new();
    for (name, resources, expected) in rows {
        let name = name.as_ref();
        let known = chart(resources).known(element);
        let mut turned = resources.clone();
        turned.reverse();
        assert_eq!(chart(&turned).known(element), known, "{name}: order matters");
        let said = chart(resources).says(element);
        if said != *expected {
            wrong.push(format!("{name}: {said}, expected {expected}\n  {:?}", known.gaps));
        }
    }
    assert!(wrong.is_empty(), "{element}, {} of {}\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// What is known by what a source shows.
pub struct Answers<'a> {
    pub given: &'a str,
    pub perhaps: &'a str,
    pub nothing: &'a str,
}

/// Every source of a course, in every status, beside the rest of the record.
pub fn each_source(element: &str, course: Course<'_>, beside: &[Value], answers: &Answers<'_>) {
    let of = |(name, resource, shows): (String, Value, Shows)| {
        let expected = match shows {
            Shows::Given => answers.given,
            Shows::Perhaps => answers.perhaps,
            Shows::Nothing => answers.nothing,
        };
        (name, [beside, &[resource]].concat(), expected)
    };
    let rows: Vec<(String, Vec<Value>, &str)> = course.everywhere().into_iter().map(of).collect();
    check(element, &rows);
}

/// What is known where a search failed, was not sent, or has another page.
pub fn without(element: &str, resources: &[Value], search: Search, missing: &str, paged: &str) {
    let failed = Chart { failed: vec![search], ..chart(resources) };
    let unsent = Chart { unsent: vec![search], ..chart(resources) };
    let more = Chart { paged: vec![search], ..chart(resources) };
    assert_eq!(failed.says(element), missing, "{element}: {search} failed");
    assert_eq!(unsent.says(element), missing, "{element}: {search} not sent");
    assert_eq!(more.says(element), paged, "{element}: {search} paged");
}

/// What is known where one resource of the conditions' answer cannot be read.
pub fn with_unreadable(element: &str, resources: &[Value], expected: &str) {
    for (what, also) in [
        ("no type", json!({ "id": "x" })),
        ("a failure", json!({ "resourceType": "OperationOutcome", "issue": [] })),
        (
            "another patient's",
            merged(metastasis("2026-01-01"), &json!({ "subject": { "reference": "Patient/other" } })),
        ),
    ] {
        let chart = Chart { also: vec![also], ..chart(resources) };
        assert_eq!(chart.says(element), expected, "{element}: {what}");
    }
}

/// A distant metastasis since a day.
pub fn metastasis(onset: &str) -> Value {
    condition("icd:C78.7", "2026-11-20", &json!({ "onsetDateTime": onset }))
}

/// Disease progression on a day.
pub fn progression(date: &str) -> Value {
    seen("97509-4", "sct:271299001", date)
}

/// Stable disease on a day.
pub fn stable(date: &str) -> Value {
    seen("97509-4", "sct:359746009", date)
}

/// A response on a day.
pub fn response(date: &str) -> Value {
    seen("97509-4", "sct:268910001", date)
}

/// Why a therapy was stopped.
pub fn stopped(reason: &str) -> Value {
    json!({ "status": "stopped", "statusReason": [concept(reason)] })
}

/// The intent of a therapy as mCODE has it.
pub fn intent(value: &str) -> Value {
    json!({ "extension": [{ "url": "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-procedure-intent",
        "valueCodeableConcept": concept(value) }] })
}

/// An attestation of an element.
pub fn attested(element: &str, date: &str, more: &Value) -> Value {
    let code = json!({ "coding": [{ "system": "urn:signpost:data-element", "code": element }] });
    let one = json!({ "resourceType": "Observation", "id": format!("at-{date}").replace([':', '+'], "-"), "status": "final",
        "code": code, "effectiveDateTime": date });
    merged(one, more)
}

/// An attestation of a truth or a count outranks what is derived from the record (`derived`), by status and by date.
///
/// `one` and `other` are members that attest two values, each with the words for it.
pub fn attestations(
    element: &str,
    record: &[Value],
    derived: &str,
    one: (&Value, &str),
    other: (&Value, &str),
) {
    let beside = |more: &[Value]| [record, more].concat();
    let by = |status: Value| {
        beside(&[merged(attested(element, "2026-11-01", one.0), &json!({ "status": status }))])
    };
    let pair = |first: &str, second: &str| {
        beside(&[
            attested(element, first, &merged(one.0.clone(), &json!({ "id": "x1" }))),
            attested(element, second, &merged(other.0.clone(), &json!({ "id": "x2" }))),
        ])
    };
    let named = |kind: &str| match derived.split_once(": ") {
        Some((value, kinds)) => {
            let mut kinds: Vec<&str> = kinds.split(", ").chain([kind]).collect();
            kinds.sort_unstable();
            kinds.dedup();
            format!("{value}: {}", kinds.join(", "))
        }
        None => format!("{derived}: {kind}"),
    };
    let (not_final, too_new) = (named("not-recorded"), named("imprecise"));
    let both = format!("{}: conflicting", spanning(one.1, other.1));
    let rows = [
        ("final", by(json!("final")), one.1),
        ("amended", by(json!("amended")), one.1),
        ("corrected", by(json!("corrected")), one.1),
        ("preliminary", by(json!("preliminary")), &not_final),
        ("registered", by(json!("registered")), &not_final),
        ("unknown", by(json!("unknown")), &not_final),
        ("without a status", by(Value::Null), &not_final),
        ("entered in error", by(json!("entered-in-error")), derived),
        ("cancelled", by(json!("cancelled")), derived),
        (
            "undated",
            beside(&[merged(attested(element, "x", one.0), &json!({ "effectiveDateTime": null }))]),
            one.1,
        ),
        ("years ago", beside(&[attested(element, "2015", one.0)]), one.1),
        ("24 hours ahead", beside(&[attested(element, "2026-11-23T12:00:00Z", one.0)]), one.1),
        (
            "24 hours and a second ahead",
            beside(&[attested(element, "2026-11-23T12:00:01Z", one.0)]),
            &too_new,
        ),
        (
            "no value, but why",
            beside(&[attested(element, "2026-11-01", &json!({ "dataAbsentReason": concept("asked") }))]),
            derived,
        ),
        ("the newer", pair("2026-11-02", "2026-11-01"), one.1),
        ("the older", pair("2026-11-01", "2026-11-02"), other.1),
        ("of one day", pair("2026-11-01", "2026-11-01"), &both),
        ("of a year, and a day in it", pair("2026", "2026-11-01"), &both),
        ("of a month, and a day after it", pair("2026-10", "2026-11-01"), other.1),
        ("newer by its zone", pair("2026-11-01T23:30:00-05:00", "2026-11-02T04:00:00Z"), one.1),
        ("older by its zone", pair("2026-11-02T04:00:00+09:00", "2026-11-01T23:30:00Z"), other.1),
        ("of one instant in two zones", pair("2026-11-01T23:30:00-05:00", "2026-11-02T04:30:00Z"), &both),
    ];
    check(element, &rows);
}

fn spanning(one: &str, other: &str) -> String {
    match one.parse::<u32>().ok().zip(other.parse::<u32>().ok()) {
        Some((one, other)) => format!("{}..{}", one.min(other), one.max(other)),
        None => "either".to_owned(),
    }
}

/// Checks a finding in every status that an Observation has. It counts when it is final, may count while it is not, and
/// once it is taken back the answer is the one `without` it.
pub fn each_finding_status(element: &str, with: impl Fn(Value) -> Vec<Value>, perhaps: &str, without: &str) {
    check(
        element,
        &[
            ("final", with(json!("final")), "yes"),
            ("amended", with(json!("amended")), "yes"),
            ("corrected", with(json!("corrected")), "yes"),
            ("preliminary", with(json!("preliminary")), perhaps),
            ("registered", with(json!("registered")), perhaps),
            ("unknown", with(json!("unknown")), perhaps),
            ("without a status", with(Value::Null), perhaps),
            ("cancelled", with(json!("cancelled")), without),
            ("entered in error", with(json!("entered-in-error")), without),
        ],
    );
}
