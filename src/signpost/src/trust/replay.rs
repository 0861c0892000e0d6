//! Tokens that were seen before.

use std::collections::HashMap;
use std::fmt::{self, Debug};
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;

/// Remembers which tokens were seen. The journal's database does it for several replicas and over restarts, a [`Memory`]
/// for one service that keeps no journal.
pub trait JtiStore: Send + Sync + Debug {
    /// Whether a client's `jti` is seen for the first time. It is remembered until `expires`, after which no token with it
    /// is accepted anyway. Asked twice at the same time, it says yes to one.
    fn first_seen<'a>(
        &'a self,
        client: &'a str,
        jti: &'a str,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Unavailable>>;
}

/// It cannot be told whether a token was seen. Nobody is let in by such a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it cannot be told whether the token was seen before")]
pub struct Unavailable;

/// The most tokens of one client that are remembered: 100 calls a second for an hour. With 32 bytes for each, 16 MB.
const MOST_TOKENS: usize = 360_000;

/// Remembers tokens in this process, until it ends.
pub struct Memory {
    clock: fn() -> Timestamp,
    most: usize,
    clients: Mutex<HashMap<String, Seen>>,
    /// Two hashes of a `jti` stand for it, with keys of this process: nobody can find two with the same.
    hashes: [RandomState; 2],
}

#[derive(Default)]
struct Seen {
    /// When each expires, in seconds since 1970.
    tokens: HashMap<[u64; 2], i64>,
    /// When expired ones were last dropped.
    swept: i64,
}

impl Memory {
    /// Nothing seen yet.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self::bounded(clock, MOST_TOKENS)
    }

    /// The same, remembering at most so many tokens of each client.
    #[must_use]
    pub fn bounded(clock: fn() -> Timestamp, most: usize) -> Self {
        let hashes = [RandomState::new(), RandomState::new()];
        Self { clock, most, clients: Mutex::default(), hashes }
    }

    fn see(&self, client: &str, jti: &str, expires: Timestamp) -> Result<bool, Unavailable> {
        let token = self.hashes.each_ref().map(|hash| hash.hash_one(jti));
        let now = (self.clock)().as_second();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let seen = match clients.get_mut(client) {
            Some(seen) => seen,
            None => clients.entry(client.to_owned()).or_default(),
        };
        seen.see(token, expires.as_second(), now, self.most)
    }
}

impl Seen {
    fn see(&mut self, token: [u64; 2], expires: i64, now: i64, most: usize) -> Result<bool, Unavailable> {
        if self.tokens.get(&token).is_some_and(|until| *until >= now) {
            return Ok(false);
        }
        // Each sweep is paid for by what came in a minute; one that is full is swept once a second.
        let is_due = now >= self.swept.saturating_add(60) || self.tokens.len() >= most;
        if is_due && now != self.swept {
            self.tokens.retain(|_, until| *until >= now);
            self.swept = now;
        }
        if self.tokens.len() >= most {
            return Err(Unavailable);
        }
        self.tokens.insert(token, expires);
        Ok(true)
    }
}

impl JtiStore for Memory {
    fn first_seen<'a>(
        &'a self,
        client: &'a str,
        jti: &'a str,
        expires: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(ready(self.see(client, jti, expires)))
    }
}

impl Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory").field("most", &self.most).finish_non_exhaustive()
    }
}
