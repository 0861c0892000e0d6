//! Everything, for other programs: a page at a time, so that any number of decisions fits in little memory.

mod table;

use std::collections::HashMap;
use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::journal::Journal;
use crate::record::Decision;
use crate::store::{StoreError, instant, placeholders};

/// Which decisions, by the instant of their evaluation. The default is all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Not before this.
    pub from: Option<Timestamp>,
    /// Before this.
    pub until: Option<Timestamp>,
}

impl Filter {
    /// As it is stored; before every instant if there is none.
    pub(crate) fn from(&self) -> String {
        self.from.map_or_else(|| "0".into(), instant)
    }

    /// As it is stored; after every instant if there is none.
    pub(crate) fn until(&self) -> String {
        self.until.map_or_else(|| "9999-99".into(), instant)
    }
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line: the record under `decision`, every report of its cards under `feedback`.
    Ndjson,
    /// A table for spreadsheets: one row for each assessment of each decision.
    Csv,
}

/// The export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It cannot be written.
    #[error("the export cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

/// Decisions in memory at a time.
const PAGE: usize = 100;

/// A decision as it is stored.
struct Stored {
    id: String,
    at: String,
    decision: Decision,
}

/// A report, as it is exported.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    card: String,
    at: String,
    outcome: String,
    suggestions: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason_system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct Line<'l> {
    decision: &'l Decision,
    feedback: &'l [Report],
}

impl Journal {
    /// Writes the decisions that the filter chooses, oldest first, and says how many there were.
    ///
    /// # Errors
    /// If the store cannot be read, or `out` not written.
    pub async fn export(
        &self,
        format: Format,
        filter: &Filter,
        out: &mut (impl Write + Send),
    ) -> Result<u64, ExportError> {
        if format == Format::Csv {
            table::head(out)?;
        }
        let (mut after, mut count) = ((filter.from(), String::new()), 0);
        loop {
            let page = self.page(&after, &filter.until()).await?;
            let Some(last) = page.last() else { return Ok(count) };
            after = (last.at.clone(), last.id.clone());
            count += page.len() as u64;
            let mut reports = self.reports(&page).await?;
            for stored in &page {
                let reports = reports.remove(&stored.id).unwrap_or_default();
                match format {
                    Format::Ndjson => line(stored, &reports, out)?,
                    Format::Csv => table::rows(&stored.decision, &reports, out)?,
                }
            }
        }
    }

    async fn page(&self, after: &(String, String), until: &str) -> Result<Vec<Stored>, StoreError> {
        let sql = "SELECT id, at, body FROM decision WHERE (at, id) > ($1, $2) AND at < $3 \
                   ORDER BY at, id LIMIT $4";
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let query = sqlx::query(sql).bind(&after.0).bind(&after.1).bind(until).bind(limit);
        let stored = |row: &AnyRow| {
            let body: String = row.try_get(2)?;
            let decision = serde_json::from_str(&body).map_err(|_| StoreError::unreadable())?;
            Ok(Stored { id: row.try_get(0)?, at: row.try_get(1)?, decision })
        };
        let rows = query.fetch_all(&self.readers).await?;
        let mut page = rows.iter().map(stored).collect::<Result<Vec<Stored>, StoreError>>()?;
        if !page.is_empty() {
            let ids: Vec<&str> = page.iter().map(|stored| stored.id.as_str()).collect();
            let mut assessments = self.assessments(&ids).await?;
            for stored in &mut page {
                stored.decision.assessments = assessments.remove(&stored.id).unwrap_or_default();
            }
        }
        Ok(page)
    }

    /// The reports of these decisions' cards, oldest first.
    async fn reports(&self, page: &[Stored]) -> Result<HashMap<String, Vec<Report>>, StoreError> {
        let sql = format!(
            "SELECT decision, card, at, outcome, suggestions, reason, reason_system, words FROM feedback \
             WHERE decision IN ({}) ORDER BY at, received, item",
            placeholders(0, page.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for stored in page {
            query = query.bind(&stored.id);
        }
        let mut reports: HashMap<String, Vec<Report>> = HashMap::new();
        for row in query.fetch_all(&self.readers).await? {
            reports.entry(row.try_get(0)?).or_default().push(report(&row)?);
        }
        Ok(reports)
    }
}

fn report(row: &AnyRow) -> Result<Report, StoreError> {
    let words: Option<String> = row.try_get(7)?;
    Ok(Report {
        card: row.try_get(1)?,
        at: row.try_get(2)?,
        outcome: row.try_get(3)?,
        suggestions: json(row.try_get(4)?)?,
        reason: row.try_get(5)?,
        reason_system: row.try_get(6)?,
        words: words.map(json).transpose()?,
    })
}

fn json(text: String) -> Result<Box<RawValue>, StoreError> {
    RawValue::from_string(text).map_err(|_| StoreError::unreadable())
}

fn line(stored: &Stored, reports: &[Report], out: &mut impl Write) -> Result<(), ExportError> {
    serde_json::to_writer(&mut *out, &Line { decision: &stored.decision, feedback: reports })
        .map_err(std::io::Error::from)?;
    Ok(out.write_all(b"\n")?)
}
