//! Two rounds at most: what is missing, then what that leads to.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::{join_all, join3};
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::collected::Collected;
use super::confirm::{Doubts, Empty, is_coded};
use super::missing::{Need, needs, relative};
use super::pages::Reader;
use super::references::{self, LEADING, Missing};
use super::selflink::names_patient;
use super::{Asked, Fetched, Question, template};
use crate::fhir::{Page, Reference};
use crate::record::Record;
use crate::search::{Reason, Search};

/// The most references that are resolved in one call.
const MOST_REFERENCES: usize = 40;

/// From so many empty answers on, a server that finds nothing anywhere is not believed.
const TOO_MANY_EMPTY: usize = 3;

/// Fetches in two rounds.
pub(super) async fn run(reader: Reader<'_>, question: &Question<'_>) -> Fetched {
    let asked = needs(question);
    let answers = join_all(asked.iter().map(|(_, need)| timed(answer(reader, need)))).await;
    let mut fetched = Fetched::default();
    let mut round = Round::default();
    for ((search, need), (answer, took)) in asked.iter().zip(answers) {
        round.note(*search, need, &answer);
        fetched.asked.push(Asked { search: *search, reason: answer.reason(), took });
        fetched.take(*search, answer);
    }
    let second = Second::after(reader, &round, &fetched, question);
    second.run(reader, &mut fetched).await;
    let unanswered = fetched.added_only(question);
    fetched.reasons.extend(unanswered.into_iter().map(|search| (search, Reason::NotSent)));
    fetched
}

/// What the first round tells about the server itself.
#[derive(Debug, Default)]
struct Round<'n> {
    /// The searches of the patient's chart that found nothing.
    empty: Vec<Empty<'n>>,
    /// Whether a search of the patient's chart found anything.
    finds: bool,
    /// Whether a search by code did.
    finds_by_code: bool,
}

impl<'n> Round<'n> {
    fn note(&mut self, search: Search, need: &'n Need<'_>, answer: &Answer) {
        let (Need::Ask(relative), Answer::Pages(pages)) = (need, answer) else { return };
        if !relative.contains("?patient=") {
            return;
        }
        self.finds |= pages.has_matches();
        self.finds_by_code |= is_coded(relative) && pages.has_matches();
        if pages.is_empty() {
            let names_patient = names_patient(pages.self_link.as_deref());
            self.empty.push(Empty { search, relative, names_patient });
        }
    }

    /// Whether the server found nothing anywhere, and the sender did not either.
    fn is_blank(&self, question: &Question<'_>) -> bool {
        let holds_some = |raw: &RawValue| {
            Page::read(raw.get()).is_ok_and(|page| page.entry.is_some_and(|entries| !entries.is_empty()))
        };
        let was_sent = question.prefetch.iter().any(|(_, raw)| holds_some(raw));
        self.empty.len() >= TOO_MANY_EMPTY && !self.finds && !was_sent
    }
}

/// The second round.
#[derive(Debug, Default)]
struct Second {
    references: BTreeSet<Missing>,
    /// The search for all roles of who signs.
    roles: Option<String>,
    /// What found nothing and may be there.
    doubts: Doubts,
    /// Searches that are not believed if asking another way finds nothing either.
    blank: Vec<Search>,
}

impl Second {
    fn after(reader: Reader<'_>, round: &Round<'_>, fetched: &Fetched, question: &Question<'_>) -> Self {
        // Nothing more will come in time; then what refers to something is not read for it either.
        let texts = if reader.access.is_over() { Vec::new() } else { fetched.with(question.prefetch) };
        let leading: Vec<Search> = LEADING.into_iter().filter(|one| question.wanted.contains(one)).collect();
        let record = Record::read(&texts, question.patient_id, question.terminology, &leading);
        let doubts = template::id(question.patient_id)
            .map(|id| Doubts::of(&round.empty, round.finds_by_code, &id))
            .unwrap_or_default();
        let blank = round.empty.iter().filter(|_| round.is_blank(question)).map(|empty| empty.search);
        Self {
            references: references::missing(&record, question.orders, question.wanted),
            roles: roles(question, &record),
            doubts,
            blank: blank.collect(),
        }
    }

    async fn run(self, reader: Reader<'_>, fetched: &mut Fetched) {
        let roles = async { Some(timed(reader.search(self.roles.as_deref()?)).await) };
        let (resolved, roles, confirmed) =
            join3(resolve(reader, self.references), roles, self.doubts.ask(reader)).await;
        fetched.take_references(resolved.resources);
        fetched.asked.extend(resolved.asked);
        if let Some((roles, took)) = roles {
            fetched.asked.push(Asked { search: Search::UserRoles, reason: roles.reason, took });
            fetched.take(Search::UserRoles, Answer::Pages(roles));
        }
        if confirmed.found.is_empty() {
            fetched.reasons.extend(self.blank.into_iter().map(|search| (search, Reason::Doubtful)));
        }
        let found = confirmed.found.iter();
        fetched.additions.extend(found.filter_map(|(search, pages)| Some((*search, pages.bundle()?))));
        fetched.reasons.extend(confirmed.reasons);
    }
}

/// What came for one need.
#[derive(Debug)]
enum Answer {
    Resource(Box<RawValue>),
    Nothing(Reason),
    Pages(Collected),
}

async fn timed<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    (work.await, start.elapsed())
}

async fn answer(reader: Reader<'_>, need: &Need<'_>) -> Answer {
    match need {
        Need::Follow(first) => Answer::Pages(reader.following(first).await),
        Need::Ask(relative) if relative.contains('?') => Answer::Pages(reader.search(relative).await),
        Need::Ask(relative) => reader.read(relative).await.map_or_else(Answer::Nothing, Answer::Resource),
    }
}

impl Answer {
    fn reason(&self) -> Option<Reason> {
        match self {
            Self::Resource(_) => None,
            Self::Nothing(reason) => Some(*reason),
            Self::Pages(pages) => pages.reason,
        }
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

/// What references led to.
struct Resolved {
    /// By the search that they complete.
    resources: Vec<(Search, Collected)>,
    asked: Vec<Asked>,
}

/// Reads what references lead to.
async fn resolve(reader: Reader<'_>, missing: BTreeSet<Missing>) -> Resolved {
    let too_many = missing.iter().skip(MOST_REFERENCES).map(|missing| missing.search).collect::<Vec<_>>();
    let searches = missing.iter().map(|missing| missing.search).collect::<BTreeSet<_>>();
    let mut resolved: Vec<(Search, Collected)> =
        searches.into_iter().map(|search| (search, Collected::default())).collect();
    let needs = missing.into_iter().take(MOST_REFERENCES).map(|one| (one.search, Need::Ask(one.relative)));
    let read = |(search, need)| async move { (search, timed(answer(reader, &need)).await) };
    let mut asked = Vec::new();
    for (search, (answer, took)) in join_all(needs.map(read)).await {
        asked.push(Asked { search, reason: answer.reason(), took });
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
    Resolved { resources: resolved, asked }
}
