//! No patient data in what the process writes, however much it is told to log: every request of the fixtures, as it is, to
//! be read from an EHR, and broken in many ways; then every name, identifier, text and value in them is looked for.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use signpost::example;

use crate::serve::started;
use crate::support::{BINARY, exchange, folder, text};

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
        let is_ours =
            |line: &&str| [" signpost", " ehr", " hooks", " criteria"].iter().any(|of| line.contains(of));
        let words = written.lines().filter(is_ours).flat_map(|line| {
            line.split(|character: char| {
                !(character.is_ascii_alphanumeric() || matches!(character, '.' | '-'))
            })
        });
        words.filter(|word| self.numbers.contains(*word)).map(str::to_owned).collect()
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

/// The service, which writes what it writes to files.
struct Written {
    child: Child,
    address: String,
    out: PathBuf,
    log: PathBuf,
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Written {
    fn start(config: &Path) -> Self {
        let (out, log) = (config.with_file_name("out.txt"), config.with_file_name("log.txt"));
        let file = |path| File::create(path).expect("a file");
        let child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--config", text(config)])
            .env("SIGNPOST_LOG", "trace")
            .stdout(file(&out))
            .stderr(file(&log))
            .spawn()
            .expect("the binary starts");
        let mut service = Self { child, address: String::new(), out, log };
        let start = Instant::now();
        while service.address.is_empty() {
            assert!(start.elapsed() < Duration::from_secs(60), "it listens: {}", service.read());
            std::thread::sleep(Duration::from_millis(20));
            let said = fs::read_to_string(&service.out).expect("its output");
            let address = said.split_once("http://").and_then(|(_, rest)| rest.split_once(['\n', '/']));
            service.address = address.map_or_else(String::new, |(address, _)| address.to_owned());
        }
        service
    }

    /// Everything that it wrote, without the times of its lines: some results are of today.
    fn read(&self) -> String {
        let written =
            [&self.out, &self.log].map(|path| fs::read_to_string(path).expect("what it wrote")).concat();
        let plain = written.replace("\u{1b}[", "\u{1b}").replace("\u{1b}2m", "");
        let lines = plain.lines().map(|line| line.split_once('Z').map_or(line, |(_, rest)| rest));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn post(&self, body: &str, content_type: &str, token: &str) -> String {
        exchange(
            &self.address,
            &format!(
                "POST /cds-services/coverage-order-sign HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                 Authorization: Bearer {token}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        )
    }
}

/// Tokens of a client.
struct Tokens {
    key: EncodingKey,
    count: usize,
}

const PUBLIC: &str = "https://cds.example.org";

impl Tokens {
    fn new() -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keys/north-es384.pem");
        let pem = fs::read_to_string(path).expect("a key");
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Self { key: EncodingKey::from_ec_der(&STANDARD.decode(body).expect("base64")), count: 0 }
    }

    fn next(&mut self) -> String {
        self.count += 1;
        let now = Timestamp::now().as_second();
        let header = json!({ "alg": "ES384", "kid": "north-es384", "typ": "JWT" });
        let claims = json!({
            "iss": "https://north.example.org", "aud": format!("{PUBLIC}/cds-services/coverage-order-sign"),
            "exp": now + 300, "iat": now, "jti": format!("jti-{}", self.count)
        });
        let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, Algorithm::ES384);
        format!("{message}.{}", signature.expect("a signature"))
    }
}

fn configuration(name: &str, fhir: &str) -> PathBuf {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keys/north.jwks.json");
    let path = folder(name).join("signpost.toml");
    let config = format!(
        "public_url = \"{PUBLIC}\"\n[[client]]\nname = \"north\"\niss = \"https://north.example.org\"\n\
         jwks_file = \"{}\"\nfhir_servers = [\"{fhir}\"]\n",
        text(&keys)
    );
    fs::write(&path, config).expect("a file");
    path
}

#[test]
fn nothing_of_any_patient_and_no_token_is_written() {
    let ehr = started(&["demo-ehr", "--listen", "127.0.0.1:0", "--token", "s3cr3t"]);
    let service = Written::start(&configuration("patient-data", &format!("http://{}", ehr.address())));
    let (requests, mut tokens, mut sent) = (requests(), Tokens::new(), Vec::new());
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
    let written = service.read();
    assert!(written.contains("caller not let in") && written.contains(" refused"), "it logs what it does");
    assert_eq!(private.found_in(&written), BTreeSet::new());
    assert_eq!(private.numbers_in(&written), BTreeSet::new());
    assert!(!written.contains("s3cr3t"), "the EHR's token");
    for token in sent {
        assert!(token.split('.').skip(1).all(|part| !written.contains(part)), "a client's token");
    }
}
