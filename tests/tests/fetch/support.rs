//! The service with access to a demo EHR that notes what it is asked.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::{Router, http};
use ehr::fetch::{Addresses, Bases, Client};
use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::content::{Content, Files};
use signpost::demo_ehr::DemoEhr;
use signpost::ehr_access::{Deadline, EhrAccess};
use signpost::example;
use signpost::http::App;
use tokio::runtime::Runtime;
use tower::ServiceExt;

pub const SERVICE_PATH: &str = "/cds-services/coverage-order-sign";

pub const TOKEN: &str = "s3cr3t-token";

/// Long enough for a busy machine.
pub const PATIENT_ENOUGH: Duration = Duration::from_secs(20);

pub fn clock() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap())
}

/// Serves a router on a port of its own.
pub fn serve(router: Router) -> SocketAddr {
    runtime().block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    })
}

/// An EHR that notes what it is asked.
#[derive(Clone)]
pub struct Ehr {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Ehr {
    pub fn start(router: Router) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let noted = asked.clone();
        let note = move |request: Request, next: Next| {
            noted.lock().unwrap().push(request.uri().to_string());
            next.run(request)
        };
        Self { address: serve(router.layer(from_fn(note))), asked }
    }

    pub fn demo() -> Self {
        Self::start(DemoEhr::new(clock()).router())
    }

    pub fn base(&self) -> String {
        format!("http://{}/fhir", self.address)
    }

    /// The base at which it fails in a way.
    pub fn failing(&self, way: &str) -> String {
        format!("http://{}/fail/{way}/fhir", self.address)
    }

    /// What it was asked since this was asked last, in compact form and in order of the alphabet.
    pub fn asked(&self) -> Vec<String> {
        let mut asked: Vec<String> = self.asked.lock().unwrap().drain(..).map(|uri| compact(&uri)).collect();
        asked.sort();
        asked
    }
}

/// Without base, page size and patient; for the codes of a template of discovery's stands its key.
fn compact(uri: &str) -> String {
    let uri = uri.split_once("/fhir/").map_or(uri, |(_, rest)| rest).replace("&_count=200", "");
    let parts = uri.split('&').map(|part| match part.split_once("code=") {
        Some((before, codes)) => format!("{before}code=<{}>", key_of(&codes.replace("%7C", "|"))),
        None => part.to_owned(),
    });
    let joined = parts.collect::<Vec<_>>().join("&");
    let mut words: Vec<String> = Vec::new();
    for word in joined.split_inclusive(['/', '=', '&', '?', ',']) {
        let is_patient = word.starts_with("syn-") && !word.starts_with("syn-prac") && !word.contains("payer");
        words.push(if is_patient { mask(word) } else { word.to_owned() });
    }
    words.concat()
}

/// The key of the template that asks for these codes.
fn key_of(codes: &str) -> &'static str {
    let asks = |(_, template): &&(String, String)| template.ends_with(&format!("&code={codes}"));
    prefetch().iter().find(asks).map_or("no template", |(key, _)| key)
}

/// `syn-017-enc&` is `*-enc&`: the same for every patient.
fn mask(word: &str) -> String {
    let mut rest = word.trim_start_matches("syn-");
    rest = rest.trim_start_matches(|character: char| character.is_ascii_digit());
    format!("*{rest}")
}

/// Addresses of an open service.
pub const OPEN: Addresses = Addresses { loopback: true, private: false };

fn deadline(within: Duration) -> Deadline {
    Deadline::try_from(u64::try_from(within.as_millis()).unwrap()).unwrap()
}

/// Access that keeps answers for a moment.
pub fn access_keeping(age: Duration) -> EhrAccess {
    let client = Client::new(OPEN).unwrap().keeping(age);
    EhrAccess::new(client, Bases::new(&[], OPEN).unwrap(), deadline(PATIENT_ENOUGH))
}

/// The service, which may call this machine, and answers within a time.
pub struct Service {
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub bytes: Vec<u8>,
    pub took: Duration,
}

impl Answer {
    /// Without the escapes of markdown.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap().replace('\\', "")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    fn extensions(&self, key: &str) -> Vec<Value> {
        let json = self.json();
        let cards = json["cards"].as_array().unwrap().iter();
        cards.filter_map(|card| card["extension"].get(key).cloned()).collect()
    }

    /// Order, policy and determination of every coverage card.
    pub fn determinations(&self) -> BTreeSet<[String; 3]> {
        let of = self.extensions("dev.signpost.determination");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        of.iter().map(|of| ["order", "policy", "determination"].map(|key| text(&of[key]))).collect()
    }

    /// Ids of the limits with a verdict.
    pub fn limits(&self, verdict: &str) -> BTreeSet<String> {
        let all = self
            .extensions("dev.signpost.limits")
            .into_iter()
            .flat_map(|all| all.as_array().unwrap().clone());
        all.filter(|one| one["verdict"] == verdict)
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

pub fn content() -> Content {
    Content::load(&Files::bundled()).unwrap()
}

/// The templates that discovery lists, by key.
fn prefetch() -> &'static [(String, String)] {
    static PREFETCH: OnceLock<Vec<(String, String)>> = OnceLock::new();
    PREFETCH.get_or_init(|| content().services[0].prefetch.clone())
}

/// The keys that discovery lists.
pub fn keys() -> Vec<String> {
    prefetch().iter().map(|(key, _)| key.clone()).collect()
}

impl Service {
    pub fn within(within: Duration) -> Self {
        Self::with(&[], OPEN, within)
    }

    pub fn with(bases: &[String], addresses: Addresses, within: Duration) -> Self {
        let bases = Bases::new(bases, addresses).unwrap();
        let access = EhrAccess::new(Client::new(addresses).unwrap(), bases, deadline(within));
        Self::of(access)
    }

    /// With this access to EHRs.
    pub fn of(access: EhrAccess) -> Self {
        Self { router: App::new(content(), clock).with_ehr(access).router() }
    }

    /// That keeps answers for a moment.
    pub fn keeping(age: Duration) -> Self {
        Self::of(access_keeping(age))
    }

    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub fn post(&self, body: &Value) -> Answer {
        let request = http::Request::post(SERVICE_PATH)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let router = self.router.clone();
        let started = Instant::now();
        let (parts, body) = runtime().block_on(router.oneshot(request)).unwrap().into_parts();
        let took = started.elapsed();
        let bytes = runtime().block_on(to_bytes(body, usize::MAX)).unwrap().to_vec();
        Answer { status: parts.status.as_u16(), bytes, took }
    }
}

/// A bundled request whose prefetch holds what its EHR holds: every key is answered, and what failed in some of them on
/// purpose did not fail.
pub fn request(name: &str) -> Value {
    let mut request: Value = serde_json::from_str(&example::request(name, clock()).unwrap()).unwrap();
    let nothing = json!({ "resourceType": "Bundle", "type": "searchset" });
    let prefetch = request["prefetch"].as_object_mut().unwrap();
    for key in keys() {
        let sent = prefetch.entry(key).or_insert_with(|| nothing.clone());
        if sent["resourceType"] == "OperationOutcome" {
            *sent = nothing.clone();
        }
        if sent["link"].as_array().is_some_and(|links| links.iter().any(|link| link["relation"] == "next")) {
            let bundle = sent.as_object_mut().unwrap();
            bundle.shift_remove("link");
            bundle.shift_remove("total");
        }
    }
    request
}

/// With access to a server, by a token with these scopes.
pub fn with_access(mut request: Value, base: &str, scope: &str) -> Value {
    request["fhirServer"] = json!(base);
    request["fhirAuthorization"] = json!({
        "access_token": TOKEN, "token_type": "Bearer", "expires_in": 300, "scope": scope, "subject": "signpost"
    });
    request
}

/// That leaves everything to be read from a server.
pub fn without_prefetch(mut request: Value, base: &str) -> Value {
    request.as_object_mut().unwrap().shift_remove("prefetch");
    with_access(request, base, "patient/*.rs user/*.rs")
}

/// That leaves one prefetch key out.
pub fn without_key(mut request: Value, key: &str, base: &str) -> Value {
    request["prefetch"].as_object_mut().unwrap().shift_remove(key);
    with_access(request, base, "patient/*.rs user/*.rs")
}
