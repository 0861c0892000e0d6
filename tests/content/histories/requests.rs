//! The requests of `fixtures/requests`, every data element of each: what must not matter in a history matters in no
//! other part of a record either.

use std::fs;

use criteria::{ElementIndex, GapKind, Known, Possible, Truth};
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

    /// Every entry of every answer: its key and its position.
    fn places(&self) -> Vec<(String, usize)> {
        let prefetch = self.body["prefetch"].as_object().unwrap();
        let of = |(key, answer): (&String, &Value)| {
            let entries = answer.get("entry").and_then(Value::as_array).map_or(0, Vec::len);
            (0..entries).map(|position| (key.clone(), position)).collect::<Vec<_>>()
        };
        prefetch.iter().flat_map(of).collect()
    }

    /// `Type/id` of an entry.
    fn reference(&self, search: &str, position: usize) -> String {
        let resource = &self.body["prefetch"][search]["entry"][position]["resource"];
        format!("{}/{}", resource["resourceType"].as_str().unwrap(), resource["id"].as_str().unwrap())
    }

    /// What is known of every element, after a change to the entries of each answer, given with its key.
    fn known(&self, change: impl Fn(&str, &mut Vec<Value>)) -> Vec<(String, Known)> {
        let mut prefetch = self.body["prefetch"].as_object().unwrap().clone();
        for (key, answer) in &mut prefetch {
            if let Some(entries) = answer.get_mut("entry").and_then(Value::as_array_mut) {
                let before = entries.len();
                change(key, entries);
                let after = entries.len();
                // A whole answer stays whole: with fewer entries than its total it would be one page of several.
                if answer["total"] == before {
                    answer["total"] = json!(after);
                }
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

/// Resources without which a "yes" is a "no", of an element for which finding nothing is no answer, and why that is right.
const DECIDES: [(&str, &str, &str, &str); 2] = [
    (
        "therapy-three-lines-administered",
        "therapy.taxane-resistant",
        "Observation/syn-050-stat-133",
        "the progression within four months; of the next one on record, eight months later, the reading of the policy says \
        that progression after the window is no resistance",
    ),
    (
        "therapy-three-lines-administered",
        "therapy.taxane-resistant",
        "MedicationAdministration/syn-050-ma-107",
        "the last dose; counted from the dose before it, the progression is after the window",
    ),
];

/// Computed from the newest height and weight, each of which comes before an older one or before what the order says.
const COMPUTED: [&str; 3] = ["patient.body-surface-area", "order.dose", "order.dose-absolute"];

/// What is away is not known, so that without it more is possible, and nothing less. Two resources decide by more than
/// what they say: one that comes before others that say otherwise (the newest result, which is its evidence), and one that
/// contradicts others (which is named as a conflict). Without such a one a "yes" is a "no" only where absence is declared
/// to mean that, or where the reason stands in [`DECIDES`].
#[test]
fn without_one_resource_nothing_that_was_possible_is_ruled_out() {
    let absence_is_no = |element: &str| {
        let of = |definition: &&ehr::content::Definition| definition.element.id == element;
        CONTENT.definitions.iter().find(of).unwrap().absence == ehr::source::Absence::No
    };
    let (mut wrong, mut decided) = (Vec::new(), 0);
    for request in requests() {
        let as_sent = request.known(|_, _| {});
        for (search, position) in request.places() {
            let away = request.reference(&search, position);
            let less = request.known(|key, entries| {
                if key == search {
                    entries.remove(position);
                }
            });
            for ((element, before), (_, after)) in as_sent.iter().zip(&less) {
                let is_wider =
                    before.possible.intersection(&after.possible).as_ref() == Some(&before.possible);
                if is_wider || COMPUTED.contains(&element.as_str()) {
                    continue;
                }
                let decides = DECIDES.iter().any(|(name, of, resource, _)| {
                    (*name, *of, *resource) == (request.name.as_str(), element.as_str(), away.as_str())
                });
                let is_evidence = before.evidence.iter().any(|evidence| evidence.reference == away);
                let is_conflict = before.gaps.iter().any(|gap| gap.kind == GapKind::Conflicting);
                let is_no = after.possible == Possible::Truth(Truth::No);
                decided += usize::from(decides);
                let is_right = is_evidence
                    && (before.gaps.is_empty() || is_conflict)
                    && (!is_no || decides || absence_is_no(element));
                if !is_right {
                    wrong.push(format!("{}: {element} without {away}", request.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(decided, DECIDES.len(), "each exception is one");
}
