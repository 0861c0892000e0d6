//! A long therapy, as infusion centers write it down: one administration for every infusion, supportive drugs too.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// One drug over a time.
struct Course {
    code: &'static str,
    drug: &'static str,
    dose: u32,
    start: Date,
    /// Days of the cycle on which it is given, counted from 0.
    days: &'static [i64],
    cycle: i64,
    cycles: i64,
    /// The sender writes the time of the infusion, not only its start.
    is_period: bool,
}

/// Two hundred administrations: anthracycline and taxane after surgery, endocrine therapy in advanced disease, three
/// chemotherapies with what was given beside them.
pub fn administrations(patient: &str) -> Vec<Value> {
    let courses = courses();
    let all = courses.iter().flat_map(|course| {
        (0..course.cycles).flat_map(move |cycle| {
            course.days.iter().map(move |day| {
                let days = (cycle * course.cycle + day).days();
                (course, course.start.checked_add(days).expect("a date"))
            })
        })
    });
    all.enumerate().map(|(number, (course, day))| administration(number, course, day, patient)).collect()
}

fn courses() -> Vec<Course> {
    let infusion = |code, drug, dose, start, days, cycle, cycles| Course {
        code,
        drug,
        dose,
        start,
        days,
        cycle,
        cycles,
        is_period: true,
    };
    let injection = |code, drug, dose, start, days, cycle, cycles| Course {
        is_period: false,
        ..infusion(code, drug, dose, start, days, cycle, cycles)
    };
    let adjuvant = date(2021, 2, 8);
    vec![
        infusion("3639", "doxorubicin", 105, adjuvant, &[0], 14, 4),
        infusion("3002", "cyclophosphamide", 1050, adjuvant, &[0], 14, 4),
        infusion("56946", "paclitaxel", 140, date(2021, 4, 5), &[0, 7], 14, 6),
        injection("282357", "fulvestrant", 500, date(2024, 1, 15), &[0], 28, 12),
        infusion("1114085", "zoledronic acid 0.04 MG/ML Injection", 4, date(2024, 1, 15), &[0], 84, 6),
        infusion("583214", "paclitaxel 100 MG Injection", 175, date(2025, 1, 6), &[0, 7, 14], 28, 6),
        infusion("12574", "gemcitabine", 1750, date(2025, 7, 7), &[0, 7], 21, 7),
        infusion("40048", "carboplatin", 300, date(2025, 7, 7), &[0, 7], 21, 7),
        infusion("1045453", "eribulin", 2, date(2026, 1, 5), &[0, 7], 21, 15),
        infusion("3264", "dexamethasone", 10, date(2021, 4, 5), &[0, 7], 14, 6),
        infusion("3264", "dexamethasone", 10, date(2025, 1, 6), &[0, 7, 14], 28, 6),
        infusion("3264", "dexamethasone", 10, date(2025, 7, 7), &[0, 7], 21, 7),
        infusion("3264", "dexamethasone", 10, date(2026, 1, 5), &[0, 7], 21, 15),
        injection("993452", "denosumab 60 MG/ML Prefilled Syringe", 120, date(2026, 1, 5), &[0], 28, 12),
    ]
}

fn administration(number: usize, course: &Course, day: Date, patient: &str) -> Value {
    let Course { code, drug, dose, is_period, .. } = course;
    let id = format!("adm-{number}");
    let mut resource = json!({
        "resourceType": "MedicationAdministration",
        "id": id,
        "meta": { "versionId": "2", "lastUpdated": format!("{day}T16:40:12.000+00:00") },
        "identifier": [{ "use": "usual", "system": "urn:oid:1.2.840.114350.1.13.0.1.7.2.798268", "value": format!("{}", 5_310_000 + number) }],
        "status": "completed",
        "category": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/medication-admin-category", "code": "outpatient", "display": "Outpatient" }], "text": "Outpatient" },
        "medicationCodeableConcept": { "coding": [{ "system": RXNORM, "code": code, "display": drug }], "text": drug },
        "subject": { "reference": format!("Patient/{patient}"), "display": "Example, Patient" },
        "context": { "reference": format!("Encounter/inf-{number}"), "display": "Infusion visit" },
    });
    resource["effectivePeriod"] =
        json!({ "start": format!("{day}T14:05:00Z"), "end": format!("{day}T15:20:00Z") });
    if !is_period {
        resource.as_object_mut().expect("an object").remove("effectivePeriod");
        resource["effectiveDateTime"] = json!(format!("{day}T14:05:00Z"));
    }
    resource["performer"] =
        json!([{ "actor": { "reference": "Practitioner/rn-7", "display": "Infusion nurse" } }]);
    resource["request"] = json!({ "reference": format!("MedicationRequest/mr-{}", number / 4) });
    resource["dosage"] = json!({
        "text": format!("{dose} mg"),
        "route": { "coding": [{ "system": "http://snomed.info/sct", "code": "47625008", "display": "Intravenous route" }], "text": "Intravenous" },
        "dose": { "value": dose, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg" }
    });
    entry(resource)
}

/// A year's fills of a tablet that went with the endocrine therapy.
pub fn dispenses(patient: &str) -> Vec<Value> {
    let first = date(2024, 1, 15);
    let dispense = |number: i64| {
        let day = first.checked_add((number * 28).days()).expect("a date");
        entry(json!({
            "resourceType": "MedicationDispense",
            "id": format!("dis-{number}"),
            "meta": { "versionId": "1", "lastUpdated": format!("{day}T10:15:00.000+00:00") },
            "identifier": [{ "system": "urn:oid:1.2.840.114350.1.13.0.1.7.2.798269", "value": format!("{}", 7_710_000 + number) }],
            "status": "completed",
            "medicationCodeableConcept": { "coding": [{ "system": RXNORM, "code": "1601374", "display": "palbociclib" }], "text": "palbociclib" },
            "subject": { "reference": format!("Patient/{patient}"), "display": "Example, Patient" },
            "quantity": { "value": 21, "unit": "tablet" },
            "daysSupply": { "value": 28, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d" },
            "whenPrepared": format!("{day}T08:30:00Z"),
            "whenHandedOver": format!("{day}T10:15:00Z"),
            "dosageInstruction": [{ "text": "Take one tablet by mouth daily for 21 days, then 7 days off" }]
        }))
    };
    (0..12).map(dispense).collect()
}

/// What was seen of the disease at the end of each therapy.
pub fn disease_status(patient: &str) -> Vec<Value> {
    let seen = [
        ("2024-04-22", "359746009", "Patient's condition stable"),
        ("2024-12-16", "271299001", "Patient's condition worsened"),
        ("2025-06-23", "271299001", "Patient's condition worsened"),
        ("2025-12-22", "271299001", "Patient's condition worsened"),
        ("2026-11-16", "271299001", "Patient's condition worsened"),
    ];
    let status = |(number, (day, code, display)): (usize, (&str, &str, &str))| {
        entry(json!({
            "resourceType": "Observation",
            "id": format!("status-{number}"),
            "meta": { "profile": ["http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-cancer-disease-status"] },
            "status": "final",
            "code": { "coding": [{ "system": "http://loinc.org", "code": "97509-4", "display": "Cancer Disease Progression" }] },
            "subject": { "reference": format!("Patient/{patient}") },
            "effectiveDateTime": day,
            "valueCodeableConcept": { "coding": [{ "system": "http://snomed.info/sct", "code": code, "display": display }], "text": display }
        }))
    };
    seen.into_iter().enumerate().map(status).collect()
}

/// An entry as a searchset holds it.
pub fn entry(resource: Value) -> Value {
    let address = format!(
        "https://ehr.example/fhir/R4/{}/{}",
        resource["resourceType"].as_str().expect("a type"),
        resource["id"].as_str().expect("an id")
    );
    json!({ "fullUrl": address, "resource": resource, "search": { "mode": "match" } })
}
