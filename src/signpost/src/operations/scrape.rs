//! `GET /metrics`: what is counted and what is so now, as Prometheus reads it (OpenMetrics 1.0 text).

use std::sync::atomic::AtomicU64;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use journal::Health;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

use super::Metrics;
use crate::http::App;
use crate::recording::BUILD;

pub(super) async fn metrics(State(app): State<App>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &registry(&app)) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Everything, made for one scrape: what is counted is shared, what is so now is looked up.
fn registry(app: &App) -> Registry {
    let mut registry = Registry::default();
    let started = Gauge::<f64, AtomicU64>::default();
    started.set(app.metrics().started);
    registry.register("process_start_time_seconds", "When the process began, since 1970", started);
    let content = app.live().content.hash.clone();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let build = [("version", version), ("build", BUILD.to_owned()), ("content", content)];
    let mut ours = Ours(registry.sub_registry_with_prefix("signpost"));
    ours.add("build", "The program, and the hash of the content in force", Info::new(build.to_vec()));
    counted(&mut ours, app.metrics());
    carried(&mut ours, app);
    journal(&mut ours, app);
    registry
}

struct Ours<'r>(&'r mut Registry);

impl Ours<'_> {
    fn add(&mut self, name: &str, help: &str, metric: impl Metric) {
        self.0.register(name, help, metric);
    }

    fn now(&mut self, name: &str, help: &str, value: usize) {
        let gauge: Gauge = Gauge::default();
        gauge.set(value.try_into().unwrap_or(i64::MAX));
        self.add(name, help, gauge);
    }
}

fn counted(ours: &mut Ours<'_>, metrics: &Metrics) {
    ours.add("hook_calls", "Hook calls that were answered", metrics.calls.clone());
    ours.add(
        "hook_call_seconds",
        "Time from the head of a hook call to its answer",
        metrics.call_time.clone(),
    );
    ours.add("hook_calls_hung_up", "Hook calls whose caller did not wait", metrics.hung_up.clone());
    ours.add("step_seconds", "Time of each step of an answer", metrics.step_time.clone());
    ours.add("cards", "Cards that were sent", metrics.cards.clone());
    ours.add("determinations", "What policies came to", metrics.determinations.clone());
    ours.add("gaps", "Reasons for which a data element was not known", metrics.gaps.clone());
    ours.add("ehr_searches", "Searches at the EHRs' FHIR servers", metrics.searches.clone());
    ours.add("ehr_search_seconds", "Time of these searches", metrics.search_time.clone());
    ours.add("journal_writes", "Calls whose decisions were written down, or not", metrics.writes.clone());
    ours.add(
        "journal_write_seconds",
        "Time that an answer waited for its record",
        metrics.write_time.clone(),
    );
    ours.add("feedback", "Reports of what users did with cards", metrics.feedback.clone());
    ours.add("feedback_taken", "What these reports were", metrics.feedback_taken.clone());
    ours.add("refused_callers", "Callers that were not let in", metrics.refused.clone());
}

fn carried(ours: &mut Ours<'_>, app: &App) {
    let load = app.load();
    ours.now("requests_under_way", "Requests that are being answered", load.under_way());
    ours.now("requests_waiting", "Requests that wait for a processor, or have one", load.waiting());
    ours.add("turned_away", "Requests and connections beyond what is carried", load.turned_away().clone());
    ours.now("stopping", "1 while the service is about to end", load.is_stopping().into());
}

fn journal(ours: &mut Ours<'_>, app: &App) {
    let live = app.live();
    let Some(recording) = &live.recording else { return };
    let is_up = recording.journal().health() == Health::Up;
    ours.now("journal_up", "1 while the journal can be written", is_up.into());
    ours.now("journal_required", "1 where no card goes without its record", recording.is_required().into());
    ours.now("journal_waiting", "Calls that wait for the journal", recording.journal().waiting());
}
