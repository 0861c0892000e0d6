//! What a record may lose or gain without turning what is open into a "no", and in which forms it may say the same.

use criteria::{Count, Known, Possible, Truth};
use ehr::search::Search;
use serde_json::{Value, json};

use crate::{HISTORIES, History, in_words};

/// Whether every value that `narrow` leaves possible is possible by `wide` too.
fn is_within(narrow: &Known, wide: &Known) -> bool {
    let end = |count: &Count| count.high().unwrap_or(u32::MAX);
    match (&narrow.possible, &wide.possible) {
        (Possible::Count(narrow), Possible::Count(wide)) => {
            wide.low() <= narrow.low() && end(narrow) <= end(wide)
        }
        (Possible::Truth(narrow), Possible::Truth(wide)) => *wide == Truth::Either || narrow == wide,
        _ => false,
    }
}

fn answers(history: &History) -> Vec<(&'static str, Known)> {
    history.checks().into_iter().map(|(element, _)| (element, history.known(element))).collect()
}

/// The history with what was given or dispensed recorded in another form.
fn recorded_as(history: &History, form: &str) -> History {
    let rows = history.rows.iter().map(|row| {
        let is_dose_as_supply = form == "dispense" && row.contains(" administration ");
        let row = row.replacen(" administration ", &format!(" {form} "), 1).replacen(
            " dispense ",
            &format!(" {form} "),
            1,
        );
        if is_dose_as_supply { supply_of_a_day(&row) } else { row }
    });
    History { rows: rows.collect(), ..history.clone() }
}

/// What is infused on a day is handed out for that day, not for the cycle.
fn supply_of_a_day(row: &str) -> String {
    match row.strip_suffix('}') {
        Some(row) => format!("{row}, supply=1}}"),
        None => format!("{row} {{supply=1}}"),
    }
}

fn not_nested(forms: [&str; 2]) -> Vec<String> {
    let mut wrong = Vec::new();
    // A dispense has no place for why the therapy ended: it does not say the same.
    let says_why = |history: &&History| {
        let mut rows = history.rows.iter();
        rows.any(|row| row.contains("not-tolerated") || row.contains("no-response"))
    };
    for history in HISTORIES.iter().filter(|history| forms[1] != "dispense" || !says_why(history)) {
        let [stronger, weaker] = forms.map(|form| recorded_as(history, form));
        for (element, _) in history.checks() {
            let (known, found) = (stronger.known(element), weaker.known(element));
            if !is_within(&known, &found) {
                let (known, found) = (in_words(&known), in_words(&found));
                wrong.push(format!("{}: {element} is {known}, and {found} as {forms:?}", history.history));
            }
        }
    }
    wrong
}

/// A dose given, or a supply handed out, is the strongest evidence: what is only stated or ordered leaves at least as
/// much possible.
#[test]
fn the_same_history_stated_or_ordered_is_never_surer() {
    let pairs = [
        ["administration", "dispense"],
        ["administration", "statement"],
        ["administration", "order"],
        ["dispense", "statement"],
        ["dispense", "order"],
    ];
    let wrong: Vec<String> = pairs.into_iter().flat_map(not_nested).collect();
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// One of each type, about something else.
pub fn beside_the_point() -> Vec<(&'static str, Value)> {
    let subject = json!({ "reference": "Patient/p1" });
    let drug = json!({ "text": "ondansetron" });
    let day = "2026-03-02";
    vec![
        (
            "conditions",
            json!({ "resourceType": "Condition", "id": "n1", "subject": subject, "onsetDateTime": day,
                "code": { "coding": [{ "system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10" }] } }),
        ),
        (
            "clinical-observations",
            json!({ "resourceType": "Observation", "id": "n2", "status": "final", "subject": subject,
                "effectiveDateTime": day, "valueQuantity": { "value": 72, "unit": "/min" },
                "code": { "coding": [{ "system": "http://loinc.org", "code": "8867-4" }] } }),
        ),
        (
            "procedures",
            json!({ "resourceType": "Procedure", "id": "n3", "status": "completed", "subject": subject,
                "performedDateTime": day, "code": { "text": "Appendectomy" } }),
        ),
        (
            "medication-administrations",
            json!({ "resourceType": "MedicationAdministration", "id": "n4", "status": "completed", "subject": subject,
                "effectiveDateTime": day, "medicationCodeableConcept": drug }),
        ),
        (
            "medication-dispenses",
            json!({ "resourceType": "MedicationDispense", "id": "n5", "status": "completed", "subject": subject,
                "whenHandedOver": day, "medicationCodeableConcept": drug }),
        ),
        (
            "medication-statements",
            json!({ "resourceType": "MedicationStatement", "id": "n6", "status": "active", "subject": subject,
                "effectiveDateTime": day, "medicationCodeableConcept": drug }),
        ),
        (
            "medication-requests",
            json!({ "resourceType": "MedicationRequest", "id": "n7", "status": "active", "intent": "order",
                "subject": subject, "authoredOn": day, "medicationCodeableConcept": drug }),
        ),
        (
            "allergies",
            json!({ "resourceType": "AllergyIntolerance", "id": "n8", "patient": subject, "recordedDate": day,
                "code": { "text": "penicillin G" } }),
        ),
        (
            "care-plans",
            json!({ "resourceType": "CarePlan", "id": "n9", "status": "active", "intent": "plan", "subject": subject,
                "activity": [{ "detail": { "status": "in-progress", "code": { "text": "Physical therapy" } } }] }),
        ),
        (
            "laboratory",
            json!({ "resourceType": "Observation", "id": "n10", "status": "final", "subject": subject,
                "effectiveDateTime": day, "valueQuantity": { "value": 139, "unit": "mmol/L" },
                "code": { "coding": [{ "system": "http://loinc.org", "code": "2951-2" }] } }),
        ),
    ]
}

#[test]
fn what_is_beside_the_point_changes_no_answer() {
    let mut wrong = Vec::new();
    for history in HISTORIES.iter() {
        for (search, resource) in beside_the_point() {
            let mut prefetch = history.prefetch();
            assert!(Search::ALL.into_iter().any(|one| one.key() == search), "no search {search}");
            for (_, answer) in prefetch.iter_mut().filter(|(key, _)| *key == search) {
                let entries = answer.get_mut("entry").and_then(Value::as_array_mut).unwrap();
                entries.push(json!({ "resource": resource }));
            }
            for (element, known) in answers(history) {
                let found = in_words(&history.known_from(element, &prefetch));
                if found != in_words(&known) {
                    let known = in_words(&known);
                    wrong.push(format!(
                        "{}: {element} is {known}, and {found} with one of {search}",
                        history.history
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

/// Whatever one resource is lost, what was open is not ruled out.
///
/// A number of lines is left out: each course adds to the most there can be, so that losing one lowers it.
#[test]
fn losing_a_resource_never_turns_open_into_no() {
    let mut wrong = Vec::new();
    for history in HISTORIES.iter() {
        let prefetch = history.prefetch();
        let open = answers(history)
            .into_iter()
            .filter(|(_, known)| known.possible == Possible::Truth(Truth::Either));
        let open: Vec<&str> = open.map(|(element, _)| element).collect();
        for (place, (key, answer)) in prefetch.iter().enumerate() {
            let entries = answer.get("entry").and_then(Value::as_array).map_or(0, Vec::len);
            for lost in 0..entries {
                let mut prefetch = prefetch.clone();
                prefetch[place].1["entry"].as_array_mut().unwrap().remove(lost);
                for element in &open {
                    if in_words(&history.known_from(element, &prefetch)) == "no" {
                        wrong.push(format!("{}: {element} is no without {key} {lost}", history.history));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
