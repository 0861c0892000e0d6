//! The journal: what the rest of the service calls.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::{AnyPool, AssertSqlSafe, Row};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};
use uuid::Uuid;

use crate::privacy::hex;
use crate::record::{Assessment, Decision};
use crate::store::{
    Address, Done, Down, Entry, Patience, Pattern, Rows, StoreError, Work, placeholders, readers, run,
    went_down,
};
use crate::{Feedback, Privacy, Taken, feedback};

/// How a journal is kept.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite:PATH` or `postgres://...`.
    pub url: String,
    /// What of patients' data is kept.
    pub privacy: Privacy,
    /// How long an answer waits for its record. Default 1 s.
    pub timeout: Duration,
    /// How many calls may wait at a time; one more is refused at once. Default 1024.
    pub queue: usize,
    /// How soon a store that failed is tried again. Default 250 ms.
    pub retry: Duration,
}

impl Settings {
    /// The defaults, at this URL.
    #[must_use]
    pub fn new(url: &str, privacy: Privacy) -> Self {
        let (timeout, retry) = (Duration::from_secs(1), Duration::from_millis(250));
        Self { url: url.into(), privacy, timeout, queue: 1024, retry }
    }
}

/// The journal cannot be opened: its URL is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct OpenError(#[from] StoreError);

/// Something was not written. What becomes of the card is the caller's to say (`require` or `continue`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The store failed a moment ago and is not back yet: refused at once.
    #[error("the journal is down: {0}")]
    Down(StoreError),
    /// Too much waits already: refused at once.
    #[error("the journal is busy")]
    Busy,
    /// It took too long. It may be written yet; nobody waits for it.
    #[error("the journal did not answer in time")]
    Late,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Failure {
    /// A short name, for counting.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Down(_) => "down",
            Self::Busy => "busy",
            Self::Late => "late",
            Self::Store(_) => "failed",
        }
    }
}

/// Whether the journal can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It can.
    Up,
    /// It cannot.
    Down {
        /// Since when.
        since: Timestamp,
        /// Why, without any value.
        why: StoreError,
    },
}

/// A journal. Clones share one writer, which ends when the last of them is dropped.
#[derive(Debug, Clone)]
pub struct Journal {
    queue: mpsc::Sender<Entry>,
    down: watch::Sender<Down>,
    timeout: Duration,
    pub(crate) privacy: Arc<Privacy>,
    pub(crate) address: Address,
    pub(crate) readers: AnyPool,
}

impl Journal {
    /// Opens a journal and starts its writer, which makes the tables or brings them up to date. A store that cannot be
    /// reached is no error here: the journal is down then, and up when the store is there. Runs in a Tokio runtime.
    ///
    /// # Errors
    /// If the URL is wrong.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let address = Address::read(&settings.url)?;
        let readers = readers(&address)?;
        let (queue, receiver) = mpsc::channel(settings.queue.max(1));
        let (down, _) = watch::channel(Some((Timestamp::now(), StoreError::not_tried())));
        let patience = Patience { statement: settings.timeout, retry: settings.retry };
        tokio::spawn(run(address.clone(), patience, receiver, down.clone()));
        let privacy = Arc::new(settings.privacy.clone());
        Ok(Self { queue, down, timeout: settings.timeout, privacy, address, readers })
    }

    /// What of patients' data is kept.
    #[must_use]
    pub fn privacy(&self) -> &Privacy {
        &self.privacy
    }

    /// Whether it can be written.
    #[must_use]
    pub fn health(&self) -> Health {
        let no_writer = self.queue.is_closed().then(|| (Timestamp::now(), StoreError::no_writer()));
        let down = no_writer.or_else(|| self.down.borrow().clone());
        down.map_or(Health::Up, |(since, why)| Health::Down { since, why })
    }

    /// How many calls wait for something to be written.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queue.max_capacity().saturating_sub(self.queue.capacity())
    }

    /// Waits until it can be written, for at most this long.
    pub async fn ready(&self, within: Duration) -> Health {
        let mut down = self.down.subscribe();
        let _ = tokio::time::timeout(within, down.wait_for(Option::is_none)).await;
        self.health()
    }

    /// Writes the decisions of one call, all or none, and returns when they are committed.
    ///
    /// # Errors
    /// If they are not, or not in time.
    pub async fn write(&self, decisions: Vec<Decision>) -> Result<(), Failure> {
        let rows = Rows::of(decisions)?;
        self.ask(Work::Decisions(Arc::new(rows))).await.map(drop)
    }

    /// Whether a client's token is used for the first time, in all replicas; it is remembered until it expires.
    ///
    /// # Errors
    /// If that cannot be told.
    pub async fn first_seen(&self, client: &str, jti: &str, expires: Timestamp) -> Result<bool, Failure> {
        let token = hex(&Sha256::digest(jti.as_bytes()));
        let (expires, now) = (expires.as_second(), Timestamp::now().as_second());
        match self.ask(Work::Token { client: client.into(), token, expires, now }).await? {
            Done::Token(first) => Ok(first),
            _ => Ok(false),
        }
    }

    /// Takes reports of what users did with cards, all or none. The same report again changes nothing; another one of the
    /// same card is kept beside it, and the one with the newest `outcomeTimestamp` counts.
    ///
    /// # Errors
    /// If they are not written.
    pub async fn feedback(
        &self,
        client: Option<&str>,
        service: &str,
        items: &[Feedback],
    ) -> Result<Taken, Failure> {
        let client = client.unwrap_or_default();
        let rows = items.iter().map(|item| feedback::row(&self.privacy, client, service, item)).collect();
        match self.ask(Work::Feedback(Arc::new(rows))).await? {
            Done::Feedback(taken) => Ok(taken),
            _ => Ok(Taken::default()),
        }
    }

    /// The record of a decision.
    ///
    /// # Errors
    /// If the store cannot be read, or holds what this program does not write.
    pub async fn decision(&self, id: Uuid) -> Result<Option<Decision>, StoreError> {
        let sql = "SELECT body FROM decision WHERE id = $1";
        let id = id.to_string();
        let row = sqlx::query(sql).bind(&id).fetch_optional(&self.readers).await?;
        let Some(row) = row else { return Ok(None) };
        let body: String = row.try_get(0)?;
        let mut decision: Decision = serde_json::from_str(&body).map_err(|_| StoreError::unreadable())?;
        decision.assessments = self.assessments(&[id.as_str()]).await?.remove(&id).unwrap_or_default();
        Ok(Some(decision))
    }

    /// What these decisions' policies and limits came to, by decision; policies first, each kind by id.
    pub(crate) async fn assessments(
        &self,
        decisions: &[&str],
    ) -> Result<HashMap<String, Vec<Assessment>>, StoreError> {
        let sql = format!(
            "SELECT outcome.decision, pattern.body, tree.body FROM outcome \
             JOIN pattern ON pattern.id = outcome.pattern JOIN tree ON tree.id = outcome.tree \
             WHERE outcome.decision IN ({})",
            placeholders(0, decisions.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for id in decisions {
            query = query.bind(*id);
        }
        let mut assessments: HashMap<String, Vec<Assessment>> = HashMap::new();
        for row in query.fetch_all(&self.readers).await? {
            let [pattern, tree]: [String; 2] = [row.try_get(1)?, row.try_get(2)?];
            let pattern: Pattern = serde_json::from_str(&pattern).map_err(|_| StoreError::unreadable())?;
            let tree = serde_json::from_str(&tree).map_err(|_| StoreError::unreadable())?;
            assessments.entry(row.try_get(0)?).or_default().push(pattern.with(tree));
        }
        for assessments in assessments.values_mut() {
            assessments.sort_by(|one, other| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
        }
        Ok(assessments)
    }

    /// Ids of the decisions that showed a card, newest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn decisions_of_card(&self, card: Uuid) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT decision FROM card WHERE uuid = $1 ORDER BY at DESC, decision DESC LIMIT 100";
        let rows = sqlx::query(sql).bind(card.to_string()).fetch_all(&self.readers).await?;
        Ok(rows.iter().map(|row| row.try_get(0)).collect::<sqlx::Result<_>>()?)
    }

    /// Has something written, unless the store is down or too much waits.
    pub(crate) async fn ask(&self, work: Work) -> Result<Done, Failure> {
        if let Some((_, error)) = &*self.down.borrow() {
            return Err(Failure::Down(error.clone()));
        }
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Entry { work, answer }).map_err(|error| match error {
            TrySendError::Full(_) => Failure::Busy,
            TrySendError::Closed(_) => Failure::Down(StoreError::no_writer()),
        })?;
        match tokio::time::timeout(self.timeout, answered).await {
            Ok(Ok(done)) => Ok(done?),
            Ok(Err(_)) => Err(Failure::Down(StoreError::no_writer())),
            Err(_) => {
                // The next ones need not wait too: the writer says when it is back.
                went_down(&self.down, &StoreError::late());
                Err(Failure::Late)
            }
        }
    }
}
