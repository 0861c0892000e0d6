//! The requests: everything that discovery asks for, with more or fewer results, and a long history in the largest.

use serde_json::{Value, json};

use crate::history::{administrations, disease_status, dispenses, entry};

/// From so many results on the record also holds the history of a long therapy.
const LARGE: usize = 600;

/// A small request whose laboratory answer has this many results, as wordy as EHRs send them.
pub fn request(observations: usize) -> Vec<u8> {
    let mut request: Value = serde_json::from_str(include_str!("request.json")).expect("JSON");
    let patient = request["context"]["patientId"].as_str().expect("a patient").to_owned();
    let prefetch = &mut request["prefetch"];
    prefetch["laboratory"] =
        searchset((0..observations).map(|number| entry(result(number, &patient))).collect());
    if observations >= LARGE {
        prefetch["medication-administrations"] = searchset(administrations(&patient));
        prefetch["medication-dispenses"] = searchset(dispenses(&patient));
        let mut observed = prefetch["clinical-observations"]["entry"].as_array().expect("entries").clone();
        observed.extend(disease_status(&patient));
        prefetch["clinical-observations"] = searchset(observed);
    }
    serde_json::to_vec(&request).expect("JSON")
}

fn searchset(entries: Vec<Value>) -> Value {
    json!({ "resourceType": "Bundle", "type": "searchset", "total": entries.len(), "entry": entries })
}

/// The five results that the limits ask for come round again and again, with others between them.
fn result(number: usize, patient: &str) -> Value {
    let results = [
        ("751-8", "Neutrophils [#/volume] in Blood by Automated count", "2.9", "10*3/uL", "1.8", "7.7"),
        ("777-3", "Platelets [#/volume] in Blood by Automated count", "212", "10*3/uL", "150", "400"),
        (
            "1920-8",
            "Aspartate aminotransferase [Enzymatic activity/volume] in Serum or Plasma",
            "31",
            "U/L",
            "8",
            "40",
        ),
        (
            "1742-6",
            "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma",
            "28",
            "U/L",
            "7",
            "41",
        ),
        ("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "0.6", "mg/dL", "0.1", "1.2"),
        ("718-7", "Hemoglobin [Mass/volume] in Blood", "11.4", "g/dL", "12.0", "16.0"),
        ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "0.8", "mg/dL", "0.5", "1.1"),
    ];
    let (code, display, value, unit, low, high) = results[number % results.len()];
    // One panel every third day, back from the day before.
    let days = i64::try_from(number / results.len() * 3).expect("a small number");
    let date = jiff::civil::date(2026, 11, 21).checked_sub(jiff::Span::new().days(days)).expect("a date");
    let quantity = |value: &str| json!({ "value": value.parse::<serde_json::Number>().expect("a number"), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit });
    json!({
        "resourceType": "Observation",
        "id": format!("lab-{number}"),
        "meta": { "versionId": "1", "lastUpdated": format!("{date}T09:12:44.000+00:00"), "profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab"] },
        "text": { "status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p><b>{display}</b></p><p>{value} {unit} (reference {low} to {high}), collected {date}</p></div>") },
        "identifier": [{ "use": "usual", "system": "urn:oid:1.2.840.114350.1.13.0.1.7.6.798268", "value": format!("{}", 880_000 + number) }],
        "status": "final",
        "category": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory", "display": "Laboratory" }], "text": "Laboratory" }],
        "code": { "coding": [
            { "system": "http://loinc.org", "code": code, "display": display },
            { "system": "urn:oid:1.2.840.114350.1.13.0.1.7.2.768282", "code": format!("{}", 1_520_000 + number % 7), "display": display }
        ], "text": display },
        "subject": { "reference": format!("Patient/{patient}"), "display": "Example, Patient" },
        "encounter": { "reference": "Encounter/enc-1", "display": "Oncology clinic visit" },
        "effectiveDateTime": format!("{date}T08:30:00Z"),
        "issued": format!("{date}T09:12:44Z"),
        "performer": [{ "reference": "Organization/lab-1", "type": "Organization", "display": "Hospital core laboratory" }],
        "valueQuantity": quantity(value),
        "interpretation": [{ "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "N", "display": "Normal" }] }],
        "specimen": { "reference": format!("Specimen/sp-{}", number / 7), "display": "Blood, venous" },
        "referenceRange": [{ "low": quantity(low), "high": quantity(high), "type": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/referencerange-meaning", "code": "normal" }] }, "text": format!("{low} - {high} {unit}") }]
    })
}
