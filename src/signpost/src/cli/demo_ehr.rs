//! `signpost demo-ehr`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use tokio::net::TcpListener;

use super::serve::stopped;
use crate::demo_ehr::{DemoEhr, Failure};

/// Serve the bundled patients over a small read-only FHIR R4 API.
#[derive(Debug, clap::Args)]
pub(super) struct ServeDemoEhr {
    /// Address to listen on; the base is `http://ADDR/fhir`.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Ask for this bearer token.
    #[arg(long, value_name = "T")]
    token: Option<String>,
    /// Fail: a status (`500`) or slow, busy-once, half-body, half-json, html, wrong-patient, outcome, next-loop,
    /// next-elsewhere, next-endless, redirect, empty-search, empty-code-search, empty-patient-search, unknown-parameter,
    /// few-parameters, include-patient, empty-last-page, small-pages; for one resource type with `:TYPE`. The base `http://ADDR/fail/WAY/fhir` does the
    /// same for one caller.
    #[arg(long, value_name = "WAY")]
    fail: Option<Failure>,
    /// Take this long for every answer, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    delay_ms: u64,
}

impl ServeDemoEhr {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        crate::telemetry::log_text();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve())?;
        Ok(true)
    }

    async fn serve(&self) -> anyhow::Result<()> {
        let listener = TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("cannot listen on {}", self.listen))?;
        super::print(&welcome(listener.local_addr()?))?;
        let ehr = DemoEhr::new(Timestamp::now())
            .with_token(self.token.clone())
            .with_failure(self.fail.clone())
            .with_delay(Duration::from_millis(self.delay_ms));
        axum::serve(listener, ehr.router()).with_graceful_shutdown(stopped()).await?;
        Ok(())
    }
}

fn welcome(address: SocketAddr) -> String {
    format!(
        "The demo EHR's FHIR base is http://{address}/fhir (synthetic patients, read-only)\n\n\
         With `signpost` serving beside it, post a request that brings no data of its own:\n\n  \
         signpost example --fhir-server http://{address}/fhir | curl -sS -H 'Content-Type: application/json' \
         --data-binary @- http://127.0.0.1:8080/cds-services/coverage-order-sign\n\n\
         Stop with Ctrl-C.\n"
    )
}
