//! `signpost journal`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::builder::NonEmptyStringValueParser;
use clap::{Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use journal::{Deletion, Filter, Format, Health, Journal as Kept, OnePatient};
use uuid::Uuid;

use super::ContentOption;
use crate::recording::{Outcome, Recording, Replayed, Replays, replay};

/// For operators: what was decided, and what came of it. Each command reads the `[journal]` of a configuration.
#[derive(Debug, clap::Args)]
pub(super) struct Journal {
    /// Configuration file (TOML) that names the journal; or the variables SIGNPOST_JOURNAL_URL and SIGNPOST_JOURNAL_KEY_FILE.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Count what came of the decisions: by policy and criterion, and by day. JSON.
    Stats(When),
    /// Write the decisions, oldest first, with the feedback on their cards.
    Export {
        /// One JSON object a line, or a table with a row for each assessment.
        #[arg(long, value_enum, default_value_t = Shape::Ndjson)]
        format: Shape,
        #[command(flatten)]
        when: When,
    },
    /// Evaluate a decision again, with the policies and limits of then or a newer policy. Status 1 where it comes to something else.
    Replay {
        /// Id of the decision, or uuid of a card that it showed.
        id: Uuid,
        /// Evaluate with this version of each policy.
        #[arg(long, value_name = "DATE")]
        policy_version: Option<String>,
        #[command(flatten)]
        content: ContentOption,
    },
    /// Delete records by age or of one patient, and write down that it happened.
    Prune(Prune),
    /// Copy a SQLite journal while it is written. PostgreSQL has `pg_dump`.
    Backup {
        /// A file that is not there yet.
        to: PathBuf,
    },
    /// List what was deleted. JSON.
    Deletions,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shape {
    Ndjson,
    Csv,
}

/// Which decisions, by the instant of their evaluation.
#[derive(Debug, Clone, Copy, clap::Args)]
struct When {
    /// Not before this instant (`2026-11-22T00:00:00Z`).
    #[arg(long, value_name = "INSTANT")]
    from: Option<Timestamp>,
    /// Before this instant.
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
}

#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true)))]
struct Prune {
    /// Records of before so many days.
    #[arg(long, value_name = "DAYS", group = "what")]
    older_than_days: Option<u32>,
    /// Records of the patient with this logical id.
    #[arg(long, value_name = "ID", group = "what")]
    patient: Option<String>,
    /// The FHIR base by which calls named the patient's server.
    #[arg(long, value_name = "BASE", requires = "patient")]
    fhir_server: Option<String>,
    /// The client whose calls that named no FHIR server were about this patient; without it those of an open service.
    #[arg(long, value_name = "NAME", requires = "patient")]
    client: Option<String>,
    /// Why, for the record of it; no patient data.
    #[arg(long, value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    reason: String,
    /// Give the space back.
    #[arg(long)]
    vacuum: bool,
}

impl Journal {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        crate::telemetry::log_text();
        let config = super::config::read(self.config.as_deref(), Vec::new())?;
        let config = config.journal.context("the configuration names no `[journal]`")?;
        // A new and empty journal would say of any patient that nothing is kept.
        if let Some(path) = config.url.reveal().strip_prefix("sqlite:")
            && !Path::new(path.strip_prefix("//").unwrap_or(path)).exists()
        {
            bail!("there is no journal at `{path}`; `signpost serve` makes one");
        }
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        runtime.block_on(async {
            let recording = Recording::open(&config)?;
            let journal = recording.journal();
            if let Health::Down { why, .. } = journal.ready(Duration::from_secs(10)).await {
                bail!("{why}");
            }
            self.task.run(journal).await
        })
    }
}

impl Task {
    async fn run(&self, journal: &Kept) -> anyhow::Result<bool> {
        match self {
            Self::Stats(when) => {
                let stats = journal.stats(&when.filter()).await?;
                super::print(&(serde_json::to_string_pretty(&stats)? + "\n"))?;
            }
            Self::Export { format, when } => export(journal, *format, when).await?,
            Self::Replay { id, policy_version, content } => {
                return again(journal, *id, policy_version.as_deref(), content).await;
            }
            Self::Prune(prune) => prune.run(journal).await?,
            Self::Backup { to } => backup(journal, to).await?,
            Self::Deletions => {
                let deletions = journal.deletions().await?;
                super::print(&(serde_json::to_string_pretty(&deletions)? + "\n"))?;
            }
        }
        Ok(true)
    }
}

impl When {
    fn filter(self) -> Filter {
        Filter { from: self.from, until: self.until }
    }
}

async fn export(journal: &Kept, format: Shape, when: &When) -> anyhow::Result<()> {
    let format = match format {
        Shape::Ndjson => Format::Ndjson,
        Shape::Csv => Format::Csv,
    };
    let mut out = std::io::BufWriter::new(std::io::stdout());
    journal.export(format, &when.filter(), &mut out).await?;
    Ok(std::io::Write::flush(&mut out)?)
}

async fn backup(journal: &Kept, to: &Path) -> anyhow::Result<()> {
    journal.backup(to).await?;
    super::print(&format!("copied to `{}`\n", to.display()))
}

async fn again(
    journal: &Kept,
    id: Uuid,
    version: Option<&str>,
    content: &ContentOption,
) -> anyhow::Result<bool> {
    let of_card = journal.decisions_of_card(id).await?;
    let id = of_card.first().and_then(|newest| newest.parse().ok()).unwrap_or(id);
    let decision = journal.decision(id).await?.context("no decision or card has this id")?;
    let replays = replay(&content.load()?, &decision, version);
    super::print(&told(&replays))?;
    Ok(replays.assessments.iter().all(|replayed| replayed.is_same))
}

fn told(replays: &Replays) -> String {
    let mut lines: Vec<String> = replays.assessments.iter().map(line).collect();
    if !replays.is_same_content {
        lines.push("the content is not that of then".into());
    }
    if !replays.lost.is_empty() {
        lines.push(format!("data elements that are not as they were: {}", replays.lost.join(", ")));
    }
    lines.join("\n") + "\n"
}

fn line(replayed: &Replayed) -> String {
    let Replayed { id, recorded_version, recorded, now, is_same } = replayed;
    let Some(Outcome { version, determination, deciding, open }) = now else {
        return format!("{id} {recorded_version}: {recorded}; that version is not in this content");
    };
    let same = if *is_same { "the same" } else { "DIFFERENT" };
    let criteria = format!("deciding: {}; open: {}", deciding.join(", "), open.join(", "));
    format!(
        "{id}: {recorded} (version {recorded_version}), {determination} (version {version}): {same}; {criteria}"
    )
}

impl Prune {
    async fn run(&self, journal: &Kept) -> anyhow::Result<()> {
        let deleted = journal.delete(self.deletion(journal)).await?;
        if self.patient.is_some() && deleted.decisions == 0 {
            tracing::warn!(
                "no record was of this patient: is the FHIR base as calls name it, and the client?"
            );
        }
        if self.vacuum {
            journal.vacuum().await?;
        }
        super::print(&(serde_json::to_string_pretty(&deleted)? + "\n"))
    }

    fn deletion(&self, journal: &Kept) -> Deletion {
        if let Some(patient) = &self.patient {
            let keys = |base: &str| journal.privacy().patient_keys(base, patient);
            let named = self.fhir_server.as_deref().map(keys).unwrap_or_default();
            let patient = OnePatient { named, unnamed: keys(""), client: self.client.clone() };
            return Deletion::of_patient(patient, &self.reason);
        }
        let days = self.older_than_days.unwrap_or(u32::MAX);
        let age = SignedDuration::from_hours(24 * i64::from(days));
        let before = Timestamp::now().checked_sub(age).unwrap_or(Timestamp::MIN);
        Deletion::before(before, &self.reason)
    }
}
