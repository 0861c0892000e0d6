//! What users did with cards, as the journal takes it.

use hooks::FeedbackOutcome;
use journal::{Feedback, Outcome, Reason};

use crate::content::OverrideReason;
use crate::refusal::Refusal;

/// The code of a reason that no card of the service offers.
pub const NOT_OFFERED: &str = "not-offered";

/// Reads the body of a feedback call to a service whose cards offer these reasons.
///
/// # Errors
/// Everything that is missing or wrong in it.
pub fn read(body: &[u8], offered: &[OverrideReason]) -> Result<Vec<Feedback>, Refusal> {
    let items = hooks::Feedback::read(body)?;
    items.into_iter().enumerate().map(|(place, item)| one(place, item, offered)).collect()
}

fn one(place: usize, item: hooks::Feedback<'_>, offered: &[OverrideReason]) -> Result<Feedback, Refusal> {
    let at = item.outcome_timestamp.parse().map_err(|_| Refusal::bad_timestamp(place))?;
    let outcome = match item.outcome {
        FeedbackOutcome::Accepted(suggestions) => {
            Outcome::Accepted { suggestions: suggestions.into_iter().map(Into::into).collect() }
        }
        FeedbackOutcome::Overridden { reason, comment } => {
            overridden(reason.as_ref().map(|(code, _)| &**code), comment.as_deref(), offered)
        }
    };
    Ok(Feedback { card: item.card.into(), outcome, at })
}

/// A code that was not offered is words of somebody's, and may name a patient.
fn overridden(code: Option<&str>, comment: Option<&str>, offered: &[OverrideReason]) -> Outcome {
    let said = comment.map(str::to_owned);
    let Some(code) = code else { return Outcome::Overridden { reason: None, comment: said } };
    let (reason, comment) = match offered.iter().find(|reason| reason.code == code) {
        Some(OverrideReason { code, system, .. }) => {
            (Reason { code: code.clone(), system: Some(system.clone()) }, said)
        }
        None => {
            let said = said.map_or_else(|| code.to_owned(), |said| format!("{code}: {said}"));
            (Reason { code: NOT_OFFERED.into(), system: None }, Some(said))
        }
    };
    Outcome::Overridden { reason: Some(reason), comment }
}
