//! What is written down of an answer, and what happens when it cannot be.

mod build;
mod clock;
mod links;
mod replay;
mod tokens;
mod trees;

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use journal::record::Decision;
use journal::{Failure, Journal, Key, Level, Privacy, Settings};

pub use build::{Call, records};
pub use clock::Clock;
pub use links::{Closed, Links};
pub use replay::{Outcome, Replayed, Replays, replay};
pub use tokens::Tokens;
pub use trees::Trees;

use crate::config::{self, OnFailure, PatientData};
use crate::operations::Metrics;
use crate::refusal::Refusal;

/// The program, as records name it.
pub const BUILD: &str = match option_env!("SIGNPOST_COMMIT") {
    Some(commit) => commit,
    None => concat!("signpost ", env!("CARGO_PKG_VERSION")),
};

/// The journal, and what happens when it cannot be written.
#[derive(Debug, Clone)]
pub struct Recording {
    journal: Journal,
    on_failure: OnFailure,
    trees: Arc<Trees>,
    links: Option<Links>,
}

impl Recording {
    /// Records in this journal.
    #[must_use]
    pub fn new(journal: Journal, on_failure: OnFailure) -> Self {
        Self { journal, on_failure, trees: Arc::default(), links: None }
    }

    /// The same, with links from cards to the decisions in it.
    #[must_use]
    pub fn with_links(self, pages: &config::Pages) -> Self {
        let links = Links::new(pages, self.journal.privacy());
        Self { links: Some(links), ..self }
    }

    /// Opens the journal that a configuration names. Runs in a Tokio runtime.
    ///
    /// # Errors
    /// If its key or its URL cannot be used.
    pub fn open(config: &config::Journal) -> anyhow::Result<Self> {
        let settings = Settings::new(config.url.reveal(), privacy(config)?);
        Ok(Self::new(Journal::open(&settings)?, config.on_failure))
    }

    /// Reads the keys that a configuration names, and opens nothing.
    ///
    /// # Errors
    /// If they cannot be used.
    pub fn check_keys(config: &config::Journal) -> anyhow::Result<()> {
        privacy(config).map(drop)
    }

    /// The journal.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What a call made by this client (named by the configuration; none where the service is open) is written down with.
    #[must_use]
    pub fn of<'r>(&'r self, client: Option<&'r str>) -> Recorded<'r> {
        let links = self.links.as_ref();
        Recorded { privacy: self.journal.privacy(), client, trees: &self.trees, links }
    }

    /// Links to its decisions, where cards have them.
    #[must_use]
    pub fn links(&self) -> Option<&Links> {
        self.links.as_ref()
    }

    /// Whether no card may go without its record.
    #[must_use]
    pub fn is_required(&self) -> bool {
        self.on_failure == OnFailure::Require
    }

    /// Writes the decisions of one call down, before its answer leaves.
    ///
    /// # Errors
    /// If they are not written, and no card may go without its record.
    pub async fn keep(&self, decisions: Vec<Decision>, metrics: &Metrics) -> Result<(), Refusal> {
        if decisions.is_empty() {
            return Ok(());
        }
        let (start, cards) = (Instant::now(), cards(&decisions));
        let written = self.journal.write(decisions).await;
        metrics.written(written.as_ref().err(), start.elapsed());
        match (written, self.on_failure) {
            (Ok(()), _) => Ok(()),
            (Err(failure), OnFailure::Require) => {
                tracing::warn!(%failure, "no answer, for it cannot be written down");
                Err(Refusal::not_recorded())
            }
            (Err(failure), OnFailure::Continue) => {
                tracing::warn!(%failure, cards, "answered without a record");
                Ok(())
            }
        }
    }

    /// What a client is told whose feedback was not taken.
    #[must_use]
    pub fn not_taken(failure: &Failure) -> Refusal {
        tracing::warn!(%failure, "feedback was not written down");
        Refusal::not_recorded()
    }
}

/// For whom an answer is written down, and what of patients' data.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'r> {
    /// What of patients' data is kept.
    pub privacy: &'r Privacy,
    /// The client, by the name that the configuration gives it.
    pub client: Option<&'r str>,
    /// The trees of the decisions before.
    pub trees: &'r Trees,
    /// Links from cards to the decisions, where cards have them.
    pub links: Option<&'r Links>,
}

fn cards(decisions: &[Decision]) -> usize {
    decisions.iter().map(|decision| decision.cards.len()).sum()
}

/// How patients' data is kept: a key a line in the key file, the first in force, the others for older records.
fn privacy(config: &config::Journal) -> anyhow::Result<Privacy> {
    let level = match config.patient_data {
        PatientData::None => Level::None,
        PatientData::Hashed => Level::Hashed,
        PatientData::Whole => Level::Whole,
    };
    let path = config.key_file.display();
    let text =
        std::fs::read_to_string(&config.key_file).with_context(|| format!("`{path}` cannot be read"))?;
    let keys = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let keys: Result<Vec<Key>, _> = keys.map(|line| Key::new(line.as_bytes())).collect();
    let mut keys = keys.with_context(|| format!("`{path}`"))?.into_iter();
    let key = keys.next().with_context(|| format!("`{path}` holds no key"))?;
    Ok(Privacy::new(level, key, keys.collect()))
}
