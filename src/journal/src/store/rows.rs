//! Records as rows of tables.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::StoreError;
use crate::privacy::hex;
use crate::record::{Assessment, Decision, Kind, Missing, Tree};

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

/// What was assessed, apart from the tree of it.
fn parts(assessment: Assessment) -> (Pattern, Tree) {
    let Assessment { kind, id, version, determination, deciding, open, missing, tree } = assessment;
    (Pattern { kind, id, version, determination, deciding, open, missing }, tree)
}

impl Pattern {
    /// With its tree, the assessment.
    pub(crate) fn with(self, tree: Tree) -> Assessment {
        let Self { kind, id, version, determination, deciding, open, missing } = self;
        Assessment { kind, id, version, determination, deciding, open, missing, tree }
    }
}

/// What many decisions share, by the hash of what it says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shared {
    pub(super) id: String,
    pub(super) body: String,
}

impl Shared {
    pub(crate) fn of(what: &impl Serialize) -> serde_json::Result<Self> {
        let body = serde_json::to_string(what)?;
        let hash = Sha256::digest(body.as_bytes());
        let id = hex(hash.first_chunk::<16>().map_or(&hash[..], |half| half));
        Ok(Self { id, body })
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
    /// What each assessment came to, and the tree by which it did.
    pub(super) outcomes: Vec<(Shared, Arc<Shared>)>,
    /// Uuid of each card, and the id of the pattern of what it shows.
    pub(super) cards: Vec<(String, Option<String>)>,
}

impl Rows {
    pub(crate) fn of(decisions: Vec<Decision>) -> Result<Self, StoreError> {
        let decisions = decisions.into_iter().map(row).collect::<serde_json::Result<_>>();
        decisions.map(|decisions| Self { decisions }).map_err(|error| StoreError::unwritable(&error))
    }
}

fn row(mut decision: Decision) -> serde_json::Result<DecisionRow> {
    let assessments = std::mem::take(&mut decision.assessments);
    let names: Vec<String> = assessments.iter().map(|assessment| assessment.id.clone()).collect();
    let outcome = |assessment: Assessment| {
        let (pattern, tree) = parts(assessment);
        Ok((Shared::of(&pattern)?, tree.stored()?))
    };
    let outcomes = assessments.into_iter().map(outcome).collect::<serde_json::Result<Vec<_>>>()?;
    let shown = |id: &str| {
        let place = names.iter().position(|name| name == id)?;
        outcomes.get(place).map(|(pattern, _)| pattern.id.clone())
    };
    let card =
        |card: &crate::record::Card| (card.uuid.to_string(), card.assessment.as_deref().and_then(shown));
    Ok(DecisionRow {
        id: decision.id.to_string(),
        at: instant(decision.at),
        body: serde_json::to_string(&decision)?,
        cards: decision.cards.iter().map(card).collect(),
        hook_instance: decision.hook_instance.replace('\0', "\u{fffd}"),
        service: decision.service,
        client: decision.client.unwrap_or_default(),
        patient: decision.patient.0,
        outcomes,
    })
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
