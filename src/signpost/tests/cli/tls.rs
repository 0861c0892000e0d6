//! HTTPS to the EHR: only to a server whose certificate is known, and HTTP/2 if it speaks that.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::Acceptor;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, Stream, StreamOwned};

use crate::serve::{Serving, started, started_with};
use crate::support::{ends_with, out};

/// A file of the certificate that the tests know.
pub fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/tls").join(name)
}

/// What a client showed: the protocols that it offered, and its first request, if it came to that.
struct Seen {
    offered: Vec<String>,
    request: Option<String>,
}

/// TLS for `localhost`, with a certificate of its own.
pub fn secure() -> ServerConfig {
    let certificates = vec![CertificateDer::from_pem_file(file("localhost.pem")).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(file("localhost.key")).expect("a key");
    ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .expect("a configuration")
}

/// An EHR on `localhost` with a certificate of its own, which answers 404 to everything.
fn secure_ehr() -> (u16, Receiver<Seen>) {
    let config = Arc::new(secure());
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (sender, seen) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (config, sender) = (config.clone(), sender.clone());
            thread::spawn(move || {
                let mut acceptor = Acceptor::default();
                let accepted = loop {
                    match (acceptor.read_tls(&mut stream), acceptor.accept()) {
                        (Ok(read), Ok(None)) if read > 0 => {}
                        (Ok(_), Ok(Some(accepted))) => break accepted,
                        _ => return,
                    }
                };
                let hello = accepted.client_hello();
                let offered = hello.alpn().into_iter().flatten();
                let offered = offered.map(|name| String::from_utf8_lossy(name).into_owned()).collect();
                let Ok(mut connection) = accepted.into_connection(config) else { return };
                let mut tls = Stream::new(&mut connection, &mut stream);
                let mut buffer = [0; 4096];
                let read = tls.read(&mut buffer).ok();
                let request =
                    read.and_then(|read| Some(String::from_utf8_lossy(buffer.get(..read)?).into_owned()));
                let _ = tls.write_all(b"HTTP/1.1 404 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = tls.flush();
                let _ = sender.send(Seen { offered, request });
            });
        }
    });
    (port, seen)
}

fn post(service: &Serving, port: u16) -> String {
    let base = format!("https://localhost:{port}/fhir");
    let body = out(&ends_with(0, &["example", "--fhir-server", &base, "--token", "t0ken"]));
    service.post(&body)
}

/// The service itself, with the certificate that its configuration names.
#[test]
fn it_serves_https() {
    let configuration = crate::support::folder("https").join("signpost.toml");
    let [cert, key] = ["localhost.pem", "localhost.key"].map(file);
    let text = format!("listen = \"127.0.0.1:0\"\n[tls]\ncert = {cert:?}\nkey = {key:?}\n");
    fs::write(&configuration, text).expect("a file");
    let service = started(&["serve", "--config", crate::support::text(&configuration)]);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(cert).expect("a certificate")).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    let stream = TcpStream::connect(service.address()).expect("it listens");
    let mut stream = StreamOwned::new(connection, stream);
    stream
        .write_all(b"GET /cds-services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("order-sign"), "{answer}");
}

#[test]
fn a_server_with_a_known_certificate_is_called_and_offered_http_2() {
    let (port, seen) = secure_ehr();
    let certificate = file("localhost.pem");
    let service = started_with(&["serve", "--listen", "127.0.0.1:0"], &[("SSL_CERT_FILE", &certificate)]);
    let answer = post(&service, port);
    assert!(answer.contains("404"), "{answer}");
    let seen = seen.recv().expect("a call");
    assert!(seen.offered.contains(&"h2".to_owned()), "{:?}", seen.offered);
    assert!(seen.request.is_some_and(|request| request.contains("Bearer t0ken")));
}

#[test]
fn a_server_with_an_unknown_certificate_gets_nothing() {
    let (port, seen) = secure_ehr();
    // A file with another certificate would do; that of nobody is an empty one.
    let nobody = crate::support::folder("nobody").join("none.pem");
    fs::write(&nobody, "").expect("a file");
    let service = started_with(&["serve", "--listen", "127.0.0.1:0"], &[("SSL_CERT_FILE", &nobody)]);
    let answer = post(&service, port);
    assert!(answer.contains("cannot be reached"), "{answer}");
    drop(service);
    while let Ok(seen) = seen.recv_timeout(std::time::Duration::from_millis(300)) {
        assert!(seen.request.is_none_or(|request| !request.contains("t0ken")));
    }
}
