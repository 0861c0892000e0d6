//! TLS 1.2 and 1.3, nothing older; a new certificate without a restart; certificates of clients.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, CertifiedIssuer, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion, version};
use signpost::serving::tls::TlsFiles;

use crate::support::{Served, tight};

/// A root, and what it has signed.
struct Authority(CertifiedIssuer<'static, KeyPair>);

struct Signed {
    certificate: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a root"))
    }

    fn signs(&self, name: &str) -> Signed {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        Signed { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    fn store(&self) -> RootCertStore {
        let mut store = RootCertStore::empty();
        store.add(self.0.der().clone()).expect("a root");
        store
    }
}

/// Files of a test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn write(folder: &std::path::Path, signed: &Signed) -> TlsFiles {
    let (cert, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    fs::write(&cert, &signed.pem).expect("written");
    fs::write(&key, signed.key.serialize_pem()).expect("written");
    TlsFiles { cert, key, client_ca: None }
}

/// The answer to a request over TLS, or nothing.
fn answer(
    served: &Served,
    roots: RootCertStore,
    versions: &[&'static SupportedProtocolVersion],
    own: Option<&Signed>,
) -> Option<String> {
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(roots);
    let config = match own {
        None => builder.with_no_client_auth(),
        Some(own) => {
            let key = PrivateKeyDer::try_from(own.key.serialize_der()).expect("a key");
            builder.with_client_auth_cert(vec![own.certificate.clone()], key).expect("a certificate")
        }
    };
    let name = ServerName::try_from("service.example").expect("a name");
    let connection = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = StreamOwned::new(connection, served.connect());
    stream.write_all(b"GET /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}

fn is_answered(answer: Option<&String>) -> bool {
    answer.is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

#[test]
fn tls_1_2_and_1_3_are_spoken_and_nothing_older() {
    let authority = Authority::new();
    let files = write(&folder("versions"), &authority.signs("service.example"));
    let config = RustlsConfig::from_config(files.load().expect("it loads"));
    let served = Served::start_with(tight(), Some(config));
    for version in [&version::TLS12, &version::TLS13] {
        let answer = answer(&served, authority.store(), &[version], None);
        assert!(is_answered(answer.as_ref()), "{version:?}: {answer:?}");
    }
    let hello = |minor: u8| {
        let mut stream = served.connect();
        stream.write_all(&client_hello(minor)).expect("it reads");
        let mut begin = [0; 7];
        stream.read_exact(&mut begin).expect("an answer");
        (begin[0], begin[5], begin[6])
    };
    for old in [1, 2] {
        // An alert (21) that ends it (2): the protocol version (70).
        assert_eq!(hello(old), (21, 2, 70), "TLS 1.{}", old - 1);
    }
    assert_eq!(hello(3).0, 22, "the same hello for TLS 1.2 is answered");
    let mut plain = TcpStream::connect(served.address).expect("it listens");
    write!(plain, "GET /quick HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"), "it speaks TLS only");
}

/// The hello of a client that speaks TLS 1.0 (1), 1.1 (2) or 1.2 (3) at most.
fn client_hello(minor: u8) -> Vec<u8> {
    let suites = [0, 8, 0xc0, 0x2b, 0xc0, 0x2f, 0xc0, 0x13, 0xc0, 0x14];
    let groups = [0, 10, 0, 6, 0, 4, 0, 0x1d, 0, 0x17];
    let points = [0, 11, 0, 2, 1, 0];
    let signatures = [0, 13, 0, 6, 0, 4, 4, 3, 4, 1];
    let extensions = [groups.as_slice(), &points, &signatures].concat();
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).expect("short");
    let (no_session, no_compression) = ([0], [1, 0]);
    let hello = [
        &[3, minor],
        &[7; 32][..],
        &no_session,
        &suites,
        &no_compression,
        &[0, length(&extensions)],
        &extensions,
    ]
    .concat();
    [&[22, 3, 1, 0, length(&hello) + 4, 1, 0, 0, length(&hello)], hello.as_slice()].concat()
}

#[test]
fn a_new_certificate_is_shown_without_a_restart() {
    let (old, new) = (Authority::new(), Authority::new());
    let folder = folder("replaced");
    let files = write(&folder, &old.signs("service.example"));
    let config = RustlsConfig::from_config(files.load().expect("it loads"));
    let served = Served::start_with(tight(), Some(config.clone()));
    let asked = |authority: &Authority| answer(&served, authority.store(), &[&version::TLS13], None);
    assert!(is_answered(asked(&old).as_ref()) && !is_answered(asked(&new).as_ref()));

    write(&folder, &new.signs("service.example"));
    config.reload_from_config(files.load().expect("it loads"));
    assert!(is_answered(asked(&new).as_ref()) && !is_answered(asked(&old).as_ref()));
}

#[test]
fn clients_show_certificates_where_roots_for_them_are_given() {
    let (authority, clients, others) = (Authority::new(), Authority::new(), Authority::new());
    let folder = folder("clients");
    let mut files = write(&folder, &authority.signs("service.example"));
    let roots = folder.join("clients.pem");
    fs::write(&roots, clients.0.pem()).expect("written");
    files.client_ca = Some(roots);
    let served =
        Served::start_with(tight(), Some(RustlsConfig::from_config(files.load().expect("it loads"))));
    let asked = |own: Option<&Signed>| answer(&served, authority.store(), &[&version::TLS13], own);
    let (known, unknown) = (clients.signs("ehr.example"), others.signs("ehr.example"));
    assert!(is_answered(asked(Some(&known)).as_ref()));
    for refused in [asked(Some(&unknown)), asked(None)] {
        assert!(!is_answered(refused.as_ref()), "{refused:?}");
    }
}

#[test]
fn files_that_do_not_do_are_named() {
    let authority = Authority::new();
    let folder = folder("wrong");
    let files = write(&folder, &authority.signs("service.example"));
    let missing = TlsFiles { cert: folder.join("none.pem"), ..files.clone() };
    let swapped = TlsFiles { cert: files.key.clone(), key: files.key.clone(), client_ca: None };
    let other = folder.join("other.pem");
    fs::write(&other, authority.signs("x").key.serialize_pem()).expect("written");
    let unfit = TlsFiles { key: other, ..files };
    for (files, says) in [(missing, "none.pem"), (swapped, "key.pem"), (unfit, "cannot be used")] {
        let error = files.load().expect_err("it does not load").to_string();
        assert!(error.contains(says), "{error}");
    }
}
