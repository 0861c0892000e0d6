//! `signpost serve`.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::Value;

use crate::support::{BINARY, ends_with, err, exchange, folder, out};

#[test]
fn an_open_service_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = ends_with(1, &["serve", "--listen", address]);
        assert!(err(&output).contains("loopback"), "{address}: {}", err(&output));
    }
}

/// The binary, serving; ended with the test.
pub struct Serving {
    child: Child,
    address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serving() -> Serving {
    started(&["serve", "--listen", "127.0.0.1:0"])
}

/// The binary with these arguments, once it has said where it listens.
pub fn started(arguments: &[&str]) -> Serving {
    started_with(arguments, &[])
}

/// The same, with variables of its environment.
pub fn started_with(arguments: &[&str], variables: &[(&str, &Path)]) -> Serving {
    started_logging(arguments, variables, Stdio::null())
}

/// The same, with its log.
pub fn started_logging(arguments: &[&str], variables: &[(&str, &Path)], log: Stdio) -> Serving {
    let mut child = Command::new(BINARY)
        .args(arguments)
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("the binary starts");
    let mut first = String::new();
    let mut lines = BufReader::new(child.stdout.as_mut().expect("its output"));
    lines.read_line(&mut first).expect("a line");
    assert!(!first.is_empty(), "it ended before it listened: {arguments:?}");
    let address = first.split("://").nth(1).unwrap_or_default();
    let address = address.split_whitespace().next().unwrap_or_default().to_owned();
    Serving { child, address }
}

impl Serving {
    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended.
    pub fn ended(&mut self) -> ExitStatus {
        self.child.wait().expect("it ends")
    }

    /// The whole answer to a request, as it is on the wire.
    pub fn answer(&self, request: &str) -> String {
        exchange(&self.address, request)
    }

    /// The whole answer to a hook call with this body.
    pub fn post(&self, body: &str) -> String {
        self.answer(&format!(
            "POST /cds-services/coverage-order-sign HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }
}

#[test]
fn it_serves() {
    let service = serving();
    let listed = service.answer("GET /cds-services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(listed.starts_with("HTTP/1.1 200"), "{listed}");
    let json = listed.split("\r\n\r\n").nth(1).expect("a body");
    let services: Value = serde_json::from_str(json).expect("JSON");
    let id = services["services"][0]["id"].as_str().expect("an id");
    let body = out(&ends_with(0, &["example"]));
    let call = format!(
        "POST /cds-services/{id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = service.answer(&call);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"indicator\":\"critical\""), "{answer}");
}

/// A server that may be called is named by its base, over https; private networks must be allowed.
#[test]
fn a_fhir_server_that_cannot_be_allowed_is_refused_at_the_start() {
    let rows = [
        ("http://ehr.example.org/fhir", "https"),
        ("https://10.1.2.3/fhir", "not allowed"),
        ("https://169.254.169.254/fhir", "not allowed"),
        ("https://user@ehr.example.org/fhir", "base URL"),
        ("ehr.example.org", "base URL"),
    ];
    for (base, says) in rows {
        let output = ends_with(1, &["serve", "--listen", "127.0.0.1:0", "--fhir-server", base]);
        assert!(err(&output).contains(says), "{base}: {}", err(&output));
    }
}

/// Two processes: a request that brings nothing is answered from the demo EHR.
#[test]
fn it_reads_the_demo_ehr() {
    let (service, ehr) = (serving(), started(&["demo-ehr", "--listen", "127.0.0.1:0", "--token", "t1"]));
    let base = format!("http://{}", ehr.address);
    let body = out(&ends_with(0, &["example", "--fhir-server", &base, "--token", "t1"]));
    assert!(!body.contains("prefetch"));
    let answer = service.post(&body);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"indicator\":\"critical\""), "{answer}");
}

/// However much is logged: no token, and nobody's name or id.
#[test]
fn neither_tokens_nor_patients_are_logged() {
    let ehr = started(&["demo-ehr", "--listen", "127.0.0.1:0", "--token", "s3cr3t"]);
    let log = folder("log").join("log.txt");
    let file = File::create(&log).expect("a file");
    let everything = [("SIGNPOST_LOG", Path::new("trace"))];
    let service = started_logging(&["serve", "--listen", "127.0.0.1:0"], &everything, file.into());
    for way in ["fhir", "fail/500/fhir", "fail/half-body/fhir", "fail/wrong-patient/fhir"] {
        let base = format!("http://{}/{way}", ehr.address.trim_end_matches("/fhir"));
        let body = out(&ends_with(0, &["example", "--fhir-server", &base, "--token", "s3cr3t"]));
        let answer = service.post(&body);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    drop(service);
    let log = fs::read_to_string(log).expect("a log");
    assert!(log.contains("not fetched from the EHR"), "{log}");
    assert!(!log.contains("s3cr3t") && !log.contains("syn-"), "{log}");
}
