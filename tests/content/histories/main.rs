//! `fixtures/histories.yaml` through the front door: FHIR resources in, what is known by the service's own content out.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

mod adversary;
#[path = "../../../src/ehr/tests/given/mod.rs"]
mod given;
mod invariance;
mod nesting;
mod requests;
mod rows;
mod untried;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use criteria::{Document, Known, Possible, Truth};
use ehr::content::Content;
use ehr::search::Search;
use given::{Given, PATIENT, bundle};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

const AT: &str = "2026-06-15T15:00:00Z";

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    histories: Vec<History>,
}

#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct History {
    history: String,
    rows: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    lacking: Vec<String>,
    #[serde(default)]
    paged: Vec<String>,
    lines: String,
    taxane: String,
    endocrine: Option<String>,
    preoperative: Option<String>,
    candidate: Option<String>,
    why: String,
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &str) -> Vec<(String, String)> {
    let folder = root().join("cds-hooks").join(folder);
    let mut files: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    Content::load(&files("data-elements"), &files("value-sets"), &files("therapy")).unwrap_or_else(
        |problems| panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    )
});

static HISTORIES: LazyLock<Vec<History>> = LazyLock::new(|| {
    let text = fs::read_to_string(root().join("fixtures/histories.yaml")).unwrap();
    let file: File = Document::read("histories.yaml", &text).unwrap().shape().unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    file.histories
});

impl History {
    fn prefetch(&self) -> Vec<(&'static str, Value)> {
        let mut searches: BTreeMap<&'static str, Vec<Value>> = BTreeMap::new();
        for (number, row) in self.rows.iter().enumerate() {
            for (search, resource) in rows::resources(row, number) {
                searches.entry(search).or_default().push(resource);
            }
        }
        Search::ALL
            .into_iter()
            .map(Search::key)
            .filter(|key| !self.lacking.iter().any(|lacking| lacking == key))
            .map(|key| {
                let mut answer = bundle(searches.get(key).map_or(&[][..], Vec::as_slice));
                if key == "patient" {
                    answer = json!({ "resourceType": "Patient", "id": PATIENT });
                }
                if self.paged.iter().any(|paged| paged == key) {
                    answer["link"] = json!([{ "relation": "next", "url": "https://ehr.example/next" }]);
                }
                (key, answer)
            })
            .collect()
    }

    fn known(&self, element: &str) -> Known {
        self.known_from(element, &self.prefetch())
    }

    /// What is known of an element where this is what is sent.
    fn known_from(&self, element: &str, prefetch: &[(&str, Value)]) -> Known {
        let order = |drug: &str| {
            json!({ "resourceType": "MedicationRequest", "status": "draft", "intent": "order", "id": format!("o-{drug}"),
                "subject": { "reference": "Patient/p1" }, "authoredOn": "2026-06-15",
                "medicationCodeableConcept": { "text": drug } })
        };
        let companions = self.with.iter().map(|drug| order(drug));
        let drafts: Vec<Value> = std::iter::once(order("ixabepilone")).chain(companions).collect();
        Given { content: &CONTENT, prefetch, drafts: &drafts, at: AT }.known(element)
    }

    /// What is asked for, what is expected, and what is known.
    fn checks(&self) -> Vec<(&'static str, &str)> {
        let truths = [
            ("therapy.taxane-resistant", Some(&self.taxane)),
            ("therapy.endocrine-refractory", self.endocrine.as_ref()),
            ("disease.no-response-to-preoperative-therapy", self.preoperative.as_ref()),
            ("therapy.t-dxd-candidate", self.candidate.as_ref()),
        ];
        let truths = truths.into_iter().filter_map(|(element, expected)| Some((element, expected?.as_str())));
        std::iter::once(("therapy.prior-lines", self.lines.as_str())).chain(truths).collect()
    }
}

fn in_words(known: &Known) -> String {
    match known.possible {
        Possible::Count(count) => match (count.exact(), count.high()) {
            (Some(count), _) => count.to_string(),
            (None, Some(high)) => format!("{}..{high}", count.low()),
            (None, None) => format!("{}..", count.low()),
        },
        Possible::Truth(Truth::Yes) => "yes".to_owned(),
        Possible::Truth(Truth::No) => "no".to_owned(),
        Possible::Truth(Truth::Either) => "open".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn every_history_is_read_as_a_pharmacist_would() {
    let mut wrong = Vec::new();
    for history in HISTORIES.iter() {
        for (element, expected) in history.checks() {
            let known = history.known(element);
            let found = in_words(&known);
            if found != expected {
                let gaps: Vec<&str> = known.gaps.iter().map(|gap| gap.detail.as_str()).collect();
                wrong.push(format!(
                    "{} ({})\n  {element}: expected {expected}, found {found}\n  {}",
                    history.history,
                    history.why,
                    gaps.join("\n  ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn there_are_many_histories_and_each_says_why() {
    assert!(HISTORIES.len() >= 30);
    assert!(HISTORIES.iter().all(|history| !history.why.trim().is_empty()));
}

/// Open answers say why; the settled ones name what they rest on.
#[test]
fn every_answer_has_evidence_or_a_gap() {
    for history in HISTORIES.iter() {
        for (element, _) in history.checks() {
            let known = history.known(element);
            let is_open = matches!(in_words(&known).as_str(), "open") || in_words(&known).contains("..");
            assert_eq!(is_open, !known.gaps.is_empty(), "{}: {element} {:?}", history.history, known.gaps);
            assert!(is_open || !known.evidence.is_empty(), "{}: {element}", history.history);
        }
    }
}
