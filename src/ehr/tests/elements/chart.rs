//! A patient's record in a few words, and what is known from it, in a few words.

use criteria::{Kind, Known, Possible, Truth};
use ehr::search::Search;
use serde_json::{Value, json};

use crate::content::{content, system};
pub use crate::given::merged;
use crate::given::{Given, bundle};

/// The evaluation instant of all tests.
pub const AT: &str = "2026-11-22T12:00:00Z";

/// What the EHR sends.
#[derive(Default)]
pub struct Chart {
    /// The record.
    pub resources: Vec<Value>,
    /// Searches that failed at the EHR.
    pub failed: Vec<Search>,
    /// Resources that came with another search than their own (the conditions).
    pub also: Vec<Value>,
    /// Members of the order that are not the usual ones.
    pub order: Value,
    /// Other draft orders.
    pub drafts: Vec<Value>,
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
        Given { content: content(), prefetch: &self.prefetch(), drafts: &drafts, at: AT }
            .known(&format!("test.{element}"))
    }

    /// The same in words: `yes`, `positive|low: imprecise`, `+betacil -other ?hormonal: unavailable`.
    pub fn says(&self, element: &str) -> String {
        let known = self.known(element);
        let content = content();
        let kind =
            &content.elements.get(content.elements.find(&format!("test.{element}")).unwrap()).unwrap().kind;
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
        let answer = |search: Search| {
            let of_search = self.resources.iter().filter(|resource| searched(resource) == search);
            match self.failed.contains(&search) {
                true => json!({ "resourceType": "OperationOutcome", "issue": [] }),
                false => {
                    let also = self.also.iter().filter(|_| search == Search::Conditions);
                    bundle(&of_search.chain(also).cloned().collect::<Vec<_>>())
                }
            }
        };
        Search::ALL.into_iter().map(|search| (search.key(), answer(search))).collect()
    }
}

fn searched(resource: &Value) -> Search {
    match resource["resourceType"].as_str().unwrap() {
        "Observation" => Search::ClinicalObservations,
        "Condition" => Search::Conditions,
        "MedicationRequest" => Search::MedicationRequests,
        "MedicationStatement" => Search::MedicationStatements,
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
        "subject": { "reference": "Patient/p1" }, "authoredOn": "2026-11-22", "medicationCodeableConcept": concept("rx:1001") })
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
