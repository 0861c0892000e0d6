//! Attempts to send the token elsewhere: not a byte of it leaves.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::routing::get;
use ehr::fetch::Addresses;
use serde_json::json;

use super::support::{Ehr, PATIENT_ENOUGH, Service, request, serve, with_access, without_prefetch};

const NAME: &str = "neutrophils-low";

/// Somebody who takes every connection and notes all bytes.
struct Trap {
    port: u16,
    caught: Arc<Mutex<Vec<u8>>>,
}

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let caught = Arc::new(Mutex::new(Vec::new()));
        let noted = caught.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                noted.lock().unwrap().extend(b"connected;");
                let mut buffer = [0; 4096];
                let read = stream.read(&mut buffer).unwrap_or(0);
                noted.lock().unwrap().extend(&buffer[..read]);
                let _ = stream.write_all(b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n");
            }
        });
        Self { port, caught }
    }

    fn caught(&self) -> String {
        String::from_utf8_lossy(&self.caught.lock().unwrap()).into_owned()
    }
}

/// A service that knows one server, and may not call this machine.
#[test]
fn a_server_that_is_not_allowed_gets_nothing() {
    let trap = Trap::set();
    let port = trap.port;
    let allowed = format!("https://localhost:{port}/fhir/r4");
    let service = Service::with(&[allowed], Addresses::default(), PATIENT_ENOUGH);
    let servers = [
        // Allowed by name, and a machine of our own by address: what rebinding a name would do.
        format!("https://localhost:{port}/fhir/r4"),
        format!("http://localhost:{port}/fhir/r4"),
        format!("https://localhost:{port}/fhir"),
        format!("https://localhost:{port}/fhir/r4x"),
        format!("https://localhost:{port}/fhir/r4/../../x"),
        format!("https://localhost:{port}/fhir/r4/%2e%2e/x"),
        format!("https://user:pass@localhost:{port}/fhir/r4"),
        format!("https://localhost@127.0.0.1:{port}/fhir/r4"),
        format!("http://127.0.0.1:{port}/fhir/r4"),
        format!("https://127.0.0.1:{port}/fhir/r4"),
        format!("https://[::1]:{port}/fhir/r4"),
        format!("https://[::ffff:127.0.0.1]:{port}/fhir/r4"),
        format!("https://2130706433:{port}/fhir/r4"),
        format!("https://0x7f.1:{port}/fhir/r4"),
        format!("https://0.0.0.0:{port}/fhir/r4"),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://10.0.0.1/fhir/r4".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://localhost/fhir/r4".to_owned(),
        "javascript:alert(1)".to_owned(),
        "localhost".to_owned(),
        " ".to_owned() + "x",
    ];
    for server in servers {
        let answer = service.post(&without_prefetch(request(NAME), &server));
        assert_eq!(answer.status, 200, "{server}: {}", answer.text());
        assert!(answer.text().contains("not one that may be called"), "{server}: {}", answer.text());
        assert_eq!(trap.caught(), "", "{server}");
    }
}

/// Even where this machine may be called, a `next` link or redirect leads nowhere but to the server that was named.
#[test]
fn a_next_link_that_leads_elsewhere_is_not_followed() {
    let (trap, ehr) = (Trap::set(), Ehr::demo());
    let service = Service::within(PATIENT_ENOUGH);
    let own = ehr.address.port();
    let links = [
        format!("http://127.0.0.1:{}/fhir/Condition?page=2", trap.port),
        format!("http://localhost:{own}/fhir/Condition?page=2"),
        format!("http://127.0.0.1:{own}/other/Condition?page=2"),
        format!("http://127.0.0.1:{own}/fhirx/Condition?page=2"),
        format!("http://127.0.0.1:{own}/fhir/../other?page=2"),
        format!("http://127.0.0.1:{own}/fhir/%2e%2e/other?page=2"),
        // Proxies and servlet containers read these as a way up.
        format!("http://127.0.0.1:{own}/fhir/..%2fother?page=2"),
        format!("http://127.0.0.1:{own}/fhir/..%5Cother?page=2"),
        format!("http://127.0.0.1:{own}/fhir/%252e%252e/other?page=2"),
        format!("http://127.0.0.1:{own}/fhir/..;/other?page=2"),
        format!("http://user@127.0.0.1:{own}/fhir/Condition?page=2"),
        format!("http://127.0.0.1:{own}@127.0.0.1:{}/fhir/Condition?page=2", trap.port),
        format!("http://[::ffff:127.0.0.1]:{own}/fhir/Condition?page=2"),
        format!("https://127.0.0.1:{own}/fhir/Condition?page=2"),
        format!("//127.0.0.1:{}/fhir/Condition?page=2", trap.port),
        "/other/Condition?page=2".to_owned(),
        "../other/Condition?page=2".to_owned(),
        "file:///etc/passwd".to_owned(),
        "http://169.254.169.254/latest".to_owned(),
        "urn:uuid:1".to_owned(),
        String::new(),
    ];
    for link in links {
        let mut body = request(NAME);
        body["prefetch"]["conditions"]["link"] = json!([{ "relation": "next", "url": link }]);
        let answer = service.post(&with_access(body, &ehr.base(), "patient/*.rs"));
        assert_eq!(answer.status, 200, "{link}");
        let asked = ehr.asked();
        assert!(
            !asked.iter().any(|uri| uri.contains("page=2") || uri.contains("other")),
            "{link}: {asked:?}"
        );
        assert_eq!(trap.caught(), "", "{link}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let trap = Trap::set();
    let to = format!("http://127.0.0.1:{}/fhir", trap.port);
    let away = move || {
        let to = to.clone();
        async move { (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]) }
    };
    let address = serve(Router::new().fallback(get(away)));
    let service = Service::within(PATIENT_ENOUGH);
    let answer = service.post(&without_prefetch(request(NAME), &format!("http://{address}/fhir")));
    assert!(answer.text().contains("leads to another server"), "{}", answer.text());
    assert_eq!(trap.caught(), "");
}

/// Ids come from outside too: whatever they are, they stay below the base.
#[test]
fn an_id_cannot_climb_out_of_the_base() {
    let ehr = Ehr::demo();
    let service = Service::within(PATIENT_ENOUGH);
    for id in ["..", ".", "%2e%2e", "a?b=c", "a#b", "..\\..\\other", "x&code=y", "a b", "é"] {
        let mut body = without_prefetch(request(NAME), &ehr.base());
        body["context"]["patientId"] = json!(id);
        let orders = body["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
        for order in orders {
            order["resource"].as_object_mut().unwrap().shift_remove("subject");
        }
        let answer = service.post(&body);
        assert!(matches!(answer.status, 200 | 400), "{id}");
        for uri in ehr.asked() {
            let is_clean = !uri.contains("/other") && !uri.contains("/../") && !uri.contains("b=c");
            assert!(is_clean, "{id}: {uri}");
        }
    }
}
