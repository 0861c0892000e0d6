//! Files of other systems, as they are: answered in time, with the status of the table, and nobody denied for what is
//! missing. They stand beside the repository; where they do not, there is nothing to test and the test says so.

mod files;
mod wrapped;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Answer, POLICIES, Request, nothing_denied_without_evidence, post, post_bytes};
use files::{File, files};

/// More than any file may take, in a debug build on a busy machine.
const BOUND: Duration = Duration::from_secs(20);

const DENIES: &str = "does-not-meet-criteria";

fn in_time(file: &File, post: impl FnOnce() -> Answer) -> Answer {
    let start = Instant::now();
    let answer = post();
    assert!(start.elapsed() < BOUND, "{}: {:?}", file.name, start.elapsed());
    answer
}

/// The statuses of whole files and of hook requests sent as they are, by the table.
#[test]
fn every_file_as_it_is_gets_the_status_of_the_table() {
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    for file in files() {
        let answer = in_time(&file, || post_bytes(file.bytes.clone()));
        let expected = expected_statuses(&file);
        assert!(expected.contains(&answer.status), "{}: {} {}", file.name, answer.status, answer.text());
        *statuses.entry(answer.status).or_default() += 1;
    }
    eprintln!("third-party files sent as they are, by status: {statuses:?}");
}

/// A file is refused unless it is an order-sign request with all that the hook requires.
fn expected_statuses(file: &File) -> &'static [u16] {
    let Some(body) = &file.json else { return &[400] };
    let is_ours = body["hook"] == "order-sign"
        && body["hookInstance"].is_string()
        && body["context"]["draftOrders"]["resourceType"] == "Bundle";
    // Not every public order-sign request has a UUID and a plain patient id.
    if is_ours { &[200, 400] } else { &[400] }
}

/// Order-sign requests of other systems that are refused name a member that is really wrong.
#[test]
fn an_order_sign_request_is_refused_only_for_what_is_wrong_in_it() {
    for file in files() {
        let Some(body) = file.json.as_ref().filter(|body| body["hook"] == "order-sign") else { continue };
        let answer = post(body);
        if answer.status == 200 {
            continue;
        }
        let path = answer.issue()["expression"][0].as_str().expect("a path").to_owned();
        let value = body.pointer(&format!("/{}", path.replace('.', "/"))).cloned().unwrap_or_default();
        eprintln!("{}: {path} is {value}", file.name);
        let is_wrong = match path.as_str() {
            "hookInstance" => value.as_str().is_none_or(|text| text.len() != 36),
            "context.userId" => value.as_str().is_none_or(|text| text.split('/').count() != 2),
            "context.patientId" => value.as_str().is_none_or(|text| text.contains('/')),
            _ => value.is_null() || !value.is_object(),
        };
        assert!(is_wrong, "{}: `{path}` is {value}: {}", file.name, answer.text());
    }
}

/// Every file as a patient's record with an order of ours.
#[test]
fn every_file_as_a_record_is_answered_and_denies_nobody_for_what_is_missing() {
    let (mut answered, mut denied) = (0, 0);
    for file in files() {
        for (patient, request) in wrapped::requests(&file) {
            let name = format!("{} for {patient}", file.name);
            let answer = in_time(&file, || request.post());
            assert_eq!(answer.status, 200, "{name}: {}", answer.text());
            assert_eq!(answer.determinations().len(), POLICIES.len(), "{name}");
            denied += nothing_denied_without_evidence(&request.0, &name);
            losing_an_answer_denies_nothing(&request, &answer, &name);
            answered += 1;
        }
    }
    eprintln!("third-party records answered: {answered}, denials among them: {denied}");
}

fn losing_an_answer_denies_nothing(request: &Request, before: &Answer, name: &str) {
    let keys: Vec<String> = request.0["prefetch"].as_object().expect("prefetch").keys().cloned().collect();
    for key in keys.iter().filter(|key| has_resources(&request.0["prefetch"][key.as_str()])) {
        let answer = request.clone().without(key).post();
        for policy in POLICIES {
            let (was, is) = (before.determination(policy), answer.determination(policy));
            assert!(is.comes_to() != DENIES || was.comes_to() == DENIES, "{name} without {key}: {}", is.0);
        }
    }
}

fn has_resources(answer: &Value) -> bool {
    answer["entry"]
        .as_array()
        .map_or(answer.is_object() && answer["resourceType"] != "Bundle", |entries| !entries.is_empty())
}
