//! Fetching a JWK Set from the one URL that the configuration names.

use std::time::Duration;

use ehr::fetch::Addresses;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use rustls::crypto::ring;
use url::Url;

use super::keys::{BadKeySet, KeySet};

/// The largest set that is read, in bytes.
const LARGEST_SET: usize = 256 * 1024;

/// How long fetching may take in all: callers with a new key wait for it.
const LONGEST_FETCH: Duration = Duration::from_secs(3);

/// Why no keys came.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoKeys {
    #[error("it cannot be reached")]
    Unreachable,
    #[error("it answered with status {0}")]
    Status(StatusCode),
    #[error("its answer is larger than {LARGEST_SET} bytes")]
    TooLarge,
    #[error("its answer broke off")]
    BrokenOff,
    #[error("its answer {0}")]
    NotASet(#[from] BadKeySet),
}

/// A client that goes to the URL that it is given and no further: no redirects, no proxies, and never to link-local
/// addresses. `loopback` lets it fetch from this machine.
pub(super) fn client(loopback: bool) -> Result<Client, reqwest::Error> {
    // Only the first one counts; whoever was first has chosen for the whole process.
    let _ = ring::default_provider().install_default();
    let builder = || {
        Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .https_only(!loopback)
            .dns_resolver(Addresses { loopback, private: true })
            .user_agent(concat!("signpost/", env!("CARGO_PKG_VERSION")))
            .timeout(LONGEST_FETCH)
    };
    // A machine without certificates can start, and fetch nothing over https.
    builder().build().or_else(|_| builder().tls_certs_only([]).build())
}

/// Fetches a set.
pub(super) async fn fetch(client: &Client, url: &Url) -> Result<KeySet, NoKeys> {
    let accepted = HeaderValue::from_static("application/jwk-set+json, application/json");
    let request = client.get(url.clone()).header(ACCEPT, accepted);
    let mut response = request.send().await.map_err(|_| NoKeys::Unreachable)?;
    if response.status() != StatusCode::OK {
        return Err(NoKeys::Status(response.status()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| NoKeys::BrokenOff)? {
        if body.len() + chunk.len() > LARGEST_SET {
            return Err(NoKeys::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let json = std::str::from_utf8(&body).map_err(|_| BadKeySet::NotASet)?;
    Ok(KeySet::read(json)?)
}
