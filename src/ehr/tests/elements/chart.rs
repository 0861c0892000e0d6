//! A patient's record in a few words, and what is known from it, in a few words.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use criteria::{Kind, Known, Possible, Truth};
use ehr::search::Search;
use serde_json::{Value, json};

use crate::content::{content, id};
pub use crate::given::merged;
use crate::given::{Given, PATIENT, bundle};

/// The evaluation instant of all tests.
pub const AT: &str = "2026-11-22T12:00:00Z";

/// Observations that come with the vital signs.
const VITAL_SIGNS: [&str; 10] =
    ["8277-6", "3140-1", "8302-2", "8306-3", "3137-7", "50373000", "29463-7", "3141-9", "27113001", "8287-5"];

/// What the EHR sends.
pub struct Chart {
    /// The record.
    pub resources: Vec<Value>,
    /// Searches that failed at the EHR.
    pub failed: Vec<Search>,
    /// Searches that were not sent.
    pub unsent: Vec<Search>,
    /// Searches of which more pages follow.
    pub paged: Vec<Search>,
    /// Resources that came with another search than their own (the conditions).
    pub also: Vec<Value>,
    /// Members of the order that are not the usual ones.
    pub order: Value,
    /// Other draft orders.
    pub drafts: Vec<Value>,
    /// The evaluation instant.
    pub at: &'static str,
}

impl Default for Chart {
    fn default() -> Self {
        Self {
            resources: Vec::new(),
            failed: Vec::new(),
            unsent: Vec::new(),
            paged: Vec::new(),
            also: Vec::new(),
            order: Value::Null,
            drafts: Vec::new(),
            at: AT,
        }
    }
}

impl Chart {
    /// A record with these resources.
    pub fn of(resources: &[Value]) -> Self {
        Self { resources: resources.to_vec(), ..Self::default() }
    }

    /// What is known of an element.
    pub fn known(&self, element: &str) -> Known {
        let mut drafts = vec![merged(usual_order(), &self.order)];
        drafts.extend(self.drafts.iter().cloned());
        Given { content: content(), prefetch: &self.prefetch(), drafts: &drafts, at: self.at }
            .known(&id(element))
    }

    /// The same in words: `yes`, `positive|low: imprecise`, `+betacil -other ?hormonal: unavailable`.
    pub fn says(&self, element: &str) -> String {
        let known = self.known(element);
        let content = content();
        let kind = &content.elements.get(content.elements.find(&id(element)).unwrap()).unwrap().kind;
        let mut gaps: Vec<&str> = known.gaps.iter().map(|gap| gap.kind.as_str()).collect();
        gaps.sort_unstable();
        gaps.dedup();
        let value = shown(kind, &known.possible);
        assert!(
            kind.is_exact(&known.possible) || !gaps.is_empty(),
            "not known, and no gap says why: {value}"
        );
        assert!(
            !kind.is_exact(&known.possible) || !known.evidence.is_empty(),
            "known without evidence: {value}"
        );
        if gaps.is_empty() { value } else { format!("{value}: {}", gaps.join(", ")) }
    }

    fn prefetch(&self) -> Vec<(&'static str, Value)> {
        let sent = Search::ALL.into_iter().filter(|search| !self.unsent.contains(search));
        sent.map(|search| (search.key(), self.answer(search))).collect()
    }

    fn answer(&self, search: Search) -> Value {
        if self.failed.contains(&search) {
            return json!({ "resourceType": "OperationOutcome", "issue": [] });
        }
        let mut resources: Vec<Value> =
            self.resources.iter().filter(|resource| searched(resource) == search).cloned().collect();
        if search == Search::Patient {
            return resources.pop().unwrap_or(Value::Null);
        }
        if search == Search::Conditions {
            resources.extend(self.also.iter().cloned());
        }
        let mut answer = bundle(&resources);
        if self.paged.contains(&search) {
            answer["link"] = json!([{ "relation": "next", "url": "https://ehr.example/fhir?page=2" }]);
        }
        answer
    }
}

fn searched(resource: &Value) -> Search {
    match resource["resourceType"].as_str().unwrap() {
        "Patient" => Search::Patient,
        "Observation" => {
            let is_code = |coding: &Value| VITAL_SIGNS.iter().any(|code| coding["code"] == *code);
            match resource["code"]["coding"].as_array().is_some_and(|codes| codes.iter().any(is_code)) {
                true => Search::VitalSigns,
                false => Search::ClinicalObservations,
            }
        }
        "Condition" => Search::Conditions,
        "MedicationRequest" => Search::MedicationRequests,
        "MedicationStatement" => Search::MedicationStatements,
        "MedicationAdministration" => Search::MedicationAdministrations,
        "MedicationDispense" => Search::MedicationDispenses,
        "Procedure" => Search::Procedures,
        "CarePlan" => Search::CarePlans,
        "AllergyIntolerance" => Search::Allergies,
        "Practitioner" => Search::User,
        "PractitionerRole" if resource["practitioner"]["reference"] == "Practitioner/user" => {
            Search::UserRoles
        }
        // A role of somebody else comes along with the care team.
        "PractitionerRole" | "CareTeam" => Search::CareTeams,
        "Encounter" => Search::Encounter,
        "ServiceRequest" => Search::Referrals,
        other => panic!("{other}"),
    }
}

fn shown(kind: &Kind, possible: &Possible) -> String {
    match (kind, possible) {
        (_, Possible::Truth(Truth::Yes)) => "yes".to_owned(),
        (_, Possible::Truth(Truth::No)) => "no".to_owned(),
        (_, Possible::Truth(Truth::Either)) => "either".to_owned(),
        (Kind::Coded { codes: names, .. }, Possible::Coded(codes)) => {
            codes.positions().map(|position| names[position].as_str()).collect::<Vec<_>>().join("|")
        }
        (Kind::Set { members }, Possible::Set(set)) => {
            let sign = |bit: u64| match (set.inside() & bit != 0, set.outside() & bit != 0) {
                (true, _) => '+',
                (_, true) => '-',
                _ => '?',
            };
            let of = |(position, name): (usize, &String)| format!("{}{name}", sign(1 << position));
            members.iter().enumerate().map(of).collect::<Vec<_>>().join(" ")
        }
        (_, Possible::Quantity(interval)) => interval.to_string(),
        (_, Possible::Count(count)) => match (count.exact(), count.high()) {
            (Some(count), _) => count.to_string(),
            (None, high) => {
                format!("{}..{}", count.low(), high.map_or_else(String::new, |high| high.to_string()))
            }
        },
        other => panic!("{other:?}"),
    }
}

/// Checks each row: a name, the record, and what is said of the element.
pub fn check(element: &str, rows: &[(&str, Vec<Value>, &str)]) {
    let mut wrong = Vec::new();
    for (name, resources, expected) in rows {
        let said = Chart::of(resources).says(element);
        let mut turned = resources.clone();
        turned.reverse();
        assert_eq!(
            Chart::of(&turned).known(element),
            Chart::of(resources).known(element),
            "{name}: order matters"
        );
        if said != *expected {
            let known = Chart::of(resources).known(element);
            wrong.push(format!("{name}: {said}, expected {expected}\n  {:?}", known.gaps));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn usual_order() -> Value {
    json!({ "resourceType": "MedicationRequest", "id": "order", "status": "draft", "intent": "order",
        "subject": { "reference": format!("Patient/{PATIENT}") }, "authoredOn": "2026-11-22", "medicationCodeableConcept": concept("rx:1001") })
}

/// The URI of a code system by its short name.
pub fn system(short: &str) -> Option<&'static str> {
    Some(match short {
        "icd" => "http://hl7.org/fhir/sid/icd-10-cm",
        "icd-oid" => "urn:oid:2.16.840.1.113883.6.90",
        "sct" => "http://snomed.info/sct",
        "loinc" => "http://loinc.org",
        "rx" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "nucc" => "http://nucc.org/provider-taxonomy",
        "hgnc" => "http://www.genenames.org/geneId",
        "obs" => "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        "ajcc" => "http://cancerstaging.org",
        _ => return None,
    })
}

/// `system:code`, or words.
pub fn concept(text: &str) -> Value {
    match text.split_once(':').and_then(|(short, code)| Some((system(short)?, code))) {
        Some((system, code)) => json!({ "coding": [{ "system": system, "code": code }] }),
        None => json!({ "text": text }),
    }
}

/// A final observation with a coded or text value; an id of its own by code, value and date.
pub fn seen(code: &str, value: &str, date: &str) -> Value {
    seen_with(
        code,
        date,
        &json!({ "valueCodeableConcept": concept(value), "id": format!("{code}-{value}-{date}") }),
    )
}

/// A final observation with these members.
pub fn seen_with(code: &str, date: &str, more: &Value) -> Value {
    let code = if code.contains(':') { concept(code) } else { concept(&format!("loinc:{code}")) };
    merged(
        json!({ "resourceType": "Observation", "id": "o", "status": "final", "code": code, "effectiveDateTime": date }),
        more,
    )
}

/// A Condition, recorded on a date.
pub fn condition(code: &str, date: &str, more: &Value) -> Value {
    let id = format!("{code}-{date}").replace(':', "-");
    merged(
        json!({ "resourceType": "Condition", "id": id, "code": concept(code), "recordedDate": date }),
        more,
    )
}

/// Clinical and verification status of a Condition; an empty one is left out.
pub fn status(clinical: &str, verification: &str) -> Value {
    let mut status = json!({});
    for (member, code) in [("clinicalStatus", clinical), ("verificationStatus", verification)] {
        if !code.is_empty() {
            status[member] = json!({ "coding": [{ "code": code }] });
        }
    }
    status
}

/// An active order on record.
pub fn ordered(drug: &str, date: &str, more: &Value) -> Value {
    let id = format!("r-{drug}-{date}").replace([':', ' '], "-");
    merged(
        json!({ "resourceType": "MedicationRequest", "id": id, "status": "active", "intent": "order",
            "authoredOn": date, "medicationCodeableConcept": concept(drug) }),
        more,
    )
}
