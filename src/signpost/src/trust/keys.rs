//! JWK Sets (RFC 7517): the public keys of a client, each pinned to what it may verify.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::denial::Denial;
use super::token::Token;
use crate::config::{ALGORITHMS, Algorithm};

/// The most keys that are read of a set.
const MOST_KEYS: usize = 100;

/// RSA keys are at least so long, in bytes of the modulus: shorter ones can be broken, and the library refuses them.
const SHORTEST_MODULUS: usize = 256;

/// And at most so long: longer ones take long to use.
const LONGEST_MODULUS: usize = 1024;

/// The keys of a client that can be used.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    keys: Vec<Key>,
    unusable: Vec<String>,
}

/// A text that is no JWK Set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKeySet {
    /// Not `{ "keys": [ ... ] }`.
    #[error("is not a JWK Set: `{{ \"keys\": [ ... ] }}`")]
    NotASet,
    /// More than can be meant.
    #[error("has more than {MOST_KEYS} keys")]
    TooMany,
}

/// A public key and the algorithms whose signatures it may verify.
#[derive(Clone)]
struct Key {
    kid: String,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
}

/// One entry of a set. What is not named is not looked at.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<Box<RawValue>>,
    k: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Set {
    keys: Vec<Box<RawValue>>,
}

impl KeySet {
    /// Reads a set. An entry that cannot be used is left out and named in [`KeySet::unusable`].
    ///
    /// # Errors
    /// If the text is no JWK Set.
    pub fn read(json: &str) -> Result<Self, BadKeySet> {
        let set: Set = serde_json::from_str(json).map_err(|_| BadKeySet::NotASet)?;
        if set.keys.len() > MOST_KEYS {
            return Err(BadKeySet::TooMany);
        }
        let mut keys = Self::default();
        for (place, entry) in set.keys.iter().enumerate() {
            match Key::read(entry.get()) {
                Ok(key) => keys.keys.push(key),
                Err(why) => keys.unusable.push(format!("keys[{place}] {why}")),
            }
        }
        Ok(keys)
    }

    /// Whether no key can be used.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The entries that cannot be used: which, and why. No part of a key is in it.
    #[must_use]
    pub fn unusable(&self) -> &[String] {
        &self.unusable
    }

    pub(super) fn has(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid == kid)
    }

    /// Checks a signature by the key that the token names, if that is for the token's algorithm.
    pub(super) fn verify(&self, token: &Token<'_>, kid: &str, algorithm: Algorithm) -> Result<(), Denial> {
        let named: Vec<&Key> = self.keys.iter().filter(|key| key.kid == kid).collect();
        if named.is_empty() {
            return Err(Denial::UnknownKey);
        }
        let mut fitting = named.into_iter().filter(|key| key.algorithms.contains(&algorithm)).peekable();
        if fitting.peek().is_none() {
            return Err(Denial::OtherAlgorithm);
        }
        let verifies = |key: &Key| {
            let (message, algorithm) = (token.message.as_bytes(), library(algorithm));
            jsonwebtoken::crypto::verify(token.signature, message, &key.key, algorithm).unwrap_or(false)
        };
        if fitting.any(verifies) { Ok(()) } else { Err(Denial::Signature) }
    }
}

fn library(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::Es384 => jsonwebtoken::Algorithm::ES384,
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::Rs384 => jsonwebtoken::Algorithm::RS384,
    }
}

impl Key {
    fn read(json: &str) -> Result<Self, &'static str> {
        let jwk: Jwk = serde_json::from_str(json).map_err(|_| "is not a JWK")?;
        if jwk.d.is_some() || jwk.k.is_some() {
            return Err("is private or symmetric: whoever has the set can sign with it");
        }
        let signs = jwk.usage.as_deref().is_none_or(|usage| usage == "sig")
            && jwk.key_ops.as_ref().is_none_or(|ops| ops.iter().any(|op| op == "verify"));
        if !signs {
            return Err("is not for signatures");
        }
        let (key, algorithms) = match jwk.kty.as_str() {
            "EC" => elliptic(&jwk)?,
            "RSA" => rsa(&jwk)?,
            _ => return Err("is of a kind that is not supported"),
        };
        let pinned = |algorithm: &Algorithm| {
            jwk.alg.as_ref().is_none_or(|alg| ALGORITHMS.contains(&(alg.as_str(), *algorithm)))
        };
        let algorithms: Vec<Algorithm> = algorithms.iter().copied().filter(pinned).collect();
        if algorithms.is_empty() {
            return Err("is for an algorithm that is not supported");
        }
        let kid = jwk.kid.filter(|kid| !kid.is_empty()).ok_or("has no `kid`")?;
        Ok(Self { kid, algorithms, key })
    }
}

/// The curve pins the algorithm (RFC 7518, section 3.4).
fn elliptic(jwk: &Jwk) -> Result<(DecodingKey, &'static [Algorithm]), &'static str> {
    let (length, algorithms): (usize, &[Algorithm]) = match jwk.crv.as_deref() {
        Some("P-256") => (32, &[Algorithm::Es256]),
        Some("P-384") => (48, &[Algorithm::Es384]),
        _ => return Err("is on a curve that is not supported"),
    };
    let (Some(x), Some(y)) = (&jwk.x, &jwk.y) else { return Err("has no `x` or `y`") };
    let is_whole = |part: &str| URL_SAFE_NO_PAD.decode(part).is_ok_and(|bytes| bytes.len() == length);
    if !(is_whole(x) && is_whole(y)) {
        return Err("has an `x` or `y` of another length than its curve's");
    }
    DecodingKey::from_ec_components(x, y).map(|key| (key, algorithms)).map_err(|_| "cannot be read")
}

fn rsa(jwk: &Jwk) -> Result<(DecodingKey, &'static [Algorithm]), &'static str> {
    let (Some(n), Some(e)) = (&jwk.n, &jwk.e) else { return Err("has no `n` or `e`") };
    let modulus = URL_SAFE_NO_PAD.decode(n).map_err(|_| "has an `n` that is not base64url")?;
    let length = modulus.iter().skip_while(|byte| **byte == 0).count();
    if !(SHORTEST_MODULUS..=LONGEST_MODULUS).contains(&length) {
        return Err("is shorter than 2048 bits or longer than 8192");
    }
    let key = DecodingKey::from_rsa_components(n, e).map_err(|_| "cannot be read")?;
    Ok((key, &[Algorithm::Rs256, Algorithm::Rs384]))
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .field("algorithms", &self.algorithms)
            .finish_non_exhaustive()
    }
}
