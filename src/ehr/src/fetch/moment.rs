//! What was read a moment ago for the same client, patient, user and token: an order that is signed again right away is not
//! read for again. Off unless it is asked for; bounded in entries, bytes and age.

use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;
use url::Url;

/// The most answers that are kept.
const MOST_ANSWERS: usize = 256;

/// The most bytes that are kept.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Whose answers they are: a digest of [`Whose`], keyed anew in every process. The token itself is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner(u64, u64);

/// The answers of the last moments.
pub(super) struct Moment {
    age: Duration,
    keys: (RandomState, RandomState),
    answers: Mutex<VecDeque<Kept>>,
}

struct Kept {
    owner: Owner,
    url: Url,
    body: String,
    until: Instant,
}

impl Moment {
    /// Keeps answers for this long; `None` for no time at all.
    pub(super) fn of(age: Duration) -> Option<Self> {
        (!age.is_zero()).then(|| Self {
            age,
            keys: (RandomState::new(), RandomState::new()),
            answers: Mutex::default(),
        })
    }

    pub(super) fn owner(&self, whose: &Whose<'_>) -> Owner {
        Owner(self.keys.0.hash_one(whose), self.keys.1.hash_one(whose))
    }

    /// What a URL answered to the same owner a moment ago.
    pub(super) fn recall(&self, owner: Owner, url: &Url) -> Option<String> {
        let mut answers = self.answers.lock().ok()?;
        let now = Instant::now();
        answers.retain(|kept| kept.until > now);
        answers.iter().find(|kept| kept.owner == owner && kept.url == *url).map(|kept| kept.body.clone())
    }

    pub(super) fn keep(&self, owner: Owner, url: &Url, body: &str) {
        let (Ok(mut answers), now) = (self.answers.lock(), Instant::now()) else { return };
        let until = now.checked_add(self.age).unwrap_or(now);
        answers.retain(|kept| kept.until > now);
        answers.push_back(Kept { owner, url: url.clone(), body: body.to_owned(), until });
        while answers.len() > MOST_ANSWERS || bytes(&answers) > MOST_BYTES {
            answers.pop_front();
        }
    }
}

fn bytes(answers: &VecDeque<Kept>) -> usize {
    answers.iter().map(|kept| kept.body.len()).sum()
}

/// Who asks for whom: whatever differs in any of it is answered anew.
#[derive(Hash)]
pub(super) struct Whose<'w> {
    pub(super) cds_client: &'w str,
    pub(super) base: &'w str,
    pub(super) patient_id: &'w str,
    pub(super) user_id: &'w str,
    pub(super) token: Option<&'w [u8]>,
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Moment").field("age", &self.age).finish_non_exhaustive()
    }
}
