//! What is done with bytes of a fuzzer, and what must hold whatever they are. Shared by the fuzz targets and by the test
//! that replays their corpora.

use std::sync::{Arc, OnceLock};

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use signpost::answer::answer;
use signpost::config::{Config, File, Told};
use signpost::content::{Content, Files};
use signpost::example;
use signpost::trust::{KeySet, KeyTimes, Memory, Trust};

const SERVICE: &str = "coverage-order-sign";

/// What is done with bytes.
pub type Target = fn(&[u8]);

/// Every target by name.
pub const ALL: [(&str, Target); 5] =
    [("request", request), ("resource", resource), ("policy", policy), ("token", token), ("jwks", jwks)];

fn at() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("an instant")
}

fn content() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| Content::load(&Files::bundled()).expect("the bundled content loads"))
}

/// The status of an answer. What is answered is JSON; what is refused is the sender's fault.
fn status(body: &[u8]) -> u16 {
    let service = content().service(SERVICE).expect("the service");
    match answer(content(), service, body, at()) {
        Ok(cards) => {
            let cards: Value = serde_json::from_slice(&cards).expect("JSON");
            assert!(cards["cards"].is_array(), "an answer has cards");
            200
        }
        Err(refusal) => {
            assert!((400..500).contains(&refusal.status), "{refusal:?}");
            assert!(!refusal.issues.is_empty(), "a refusal says why");
            refusal.status
        }
    }
}

/// A body of a hook call.
pub fn request(bytes: &[u8]) {
    status(bytes);
}

/// A FHIR resource, in every place where one may stand: as an order, and in the answer to each search.
pub fn resource(bytes: &[u8]) {
    let Ok(resource) = serde_json::from_slice::<&RawValue>(bytes) else { return };
    let whole: Value = serde_json::from_str(good()).expect("JSON");
    let entry = json!({ "entry": [{ "resource": 0 }] }).to_string().replacen('0', resource.get(), 1);
    for key in whole["prefetch"].as_object().expect("prefetch").keys() {
        let mut request = whole.clone();
        request["prefetch"][key] = json!({ "resourceType": "Bundle", "type": "searchset", "mark": 0 });
        let body = request.to_string().replacen("\"mark\":0", entry.trim_matches(['{', '}']), 1);
        // One entry that is bad is a gap, and nothing that is refused; but its text may end what is around it.
        status(body.as_bytes());
    }
    let mut request = whole;
    request["context"]["draftOrders"] = json!({ "resourceType": "Bundle", "mark": 0 });
    status(request.to_string().replacen("\"mark\":0", entry.trim_matches(['{', '}']), 1).as_bytes());
}

fn good() -> &'static str {
    static GOOD: OnceLock<String> = OnceLock::new();
    GOOD.get_or_init(|| example::request(example::DEFAULT, at()).expect("an example"))
}

/// A policy file among the bundled content: it loads, or everything that is wrong is said.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let bundled = Files::bundled();
    let policy = bundled.below("policies/", "policy.yaml").next().expect("a policy").0;
    let files = bundled.iter().map(|(path, good)| (path, if path == policy { text } else { good }));
    let files: Files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    if let Err(problems) = Content::load(&files) {
        assert!(!problems.is_empty(), "it is said what is wrong");
    }
}

/// The value of an `Authorization` header: nobody without a client's private key is let in.
pub fn token(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
    let headers = HeaderMap::from_iter([(AUTHORIZATION, value)]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let status =
        runtime.block_on(trust().admit(&headers, "/cds-services")).err().map(|not| not.refusal.status);
    assert_eq!(status, Some(401));
}

fn trust() -> &'static Trust {
    static TRUST: OnceLock<Trust> = OnceLock::new();
    TRUST.get_or_init(|| {
        let keys = include_str!("../../fixtures/keys/north.jwks.json");
        let text = format!(
            "public_url = 'https://cds.example.org'\n\
             [[client]]\nname = 'north'\niss = 'https://ehr.north.example.org'\njwks = '''{keys}'''\n"
        );
        let file = File { path: "signpost.toml".into(), text };
        let config = Config::read(&Told { file: Some(file), ..Told::default() }).expect("a configuration");
        let seen = Arc::new(Memory::new(at));
        Trust::of(&config, seen, at, KeyTimes::default()).expect("trust").expect("a client")
    })
}

/// A JWK Set, as a client publishes it.
pub fn jwks(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(set) = KeySet::read(text) {
        assert!(set.unusable().len() <= 100, "what cannot be used is named, up to a bound");
    }
}
