//! The next drug is a matter of files: `fixtures/next-drug` laid over the bundled content, and no code for it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that fails says where"
)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ehr::fetch::{Addresses, Bases, Client};
use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::answer::{answer, answer_with, discovery};
use signpost::content::{Content, Files};
use signpost::ehr_access::{Deadline, EhrAccess};

const SERVICE: &str = "coverage-order-sign";
const POLICY: &str = "example-eribulin-criteria";
const LIMIT: &str = "potassium-low";
const PATIENT: &str = "p1";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/next-drug")
}

fn at() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn loaded(files: &Files) -> Content {
    Content::load(files).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

fn bundled() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| loaded(&Files::bundled()))
}

/// The bundled content with the next drug's files.
fn extended() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| loaded(&over_bundled(&Files::read(&folder()).unwrap())))
}

fn over_bundled(files: &Files) -> Files {
    let bundled = Files::bundled();
    let all = bundled.iter().chain(files.iter());
    all.map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

fn answered(content: &Content, request: &str) -> String {
    let service = content.service(SERVICE).unwrap();
    String::from_utf8(answer(content, service, request.as_bytes(), at()).unwrap()).unwrap()
}

/// The codes that the template of a prefetch key asks for.
fn asked(content: &Content, key: &str) -> Vec<String> {
    let service = content.service(SERVICE).unwrap();
    let (_, template) = service.prefetch.iter().find(|(known, _)| known == key).unwrap();
    let (_, codes) = template.split_once("&code=").unwrap();
    codes.split(',').map(str::to_owned).collect()
}

/// Of the files that were there, only the service's changes, and in it only what names the drug.
#[test]
fn only_the_service_is_changed() {
    let (before, added) = (Files::bundled(), Files::read(&folder()).unwrap());
    let service = format!("services/{SERVICE}.yaml");
    let changed: Vec<&str> =
        added.iter().map(|(path, _)| path).filter(|path| before.get(path).is_some()).collect();
    assert_eq!(changed, [service.as_str()]);
    let lines = |files: &Files| files.get(&service).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(&before), lines(&added));
    let lost: Vec<&String> = old.iter().filter(|line| !new.contains(line)).collect();
    // The path to the schema, and the payer that uses the new policy too.
    assert_eq!(lost.len(), 2, "{lost:?}");
    assert_eq!(new.len(), old.len() + 5, "one drug more");
}

#[test]
fn discovery_asks_for_what_the_next_drug_needs() {
    let rows = [
        ("laboratory", ["2160-0", "14682-9", "2823-3", "85330-9", "29593-1"].as_slice()),
        (
            "attestations",
            &[
                "urn:signpost:data-element|labs.creatinine",
                "urn:signpost:data-element|labs.potassium",
                "urn:signpost:data-element|tumor.ki-67",
                "urn:signpost:data-element|order.partners-of-eribulin",
            ],
        ),
    ];
    let sent = String::from_utf8(discovery(extended()).unwrap()).unwrap();
    for (key, codes) in rows {
        let (before, now) = (asked(bundled(), key), asked(extended(), key));
        assert!(before.iter().all(|code| now.contains(code)), "{key}: what was asked for still is");
        for code in codes {
            assert!(!before.contains(&(*code).to_owned()), "{key}: {code} is new");
            assert!(now.contains(&(*code).to_owned()), "{key}: {code} is asked for");
            assert!(sent.contains(code), "{key}: {code} is sent");
        }
    }
}

/// Byte for byte, over every bundled request; the recognized payer is one that uses the new policy too.
#[test]
fn the_first_drug_is_answered_as_before() {
    let names = signpost::example::names();
    assert!(names.len() > 40, "the requests were found");
    for name in names {
        let request = signpost::example::request(name, at()).unwrap();
        assert_eq!(answered(extended(), &request), answered(bundled(), &request), "{name}");
    }
}

/// What an order of one drug asks of the EHR does not grow with the drugs that the service knows.
#[test]
fn the_ehr_is_asked_for_what_the_ordered_drug_needs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let asked_with = |content: &Content, request: &str| {
        let (asked, noted) = std::sync::mpsc::channel();
        let note = move |uri: axum::http::Uri| {
            asked.send(uri.to_string()).unwrap();
            async { r#"{"resourceType":"Bundle","type":"searchset"}"# }
        };
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let base = format!("http://{}/fhir", listener.local_addr().unwrap());
            let router = axum::Router::new().fallback(axum::routing::get(note));
            let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
            let addresses = Addresses { loopback: true, private: false };
            let bases = Bases::new(&[], addresses).unwrap();
            let access = EhrAccess::new(Client::new(addresses).unwrap(), bases, Deadline::default());
            let request = signpost::example::to_be_fetched(request, &base, None).unwrap();
            let service = content.service(SERVICE).unwrap();
            answer_with(&access, content, service, request.as_bytes(), at()).await.unwrap();
            server.abort();
        });
        let mut asked: Vec<String> = noted.try_iter().collect();
        asked.sort();
        asked
    };
    let first = signpost::example::request(signpost::example::DEFAULT, at()).unwrap();
    let asked = asked_with(bundled(), &first);
    assert!(asked.len() > 10, "{asked:?}");
    assert_eq!(asked_with(extended(), &first), asked);
    let of_the_next = asked_with(extended(), &Request::complete().0.to_string());
    let asks_for_potassium = |asked: &[String]| asked.iter().any(|uri| uri.contains("2823-3"));
    assert!(asks_for_potassium(&of_the_next) && !asks_for_potassium(&asked), "{of_the_next:?}");
}

/// A request for the next drug whose record holds everything.
#[derive(Clone)]
struct Request(Value);

impl Request {
    fn complete() -> Self {
        let mut request = Self(json!({
            "hook": "order-sign",
            "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
            "context": {
                "userId": "Practitioner/dr1", "patientId": PATIENT,
                "draftOrders": { "resourceType": "Bundle", "type": "collection", "entry": [] }
            },
            "prefetch": {}
        }));
        for (key, _) in &extended().service(SERVICE).unwrap().prefetch {
            let reads_one = ["patient", "user", "encounter"].contains(&key.as_str());
            let empty = json!({ "resourceType": "Bundle", "type": "searchset", "entry": [] });
            request.0["prefetch"][key.as_str()] = if reads_one { Value::Null } else { empty };
        }
        request
            .ordering(drug("order-1", "1045453"))
            .with("conditions", condition("c1", "C50.911"))
            .with("conditions", condition("c2", "C79.51"))
            .with("laboratory", result("creatinine", "2160-0", "0.9", "mg/dL"))
            .with("laboratory", result("potassium", "2823-3", "4.1", "mmol/L"))
            .with("laboratory", result("ki-67", "85330-9", "35", "%"))
    }

    fn ordering(mut self, order: Value) -> Self {
        let entries = &mut self.0["context"]["draftOrders"]["entry"];
        entries.as_array_mut().unwrap().push(json!({ "resource": order }));
        self
    }

    fn with(mut self, key: &str, resource: Value) -> Self {
        self.0["prefetch"][key]["entry"].as_array_mut().unwrap().push(json!({ "resource": resource }));
        self
    }

    /// Without the resource with this id.
    fn without(mut self, key: &str, id: &str) -> Self {
        self.0["prefetch"][key]["entry"]
            .as_array_mut()
            .unwrap()
            .retain(|entry| entry["resource"]["id"] != id);
        self
    }

    /// The record with another laboratory result or score in the place of one.
    fn instead(self, key: &str, id: &str, (code, value, unit): (&str, &str, &str)) -> Self {
        self.without(key, id).with(key, result(id, code, value, unit))
    }

    fn cards(&self) -> Vec<Value> {
        let answer: Value = serde_json::from_str(&answered(extended(), &self.0.to_string())).unwrap();
        answer["cards"].as_array().unwrap().clone()
    }

    /// What the coverage card says for machines.
    fn coverage(&self) -> Value {
        let cards = self.cards();
        let of = |card: &Value| card["extension"].get("dev.signpost.determination").cloned();
        let all: Vec<Value> = cards.iter().filter_map(of).collect();
        let [one] = all.as_slice() else { panic!("not one coverage card: {cards:#?}") };
        one.clone()
    }

    /// The limits card that holds the limit, and the limit's verdict.
    fn limit(&self) -> Option<(Value, String)> {
        self.cards().into_iter().find_map(|card| {
            let limits = card["extension"].get("dev.signpost.limits")?.as_array()?;
            let limit = limits.iter().find(|limit| limit["id"] == LIMIT)?;
            let verdict = limit["verdict"].as_str()?.to_owned();
            Some((card, verdict))
        })
    }
}

fn concept(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

fn subject() -> Value {
    json!({ "reference": format!("Patient/{PATIENT}") })
}

fn drug(id: &str, rxnorm: &str) -> Value {
    json!({
        "resourceType": "MedicationRequest", "id": id, "status": "draft", "intent": "order", "subject": subject(),
        "medicationCodeableConcept": concept("http://www.nlm.nih.gov/research/umls/rxnorm", rxnorm),
        "authoredOn": "2026-11-22"
    })
}

fn condition(id: &str, code: &str) -> Value {
    let status = |system: &str, code: &str| {
        concept(&format!("http://terminology.hl7.org/CodeSystem/condition-{system}"), code)
    };
    json!({
        "resourceType": "Condition", "id": id, "subject": subject(), "recordedDate": "2026-03-01",
        "code": concept("http://hl7.org/fhir/sid/icd-10-cm", code),
        "clinicalStatus": status("clinical", "active"), "verificationStatus": status("ver-status", "confirmed")
    })
}

fn result(id: &str, loinc: &str, value: &str, unit: &str) -> Value {
    let value: Value = serde_json::from_str(value).unwrap();
    json!({
        "resourceType": "Observation", "id": id, "status": "final", "subject": subject(),
        "code": concept("http://loinc.org", loinc), "effectiveDateTime": "2026-11-19T08:00:00Z",
        "valueQuantity": { "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit }
    })
}

fn coverage_by(name: &str) -> Value {
    json!({
        "resourceType": "Coverage", "id": "cov", "status": "active", "beneficiary": subject(),
        "payor": [{ "display": name }]
    })
}

#[test]
fn a_complete_record_meets_the_criteria() {
    let request = Request::complete();
    let coverage = request.coverage();
    assert_eq!(coverage["policy"], POLICY);
    assert_eq!(coverage["order"], "MedicationRequest/order-1");
    assert_eq!(coverage["determination"], "meets-criteria", "{coverage:#}");
    assert_eq!(coverage["deciding"], json!(["E", "E.1", "E.2", "E.3"]));
    assert!(request.limit().is_none_or(|(_, verdict)| verdict == "not-met"), "{:?}", request.limit());
    let recognized = request.with("coverage", coverage_by("Example Health Plan"));
    assert_eq!(recognized.coverage()["determination"], "meets-criteria");
}

/// A payer of the table that does not use the policy: nothing is said of its criteria.
#[test]
fn a_payer_without_the_policy_gets_no_coverage_card() {
    let request = Request::complete().with("coverage", coverage_by("Sample Mutual"));
    let of_coverage = |card: &Value| card["extension"].get("dev.signpost.determination").is_some();
    assert!(!request.cards().iter().any(of_coverage), "{:#?}", request.cards());
}

/// What is not on record is asked for by name, and alone.
#[test]
fn what_is_missing_is_named() {
    let rows = [
        ("laboratory", "creatinine", "labs.creatinine", "E.1"),
        ("laboratory", "ki-67", "tumor.ki-67", "E.2"),
    ];
    for (key, id, element, criterion) in rows {
        let coverage = Request::complete().without(key, id).coverage();
        assert_eq!(coverage["determination"], "information-needed", "{element}");
        assert_eq!(coverage["open"], json!([criterion]));
        assert_eq!(coverage["missing"], json!([{ "element": element, "gap": "not-recorded" }]));
        let paths = coverage["shortestPaths"].as_array().unwrap();
        assert!(paths.len() == 1 && paths[0][0]["element"] == element, "{coverage:#}");
    }
}

/// The new elements decide, each on both sides of its limit and in the units that records hold.
#[test]
fn the_new_elements_decide() {
    let (meets, denies) = ("meets-criteria", "does-not-meet-criteria");
    let rows = [
        ("laboratory", "creatinine", ("2160-0", "2.0", "mg/dL"), meets),
        ("laboratory", "creatinine", ("2160-0", "2.01", "mg/dL"), denies),
        // 176 umol/L x 113.12 g/mol = 1.99 mg/dL; 177 are 2.002.
        ("laboratory", "creatinine", ("14682-9", "176", "umol/L"), meets),
        ("laboratory", "creatinine", ("14682-9", "177", "umol/L"), denies),
        ("laboratory", "ki-67", ("29593-1", "20", "%"), meets),
        ("laboratory", "ki-67", ("85330-9", "19", "%"), denies),
        // Mere presence is no index: what the index says is not known.
        ("laboratory", "ki-67", ("33055-5", "40", "{score}"), "information-needed"),
    ];
    for (key, id, now, expected) in rows {
        let coverage = Request::complete().instead(key, id, now).coverage();
        assert_eq!(coverage["determination"], expected, "{now:?} {coverage:#}");
    }
}

/// 0.35 of the cells are 35 percent of them; to read it as 0.35 percent denies what meets.
#[test]
fn a_share_of_cells_is_read_in_its_unit() {
    let share = Request::complete().instead("laboratory", "ki-67", ("85330-9", "0.35", "1"));
    assert_ne!(share.coverage()["determination"], "does-not-meet-criteria");
}

/// The same partners as the first drug's are asked for in the next drug's words.
#[test]
fn partners_are_those_of_the_next_drug() {
    let rows = [
        ("trastuzumab", "224905", "meets-criteria"),
        ("paclitaxel", "56946", "does-not-meet-criteria"),
        ("capecitabine", "194000", "does-not-meet-criteria"),
        ("eribulin mesylate", "1045452", "meets-criteria"),
        ("ondansetron", "26225", "meets-criteria"),
    ];
    for (partner, rxnorm, expected) in rows {
        let mut request = Request::complete();
        request.0["prefetch"]["medication-requests"]["entry"] = json!([{ "resource": active(rxnorm) }]);
        // A code alone that is in no value set may be any drug.
        let words = &mut request.0["prefetch"]["medication-requests"]["entry"][0]["resource"];
        words["medicationCodeableConcept"]["text"] = json!(partner);
        assert_eq!(request.coverage()["determination"], expected, "{partner}");
    }
}

fn active(rxnorm: &str) -> Value {
    let mut order = drug("order-9", rxnorm);
    order["status"] = json!("active");
    order["authoredOn"] = json!("2026-11-20");
    order
}

#[test]
fn the_limit_applies_and_is_never_taken_as_safe() {
    let low = Request::complete().instead("laboratory", "potassium", ("2823-3", "3.49", "mmol/L"));
    let (card, verdict) = low.limit().unwrap();
    assert_eq!((card["indicator"].as_str(), verdict.as_str()), (Some("critical"), "met"));
    assert_eq!(low.cards()[0], card, "critical first");
    assert!(card["summary"].as_str().unwrap().starts_with("Halaven: potassium below 3.5 mmol/L"), "{card:#}");
    let labels: Vec<&str> =
        card["suggestions"].as_array().unwrap().iter().filter_map(|one| one["label"].as_str()).collect();
    assert_eq!(labels, ["Remove the Halaven order", "Order Basic metabolic panel"]);

    let at_the_limit = Request::complete().instead("laboratory", "potassium", ("2823-3", "3.5", "mmol/L"));
    assert!(at_the_limit.limit().is_none_or(|(_, verdict)| verdict == "not-met"));

    let (card, verdict) = Request::complete().without("laboratory", "potassium").limit().unwrap();
    assert_eq!(verdict, "unknown");
    assert_eq!(card["indicator"], "warning", "{card:#}");
    assert!(card["detail"].as_str().unwrap().contains("does not mean safe"), "{card:#}");
    let create = &card["suggestions"][0]["actions"][0]["resource"];
    assert_eq!(create["code"]["coding"][0]["code"], "51990-0", "the panel that settles it: {card:#}");
}

/// Which card an open limit stands on must not hang on whether the file also has a limit that says what is missing.
#[test]
fn an_open_limit_is_said_without_a_limit_on_what_is_missing() {
    let path = "safety/halaven.yaml";
    let next = Files::read(&folder()).unwrap();
    let (without, _) = next.get(path).unwrap().split_once("  - id: labs-missing").unwrap();
    let files = over_bundled(&next);
    let changed = files.iter().map(|(known, text)| (known, if known == path { without } else { text }));
    let content = loaded(&changed.map(|(path, text)| (path.to_owned(), text.to_owned())).collect());
    let request = Request::complete().without("laboratory", "potassium");
    assert!(answered(&content, &request.0.to_string()).contains(LIMIT));
}

/// One signing for both drugs: each order gets its own drug's cards, and is the other one's partner.
#[test]
fn both_drugs_in_one_signing_are_answered_each_by_its_own() {
    let request = Request::complete().ordering(drug("order-2", "337523"));
    let cards = request.cards();
    let of = |order: &str| -> Vec<String> {
        let all = cards.iter().filter_map(|card| card["extension"].get("dev.signpost.determination"));
        let mine = all.filter(|of| of["order"] == format!("MedicationRequest/{order}"));
        mine.map(|of| format!("{} {}", of["policy"].as_str().unwrap(), of["determination"].as_str().unwrap()))
            .collect()
    };
    assert_eq!(of("order-1"), [format!("{POLICY} does-not-meet-criteria")]);
    assert_eq!(of("order-2").len(), 2, "{cards:#?}");
}
