//! Access to the EHRs' FHIR servers, as the service has it.

use std::time::Duration;

use ehr::fetch::{Client, Fetched, Question, Server, fetch, medications};
use hooks::HookRequest;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::content::{Content, Service};
use crate::decision::{Call, prefetch};

/// How long an answer may wait for the EHR: an order-sign should be answered in five seconds (Da Vinci CRD found-2).
pub const DEADLINE: Duration = Duration::from_secs(4);

/// The client, and how long to wait for it.
#[derive(Debug, Clone)]
pub struct EhrAccess {
    client: Client,
    within: Duration,
}

impl EhrAccess {
    /// Access with this client, within this time from the arrival of a call.
    #[must_use]
    pub fn new(client: Client, within: Duration) -> Self {
        Self { client, within }
    }

    /// When the answer to a call that arrives now must go out.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        let now = Instant::now();
        now.checked_add(self.within).unwrap_or(now)
    }

    /// Where a request may be read from. `None` without access: neither a token nor an open server that may be called.
    fn server<'q>(&self, request: &'q HookRequest<'_>, until: Instant) -> Option<Server<'q>> {
        let base = request.fhir_server.as_deref()?;
        let authorization = request.fhir_authorization.as_ref();
        let has_access = authorization.is_some() || self.client.bases().admit(base).is_some();
        has_access.then_some(Server { base, authorization, until })
    }

    /// Reads the drugs of draft orders that stand in resources of their own: whether an order is ours hangs on them.
    pub async fn drugs(
        &self,
        request: &HookRequest<'_>,
        call: &Call<'_>,
        until: Instant,
    ) -> Vec<Box<RawValue>> {
        let ids = call.drafts.unresolved();
        match self.server(request, until).filter(|_| !ids.is_empty()) {
            Some(server) => medications(&self.client, server, &ids).await,
            None => Vec::new(),
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
        let orders = call.orders();
        if orders.is_empty() {
            return None;
        }
        let question = Question {
            wanted: &service.searches,
            templates: &service.prefetch,
            prefetch: &prefetch(request),
            patient_id: &call.context.patient_id,
            user_id: &call.context.user_id,
            encounter_id: call.context.encounter_id.as_deref(),
            orders: &orders,
            terminology: &content.record.terminology,
        };
        let fetched = fetch(&self.client, server, &question).await;
        for (search, reason) in fetched.reasons() {
            tracing::info!(search = search.key(), %reason, "not fetched from the EHR");
        }
        Some(fetched)
    }
}
