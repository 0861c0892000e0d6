//! What users did with cards, as the journal takes it.

use hooks::FeedbackOutcome;
use journal::{Feedback, Outcome, Reason};

use crate::refusal::Refusal;

/// Reads the body of a feedback call.
///
/// # Errors
/// Everything that is missing or wrong in it.
pub fn read(body: &[u8]) -> Result<Vec<Feedback>, Refusal> {
    let items = hooks::Feedback::read(body)?;
    items.into_iter().enumerate().map(|(place, item)| one(place, item)).collect()
}

fn one(place: usize, item: hooks::Feedback<'_>) -> Result<Feedback, Refusal> {
    let at = item.outcome_timestamp.parse().map_err(|_| Refusal::bad_timestamp(place))?;
    let outcome = match item.outcome {
        FeedbackOutcome::Accepted(suggestions) => {
            Outcome::Accepted { suggestions: suggestions.into_iter().map(Into::into).collect() }
        }
        FeedbackOutcome::Overridden { reason, comment } => Outcome::Overridden {
            reason: reason.map(|(code, system)| Reason { code: code.into(), system: system.map(Into::into) }),
            comment: comment.map(Into::into),
        },
    };
    Ok(Feedback { card: item.card.into(), outcome, at })
}
