//! What a whole answer costs, beside two floors on the same bytes: parsing the body into a
//! `serde_json::Value`, and reading it once with borrowed views of the needed members only.
//!
//! The three are timed in turn, round by round, so that a noisy machine disturbs all alike; the ratios of the
//! medians are what counts.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use signpost::answer::answer;
use signpost::content::{Content, Files};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Observations in each request.
const SIZES: [usize; 3] = [5, 60, 600];
const ROUNDS: usize = 41;
/// How long one measurement repeats its work.
const SLICE: Duration = Duration::from_millis(8);

fn main() {
    let content = Content::load(&Files::bundled()).expect("the bundled content loads");
    let at: Timestamp = "2026-11-22T12:00:00Z".parse().expect("an instant");
    println!(
        "{:>12} {:>9} {:>10} {:>10} {:>10} {:>12} {:>12}",
        "observations", "body kB", "answer us", "Value us", "views us", "answer/Value", "answer/views"
    );
    for observations in SIZES {
        let body = request(observations);
        let service = content.service("coverage-order-sign").expect("the service");
        assert!(
            answer(&content, service, &body, at).is_ok_and(|cards| cards.len() > 1000),
            "the request gets cards"
        );
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            times[0].push(time(|| drop(black_box(answer(&content, service, black_box(&body), at)))));
            times[1].push(time(|| drop(black_box(serde_json::from_slice::<Value>(black_box(&body))))));
            times[2].push(time(|| drop(black_box(serde_json::from_slice::<Request<'_>>(black_box(&body))))));
        }
        let [whole, value, views] = times.map(median);
        println!(
            "{observations:>12} {:>9.1} {whole:>10.1} {value:>10.1} {views:>10.1} {:>12.2} {:>12.2}",
            body.len() as f64 / 1000.0,
            whole / value,
            whole / views
        );
    }
}

/// Microseconds a call, averaged over one slice.
fn time(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut calls = 0u32;
    while start.elapsed() < SLICE {
        work();
        calls += 1;
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// A small request whose laboratory answer has this many results, as wordy as EHRs send them.
fn request(observations: usize) -> Vec<u8> {
    let mut request: Value = serde_json::from_str(include_str!("request.json")).expect("JSON");
    let patient = request["context"]["patientId"].as_str().expect("a patient").to_owned();
    let entries: Vec<Value> = (0..observations).map(|number| entry(number, &patient)).collect();
    request["prefetch"]["laboratory"] =
        json!({ "resourceType": "Bundle", "type": "searchset", "total": observations, "entry": entries });
    serde_json::to_vec(&request).expect("JSON")
}

/// The five results that the limits ask for come round again and again, with others between them.
fn entry(number: usize, patient: &str) -> Value {
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
        "fullUrl": format!("https://ehr.example/fhir/R4/Observation/lab-{number}"),
        "resource": {
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
        },
        "search": { "mode": "match" }
    })
}

/// The floor: the plainest borrowed views, one pass, nothing tolerated, nothing done with what was read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the floor only reads")]
struct Request<'a> {
    #[serde(borrow)]
    hook: Cow<'a, str>,
    #[serde(borrow)]
    hook_instance: Cow<'a, str>,
    #[serde(borrow)]
    context: Context<'a>,
    #[serde(borrow)]
    prefetch: BTreeMap<Cow<'a, str>, Option<Slot<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the floor only reads")]
struct Context<'a> {
    #[serde(borrow)]
    user_id: Cow<'a, str>,
    #[serde(borrow)]
    patient_id: Cow<'a, str>,
    #[serde(borrow)]
    draft_orders: Slot<'a>,
}

/// A Bundle or a single resource.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the floor only reads")]
struct Slot<'a> {
    #[serde(borrow)]
    resource_type: Cow<'a, str>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
    #[serde(borrow)]
    birth_date: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the floor only reads")]
struct Entry<'a> {
    #[serde(borrow)]
    full_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource: Resource<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the floor only reads")]
struct Resource<'a> {
    #[serde(borrow)]
    resource_type: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Concept<'a>>,
    #[serde(borrow)]
    medication_codeable_concept: Option<Concept<'a>>,
    #[serde(borrow)]
    subject: Option<Reference<'a>>,
    #[serde(borrow)]
    effective_date_time: Option<Cow<'a, str>>,
    #[serde(borrow)]
    issued: Option<Cow<'a, str>>,
    #[serde(borrow)]
    authored_on: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value_quantity: Option<Quantity<'a>>,
    #[serde(borrow)]
    value_codeable_concept: Option<Concept<'a>>,
    #[serde(borrow)]
    value_string: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    interpretation: Vec<Concept<'a>>,
    #[serde(borrow, default)]
    reference_range: Vec<ReferenceRange<'a>>,
    #[serde(borrow)]
    dosage_instruction: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the floor only reads")]
struct Concept<'a> {
    #[serde(borrow, default)]
    coding: Vec<Coding<'a>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the floor only reads")]
struct Coding<'a> {
    #[serde(borrow)]
    system: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
    #[serde(borrow)]
    display: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the floor only reads")]
struct Reference<'a> {
    #[serde(borrow)]
    reference: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the floor only reads")]
struct Quantity<'a> {
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    #[serde(borrow)]
    unit: Option<Cow<'a, str>>,
    #[serde(borrow)]
    system: Option<Cow<'a, str>>,
    #[serde(borrow)]
    code: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "the floor only reads")]
struct ReferenceRange<'a> {
    #[serde(borrow)]
    low: Option<Quantity<'a>>,
    #[serde(borrow)]
    high: Option<Quantity<'a>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
}
