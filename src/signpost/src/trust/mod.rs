//! Who may call: every call carries a token of a known CDS Client, signed by a key of its own (CDS Hooks, "Trusting CDS
//! Clients").
//!
//! Nothing of a token is believed before its signature was checked, and nothing that it names is followed: keys come from
//! the configuration, or from the URL that stands there. A caller who is not let in is told nothing; the log says why, with
//! `iss`, `kid` and `jti`, and never shows the token.

mod bearer;
mod client;
mod denial;
mod fetch;
mod keys;
mod members;
mod replay;
mod source;
mod token;

use std::sync::Arc;

use axum::http::HeaderMap;
use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use crate::config::{Config, PublicUrl, Replay};
use crate::refusal::Refusal;
use members::Members;
use source::{KeySource, Remote};
use token::{Claims, Header, Token};

pub use client::Client;
pub use denial::Denial;
pub use keys::{BadKeySet, KeySet};
pub use replay::{JtiStore, Memory, Unavailable};
pub use source::KeyTimes;

/// The clients that are known.
#[derive(Debug)]
pub struct Trust {
    public_url: PublicUrl,
    clients: Vec<Arc<Client>>,
    seen: Arc<dyn JtiStore>,
    clock: fn() -> Timestamp,
    times: KeyTimes,
}

/// A caller that was let in, with its place among the calls of its client until it is dropped.
#[derive(Debug)]
pub struct Caller {
    client: Arc<Client>,
    _place: OwnedSemaphorePermit,
}

impl Caller {
    /// Who calls.
    #[must_use]
    pub fn client(&self) -> &Arc<Client> {
        &self.client
    }
}

/// A caller that was not let in.
#[derive(Debug)]
pub struct NotAdmitted {
    /// What the caller is told.
    pub refusal: Refusal,
    /// Why, in one of a few words: for counting.
    pub why: &'static str,
}

/// Keys cannot be fetched at all.
#[derive(Debug, thiserror::Error)]
#[error("the client that fetches keys cannot be set up")]
pub struct NoTrust(#[source] reqwest::Error);

impl Trust {
    /// Trust in the clients of a configuration; `None` where it names none, and the service is open.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn of(
        config: &Config,
        seen: Arc<dyn JtiStore>,
        clock: fn() -> Timestamp,
        times: KeyTimes,
    ) -> Result<Option<Self>, NoTrust> {
        Self::knowing(config, seen, clock, times, &[])
    }

    /// The same for another configuration. Keys that were fetched stay, and so do calls and tokens: a client cannot use a
    /// token again because the configuration was read again.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn renewed(&self, config: &Config) -> Result<Option<Self>, NoTrust> {
        Self::knowing(config, self.seen.clone(), self.clock, self.times, &self.clients)
    }

    fn knowing(
        config: &Config,
        seen: Arc<dyn JtiStore>,
        clock: fn() -> Timestamp,
        times: KeyTimes,
        before: &[Arc<Client>],
    ) -> Result<Option<Self>, NoTrust> {
        let Some(public_url) = config.public_url.clone().filter(|_| !config.is_open()) else {
            return Ok(None);
        };
        let http = fetch::client(config.listen.ip().is_loopback()).map_err(NoTrust)?;
        let clients = config.clients.iter().map(|client| {
            let before = before.iter().find(|before| *before.name == *client.name);
            let remote = |url: &Url| Remote::new(http.clone(), url.clone(), times);
            Arc::new(Client::of(
                client,
                before.map(|before| &**before),
                remote,
                config.load.requests_per_client,
            ))
        });
        Ok(Some(Self { public_url, clients: clients.collect(), seen, clock, times }))
    }

    /// Fetches the keys of all clients, so that the first call need not wait for them. One that fails is in the log, and
    /// is tried again when a call comes.
    pub async fn fetch_keys(&self) {
        let sources = self.clients.iter().filter_map(|client| match &client.keys {
            KeySource::Fetched(remote) => Some(Arc::clone(remote).refreshed()),
            KeySource::Given(_) => None,
        });
        join_all(sources).await;
    }

    /// The client that calls a path of the service.
    ///
    /// # Errors
    /// 401 for everybody else, without a reason; 503 if it has as many calls under way as it may, or if it cannot be told
    /// whether the token came before.
    pub async fn admit(&self, headers: &HeaderMap, path: &str) -> Result<Caller, NotAdmitted> {
        let mut shown = Shown::default();
        let found = self.caller(headers, path, &mut shown).await;
        found.map_err(|refused| {
            let Shown { iss, kid, jti } = shown;
            let why = refused.name();
            let refusal = match refused {
                Refused::Denied(why) => {
                    tracing::info!(%why, iss, kid, jti, "caller not let in");
                    Refusal::not_authorized()
                }
                Refused::Unavailable => {
                    tracing::error!(iss, kid, jti, "it cannot be told whether a token was seen before");
                    Refusal::unavailable()
                }
                Refused::Busy => Refusal::busy(),
            };
            NotAdmitted { refusal, why }
        })
    }

    /// Checks in the order that CDS Hooks' best practices give: what is cheap before what is dear, and `jti` last, so
    /// that only the client itself can use one up.
    async fn caller(&self, headers: &HeaderMap, path: &str, shown: &mut Shown) -> Result<Caller, Refused> {
        let token = Token::split(bearer::token(headers)?)?;
        let (header, claims) = (token.header()?, token.claims()?);
        *shown = Shown::of(&header, &claims);
        let (header, claims) = (Header::read(&header)?, Claims::read(&claims)?);
        let client =
            self.clients.iter().find(|client| client.is(&claims.iss)).ok_or(Denial::UnknownIssuer)?;
        client.expects(&header)?;
        client.is_for(&claims, &self.endpoints(path))?;
        client::in_time(&claims, seconds((self.clock)()))?;
        client.admits(claims.tenant.as_ref())?;
        let keys = client.keys.keys(&header.kid).await;
        keys.verify(&token, &header.kid, header.algorithm)?;
        // Before `jti`, so that the same token is good for another try.
        let place = client.calls.clone().try_acquire_owned().map_err(|_| Refused::Busy)?;
        self.is_first(client, &claims).await?;
        Ok(Caller { client: client.clone(), _place: place })
    }

    async fn is_first(&self, client: &Client, claims: &Claims) -> Result<(), Refused> {
        if client.replay == Replay::WithinToken {
            return Ok(());
        }
        let expires = Timestamp::from_second(client::end(claims)).map_err(|_| Denial::Malformed("exp"))?;
        let first = self.seen.first_seen(&client.name, &claims.jti, expires).await;
        match first {
            Ok(true) => Ok(()),
            Ok(false) => Err(Denial::Replayed.into()),
            Err(Unavailable) => Err(Refused::Unavailable),
        }
    }

    /// What a token for a path may be for: its URL. Feedback may come with a token for the service: the specification does
    /// not say which it is for.
    fn endpoints(&self, path: &str) -> Vec<String> {
        let service = path.strip_suffix("/feedback");
        [Some(path), service].into_iter().flatten().map(|path| self.public_url.of(path)).collect()
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds since 1970 are exact in a double for 285 000 years"
)]
fn seconds(instant: Timestamp) -> f64 {
    instant.as_millisecond() as f64 / 1000.0
}

/// Why a call goes no further.
enum Refused {
    Denied(Denial),
    Busy,
    Unavailable,
}

impl Refused {
    fn name(&self) -> &'static str {
        match self {
            Self::Denied(denial) => denial.name(),
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
        }
    }
}

impl From<Denial> for Refused {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

/// What the log shows of a token. Anyone can write it, so it is cut and escaped.
#[derive(Default)]
struct Shown {
    iss: Option<String>,
    kid: Option<String>,
    jti: Option<String>,
}

impl Shown {
    /// The most characters of each.
    const LONGEST: usize = 80;

    fn of(header: &Members<'_>, claims: &Members<'_>) -> Self {
        let shown = |members: &Members<'_>, name| {
            let text = members.text(name).ok().flatten()?;
            Some(text.chars().take(Self::LONGEST).flat_map(char::escape_default).collect())
        };
        Self { iss: shown(claims, "iss"), kid: shown(header, "kid"), jti: shown(claims, "jti") }
    }
}
