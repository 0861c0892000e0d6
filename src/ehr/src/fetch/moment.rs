//! What was read a moment ago for the same client, patient, user and token: an order that is signed again right away is not
//! read for again. Off unless it is asked for; bounded in entries and bytes. What is older than its moment is never used, and
//! dropped by the next call that asks or keeps.

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

    /// What a URL answered to the same owner a moment ago, and how long ago that was.
    pub(super) fn recall(&self, owner: Owner, url: &Url) -> Option<(String, Duration)> {
        let mut answers = self.answers.lock().ok()?;
        let now = Instant::now();
        answers.retain(|kept| kept.until > now);
        let kept = answers.iter().find(|kept| kept.owner == owner && kept.url == *url)?;
        Some((kept.body.clone(), self.age.saturating_sub(kept.until.duration_since(now))))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn whose<'w>(cds_client: &'w str, patient_id: &'w str) -> Whose<'w> {
        Whose { cds_client, base: "https://h/f", patient_id, user_id: "Practitioner/1", token: Some(b"t") }
    }

    fn url(n: usize) -> Url {
        Url::parse(&format!("https://h/f/Condition?n={n}")).expect("a URL")
    }

    fn kept(moment: &Moment, owner: Owner, of: usize) -> usize {
        (0..of).filter(|n| moment.recall(owner, &url(*n)).is_some()).count()
    }

    #[test]
    fn no_more_answers_than_so_many_are_kept_and_the_oldest_go_first() {
        let moment = Moment::of(Duration::from_secs(30)).expect("an age");
        let owner = moment.owner(&whose("a", "1"));
        (0..MOST_ANSWERS + 10).for_each(|n| moment.keep(owner, &url(n), "{}"));
        assert_eq!(kept(&moment, owner, MOST_ANSWERS + 10), MOST_ANSWERS);
        assert!(moment.recall(owner, &url(9)).is_none() && moment.recall(owner, &url(10)).is_some());
    }

    #[test]
    fn no_more_bytes_than_so_many_are_kept() {
        let moment = Moment::of(Duration::from_secs(30)).expect("an age");
        let owner = moment.owner(&whose("a", "1"));
        let quarter = "x".repeat(MOST_BYTES / 4);
        (0..6).for_each(|n| moment.keep(owner, &url(n), &quarter));
        assert_eq!(kept(&moment, owner, 6), 4);
    }

    #[test]
    fn nothing_is_kept_for_longer_than_its_moment() {
        let age = Duration::from_millis(200);
        let moment = Moment::of(age).expect("an age");
        let owner = moment.owner(&whose("a", "1"));
        moment.keep(owner, &url(0), "{}");
        assert!(moment.recall(owner, &url(0)).is_some());
        std::thread::sleep(age);
        assert!(moment.recall(owner, &url(0)).is_none(), "being asked for does not make it younger");
        assert!(moment.answers.lock().expect("the answers").is_empty(), "nor does it stay unseen");
        assert!(Moment::of(Duration::ZERO).is_none());
    }

    #[test]
    fn whoever_differs_in_anything_is_another() {
        let moment = Moment::of(Duration::from_secs(30)).expect("an age");
        let own = moment.owner(&whose("a", "1"));
        moment.keep(own, &url(0), "{}");
        let others = [
            whose("b", "1"),
            whose("a", "2"),
            Whose { base: "https://h/g", ..whose("a", "1") },
            Whose { user_id: "Practitioner/2", ..whose("a", "1") },
            Whose { token: Some(b"u"), ..whose("a", "1") },
            Whose { token: None, ..whose("a", "1") },
            // The same letters, elsewhere.
            Whose { cds_client: "", base: "ahttps://h/f", ..whose("", "1") },
        ];
        for other in others {
            assert!(moment.recall(moment.owner(&other), &url(0)).is_none());
        }
        assert!(moment.recall(moment.owner(&whose("a", "1")), &url(0)).is_some());
    }
}
