//! What prefetch did not answer.

use serde_json::value::RawValue;

use super::Question;
use super::template::Context;
use crate::fhir::Page;
use crate::search::Search;

/// What has to be asked for a search.
#[derive(Debug, Clone)]
pub(super) enum Need<'q> {
    /// The read or search itself: the sender did not.
    Ask(String),
    /// The pages that follow what the sender had.
    Follow(&'q RawValue),
}

/// The searches that are wanted and that prefetch did not answer, or not whole. `null` and an empty Bundle are answers,
/// and so is an OperationOutcome: it was sent so that nobody asks again (CDS Hooks, "Prefetch query restrictions").
pub(super) fn needs<'q>(question: &Question<'q>) -> Vec<(Search, Need<'q>)> {
    let need = |search: &Search| {
        let sent = question.prefetch.iter().find(|(key, _)| *key == search.key());
        let need = match sent {
            Some((_, raw)) => has_next_page(raw).then_some(Need::Follow(raw)),
            None => relative(*search, question, practitioner(question.user_id)).map(Need::Ask),
        };
        need.map(|need| (*search, need))
    };
    question.wanted.iter().filter_map(need).collect()
}

/// The read or search of a template; `None` where the context does not say what for.
pub(super) fn relative(
    search: Search,
    question: &Question<'_>,
    practitioner_id: Option<&str>,
) -> Option<String> {
    let is_of_staff = |user: &str| user.starts_with("Practitioner/") || user.starts_with("PractitionerRole/");
    if search == Search::User && !is_of_staff(question.user_id) {
        return None;
    }
    let (_, template) = question.templates.iter().find(|(key, _)| *key == search.key())?;
    let context = Context {
        patient_id: question.patient_id,
        user_id: question.user_id,
        encounter_id: question.encounter_id,
        practitioner_id,
    };
    context.fill(template)
}

/// The id of a user who is a practitioner.
fn practitioner(user_id: &str) -> Option<&str> {
    user_id.strip_prefix("Practitioner/")
}

fn has_next_page(raw: &RawValue) -> bool {
    Page::read(raw.get()).is_ok_and(|page| page.resource_type.is("Bundle") && page.link("next").is_some())
}
