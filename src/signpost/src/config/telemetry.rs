//! `[log]` and `[telemetry]`: what is written of each request, and where to.

use url::Url;

use super::section::Section;
use super::urls;

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

const FORMATS: [(&str, LogFormat); 2] = [("text", LogFormat::Text), ("json", LogFormat::Json)];

pub(super) fn log(section: &Section<'_>) -> LogFormat {
    section.choice("format", &FORMATS).unwrap_or_default()
}

/// Where traces go: the base of a collector's OTLP over HTTP, below which `/v1/traces` is.
pub(super) fn otlp(section: &Section<'_>) -> Option<Url> {
    let endpoint = section.parsed("otlp_endpoint", urls::collector);
    if section.is_there() {
        section.needs("otlp_endpoint", "the base URL of a collector, such as `http://127.0.0.1:4318`");
    }
    endpoint
}
