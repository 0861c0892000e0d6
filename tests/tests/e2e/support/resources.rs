//! FHIR resources of one patient, as small as a reader needs them.

use serde_json::{Value, json};

use super::json::parsed;

pub const LOINC: &str = "http://loinc.org";
pub const SNOMED: &str = "http://snomed.info/sct";
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub const NUCC: &str = "http://nucc.org/provider-taxonomy";

/// The patient of every test.
pub const PATIENT: &str = "p1";

/// A decimal as it is written.
pub fn number(text: &str) -> Value {
    parsed(text)
}

/// A CodeableConcept with one coding.
pub fn concept(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

fn subject() -> Value {
    json!({ "reference": format!("Patient/{PATIENT}") })
}

/// The patient.
pub fn patient(birth_date: &str) -> Value {
    json!({ "resourceType": "Patient", "id": PATIENT, "birthDate": birth_date })
}

/// A final Observation without a value.
pub fn observation(id: &str, system: &str, code: &str, date: &str) -> Value {
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "code": concept(system, code),
        "subject": subject(), "effectiveDateTime": date
    })
}

/// A final Observation with a value, such as `("valueBoolean", true)`.
pub fn observed(id: &str, (system, code): (&str, &str), date: &str, (member, value): (&str, Value)) -> Value {
    let mut observation = observation(id, system, code, date);
    observation[member] = value;
    observation
}

/// A laboratory result, `upper` being the upper limit of normal that it brings.
pub fn lab(id: &str, loinc: &str, date: &str, value: &str, unit: &str, upper: Option<&str>) -> Value {
    let quantity = |value: &str| json!({ "value": number(value), "unit": unit, "system": "http://unitsofmeasure.org", "code": unit });
    let mut result = observed(id, (LOINC, loinc), date, ("valueQuantity", quantity(value)));
    if let Some(upper) = upper {
        result["referenceRange"] = json!([{ "high": quantity(upper) }]);
    }
    result
}

/// An attestation: a clinician states the value of a data element.
pub fn attestation(element: &str, value: (&str, Value)) -> Value {
    let id = format!("attested-{}", element.replace('.', "-"));
    observed(&id, ("urn:signpost:data-element", element), "2026-11-20", value)
}

/// An active, confirmed Condition.
pub fn condition(id: &str, code: &str) -> Value {
    let status = |system: &str, code: &str| {
        concept(&format!("http://terminology.hl7.org/CodeSystem/condition-{system}"), code)
    };
    json!({
        "resourceType": "Condition", "id": id, "code": concept(ICD_10_CM, code), "subject": subject(),
        "clinicalStatus": status("clinical", "active"), "verificationStatus": status("ver-status", "confirmed"),
        "recordedDate": "2026-03-01"
    })
}

/// A draft order for a drug.
pub fn order(id: &str, rxnorm: &str, dosage: Value) -> Value {
    json!({
        "resourceType": "MedicationRequest", "id": id, "status": "draft", "intent": "order",
        "medicationCodeableConcept": concept(RXNORM, rxnorm), "subject": subject(),
        "authoredOn": "2026-11-22", "dosageInstruction": [dosage]
    })
}

/// A draft order for ixabepilone into a vein, in mg/m2, so many times in so many days.
pub fn ixabepilone(id: &str, mg_per_m2: &str, times: u32, days: u32) -> Value {
    let dose = json!({ "value": number(mg_per_m2), "unit": "mg/m2", "code": "mg/m2" });
    let dosage = json!({
        "timing": { "repeat": { "frequency": times, "period": days, "periodUnit": "d" } },
        "route": concept(SNOMED, "47625008"),
        "doseAndRate": [{ "doseQuantity": dose }]
    });
    order(id, "1726271", dosage)
}

/// The prescriber's role, with a specialty.
pub fn role(nucc: &str) -> Value {
    json!({
        "resourceType": "PractitionerRole", "id": "r1", "practitioner": { "reference": "Practitioner/dr1" },
        "specialty": [concept(NUCC, nucc)]
    })
}

/// An OperationOutcome: what a client sends where its own search failed.
pub fn failure() -> Value {
    json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": "timeout", "diagnostics": "search timed out" }]
    })
}
