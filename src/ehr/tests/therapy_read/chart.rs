//! A small made-up record, and what was read of it in one line each.

use std::sync::LazyLock;

use ehr::content::Content;
use ehr::derived::Derived;
use ehr::order::DraftOrders;
use ehr::reading::Reading;
use ehr::record::Record;
use ehr::search::Search;
use ehr::therapy::read::recorded;
use ehr::therapy::recorded::{Day, Event, Exposure, Recorded};
use serde_json::value::RawValue;
use serde_json::{Value, json};

const NOW: &str = "2026-06-15T12:00:00Z";
const RULES: &str = include_str!("rules.yaml");
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";

/// Value sets by id: a code system with codes, and words.
const SETS: &[(&str, &str, &[&str], &[&str])] = &[
    ("alphacin", RXNORM, &["1", "12"], &["alphacin"]),
    ("betamab", RXNORM, &["2", "12"], &["betamab"]),
    ("gammalide", RXNORM, &["3"], &["gammalide"]),
    ("unplaced", SNOMED, &["100"], &["chemotherapy", "deltanib", "study drug"]),
    ("tumor", SNOMED, &["200"], &["tumor"]),
    ("spread", SNOMED, &["201"], &["spread"]),
    ("stage-four", SNOMED, &["204"], &["stage iv"]),
    ("status", LOINC, &["300"], &[]),
    ("flag", LOINC, &["301"], &[]),
    ("worse", SNOMED, &["401"], &["progression"]),
    ("better", SNOMED, &["402"], &["response"]),
    ("same", SNOMED, &["403"], &["stable"]),
    ("other-disease", SNOMED, &["210"], &["other disease"]),
    ("surgery", SNOMED, &["500"], &["excision"]),
    ("no-response", SNOMED, &["601"], &["progression"]),
    ("not-tolerated", SNOMED, &["602"], &["toxicity"]),
    ("curative", SNOMED, &["701"], &["curative"]),
    ("neoadjuvant", SNOMED, &["702"], &["neoadjuvant"]),
    ("adjuvant", SNOMED, &["703"], &["adjuvant"]),
    ("palliative", SNOMED, &["704"], &["palliative"]),
];

/// Loaded once for all tests.
static CONTENT: LazyLock<Content> = LazyLock::new(content);

fn content() -> Content {
    let sets: Vec<(String, String)> = SETS
        .iter()
        .map(|(id, system, codes, words)| {
            let concepts =
                |codes: &[&str]| codes.iter().map(|code| json!({ "code": code })).collect::<Vec<_>>();
            let mut include = vec![json!({ "system": system, "concept": concepts(codes) })];
            if !words.is_empty() {
                include.push(json!({ "system": "urn:signpost:text", "concept": concepts(words) }));
            }
            let file = json!({ "resourceType": "ValueSet", "id": id, "version": "1", "status": "active",
                "extension": [{ "url": "urn:signpost:source", "valueString": "made up" }],
                "compose": { "include": include } });
            (format!("{id}.json"), file.to_string())
        })
        .collect();
    Content::load(&[], &sets, &[("therapy/made-up.yaml".to_owned(), RULES.to_owned())]).unwrap()
}

/// What is sent with the hook: searches that are not given are answered with nothing.
#[derive(Clone, Default)]
pub struct Chart {
    pub given: Vec<(&'static str, Value)>,
    /// Members of the order that is being signed, beside its drug, gammalide.
    pub order: Option<Value>,
    pub companions: Vec<Value>,
}

impl Chart {
    /// With these resources in the search that they belong to.
    pub fn of(resources: &[Value]) -> Self {
        let mut chart = Self::default();
        for key in Search::ALL.map(Search::key) {
            let own: Vec<&Value> = resources.iter().filter(|resource| key_of(resource) == key).collect();
            chart.given.push((key, bundle(&own)));
        }
        chart
    }

    /// The same with another answer to one search; `None`: it was not sent.
    pub fn answering(mut self, key: &'static str, answer: Option<Value>) -> Self {
        self.given.retain(|(other, _)| *other != key);
        self.given.extend(answer.map(|answer| (key, answer)));
        self
    }

    pub fn read(&self) -> Recorded {
        let content = &*CONTENT;
        let raws: Vec<(&str, Box<RawValue>)> =
            self.given.iter().map(|(key, value)| (*key, raw(value))).collect();
        let borrowed: Vec<(&str, &RawValue)> = raws.iter().map(|(key, raw)| (*key, raw.as_ref())).collect();
        let record = Record::read(&borrowed, "p1", &content.terminology, &Search::ALL);
        let own = json!({ "resourceType": "MedicationRequest", "id": "o1", "status": "draft", "intent": "order",
            "authoredOn": "2026-06-15", "medicationCodeableConcept": drug("gammalide") });
        let own = with(own, self.order.clone().unwrap_or_else(|| json!({})));
        let drafts = raw(&bundle(&std::iter::once(&own).chain(&self.companions).collect::<Vec<_>>()));
        let drafts = DraftOrders::read(&drafts).unwrap();
        let reading = Reading {
            record: &record,
            order: &drafts.orders[0],
            drafts: &drafts,
            terminology: &content.terminology,
            definitions: &content.definitions,
            therapies: &content.therapies,
            at: NOW.parse().unwrap(),
            derived: Derived::default(),
        };
        recorded(content.therapy("made-up").unwrap(), &reading)
    }
}

/// The search that a resource belongs to.
fn key_of(resource: &Value) -> &'static str {
    match resource["resourceType"].as_str().unwrap() {
        "MedicationAdministration" => "medication-administrations",
        "MedicationDispense" => "medication-dispenses",
        "MedicationStatement" => "medication-statements",
        "MedicationRequest" => "medication-requests",
        "Procedure" => "procedures",
        "CarePlan" => "care-plans",
        "Condition" => "conditions",
        "Observation" => "clinical-observations",
        other => panic!("no search for {other}"),
    }
}

fn raw(value: &Value) -> Box<RawValue> {
    RawValue::from_string(value.to_string()).unwrap()
}

pub fn bundle(resources: &[&Value]) -> Value {
    let entries: Vec<Value> = resources.iter().map(|resource| json!({ "resource": resource })).collect();
    json!({ "resourceType": "Bundle", "type": "searchset", "entry": entries })
}

/// A drug by its name alone.
pub fn drug(name: &str) -> Value {
    json!({ "text": name })
}

pub fn code(system: &str, code: &str) -> Value {
    let system = match system {
        "rxnorm" => RXNORM,
        "loinc" => LOINC,
        _ => SNOMED,
    };
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// The same resource with members added or replaced; `null` takes one away.
pub fn with(mut resource: Value, members: Value) -> Value {
    let object = resource.as_object_mut().unwrap();
    for (key, value) in members.as_object().unwrap() {
        if value.is_null() {
            object.remove(key);
        } else {
            object.insert(key.clone(), value.clone());
        }
    }
    resource
}

/// The exposures of one resource, in one line each.
pub fn exposures(resource: &Value) -> Vec<String> {
    lines(&Chart::of(std::slice::from_ref(resource)).read())
}

/// All exposures, in one line each.
pub fn lines(recorded: &Recorded) -> Vec<String> {
    recorded.exposures.iter().map(exposure).collect()
}

fn exposure(exposure: &Exposure) -> String {
    let agents: Vec<&str> =
        exposure.agents.iter().map(|agent| ["alphacin", "betamab", "gammalide"][*agent]).collect();
    let words = [
        agents.join("+"),
        format!("{:?}", exposure.strength).to_lowercase(),
        format!("{} to {}", shown(exposure.start), shown(exposure.last)),
        exposure.intent.map(|intent| format!("{intent:?}").to_lowercase()).unwrap_or_default(),
        exposure.ending.map(|ending| format!("({ending:?})")).unwrap_or_default(),
    ];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// All events, in one line each.
pub fn events(recorded: &Recorded) -> Vec<String> {
    recorded.events.iter().map(event).collect()
}

fn event(event: &Event) -> String {
    let mut line = format!("{:?} {}", event.kind, shown(event.day)).to_lowercase();
    line += if event.may_be_earlier { " or earlier" } else { "" };
    line + if event.is_sure { "" } else { ", not sure" }
}

/// `2026-01-05`, `2026-01-01/2026-12-31`, `?`.
fn shown(day: Option<Day>) -> String {
    match day {
        None => "?".to_owned(),
        Some(Day { earliest, latest }) if earliest == latest => earliest.to_string(),
        Some(Day { earliest, latest }) => format!("{earliest}/{latest}"),
    }
}

/// The details of all gaps.
pub fn details(gaps: &[criteria::Gap]) -> Vec<&str> {
    gaps.iter().map(|gap| gap.detail.as_str()).collect()
}

/// Each row: what it is, members of a resource, and the exposures that it is read as.
pub fn holds(base: &Value, rows: &[(&str, Value, &[&str])]) {
    for (name, members, expected) in rows {
        assert_eq!(exposures(&with(base.clone(), members.clone())), *expected, "{name}");
    }
}
