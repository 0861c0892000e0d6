//! Traces: whose call a request belongs to, and where its spans go.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider};
use rustls::crypto::ring;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use url::Url;

use crate::recording::BUILD;

/// How long the collector may take for one batch; no call waits for it.
const EXPORT: Duration = Duration::from_secs(2);

/// How often spans are sent.
const EVERY: Duration = Duration::from_secs(1);

/// The most spans that wait to be sent; more are dropped.
const MOST: usize = 4096;

const HEADER: &str = "traceparent";

/// Sends spans to a collector, in batches, from a thread of its own.
pub(super) fn provider(collector: &Url) -> anyhow::Result<SdkTracerProvider> {
    // Only the first one counts; whoever was first has chosen for the whole process.
    let _ = ring::default_provider().install_default();
    let http = reqwest::blocking::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(EXPORT)
        .build()?;
    let endpoint = format!("{}/v1/traces", collector.as_str().trim_end_matches('/'));
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(http)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint)
        .with_timeout(EXPORT)
        .build()?;
    let batches = BatchConfigBuilder::default().with_max_queue_size(MOST).with_scheduled_delay(EVERY).build();
    let processor = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
    let version = KeyValue::new("service.version", BUILD);
    let resource = Resource::builder_empty().with_service_name("signpost").with_attribute(version).build();
    Ok(SdkTracerProvider::builder()
        .with_span_processor(processor)
        .with_resource(resource)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
        .build())
}

/// Whose span a request is a part of, by its one `traceparent` (W3C Trace Context, version 00). `tracestate` is left out:
/// it is free text of the caller's, which would be passed on.
pub(super) fn parent(headers: &HeaderMap) -> Option<SpanContext> {
    let mut values = headers.get_all(HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let mut parts = value.to_str().ok()?.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |text: &str, length| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_one = version == "00" && is_hex(trace, 32) && is_hex(span, 16) && is_hex(flags, 2);
    if !is_one || parts.next().is_some() {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    Some(SpanContext::new(trace, span, flags, true, TraceState::NONE)).filter(SpanContext::is_valid)
}

/// Makes a span a part of the caller's.
pub(super) fn adopt(span: &Span, parent: SpanContext) {
    let _ = span.set_parent(Context::new().with_remote_span_context(parent));
}

/// The trace that a span belongs to, where traces are sent.
pub(super) fn trace_of(span: &Span) -> Option<TraceId> {
    let context = span.context();
    let context = context.span().span_context().clone();
    context.is_valid().then(|| context.trace_id())
}

/// What a request that is sent now says of the span that it is a part of; nothing where traces are not sent.
#[must_use]
pub fn traceparent() -> Option<(&'static str, HeaderValue)> {
    let context = Span::current().context();
    let context = context.span().span_context().clone();
    let flags = context.trace_flags().to_u8();
    let text = format!("00-{}-{}-{flags:02x}", context.trace_id(), context.span_id());
    HeaderValue::from_str(&text).ok().filter(|_| context.is_valid()).map(|value| (HEADER, value))
}
