//! What is to be written, as statements in one transaction.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use sqlx::{AnyConnection, Row};

use super::insert::{Inserts, placeholders};
use super::rows::{DecisionRow, FeedbackRow, Shared};
use super::{Done, Work, instant};
use crate::feedback::Taken;
use crate::retention::Deletion;

/// Ids of patterns and trees that are in the store, as far as it is remembered: they need not be sent again.
#[derive(Debug, Default)]
pub(super) struct Remembered(HashSet<String>);

/// As many as are worth their memory; few are ever seen again beyond.
const MOST_REMEMBERED: usize = 10_000;

impl Remembered {
    /// What of this is not known to be there.
    fn not<'s>(&self, shared: impl Iterator<Item = &'s Shared>) -> BTreeSet<&'s Shared> {
        shared.filter(|shared| !self.0.contains(&shared.id)).collect()
    }

    /// Notes what a transaction wrote, when it is committed.
    pub(super) fn note(&mut self, written: Vec<String>) {
        if self.0.len() + written.len() > MOST_REMEMBERED {
            self.0.clear();
        }
        self.0.extend(written);
    }
}

/// Writes all of it, and says of each what came of it, and which patterns and trees are new. Everything that two replicas
/// may write at once (patterns, trees, tokens) is written in one order by both, so that they wait for each other and never
/// in a ring.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    work: &[Work],
    remembered: &Remembered,
) -> sqlx::Result<(Vec<Done>, Vec<String>)> {
    let rows = decisions(work);
    let (inserts, written) = inserts(&rows, remembered);
    inserts.run(connection).await?;
    let mut done = vec![Done::Written; work.len()];
    let mut rest: Vec<(&Work, &mut Done)> = work.iter().zip(&mut done).collect();
    rest.sort_by_key(|(work, _)| match work {
        Work::Token { client, token, .. } => Some((client.as_str(), token.as_str())),
        _ => None,
    });
    for (work, done) in rest {
        match work {
            Work::Decisions(_) => {}
            Work::Token { client, token, expires, now } => {
                *done = Done::Token(first_seen(connection, client, token, *expires, *now).await?);
            }
            Work::Feedback(rows) => *done = Done::Feedback(take(connection, rows).await?),
            Work::Delete(deletion) => *done = delete(connection, deletion).await?,
            Work::Deleted(deletion) => finish(connection, deletion).await?,
        }
    }
    Ok((done, written))
}

/// The same for decisions alone, in a transaction of their own: what is written most of the time. After an error the
/// transaction may be open.
pub(super) async fn commit(
    connection: &mut AnyConnection,
    begin: &str,
    work: &[Work],
    remembered: &Remembered,
) -> sqlx::Result<(Vec<Done>, Vec<String>)> {
    let rows = decisions(work);
    let (inserts, written) = inserts(&rows, remembered);
    inserts.commit(begin, connection).await?;
    Ok((vec![Done::Written; work.len()], written))
}

fn decisions(work: &[Work]) -> Vec<&DecisionRow> {
    let rows = work.iter().filter_map(|work| match work {
        Work::Decisions(rows) => Some(&rows.decisions),
        _ => None,
    });
    rows.flatten().collect()
}

/// How decisions are written, and which patterns and trees are new with them.
fn inserts<'r>(decisions: &[&'r DecisionRow], remembered: &Remembered) -> (Inserts<'r>, Vec<String>) {
    let mut inserts = Inserts::default();
    let outcomes: Vec<(&DecisionRow, &(Shared, Arc<Shared>))> =
        decisions.iter().flat_map(|row| row.outcomes.iter().map(|outcome| (*row, outcome))).collect();
    let patterns = remembered.not(outcomes.iter().map(|(_, (pattern, _))| pattern));
    let trees = remembered.not(outcomes.iter().map(|(_, (_, tree))| &**tree));
    for (into, shared) in [("pattern (id, body)", &patterns), ("tree (id, body)", &trees)] {
        let rows: Vec<_> = shared.iter().map(|shared| [Some(&*shared.id), Some(&*shared.body)]).collect();
        inserts.add(into, &rows, "ON CONFLICT (id) DO NOTHING");
    }
    let rows: Vec<_> = decisions.iter().map(|row| columns(row)).collect();
    inserts.add("decision (id, at, hook_instance, service, client, patient, body)", &rows, "");
    // Two policies may come to the very same only if they are one that is named twice.
    let rows: Vec<_> = outcomes
        .iter()
        .map(|(row, (pattern, tree))| [&row.id, &pattern.id, &tree.id, &row.at].map(|text| Some(&**text)))
        .collect();
    inserts.add("outcome (decision, pattern, tree, at)", &rows, "ON CONFLICT (decision, pattern) DO NOTHING");
    let cards = decisions.iter().flat_map(|row| {
        row.cards
            .iter()
            .map(|(uuid, pattern)| [Some(&*row.id), Some(&**uuid), pattern.as_deref(), Some(&*row.at)])
    });
    let rows: Vec<_> = cards.collect();
    inserts.add("card (decision, uuid, pattern, at)", &rows, "ON CONFLICT (decision, uuid) DO NOTHING");
    let written = patterns.into_iter().chain(trees).map(|shared| shared.id.clone()).collect();
    (inserts, written)
}

fn columns(row: &DecisionRow) -> [Option<&str>; 7] {
    let DecisionRow { id, at, hook_instance, service, client, patient, body, .. } = row;
    [id, at, hook_instance, service, client, patient, body].map(|text| Some(text.as_str()))
}

/// Whether a token was not seen before. Of two replicas that write it at once, the second waits for the first.
async fn first_seen(
    connection: &mut AnyConnection,
    client: &str,
    token: &str,
    expires: i64,
    now: i64,
) -> sqlx::Result<bool> {
    // A row that has expired and was not cleared away yet is none.
    let sql = "INSERT INTO jti (client, token, expires) VALUES ($1, $2, $3) ON CONFLICT (client, token) \
               DO UPDATE SET expires = excluded.expires WHERE jti.expires < $4";
    let query = sqlx::query(sql).bind(client).bind(token).bind(expires).bind(now);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

/// Forgets tokens that nobody may use any more.
pub(super) async fn forget_tokens(connection: &mut AnyConnection, now: i64) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM jti WHERE expires < $1").bind(now).execute(connection).await.map(drop)
}

/// Writes over one row, to see whether the store takes writes.
pub(super) async fn probe(connection: &mut AnyConnection, now: &str) -> sqlx::Result<()> {
    let sql = "INSERT INTO probe (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at";
    sqlx::query(sql).bind(now).execute(connection).await.map(drop)
}

/// Reports in one statement.
const REPORTS: usize = 100;

/// Takes reports of what users did with cards, in the order of their keys, as everything that two replicas may write at
/// once. A card belongs to the newest decision that showed it to this client.
async fn take(connection: &mut AnyConnection, rows: &[FeedbackRow]) -> sqlx::Result<Taken> {
    let mut rows: Vec<&FeedbackRow> = rows.iter().collect();
    rows.sort_by_key(|row| (&row.client, &row.card, &row.at, &row.item));
    let mut taken = Taken::default();
    for rows in rows.chunks(REPORTS) {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(report(rows.len())));
        for row in rows {
            query = query
                .bind(row.client.as_str())
                .bind(row.card.as_str())
                .bind(row.at.as_str())
                .bind(row.item.as_str())
                .bind(row.received.as_str())
                .bind(row.service.as_str())
                .bind(row.outcome)
                .bind(row.suggestions.as_str())
                .bind(row.reason.as_deref())
                .bind(row.reason_system.as_deref())
                .bind(row.words.as_deref());
        }
        // What was there already is not returned.
        let new = query.fetch_all(&mut *connection).await?;
        taken.repeated += (rows.len() - new.len()) as u64;
        for row in new {
            match row.try_get::<Option<String>, _>(0)? {
                Some(_) => taken.stored += 1,
                None => taken.unknown += 1,
            }
        }
    }
    Ok(taken)
}

/// The statement for so many reports.
fn report(rows: usize) -> String {
    let row = |row: usize| {
        let (client, card) = (row * 11 + 1, row * 11 + 2);
        format!(
            "({}, (SELECT card.decision FROM card JOIN decision ON decision.id = card.decision \
             WHERE card.uuid = ${card} AND decision.client = ${client} \
             ORDER BY card.at DESC, card.decision DESC LIMIT 1))",
            placeholders(row * 11, 11)
        )
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!(
        "INSERT INTO feedback (client, card, at, item, received, service, outcome, suggestions, reason, \
         reason_system, words, decision) VALUES {} ON CONFLICT (client, card, at, item) DO NOTHING RETURNING decision",
        rows.join(", ")
    )
}

/// Decisions, or reports of unknown cards, deleted in one transaction: few, so that what is written meanwhile does not wait for long.
const AT_ONCE: i64 = 200;

/// Deletes the next few decisions, and what hangs on them; where none is left, reports of cards that nobody knows.
async fn delete(connection: &mut AnyConnection, deletion: &Deletion) -> sqlx::Result<Done> {
    let of = deletion.chosen();
    let chosen = format!("SELECT id FROM decision WHERE {of} ORDER BY at, id LIMIT {AT_ONCE}");
    let feedback = format!("DELETE FROM feedback WHERE decision IN ({chosen})");
    let feedback = deleted(connection, feedback, deletion).await?;
    let decisions = format!("DELETE FROM decision WHERE id IN ({chosen})");
    let decisions = deleted(connection, decisions, deletion).await?;
    let orphans = match deletion.chosen_unknown() {
        Some(of) if decisions == 0 => {
            let chosen = format!("SELECT item FROM feedback WHERE decision IS NULL AND {of} LIMIT {AT_ONCE}");
            let sql = format!("DELETE FROM feedback WHERE decision IS NULL AND item IN ({chosen})");
            deleted(connection, sql, deletion).await?
        }
        _ => 0,
    };
    let feedback = feedback + orphans;
    note(connection, deletion, decisions, feedback).await?;
    Ok(Done::Deleted { decisions, feedback })
}

async fn deleted(connection: &mut AnyConnection, sql: String, deletion: &Deletion) -> sqlx::Result<u64> {
    let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
    for value in deletion.values() {
        query = query.bind(value);
    }
    Ok(query.execute(connection).await?.rows_affected())
}

/// Writes down that something was deleted, in the transaction that deletes it.
async fn note(
    connection: &mut AnyConnection,
    deletion: &Deletion,
    decisions: u64,
    feedback: u64,
) -> sqlx::Result<()> {
    let sql = "INSERT INTO deletion (id, started, older_than, patient, reason, decisions, feedback) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET \
               decisions = deletion.decisions + excluded.decisions, \
               feedback = deletion.feedback + excluded.feedback";
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let query = sqlx::query(sql)
        .bind(deletion.id())
        .bind(deletion.started())
        .bind(deletion.older_than())
        .bind(deletion.patient())
        .bind(deletion.reason())
        .bind(count(decisions))
        .bind(count(feedback));
    query.execute(connection).await.map(drop)
}

async fn finish(connection: &mut AnyConnection, deletion: &Deletion) -> sqlx::Result<()> {
    let sql = "UPDATE deletion SET finished = $2 WHERE id = $1";
    let now = instant(jiff::Timestamp::now());
    sqlx::query(sql).bind(deletion.id()).bind(now).execute(connection).await.map(drop)
}
