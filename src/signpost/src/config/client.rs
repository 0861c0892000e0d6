//! `[[client]]`: who may call, and what for.

use ehr::fetch::{Addresses, Bases};
use url::Url;

use super::section::{Section, choose, not_empty};
use super::urls;
use crate::trust::KeySet;

/// An EHR that may call.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its name in logs, metrics and the journal.
    pub name: String,
    /// `iss` of its tokens.
    pub iss: String,
    /// Where its public keys are.
    pub keys: Keys,
    /// What its tokens may be for beside the URL of the endpoint.
    pub audience: Vec<String>,
    /// `tenant`s that may call; any, or none named, where this is empty.
    pub tenants: Vec<String>,
    /// Algorithms of its signatures.
    pub algorithms: Vec<Algorithm>,
    /// FHIR servers that may be read for it.
    pub fhir_servers: Bases,
    /// What becomes of a token that comes twice.
    pub replay: Replay,
}

/// Where the public keys of a client are, as a JWK Set (RFC 7517).
#[derive(Debug, Clone)]
pub enum Keys {
    /// In the configuration, or in a file that it names.
    Given(KeySet),
    /// At a URL.
    Url(Url),
}

/// Signature algorithms that can be allowed (RFC 7518): asymmetric ones only, as CDS Hooks has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA, P-256, SHA-256.
    Es256,
    /// ECDSA, P-384, SHA-384; recommended by CDS Hooks.
    Es384,
    /// RSA PKCS #1 v1.5, SHA-256.
    Rs256,
    /// RSA PKCS #1 v1.5, SHA-384; recommended by CDS Hooks.
    Rs384,
}

/// What becomes of a token whose `jti` was seen before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// It is refused: every call has a token of its own.
    Reject,
    /// It is accepted as long as it lives: for clients that use one token for several calls.
    WithinToken,
}

/// The algorithms by their names in a JWS header.
pub const ALGORITHMS: [(&str, Algorithm); 4] = [
    ("ES384", Algorithm::Es384),
    ("RS384", Algorithm::Rs384),
    ("ES256", Algorithm::Es256),
    ("RS256", Algorithm::Rs256),
];

const RECOMMENDED: [Algorithm; 2] = [Algorithm::Es384, Algorithm::Rs384];

const REPLAY: [(&str, Replay); 2] = [("reject", Replay::Reject), ("within-token", Replay::WithinToken)];

/// What a client's settings rest on.
pub(super) struct Surroundings {
    /// Whether the service listens on loopback only.
    pub(super) is_on_loopback: bool,
    /// Which addresses of FHIR servers may be called.
    pub(super) addresses: Addresses,
}

/// Reads a client; `None` where something in it is wrong.
pub(super) fn read(section: &Section<'_>, around: &Surroundings) -> Option<Client> {
    let name = section.parsed("name", name);
    let iss = section.text("iss");
    section.needs("name", "a short name for logs and the journal");
    section.needs("iss", "the `iss` of the client's tokens");
    let keys = keys(section, around);
    let algorithms = section.list("algorithms", |text| choose(text, &ALGORITHMS));
    let audience = section.list("audience", not_empty);
    let tenants = section.list("tenants", not_empty);
    let bases = section.list("fhir_servers", |text| {
        Bases::new(&[text.to_owned()], around.addresses).map(|_| text.to_owned())
    });
    let replay = section.choice("replay", &REPLAY).unwrap_or(Replay::Reject);
    Some(Client {
        name: name?,
        iss: iss?,
        keys: keys?,
        audience,
        tenants,
        algorithms: if algorithms.is_empty() { RECOMMENDED.to_vec() } else { algorithms },
        fhir_servers: Bases::new(&bases, around.addresses).ok()?.only_listed(),
        replay,
    })
}

/// A name that can stand in a log line, a label and a table without quoting.
fn name(text: &str) -> Result<String, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if (1..=64).contains(&text.len()) && text.bytes().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("must be 1 to 64 letters, digits, `-`, `_` or `.`")
    }
}

fn keys(section: &Section<'_>, around: &Surroundings) -> Option<Keys> {
    let file = section.path("jwks_file").and_then(|path| {
        let text = std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {}", error.kind()));
        let keys = text.and_then(|text| key_set(&text));
        keys.map_err(|message| section.wrong("jwks_file", &message)).ok()
    });
    let url = section.parsed("jwks_url", |text| urls::jwks(text, around.is_on_loopback)).map(Keys::Url);
    let inline = section.parsed("jwks", key_set);
    let given: Vec<&str> =
        ["jwks_file", "jwks_url", "jwks"].into_iter().filter(|key| section.has(key)).collect();
    match given.as_slice() {
        [] => {
            section.needs("jwks_url", "`jwks_url`, `jwks_file` or `jwks` says where the client's keys are");
        }
        [_] => {}
        [_, second, ..] => {
            section.wrong(second, "only one of `jwks_url`, `jwks_file` and `jwks` can be given");
            return None;
        }
    }
    file.or(inline).map(Keys::Given).or(url)
}

/// Keys that stand still are all wanted: one that cannot be used is an error, and not left out in silence.
fn key_set(json: &str) -> Result<KeySet, String> {
    let keys = KeySet::read(json).map_err(|bad| bad.to_string())?;
    match keys.unusable() {
        [] if keys.is_empty() => Err("has no key".to_owned()),
        [] => Ok(keys),
        unusable => Err(unusable.join("; ")),
    }
}
