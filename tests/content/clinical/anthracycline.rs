//! Whether further anthracycline is contraindicated.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{check, concept, condition, merged, seen_with, status};
use crate::table::{condition_statuses, each, observation_statuses, searches_without_an_answer, stays};

const ELEMENT: &str = "therapy.anthracycline-contraindicated";
const DAY: &str = "2026-05-01";
const SILENT: &str = "either: not-recorded";

fn lvef(more: &Value) -> Value {
    seen_with("10230-1", DAY, more)
}

fn percent(value: f64) -> Value {
    json!({ "valueQuantity": { "value": value, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%" } })
}

#[test]
fn diseases_of_the_heart_and_statements() {
    let rows = [
        ("icd:I50.9", "yes"),
        ("icd:I5022", "yes"),
        ("icd:I42.0", "yes"),
        ("icd:I42.7", "yes"),
        ("icd:I43", "yes"),
        ("icd:I11.0", "yes"),
        ("icd:I13.2", "yes"),
        ("icd:I25.5", "yes"),
        ("icd:I11.9", SILENT),
        ("icd:I48.91", SILENT),
        ("icd:Z82.49", SILENT),
        ("icd:Z86.79", SILENT),
        ("sct:84114007", "yes"),
        ("sct:85898001", "yes"),
        ("Congestive heart failure", "yes"),
        ("Dilated cardiomyopathy", "yes"),
        ("CHF", "yes"),
        ("No heart failure", SILENT),
        ("Heart failure ruled out", SILENT),
        ("History of heart failure", SILENT),
        ("Family history of cardiomyopathy", SILENT),
        ("Risk of heart failure", SILENT),
        ("Anthracycline contraindicated", "yes"),
        ("Contraindication to anthracyclines", "yes"),
        ("Maximum lifetime doxorubicin dose reached", "yes"),
        ("Lifetime dose of anthracycline exceeded", "yes"),
        ("Doxorubicin-induced cardiotoxicity", "yes"),
        ("No contraindication to anthracyclines", SILENT),
        ("Anthracycline not contraindicated", SILENT),
        ("Cumulative anthracycline dose not yet reached", SILENT),
        ("Treated with doxorubicin", SILENT),
    ];
    each(ELEMENT, &rows, |code| vec![condition(code, DAY, &status("active", "confirmed"))]);
    condition_statuses(ELEMENT, &condition("icd:I50.9", DAY, &json!({})));
    condition_statuses(ELEMENT, &condition("Anthracycline contraindicated", DAY, &json!({})));
}

#[test]
fn ejection_fraction() {
    let quantity = |more: Value| {
        vec![lvef(&json!({ "valueQuantity": merged(json!({ "value": 45, "unit": "%" }), &more) }))]
    };
    let range = |low: u8, high: u8| {
        let end = |value: u8| json!({ "value": value, "unit": "%" });
        vec![lvef(&json!({ "valueRange": { "low": end(low), "high": end(high) } }))]
    };
    check(
        ELEMENT,
        &[
            ("45 %", quantity(json!({})), "yes"),
            ("49.9 %", vec![lvef(&percent(49.9))], "yes"),
            ("exactly 50 %", vec![lvef(&percent(50.0))], SILENT),
            ("60 %", vec![lvef(&percent(60.0))], SILENT),
            ("by ultrasound", vec![seen_with("18043-0", DAY, &percent(40.0))], "yes"),
            ("by ultrasound in two dimensions", vec![seen_with("8806-2", DAY, &percent(40.0))], "yes"),
            ("in words", vec![lvef(&json!({ "valueString": "45 %" }))], "yes"),
            ("below 45 %", quantity(json!({ "comparator": "<" })), "yes"),
            ("below 60 %", quantity(json!({ "value": 60, "comparator": "<" })), "either: imprecise"),
            ("above 55 %", quantity(json!({ "value": 55, "comparator": ">" })), SILENT),
            ("a range below", range(40, 45), "yes"),
            ("a range across", range(45, 50), "either: imprecise"),
            ("a range above", range(55, 60), SILENT),
            ("no unit", quantity(json!({ "unit": null })), "either: imprecise"),
            ("another unit", quantity(json!({ "unit": "mL" })), "either: imprecise"),
            ("a word", vec![lvef(&json!({ "valueString": "normal" }))], "either: imprecise"),
            ("no value, but why", vec![lvef(&json!({ "dataAbsentReason": concept("not done") }))], SILENT),
            ("undated", vec![merged(lvef(&percent(45.0)), &json!({ "effectiveDateTime": null }))], "yes"),
            ("long ago", vec![seen_with("10230-1", "2015", &percent(45.0))], "yes"),
            ("in the future", vec![seen_with("10230-1", "2027-01-01", &percent(45.0))], "either: imprecise"),
        ],
    );
    observation_statuses(ELEMENT, &lvef(&percent(45.0)), "yes", "either");
}

#[test]
fn allergies() {
    let to = |substance: &str, more: &Value| {
        let allergy = json!({ "resourceType": "AllergyIntolerance", "id": "a", "code": concept(substance), "recordedDate": DAY });
        vec![merged(allergy, more)]
    };
    let reaction = json!({ "code": null, "reaction": [{ "substance": concept("epirubicin") }] });
    check(
        ELEMENT,
        &[
            ("doxorubicin", to("rx:3639", &status("active", "confirmed")), "yes"),
            ("epirubicin", to("rx:3995", &json!({})), "yes"),
            ("liposomal", to("rx:1790115", &json!({})), "yes"),
            ("the class, in words", to("Anthracyclines", &json!({})), "yes"),
            ("a brand, in words", to("Adriamycin", &json!({})), "yes"),
            ("the substance of a reaction", to("x", &reaction), "yes"),
            ("mitoxantrone is none", to("Mitoxantrone", &json!({})), SILENT),
            ("penicillin", to("Penicillin", &json!({})), SILENT),
            ("unconfirmed", to("rx:3639", &status("active", "unconfirmed")), "either: imprecise"),
            ("refuted", to("rx:3639", &status("active", "refuted")), SILENT),
            ("entered in error", to("rx:3639", &status("", "entered-in-error")), SILENT),
            ("inactive", to("rx:3639", &status("inactive", "confirmed")), SILENT),
            ("resolved", to("rx:3639", &status("resolved", "confirmed")), SILENT),
        ],
    );
}

#[test]
fn nothing_in_a_record_rules_it_out() {
    let searches = [Search::Conditions, Search::ClinicalObservations, Search::Allergies];
    check(ELEMENT, &[("nothing", vec![], SILENT), ("a good heart", vec![lvef(&percent(65.0))], SILENT)]);
    searches_without_an_answer(ELEMENT, &searches, "either");
    let failing = [condition("icd:I50.9", DAY, &json!({}))];
    stays(ELEMENT, &failing, Search::ClinicalObservations, "yes");
    stays(ELEMENT, &failing, Search::Allergies, "yes");
    stays(ELEMENT, &[lvef(&percent(45.0))], Search::Conditions, "yes");
}
