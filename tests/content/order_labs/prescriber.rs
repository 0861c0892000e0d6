//! `prescriber.oncologist`.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, check, concept, merged};

const ELEMENT: &str = "prescriber.oncologist";
const ONCOLOGIST: &str = "nucc:207RX0202X";
const CARDIOLOGIST: &str = "nucc:207RC0000X";

fn role(id: &str, person: &str, specialty: &str) -> Value {
    json!({ "resourceType": "PractitionerRole", "id": id, "practitioner": { "reference": format!("Practitioner/{person}") },
        "specialty": [concept(specialty)] })
}

fn user(specialty: &str) -> Body {
    Body::of(&[role("r", "user", specialty)])
}

fn team(more: &Value) -> Value {
    merged(
        json!({ "resourceType": "CareTeam", "id": "t", "status": "active", "subject": { "reference": "Patient/p1" },
            "participant": [{ "member": { "reference": "PractitionerRole/other" } }] }),
        more,
    )
}

fn in_team(more: &Value) -> Body {
    Body::of(&[role("other", "somebody", ONCOLOGIST), team(more)])
}

#[test]
fn by_specialty() {
    let no = "either: imprecise";
    let rows: &[Row<'_>] = &[
        ("hematology and oncology", user("nucc:207RH0003X"), "yes"),
        ("medical oncology", user("nucc:207RX0202X"), "yes"),
        ("gynecologic oncology", user("nucc:207VX0201X"), "yes"),
        ("surgical oncology", user("nucc:2086X0206X"), "yes"),
        ("radiation oncology", user("nucc:2085R0001X"), "yes"),
        ("pediatric hematology and oncology", user("nucc:2080P0207X"), "yes"),
        ("the pediatric code that lists confuse with it", user("nucc:2080P0203X"), no),
        ("hematology only", user("nucc:207RH0000X"), no),
        ("oncology nurse", user("nucc:163WX0200X"), no),
        ("oncology nurse whom a table calls oncologist", user("nucc:163WX0200X Oncologist"), no),
        ("pediatric oncology nurse", user("nucc:163WP0218X"), no),
        ("clinical nurse specialist in oncology", user("nucc:364SX0200X"), no),
        ("nurse practitioner", user("nucc:363LF0000X"), no),
        ("physician assistant", user("nucc:363A00000X Physician Assistant"), no),
        ("practice code, medical oncology", user("sct:394593009"), "yes"),
        ("practice code, clinical oncology", user("sct:394592004"), "yes"),
        ("practice code, radiation oncology", user("sct:419815003"), "yes"),
        ("in words", user("Hematology/Oncology"), "yes"),
        ("nurse in words", user("Oncology nurse practitioner"), no),
        ("another specialty", user(CARDIOLOGIST), no),
        ("a code that nothing explains", user("local:ONC"), no),
        (
            "no specialty",
            Body::of(&[
                json!({ "resourceType": "PractitionerRole", "id": "r", "practitioner": { "reference": "Practitioner/user" } }),
            ]),
            "either: not-recorded",
        ),
    ];
    check(ELEMENT, rows);
    assert!(user(CARDIOLOGIST).gaps(ELEMENT).contains("207RC0000X"));
}

#[test]
fn who_orders_and_who_signs() {
    let inside = |resource: Value| {
        Body::ordering(&json!({ "contained": [resource], "requester": { "reference": "#r" } }))
    };
    let degree = json!({ "resourceType": "Practitioner", "id": "user", "qualification": [{ "code": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v2-0360", "code": "MD" }] } }] });
    let by = |reference: &str| {
        Body::of(&[role("r", "x", ONCOLOGIST)]).order(&json!({ "requester": { "reference": reference } }))
    };
    let rows: &[Row<'_>] = &[
        ("nobody", Body::of(&[]), "either: not-recorded"),
        ("the role of the user", user(ONCOLOGIST), "yes"),
        (
            "one of two roles",
            Body::of(&[role("a", "user", CARDIOLOGIST), role("b", "user", ONCOLOGIST)]),
            "yes",
        ),
        (
            "a role that is no longer held",
            Body::of(&[merged(role("r", "user", ONCOLOGIST), &json!({ "active": false }))]),
            "either: not-recorded",
        ),
        (
            "a role whose time is over",
            Body::of(&[merged(role("r", "user", ONCOLOGIST), &json!({ "period": { "end": "2024-12-31" } }))]),
            "either: not-recorded",
        ),
        (
            "a role until today",
            Body::of(&[merged(role("r", "user", ONCOLOGIST), &json!({ "period": { "end": "2026-11-22" } }))]),
            "yes",
        ),
        (
            "the code of the role",
            Body::of(&[merged(
                role("r", "user", "MD"),
                &json!({ "specialty": null, "code": [concept(ONCOLOGIST)] }),
            )]),
            "yes",
        ),
        (
            "a qualification",
            Body::of(&[
                json!({ "resourceType": "Practitioner", "id": "user", "qualification": [{ "code": concept(ONCOLOGIST) }] }),
            ]),
            "yes",
        ),
        ("a degree says no specialty", Body::of(&[degree]), "either: imprecise"),
        (
            "the requester, contained role",
            inside(
                json!({ "resourceType": "PractitionerRole", "id": "r", "specialty": [concept(ONCOLOGIST)] }),
            ),
            "yes",
        ),
        (
            "the requester, contained person",
            inside(
                json!({ "resourceType": "Practitioner", "id": "r", "qualification": [{ "code": concept(ONCOLOGIST) }] }),
            ),
            "yes",
        ),
        ("the requester, by role", by("PractitionerRole/r"), "yes"),
        ("the requester, by person", by("Practitioner/x"), "yes"),
        (
            "the requester, by address and version",
            by("https://ehr.example/fhir/PractitionerRole/r/_history/3"),
            "yes",
        ),
        (
            "somebody else's role",
            Body::of(&[role("r", "x", ONCOLOGIST), team(&json!({ "participant": [] }))])
                .order(&json!({ "requester": { "reference": "Practitioner/y" } })),
            "either: not-recorded",
        ),
    ];
    check(ELEMENT, rows);
}

#[test]
fn in_consultation() {
    let role_named =
        |words: &str| Body::of(&[team(&json!({ "participant": [{ "role": [concept(words)] }] }))]);
    let encounter = |more: Value| {
        let encounter = json!({ "resourceType": "Encounter", "id": "e", "status": "in-progress", "subject": { "reference": "Patient/p1" },
            "participant": [{ "individual": { "reference": "PractitionerRole/other" } }] });
        Body::of(&[role("other", "somebody", ONCOLOGIST), merged(encounter, &more)])
    };
    let referral = |more: Value| {
        let referral = json!({ "resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order",
            "subject": { "reference": "Patient/p1" }, "performerType": concept(ONCOLOGIST) });
        Body::of(&[merged(referral, &more)])
    };
    let nobody = "either: not-recorded";
    let rows: &[Row<'_>] = &[
        ("care team", in_team(&json!({})), "yes"),
        ("care team without a status", in_team(&json!({ "status": null })), "yes"),
        ("care team that is proposed", in_team(&json!({ "status": "proposed" })), nobody),
        ("care team that is suspended", in_team(&json!({ "status": "suspended" })), nobody),
        ("care team that is inactive", in_team(&json!({ "status": "inactive" })), nobody),
        ("care team entered in error", in_team(&json!({ "status": "entered-in-error" })), nobody),
        (
            "care team whose time is over",
            in_team(&json!({ "period": { "start": "2019-01-01", "end": "2021-06-30" } })),
            nobody,
        ),
        ("care team until yesterday", in_team(&json!({ "period": { "end": "2026-11-21" } })), nobody),
        ("care team until today", in_team(&json!({ "period": { "end": "2026-11-22" } })), "yes"),
        ("care team since 2019", in_team(&json!({ "period": { "start": "2019" } })), "yes"),
        (
            "member who left",
            in_team(
                &json!({ "participant": [{ "member": { "reference": "PractitionerRole/other" }, "period": { "end": "2025-01-31" } }] }),
            ),
            nobody,
        ),
        (
            "member who stays",
            in_team(
                &json!({ "participant": [{ "member": { "reference": "PractitionerRole/other" }, "period": { "start": "2025-01-31" } }] }),
            ),
            "yes",
        ),
        ("care team, the role in words", role_named("Medical oncologist"), "yes"),
        (
            "care team, the role in words, a nurse",
            role_named("Oncology nurse navigator"),
            "either: imprecise",
        ),
        (
            "referred from oncology is no consultation",
            role_named("Referred from oncology"),
            "either: imprecise",
        ),
        (
            "referral from oncology is none either",
            role_named("Referral from medical oncology"),
            "either: imprecise",
        ),
        ("a former oncologist is none", role_named("Former oncologist"), "either: imprecise"),
        ("encounter", encounter(json!({})), "yes"),
        ("encounter that is finished", encounter(json!({ "status": "finished" })), "yes"),
        ("encounter that is planned", encounter(json!({ "status": "planned" })), nobody),
        ("encounter that was cancelled", encounter(json!({ "status": "cancelled" })), nobody),
        (
            "encounter, by type in words",
            encounter(json!({ "participant": [{ "type": [concept("medical oncology consultant")] }] })),
            "yes",
        ),
        ("referral", referral(json!({})), "yes"),
        ("referral that is completed", referral(json!({ "status": "completed" })), "yes"),
        ("referral that was revoked", referral(json!({ "status": "revoked" })), nobody),
        ("referral that is a draft", referral(json!({ "status": "draft" })), nobody),
        ("referral that is proposed", referral(json!({ "intent": "proposal" })), nobody),
        (
            "referral to another specialty",
            referral(json!({ "performerType": concept(CARDIOLOGIST) })),
            "either: imprecise",
        ),
    ];
    check(ELEMENT, rows);
}

#[test]
fn without_a_complete_search() {
    let open = |search: Search| [Body::of(&[]).failed(search), Body::of(&[]).unsent(search)];
    let searches = [Search::User, Search::UserRoles, Search::CareTeams, Search::Encounter, Search::Referrals];
    for body in searches.into_iter().flat_map(open) {
        check(ELEMENT, &[("nothing found, something not read", body, "either: unavailable")]);
    }
    check(ELEMENT, &[("one was found", user(ONCOLOGIST).failed(Search::CareTeams), "yes")]);
}

/// Evaluated at 15:00 UTC: a period ends at its own instant in its own zone, a coarser end with its last moment in UTC.
#[test]
fn by_the_end_of_a_period() {
    let nobody = "either: not-recorded";
    let ends = [
        ("2026-11-22T15:00:00Z", "yes"),
        ("2026-11-22T10:00:00-05:00", "yes"),
        ("2026-11-23T00:00:00+09:00", "yes"),
        ("2026-11-22T14:59:59Z", nobody),
        ("2026-11-22T09:59:59-05:00", nobody),
        ("2026-11-22T23:59:59+09:00", nobody),
        ("2026-11-22", "yes"),
        ("2026-11-21", nobody),
        ("2026-11", "yes"),
        ("2026-10", nobody),
        ("2026", "yes"),
        ("2025", nobody),
    ];
    for (end, expected) in ends {
        let period = json!({ "period": { "end": end } });
        let held = Body::of(&[merged(role("r", "user", ONCOLOGIST), &period)]);
        let member = json!({ "participant": [{ "member": { "reference": "PractitionerRole/other" }, "period": { "end": end } }] });
        let qualified = Body::of(&[json!({ "resourceType": "Practitioner", "id": "user",
            "qualification": [{ "code": concept(ONCOLOGIST), "period": { "end": end } }] })]);
        let rows: [Row<'_>; 4] = [
            ("qualification", qualified, expected),
            ("role", held, expected),
            ("care team", in_team(&period), expected),
            ("member of the care team", in_team(&member), expected),
        ];
        for (of, body, expected) in rows {
            check(ELEMENT, &[(&format!("{of} until {end}"), body, expected)]);
        }
    }
}
