//! The body of a request in a few words, and what the bundled content reads from it, in a few words.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use criteria::{Kind, Known, Possible, Truth};
use ehr::content::Content;
use ehr::search::Search;
use serde_json::{Value, json};

pub use crate::given::merged;
use crate::given::{Given, bundle};

/// The evaluation instant of all rows.
pub const AT: &str = "2026-11-22T15:00:00Z";

/// One row: its name, what the EHR sends, and what is then known.
pub type Row<'r> = (&'r str, Body, &'r str);

/// What the EHR sends: every search is answered, if only with nothing, unless it is said to be otherwise.
#[derive(Clone)]
pub struct Body {
    order: Value,
    drafts: Vec<Value>,
    answers: BTreeMap<Search, Value>,
}

impl Body {
    /// A body with these resources, each in the answer to the search that asks for it.
    pub fn of(resources: &[Value]) -> Self {
        // Somebody's role comes along with what names that person.
        let names_people = |resource: &Value| Some(resource.get("participant")?).and(searched(resource));
        let along = resources.iter().find_map(names_people).unwrap_or(Search::CareTeams);
        let of = |search: &Search| {
            let found = resources.iter().filter(|resource| searched(resource).unwrap_or(along) == *search);
            bundle(&found.cloned().collect::<Vec<_>>())
        };
        let answers = Search::ALL.iter().map(|search| (*search, of(search))).collect();
        Self { order: usual_order(), drafts: Vec::new(), answers }
    }

    /// A body with nothing but the order, which has these members besides the usual ones.
    pub fn ordering(members: &Value) -> Self {
        Self::of(&[]).order(members)
    }

    /// The same, with these members of the order; `null` takes one away.
    pub fn order(mut self, members: &Value) -> Self {
        self.order = merged(self.order, members);
        self
    }

    /// The same, with another draft order in the same hook.
    pub fn draft(mut self, draft: Value) -> Self {
        self.drafts.push(draft);
        self
    }

    /// The same, without the prefetch key.
    pub fn unsent(mut self, search: Search) -> Self {
        self.answers.remove(&search);
        self
    }

    /// The same, with an OperationOutcome for the search.
    pub fn failed(mut self, search: Search) -> Self {
        self.answers.insert(search, json!({ "resourceType": "OperationOutcome", "issue": [] }));
        self
    }

    /// The same, with a next page of the search.
    pub fn paged(mut self, search: Search) -> Self {
        self.answers.get_mut(&search).unwrap()["link"] =
            json!([{ "relation": "next", "url": "https://ehr.example/next" }]);
        self
    }

    /// What is known of an element.
    pub fn known(&self, element: &str) -> Known {
        let prefetch: Vec<_> =
            self.answers.iter().map(|(search, answer)| (search.key(), answer.clone())).collect();
        let drafts = [vec![self.order.clone()], self.drafts.clone()].concat();
        Given { content: content(), prefetch: &prefetch, drafts: &drafts, at: AT }.known(element)
    }

    /// The same in words: `yes`, `1500`, `+capecitabine: unavailable`; a set without what is out, `alone` where all is.
    pub fn says(&self, element: &str) -> String {
        let known = self.known(element);
        let kind = kind(element);
        let mut gaps: Vec<&str> = known.gaps.iter().map(|gap| gap.kind.as_str()).collect();
        gaps.sort_unstable();
        gaps.dedup();
        let value = shown(kind, &known.possible);
        let is_exact = kind.is_exact(&known.possible) || is_rounded(&known.possible);
        assert!(is_exact || !gaps.is_empty(), "not known, and no gap says why: {value}");
        assert!(!is_exact || !known.evidence.is_empty(), "known without evidence: {value}");
        if gaps.is_empty() { value } else { format!("{value}: {}", gaps.join(", ")) }
    }

    /// All gaps in words.
    pub fn gaps(&self, element: &str) -> String {
        let gaps: Vec<_> = self.known(element).gaps.into_iter().map(|gap| gap.detail).collect();
        gaps.join("; ")
    }

    /// All evidence in words, with its notes.
    pub fn evidence(&self, element: &str) -> String {
        let words = |evidence: criteria::Evidence| {
            [Some(evidence.reference), Some(evidence.value), evidence.note]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        };
        self.known(element).evidence.into_iter().map(words).collect::<Vec<_>>().join("; ")
    }

    /// The same, with every answer turned round and every resource sent twice.
    fn turned(&self) -> Self {
        let mut turned = self.clone();
        for answer in turned.answers.values_mut() {
            if let Some(entries) = answer["entry"].as_array_mut() {
                let again = entries.iter().filter(|entry| entry["resource"]["id"].is_string()).cloned();
                let again: Vec<_> = again.collect();
                entries.extend(again);
                entries.reverse();
            }
        }
        turned.drafts.reverse();
        turned
    }
}

/// Checks each row, and that the order and the repetition of resources never matter.
pub fn check(element: &str, rows: &[Row<'_>]) {
    let mut wrong = Vec::new();
    for (name, body, expected) in rows {
        let said = body.says(element);
        if said != *expected {
            wrong.push(format!("{name}: {said}, expected {expected}\n    {}", body.gaps(element)));
        }
        if body.turned().known(element) != body.known(element) {
            wrong.push(format!("{name}: the order of resources, or sending them twice, matters"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} rows of {element}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// The bundled content.
pub fn content() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| {
        Content::load(
            &files("data-elements", "yaml"),
            &files("value-sets", "json"),
            &files("therapy", "yaml"),
        )
        .unwrap_or_else(|problems| panic!("{problems:?}"))
    })
}

fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cds-hooks").join(folder);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let wanted = paths.filter(|path| path.extension().is_some_and(|own| own == ending));
    let mut files: Vec<_> =
        wanted.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect();
    files.sort();
    files
}

fn kind(element: &str) -> &'static Kind {
    let elements = &content().elements;
    &elements.get(elements.find(element).unwrap()).unwrap().kind
}

/// Vital signs, by their LOINC codes; all other observations are laboratory results or attestations.
const VITAL_SIGNS: &[&str] = &["8302-2", "29463-7", "8277-6", "3140-1"];

/// The search that asks for a resource; none for the people around the order.
fn searched(resource: &Value) -> Option<Search> {
    let code = &resource["code"]["coding"][0];
    Some(match resource["resourceType"].as_str().unwrap() {
        "Patient" => Search::Patient,
        "Observation" if code["system"] == "urn:signpost:data-element" => Search::Attestations,
        "Observation" if VITAL_SIGNS.iter().any(|vital| code["code"] == *vital) => Search::VitalSigns,
        "Observation" => Search::Laboratory,
        "Condition" => Search::Conditions,
        "MedicationRequest" | "Medication" => Search::MedicationRequests,
        "MedicationStatement" => Search::MedicationStatements,
        "AllergyIntolerance" => Search::Allergies,
        "Practitioner" if resource["id"] == "user" => Search::User,
        "PractitionerRole" if resource["practitioner"]["reference"] == "Practitioner/user" => {
            Search::UserRoles
        }
        "Practitioner" | "PractitionerRole" => return None,
        "CareTeam" => Search::CareTeams,
        "Encounter" => Search::Encounter,
        "ServiceRequest" => Search::Referrals,
        other => panic!("{other}"),
    })
}

fn is_rounded(possible: &Possible) -> bool {
    let Possible::Quantity(interval) = possible else { return false };
    let ends = interval.low().value().zip(interval.high().value());
    ends.is_some_and(|(low, high)| low.round_dp(9) == high.round_dp(9))
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
                (true, _) => Some('+'),
                (_, true) => None,
                _ => Some('?'),
            };
            let of = |(position, name): (usize, &String)| Some(format!("{}{name}", sign(1 << position)?));
            let said: Vec<_> = members.iter().enumerate().filter_map(of).collect();
            if said.is_empty() { "alone".to_owned() } else { said.join(" ") }
        }
        (_, Possible::Quantity(interval)) => interval.to_string(),
        (_, Possible::Count(count)) => match (count.low(), count.high()) {
            (low, Some(high)) if low == high => low.to_string(),
            (low, Some(high)) => format!("{low} to {high}"),
            (low, None) => format!("at least {low}"),
        },
        other => panic!("{other:?}"),
    }
}

fn usual_order() -> Value {
    json!({ "resourceType": "MedicationRequest", "id": "order", "status": "draft", "intent": "order",
        "subject": { "reference": "Patient/p1" }, "authoredOn": "2026-11-22T14:30:00Z",
        "medicationCodeableConcept": concept("rx:337523") })
}

/// The URI of a code system by its short name.
fn system(short: &str) -> Option<&'static str> {
    Some(match short {
        "rx" => "http://www.nlm.nih.gov/research/umls/rxnorm",
        "hcpcs" => "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "loinc" => "http://loinc.org",
        "sct" => "http://snomed.info/sct",
        "nucc" => "http://nucc.org/provider-taxonomy",
        "route" => "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration",
        "local" => "urn:oid:1.2.3.4.5.6.7",
        _ => return None,
    })
}

/// `system:code`, `system:code words`, or words.
pub fn concept(text: &str) -> Value {
    let Some((system, rest)) = text.split_once(':').and_then(|(short, code)| Some((system(short)?, code)))
    else {
        return json!({ "text": text });
    };
    match rest.split_once(' ') {
        Some((code, words)) => {
            json!({ "coding": [{ "system": system, "code": code, "display": words }], "text": words })
        }
        None => json!({ "coding": [{ "system": system, "code": rest }] }),
    }
}

/// A quantity whose number stands as it is written.
pub fn quantity(value: &str, unit: &str) -> Value {
    let value: Value = serde_json::from_str(value).unwrap();
    if unit.is_empty() { json!({ "value": value }) } else { json!({ "value": value, "unit": unit }) }
}

/// A final result of this patient.
pub fn result(code: &str, date: &str, value: &str, unit: &str) -> Value {
    let id: String = format!("{code}-{date}-{value}").chars().filter(|c| c.is_alphanumeric()).collect();
    json!({ "resourceType": "Observation", "id": id, "status": "final", "code": concept(code),
        "subject": { "reference": "Patient/p1" }, "effectiveDateTime": date, "valueQuantity": quantity(value, unit) })
}

/// A medication order on record; a drug with the same words and date has the same id.
pub fn on_order(drug: &str, date: &str, more: &Value) -> Value {
    let id: String = format!("r{drug}{date}").chars().filter(|c| c.is_alphanumeric()).collect();
    merged(
        json!({ "resourceType": "MedicationRequest", "id": id, "status": "active", "intent": "order",
            "subject": { "reference": "Patient/p1" }, "authoredOn": date, "medicationCodeableConcept": concept(drug) }),
        more,
    )
}

/// A draft order in the same hook.
pub fn drafted(drug: &str, more: &Value) -> Value {
    merged(on_order(drug, "2026-11-22", &json!({ "status": "draft" })), more)
}

/// A medication statement of this patient.
pub fn statement(drug: &str, more: &Value) -> Value {
    merged(
        json!({ "resourceType": "MedicationStatement", "id": "s", "status": "active",
            "subject": { "reference": "Patient/p1" }, "medicationCodeableConcept": concept(drug) }),
        more,
    )
}

/// A final attestation of an element.
pub fn attested(element: &str, date: &str, value: &Value) -> Value {
    let id: String = format!("a{element}{date}").chars().filter(|c| c.is_alphanumeric()).collect();
    merged(
        json!({ "resourceType": "Observation", "id": id, "status": "final",
            "subject": { "reference": "Patient/p1" }, "effectiveDateTime": date,
            "performer": [{ "display": "Dr. Example" }],
            "code": { "coding": [{ "system": "urn:signpost:data-element", "code": element }] } }),
        value,
    )
}

/// Height and weight that give a body surface area of 2 m2 exactly.
pub fn two_square_metres() -> Vec<Value> {
    let patient =
        json!({ "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-05-01" });
    vec![
        patient,
        result("loinc:8302-2", "2026-11-20", "160", "cm"),
        result("loinc:29463-7", "2026-11-20", "90", "kg"),
    ]
}
