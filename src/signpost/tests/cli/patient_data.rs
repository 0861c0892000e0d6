//! No patient data in what the process writes, however much it is told to log: every request of the fixtures, as it is, to
//! be read from an EHR, and broken in many ways; then every name, identifier, text and value in them is looked for.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::example;

use crate::clients::{Tokens, Written, north};
use crate::serve::started;
use crate::support::folder;

/// Members whose values are words of FHIR and CDS Hooks, or name the call, and say nothing of anybody.
const VOCABULARY: [&str; 19] = [
    "resourceType",
    "system",
    "code",
    "status",
    "intent",
    "use",
    "type",
    "mode",
    "relation",
    "profile",
    "unit",
    "hook",
    "hookInstance",
    "fhirServer",
    "periodUnit",
    "criticality",
    "severity",
    "category",
    "country",
];

/// What must not be written: texts, and numbers as they were sent.
#[derive(Default)]
struct Private {
    texts: BTreeSet<String>,
    numbers: BTreeSet<String>,
}

impl Private {
    /// Everything in these requests that says something of somebody.
    fn of(requests: &[(String, Value)]) -> Self {
        let mut private = Self::default();
        requests.iter().for_each(|(_, request)| private.add(request));
        private.texts.insert("syn-".to_owned());
        private
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                let told = members.iter().filter(|(key, _)| !VOCABULARY.contains(&key.as_str()));
                told.for_each(|(_, member)| self.add(member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.add(item)),
            // Shorter ones cannot be told from parts of other words.
            Value::String(text) if text.len() >= 4 => drop(self.texts.insert(text.clone())),
            Value::Number(number) if number.to_string().len() >= 3 => {
                self.numbers.insert(number.to_string());
            }
            _ => {}
        }
    }

    /// What of it stands in a text.
    fn found_in(&self, written: &str) -> BTreeSet<String> {
        let texts: Vec<&String> = self.texts.iter().collect();
        let search = AhoCorasick::new(&texts).expect("a search");
        let found = search.find_iter(written).map(|found| texts[found.pattern().as_usize()].clone());
        found.collect()
    }

    /// Which of its numbers stand in the lines that are ours; libraries count bytes, which may be any number.
    fn numbers_in(&self, written: &str) -> BTreeSet<String> {
        let ours =
            ["signpost::", " ehr::", "\"ehr::", " hooks::", "\"hooks::", " criteria::", "\"criteria::"];
        let is_ours = |line: &&str| ours.iter().any(|of| line.contains(of));
        written.lines().filter(is_ours).flat_map(|line| self.numbers_of(line)).collect()
    }

    /// Which of its numbers stand in a line, but for the status and the duration of the request.
    fn numbers_of(&self, line: &str) -> Vec<String> {
        let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-');
        let words: Vec<&str> =
            line.split(|character| !is_part(character)).filter(|word| !word.is_empty()).collect();
        let names = std::iter::once("").chain(words.iter().copied());
        let told = names.zip(&words).filter(|(name, _)| !["status", "ms"].contains(name));
        told.map(|(_, word)| (*word).to_owned()).filter(|word| self.numbers.contains(word)).collect()
    }
}

/// Every bundled request, as of today.
fn requests() -> Vec<(String, Value)> {
    let now = Timestamp::now();
    let request = |name: &str| {
        let text = example::request(name, now).expect("a request");
        (name.to_owned(), serde_json::from_str(&text).expect("JSON"))
    };
    example::names().into_iter().map(request).collect()
}

/// A request in ways that a service refuses, each with something of the patient in the wrong place: the body, and its type.
fn broken(request: &Value) -> Vec<(String, &'static str)> {
    const JSON: &str = "application/json";
    let whole = request.to_string();
    let name = request["prefetch"]["patient"]["name"][0]["family"].clone();
    let id = request["context"]["patientId"].clone();
    let with = |pointer: &str, value: Value| {
        let mut request = request.clone();
        *request.pointer_mut(pointer).expect("a member") = value;
        (request.to_string(), JSON)
    };
    let cut = whole.get(..whole.len() * 4 / 5).expect("no character is cut").to_owned();
    vec![
        (cut, JSON),
        (whole.clone(), "text/plain"),
        (whole.replace("\"hook\":", &format!("{name}:1,\"hook\":{name},\"x\":")), JSON),
        with("/hook", name.clone()),
        with("/hookInstance", name.clone()),
        with("/fhirServer", json!(format!("https://{}.example.org/fhir", id.as_str().unwrap_or_default()))),
        with("/context/patientId", json!({ "family": name })),
        with("/context/patientId", json!(format!("Patient/{}", id.as_str().unwrap_or_default()))),
        with("/context/userId", name.clone()),
        with("/context/draftOrders", name.clone()),
        with(
            "/context/draftOrders/entry/0/resource/subject",
            json!({ "reference": format!("Patient/{id}-other") }),
        ),
        with("/prefetch", name.clone()),
        with("/prefetch/patient", json!([name])),
        with("/prefetch", json!({})),
    ]
}

#[test]
fn nothing_of_any_patient_and_no_token_is_written() {
    nothing_is_written("text");
}

#[test]
fn nothing_of_any_patient_and_no_token_is_written_as_json() {
    nothing_is_written("json");
}

fn nothing_is_written(format: &str) {
    let ehr = started(&["demo-ehr", "--listen", "127.0.0.1:0", "--token", "s3cr3t"]);
    let config = north(&format!("http://{}", ehr.address()));
    let config = format!("{config}[log]\nformat = \"{format}\"\n");
    let service = Written::start(&folder(&format!("patient-data-{format}")), &config);
    let (requests, mut tokens, mut sent) = (requests(), Tokens::of("north"), Vec::new());
    let private = Private::of(&requests);
    assert!(private.texts.len() > 2000 && private.numbers.len() > 100, "the fixtures are read");
    let (whole, number) = (requests[0].1.to_string(), private.numbers.first().expect("a number"));
    assert!(private.found_in(&whole).len() > 20, "what is written would be found");
    assert!(!private.numbers_in(&format!(" signpost::x: value={number}")).is_empty(), "numbers too");
    let mut statuses = BTreeSet::new();
    for (name, request) in &requests {
        let whole = request.to_string();
        let base = format!("http://{}", ehr.address());
        let fetched = example::to_be_fetched(&whole, &base, Some("s3cr3t")).expect("a request");
        for body in [&whole, &fetched] {
            let token = tokens.next();
            let answer = service.post(body, "application/json", &token);
            assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
            // The same token again: refused, and noted.
            assert!(service.post(body, "application/json", &token).starts_with("HTTP/1.1 401"), "{name}");
            sent.push(token);
        }
        for (body, content_type) in broken(request) {
            let token = tokens.next();
            let answer = service.post(&body, content_type, &token);
            let status = answer.get(9..12).expect("a status").to_owned();
            if status != "200" {
                let said = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
                assert_eq!(private.found_in(said), BTreeSet::new(), "{name}: {answer}");
            }
            statuses.insert(status);
            sent.push(token);
        }
    }
    let refused: Vec<&str> = statuses.iter().map(String::as_str).collect();
    assert_eq!(refused, ["200", "400", "412", "415"], "all kinds of answers came");
    let metrics = service.see("/metrics");
    assert!(metrics.contains("signpost_cards_total"), "{metrics}");
    assert_eq!(private.found_in(&metrics), BTreeSet::new(), "in metrics");
    let written = service.read();
    assert_eq!(written.contains("\"target\":\"signpost::"), format == "json", "it is written so");
    assert!(written.contains("caller not let in") && written.contains("refused"), "it logs what it does");
    assert_eq!(private.found_in(&written), BTreeSet::new());
    assert_eq!(private.numbers_in(&written), BTreeSet::new());
    assert!(!written.contains("s3cr3t"), "the EHR's token");
    for token in sent {
        assert!(token.split('.').skip(1).all(|part| !written.contains(part)), "a client's token");
    }
}
