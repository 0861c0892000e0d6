//! Deleting records: by age, or of one patient on request.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::Row;
use uuid::Uuid;

use crate::PatientKey;
use crate::journal::{Failure, Journal};
use crate::store::{Done, StoreError, Work, instant, placeholders};

/// What is to be deleted. That it was is written down, in the same transactions.
#[derive(Debug, Clone)]
pub struct Deletion {
    id: String,
    started: String,
    reason: String,
    choice: Choice,
}

#[derive(Debug, Clone)]
enum Choice {
    Before(String),
    Patient(OnePatient),
}

/// Records of one patient, by the keys of [`Privacy::patient_keys`](crate::Privacy::patient_keys).
#[derive(Debug, Clone, Default)]
pub struct OnePatient {
    /// Keys for the patient's FHIR server: of calls that named it, whoever made them. May be empty.
    pub named: Vec<PatientKey>,
    /// Keys for no server: of calls of `client` that named none. Another client's may be about another patient.
    pub unnamed: Vec<PatientKey>,
    /// The client; `None` where the service is open.
    pub client: Option<String>,
}

impl OnePatient {
    fn chosen(&self) -> String {
        let (named, unnamed) = (self.named.len(), self.unnamed.len());
        let by_server = format!("patient IN ({})", placeholders(0, named));
        let by_client =
            format!("client = ${} AND patient IN ({})", named + 1, placeholders(named + 1, unnamed));
        match (named, unnamed) {
            (0, 0) => "1 = 0".into(),
            (_, 0) => by_server,
            (0, _) => by_client,
            _ => format!("({by_server} OR {by_client})"),
        }
    }

    fn values(&self) -> Vec<&str> {
        let client = self.client.as_deref().unwrap_or_default();
        let client = (!self.unnamed.is_empty()).then_some(client);
        let [named, unnamed] =
            [&self.named, &self.unnamed].map(|keys| keys.iter().map(|PatientKey(key)| key.as_str()));
        named.chain(client).chain(unnamed).collect()
    }

    /// The key in force, which comes first.
    fn key(&self) -> Option<&str> {
        self.named.first().or(self.unnamed.first()).map(|PatientKey(key)| key.as_str())
    }
}

impl Deletion {
    /// Every record of before this instant, for this reason (no patient data in it).
    #[must_use]
    pub fn before(at: Timestamp, reason: &str) -> Self {
        Self::new(Choice::Before(instant(at)), reason)
    }

    /// Every record of one patient.
    #[must_use]
    pub fn of_patient(patient: OnePatient, reason: &str) -> Self {
        Self::new(Choice::Patient(patient), reason)
    }

    fn new(choice: Choice, reason: &str) -> Self {
        let id = Uuid::now_v7().to_string();
        Self { id, started: instant(Timestamp::now()), reason: reason.replace('\0', ""), choice }
    }

    /// Which decisions, as a condition on the table, with [`values`](Self::values) in its places.
    pub(crate) fn chosen(&self) -> String {
        match &self.choice {
            Choice::Before(_) => "at < $1".into(),
            Choice::Patient(patient) => patient.chosen(),
        }
    }

    /// Which reports of cards that nobody knows.
    pub(crate) fn chosen_unknown(&self) -> Option<&'static str> {
        matches!(self.choice, Choice::Before(_)).then_some("received < $1")
    }

    pub(crate) fn values(&self) -> Vec<&str> {
        match &self.choice {
            Choice::Before(at) => vec![at],
            Choice::Patient(patient) => patient.values(),
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn started(&self) -> &str {
        &self.started
    }

    pub(crate) fn reason(&self) -> &str {
        &self.reason
    }

    pub(crate) fn older_than(&self) -> Option<&str> {
        if let Choice::Before(at) = &self.choice { Some(at) } else { None }
    }

    /// The patient, by the key in force.
    pub(crate) fn patient(&self) -> Option<&str> {
        if let Choice::Patient(patient) = &self.choice { patient.key() } else { None }
    }
}

/// That something was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deleted {
    /// Id of the deletion.
    pub id: String,
    /// When it began.
    pub started: String,
    /// When it ended; absent if it was cut short, and can be asked for again.
    pub finished: Option<String>,
    /// By age: what is older than this.
    pub older_than: Option<String>,
    /// On request: the patient, by keyed hash.
    pub patient: Option<String>,
    /// Why, in the operator's words.
    pub reason: String,
    /// Decisions deleted.
    pub decisions: i64,
    /// Reports deleted.
    pub feedback: i64,
}

impl Journal {
    /// Deletes, a few decisions at a time, so that what is written meanwhile does not wait for long.
    ///
    /// # Errors
    /// If the store fails; what was deleted until then is, and is written down.
    pub async fn delete(&self, deletion: Deletion) -> Result<Deleted, Failure> {
        let deletion = Arc::new(deletion);
        loop {
            let done = self.ask(Work::Delete(Arc::clone(&deletion))).await?;
            if !matches!(done, Done::Deleted { decisions: 1.., .. } | Done::Deleted { feedback: 1.., .. }) {
                break;
            }
        }
        self.ask(Work::Deleted(Arc::clone(&deletion))).await?;
        let all = self.deletions().await?;
        let this = all.into_iter().find(|deleted| deleted.id == deletion.id);
        this.ok_or_else(|| Failure::Store(StoreError::unreadable()))
    }

    /// Every deletion there was, newest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn deletions(&self) -> Result<Vec<Deleted>, StoreError> {
        let sql = "SELECT id, started, finished, older_than, patient, reason, decisions, feedback \
                   FROM deletion ORDER BY id DESC";
        let rows = sqlx::query(sql).fetch_all(&self.readers).await?;
        Ok(rows.iter().map(deleted).collect::<sqlx::Result<_>>()?)
    }
}

fn deleted(row: &sqlx::any::AnyRow) -> sqlx::Result<Deleted> {
    Ok(Deleted {
        id: row.try_get("id")?,
        started: row.try_get("started")?,
        finished: row.try_get("finished")?,
        older_than: row.try_get("older_than")?,
        patient: row.try_get("patient")?,
        reason: row.try_get("reason")?,
        decisions: row.try_get("decisions")?,
        feedback: row.try_get("feedback")?,
    })
}
