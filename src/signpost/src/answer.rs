//! From body bytes to response bytes: what the HTTP face, the command line and the benchmarks all call.

use futures_util::future::join;
use hooks::{HookRequest, Services};
use jiff::Timestamp;

use crate::cards::{self, Unrecognized};
use crate::content::{Content, Service};
use crate::decision::{Call, Decisions, decide, decide_by, prefetch, read_record};
use crate::ehr_access::EhrAccess;
use crate::refusal::Refusal;

/// The body of the answer to a hook call, by what the request brought alone.
///
/// # Errors
/// If the request is refused: see [`decide`].
pub fn answer(content: &Content, service: &Service, body: &[u8], at: Timestamp) -> Result<Vec<u8>, Refusal> {
    let request = HookRequest::read_with(body, Some(service.file.hook.as_str()))?;
    written(content, service, &decide(content, service, request, at)?, &[], at)
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
    let until = ehr.deadline();
    let hook = service.file.hook.as_str();
    let request = HookRequest::read_with(body, Some(hook))?;
    if request.fhir_server.is_none() {
        return written(content, service, &decide(content, service, request, at)?, &[], at);
    }
    // What may have to be completed from the EHR is needed as it came.
    let request = HookRequest::read_for(hook, body)?;
    let mut call = Call::read(content, service, &request)?;
    // For an order that is ours by its name the record is read at the same time as what names it exactly.
    let (drugs, mut fetched) =
        join(ehr.drugs(&request, &call, until), ehr.fetch(content, service, &request, &call, until)).await;
    let texts = drugs.texts();
    if !texts.is_empty() {
        call = Call::read_with(content, service, &request, &texts)?;
        if fetched.is_none() {
            fetched = ehr.fetch(content, service, &request, &call, until).await;
        }
    }
    let unrecognized = drugs.unrecognized(&call);
    let prefetch = prefetch(&request);
    let texts = fetched.as_ref().map_or_else(|| prefetch.clone(), |fetched| fetched.with(&prefetch));
    let has_time = |search| fetched.as_ref().is_none_or(|fetched| fetched.has_time(search));
    let mut record = read_record(content, service, &call, &texts, &has_time);
    for (search, reason) in fetched.iter().flat_map(|fetched| fetched.reasons()) {
        record.lacks(search, reason);
    }
    let decisions = decide_by(content, service, call, &record, fetched.is_some(), at)?;
    written(content, service, &decisions, &unrecognized, at)
}

fn written(
    content: &Content,
    service: &Service,
    decisions: &Decisions<'_, '_>,
    unrecognized: &[Unrecognized],
    at: Timestamp,
) -> Result<Vec<u8>, Refusal> {
    let mut response = cards::response(content, service, &day(at), decisions);
    let unchecked = unrecognized.iter().map(|order| order.card(service, &decisions.hook_instance));
    response.cards.extend(unchecked);
    // Long enough for most answers, so that the text is rarely moved.
    let mut body = Vec::with_capacity(16 * 1024);
    serde_json::to_writer(&mut body, &response).map_err(|_| Refusal::internal())?;
    Ok(body)
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
