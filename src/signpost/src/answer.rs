//! From body bytes to response bytes: what the HTTP face, the command line and the benchmarks all call.

use hooks::{HookRequest, Services};
use jiff::Timestamp;

use crate::cards;
use crate::content::{Content, Service};
use crate::decision::decide;
use crate::refusal::Refusal;

/// The body of the answer to a hook call.
///
/// # Errors
/// If the request is refused: see [`decide`].
pub fn answer(content: &Content, service: &Service, body: &[u8], at: Timestamp) -> Result<Vec<u8>, Refusal> {
    let request = HookRequest::read_for(service.file.hook.as_str(), body)?;
    let decisions = decide(content, service, &request, at)?;
    let response = cards::response(content, service, &request.hook_instance, &day(at), &decisions);
    serde_json::to_vec(&response).map_err(|_| Refusal::internal())
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
