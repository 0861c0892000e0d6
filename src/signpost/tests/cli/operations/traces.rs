//! Traces as a collector gets them, and an EHR that is told of them.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use signpost::example;

use super::{Operated, wait_for};
use crate::support::{ends_with, folder, out};

/// Head and body of a request.
type Got = (String, Vec<u8>);

/// Something that listens, and keeps what comes.
struct Listening {
    address: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Listening {
    /// Answers everything with this.
    fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let got = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&got);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                thread::spawn(move || keep(stream, answer, &kept));
            }
        });
        Self { address, got }
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().expect("what came").clone()
    }

    /// Every span that came.
    fn spans(&self) -> Vec<Span> {
        let exported = self.got().into_iter().map(|(head, body)| {
            assert!(head.starts_with("POST /v1/traces "), "{head}");
            ExportTraceServiceRequest::decode(body.as_slice()).expect("OTLP")
        });
        let scopes = exported.flat_map(|export| export.resource_spans).flat_map(|spans| spans.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }
}

fn keep(mut stream: TcpStream, answer: &str, kept: &Mutex<Vec<Got>>) {
    while let Some((head, body)) = request(&mut stream) {
        kept.lock().expect("what came").push((head, body));
        let _ = stream.write_all(answer.as_bytes());
    }
}

fn request(stream: &mut TcpStream) -> Option<Got> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase().replacen("post", "POST", 1);
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, body))
}

fn ehr() -> Listening {
    Listening::start("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
}

fn collector() -> Listening {
    Listening::start("HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n")
}

/// A request that leaves all to be read from this EHR.
fn to_be_fetched(ehr: &Listening) -> String {
    let body = out(&ends_with(0, &["example"]));
    example::to_be_fetched(&body, &format!("http://{}", ehr.address), Some("s3cr3t")).expect("a request")
}

fn service(name: &str, ehr: &Listening, telemetry: &str) -> Operated {
    let config = format!("{telemetry}[ehr]\nfhir_servers = [\"http://{}\"]\n", ehr.address);
    Operated::start(&folder(name), &config)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

#[test]
fn a_request_is_a_part_of_its_callers_trace_and_the_ehr_is_told() {
    let (ehr, collector) = (ehr(), collector());
    let telemetry = format!("[telemetry]\notlp_endpoint = \"http://{}\"\n", collector.address);
    let mut service = service("traces", &ehr, &telemetry);
    let head = format!("traceparent: 00-{TRACE}-{CALLER}-01\r\ntracestate: mark=MARK\r\n");
    let (status, answer) = service.call(&to_be_fetched(&ehr), &head);
    assert_eq!(status, 200, "{answer}");
    wait_for("the spans have come", || {
        collector.spans().iter().any(|span| span.parent_span_id == from_hex(CALLER))
    });
    let spans = collector.spans();
    let of = |name: &str| {
        spans.iter().find(|span| span.name == name).unwrap_or_else(|| panic!("{name}: {spans:?}"))
    };
    let request = of("/cds-services/{id}");
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.into(), CALLER.into()));
    let attributes: Vec<&str> = request.attributes.iter().map(|one| one.key.as_str()).collect();
    for key in ["service", "status", "duration_ms", "route"] {
        assert!(attributes.contains(&key), "no `{key}` in {attributes:?}");
    }
    for name in ["fetch", "decide"] {
        assert_eq!(of(name).parent_span_id, request.span_id, "{name}");
    }
    let told = ehr.got();
    assert!(told.len() > 3, "{told:?}");
    let expected = format!("traceparent: 00-{TRACE}-{}-01\r\n", hex(&of("fetch").span_id));
    assert!(told.iter().all(|(head, _)| head.contains(&expected)), "{expected}: {told:?}");
    assert!(!told.iter().any(|(head, _)| head.contains("mark")), "{told:?}");
    for (_, body) in collector.got() {
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(!text.contains("syn-") && !text.contains("MARK") && !text.contains("s3cr3t"), "{text}");
    }

    // What is left is sent when the service ends.
    let before = collector.spans().len();
    assert_eq!(service.call("{", "").0, 400);
    service.stop();
    assert!(service.ended());
    assert!(collector.spans().len() > before);
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[test]
fn without_traces_the_ehr_is_told_of_none() {
    let ehr = ehr();
    let service = service("no-traces", &ehr, "");
    let head = format!("traceparent: 00-{TRACE}-{CALLER}-01\r\n");
    assert_eq!(service.call(&to_be_fetched(&ehr), &head).0, 200);
    let told = ehr.got();
    assert!(told.len() > 3 && !told.iter().any(|(head, _)| head.contains("traceparent")), "{told:?}");
}

/// A collector that is gone, and one that takes everything and never answers.
#[test]
fn a_collector_that_does_not_answer_keeps_nobody_waiting() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent_at = silent.local_addr().expect("an address").to_string();
    let body = out(&ends_with(0, &["example"]));
    for (name, address) in [("gone", "127.0.0.1:9".to_owned()), ("silent", silent_at)] {
        let config = format!("[telemetry]\notlp_endpoint = \"http://{address}\"\n");
        let mut service = Operated::start(&folder(&format!("collector-{name}")), &config);
        assert_eq!(service.call(&body, "").0, 200);
        // Until the collector has been tried, and is tried again.
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(3) {
            let start = Instant::now();
            assert_eq!(service.call(&body, "").0, 200);
            assert!(start.elapsed() < Duration::from_secs(1), "{name}: {:?}", start.elapsed());
        }
        assert_eq!(service.see("/readyz").0, 200, "{name}");
        let start = Instant::now();
        service.stop();
        assert!(service.ended());
        assert!(start.elapsed() < Duration::from_secs(6), "{name}: {:?}", start.elapsed());
    }
}
