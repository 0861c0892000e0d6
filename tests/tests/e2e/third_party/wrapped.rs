//! A file's resources as what the EHR prefetched, with an order of ours.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::files::File;
use crate::support::Request;
use crate::support::resources::{RXNORM, ixabepilone};

/// How many patients of one file are tried.
const PATIENTS: usize = 3;

/// For each patient of the file a request with what is about this patient; as recorded, and with recent results.
pub fn requests(file: &File) -> Vec<(String, Request)> {
    let mut resources = Vec::new();
    file.values().iter().for_each(|value| collect(value, &mut resources));
    let mut patients: Vec<String> = patients(&resources).into_iter().take(PATIENTS).collect();
    if patients.is_empty() {
        patients.push("p1".to_owned());
    }
    let mut requests = Vec::new();
    for patient in patients {
        let of: Vec<Value> = resources.iter().filter(|one| is_about(one, &patient)).cloned().collect();
        let recent: Vec<Value> = of.iter().map(recent).collect();
        requests.push((format!("{patient}, all resources"), request(&patient, &resources)));
        requests.push((format!("{patient}, recent results"), request(&patient, &recent)));
        requests.push((patient.clone(), request(&patient, &of)));
    }
    requests
}

/// Every resource in a value: of Bundles, hook requests, arrays, Parameters and whatever else there is.
fn collect(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => {
            let kind = members.get("resourceType").and_then(Value::as_str);
            if kind.is_some_and(|kind| kind != "Bundle" && kind != "Parameters") {
                found.push(value.clone());
            } else {
                members.values().for_each(|member| collect(member, found));
            }
        }
        _ => {}
    }
}

fn patients(resources: &[Value]) -> BTreeSet<String> {
    let own =
        resources.iter().filter(|one| one["resourceType"] == "Patient").filter_map(|one| one["id"].as_str());
    let of = resources.iter().filter_map(subject).filter_map(|reference| reference.rsplit(['/', ':']).next());
    own.chain(of).filter(|id| !id.is_empty() && !id.contains('/')).map(str::to_owned).collect()
}

fn subject(resource: &Value) -> Option<&str> {
    ["subject", "patient", "beneficiary"]
        .into_iter()
        .find_map(|member| resource[member]["reference"].as_str())
}

fn is_about(resource: &Value, patient: &str) -> bool {
    match resource["resourceType"].as_str() {
        Some("Patient") => resource["id"] == *patient,
        _ => subject(resource).is_none_or(|reference| reference.rsplit(['/', ':']).next() == Some(patient)),
    }
}

/// The resource as if it were of two days ago, so that no window hides what it says.
fn recent(resource: &Value) -> Value {
    let mut resource = resource.clone();
    if resource["resourceType"] == "Observation" {
        resource["effectiveDateTime"] = json!("2026-11-20T08:00:00Z");
        resource["status"] = json!("final");
    }
    resource
}

/// The prefetch keys under which a resource could be found.
fn keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "Patient" => &["patient"],
        "Observation" => &["laboratory", "vital-signs", "clinical-observations"],
        "Condition" => &["conditions"],
        "MedicationRequest" | "Medication" => &["medication-requests"],
        "MedicationStatement" => &["medication-statements"],
        "AllergyIntolerance" => &["allergies"],
        "Coverage" | "Organization" => &["coverage"],
        "Practitioner" => &["user"],
        "PractitionerRole" => &["user-roles"],
        "CareTeam" => &["care-teams"],
        "Encounter" => &["encounter"],
        "ServiceRequest" => &["referrals"],
        _ => &["something-else"],
    }
}

fn request(patient: &str, resources: &[Value]) -> Request {
    let mut order = ixabepilone("signpost-order", "40", 1, 21);
    order["subject"]["reference"] = json!(format!("Patient/{patient}"));
    assert_eq!(order["medicationCodeableConcept"]["coding"][0]["system"], RXNORM);
    let mut request = Request::new(&[order]).with("/context/patientId", json!(patient));
    for resource in resources {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        for key in keys(kind) {
            request = request.found(key, [resource.clone()]);
        }
    }
    request
}
