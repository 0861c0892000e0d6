//! Access to the EHRs' FHIR servers, as the service has it.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use ehr::fetch::{Bases, Client, Fetched, Question, Server, fetch, medications};
use ehr::order::Order;
use ehr::search::Reason;
use ehr::templates::{searches, templates};
use hooks::HookRequest;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::cards::{Unrecognized, names};
use crate::content::{Content, Service};
use crate::decision::{Call, prefetch};

/// How long an answer may wait for the EHR, counted from the arrival of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Duration);

/// A deadline that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a deadline is 1 to {LONGEST_DEADLINE_MS} milliseconds; `{0}` is not")]
pub struct BadDeadline(u64);

/// The longest deadline, in milliseconds: no client waits for an answer as long as that.
const LONGEST_DEADLINE_MS: u64 = 60_000;

/// An order-sign should be answered in five seconds (Da Vinci CRD found-2).
impl Default for Deadline {
    fn default() -> Self {
        Self(Duration::from_secs(4))
    }
}

/// Milliseconds.
impl TryFrom<u64> for Deadline {
    type Error = BadDeadline;

    fn try_from(ms: u64) -> Result<Self, BadDeadline> {
        let is_one = (1..=LONGEST_DEADLINE_MS).contains(&ms);
        is_one.then_some(Self(Duration::from_millis(ms))).ok_or(BadDeadline(ms))
    }
}

impl From<Deadline> for Duration {
    fn from(deadline: Deadline) -> Self {
        deadline.0
    }
}

/// Milliseconds, as a command line has them.
impl FromStr for Deadline {
    type Err = BadDeadline;

    fn from_str(text: &str) -> Result<Self, BadDeadline> {
        Self::try_from(text.parse::<u64>().unwrap_or(0))
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.as_millis())
    }
}

/// The HTTP client with its connections, how long to wait for it, and where the calls of one CDS Client may lead. Cheap
/// to clone.
#[derive(Debug, Clone)]
pub struct EhrAccess {
    http: Client,
    deadline: Deadline,
    cds_client: Arc<str>,
    bases: Arc<Bases>,
}

/// What came of reading the drugs of draft orders, by the id of the `Medication`.
#[derive(Debug, Default)]
pub struct Drugs(Vec<(String, Result<Box<RawValue>, Reason>)>);

impl Drugs {
    /// The resources that came.
    #[must_use]
    pub fn texts(&self) -> Vec<&RawValue> {
        self.0.iter().filter_map(|(_, found)| found.as_deref().ok()).collect()
    }

    /// Why a drug could not be read, if so.
    fn unread(&self, id: &str) -> Option<Reason> {
        self.0.iter().find(|(own, _)| own == id)?.1.as_ref().err().copied()
    }

    /// The orders that cannot be recognized: nothing but a drug that could not be read says what they are for.
    #[must_use]
    pub fn unrecognized(&self, call: &Call<'_>) -> Vec<Unrecognized> {
        let unnamed: Vec<(&Order<'_>, &str)> = call.drafts.unnamed().collect();
        let names = names(unnamed.iter().map(|(order, _)| order.reference.as_str()));
        let of = |((order, id), name): ((&Order<'_>, &str), Cow<'_, str>)| {
            let reason = self.unread(id)?;
            Some(Unrecognized { order: order.reference.clone(), name: name.into_owned(), reason })
        };
        unnamed.into_iter().zip(names).filter_map(of).collect()
    }
}

impl EhrAccess {
    /// Access to these servers for callers that are not told apart (an open service).
    #[must_use]
    pub fn new(http: Client, bases: Bases, deadline: Deadline) -> Self {
        Self { http, deadline, cds_client: "".into(), bases: Arc::new(bases) }
    }

    /// The same connections for a CDS Client, named as in the configuration, whose calls may lead to these servers and
    /// no others. What was read for one client never serves another.
    #[must_use]
    pub fn for_client(&self, name: &str, bases: Bases) -> Self {
        Self { cds_client: name.into(), bases: Arc::new(bases), ..self.clone() }
    }

    /// When the answer to a call that arrives now must go out.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.deadline.0).unwrap_or(now)
    }

    /// Whether the FHIR server of a request may be read: there is a token, or the server is open and may be called.
    #[must_use]
    pub fn may_read<P>(&self, request: &HookRequest<'_, P>) -> bool {
        let base = request.fhir_server.as_deref();
        base.is_some_and(|base| request.fhir_authorization.is_some() || self.bases.admit(base).is_some())
    }

    /// Where a request may be read from. `None` where it may not.
    fn server<'q>(&'q self, request: &'q HookRequest<'_>, until: Instant) -> Option<Server<'q>> {
        let base = request.fhir_server.as_deref()?;
        let authorization = request.fhir_authorization.as_ref();
        self.may_read(request).then_some(Server {
            cds_client: &self.cds_client,
            bases: &self.bases,
            base,
            authorization,
            until,
        })
    }

    /// Reads the drugs of draft orders that stand in resources of their own: whether an order is ours hangs on them.
    pub async fn drugs(&self, request: &HookRequest<'_>, call: &Call<'_>, until: Instant) -> Drugs {
        let ids = call.drafts.unresolved();
        match self.server(request, until).filter(|_| !ids.is_empty()) {
            Some(server) => Drugs(medications(&self.http, server, &ids).await),
            None => Drugs::default(),
        }
    }

    /// Fetches what prefetch did not answer. `None` where there is nothing to decide on, or no access.
    pub async fn fetch(
        &self,
        content: &Content,
        service: &Service,
        request: &HookRequest<'_>,
        call: &Call<'_>,
        until: Instant,
    ) -> Option<Fetched> {
        let server = self.server(request, until)?;
        if call.orders().is_empty() {
            return None;
        }
        // Others may turn out to be ours: their drugs are read at the same time.
        let orders: Vec<&Order<'_>> =
            call.drafts.orders.iter().filter(|order| order.asks_to_give()).collect();
        let elements = call.elements(service);
        // Of a service of several drugs, what those that are ordered need.
        let templates = templates(&content.record, &elements);
        let question = Question {
            wanted: &searches(&content.record, &elements),
            templates: &templates,
            prefetch: &prefetch(request),
            patient_id: &call.context.patient_id,
            user_id: &call.context.user_id,
            encounter_id: call.context.encounter_id.as_deref(),
            orders: &orders,
            terminology: &content.record.terminology,
        };
        let fetched = fetch(&self.http, server, &question).await;
        for (search, reason) in fetched.reasons() {
            tracing::info!(search = search.key(), %reason, "not fetched from the EHR");
        }
        Some(fetched)
    }
}
