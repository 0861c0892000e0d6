//! The span of a request: every line of its log shows it, and its trace begins with it.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use journal::record::Decision;
use tracing::field::{Empty, display};
use tracing::{Instrument, Span};

use super::traces;
use crate::http::App;

/// Gives a request its span, and writes one line when it is answered.
pub(crate) async fn traced(State(app): State<App>, request: Request, next: Next) -> Response {
    let span = span(&app, &request);
    async {
        let start = Instant::now();
        let response = next.run(request).await;
        let status = response.status().as_u16();
        let span = Span::current();
        span.record("status", status);
        span.record("duration_ms", start.elapsed().as_secs_f64() * 1e3);
        if status >= 500 {
            span.record("otel.status_code", "ERROR");
        }
        tracing::info!("answered");
        response
    }
    .instrument(span)
    .await
}

/// An error span, for the lines of errors show it too, however little is logged. What is no service of ours is the
/// caller's own word, and stays out.
fn span(app: &App, request: &Request) -> Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let span = tracing::error_span!(
        "request",
        otel.name = route,
        otel.kind = "server",
        otel.status_code = Empty,
        route,
        service = Empty,
        client = Empty,
        decisions = Empty,
        status = Empty,
        duration_ms = Empty,
        trace_id = Empty,
    );
    let id = request.uri().path().strip_prefix("/cds-services/").and_then(|rest| rest.split('/').next());
    let live = app.live();
    if let Some(service) = id.and_then(|id| live.content.service(id)) {
        span.record("service", &service.file.id);
    }
    let parent = traces::parent(request.headers());
    let callers = parent.as_ref().map(|parent| parent.trace_id());
    if let Some(parent) = parent {
        traces::adopt(&span, parent);
    }
    if let Some(trace) = traces::trace_of(&span).or(callers) {
        span.record("trace_id", display(trace));
    }
    span
}

/// Notes who calls.
pub(crate) fn knows_client(name: &str) {
    Span::current().record("client", name);
}

/// Notes what was decided.
pub(crate) fn knows_decisions(decisions: &[Decision]) {
    let ids: Vec<String> = decisions.iter().map(|decision| decision.id.to_string()).collect();
    if !ids.is_empty() {
        Span::current().record("decisions", ids.join(" "));
    }
}
