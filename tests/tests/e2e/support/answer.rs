//! What came back. Every answer is checked against the wire format before a test sees it.

use axum::http::HeaderMap;
use serde_json::Value;

use super::conformance;

/// Key of a coverage card's extension.
const DETERMINATION: &str = "dev.signpost.determination";

/// Key of a limits card's extension.
const LIMITS: &str = "dev.signpost.limits";

/// An answer of the service.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// HTTP headers.
    pub headers: HeaderMap,
    /// The body as it was sent.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Takes an answer in.
    ///
    /// # Panics
    /// If it is a 5xx, or not what CDS Hooks and FHIR say it must be.
    pub fn new(status: u16, headers: HeaderMap, bytes: Vec<u8>) -> Self {
        let answer = Self { status, headers, bytes };
        assert!(answer.status < 500, "{answer:?}");
        conformance::check(&answer);
        answer
    }

    /// A header as text; empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of ASCII"))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("UTF-8")
    }

    /// The body as JSON; null where there is none.
    pub fn json(&self) -> Value {
        if self.bytes.is_empty() { Value::Null } else { serde_json::from_slice(&self.bytes).expect("JSON") }
    }

    /// The cards of an answer that has some.
    pub fn cards(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()["cards"].as_array().expect("cards").clone()
    }

    /// The texts of all cards, one after another.
    pub fn said(&self) -> String {
        let of = |card: &Value| {
            format!("{}\n{}\n", card["summary"].as_str().unwrap_or(""), card["detail"].as_str().unwrap_or(""))
        };
        self.cards().iter().map(of).collect()
    }

    /// The coverage card of a policy.
    pub fn card(&self, policy: &str) -> Value {
        let of = |card: &Value| card["extension"][DETERMINATION]["policy"] == policy;
        self.cards().into_iter().find(of).unwrap_or_else(|| panic!("no card of {policy}: {}", self.text()))
    }

    /// What the answer says about a policy, for machines.
    pub fn determination(&self, policy: &str) -> Determination {
        Determination(self.card(policy)["extension"][DETERMINATION].clone())
    }

    /// All determinations, whatever the order and the policy.
    pub fn determinations(&self) -> Vec<Determination> {
        let of = |card: &Value| card["extension"].get(DETERMINATION).cloned().map(Determination);
        self.cards().iter().filter_map(of).collect()
    }

    /// The ids of the limits with this verdict, in alphabetical order.
    pub fn limits(&self, verdict: &str) -> Vec<String> {
        let cards = self.cards();
        let limits = cards.iter().filter_map(|card| card["extension"][LIMITS].as_array()).flatten();
        let of = limits.filter(|limit| limit["verdict"] == verdict);
        let mut ids: Vec<String> = of.map(|limit| limit["id"].as_str().expect("an id").to_owned()).collect();
        ids.sort();
        ids
    }

    /// The first issue of an OperationOutcome.
    pub fn issue(&self) -> Value {
        self.json()["issue"][0].clone()
    }
}

/// `extension["dev.signpost.determination"]` of a coverage card.
#[derive(Debug, Clone)]
pub struct Determination(pub Value);

impl Determination {
    /// What it comes to.
    pub fn comes_to(&self) -> &str {
        self.0["determination"].as_str().expect("a determination")
    }

    /// The policy.
    pub fn policy(&self) -> &str {
        self.0["policy"].as_str().expect("a policy")
    }

    /// The ids of the criteria under `deciding` or `open`.
    pub fn criteria(&self, which: &str) -> Vec<&str> {
        let ids = self.0[which].as_array().map_or(&[][..], Vec::as_slice);
        ids.iter().map(|id| id.as_str().expect("an id")).collect()
    }

    /// The gaps of an element that is missing.
    pub fn gaps(&self, element: &str) -> Vec<&str> {
        let missing = self.0["missing"].as_array().map_or(&[][..], Vec::as_slice);
        let of = missing.iter().filter(|one| one["element"] == element);
        of.map(|one| one["gap"].as_str().expect("a gap")).collect()
    }
}
