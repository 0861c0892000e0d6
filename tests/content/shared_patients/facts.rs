//! The coded facts of a file, and which of them knowledge rests on.

use std::collections::BTreeSet;

use criteria::{Evidence, Knowledge};
use serde_json::Value;

use crate::content::content;
use crate::patient::Patient;

/// Code systems by the short names that notes use; others by the last part of their URL.
const SYSTEMS: [(&str, &str); 5] = [
    ("loinc.org", "loinc"),
    ("snomed.info/sct", "sct"),
    ("icd-10", "icd10"),
    ("rxnorm", "rx"),
    ("atc", "atc"),
];

/// A coded fact that no element's evidence cites.
pub struct Fact {
    /// Type and code, as notes name it: `Observation loinc|89247-1`.
    pub name: String,
    /// Whether a fact with the same name is cited: an older result, or one that another outranks.
    pub has_cited_twin: bool,
}

/// The facts of a patient that no evidence cites, in the order of the file.
pub fn not_found(patient: &Patient, knowledge: &Knowledge) -> Vec<Fact> {
    let evidence = evidence(knowledge);
    let (found, left): (Vec<_>, Vec<_>) =
        patient.entries.iter().flat_map(|entry| facts(&entry["resource"])).partition(
            |(reference, part, _)| {
                evidence.iter().any(|one| &one.reference == reference && one.path.contains(part))
            },
        );
    let cited: BTreeSet<&String> = found.iter().map(|(_, _, name)| name).collect();
    let fact = |(_, _, name): &(String, &str, String)| Fact {
        name: name.clone(),
        has_cited_twin: cited.contains(name),
    };
    left.iter().map(fact).collect()
}

fn evidence(knowledge: &Knowledge) -> Vec<&Evidence> {
    let known = content().definitions.iter().filter_map(|definition| knowledge.get(definition.index));
    known.flat_map(|known| &known.evidence).collect()
}

/// Reference, part of the path that evidence must name, and name: the resource, and each stage of a Condition.
/// Components, body sites and extensions stand with their resource.
fn facts(resource: &Value) -> Vec<(String, &'static str, String)> {
    let kind = resource["resourceType"].as_str().unwrap_or("?");
    let reference = format!("{kind}/{}", resource["id"].as_str().unwrap_or_default());
    let concept = ["code", "medicationCodeableConcept", "vaccineCode", "event", "type", "category"]
        .into_iter()
        .map(|member| &resource[member])
        .find(|concept| concept.is_object() || concept.is_array());
    let name = format!("{kind} {}", concept.map_or_else(String::new, code));
    let mut facts = vec![(reference.clone(), "", name.trim().to_owned())];
    for stage in resource["stage"].as_array().into_iter().flatten() {
        let name = format!("{kind}.stage {}", code(&stage["summary"]));
        facts.push((reference.clone(), "stage", name.trim().to_owned()));
    }
    facts
}

/// The first coding of the first concept, or its text.
fn code(concept: &Value) -> String {
    let concept = concept.get(0).unwrap_or(concept);
    let coding = &concept["coding"][0];
    match (coding["code"].as_str(), coding["system"].as_str().unwrap_or_default().to_lowercase()) {
        (Some(code), system) => {
            let last = system.rsplit(['/', ':']).next().unwrap_or_default();
            let known = SYSTEMS.iter().find(|(part, _)| system.contains(part));
            let short = known.map_or(last, |(_, short)| *short);
            format!("{short}|{code}")
        }
        (None, _) => concept["text"].as_str().map_or_else(String::new, |text| format!("`{text}`")),
    }
}
