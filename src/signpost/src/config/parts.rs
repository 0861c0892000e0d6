//! The smaller tables of a configuration.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::secret::Secret;
use super::section::Section;
use super::urls;
use crate::ehr_access::Deadline;

/// `[ehr]`: reading FHIR servers for what requests do not bring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ehr {
    /// How long an answer may wait for them.
    pub deadline: Deadline,
    /// Bases that an open service may read; each client has its own.
    pub fhir_servers: Vec<String>,
    /// Whether they may have addresses in private networks.
    pub private_network: bool,
    /// For how long what was read may serve the same patient, user and token again.
    pub cache: Duration,
}

/// `[tls]`: HTTPS by the service itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// File with the certificate chain, PEM.
    pub cert: PathBuf,
    /// File with its private key, PEM.
    pub key: PathBuf,
    /// File with the authorities of client certificates, PEM; none are asked for without it.
    pub client_ca: Option<PathBuf>,
}

/// `[journal]`: the record of every decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// The database: `sqlite:` or `postgres:`.
    pub url: Secret,
    /// How much of the patient's data is kept.
    pub patient_data: PatientData,
    /// What happens when it cannot be written.
    pub on_failure: OnFailure,
}

/// How much of the patient's data the journal keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PatientData {
    /// None.
    None,
    /// Hashed with a key.
    #[default]
    Hashed,
    /// As it was.
    Whole,
}

/// What happens when the journal cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnFailure {
    /// No card without its record.
    #[default]
    Require,
    /// Cards all the same, and a failure of health.
    Continue,
}

/// `[load]`: bounds on what is carried at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Calls in all at one time.
    pub max_concurrent: usize,
    /// Calls of one client at one time.
    pub max_concurrent_per_client: usize,
    /// Bytes of a body.
    pub max_body_bytes: usize,
    /// Bytes of a request's headers.
    pub max_header_bytes: usize,
    /// Levels of nesting in a body.
    pub max_nesting: usize,
    /// How long a call may take in all.
    pub request_timeout: Duration,
    /// How long the headers may take to arrive.
    pub header_timeout: Duration,
    /// How long the body may take to arrive.
    pub body_timeout: Duration,
    /// How long calls in flight may take when the service stops.
    pub shutdown_timeout: Duration,
}

const PATIENT_DATA: [(&str, PatientData); 3] =
    [("none", PatientData::None), ("hashed", PatientData::Hashed), ("whole", PatientData::Whole)];

const ON_FAILURE: [(&str, OnFailure); 2] =
    [("require", OnFailure::Require), ("continue", OnFailure::Continue)];

const MINUTE_MS: u64 = 60_000;

pub(super) fn ehr(section: &Section<'_>) -> Ehr {
    Ehr {
        deadline: section.whole("deadline_ms", Deadline::try_from).unwrap_or_default(),
        fhir_servers: section.list("fhir_servers", super::section::not_empty),
        private_network: section.boolean("private_network").unwrap_or_default(),
        cache: Duration::from_secs(section.integer("cache_seconds", 0..=30).unwrap_or_default()),
    }
}

/// The origins that browsers may call from.
pub(super) fn cors(section: &Section<'_>) -> Vec<String> {
    section.list("origins", urls::origin)
}

pub(super) fn tls(section: &Section<'_>) -> Option<Tls> {
    let [cert, key, client_ca] = ["cert", "key", "client_ca"].map(|key| section.path(key));
    if section.is_there() {
        section.needs("cert", "the file with the certificate chain");
        section.needs("key", "the file with the private key");
    }
    Some(Tls { cert: cert?, key: key?, client_ca })
}

pub(super) fn journal(section: &Section<'_>) -> Option<Journal> {
    let url = section.text("url").map(Secret::new);
    let from_file = section
        .path("url_file")
        .and_then(|path| secret_file(&path).map_err(|message| section.wrong("url_file", &message)).ok());
    let patient_data = section.choice("patient_data", &PATIENT_DATA).unwrap_or_default();
    let on_failure = section.choice("on_failure", &ON_FAILURE).unwrap_or_default();
    if section.is_there() && !section.has("url_file") {
        section.needs("url", "`sqlite:FILE` or `postgres://...` says where the journal is (or `url_file`)");
    }
    if section.has("url") && section.has("url_file") {
        section.wrong("url_file", "only one of `url` and `url_file` can be given");
    }
    let url = url.or(from_file)?;
    if !["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.reveal().starts_with(scheme)) {
        let key = if section.has("url_file") { "url_file" } else { "url" };
        section.wrong(key, "must be `sqlite:FILE` or `postgres://...`");
        return None;
    }
    Some(Journal { url, patient_data, on_failure })
}

/// The secret in a file, without the line end that editors leave.
fn secret_file(path: &Path) -> Result<Secret, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {}", error.kind()))?;
    Ok(Secret::new(text.trim_end().to_owned()))
}

pub(super) fn operations(section: &Section<'_>) -> Option<SocketAddr> {
    let listen = section.parsed("listen", address);
    if section.is_there() {
        section.needs("listen", "the address for health and metrics");
    }
    listen
}

/// `127.0.0.1:8080`.
pub(super) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "must be an address and a port, such as `127.0.0.1:8080`")
}

pub(super) fn load(section: &Section<'_>) -> Load {
    let count = |key: &str, default: u64, most: u64| {
        usize::try_from(section.integer(key, 1..=most).unwrap_or(default)).unwrap_or(usize::MAX)
    };
    let time = |key: &str, default: u64| {
        Duration::from_millis(section.integer(key, 1..=10 * MINUTE_MS).unwrap_or(default))
    };
    Load {
        max_concurrent: count("max_concurrent", 256, 100_000),
        max_concurrent_per_client: count("max_concurrent_per_client", 128, 100_000),
        max_body_bytes: count("max_body_bytes", 8 << 20, 64 << 20),
        max_header_bytes: count("max_header_bytes", 32 << 10, 1 << 20),
        max_nesting: count("max_nesting", 100, 1000),
        request_timeout: time("request_timeout_ms", 10_000),
        header_timeout: time("header_timeout_ms", 5_000),
        body_timeout: time("body_timeout_ms", 10_000),
        shutdown_timeout: time("shutdown_timeout_ms", 30_000),
    }
}
