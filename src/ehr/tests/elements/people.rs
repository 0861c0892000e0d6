//! Allergies of the patient; specialties of the people around the order.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, merged, status};

#[test]
fn allergies_by_severity_and_status() {
    let one = |more: Value| {
        let allergy = json!({ "resourceType": "AllergyIntolerance", "id": "a", "code": concept("polyoxyl 35 castor oil") });
        vec![merged(allergy, &more)]
    };
    let reactions = |severities: &[&str]| {
        let reactions: Vec<Value> =
            severities.iter().map(|severity| json!({ "severity": severity })).collect();
        json!({ "reaction": reactions })
    };
    let low = |more: &Value| merged(more.clone(), &json!({ "criticality": "low" }));
    let anaphylaxis = |severity: &str| {
        let manifestation = json!([{ "text": "Anaphylactic shock" }]);
        json!({ "reaction": [{ "severity": severity, "manifestation": manifestation }] })
    };
    let none_known =
        json!({ "resourceType": "AllergyIntolerance", "id": "n", "code": concept("sct:716186003") });
    check(
        "castor-oil",
        &[
            ("nothing", vec![], "no"),
            ("no known allergy", vec![none_known.clone()], "no"),
            ("severe", one(reactions(&["severe"])), "yes"),
            ("severity not stated", one(json!({})), "yes"),
            ("moderate", one(reactions(&["moderate"])), "yes"),
            ("mild", one(reactions(&["mild"])), "no"),
            ("mild and severe", one(reactions(&["mild", "severe"])), "yes"),
            ("low criticality, no severity", one(json!({ "criticality": "low" })), "either: imprecise"),
            ("low criticality, mild", one(low(&reactions(&["mild"]))), "no"),
            ("low criticality, moderate", one(low(&reactions(&["moderate"]))), "yes"),
            ("low criticality, severe", one(low(&reactions(&["severe"]))), "yes"),
            ("low criticality, anaphylaxis", one(low(&anaphylaxis("unknown"))), "either: imprecise"),
            ("anaphylaxis, called mild", one(anaphylaxis("mild")), "either: imprecise"),
            ("anaphylaxis, called severe", one(anaphylaxis("severe")), "yes"),
            (
                "high criticality, mild so far",
                one(merged(reactions(&["mild"]), &json!({ "criticality": "high" }))),
                "yes",
            ),
            ("unconfirmed", one(status("active", "unconfirmed")), "yes"),
            ("refuted", one(status("active", "refuted")), "no"),
            ("entered in error", one(status("", "entered-in-error")), "no"),
            ("resolved", one(status("resolved", "")), "no"),
            (
                "the substance of a reaction",
                one(
                    json!({ "code": concept("drug allergy"), "reaction": [{ "substance": concept("solvitaxel") }] }),
                ),
                "yes",
            ),
            ("no known allergy, and one", [one(json!({})), vec![none_known.clone()]].concat(), "yes"),
            ("of nothing that is named", one(json!({ "code": null })), "either: imprecise"),
            (
                "a code without words",
                one(json!({ "code": concept("sct:294402005") })),
                "either: unclassified",
            ),
            ("unnamed, but resolved", one(merged(status("resolved", ""), &json!({ "code": null }))), "no"),
            ("of another substance", one(json!({ "code": concept("penicillin") })), "no"),
        ],
    );
    let note = Chart::of(&one(json!({}))).known("castor-oil").evidence[0].note.clone();
    assert!(note.unwrap().contains("not stated"));
    let reference =
        Chart::of(std::slice::from_ref(&none_known)).known("castor-oil").evidence[0].reference.clone();
    assert_eq!(reference, "AllergyIntolerance/n");
    let chart = Chart { failed: vec![Search::Allergies], ..Chart::default() };
    assert_eq!(chart.says("castor-oil"), "either: unavailable");
}

fn role(id: &str, practitioner: &str, specialty: &str) -> Value {
    json!({ "resourceType": "PractitionerRole", "id": id, "specialty": [concept(specialty)],
        "practitioner": { "reference": format!("Practitioner/{practitioner}") } })
}

fn team(status: &str, member: &str) -> Value {
    json!({ "resourceType": "CareTeam", "id": "t", "status": status,
        "participant": [{ "member": { "reference": member } }] })
}

#[test]
fn who_orders_who_signs_who_is_consulted() {
    let oncologist = "nucc:207RX0202X";
    let qualified = json!({ "resourceType": "Practitioner", "id": "user",
        "qualification": [{ "code": concept("nucc:207RH0003X") }] });
    let degree =
        json!({ "resourceType": "Practitioner", "id": "user", "qualification": [{ "code": concept("MD") }] });
    let encounter = |role: &str| {
        json!({ "resourceType": "Encounter", "id": "e", "status": "in-progress",
        "participant": [{ "type": [concept(role)] }] })
    };
    let referral = |status: &str| {
        json!({ "resourceType": "ServiceRequest", "id": "s", "status": status, "intent": "order",
        "performerType": concept(oncologist) })
    };
    check(
        "oncologist",
        &[
            ("nothing", vec![], "either: not-recorded"),
            ("the user's role", vec![role("r", "user", oncologist)], "yes"),
            (
                "the user's role, no longer",
                vec![merged(role("r", "user", oncologist), &json!({ "active": false }))],
                "either: not-recorded",
            ),
            (
                "the user's role, in its code",
                vec![merged(role("r", "user", "MD"), &json!({ "code": [concept(oncologist)] }))],
                "yes",
            ),
            ("the user's qualification", vec![qualified], "yes"),
            ("a degree is no specialty", vec![degree], "either: imprecise"),
            ("another specialty", vec![role("r", "user", "nucc:207RC0000X")], "either: imprecise"),
            ("a nurse", vec![role("r", "user", "Medical oncology nurse")], "either: imprecise"),
            (
                "somebody's role",
                vec![role("r", "other", oncologist), team("active", "Practitioner/third")],
                "either: not-recorded",
            ),
            (
                "in the care team",
                vec![role("r", "other", oncologist), team("active", "PractitionerRole/r")],
                "yes",
            ),
            (
                "in the care team, as a person",
                vec![role("r", "other", oncologist), team("active", "Practitioner/other")],
                "yes",
            ),
            (
                "in a former care team",
                vec![role("r", "other", oncologist), team("inactive", "PractitionerRole/r")],
                "either: not-recorded",
            ),
            ("in the encounter", vec![encounter("medical oncology")], "yes"),
            ("in the encounter, another", vec![encounter("attender")], "either: imprecise"),
            ("referred to", vec![referral("active")], "yes"),
            (
                "referral forbidden",
                vec![merged(referral("active"), &json!({ "doNotPerform": true }))],
                "either: not-recorded",
            ),
            ("referral withdrawn", vec![referral("revoked")], "either: not-recorded"),
            ("one of two", vec![role("a", "user", "nucc:207RC0000X"), role("b", "user", oncologist)], "yes"),
        ],
    );
    let gaps = Chart::of(&[role("r", "user", "nucc:207RC0000X")]).known("oncologist").gaps;
    assert!(gaps[0].detail.contains("207RC0000X"), "{gaps:?}");
}

#[test]
fn the_requester_may_be_anywhere() {
    let oncologist = "nucc:207RX0202X";
    let contained =
        json!([{ "resourceType": "PractitionerRole", "id": "r", "specialty": [concept(oncologist)] }]);
    let rows = [
        ("contained", json!({ "requester": { "reference": "#r" }, "contained": contained }), vec![]),
        (
            "on record",
            json!({ "requester": { "reference": "https://ehr.example/PractitionerRole/r/_history/2" } }),
            vec![role("r", "x", oncologist)],
        ),
        (
            "by person",
            json!({ "requester": { "reference": "Practitioner/x" } }),
            vec![role("r", "x", oncologist)],
        ),
    ];
    for (name, order, resources) in rows {
        let chart = Chart { order, resources, ..Chart::default() };
        assert_eq!(chart.says("oncologist"), "yes", "{name}");
    }
    let chart = Chart { failed: vec![Search::CareTeams], ..Chart::default() };
    assert_eq!(chart.says("oncologist"), "either: unavailable");
}
