//! The requests of `fixtures/requests`, every data element of each: what must not matter in a history matters in no
//! other part of a record either.

use std::fs;

use criteria::{ElementIndex, Known};
use ehr::derived::Derived;
use ehr::knowledge::knowledge;
use ehr::order::DraftOrders;
use ehr::reading::Reading;
use ehr::record::Record;
use ehr::search::Search;
use serde_json::{Value, json};

use crate::CONTENT;
use crate::given::raw;
use crate::nesting::beside_the_point;

/// One request: its name, its body and the instant at which it is evaluated.
struct Request {
    name: String,
    body: Value,
    at: String,
}

fn requests() -> Vec<Request> {
    let folder = crate::root().join("fixtures");
    let expected: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    let at = expected["at"].as_str().unwrap();
    let files = fs::read_dir(folder.join("requests")).unwrap().map(|file| file.unwrap().path());
    let request = |path: std::path::PathBuf| Request {
        name: path.file_stem().unwrap().to_string_lossy().into_owned(),
        body: serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap(),
        at: at.to_owned(),
    };
    files.map(request).collect()
}

impl Request {
    fn patient(&self) -> &str {
        self.body["context"]["patientId"].as_str().unwrap()
    }

    /// What is known of every element, after a change to the entries of each answer, given with its key.
    fn known(&self, change: impl Fn(&str, &mut Vec<Value>)) -> Vec<(String, Known)> {
        let mut prefetch = self.body["prefetch"].as_object().unwrap().clone();
        for (key, answer) in &mut prefetch {
            if let Some(entries) = answer.get_mut("entry").and_then(Value::as_array_mut) {
                change(key, entries);
            }
        }
        let raws: Vec<_> = prefetch.iter().map(|(key, answer)| (key.as_str(), raw(answer))).collect();
        let borrowed: Vec<_> = raws.iter().map(|(key, raw)| (*key, raw.as_ref())).collect();
        let record = Record::read(&borrowed, self.patient(), &CONTENT.terminology, &Search::ALL);
        let drafts = raw(&self.body["context"]["draftOrders"]);
        let drafts = DraftOrders::read(&drafts).unwrap();
        let reading = Reading {
            record: &record,
            order: drafts.orders.first().unwrap(),
            drafts: &drafts,
            terminology: &CONTENT.terminology,
            definitions: &CONTENT.definitions,
            therapies: &CONTENT.therapies,
            at: self.at.parse().unwrap(),
            derived: Derived::default(),
        };
        let all: Vec<ElementIndex> = CONTENT.elements.iter().map(|(index, _)| index).collect();
        let known = knowledge(&CONTENT, &all, &reading);
        let of = |(index, element): (ElementIndex, &criteria::Element)| {
            (element.id.clone(), known.get(index).unwrap().clone())
        };
        CONTENT.elements.iter().map(of).collect()
    }
}

#[test]
fn order_and_repetition_of_resources_never_matter() {
    for request in requests() {
        let as_sent = request.known(|_, _| {});
        assert_eq!(request.known(|_, entries| entries.reverse()), as_sent, "{} reversed", request.name);
        assert_eq!(
            request.known(|_, entries| entries.extend(entries.clone())),
            as_sent,
            "{} with everything twice",
            request.name
        );
    }
}

#[test]
fn what_is_beside_the_point_changes_no_element() {
    let possible = |known: Vec<(String, Known)>| -> Vec<_> {
        known.into_iter().map(|(element, known)| (element, known.possible)).collect()
    };
    for request in requests() {
        let as_sent = possible(request.known(|_, _| {}));
        for (search, mut resource) in beside_the_point() {
            for member in ["subject", "patient"] {
                if resource.get(member).is_some() {
                    resource[member] = json!({ "reference": format!("Patient/{}", request.patient()) });
                }
            }
            let found = request.known(|key, entries| {
                if key == search {
                    entries.push(json!({ "resource": resource }));
                }
            });
            assert_eq!(possible(found), as_sent, "{} with one of {search}", request.name);
        }
    }
}
