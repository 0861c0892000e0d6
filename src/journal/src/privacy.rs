//! What of a patient's data is kept: nothing, keyed hashes, or everything.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use sha2::Sha256;

/// How much of a patient's data is kept in records. Verdicts and references are kept at every level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// No value.
    None,
    /// Keyed hashes: whoever holds the key can tell whether a value is the one that was seen.
    #[default]
    Hashed,
    /// The values themselves.
    Whole,
}

/// A secret of at least 32 bytes that hashes are keyed with: lab values and names are guessed in no time without one.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// A key that is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a journal key needs at least 32 bytes, not {0}")]
pub struct KeyError(usize);

impl Key {
    /// A key of these bytes.
    ///
    /// # Errors
    /// If there are fewer than 32.
    pub fn new(secret: &[u8]) -> Result<Self, KeyError> {
        let long_enough = secret.len() >= 32;
        let hmac = long_enough.then(|| Hmac::new_from_slice(secret).ok()).flatten();
        hmac.map(Self).ok_or(KeyError(secret.len()))
    }

    /// The hash of these parts: the first half of HMAC-SHA256 in hexadecimal, which RFC 2104 (section 5) finds enough, and
    /// records hold many. Each part is hashed with its length, so that `a` + `bc` is not `ab` + `c`.
    fn hash(&self, parts: &[&str]) -> String {
        let hash = self.mac(parts).finalize().into_bytes();
        hex(hash.first_chunk::<16>().map_or(&hash[..], |half| half))
    }

    /// The code of these parts, each taken with its length.
    pub(crate) fn mac(&self, parts: &[&str]) -> Hmac<Sha256> {
        let mut hmac = self.0.clone();
        for part in parts {
            hmac.update(&(part.len() as u64).to_be_bytes());
            hmac.update(part.as_bytes());
        }
        hmac
    }

    /// A key of its own for what these parts name.
    pub(crate) fn derived(&self, parts: &[&str]) -> Self {
        // A code of SHA-256 has a length that every HMAC takes.
        Hmac::new_from_slice(&self.mac(parts).finalize().into_bytes()).map_or_else(|_| self.clone(), Self)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    // One call of the formatter for eight bytes: a record has a hundred hashes.
    let of_eight = |eight: &[u8]| eight.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    bytes.chunks(8).fold(String::with_capacity(bytes.len() * 2), |mut text, eight| {
        use fmt::Write;
        // Writing to a String cannot fail.
        let _ = write!(text, "{:0width$x}", of_eight(eight), width = eight.len() * 2);
        text
    })
}

/// The level and the keys in force.
#[derive(Debug, Clone)]
pub struct Privacy {
    level: Level,
    pub(crate) key: Key,
    pub(crate) earlier: Vec<Key>,
}

impl Privacy {
    /// Keeps patient data at this level. Hashes are made with `key`; `earlier` keys still find a patient's older records.
    #[must_use]
    pub fn new(level: Level, key: Key, earlier: Vec<Key>) -> Self {
        Self { level, key, earlier }
    }

    /// Keeps data of this patient, named by logical id, on this FHIR server (empty where none is named).
    #[must_use]
    pub fn patient(&self, fhir_server: &str, id: &str) -> Patient<'_> {
        Patient { privacy: self, key: PatientKey(patient_hash(&self.key, fhir_server, id)) }
    }

    /// By what records of this patient are found, whichever key was in force.
    #[must_use]
    pub fn patient_keys(&self, fhir_server: &str, id: &str) -> Vec<PatientKey> {
        let keys = std::iter::once(&self.key).chain(&self.earlier);
        keys.map(|key| PatientKey(patient_hash(key, fhir_server, id))).collect()
    }

    /// Text that may name a patient, of whom it is not known which.
    pub(crate) fn keep(&self, text: &str) -> Private {
        self.private("", text, || to_raw_value(text).ok())
    }

    /// A keyed hash, at every level.
    pub(crate) fn hash(&self, parts: &[&str]) -> String {
        self.key.hash(parts)
    }

    fn private(&self, of: &str, text: &str, whole: impl FnOnce() -> Option<Box<RawValue>>) -> Private {
        match self.level {
            Level::None => Private::Withheld,
            Level::Hashed => Private::Hashed(self.key.hash(&["value", of, text])),
            Level::Whole => whole().map_or(Private::Withheld, Private::Whole),
        }
    }
}

fn patient_hash(key: &Key, fhir_server: &str, id: &str) -> String {
    key.hash(&["patient", fhir_server.trim_end_matches('/'), id])
}

/// The keyed hash that a patient's records are found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PatientKey(pub(crate) String);

/// Keeps the data of one patient at the level in force. Hashes hold the patient's key too: equal values of two patients
/// have different hashes, so that counting hashes tells no value; equal values of one patient have equal ones.
#[derive(Debug, Clone)]
pub struct Patient<'p> {
    privacy: &'p Privacy,
    key: PatientKey,
}

impl Patient<'_> {
    /// What the patient's records are found by.
    #[must_use]
    pub fn key(&self) -> PatientKey {
        self.key.clone()
    }

    /// A text about the patient, as the level keeps it.
    #[must_use]
    pub fn keep(&self, text: &str) -> Private {
        self.privacy.private(&self.key.0, text, || to_raw_value(text).ok())
    }

    /// A text that explains a value (its date, how it was read): whole or not at all, for nobody would ask by its hash.
    #[must_use]
    pub fn keep_whole(&self, text: &str) -> Private {
        match self.privacy.level {
            Level::Whole => self.keep(text),
            Level::None | Level::Hashed => Private::Withheld,
        }
    }

    /// JSON about the patient, as the level keeps it, every number as it was written; hashed by its text.
    #[must_use]
    pub fn keep_json(&self, json: &RawValue) -> Private {
        // A record is one line. JSON has no line ends but between its tokens, where they mean nothing.
        let one_line = || RawValue::from_string(json.get().replace(['\n', '\r'], "")).ok();
        self.privacy.private(&self.key.0, json.get(), one_line)
    }
}

/// A piece of patient data, as far as it is kept. It prints as what kind it is, so that no log line can tell it.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Private {
    /// Not kept.
    #[default]
    Withheld,
    /// Its keyed hash (128 bits of HMAC-SHA256, hexadecimal).
    Hashed(String),
    /// It.
    Whole(Box<RawValue>),
}

impl Private {
    /// Whether nothing is kept.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        matches!(self, Self::Withheld)
    }
}

impl PartialEq for Private {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Withheld, Self::Withheld) => true,
            (Self::Hashed(one), Self::Hashed(other)) => one == other,
            (Self::Whole(one), Self::Whole(other)) => one.get() == other.get(),
            _ => false,
        }
    }
}

impl Eq for Private {}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Withheld => "Withheld",
            Self::Hashed(_) => "Hashed(..)",
            Self::Whole(_) => "Whole(..)",
        })
    }
}
