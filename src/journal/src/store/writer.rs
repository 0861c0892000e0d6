//! The one task that writes. What waits goes into one transaction, and each caller is answered after its commit.

use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::{AnyConnection, Connection};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::apply::{Remembered, apply, commit, forget_tokens, probe};
use super::error::is_lost;
use super::migrations::migrate;
use super::{Address, Done, Role, StoreError, Work, connect, instant};

/// Something to write, and who waits for it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) work: Work,
    pub(crate) answer: oneshot::Sender<Result<Done, StoreError>>,
}

/// Why the store is not written to at the moment, and since when; `None` while it is.
pub(crate) type Down = Option<(Timestamp, StoreError)>;

/// How long a statement may take, and how soon a store that failed is tried again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    pub(crate) statement: Duration,
    pub(crate) retry: Duration,
}

/// Entries in one transaction.
const MOST: usize = 128;

/// How long a migration may take: what it does to large tables takes its time.
const MIGRATING: Duration = Duration::from_secs(600);

/// How often tokens that expired are cleared away.
const CLEARING: Duration = Duration::from_secs(60);

struct Writer {
    address: Address,
    patience: Patience,
    /// Dropped after a failure, whatever it was: what state it is in is then unknown.
    connection: Option<AnyConnection>,
    remembered: Remembered,
    migrated: bool,
    cleared: Option<Instant>,
    down: watch::Sender<Down>,
}

/// Writes until nobody can ask any more.
pub(crate) async fn run(
    address: Address,
    patience: Patience,
    mut queue: mpsc::Receiver<Entry>,
    down: watch::Sender<Down>,
) {
    let mut writer = Writer {
        address,
        patience,
        connection: None,
        remembered: Remembered::default(),
        migrated: false,
        cleared: None,
        down,
    };
    writer.probe().await;
    let mut ticks = interval(patience.retry);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let mut entries = Vec::new();
        tokio::select! {
            received = queue.recv_many(&mut entries, MOST) => match received {
                0 => break,
                _ => writer.write(entries).await,
            },
            _ = ticks.tick() => writer.tick().await,
        }
    }
    if let Some(connection) = writer.connection {
        // Closing lets SQLite fold its log into the file; it is whole without.
        let _ = timeout(patience.statement, connection.close()).await;
    }
}

impl Writer {
    async fn write(&mut self, mut entries: Vec<Entry>) {
        // Who has given up gets no card: nothing is left to be written for.
        entries.retain(|entry| !entry.answer.is_closed());
        if entries.is_empty() {
            return;
        }
        let work = entries.iter().map(|entry| entry.work.clone()).collect();
        match self.within(Step::Apply(work)).await {
            Ok(done) => {
                for (entry, done) in entries.into_iter().zip(done) {
                    let _ = entry.answer.send(Ok(done));
                }
            }
            // One that cannot be written must not take the others with it; and one alone may have lost against another
            // transaction, or have relied on what is no longer there.
            Err(error) if error.by_asked => self.write_singly(entries).await,
            Err(error) => {
                for entry in entries {
                    let _ = entry.answer.send(Err(error.clone()));
                }
                // It may have been this connection alone.
                self.probe().await;
            }
        }
    }

    async fn write_singly(&mut self, entries: Vec<Entry>) {
        for Entry { work, answer } in entries {
            if !answer.is_closed() {
                let done = self.within(Step::Apply([work].into())).await;
                let done = done.map(|done| done.first().copied().unwrap_or(Done::Written));
                let _ = answer.send(done);
            }
        }
    }

    /// Tries a store that failed again, so that it is found when it is back; forgets tokens when it is time.
    async fn tick(&mut self) {
        if self.down.borrow().is_some() {
            self.probe().await;
        } else if self.cleared.is_none_or(|at| at.elapsed() > CLEARING) {
            self.cleared = Some(Instant::now());
            let _ = self.within(Step::Forget).await;
        }
    }

    async fn probe(&mut self) {
        let _ = self.within(Step::Probe).await;
    }

    /// Runs a step in a transaction of its own, and keeps account of whether the store can be written to.
    async fn within(&mut self, step: Step) -> Result<Vec<Done>, StoreError> {
        let outcome = self.attempt(step).await;
        if outcome.is_err() {
            // Another store may stand in its place, or the one of before, restored.
            self.remembered = Remembered::default();
        }
        match &outcome {
            Ok(_) => self.up(),
            Err(error) if error.by_asked => {}
            Err(error) => {
                self.connection = None;
                went_down(&self.down, error);
            }
        }
        outcome
    }

    fn up(&self) {
        let was_down = self.down.send_replace(None);
        if let Some((since, error)) = was_down
            && error != StoreError::not_tried()
        {
            tracing::info!(%since, "the journal is written again");
        }
    }

    /// Boxed, because the compiler cannot tell otherwise that sqlx's borrowed futures may cross threads.
    fn attempt(&mut self, step: Step) -> Attempt<'_> {
        Box::pin(self.attempted(step))
    }

    async fn attempted(&mut self, step: Step) -> Result<Vec<Done>, StoreError> {
        // A connection to a network that has gone silent is given up; a thread that waits for a disk cannot be, and
        // nothing is won by starting another.
        // SQLite upgrades no reader to a writer without risking that both wait: it is a writer from the start.
        let (limit, begin) = match self.address {
            Address::Postgres(_) => (self.patience.statement.saturating_mul(2), None),
            Address::Sqlite(_) => (Duration::MAX, Some("BEGIN IMMEDIATE")),
        };
        if !self.migrated {
            self.migrate(limit).await?;
        }
        if let Some(connection) = self.connection.take() {
            match self.transact(connection, begin, limit, &step).await {
                // It was ended by a server that started again, or by an administrator. Nothing came of it.
                Err(Failed { is_undone: true, .. }) => {}
                done => return done.map_err(|failed| failed.error),
            }
        }
        let connecting = connect(&self.address, Role::Writer(self.patience.statement));
        let connection = timeout(limit, connecting).await.map_err(|_| StoreError::late())??;
        self.transact(connection, begin, limit, &step).await.map_err(|failed| failed.error)
    }

    /// Runs a step on a connection, and keeps the connection where that went well.
    async fn transact(
        &mut self,
        mut connection: AnyConnection,
        begin: Option<&'static str>,
        limit: Duration,
        step: &Step,
    ) -> Result<Vec<Done>, Failed> {
        let transaction = transact(&mut connection, begin, step, &mut self.remembered);
        let late = |_| Failed { is_undone: false, error: StoreError::late() };
        let done = timeout(limit, transaction).await.map_err(late)??;
        self.connection = Some(connection);
        Ok(done)
    }

    /// A server that accepts and then says nothing is given up, as is another replica that went away in the middle of its
    /// migration: it is tried again.
    async fn migrate(&mut self, limit: Duration) -> Result<(), StoreError> {
        self.address.create()?;
        let connecting = connect(&self.address, Role::Maintainer);
        let mut connection = timeout(limit, connecting).await.map_err(|_| StoreError::late())??;
        let migrating = timeout(limit.max(MIGRATING), migrate(&mut connection));
        migrating.await.map_err(|_| StoreError::late())??;
        self.migrated = true;
        Ok(connection.close().await?)
    }
}

/// Notes that the store cannot be written to, and says so once for each cause.
pub(crate) fn went_down(down: &watch::Sender<Down>, error: &StoreError) {
    let news = down.send_if_modified(|down| {
        let news = down.as_ref().is_none_or(|(_, before)| before != error);
        let since = down.as_ref().map_or_else(Timestamp::now, |(since, _)| *since);
        *down = Some((since, error.clone()));
        news
    });
    if news {
        tracing::error!(%error, "the journal cannot be written");
    }
}

type Attempt<'w> = Pin<Box<dyn Future<Output = Result<Vec<Done>, StoreError>> + Send + 'w>>;

/// What a transaction is for.
enum Step {
    Apply(Vec<Work>),
    Probe,
    Forget,
}

/// A transaction that failed.
struct Failed {
    /// Whether the connection was lost before it could be committed: it may be done anew on another.
    is_undone: bool,
    error: StoreError,
}

impl Failed {
    /// What was sent to be committed may have been.
    pub(super) fn in_commit(error: sqlx::Error) -> Self {
        Self { is_undone: false, error: error.into() }
    }
}

/// Of a statement before the commit.
impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Self { is_undone: is_lost(&error), error: error.into() }
    }
}

async fn transact(
    connection: &mut AnyConnection,
    begin: Option<&'static str>,
    step: &Step,
    remembered: &mut Remembered,
) -> Result<Vec<Done>, Failed> {
    if let (Some(begin), Step::Apply(work)) = (begin, step)
        && work.iter().all(|work| matches!(work, Work::Decisions(_)))
    {
        let (done, written) = commit(connection, begin, work, remembered).await?;
        remembered.note(written);
        return Ok(done);
    }
    let transaction = match begin {
        Some(begin) => connection.begin_with(begin).await,
        None => connection.begin().await,
    };
    let mut transaction = transaction.map_err(|error| Failed { is_undone: true, error: error.into() })?;
    let (mut done, mut written) = (Vec::new(), Vec::new());
    match step {
        Step::Apply(work) => (done, written) = apply(&mut transaction, work, remembered).await?,
        Step::Probe => probe(&mut transaction, &instant(Timestamp::now())).await?,
        Step::Forget => forget_tokens(&mut transaction, Timestamp::now().as_second()).await?,
    }
    transaction.commit().await.map_err(Failed::in_commit)?;
    remembered.note(written);
    Ok(done)
}
