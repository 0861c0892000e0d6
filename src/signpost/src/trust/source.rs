//! Where a client's keys come from. Fetched ones are kept, and fetched again when they get old or a token names a key that
//! is not among them: one fetch at a time, and never more than one in a cool-down, whoever asks.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;
use url::Url;

use super::fetch::fetch;
use super::keys::KeySet;

/// The most callers that wait for a fetch. Anyone can name a key that is not there, and each who waits takes a place among
/// the requests that the service carries.
const MOST_WAITING: usize = 32;

/// How long fetched keys are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTimes {
    /// After this they are fetched again, while the old ones are in use: how long a withdrawn key may still be accepted.
    pub fresh: Duration,
    /// Between two fetches: how often unknown keys, which anyone can name, make the service fetch.
    pub cool_down: Duration,
    /// After this, keys that could not be fetched again are in use no more.
    pub stale: Duration,
}

impl Default for KeyTimes {
    fn default() -> Self {
        Self {
            fresh: Duration::from_secs(10 * 60),
            cool_down: Duration::from_secs(30),
            stale: Duration::from_secs(6 * 60 * 60),
        }
    }
}

/// Where the keys of a client come from.
#[derive(Debug, Clone)]
pub(super) enum KeySource {
    /// The configuration.
    Given(Arc<KeySet>),
    /// A URL.
    Fetched(Arc<Remote>),
}

impl KeySource {
    /// The keys by which a token is to be checked that names this one.
    pub(super) async fn keys(&self, kid: &str) -> Arc<KeySet> {
        match self {
            Self::Given(keys) => keys.clone(),
            Self::Fetched(remote) => remote.keys(kid).await,
        }
    }
}

/// Keys at a URL.
#[derive(Debug)]
pub(super) struct Remote {
    http: reqwest::Client,
    pub(super) url: Url,
    times: KeyTimes,
    held: RwLock<Held>,
    /// Held while a fetch is under way.
    under_way: Arc<Mutex<()>>,
    waiting: Semaphore,
}

/// What is known of a source now.
#[derive(Debug, Clone, Default)]
struct Held {
    keys: Arc<KeySet>,
    /// When they came.
    fetched: Option<Instant>,
    /// When they were last asked for.
    asked: Option<Instant>,
}

impl Remote {
    pub(super) fn new(http: reqwest::Client, url: Url, times: KeyTimes) -> Self {
        let waiting = Semaphore::new(MOST_WAITING);
        Self { http, url, times, held: RwLock::default(), under_way: Arc::default(), waiting }
    }

    async fn keys(self: &Arc<Self>, kid: &str) -> Arc<KeySet> {
        let held = self.held();
        if held.keys.has(kid) && !is_over(held.fetched, self.times.stale) {
            if is_over(held.fetched, self.times.fresh) && is_over(held.asked, self.times.cool_down) {
                tokio::spawn(Arc::clone(self).refreshed());
            }
            return held.keys;
        }
        Arc::clone(self).refreshed().await;
        let held = self.held();
        if is_over(held.fetched, self.times.stale) { Arc::default() } else { held.keys }
    }

    /// Fetches the keys, unless that was tried a moment ago. Returns when no fetch is under way any more, or at once where
    /// many wait for it already.
    pub(super) async fn refreshed(self: Arc<Self>) {
        let Ok(_place) = self.waiting.try_acquire() else { return };
        let turn = Arc::clone(&self.under_way).lock_owned().await;
        if !is_over(self.held().asked, self.times.cool_down) {
            return;
        }
        self.change(|held| held.asked = Some(Instant::now()));
        // A task of its own: a caller who hangs up must not stop what others wait for.
        let this = Arc::clone(&self);
        let fetching = tokio::spawn(async move {
            this.load().await;
            drop(turn);
        });
        let _ = fetching.await;
    }

    async fn load(&self) {
        match fetch(&self.http, &self.url).await {
            Ok(keys) => {
                for why in keys.unusable() {
                    tracing::warn!(jwks_url = %self.url, why, "a key cannot be used");
                }
                tracing::info!(jwks_url = %self.url, "keys fetched");
                self.change(|held| {
                    held.keys = Arc::new(keys);
                    held.fetched = Some(Instant::now());
                });
            }
            Err(why) => tracing::warn!(jwks_url = %self.url, %why, "keys cannot be fetched"),
        }
    }

    fn held(&self) -> Held {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Held)) {
        change(&mut self.held.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Whether a time has passed since; it has where it never began.
fn is_over(since: Option<Instant>, time: Duration) -> bool {
    since.is_none_or(|since| since.elapsed() >= time)
}
