//! Two rounds at most: what is missing, then what that leads to.

use std::collections::BTreeSet;

use futures_util::future::{join_all, join3};
use serde_json::value::RawValue;

use super::collected::Collected;
use super::missing::{Need, needs, relative};
use super::pages::Reader;
use super::references::{self, Missing};
use super::{Fetched, Question};
use crate::fhir::Reference;
use crate::record::Record;
use crate::search::{Reason, Search};

/// Where the codes of a template begin.
const BY_CODE: &str = "&code=";

/// The most references that are resolved in one call.
const MOST_REFERENCES: usize = 40;

/// From so many empty answers on, a server that finds nothing anywhere is not believed.
const TOO_MANY_EMPTY: usize = 3;

/// Fetches in two rounds.
pub(super) async fn run(reader: Reader<'_>, question: &Question<'_>) -> Fetched {
    let asked = needs(question);
    let answers = join_all(asked.iter().map(|(_, need)| answer(reader, need))).await;
    let mut fetched = Fetched::default();
    let mut round = Round::default();
    for ((search, need), answer) in asked.iter().zip(answers) {
        round.note(*search, need, &answer);
        fetched.take(*search, answer);
    }
    let second = Second::after(&round, &fetched, question);
    second.run(reader, &mut fetched).await;
    let unanswered = fetched.added_only(question);
    fetched.reasons.extend(unanswered.into_iter().map(|search| (search, Reason::NotSent)));
    fetched
}

/// What the first round tells about the server itself.
#[derive(Debug, Default)]
struct Round<'n> {
    /// The searches of the patient's chart that found nothing.
    empty: Vec<(Search, &'n str)>,
    /// Whether a search by code found anything.
    finds_by_code: bool,
}

impl<'n> Round<'n> {
    fn note(&mut self, search: Search, need: &'n Need<'_>, answer: &Answer) {
        let Need::Ask(relative) = need else { return };
        self.finds_by_code |= is_coded(relative) && answer.has_matches();
        if answer.is_empty() && relative.contains("?patient=") {
            self.empty.push((search, relative));
        }
    }
}

/// The second round.
#[derive(Debug, Default)]
struct Second {
    references: BTreeSet<Missing>,
    /// The search for all roles of who signs.
    roles: Option<String>,
    /// The search for all observations, and the searches by code that found none.
    observations: Option<(String, Vec<Search>)>,
    /// Searches that found nothing and are not believed.
    doubtful: Vec<Search>,
}

impl Second {
    fn after(round: &Round<'_>, fetched: &Fetched, question: &Question<'_>) -> Self {
        let texts = fetched.with(question.prefetch);
        let record = Record::read(&texts, question.patient_id, question.terminology, question.wanted);
        let references = references::missing(&record, question.orders, question.wanted);
        let roles = roles(question, &record);
        let doubtful: Vec<Search> = round.empty.iter().map(|(search, _)| *search).collect();
        if doubtful.len() >= TOO_MANY_EMPTY && is_blank(&record) {
            return Self { references, roles, doubtful, ..Self::default() };
        }
        let observations = if round.finds_by_code { None } else { without_codes(&round.empty) };
        Self { references, roles, observations, ..Self::default() }
    }

    async fn run(self, reader: Reader<'_>, fetched: &mut Fetched) {
        let roles = async { Some(reader.search(self.roles.as_deref()?).await) };
        let observations = async {
            let (relative, searches) = self.observations?;
            Some((searches, reader.search(&relative).await))
        };
        let (resolved, roles, observations) =
            join3(resolve(reader, self.references), roles, observations).await;
        fetched.take_references(resolved);
        if let Some(roles) = roles {
            fetched.take(Search::UserRoles, Answer::Pages(roles));
        }
        if let Some((searches, all)) = observations {
            fetched.additions.extend(searches.first().copied().zip(all.bundle()));
            fetched.reasons.extend(searches.into_iter().filter_map(|search| Some((search, all.reason?))));
        }
        fetched.reasons.extend(self.doubtful.into_iter().map(|search| (search, Reason::Doubtful)));
    }
}

/// What came for one need.
#[derive(Debug)]
enum Answer {
    Resource(Box<RawValue>),
    Nothing(Reason),
    Pages(Collected),
}

async fn answer(reader: Reader<'_>, need: &Need<'_>) -> Answer {
    match need {
        Need::Follow(first) => Answer::Pages(reader.following(first).await),
        Need::Ask(relative) if relative.contains('?') => Answer::Pages(reader.search(relative).await),
        Need::Ask(relative) => reader.read(relative).await.map_or_else(Answer::Nothing, Answer::Resource),
    }
}

impl Answer {
    fn has_matches(&self) -> bool {
        matches!(self, Self::Pages(pages) if pages.has_matches())
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Pages(pages) if pages.is_empty())
    }
}

impl Fetched {
    fn take(&mut self, search: Search, answer: Answer) {
        let (text, reason) = match answer {
            Answer::Resource(text) => (Some(text), None),
            Answer::Nothing(reason) => (None, Some(reason)),
            Answer::Pages(pages) => (pages.bundle(), pages.reason),
        };
        self.answers.extend(text.map(|text| (search, text)));
        self.reasons.extend(reason.map(|reason| (search, reason)));
    }

    /// Searches that were not answered: what the references of others lead to is no answer to them.
    fn added_only(&self, question: &Question<'_>) -> Vec<Search> {
        let is_answered = |search: Search| {
            self.answers.iter().any(|(other, _)| *other == search)
                || self.reasons().any(|(other, _)| other == search)
                || question.prefetch.iter().any(|(key, _)| *key == search.key())
        };
        self.additions.iter().map(|(search, _)| *search).filter(|search| !is_answered(*search)).collect()
    }

    fn take_references(&mut self, resolved: Vec<(Search, Collected)>) {
        for (search, resources) in resolved {
            self.additions.extend(resources.bundle().map(|text| (search, text)));
            self.reasons.extend(resources.reason.map(|reason| (search, reason)));
        }
    }
}

/// Whether it is a search for codes.
fn is_coded(relative: &str) -> bool {
    relative.contains(BY_CODE)
}

/// Whether a record holds nothing of a patient's chart.
fn is_blank(record: &Record<'_>) -> bool {
    record.observations.is_empty()
        && record.conditions.is_empty()
        && record.medication_requests.is_empty()
        && record.medication_statements.is_empty()
        && record.medication_administrations.is_empty()
        && record.medication_dispenses.is_empty()
        && record.procedures.is_empty()
        && record.allergies.is_empty()
        && record.coverages.is_empty()
}

/// Real servers advertise `code` and find nothing by it. Where no search by code found anything, nothing shows that the
/// server can: what it has is then asked for without codes, and sorted here.
fn without_codes(empty: &[(Search, &str)]) -> Option<(String, Vec<Search>)> {
    let coded: Vec<&(Search, &str)> = empty.iter().filter(|(_, relative)| is_coded(relative)).collect();
    let (without, _) = coded.first()?.1.split_once(BY_CODE)?;
    Some((without.to_owned(), coded.iter().map(|(search, _)| *search).collect()))
}

/// The roles of a user who came as one role: their practitioner is known only when that role was read.
fn roles(question: &Question<'_>, record: &Record<'_>) -> Option<String> {
    let role_id = question.user_id.strip_prefix("PractitionerRole/")?;
    let is_sent = question.prefetch.iter().any(|(key, _)| *key == Search::UserRoles.key());
    let role = record.practitioner_roles.iter().find(|role| role.id.is(role_id))?;
    let practitioner = role.practitioner.get().and_then(Reference::target)?;
    if is_sent || !question.wanted.contains(&Search::UserRoles) {
        return None;
    }
    relative(Search::UserRoles, question, Some(practitioner.id))
}

/// Reads what references lead to, by the search that each completes.
async fn resolve(reader: Reader<'_>, missing: BTreeSet<Missing>) -> Vec<(Search, Collected)> {
    let too_many = missing.iter().skip(MOST_REFERENCES).map(|missing| missing.search).collect::<Vec<_>>();
    let searches = missing.iter().map(|missing| missing.search).collect::<BTreeSet<_>>();
    let mut resolved: Vec<(Search, Collected)> =
        searches.into_iter().map(|search| (search, Collected::default())).collect();
    let needs = missing.into_iter().take(MOST_REFERENCES).map(|one| (one.search, Need::Ask(one.relative)));
    let read = |(search, need)| async move { (search, answer(reader, &need).await) };
    for (search, answer) in join_all(needs.map(read)).await {
        for (_, resources) in resolved.iter_mut().filter(|(other, _)| *other == search) {
            match &answer {
                Answer::Resource(resource) => resources.include(resource),
                Answer::Nothing(reason) => resources.because(*reason),
                Answer::Pages(pages) => resources.include_all(pages),
            }
        }
    }
    for (_, resources) in resolved.iter_mut().filter(|(search, _)| too_many.contains(search)) {
        resources.because(Reason::Truncated);
    }
    resolved
}
