//! A CDS Client that is known, and what its tokens must be.

use std::sync::Arc;

use ehr::fetch::Bases;
use tokio::sync::Semaphore;
use url::Url;

use super::denial::Denial;
use super::source::{KeySource, Remote};
use super::token::{Claims, Header};
use crate::config::{self, Keys, Replay};

/// How far clocks may be apart, in seconds.
const SKEW: f64 = 60.0;

/// The longest life of a token, in seconds.
const LONGEST_LIFE: f64 = 3600.0;

/// A CDS Client that is known: what the rest of a call may know of it.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its name in the configuration.
    pub name: Arc<str>,
    /// FHIR servers that may be read for it.
    pub fhir_servers: Bases,
    pub(super) keys: KeySource,
    pub(super) replay: Replay,
    /// Places for its calls.
    pub(super) calls: Arc<Semaphore>,
    iss: String,
    audience: Vec<String>,
    tenants: Vec<String>,
    algorithms: Vec<config::Algorithm>,
}

impl Client {
    /// The client of a configuration. What was known of it before stays: its calls under way, and keys that were fetched
    /// from the same URL.
    pub(super) fn of(
        client: &config::Client,
        before: Option<&Self>,
        remote: impl Fn(&Url) -> Remote,
        most_calls: usize,
    ) -> Self {
        let fetched = |url: &Url| match before.map(|before| &before.keys) {
            Some(KeySource::Fetched(before)) if before.url == *url => before.clone(),
            _ => Arc::new(remote(url)),
        };
        Self {
            name: client.name.as_str().into(),
            fhir_servers: client.fhir_servers.clone(),
            keys: match &client.keys {
                Keys::Given(keys) => KeySource::Given(Arc::new(keys.clone())),
                Keys::Url(url) => KeySource::Fetched(fetched(url)),
            },
            calls: before.map_or_else(|| Arc::new(Semaphore::new(most_calls)), |before| before.calls.clone()),
            replay: client.replay,
            iss: client.iss.clone(),
            audience: client.audience.clone(),
            tenants: client.tenants.clone(),
            algorithms: client.algorithms.clone(),
        }
    }

    pub(super) fn is(&self, iss: &str) -> bool {
        self.iss == iss
    }

    /// Whether a token may be signed so, and names no other place for the keys. Where the keys stand in the configuration
    /// a `jku` says nothing: nothing is fetched.
    pub(super) fn expects(&self, header: &Header) -> Result<(), Denial> {
        if !self.algorithms.contains(&header.algorithm) {
            return Err(Denial::Algorithm);
        }
        match (&self.keys, &header.jku) {
            (KeySource::Fetched(remote), Some(jku)) if remote.url.as_str() != jku => Err(Denial::OtherKeys),
            _ => Ok(()),
        }
    }

    /// Whether a token is for one of these URLs, or for what else this client's tokens may be for.
    pub(super) fn is_for(&self, claims: &Claims, endpoints: &[String]) -> Result<(), Denial> {
        let is_for = endpoints.contains(&claims.aud) || self.audience.contains(&claims.aud);
        is_for.then_some(()).ok_or(Denial::Audience)
    }

    pub(super) fn admits(&self, tenant: Option<&String>) -> Result<(), Denial> {
        let is_one = self.tenants.is_empty() || tenant.is_some_and(|tenant| self.tenants.contains(tenant));
        is_one.then_some(()).ok_or(Denial::Tenant)
    }
}

/// Whether a token is valid at an instant, in seconds since 1970: not expired, not of the future, and not for long.
pub(super) fn in_time(claims: &Claims, now: f64) -> Result<(), Denial> {
    if claims.exp + SKEW <= now {
        return Err(Denial::Expired);
    }
    if claims.iat > now + SKEW || claims.nbf.is_some_and(|nbf| nbf > now + SKEW) {
        return Err(Denial::NotYet);
    }
    let life = claims.exp - claims.iat;
    if life > 0.0 && life <= LONGEST_LIFE { Ok(()) } else { Err(Denial::Lifetime) }
}

/// When a token is accepted no more, in whole seconds since 1970.
#[expect(clippy::cast_possible_truncation, reason = "a token that is in time ends within two hours from now")]
pub(super) fn end(claims: &Claims) -> i64 {
    (claims.exp + SKEW).ceil() as i64
}
