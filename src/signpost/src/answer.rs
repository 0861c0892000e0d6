//! From body bytes to response bytes: what the HTTP face, the command line and the benchmarks all call.

use std::collections::BTreeMap;
use std::time::Duration;

use ehr::record::Sent;
use futures_util::future::join;
use hooks::{HookRequest, Services};
use jiff::Timestamp;
use tracing::Instrument;
use uuid::Uuid;

use crate::cards::{self, Unrecognized};
use crate::content::{Content, Service};
use crate::decision::{Call, Decisions, decide, decide_by, decide_whole, prefetch, read_record};
use crate::ehr_access::EhrAccess;
use crate::recording::{self, Clock, Recorded};
use crate::refusal::Refusal;
use crate::tally::Tally;
use crate::telemetry::STEPS;

/// The body of the answer to a hook call, by what the request brought alone.
///
/// # Errors
/// If the request is refused: see [`decide`].
pub fn answer(content: &Content, service: &Service, body: &[u8], at: Timestamp) -> Result<Vec<u8>, Refusal> {
    answered(content, service, body, at, None).map(|answer| answer.body)
}

/// An answer, and what is to be written down before it leaves.
#[derive(Debug)]
pub struct Answer {
    /// The body.
    pub body: Vec<u8>,
    /// A record of each decision; none where nothing is recorded.
    pub records: Vec<journal::record::Decision>,
    /// What it comes to, to be counted.
    pub tally: Tally,
}

/// As [`answer`], with its records.
///
/// # Errors
/// As [`answer`].
pub fn answered(
    content: &Content,
    service: &Service,
    body: &[u8],
    at: Timestamp,
    recorded: Option<Recorded<'_>>,
) -> Result<Answer, Refusal> {
    let keeping = Keeping::of(recorded);
    let request = HookRequest::read_with(body, Some(service.file.hook.as_str()))?;
    by_prefetch((content, service), request, at, keeping)
}

fn by_prefetch<'a>(
    (content, service): (&Content, &Service),
    request: HookRequest<'a, Sent<'a>>,
    at: Timestamp,
    mut keeping: Keeping<'_>,
) -> Result<Answer, Refusal> {
    let base = request.fhir_server.clone();
    let _deciding = tracing::info_span!(target: STEPS, "decide").entered();
    let decisions = decide(content, service, request, at)?;
    keeping.clock.ends("decide");
    written((content, service), base.as_deref(), &decisions, &[], at, keeping)
}

/// The body of the answer to a hook call, by what the request brought and what the EHR's FHIR server has beside it.
///
/// # Errors
/// As [`answer`]. An EHR that fails is no error: what did not come is a gap.
pub async fn answer_with(
    ehr: &EhrAccess,
    content: &Content,
    service: &Service,
    body: &[u8],
    at: Timestamp,
) -> Result<Vec<u8>, Refusal> {
    answered_with(ehr, content, service, body, at, None).await.map(|answer| answer.body)
}

/// As [`answer_with`], with its records.
///
/// # Errors
/// As [`answer_with`].
pub async fn answered_with(
    ehr: &EhrAccess,
    content: &Content,
    service: &Service,
    body: &[u8],
    at: Timestamp,
    recorded: Option<Recorded<'_>>,
) -> Result<Answer, Refusal> {
    let mut keeping = Keeping::of(recorded);
    let until = ehr.deadline();
    let hook = service.file.hook.as_str();
    let request = HookRequest::read_with(body, Some(hook))?;
    if !ehr.may_read(&request) {
        return by_prefetch((content, service), request, at, keeping);
    }
    let base = request.fhir_server.clone();
    if let Some(decisions) = decide_whole(content, service, request, at)? {
        keeping.clock.ends("decide");
        return written((content, service), base.as_deref(), &decisions, &[], at, keeping);
    }
    // What may have to be completed from the EHR is needed as it came.
    let request = HookRequest::read_for(hook, body)?;
    let mut call = Call::read(content, service, &request)?;
    // For an order that is ours by its name the record is read at the same time as what names it exactly.
    let fetching = tracing::info_span!(target: STEPS, "fetch");
    let (drugs, mut fetched) =
        join(ehr.drugs(&request, &call, until), ehr.fetch(content, service, &request, &call, until))
            .instrument(fetching.clone())
            .await;
    let texts = drugs.texts();
    if !texts.is_empty() {
        call = Call::read_with(content, service, &request, &texts)?;
        if fetched.is_none() {
            let fetch = ehr.fetch(content, service, &request, &call, until);
            fetched = fetch.instrument(fetching.clone()).await;
        }
    }
    drop(fetching);
    let _deciding = tracing::info_span!(target: STEPS, "decide").entered();
    let unrecognized = drugs.unrecognized(&call);
    keeping.clock.ends("fetch");
    let prefetch = prefetch(&request);
    let texts = fetched.as_ref().map_or_else(|| prefetch.clone(), |fetched| fetched.with(&prefetch));
    let has_time = |search| fetched.as_ref().is_none_or(|fetched| fetched.has_time(search));
    let mut record = read_record(content, service, &call, &texts, &has_time);
    for (search, reason) in fetched.iter().flat_map(|fetched| fetched.reasons()) {
        record.lacks(search, reason);
    }
    keeping.clock.ends("read the record");
    let decisions = decide_by(content, service, call, record, fetched.is_some(), at)?;
    keeping.clock.ends("decide");
    if keeping.recorded.is_some() {
        keeping.fetched =
            fetched.as_ref().map_or_else(BTreeMap::new, |fetched| fetched.references(&prefetch));
    }
    let mut answer = written((content, service), base.as_deref(), &decisions, &unrecognized, at, keeping)?;
    answer.tally.asked = fetched.as_ref().map_or_else(Vec::new, |fetched| fetched.asked().to_vec());
    Ok(answer)
}

/// What a record needs beside what the answer does.
struct Keeping<'r> {
    recorded: Option<Recorded<'r>>,
    /// What came from the EHR's FHIR server; the rest was sent.
    fetched: BTreeMap<String, Duration>,
    clock: Clock,
}

impl<'r> Keeping<'r> {
    fn of(recorded: Option<Recorded<'r>>) -> Self {
        Self { recorded, fetched: BTreeMap::new(), clock: Clock::default() }
    }
}

fn written(
    (content, service): (&Content, &Service),
    fhir_server: Option<&str>,
    decisions: &Decisions<'_, '_>,
    unrecognized: &[Unrecognized],
    at: Timestamp,
    keeping: Keeping<'_>,
) -> Result<Answer, Refusal> {
    let Keeping { recorded, fetched, mut clock } = keeping;
    let ids: Vec<Uuid> =
        decisions.orders.iter().filter(|_| recorded.is_some()).map(|_| Uuid::now_v7()).collect();
    let links = recorded.and_then(|recorded| recorded.links);
    let explanations: Vec<String> =
        links.iter().flat_map(|links| ids.iter().map(|id| links.to(*id, at))).collect();
    let mut response = cards::response_with(content, service, &day(at), decisions, &explanations);
    let unchecked = unrecognized.iter().map(|order| order.card(service, &decisions.hook_instance));
    response.cards.extend(unchecked);
    // Long enough for most answers, so that the text is rarely moved.
    let mut body = Vec::with_capacity(16 * 1024);
    serde_json::to_writer(&mut body, &response).map_err(|_| Refusal::internal())?;
    clock.ends("cards");
    let records = recorded.map(|recorded| {
        let fhir_server = fhir_server.unwrap_or_default();
        let (response, ids) = (&response, ids.as_slice());
        let fetched = &fetched;
        let call = recording::Call { content, service, fhir_server, recorded, response, at, ids, fetched };
        recording::records(&call, decisions, unrecognized, &clock)
    });
    let tally = Tally::of(decisions, &response, clock.steps());
    Ok(Answer { body, records: records.unwrap_or_default(), tally })
}

/// The body of the answer to discovery.
///
/// # Errors
/// If it cannot be written, which would be a defect.
pub fn discovery(content: &Content) -> Result<Vec<u8>, Refusal> {
    let services = content.services.iter().map(|service| hooks::Service {
        hook: service.file.hook.as_str().into(),
        id: service.file.id.clone(),
        title: Some(service.file.title.clone()),
        description: service.file.description.clone(),
        prefetch: service.prefetch.clone(),
        usage_requirements: service.file.usage_requirements.clone(),
        extension: None,
    });
    serde_json::to_vec(&Services { services: services.collect() }).map_err(|_| Refusal::internal())
}

/// The day of an instant in UTC, `YYYY-MM-DD`.
#[must_use]
pub fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
