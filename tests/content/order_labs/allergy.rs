//! `allergy.polyoxyl-castor-oil`.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, check, concept, merged};

const ELEMENT: &str = "allergy.polyoxyl-castor-oil";

fn to(substance: &str, more: &Value) -> Value {
    merged(
        json!({ "resourceType": "AllergyIntolerance", "id": "a", "patient": { "reference": "Patient/p1" },
            "code": concept(substance), "recordedDate": "2024-03-01" }),
        more,
    )
}

fn one(substance: &str) -> Body {
    Body::of(&[to(substance, &json!({}))])
}

#[test]
fn by_substance() {
    let rows: &[Row<'_>] = &[
        ("none", Body::of(&[]), "no"),
        ("no known allergy", one("sct:716186003"), "no"),
        ("Cremophor", one("Cremophor EL"), "yes"),
        ("Kolliphor", one("Kolliphor EL"), "yes"),
        ("polyoxyl 35 castor oil", one("polyoxyl 35 castor oil"), "yes"),
        ("polyoxyethylated castor oil", one("Polyoxyethylated castor oil"), "yes"),
        ("paclitaxel by RxNorm", one("rx:56946"), "yes"),
        ("paclitaxel by SNOMED CT", one("sct:387374002"), "yes"),
        ("Taxol", one("Taxol"), "yes"),
        ("the drug itself by brand", one("Ixempra"), "yes"),
        ("the drug itself by name", one("ixabepilone"), "yes"),
        ("the drug itself by RxNorm", one("rx:337523"), "yes"),
        ("the class: not every taxane has the diluent", one("Taxanes"), "either: imprecise"),
        ("the class in the singular", one("Taxane (substance)"), "either: imprecise"),
        (
            "the class, with paclitaxel named",
            Body::of(&[to("Taxanes", &json!({ "reaction": [{ "substance": concept("paclitaxel") }] }))]),
            "yes",
        ),
        ("docetaxel has another diluent", one("docetaxel"), "no"),
        ("protein-bound paclitaxel has none", one("rx:589511"), "no"),
        ("protein-bound paclitaxel in words", one("nab-paclitaxel"), "no"),
        ("hydrogenated castor oil is another", one("polyoxyl 40 hydrogenated castor oil"), "no"),
        // Words that deny or doubt it do not make it none: a history of a reaction is one.
        ("a history of it", one("History of severe reaction to paclitaxel"), "either: imprecise"),
        ("a history of it, short", one("h/o anaphylaxis to Taxol"), "either: imprecise"),
        ("suspected", one("suspected Cremophor allergy"), "either: imprecise"),
        ("doubted", one("paclitaxel?"), "either: imprecise"),
        (
            "a history in the substance of a reaction",
            Body::of(&[to(
                "drug allergy",
                &json!({ "reaction": [{ "substance": concept("possible paclitaxel") }] }),
            )]),
            "either: imprecise",
        ),
        ("a history of another", one("history of reaction to nab-paclitaxel"), "no"),
        ("another drug", one("penicillin G"), "no"),
        ("food", one("shellfish"), "no"),
        (
            "in the substance of a reaction",
            Body::of(&[to(
                "drug allergy",
                &json!({ "reaction": [{ "substance": concept("Cremophor EL") }] }),
            )]),
            "yes",
        ),
        ("nothing named", Body::of(&[to("x", &json!({ "code": null }))]), "either: imprecise"),
        ("a code that nothing explains", one("local:4711"), "either: unclassified"),
        (
            "no known allergy, and one",
            Body::of(&[to("sct:716186003", &json!({ "id": "n" })), to("Taxol", &json!({}))]),
            "yes",
        ),
        (
            "no known allergy, and the class",
            Body::of(&[to("sct:716186003", &json!({ "id": "n" })), to("Taxanes", &json!({}))]),
            "either: imprecise",
        ),
    ];
    check(ELEMENT, rows);
    assert!(one("Taxanes").gaps(ELEMENT).contains("Taxanes"), "{}", one("Taxanes").gaps(ELEMENT));
}

#[test]
fn by_status() {
    let with = |substance: &str, more: Value| Body::of(&[to(substance, &more)]);
    let clinical = |status: &str| json!({ "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": status }] } });
    let verified = |status: &str| json!({ "verificationStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "code": status }] } });
    let rows: &[Row<'_>] = &[
        ("active", with("Taxol", clinical("active")), "yes"),
        ("inactive", with("Taxol", clinical("inactive")), "no"),
        ("resolved", with("Taxol", clinical("resolved")), "no"),
        ("active, in capitals", with("Taxol", clinical("ACTIVE")), "yes"),
        ("active, in words", with("Taxol", json!({ "clinicalStatus": { "text": "Active" } })), "yes"),
        ("active, as a plain code", with("Taxol", json!({ "clinicalStatus": "Active" })), "yes"),
        ("resolved, in words", with("Taxol", json!({ "clinicalStatus": { "text": "Resolved" } })), "no"),
        ("a status that FHIR does not know", with("Taxol", clinical("unknown")), "either: imprecise"),
        (
            "a status that FHIR does not know, of a mild one",
            with("Taxol", merged(clinical("unknown"), &json!({ "reaction": [{ "severity": "mild" }] }))),
            "no",
        ),
        (
            "a status that FHIR does not know, refuted",
            with("Taxol", merged(clinical("unknown"), &verified("refuted"))),
            "no",
        ),
        (
            "entered in error, in words",
            with("Taxol", json!({ "verificationStatus": { "text": "Entered in Error" } })),
            "no",
        ),
        ("confirmed", with("Taxol", verified("confirmed")), "yes"),
        ("presumed", with("Taxol", verified("presumed")), "yes"),
        ("unconfirmed", with("Taxol", verified("unconfirmed")), "yes"),
        ("refuted", with("Taxol", verified("refuted")), "no"),
        ("entered in error", with("Taxol", verified("entered-in-error")), "no"),
        ("the class, refuted", with("Taxanes", verified("refuted")), "no"),
        ("the class, resolved", with("Taxanes", clinical("resolved")), "no"),
        ("unnamed, resolved", with("x", merged(clinical("resolved"), &json!({ "code": null }))), "no"),
    ];
    check(ELEMENT, rows);
    let unconfirmed = with("Taxol", verified("unconfirmed")).evidence(ELEMENT);
    assert!(unconfirmed.contains("unconfirmed"), "{unconfirmed}");
}

#[test]
fn by_severity() {
    let with = |substance: &str, more: Value| Body::of(&[to(substance, &more)]);
    let reactions = |severities: &[&str]| {
        let all: Vec<_> = severities.iter().map(|severity| json!({ "severity": severity })).collect();
        json!({ "reaction": all })
    };
    let rows: &[Row<'_>] = &[
        ("not stated", with("Taxol", json!({})), "yes"),
        ("severe", with("Taxol", reactions(&["severe"])), "yes"),
        ("moderate", with("Taxol", reactions(&["moderate"])), "yes"),
        ("mild", with("Taxol", reactions(&["mild"])), "no"),
        ("mild once, severe once", with("Taxol", reactions(&["mild", "severe"])), "yes"),
        (
            "mild once, not stated once",
            with("Taxol", json!({ "reaction": [{ "severity": "mild" }, {}] })),
            "yes",
        ),
        ("low criticality", with("Taxol", json!({ "criticality": "low" })), "either: imprecise"),
        (
            "mild, and anaphylaxis",
            with(
                "Taxol",
                json!({ "reaction": [{ "severity": "mild", "manifestation": [{ "text": "Anaphylaxis" }] }] }),
            ),
            "either: imprecise",
        ),
        (
            "low criticality, a severe reaction",
            with("Taxol", merged(reactions(&["severe"]), &json!({ "criticality": "low" }))),
            "yes",
        ),
        (
            "high criticality, mild so far",
            with("Taxol", merged(reactions(&["mild"]), &json!({ "criticality": "high" }))),
            "yes",
        ),
        (
            "criticality that could not be told",
            with("Taxol", json!({ "criticality": "unable-to-assess" })),
            "yes",
        ),
        ("the class, mild", with("Taxanes", reactions(&["mild"])), "no"),
    ];
    check(ELEMENT, rows);
}

#[test]
fn without_a_complete_search() {
    let rows: &[Row<'_>] = &[
        ("not sent", Body::of(&[]).unsent(Search::Allergies), "either: unavailable"),
        ("failed", Body::of(&[]).failed(Search::Allergies), "either: unavailable"),
        ("paged", Body::of(&[]).paged(Search::Allergies), "either: unavailable"),
        ("found all the same", one("Taxol").paged(Search::Allergies), "yes"),
        (
            "no known allergy, on the first of two pages",
            one("sct:716186003").paged(Search::Allergies),
            "either: unavailable",
        ),
        (
            "of another patient",
            Body::of(&[to("Taxol", &json!({ "patient": { "reference": "Patient/q" } }))]),
            "either: unavailable",
        ),
    ];
    check(ELEMENT, rows);
}

/// A severe allergy has no window and no zone: whenever it was recorded, it is there.
#[test]
fn by_date() {
    let dates = [
        "1994",
        "2026-11",
        "2026-11-22",
        "2026-11-22T23:59:59-12:00",
        "2026-11-23T00:30:00+14:00",
        "2027-03-01",
        "some day",
    ];
    for member in ["recordedDate", "onsetDateTime", "lastOccurrence"] {
        for date in dates {
            let found = Body::of(&[to("Taxol", &json!({ "recordedDate": null, member: date }))]);
            check(ELEMENT, &[(&format!("{member} {date}"), found, "yes")]);
            let class = Body::of(&[to("Taxanes", &json!({ "recordedDate": null, member: date }))]);
            check(ELEMENT, &[(&format!("the class, {member} {date}"), class, "either: imprecise")]);
        }
    }
    check(ELEMENT, &[("undated", Body::of(&[to("Taxol", &json!({ "recordedDate": null }))]), "yes")]);
}
