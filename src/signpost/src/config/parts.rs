//! The smaller tables of a configuration.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::secret::Secret;
use super::section::Section;
use super::urls;
use crate::ehr_access::Deadline;
use crate::serving::Bounds;
use crate::serving::tls::TlsFiles;

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

/// `[journal]`: the record of every decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// The database: `sqlite:` or `postgres:`.
    pub url: Secret,
    /// The file with the keys of its hashes: one a line, the first in force, the others for older records.
    pub key_file: PathBuf,
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

pub(super) fn tls(section: &Section<'_>) -> Option<TlsFiles> {
    let [cert, key, client_ca] = ["cert", "key", "client_ca"].map(|key| section.path(key));
    if section.is_there() {
        section.needs("cert", "the file with the certificate chain");
        section.needs("key", "the file with the private key");
    }
    Some(TlsFiles { cert: cert?, key: key?, client_ca })
}

pub(super) fn journal(section: &Section<'_>) -> Option<Journal> {
    let url = section.text("url").map(Secret::new);
    let from_file = section
        .path("url_file")
        .and_then(|path| secret_file(&path).map_err(|message| section.wrong("url_file", &message)).ok());
    let patient_data = section.choice("patient_data", &PATIENT_DATA).unwrap_or_default();
    let on_failure = section.choice("on_failure", &ON_FAILURE).unwrap_or_default();
    let key_file = section.path("key_file");
    if section.is_there() {
        section.needs("key_file", "a file with a key of at least 32 characters, for the hashes");
    }
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
    Some(Journal { url, key_file: key_file?, patient_data, on_failure })
}

/// The secret in a file, without the line end that editors leave.
pub(super) fn secret_file(path: &Path) -> Result<Secret, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {}", error.kind()))?;
    Ok(Secret::new(text.trim_end().to_owned()))
}

/// `127.0.0.1:8080`.
pub(super) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "must be an address and a port, such as `127.0.0.1:8080`")
}

pub(super) fn load(section: &Section<'_>) -> Bounds {
    let usual = Bounds::default();
    let count = |key: &str, usual: usize, most: u64| {
        section.integer(key, 1..=most).map_or(usual, |count| usize::try_from(count).unwrap_or(usize::MAX))
    };
    let time = |key: &str, usual: Duration| {
        section.integer(key, 1..=10 * MINUTE_MS).map_or(usual, Duration::from_millis)
    };
    Bounds {
        connections: count("max_connections", usual.connections, 100_000),
        requests: count("max_concurrent", usual.requests, 100_000),
        requests_per_client: count("max_concurrent_per_client", usual.requests_per_client, 100_000),
        turns: count("max_waiting", usual.turns, 100_000),
        body: count("max_body_bytes", usual.body, 64 << 20),
        head: count("max_header_bytes", usual.head, 1 << 20),
        head_time: time("header_timeout_ms", usual.head_time),
        request_time: time("request_timeout_ms", usual.request_time),
        drain_time: time("shutdown_timeout_ms", usual.drain_time),
        ..usual
    }
}
