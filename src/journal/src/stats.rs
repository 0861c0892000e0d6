//! What came of it, counted: by policy and criterion, and by day.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use crate::export::Filter;
use crate::journal::Journal;
use crate::record::{Kind, Missing};
use crate::store::{Pattern, StoreError};

/// What came of all decisions of a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Decisions.
    pub decisions: u64,
    /// What each version of each policy and of each set of limits came to.
    pub subjects: Vec<Subject>,
    /// Each day that had a decision, in UTC.
    pub days: Vec<Day>,
    /// Reports of cards that are not known.
    pub unknown_feedback: u64,
}

/// What one version of a policy or of limits came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// Which of the two.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// How often it was assessed.
    pub assessed: u64,
    /// How often it came to each determination.
    pub determinations: BTreeMap<String, u64>,
    /// Cards shown; a card that is shown again is one.
    pub cards: u64,
    /// Cards followed, by their newest report.
    pub accepted: u64,
    /// Cards not followed, by the reason given (`none` where none is).
    pub overridden: BTreeMap<String, u64>,
    /// Each criterion that decided or was open.
    pub criteria: Vec<Criterion>,
    /// The elements that could still have changed it, most often missed first.
    pub missing: Vec<Missed>,
}

/// How often a criterion did what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// How often it settled the answer.
    pub decided: u64,
    /// How often it was open.
    pub open: u64,
    /// How often a card that it decided was not followed, by the reason given.
    pub overridden: BTreeMap<String, u64>,
}

/// How often an element was missed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Missed {
    /// Id of the element.
    pub element: String,
    /// Why it was not known.
    pub gap: String,
    /// How often.
    pub count: u64,
}

/// What came of one day. The override rate is `overridden / cards`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Day {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Decisions.
    pub decisions: u64,
    /// Cards shown.
    pub cards: u64,
    /// Of these, cards followed.
    pub accepted: u64,
    /// Of these, cards not followed.
    pub overridden: u64,
    /// Of these, by the reason given (`none` where none is).
    pub reasons: BTreeMap<String, u64>,
}

/// What was reported of cards of one pattern and day.
struct Reported {
    pattern: Option<String>,
    day: String,
    outcome: String,
    reason: String,
    count: u64,
}

impl Journal {
    /// Counts what came of the decisions that the filter chooses.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn stats(&self, filter: &Filter) -> Result<Stats, StoreError> {
        let assessed = self.counts("SELECT pattern, count(*) FROM outcome", "pattern", filter).await?;
        let cards = "SELECT coalesce(pattern, ''), count(DISTINCT uuid) FROM card";
        let cards = self.counts(cards, "pattern", filter).await?;
        let reported = self.reported(filter).await?;
        let patterns = self.patterns().await?;
        let days = self.days(filter, &reported).await?;
        let unknown = "SELECT count(*) FROM feedback WHERE decision IS NULL AND at >= $1 AND at < $2";
        let unknown = self.rows(unknown, filter).await?;
        Ok(Stats {
            decisions: days.iter().map(|day| day.decisions).sum(),
            subjects: subjects(&patterns, &assessed, &cards, &reported),
            days,
            unknown_feedback: unknown.first().map(|row| count(row, 0)).transpose()?.unwrap_or(0),
        })
    }

    async fn rows(&self, sql: &str, filter: &Filter) -> Result<Vec<AnyRow>, StoreError> {
        let query = sqlx::query(AssertSqlSafe(sql.to_owned())).bind(filter.from()).bind(filter.until());
        Ok(query.fetch_all(&self.readers).await?)
    }

    /// Counts by what the first column says.
    async fn counts(
        &self,
        select: &str,
        by: &str,
        filter: &Filter,
    ) -> Result<HashMap<String, u64>, StoreError> {
        let sql = format!("{select} WHERE at >= $1 AND at < $2 GROUP BY {by}");
        let rows = self.rows(&sql, filter).await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, count(row, 1)?))).collect()
    }

    async fn patterns(&self) -> Result<Vec<(String, Pattern)>, StoreError> {
        let rows = sqlx::query("SELECT id, body FROM pattern").fetch_all(&self.readers).await?;
        let read = |row: &AnyRow| {
            let body: String = row.try_get(1)?;
            let pattern = serde_json::from_str(&body).map_err(|_| StoreError::unreadable())?;
            Ok((row.try_get(0)?, pattern))
        };
        rows.iter().map(read).collect()
    }

    /// The newest report of each card.
    async fn reported(&self, filter: &Filter) -> Result<Vec<Reported>, StoreError> {
        let sql = "WITH newest AS (SELECT decision, card, outcome, reason, row_number() OVER \
                   (PARTITION BY client, card ORDER BY at DESC, received DESC, item DESC) AS place \
                   FROM feedback WHERE decision IS NOT NULL) \
                   SELECT card.pattern, substr(card.at, 1, 10), newest.outcome, \
                   coalesce(newest.reason, 'none'), count(*) \
                   FROM newest JOIN card ON card.decision = newest.decision AND card.uuid = newest.card \
                   WHERE newest.place = 1 AND card.at >= $1 AND card.at < $2 GROUP BY 1, 2, 3, 4";
        let read = |row: &AnyRow| {
            Ok(Reported {
                pattern: row.try_get(0)?,
                day: row.try_get(1)?,
                outcome: row.try_get(2)?,
                reason: row.try_get(3)?,
                count: count(row, 4)?,
            })
        };
        self.rows(sql, filter).await?.iter().map(read).collect()
    }

    async fn days(&self, filter: &Filter, reported: &[Reported]) -> Result<Vec<Day>, StoreError> {
        let decisions = self.counts("SELECT substr(at, 1, 10), count(*) FROM decision", "1", filter).await?;
        let cards = "SELECT substr(at, 1, 10), count(DISTINCT uuid) FROM card";
        let cards = self.counts(cards, "1", filter).await?;
        let mut days: BTreeMap<String, Day> = BTreeMap::new();
        for (day, decisions) in decisions {
            let cards = cards.get(&day).copied().unwrap_or(0);
            days.insert(day.clone(), Day { day, decisions, cards, ..Day::default() });
        }
        for report in reported {
            let Some(day) = days.get_mut(&report.day) else { continue };
            match report.outcome.as_str() {
                "overridden" => {
                    day.overridden += report.count;
                    *day.reasons.entry(report.reason.clone()).or_default() += report.count;
                }
                _ => day.accepted += report.count,
            }
        }
        Ok(days.into_values().collect())
    }
}

fn count(row: &AnyRow, column: usize) -> Result<u64, StoreError> {
    let count: i64 = row.try_get(column)?;
    u64::try_from(count).map_err(|_| StoreError::unreadable())
}

fn subjects(
    patterns: &[(String, Pattern)],
    assessed: &HashMap<String, u64>,
    cards: &HashMap<String, u64>,
    reported: &[Reported],
) -> Vec<Subject> {
    let mut subjects: BTreeMap<(Kind, &str, &str), Counting<'_>> = BTreeMap::new();
    let mut by_pattern: HashMap<&str, Vec<&Reported>> = HashMap::new();
    for report in reported {
        by_pattern.entry(report.pattern.as_deref().unwrap_or_default()).or_default().push(report);
    }
    for (id, pattern) in patterns {
        let Some(times) = assessed.get(id).copied() else { continue };
        let counting = subjects.entry((pattern.kind, &pattern.id, &pattern.version)).or_default();
        counting.assessed(pattern, times);
        counting.cards += cards.get(id).copied().unwrap_or(0);
        for report in by_pattern.get(id.as_str()).into_iter().flatten() {
            counting.reported(pattern, report);
        }
    }
    subjects.into_iter().map(|((kind, id, version), counting)| counting.done(kind, id, version)).collect()
}

#[derive(Default)]
struct Counting<'p> {
    assessed: u64,
    determinations: BTreeMap<String, u64>,
    cards: u64,
    accepted: u64,
    overridden: BTreeMap<String, u64>,
    criteria: BTreeMap<&'p str, Criterion>,
    missing: BTreeMap<&'p Missing, u64>,
}

impl<'p> Counting<'p> {
    fn criterion(&mut self, id: &'p str) -> &mut Criterion {
        self.criteria.entry(id).or_insert_with(|| Criterion { id: id.into(), ..Criterion::default() })
    }

    fn assessed(&mut self, pattern: &'p Pattern, times: u64) {
        self.assessed += times;
        *self.determinations.entry(pattern.determination.clone()).or_default() += times;
        for id in &pattern.deciding {
            self.criterion(id).decided += times;
        }
        for id in &pattern.open {
            self.criterion(id).open += times;
        }
        for missing in &pattern.missing {
            *self.missing.entry(missing).or_default() += times;
        }
    }

    fn reported(&mut self, pattern: &'p Pattern, report: &Reported) {
        if report.outcome != "overridden" {
            self.accepted += report.count;
            return;
        }
        *self.overridden.entry(report.reason.clone()).or_default() += report.count;
        for id in &pattern.deciding {
            *self.criterion(id).overridden.entry(report.reason.clone()).or_default() += report.count;
        }
    }

    fn done(self, kind: Kind, id: &str, version: &str) -> Subject {
        let missed = |(missing, count): (&Missing, u64)| {
            let Missing { element, gap } = missing.clone();
            Missed { element, gap, count }
        };
        let mut missing: Vec<Missed> = self.missing.into_iter().map(missed).collect();
        missing.sort_by_key(|missed| std::cmp::Reverse(missed.count));
        Subject {
            kind,
            id: id.into(),
            version: version.into(),
            assessed: self.assessed,
            determinations: self.determinations,
            cards: self.cards,
            accepted: self.accepted,
            overridden: self.overridden,
            criteria: self.criteria.into_values().collect(),
            missing,
        }
    }
}
