//! Reading the EHR's FHIR server where prefetch is not enough: what is missing and only that, in at most two
//! rounds (one more before them for an order whose drug is only referred to), within one deadline.
//!
//! Nothing fails: what did not come is a [`Reason`] of its search, and the answer goes out with what is known.

mod access;
mod addresses;
mod bases;
mod client;
mod collected;
mod confirm;
mod missing;
mod moment;
mod pages;
mod references;
mod rounds;
mod scopes;
mod selflink;
mod template;
mod token;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use futures_util::future::join_all;
use hooks::FhirAuthorization;
use serde_json::value::RawValue;
use tokio::time::Instant;

pub use addresses::Addresses;
pub use bases::{BadBase, Bases};
pub use client::{Client, NoClient, Traceparent};

use crate::fhir::{Page, identity, resource};
use crate::order::Order;
use crate::record::Record;
use crate::search::{Answer, Reason, Search};
use crate::terminology::Terminology;
use access::Access;
use pages::Reader;

/// The most drugs of draft orders that are read in one call.
const MOST_DRUGS: usize = 20;

/// How long after the deadline what has come by then may still be read: an answer may be 100 ms late.
const TO_READ: Duration = Duration::from_millis(40);

/// What one hook call needs to know, and what it brought.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The searches that the policies at hand need.
    pub wanted: &'q [Search],
    /// Their templates by prefetch key, as discovery lists them.
    pub templates: &'q [(&'static str, String)],
    /// What the sender fetched in advance.
    pub prefetch: &'q [(&'q str, &'q RawValue)],
    /// `context.patientId`.
    pub patient_id: &'q str,
    /// `context.userId`.
    pub user_id: &'q str,
    /// `context.encounterId`.
    pub encounter_id: Option<&'q str>,
    /// The orders that are decided on.
    pub orders: &'q [&'q Order<'q>],
    /// The value sets.
    pub terminology: &'q Terminology,
}

/// Where to ask, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Server<'q> {
    /// The CDS Client that calls, by its name in the configuration: what was read for one never serves another.
    pub cds_client: &'q str,
    /// The servers that this client's calls may lead to.
    pub bases: &'q Bases,
    /// `fhirServer`: chosen by the caller.
    pub base: &'q str,
    /// `fhirAuthorization`; none where the server is open.
    pub authorization: Option<&'q FhirAuthorization<'q>>,
    /// What has not come by then is unavailable.
    pub until: Instant,
}

/// How one search went that was sent to the FHIR server, or one read of what a reference leads to, by the search that this
/// completes. What asks again whether an empty answer can be believed is left out: many servers refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub search: Search,
    /// Why it is not complete, if it is not.
    pub reason: Option<Reason>,
    /// How long it took, with its pages and what was sent again.
    pub took: Duration,
}

/// What was fetched: text by search, to be read like prefetch, and why a search is not complete.
#[derive(Debug, Default)]
pub struct Fetched {
    /// Instead of what the sender had of the same search.
    answers: Vec<(Search, Box<RawValue>)>,
    /// Beside that: what its references lead to.
    additions: Vec<(Search, Box<RawValue>)>,
    reasons: Vec<(Search, Reason)>,
    asked: Vec<Asked>,
    /// What was kept from a call a moment before, as `Type/id`, and how long ago it was read.
    kept: BTreeMap<String, Duration>,
    /// When it must have been read.
    until: Option<Instant>,
}

impl Fetched {
    /// Whether there is time left to read what came for a search. What the sender brought itself always is.
    #[must_use]
    pub fn has_time(&self, search: Search) -> bool {
        let is_over = self.until.is_some_and(|until| Instant::now() > until);
        !is_over || !self.answers.iter().any(|(other, _)| *other == search)
    }

    /// The texts of all searches by prefetch key, for [`crate::record::Record::read`].
    #[must_use]
    pub fn with<'r>(&'r self, prefetch: &[(&'r str, &'r RawValue)]) -> Vec<(&'r str, &'r RawValue)> {
        let is_answered = |key: &str| self.answers.iter().any(|(search, _)| search.key() == key);
        let kept = prefetch.iter().filter(|(key, _)| !is_answered(key)).copied();
        let fetched =
            self.answers.iter().chain(&self.additions).map(|(search, text)| (search.key(), &**text));
        kept.chain(fetched).collect()
    }

    /// The resources that came from the FHIR server and were not sent, each as `Type/id`, and how long before this call it
    /// was read: not at all, unless it was kept from a call before.
    #[must_use]
    pub fn references(&self, prefetch: &[(&str, &RawValue)]) -> BTreeMap<String, Duration> {
        let fetched = self.answers.iter().chain(&self.additions).flat_map(|(_, text)| held(text.get()));
        let with_age = |reference: String| {
            let age = self.kept.get(&reference).copied().unwrap_or_default();
            (reference, age)
        };
        let mut references: BTreeMap<_, _> = fetched.map(with_age).collect();
        // The pages that follow what was sent are put together with it.
        prefetch.iter().flat_map(|(_, raw)| held(raw.get())).for_each(|sent| {
            references.remove(&sent);
        });
        references
    }

    /// How the searches and reads went.
    #[must_use]
    pub fn asked(&self) -> &[Asked] {
        &self.asked
    }

    /// Why searches are not complete, as far as fetching knows.
    pub fn reasons(&self) -> impl Iterator<Item = (Search, Reason)> {
        self.reasons.iter().copied()
    }
}

/// Whether prefetch answered everything: nothing is left to be asked, and nothing leads to what was not sent.
#[must_use]
pub fn is_whole(record: &Record<'_>, orders: &[&Order<'_>], wanted: &[Search]) -> bool {
    wanted.iter().all(|search| *record.answer(*search) == Answer::Complete)
        && references::missing(record, orders, wanted).is_empty()
}

/// The resources that a text holds: itself, or those of a Bundle.
fn held(text: &str) -> Vec<String> {
    let reference = |raw: &str| {
        let (kind, id) = identity(raw)?;
        Some(format!("{kind}/{}", id?))
    };
    match Page::read(text) {
        Ok(Page { entry: Some(entries), .. }) => {
            entries.into_iter().filter_map(resource).filter_map(|one| reference(one.get())).collect()
        }
        _ => reference(text).into_iter().collect(),
    }
}

/// Fetches what is missing.
///
/// Stops when it is dropped: nothing runs outside of the returned future.
pub async fn fetch(client: &Client, server: Server<'_>, question: &Question<'_>) -> Fetched {
    match Access::of(&server) {
        Ok(access) => {
            let access = access.owned(client.moment(), &server, question);
            let fetched = rounds::run(Reader { client, access: &access }, question).await;
            Fetched { kept: access.kept(), until: server.until.checked_add(TO_READ), ..fetched }
        }
        Err(reason) => Fetched {
            reasons: missing::needs(question).into_iter().map(|(search, _)| (search, reason)).collect(),
            ..Fetched::default()
        },
    }
}

/// Reads these `Medication` resources: which drug an order is for may stand there. What comes of each, by its id.
pub async fn medications(
    client: &Client,
    server: Server<'_>,
    ids: &BTreeSet<&str>,
) -> Vec<(String, Result<Box<RawValue>, Reason>)> {
    let access = Access::of(&server);
    let access = access.as_ref().map_err(|reason| *reason);
    let reads = ids.iter().enumerate().map(|(place, id)| async move {
        let found = match access {
            Ok(_) if place >= MOST_DRUGS => Err(Reason::Truncated),
            Ok(access) => medication(Reader { client, access }, id).await,
            Err(reason) => Err(reason),
        };
        ((*id).to_owned(), found)
    });
    join_all(reads).await
}

async fn medication(reader: Reader<'_>, id: &str) -> Result<Box<RawValue>, Reason> {
    let id = template::id(id).ok_or(Reason::NotFound)?;
    reader.read(&format!("Medication/{id}")).await
}
