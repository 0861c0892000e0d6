//! Order-sign requests: everything was searched, and nothing found, until a test says otherwise.

use ehr::search::Search;
use serde_json::{Value, json};

use super::resources::{PATIENT, attestation, condition, ixabepilone, lab, patient, role};
use super::{Answer, post};

/// An order-sign request under construction.
#[derive(Debug, Clone)]
pub struct Request(pub Value);

impl Request {
    /// A request with these draft orders; every prefetch key is answered and empty.
    pub fn new(orders: &[Value]) -> Self {
        let entries: Vec<Value> = orders.iter().map(|order| json!({ "resource": order })).collect();
        let mut request = Self(json!({
            "hook": "order-sign",
            "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            "context": {
                "userId": "Practitioner/dr1",
                "patientId": PATIENT,
                "draftOrders": { "resourceType": "Bundle", "type": "collection", "entry": entries }
            },
            "prefetch": {}
        }));
        for search in Search::ALL {
            let reads_one = matches!(search, Search::Patient | Search::User | Search::Encounter);
            let empty = json!({ "resourceType": "Bundle", "type": "searchset", "total": 0 });
            request.0["prefetch"][search.key()] = if reads_one { Value::Null } else { empty };
        }
        request
    }

    /// A complete record that meets the criteria of both policies: metastatic breast cancer, monotherapy after two
    /// lines, good laboratory results, an oncologist.
    pub fn meets() -> Self {
        let day = "2026-11-19T08:00:00Z";
        Self::new(&[ixabepilone("ord1", "40", 1, 21)])
            .answered("patient", patient("1971-03-02"))
            .found("conditions", [condition("c1", "C50.911"), condition("c2", "C79.51")])
            .found(
                "laboratory",
                [
                    lab("anc", "751-8", day, "3.0", "10*3/uL", None),
                    lab("plt", "777-3", day, "200", "10*3/uL", None),
                    lab("ast", "1920-8", day, "32", "U/L", Some("40")),
                    lab("alt", "1742-6", day, "32", "U/L", Some("40")),
                    lab("bili", "1975-2", day, "0.6", "mg/dL", Some("1.2")),
                ],
            )
            .found("attestations", [attestation("therapy.prior-lines", ("valueInteger", json!(2)))])
            .found("user-roles", [role("207RX0202X")])
    }

    /// The answer to a prefetch key.
    pub fn answered(mut self, key: &str, answer: Value) -> Self {
        self.0["prefetch"][key] = answer;
        self
    }

    /// A prefetch key that was not sent.
    pub fn without(mut self, key: &str) -> Self {
        self.0["prefetch"].as_object_mut().expect("prefetch").shift_remove(key);
        self
    }

    /// Resources that a search found, beside those that it found already.
    pub fn found(mut self, key: &str, resources: impl IntoIterator<Item = Value>) -> Self {
        let bundle = &mut self.0["prefetch"][key];
        if bundle["resourceType"] != "Bundle" {
            *bundle = json!({ "resourceType": "Bundle", "type": "searchset" });
        }
        let members = bundle.as_object_mut().expect("a Bundle");
        let entries = members.entry("entry").or_insert_with(|| json!([])).as_array_mut().expect("entries");
        entries.extend(resources.into_iter().map(|resource| json!({ "resource": resource })));
        let total = entries.len();
        members.insert("total".into(), json!(total));
        self
    }

    /// The resources that a prefetch key holds.
    pub fn resources(&self, key: &str) -> Vec<Value> {
        let entries = self.0["prefetch"][key]["entry"].as_array();
        entries.into_iter().flatten().map(|entry| entry["resource"].clone()).collect()
    }

    /// The request with something else at a JSON pointer.
    pub fn with(mut self, pointer: &str, value: Value) -> Self {
        *self.0.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")) = value;
        self
    }

    /// The answer of the service.
    pub fn post(&self) -> Answer {
        post(&self.0)
    }
}
