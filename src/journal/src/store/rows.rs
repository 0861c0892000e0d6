//! Records as rows of tables.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::privacy::hex;
use crate::record::{Assessment, Decision, Kind, Missing};

/// An instant as it is stored: of one width, so that text sorts as time.
pub(crate) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// What an assessment came to, without what is said of one patient only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pattern {
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) determination: String,
    pub(crate) deciding: Vec<String>,
    pub(crate) open: Vec<String>,
    pub(crate) missing: Vec<Missing>,
}

impl Pattern {
    fn of(assessment: &Assessment) -> Self {
        let assessment = assessment.clone();
        Self {
            kind: assessment.kind,
            id: assessment.id,
            version: assessment.version,
            determination: assessment.determination,
            deciding: assessment.deciding,
            open: assessment.open,
            missing: assessment.missing,
        }
    }
}

/// Decisions, as rows.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(super) decisions: Vec<DecisionRow>,
}

#[derive(Debug)]
pub(super) struct DecisionRow {
    pub(super) id: String,
    pub(super) at: String,
    pub(super) hook_instance: String,
    pub(super) service: String,
    pub(super) client: String,
    pub(super) patient: String,
    pub(super) body: String,
    /// Id and body of what each assessment came to.
    pub(super) patterns: Vec<(String, String)>,
    /// Uuid of each card, and the id of the pattern of what it shows.
    pub(super) cards: Vec<(String, Option<String>)>,
}

impl Rows {
    pub(crate) fn of(decisions: &[Decision]) -> Result<Self, StoreError> {
        let decisions = decisions.iter().map(row).collect::<serde_json::Result<_>>();
        decisions.map(|decisions| Self { decisions }).map_err(|error| StoreError::unwritable(&error))
    }
}

fn row(decision: &Decision) -> serde_json::Result<DecisionRow> {
    let patterns = decision.assessments.iter().map(pattern).collect::<serde_json::Result<Vec<_>>>()?;
    let shown = |id: &str| {
        let place = decision.assessments.iter().position(|assessment| assessment.id == id)?;
        patterns.get(place).map(|(id, _)| id.clone())
    };
    let card =
        |card: &crate::record::Card| (card.uuid.to_string(), card.assessment.as_deref().and_then(shown));
    Ok(DecisionRow {
        id: decision.id.to_string(),
        at: instant(decision.at),
        hook_instance: decision.hook_instance.replace('\0', "\u{fffd}"),
        service: decision.service.clone(),
        client: decision.client.clone().unwrap_or_default(),
        patient: decision.patient.0.clone(),
        body: serde_json::to_string(decision)?,
        cards: decision.cards.iter().map(card).collect(),
        patterns,
    })
}

fn pattern(assessment: &Assessment) -> serde_json::Result<(String, String)> {
    let body = serde_json::to_string(&Pattern::of(assessment))?;
    Ok((hex(&Sha256::digest(body.as_bytes())), body))
}

/// A report of what a user did with a card, as a row.
#[derive(Debug)]
pub(crate) struct FeedbackRow {
    pub(crate) client: String,
    pub(crate) service: String,
    pub(crate) card: String,
    pub(crate) at: String,
    pub(crate) item: String,
    pub(crate) received: String,
    pub(crate) outcome: &'static str,
    pub(crate) suggestions: String,
    pub(crate) reason: Option<String>,
    pub(crate) reason_system: Option<String>,
    pub(crate) words: Option<String>,
}
