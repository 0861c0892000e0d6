//! What real servers do, and what must not matter.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::support::{Ehr, PATIENT_ENOUGH, Service, request, serve, without_key, without_prefetch};

/// Default pages without a total, small pages whatever was asked for, an empty last page, a Patient that comes along, and
/// a `code` parameter that is advertised and finds nothing.
#[test]
fn the_answer_is_the_same_however_the_server_pages_and_includes() {
    let (service, ehr) = (Service::within(PATIENT_ENOUGH), Ehr::demo());
    for name in ["policy-a-ii-a-third-line-monotherapy", "neutrophils-low", "gap-not-recorded-cps"] {
        let expected = service.post(&request(name));
        for way in ["small-pages", "empty-last-page", "include-patient", "empty-code-search"] {
            let found = service.post(&without_prefetch(request(name), &ehr.failing(way)));
            assert_eq!(found.text(), expected.text(), "{name} {way}");
        }
    }
}

/// The CapabilityStatement is there, a read answers, and an unknown resource is not found.
#[test]
fn the_demo_ehr_is_a_small_fhir_server() {
    let ehr = Ehr::demo();
    let get = |path: &str| {
        let mut stream = std::net::TcpStream::connect(ehr.address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
        text
    };
    let rows = [
        ("/fhir/metadata", "200", "CapabilityStatement"),
        ("/fhir/Patient/syn-017", "200", "\"Patient\""),
        ("/fhir/Patient/nobody", "404", "OperationOutcome"),
        ("/fhir/Observation?patient=syn-017", "200", "\"next\""),
        ("/fhir/Observation?patient=syn-017&_count=200", "200", "\"match\""),
        (
            "/fhir/PractitionerRole?practitioner=syn-prac-1&_include=PractitionerRole:practitioner",
            "200",
            "\"include\"",
        ),
        ("/fhir/Nothing?patient=syn-017", "200", "searchset"),
        ("/fail/nonsense/fhir/Patient/syn-017", "404", "OperationOutcome"),
    ];
    for (path, status, holds) in rows {
        let answer = get(path);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
        assert!(answer.contains(holds) && answer.contains("application/fhir+json"), "{path}: {answer}");
    }
    let page = get("/fhir/Observation?patient=syn-017");
    assert_eq!(page.matches("\"match\"").count(), 20, "the default page");
    assert!(!page.contains("\"total\""));
}

/// `{"resourceType":"Patient","id":"syn-017","birthDate":"1967-01-05"}`, compressed.
const COMPRESSED_PATIENT: &[u8] = &[
    31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 86, 42, 74, 45, 206, 47, 45, 74, 78, 13, 169, 44, 72, 85, 178, 82,
    10, 72, 44, 201, 76, 205, 43, 81, 210, 81, 202, 76, 1, 114, 139, 43, 243, 116, 13, 12, 205, 129, 220,
    164, 204, 162, 146, 12, 151, 196, 18, 144, 34, 67, 75, 51, 115, 160, 176, 174, 129, 169, 82, 45, 0, 11,
    228, 94, 170, 66, 0, 0, 0,
];

#[test]
fn a_compressed_answer_is_read() {
    let asks = |headers: axum::http::HeaderMap| async move {
        let accepts = |name: &str, value: &str| {
            headers.get(name).is_some_and(|own| own.to_str().unwrap_or_default().contains(value))
        };
        assert!(accepts("accept", "application/fhir+json") && accepts("accept-encoding", "gzip"));
        ([("content-type", "application/fhir+json"), ("content-encoding", "gzip")], COMPRESSED_PATIENT)
    };
    let address = serve(axum::Router::new().route("/fhir/Patient/{id}", axum::routing::get(asks)));
    let service = Service::within(PATIENT_ENOUGH);
    let body = without_key(request("neutrophils-low"), "patient", &format!("http://{address}/fhir"));
    let answer = service.post(&body);
    assert!(answer.text().contains("Age: 1967-01-05"), "{}", answer.text());
}

/// A connection that breaks before the answer: reading changes nothing, so it is read again.
#[test]
fn a_broken_connection_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/fhir", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || {
                let mut buffer = [0; 8192];
                let _ = stream.read(&mut buffer);
                if number > 0 {
                    let _ =
                        stream.write_all(b"HTTP/1.1 403 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                }
            });
        }
    });
    let answer =
        Service::within(PATIENT_ENOUGH).post(&without_key(request("neutrophils-low"), "patient", &base));
    assert!(
        answer.text().contains("`patient` could not be fetched: the FHIR server forbids it (403)"),
        "{}",
        answer.text()
    );
    assert!(connections.load(Ordering::SeqCst) >= 2);
}

/// A gigabyte of zeros in a megabyte: no more is unpacked than is read.
#[test]
fn a_decompression_bomb_is_cut_off() {
    let mut bomb = Vec::new();
    let mut unpacked =
        flate2::read::GzEncoder::new(std::io::repeat(b' ').take(1 << 30), flate2::Compression::fast());
    unpacked.read_to_end(&mut bomb).unwrap();
    let bomb = axum::body::Bytes::from(bomb);
    let give = move || async move {
        ([("content-type", "application/fhir+json"), ("content-encoding", "gzip")], bomb)
    };
    let address = serve(axum::Router::new().route("/fhir/Patient/{id}", axum::routing::get(give)));
    let body = without_key(request("neutrophils-low"), "patient", &format!("http://{address}/fhir"));
    let answer = Service::within(PATIENT_ENOUGH).post(&body);
    assert!(answer.text().contains("`patient` came incomplete (too large)"), "{}", answer.text());
}

/// Whatever a server says about when to come again, there is an answer.
#[test]
fn a_server_that_says_never_is_not_waited_for() {
    for when in
        ["18446744073709551615", "99999999999999999999", "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "soon"]
    {
        let busy =
            move || async move { (axum::http::StatusCode::SERVICE_UNAVAILABLE, [("retry-after", when)]) };
        let address = serve(axum::Router::new().fallback(axum::routing::get(busy)));
        let service = Service::within(PATIENT_ENOUGH);
        let answer =
            service.post(&without_prefetch(request("neutrophils-low"), &format!("http://{address}/fhir")));
        assert!(answer.status == 200 && answer.text().contains("failed (5xx)"), "{when}: {}", answer.text());
    }
}
