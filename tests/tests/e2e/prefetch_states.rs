//! Absent, nothing there, failed, and more to come are four different things, as far as the words on the card.

use serde_json::{Value, json};

use crate::support::resources::{LOINC, SNOMED, attestation, concept, failure, observed, order};
use crate::support::{CLINICAL_CRITERIA, POLICIES, Request, UM_MEDICAL_POLICY};

/// What stands under a prefetch key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Absent,
    Null,
    Empty,
    Failed,
    FailedInside,
    Paged,
}

const STATES: [State; 6] =
    [State::Absent, State::Null, State::Empty, State::Failed, State::FailedInside, State::Paged];

impl State {
    fn is_an_answer(self) -> bool {
        matches!(self, Self::Null | Self::Empty)
    }

    fn put(self, request: Request, key: &str) -> Request {
        let bundle = |entry: Value, next: bool| {
            let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "entry": entry });
            if next {
                let url = "https://ehr.example.org/r4?page=2";
                bundle["link"] =
                    json!([{ "relation": "self", "url": url }, { "relation": "next", "url": url }]);
            }
            bundle
        };
        match self {
            Self::Absent => request.without(key),
            Self::Null => request.answered(key, Value::Null),
            Self::Empty => request.answered(key, bundle(json!([]), false)),
            Self::Failed => request.answered(key, failure()),
            Self::FailedInside => {
                let entry = json!([{ "resource": failure(), "search": { "mode": "outcome" } }]);
                request.answered(key, bundle(entry, false))
            }
            Self::Paged => request.answered(key, bundle(json!([]), true)),
        }
    }
}

/// An element, its title on a card, the prefetch key that it rests on, and the policy that asks for it.
struct Rests {
    key: &'static str,
    element: &'static str,
    title: &'static str,
    policy: &'static str,
}

#[rustfmt::skip]
const ELEMENTS: [Rests; 5] = [
    Rests { key: "laboratory", element: "labs.neutrophils", title: "Absolute neutrophil count", policy: CLINICAL_CRITERIA },
    Rests { key: "conditions", element: "diagnosis.breast-cancer", title: "Breast cancer", policy: CLINICAL_CRITERIA },
    Rests { key: "conditions", element: "diagnosis.breast-cancer", title: "Breast cancer", policy: UM_MEDICAL_POLICY },
    Rests { key: "patient", element: "patient.age", title: "Age", policy: UM_MEDICAL_POLICY },
    Rests { key: "user-roles", element: "prescriber.oncologist", title: "Prescribed by or with an oncologist", policy: UM_MEDICAL_POLICY },
];

#[test]
fn the_states_stay_apart_as_far_as_the_card() {
    for Rests { key, element, title, policy } in ELEMENTS {
        for state in STATES {
            let answer = state.put(Request::meets(), key).post();
            let found = answer.determination(policy);
            let gap = if state.is_an_answer() { "not-recorded" } else { "unavailable" };
            assert_eq!(found.gaps(element), [gap], "{key} {state:?} {element}: {}", found.0);
            assert_eq!(found.comes_to(), "information-needed", "{key} {state:?}");
            let detail = answer.card(policy)["detail"].to_string();
            let says = |words: &str| detail.contains(&format!("{title}: *{words}*"));
            assert_eq!(says("not on file"), state.is_an_answer(), "{key} {state:?}: {detail}");
            assert_eq!(says("could not be read"), !state.is_an_answer(), "{key} {state:?}: {detail}");
        }
    }
}

/// A client that never sends attestations says nothing by that; one whose search for them failed may have lost one.
#[test]
fn attestations_that_could_not_be_read_are_named_beside_what_the_record_leaves_open() {
    for state in STATES {
        let answer = state.put(Request::meets(), "attestations").post();
        let found = answer.determination(CLINICAL_CRITERIA);
        let is_lost = matches!(state, State::Failed | State::FailedInside | State::Paged);
        let gaps = found.gaps("therapy.prior-lines");
        assert_eq!(gaps.contains(&"unavailable"), is_lost, "{state:?}: {}", found.0);
        assert!(gaps.contains(&"not-recorded"), "{state:?}: {}", found.0);
        assert_eq!(found.comes_to(), "information-needed", "{state:?}");
    }
}

/// Absence is an answer for some elements, after a complete search only.
#[test]
fn absence_is_an_answer_only_where_everything_was_read() {
    for state in STATES {
        let answer = state.put(Request::meets(), "medication-requests").post();
        let found = answer.determination(CLINICAL_CRITERIA);
        if state.is_an_answer() {
            assert_eq!(found.comes_to(), "meets-criteria", "{state:?}");
        } else {
            assert_eq!(found.comes_to(), "information-needed", "{state:?}");
            assert_eq!(found.gaps("order.partners"), ["unavailable"], "{state:?}: {}", found.0);
        }
        let open = state.put(Request::meets(), "allergies").post().limits("unknown");
        let is_open = open.contains(&"castor-oil-hypersensitivity".to_owned());
        assert_eq!(is_open, !state.is_an_answer(), "{state:?}: {open:?}");
    }
}

/// The reason why something could not be read is told, with the name of the prefetch key.
#[test]
fn the_key_and_the_reason_are_named() {
    let rows =
        [(State::Absent, "was not sent"), (State::Failed, "failed at the EHR"), (State::Paged, "more pages")];
    for (state, reason) in rows {
        let detail =
            state.put(Request::meets(), "laboratory").post().card(CLINICAL_CRITERIA)["detail"].to_string();
        assert!(detail.contains("laboratory") && detail.contains(reason), "{state:?}: {detail}");
    }
}

/// A page that is there counts; what may be on the next is open.
#[test]
fn results_of_a_first_page_count_and_the_rest_is_open() {
    let mut request = Request::meets();
    request.0["prefetch"]["laboratory"]["link"] =
        json!([{ "relation": "next", "url": "https://ehr.example.org/2" }]);
    let answer = request.post();
    assert_ne!(answer.determination(CLINICAL_CRITERIA).comes_to(), "does-not-meet-criteria");
    let low = request.0["prefetch"]["laboratory"]["entry"].as_array().expect("entries").clone();
    assert_eq!(low.len(), 5);
}

/// A resource of another patient is no answer about this one.
#[test]
fn another_patients_results_are_never_this_ones() {
    let mut request = Request::meets();
    for entry in request.0["prefetch"]["laboratory"]["entry"].as_array_mut().expect("entries") {
        entry["resource"]["subject"]["reference"] = json!("Patient/p2");
        entry["resource"]["valueQuantity"]["value"] = json!(0);
    }
    let answer = request.post();
    assert_eq!(answer.determination(CLINICAL_CRITERIA).gaps("labs.neutrophils"), ["unavailable"]);
    assert!(answer.limits("met").iter().all(|limit| limit == "labs-missing"), "{}", answer.text());

    let other = json!({ "resourceType": "Patient", "id": "p2", "birthDate": "2015-01-01" });
    let answer = Request::meets().answered("patient", other).post();
    assert_eq!(answer.determination(UM_MEDICAL_POLICY).gaps("patient.age"), ["unavailable"]);
}

/// A resource of a type that was not asked for is no answer.
#[test]
fn a_resource_of_another_type_is_no_answer() {
    let basic = json!({ "resourceType": "Basic", "id": "b" });
    for Rests { key, element, policy, .. } in ELEMENTS {
        for answered in [basic.clone(), json!({ "resourceType": "Bundle", "entry": [{ "resource": basic }] })]
        {
            let found = Request::meets().answered(key, answered).post().determination(policy);
            assert_eq!(found.gaps(element), ["unavailable"], "{key}: {}", found.0);
        }
    }
}

/// Capecitabine is on record only, in an order of this month, and nothing but that combination is covered.
fn with_an_ongoing_partner() -> Request {
    let mut partner = order("cape", "200328", json!({ "text": "1000 mg/m2 twice daily" }));
    partner["status"] = json!("active");
    partner["authoredOn"] = json!("2026-11-10");
    let her2 = ("valueCodeableConcept", concept(SNOMED, "10828004"));
    let truths = ["therapy.taxane-resistant", "therapy.anthracycline-contraindicated"];
    Request::meets()
        .answered("attestations", Value::Null)
        .found("attestations", [attestation("therapy.prior-lines", ("valueInteger", json!(1)))])
        .found("attestations", truths.map(|truth| attestation(truth, ("valueBoolean", json!(true)))))
        .found("clinical-observations", [observed("her2", (LOINC, "85319-2"), "2026-02-01", her2)])
        .found("medication-requests", [partner])
}

/// Staged M0 some time before the metastasis was found.
fn with_a_stage_before_the_metastasis() -> Request {
    let m0 = ("valueCodeableConcept", concept(SNOMED, "30893008"));
    let untrue = [
        "disease.locally-advanced",
        "disease.recurrent",
        "disease.unresectable",
        "disease.no-response-to-preoperative-therapy",
    ];
    Request::meets()
        .found("clinical-observations", [observed("m", (LOINC, "21907-1"), "2025-02-01", m0)])
        .found("attestations", untrue.map(|truth| attestation(truth, ("valueBoolean", json!(false)))))
}

/// Whatever single answer is taken away, fails or is cut short: nothing is denied by that.
#[test]
fn losing_one_answer_never_denies() {
    for request in [Request::meets(), with_an_ongoing_partner(), with_a_stage_before_the_metastasis()] {
        let whole = request.post();
        for policy in POLICIES {
            assert_eq!(whole.determination(policy).comes_to(), "meets-criteria", "{}", whole.text());
        }
        for key in request.0["prefetch"].as_object().expect("prefetch").keys() {
            // An empty answer is another answer, not a lost one.
            for state in STATES.into_iter().filter(|state| !state.is_an_answer()) {
                let answer = state.put(request.clone(), key).post();
                for policy in POLICIES {
                    let found = answer.determination(policy);
                    assert_ne!(found.comes_to(), "does-not-meet-criteria", "{key} {state:?}: {}", found.0);
                }
            }
        }
    }
}
