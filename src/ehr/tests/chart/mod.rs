//! A small made-up chart: resources in, what is known about a data element out.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

#[path = "../given/mod.rs"]
mod given;

use std::sync::LazyLock;

use criteria::{GapKind, Interval, Known, Possible};
use ehr::content::Content;
use given::{Given, bundle, composed};
use serde_json::{Value, json};

/// The evaluation instant, unless a test sets another.
pub const NOW: &str = "2026-11-22T15:00:00Z";

const ELEMENTS: &str = include_str!("elements.yaml");

const LOINC: &str = "http://loinc.org";

/// Value sets, by id: LOINC codes, or words.
const SETS: &[(&str, &str, &[&str])] = &[
    ("neutrophils", LOINC, &["751-8", "26499-4"]),
    ("neutrophils-segmented", LOINC, &["30451-9"]),
    ("leukocytes", LOINC, &["6690-2"]),
    ("neutrophils-segmented-percent", LOINC, &["769-0"]),
    ("neutrophils-band-percent", LOINC, &["764-1"]),
    ("platelets", LOINC, &["777-3"]),
    ("ast", LOINC, &["1920-8"]),
    ("bilirubin-total", LOINC, &["1975-2", "14631-6"]),
    ("body-surface-area", LOINC, &["8277-6"]),
    ("body-height", LOINC, &["8302-2"]),
    ("body-weight", LOINC, &["29463-7"]),
    ("route-intravenous", "http://snomed.info/sct", &["47625008"]),
    ("route-other", "http://snomed.info/sct", &["26643006"]),
];

/// Loaded once for all tests of a file.
static CONTENT: LazyLock<Content> = LazyLock::new(content);

fn content() -> Content {
    let sets: Vec<_> = SETS
        .iter()
        .map(|(id, system, codes)| {
            let concepts: Vec<_> = codes.iter().map(|code| json!({ "code": code })).collect();
            let mut include = vec![json!({ "system": system, "concept": concepts })];
            if *id == "route-intravenous" {
                include.push(json!({ "system": "urn:signpost:text", "concept": [{ "code": "iv" }, { "code": "intravenous" }] }));
            }
            composed(id, &json!({ "include": include }))
        })
        .collect();
    Content::load(&[("elements.yaml".to_owned(), ELEMENTS.to_owned())], &sets, &[])
        .unwrap_or_else(|problems| panic!("{}", problems.iter().map(ToString::to_string).collect::<String>()))
}

/// What a hook call brings.
#[derive(Clone)]
pub struct Chart {
    pub patient: Value,
    pub laboratory: Option<Vec<Value>>,
    pub vital_signs: Option<Vec<Value>>,
    pub order: Value,
    pub at: String,
}

impl Default for Chart {
    fn default() -> Self {
        Self {
            patient: json!({ "resourceType": "Patient", "id": "p1", "birthDate": "1970-05-01", "gender": "female" }),
            laboratory: Some(Vec::new()),
            vital_signs: Some(Vec::new()),
            order: json!({}),
            at: NOW.to_owned(),
        }
    }
}

impl Chart {
    pub fn of_labs(observations: &[Value]) -> Self {
        Self { laboratory: Some(observations.to_vec()), ..Self::default() }
    }

    pub fn of_vital_signs(observations: &[Value]) -> Self {
        Self { vital_signs: Some(observations.to_vec()), ..Self::default() }
    }

    pub fn of_order(dosage: &[Value]) -> Self {
        Self { order: json!({ "dosageInstruction": dosage }), ..Self::default() }
    }

    pub fn known(&self, element: &str) -> Known {
        let mut prefetch = vec![("patient", self.patient.clone()), ("attestations", json!(null))];
        prefetch.extend(self.laboratory.as_ref().map(|labs| ("laboratory", bundle(labs))));
        prefetch.extend(self.vital_signs.as_ref().map(|signs| ("vital-signs", bundle(signs))));
        let order = json!({ "resourceType": "MedicationRequest", "id": "o1", "status": "draft", "intent": "order",
            "subject": { "reference": "Patient/p1" } });
        let drafts = [with(order, self.order.clone())];
        Given { content: &CONTENT, prefetch: &prefetch, drafts: &drafts, at: &self.at }.known(element)
    }
}

/// A final Observation with a quantity.
pub fn observed(id: &str, code: &str, date: &str, value: &str, unit: &str) -> Value {
    let value: Value = serde_json::from_str(value).unwrap();
    with(bare(id, code, date), json!({ "valueQuantity": { "value": value, "unit": unit } }))
}

/// A final Observation without a value.
pub fn bare(id: &str, code: &str, date: &str) -> Value {
    json!({ "resourceType": "Observation", "id": id, "status": "final", "effectiveDateTime": date,
        "subject": { "reference": "Patient/p1" }, "code": { "coding": [{ "system": LOINC, "code": code }] } })
}

/// The same resource with members added or replaced; `null` takes one away.
pub fn with(resource: Value, members: Value) -> Value {
    given::merged(resource, &members)
}

/// What is known in one line, such as `below 1500 [imprecise]`; `unknown [stale]`.
pub fn line(known: &Known) -> String {
    let value = match known.possible {
        Possible::Quantity(interval) if interval == Interval::NOT_NEGATIVE => "unknown".to_owned(),
        Possible::Quantity(interval) => interval.to_string(),
        Possible::Count(count) => match (count.exact(), count.high()) {
            (Some(count), _) => count.to_string(),
            (None, Some(high)) => format!("{} to {high}", count.low()),
            (None, None) => "unknown".to_owned(),
        },
        Possible::Coded(codes) => format!("codes {:b}", codes.bits()),
        other => format!("{other:?}"),
    };
    let gaps: Vec<&str> = known.gaps.iter().map(|gap| GapKind::as_str(gap.kind)).collect();
    if gaps.is_empty() { value } else { format!("{value} [{}]", gaps.join(", ")) }
}

/// The details of all gaps, one a line.
pub fn details(known: &Known) -> String {
    known.gaps.iter().map(|gap| gap.detail.as_str()).collect::<Vec<_>>().join("\n")
}
