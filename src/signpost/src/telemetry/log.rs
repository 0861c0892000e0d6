//! What is written where.

use std::io::{IsTerminal, stderr};
use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};
use url::Url;

use super::{STEPS, traces};
use crate::config::LogFormat;

/// What waits for the collector may take so long when the service ends.
const LAST: Duration = Duration::from_secs(2);

/// Logs and traces, for as long as this is there; then the last traces are sent.
#[derive(Debug)]
pub struct Telemetry {
    provider: Option<SdkTracerProvider>,
}

impl Telemetry {
    /// Begins to log in this format, and to send traces if there is a collector. Not within a Tokio runtime: the
    /// collector is called from a thread of its own.
    ///
    /// # Errors
    /// If the HTTP client for the collector cannot be made. A collector that is not there is no error.
    pub fn start(format: LogFormat, collector: Option<&Url>) -> anyhow::Result<Self> {
        let provider = collector.map(traces::provider).transpose()?;
        let traces = provider.as_ref().map(|provider| {
            let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("signpost"));
            let layer = layer.with_location(false).with_threads(false).with_tracked_inactivity(false);
            layer.with_target(false).with_level(false).with_filter(filter_fn(is_ours))
        });
        // A second subscriber in one process (tests) is no reason to fail.
        let _ = tracing_subscriber::registry().with(lines(format)).with(traces).try_init();
        Ok(Self { provider })
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        if let Some(provider) = &self.provider {
            let _ = provider.shutdown_with_timeout(LAST);
        }
    }
}

/// Logs for people, for commands that answer nobody.
pub fn log_text() {
    let _ = tracing_subscriber::registry().with(lines(LogFormat::Text)).try_init();
}

fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
{
    // Colours are for eyes: a file or a collector would keep them as noise in every name.
    let lines = tracing_subscriber::fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal());
    match format {
        LogFormat::Text => lines.with_filter(filter()).boxed(),
        LogFormat::Json => {
            lines.json().with_current_span(true).with_span_list(false).with_filter(filter()).boxed()
        }
    }
}

fn filter() -> EnvFilter {
    let filter = EnvFilter::try_from_env("SIGNPOST_LOG").unwrap_or_else(|_| "info".into());
    // HTTP/2 logs the frames that it sends, and these name patients; sqlx logs every statement, page after page.
    let steps = format!("{STEPS}=off");
    ["h2=warn", "hyper_util=warn", "sqlx=warn", &steps]
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, EnvFilter::add_directive)
}

/// Whatever the log shows, traces hold what is ours and no more.
fn is_ours(metadata: &Metadata<'_>) -> bool {
    let is_ours = metadata.target() == STEPS || metadata.target().starts_with("signpost");
    is_ours && *metadata.level() <= Level::INFO
}
