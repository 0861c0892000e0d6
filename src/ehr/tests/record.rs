//! Prefetch into a record: how completely each search was answered, and what is in which value set.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

mod given;

use ehr::record::Record;
use ehr::search::{Answer, Reason, Search};
use ehr::terminology::Terminology;
use given::{bundle, raw, value_set};
use serde_json::value::RawValue;
use serde_json::{Value, json};

fn terminology() -> Terminology {
    Terminology::load(&[
        value_set("count", "http://loinc.org", &["751-8"]),
        value_set("disease", "http://hl7.org/fhir/sid/icd-10-cm", &["C50.911"]),
        value_set("drug", "urn:signpost:text", &["examplinib", "solvent"]),
    ])
    .unwrap()
}

fn observation(id: &str, date: &str) -> Value {
    json!({ "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": date,
        "subject": { "reference": "https://ehr.example/fhir/Patient/p1/_history/3" },
        "code": { "coding": [{ "system": "http://loinc.org", "code": "751-8 " }] } })
}

/// Reads one prefetch and hands the record to a check.
fn with_record<T>(prefetch: &[(&str, Value)], check: impl FnOnce(&Record<'_>) -> T) -> T {
    let raws: Vec<(&str, Box<RawValue>)> = prefetch.iter().map(|(key, value)| (*key, raw(value))).collect();
    let borrowed: Vec<(&str, &RawValue)> = raws.iter().map(|(key, raw)| (*key, raw.as_ref())).collect();
    check(&Record::read(&borrowed, "p1", &terminology(), &Search::ALL))
}

fn ids(record: &Record<'_>) -> Vec<String> {
    record.observations_in("count").filter_map(|one| one.id.get().map(str::to_owned)).collect()
}

#[test]
fn what_a_bundle_says_but_does_not_hold_is_not_absent() {
    let one = observation("a", "2026-01-01");
    let refused = json!({ "resourceType": "Bundle",
        "entry": [{ "resource": one }, { "response": { "status": "403" } }] });
    let cut_off = json!({ "resourceType": "Bundle", "total": 2, "entry": [{ "resource": one }] });
    for (answer, reason) in [(refused, Reason::Unreadable), (cut_off, Reason::Paged)] {
        with_record(&[("laboratory", answer)], |record| {
            assert_eq!(record.answer(Search::Laboratory), &Answer::Unavailable(reason));
            assert_eq!(ids(record), ["a"]);
        });
    }
}

#[test]
fn the_states_of_a_search_stay_apart() {
    let outcome = json!({ "resourceType": "OperationOutcome", "issue": [] });
    let mut paged = bundle(&[observation("a", "2026-01-01")]);
    paged["link"] = json!([{ "relation": "self", "url": "x" }, { "relation": "next", "url": "y" }]);
    let other_patient = json!({ "resourceType": "Observation", "id": "b", "subject": { "reference": "Patient/p2" },
        "code": { "coding": [{ "system": "http://loinc.org", "code": "751-8" }] } });
    let not_complete = |reason| Answer::Unavailable(reason);
    let rows = [
        ("null", json!(null), Answer::Complete, 0),
        ("empty", json!({ "resourceType": "Bundle" }), Answer::Complete, 0),
        ("null entry", json!({ "resourceType": "Bundle", "entry": null }), Answer::Complete, 0),
        ("one", bundle(&[observation("a", "2026-01-01")]), Answer::Complete, 1),
        ("single", observation("a", "2026-01-01"), Answer::Complete, 1),
        (
            "with another type",
            bundle(&[observation("a", "2026"), json!({ "resourceType": "Organization" })]),
            Answer::Complete,
            1,
        ),
        ("outcome", outcome.clone(), not_complete(Reason::Failed), 0),
        ("outcome inside", bundle(&[observation("a", "2026"), outcome]), not_complete(Reason::Failed), 1),
        ("paged", paged, not_complete(Reason::Paged), 1),
        (
            "other patient",
            bundle(&[other_patient, observation("a", "2026")]),
            not_complete(Reason::OtherPatient),
            1,
        ),
        (
            "no type",
            bundle(&[json!({ "id": "x" }), observation("a", "2026")]),
            not_complete(Reason::Unreadable),
            1,
        ),
        ("nested", bundle(&[bundle(&[observation("a", "2026")])]), not_complete(Reason::Unreadable), 0),
        ("other type", bundle(&[json!({ "resourceType": "Procedure" })]), not_complete(Reason::OtherType), 0),
        (
            "single other type",
            json!({ "resourceType": "Patient", "id": "p1" }),
            not_complete(Reason::OtherType),
            0,
        ),
        (
            "entry of a wrong shape",
            json!({ "resourceType": "Bundle", "entry": "x" }),
            not_complete(Reason::Unreadable),
            0,
        ),
    ];
    for (name, value, answer, count) in rows {
        with_record(&[("laboratory", value)], |record| {
            assert_eq!(record.answer(Search::Laboratory), &answer, "{name}");
            assert_eq!(ids(record).len(), count, "{name}");
            assert!(record.answered_any(), "{name}");
            assert_eq!(record.answer(Search::Conditions), &not_complete(Reason::NotSent), "{name}");
        });
    }
    with_record(&[("unknown-key", json!(null))], |record| assert!(!record.answered_any()));
}

#[test]
fn only_what_is_wanted_is_read() {
    let value = raw(&bundle(&[observation("a", "2026")]));
    let record = Record::read(&[("laboratory", &value)], "p1", &terminology(), &[Search::Conditions]);
    assert!(record.observations.is_empty() && !record.answered_any());
}

#[test]
fn a_resource_counts_once_and_order_never_matters() {
    let (a, b, c) =
        (observation("a", "2026-02-01"), observation("b", "2026-01-01"), observation("c", "2026-01-01"));
    let one = [
        ("laboratory", bundle(&[a.clone(), b.clone(), c.clone()])),
        ("vital-signs", bundle(std::slice::from_ref(&b))),
    ];
    let other = [("vital-signs", bundle(std::slice::from_ref(&b))), ("laboratory", bundle(&[c, b, a]))];
    assert_eq!(with_record(&one, ids), ["b", "c", "a"]);
    assert_eq!(with_record(&other, ids), ["b", "c", "a"]);
    let mut anonymous = observation("", "2026");
    anonymous.as_object_mut().unwrap().remove("id");
    with_record(&[("laboratory", bundle(&[anonymous.clone(), anonymous]))], |record| {
        assert_eq!(record.observations_in("count").count(), 2);
    });
}

#[test]
fn a_drug_is_found_wherever_it_stands() {
    let named = |text: &str| json!({ "text": text });
    let entry = json!({ "resourceType": "Medication", "id": "m1", "code": named("Examplinib 5 mg") });
    let rows = [
        (json!({ "medicationCodeableConcept": named("Examplinib") }), true),
        (
            json!({ "medicationReference": { "reference": "#m" },
            "contained": [{ "resourceType": "Medication", "id": "m", "code": named("examplinib") }] }),
            true,
        ),
        (json!({ "medicationReference": { "reference": "Medication/m1" } }), true),
        (json!({ "medicationReference": { "reference": "https://other.example/r4/Medication/m1" } }), true),
        (json!({ "medicationReference": { "reference": "urn:uuid:9" } }), true),
        (json!({ "medicationReference": { "reference": "Medication/gone", "display": "Examplinib" } }), true),
        (json!({ "medicationReference": { "reference": "Medication/gone" } }), false),
        (json!({ "medicationReference": { "reference": "#m1" } }), false),
        (json!({ "medicationCodeableConcept": named("other") }), false),
        (json!({}), false),
    ];
    for (members, expected) in rows {
        for (key, kind) in
            [("medication-requests", "MedicationRequest"), ("medication-statements", "MedicationStatement")]
        {
            let mut request = members.clone();
            request["resourceType"] = json!(kind);
            let bundle = json!({ "resourceType": "Bundle", "entry": [
                { "resource": request }, { "resource": entry },
                { "fullUrl": "urn:uuid:9", "resource": { "resourceType": "Medication", "code": named("examplinib") } },
            ] });
            let found = with_record(&[(key, bundle)], |record| {
                record.medication_requests_in("drug").count()
                    + record.medication_statements_in("drug").count()
            });
            assert_eq!(found == 1, expected, "{members}");
        }
    }
}

#[test]
fn an_allergy_is_found_by_any_of_its_substances() {
    let allergy = |members: Value| {
        let mut allergy =
            json!({ "resourceType": "AllergyIntolerance", "patient": { "reference": "Patient/p1" } });
        allergy.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        bundle(&[allergy])
    };
    let rows = [
        (json!({ "code": { "text": "Solvent" } }), 1),
        (
            json!({ "reaction": [{ "substance": { "text": "x" } }, { "substance": { "text": "solvent" } }] }),
            1,
        ),
        (json!({ "code": { "text": "solvent" }, "reaction": [{ "substance": { "text": "solvent" } }] }), 1),
        (json!({ "code": { "text": "dust" } }), 0),
    ];
    for (members, expected) in rows {
        with_record(&[("allergies", allergy(members.clone()))], |record| {
            assert_eq!(record.allergies_in("drug").count(), expected, "{members}");
        });
    }
}

fn medication(id: &str) -> Value {
    json!({ "resourceType": "Medication", "id": id, "code": { "text": "Examplinib 5 mg" } })
}

/// A resource of a patient that names its drug by a reference.
fn with_drug(kind: &str, id: &str, reference: &str, patient: &str) -> Value {
    json!({ "resourceType": kind, "id": id, "status": "completed", "medicationReference": { "reference": reference },
        "subject": { "reference": format!("Patient/{patient}") },
        "contained": [{ "resourceType": "Medication", "id": "in", "code": { "text": "Solvent" } }] })
}

#[test]
fn what_was_given_and_handed_out_has_its_drug_resolved() {
    for (key, kind) in [
        ("medication-administrations", "MedicationAdministration"),
        ("medication-dispenses", "MedicationDispense"),
    ] {
        let resources = [
            with_drug(kind, "c", "#in", "p1"),
            with_drug(kind, "a", "Medication/m1", "p1"),
            with_drug(kind, "a", "Medication/m1", "p1"),
            with_drug(kind, "b", "Medication/nowhere", "p1"),
            medication("m1"),
        ];
        with_record(&[(key, bundle(&resources))], |record| {
            let administrations = record.medication_administrations.iter();
            let administrations = administrations.map(|one| (one.resource.id.get(), one.concept.as_ref()));
            let dispenses = record.medication_dispenses.iter();
            let dispenses = dispenses.map(|one| (one.resource.id.get(), one.concept.as_ref()));
            let drugs: Vec<_> = administrations
                .chain(dispenses)
                .map(|(id, drug)| (id, drug.and_then(|drug| drug.shown())))
                .collect();
            assert_eq!(
                drugs,
                [(Some("c"), Some("Solvent")), (Some("a"), Some("Examplinib 5 mg")), (Some("b"), None)],
                "{kind}"
            );
            assert_eq!(record.answer(Search::with_key(key).unwrap()), &Answer::Complete, "{kind}");
        });
    }
}

#[test]
fn what_was_given_to_another_patient_is_left_out() {
    let subject = json!({ "reference": "Patient/p2" });
    for (key, kind) in [
        ("medication-administrations", "MedicationAdministration"),
        ("medication-dispenses", "MedicationDispense"),
        ("procedures", "Procedure"),
        ("care-plans", "CarePlan"),
    ] {
        let other = json!({ "resourceType": kind, "id": "x", "subject": subject });
        with_record(&[(key, bundle(&[other]))], |record| {
            let answer = record.answer(Search::with_key(key).unwrap());
            assert_eq!(answer, &Answer::Unavailable(Reason::OtherPatient), "{kind}");
            assert!(record.medication_administrations.is_empty() && record.medication_dispenses.is_empty());
            assert!(record.procedures.is_empty() && record.care_plans.is_empty());
        });
    }
}

#[test]
fn a_result_that_is_somebody_elses_by_its_focus_is_left_out() {
    let focused = |focus: Value| {
        let mut seen = observation("a", "2026-01-01");
        seen["focus"] = focus;
        seen
    };
    let inside = |kind: &str| {
        let mut seen = focused(json!([{ "reference": "#x" }]));
        seen["contained"] = json!([{ "resourceType": kind, "id": "x" }]);
        seen
    };
    let rows = [
        ("a donor", focused(json!([{ "reference": "Patient/donor" }])), false),
        ("a relative", focused(json!([{ "reference": "RelatedPerson/sister" }])), false),
        ("by its type", focused(json!([{ "type": "RelatedPerson", "display": "Jo" }])), false),
        ("a group", focused(json!([{ "reference": "Group/cell-line" }])), false),
        ("contained", inside("RelatedPerson"), false),
        (
            "and a body structure of it",
            focused(json!([{ "reference": "Patient/fetus" }, { "reference": "BodyStructure/b" }])),
            false,
        ),
        ("the patient", focused(json!([{ "reference": "Patient/p1" }])), true),
        (
            "the patient among others",
            focused(json!([{ "reference": "Patient/p1" }, { "reference": "Patient/fetus" }])),
            true,
        ),
        ("a disease", focused(json!([{ "reference": "Condition/c" }])), true),
        ("a contained disease", inside("Condition"), true),
        ("a body structure", focused(json!([{ "reference": "BodyStructure/b" }])), true),
        ("without", observation("a", "2026-01-01"), true),
    ];
    for (what, seen, is_there) in rows {
        with_record(&[("laboratory", bundle(&[seen]))], |record| {
            assert_eq!(!ids(record).is_empty(), is_there, "{what}");
            assert_eq!(record.answer(Search::Laboratory), &Answer::Complete, "{what}");
        });
    }
}

#[test]
fn what_is_modified_in_unknown_ways_settles_nothing() {
    let modifier = json!([{ "url": "https://ehr.example/not-really", "valueBoolean": true }]);
    let modified = |kind: &str| {
        json!({ "resourceType": kind, "id": "x", "status": "completed", "modifierExtension": modifier,
            "verificationStatus": { "coding": [{ "code": "confirmed" }] } })
    };
    let statuses = |kind: &str, record: &Record<'_>| -> Vec<String> {
        let status = match kind {
            "Observation" => record.observations[0].status.get(),
            "MedicationRequest" => record.medication_requests[0].resource.status.get(),
            "MedicationStatement" => record.medication_statements[0].resource.status.get(),
            "MedicationAdministration" => record.medication_administrations[0].resource.status.get(),
            "MedicationDispense" => record.medication_dispenses[0].resource.status.get(),
            "Procedure" => record.procedures[0].status.get(),
            "Condition" => {
                record.conditions[0].verification_status.get().and_then(|status| status.text.get())
            }
            _ => record.allergies[0].verification_status.get().and_then(|status| status.text.get()),
        };
        status.into_iter().map(str::to_owned).collect()
    };
    for (key, kind) in [
        ("laboratory", "Observation"),
        ("medication-requests", "MedicationRequest"),
        ("medication-statements", "MedicationStatement"),
        ("medication-administrations", "MedicationAdministration"),
        ("medication-dispenses", "MedicationDispense"),
        ("procedures", "Procedure"),
        ("conditions", "Condition"),
        ("allergies", "AllergyIntolerance"),
    ] {
        with_record(&[(key, bundle(&[modified(kind)]))], |record| {
            assert_eq!(statuses(kind, record), ["modified in a way that is not understood"], "{kind}");
        });
    }
    for (key, kind) in [
        ("care-plans", "CarePlan"),
        ("user-roles", "PractitionerRole"),
        ("care-teams", "CareTeam"),
        ("encounter", "Encounter"),
        ("referrals", "ServiceRequest"),
    ] {
        with_record(&[(key, bundle(&[modified(kind)]))], |record| {
            let answer = record.answer(Search::with_key(key).unwrap());
            assert_eq!(answer, &Answer::Unavailable(Reason::Unreadable), "{kind}");
        });
    }
}

#[test]
fn a_role_of_another_person_is_not_the_users() {
    let person = |id: &str| json!({ "resourceType": "Practitioner", "id": id });
    let role = |id: &str, of: &str| {
        let practitioner = json!({ "reference": of });
        json!({ "resourceType": "PractitionerRole", "id": id, "practitioner": practitioner })
    };
    let roles = bundle(&[
        role("own", "Practitioner/me"),
        role("absolute", "https://ehr.example/fhir/Practitioner/me"),
        role("other", "Practitioner/you"),
        json!({ "resourceType": "PractitionerRole", "id": "of-nobody" }),
    ]);
    let of_me = ["PractitionerRole/absolute", "PractitionerRole/of-nobody", "PractitionerRole/own"];
    for (user, themselves) in
        [(person("me"), "Practitioner/me"), (role("user", "Practitioner/me"), "PractitionerRole/user")]
    {
        with_record(&[("user-roles", roles.clone()), ("user", user)], |record| {
            let users: Vec<&str> = record.users.iter().map(String::as_str).collect();
            let mut expected = of_me.to_vec();
            expected.push(themselves);
            expected.sort_unstable();
            assert_eq!(users, expected);
            assert_eq!(record.practitioner_roles.iter().filter(|role| role.id.is("other")).count(), 1);
        });
    }
    // Who the user is, is not told: any role may be the user's.
    with_record(&[("user-roles", roles)], |record| assert_eq!(record.users.len(), 4));
}

#[test]
fn who_signs_is_the_user_and_nobody_else() {
    let role = |id: &str, person: &str| {
        let practitioner = if person.is_empty() { Value::Null } else { json!({ "reference": person }) };
        json!({ "resourceType": "PractitionerRole", "id": id, "practitioner": practitioner })
    };
    let roles =
        [role("mine", "Practitioner/me"), role("other", "Practitioner/somebody-else"), role("nobodys", "")];
    let all = ["PractitionerRole/mine", "PractitionerRole/nobodys", "PractitionerRole/other"];
    let rows: [(&str, &[&str]); 6] = [
        ("Practitioner/me", &all[..2]),
        ("https://ehr.example/fhir/Practitioner/me", &all[..2]),
        ("PractitionerRole/mine", &all[..2]),
        ("PractitionerRole/nobodys", &all),
        ("Patient/p1", &all),
        ("me", &all),
    ];
    for (user, expected) in rows {
        let sent = raw(&bundle(&roles));
        let prefetch = [("user-roles", sent.as_ref())];
        let mut record = Record::read(&prefetch, "p1", &terminology(), &Search::ALL);
        record.signed_by(user);
        assert_eq!(record.users.iter().collect::<Vec<_>>(), expected, "{user}");
    }
}
