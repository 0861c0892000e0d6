//! What users did with cards (CDS Hooks, "Feedback").

use jiff::Timestamp;

use crate::Privacy;
use crate::store::{FeedbackRow, instant};

/// What a user did with one card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// `card`: the uuid of the card. What is none is kept as a keyed hash, at every level.
    pub card: String,
    /// `outcome`, with what goes with it.
    pub outcome: Outcome,
    /// `outcomeTimestamp`.
    pub at: Timestamp,
}

/// What was done with a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was followed.
    Accepted {
        /// Ids of the suggestions that were taken; what is no uuid is not kept.
        suggestions: Vec<String>,
    },
    /// It was not followed.
    Overridden {
        /// Which of the offered reasons the user gave.
        reason: Option<Reason>,
        /// What the user wrote: patient data.
        comment: Option<String>,
    },
}

/// A reason not to follow a card: the code of a reason that the card offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its code; kept as it is, at every level, so hand over only a code that is one.
    pub code: String,
    /// Its code system; clients leave it out.
    pub system: Option<String>,
}

/// What came of taking reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// New reports of cards that this client was shown.
    pub stored: u64,
    /// Reports that were there already.
    pub repeated: u64,
    /// New reports of cards that are not known, or that another client was shown: kept, and marked.
    pub unknown: u64,
}

/// A report as a row: the user's words as the level keeps them.
pub(crate) fn row(privacy: &Privacy, client: &str, service: &str, feedback: &Feedback) -> FeedbackRow {
    let at = instant(feedback.at);
    let no_suggestions = Vec::new();
    let (outcome, suggestions, reason, comment) = match &feedback.outcome {
        Outcome::Accepted { suggestions } => ("accepted", suggestions, None, None),
        Outcome::Overridden { reason, comment } => {
            ("overridden", &no_suggestions, reason.as_ref(), comment.as_deref())
        }
    };
    // Ids that we gave are uuids; whatever else is sent in their place may be anybody's words.
    let suggestions: Vec<&String> = suggestions.iter().filter(|id| is_uuid(id)).collect();
    let suggestions = serde_json::json!(suggestions).to_string();
    let code = reason.map(|reason| printable(&reason.code));
    let system = reason.and_then(|reason| reason.system.as_deref()).map(printable);
    let card = &feedback.card;
    let card = if is_uuid(card) { card.to_ascii_lowercase() } else { privacy.hash(&["card", card]) };
    let said = comment.unwrap_or_default();
    let (given, of) = (code.as_deref().unwrap_or_default(), system.as_deref().unwrap_or_default());
    let item = privacy.hash(&["feedback", client, &card, &at, outcome, &suggestions, given, of, said]);
    let words = comment.map(|comment| privacy.keep(comment)).filter(|words| !words.is_withheld());
    FeedbackRow {
        client: client.into(),
        service: service.into(),
        card,
        item,
        received: instant(Timestamp::now()),
        outcome,
        suggestions,
        reason: code,
        reason_system: system,
        words: words.and_then(|words| serde_json::to_string(&words).ok()),
        at,
    }
}

fn is_uuid(id: &str) -> bool {
    id.parse::<uuid::Uuid>().is_ok()
}

/// PostgreSQL stores no NUL in a text.
fn printable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
