//! Keys for other purposes, derived from the journal's: what is made with one of them says nothing of the hashes.

use hmac::Mac;

use crate::privacy::{Key, Privacy};

/// Signatures for one purpose: made with the key in force, and taken where any key of the key file has made them.
#[derive(Debug, Clone)]
pub struct Signing {
    key: Key,
    earlier: Vec<Key>,
}

impl Privacy {
    /// Signatures for a purpose. Two purposes have keys that tell nothing of each other, nor of the journal's own
    /// (HMAC-SHA256 as a key derivation function in the sense of NIST SP 800-108: the label is the purpose).
    #[must_use]
    pub fn signing(&self, purpose: &str) -> Signing {
        let derived = |key: &Key| key.derived(&["signing", purpose]);
        Signing { key: derived(&self.key), earlier: self.earlier.iter().map(derived).collect() }
    }
}

impl Signing {
    /// The signature of these parts (HMAC-SHA256), each with its length.
    #[must_use]
    pub fn sign(&self, parts: &[&str]) -> [u8; 32] {
        self.key.mac(parts).finalize().into_bytes().into()
    }

    /// Whether this is the signature of these parts by any of the keys; compared in constant time.
    #[must_use]
    pub fn verifies(&self, parts: &[&str], signature: &[u8]) -> bool {
        let keys = std::iter::once(&self.key).chain(&self.earlier);
        // Every key is tried, so that the time tells not which one it was.
        keys.fold(false, |found, key| key.mac(parts).verify_slice(signature).is_ok() | found)
    }
}
