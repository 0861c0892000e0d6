//! `signpost serve`.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context;
use ehr::fetch::{Addresses, Bases, Client};
use jiff::Timestamp;

use super::ContentOption;
use crate::ehr_access::{DEADLINE, EhrAccess};
use crate::http::{App, Live};
use crate::serving::{self, Bounds};

/// Answer CDS Hooks calls over HTTP.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// Address to listen on. Without client trust only loopback addresses are allowed.
    #[arg(long, value_name = "ADDR", default_value = DEFAULT_ADDRESS)]
    listen: SocketAddr,
    #[command(flatten)]
    content: ContentOption,
    #[command(flatten)]
    fhir: FhirOptions,
}

/// Where the record may be read that a request does not bring.
#[derive(Debug, Clone, clap::Args)]
struct FhirOptions {
    /// Base URL of a FHIR server that may be called (repeatable; https). An open service may also call this machine.
    #[arg(long = "fhir-server", value_name = "BASE")]
    servers: Vec<String>,
    /// Let these servers have addresses in private networks (10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7).
    #[arg(long = "fhir-private-network")]
    private_network: bool,
    /// How long an answer may wait for the FHIR server, in milliseconds; what has not come by then is a gap.
    #[arg(long, value_name = "MS", default_value_t = default_deadline())]
    ehr_deadline_ms: u64,
    /// For so many seconds (at most 30) what was read may serve the same patient, user and token again; 0: never.
    #[arg(long, value_name = "S", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=30))]
    ehr_cache_seconds: u64,
}

fn default_deadline() -> u64 {
    u64::try_from(DEADLINE.as_millis()).unwrap_or(u64::MAX)
}

impl Default for FhirOptions {
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            private_network: false,
            ehr_deadline_ms: default_deadline(),
            ehr_cache_seconds: 0,
        }
    }
}

impl FhirOptions {
    /// Access to these servers; an open service, which listens on loopback only, may call loopback.
    fn access(&self) -> anyhow::Result<EhrAccess> {
        let addresses = Addresses { loopback: true, private: self.private_network };
        let client = Client::new(Bases::new(&self.servers, addresses)?)?;
        if !client.has_certificates() {
            tracing::warn!(
                "this machine has no certificates to check FHIR servers by: none can be called over https"
            );
        }
        let client = client.keeping(Duration::from_secs(self.ehr_cache_seconds));
        Ok(EhrAccess::new(client, Duration::from_millis(self.ehr_deadline_ms)))
    }
}

const DEFAULT_ADDRESS: &str = "127.0.0.1:8080";

impl Default for Serve {
    fn default() -> Self {
        let listen = DEFAULT_ADDRESS.parse().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 8080)));
        Self { listen, content: ContentOption { content: None }, fhir: FhirOptions::default() }
    }
}

impl Serve {
    pub(super) fn run(&self) -> anyhow::Result<bool> {
        log_to_stderr();
        // Anyone who reaches an open service can send it records and read what it makes of them.
        anyhow::ensure!(
            self.listen.ip().is_loopback(),
            "the service is open (it knows no clients yet), so it listens on loopback only; `{}` is not a loopback address",
            self.listen.ip()
        );
        let ehr = self.fhir.access()?;
        let content = self.content.load()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(self.serve(content, ehr))?;
        Ok(true)
    }

    async fn serve(&self, content: crate::content::Content, ehr: EhrAccess) -> anyhow::Result<()> {
        let listener =
            TcpListener::bind(self.listen).with_context(|| format!("cannot listen on {}", self.listen))?;
        let address = listener.local_addr()?;
        let ids: Vec<String> = content.services.iter().map(|service| service.file.id.clone()).collect();
        super::print(&welcome(address, &ids))?;
        let bounds = Bounds::default();
        let app = App::of(Live { content: content.into(), ehr: Some(ehr) }, Timestamp::now, bounds);
        let load = app.load().clone();
        serving::serve(listener, None, app.router(), &bounds, &load, stopped()).await?;
        Ok(())
    }
}

/// What a newcomer should know and can try at once.
fn welcome(address: SocketAddr, services: &[String]) -> String {
    let this = std::env::current_exe().map_or_else(|_| "signpost".into(), |path| path.display().to_string());
    let service = services.first().map_or("", String::as_str);
    format!(
        "Signpost listens on http://{address}\n\
         It runs OPEN: it asks no caller who they are, and so answers on this machine (loopback) only.\n\
         Services: http://{address}/cds-services\n\n\
         Post a bundled order-sign request and see its cards:\n\n  \
         {this} example | curl -sS -H 'Content-Type: application/json' --data-binary @- http://{address}/cds-services/{service}\n\n\
         Explain the same answer, offline:\n\n  \
         {this} example > request.json && {this} evaluate request.json\n\n\
         Stop with Ctrl-C.\n"
    )
}

pub(super) fn log_to_stderr() {
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("SIGNPOST_LOG").unwrap_or_else(|_| "info".into());
    // HTTP/2 logs the frames that it sends, and these name patients.
    let filter = ["h2=warn", "hyper_util=warn"]
        .iter()
        .filter_map(|directive| directive.parse().ok())
        .fold(filter, tracing_subscriber::EnvFilter::add_directive);
    // A second subscriber in one process (tests) is no reason to fail.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Waits for Ctrl-C or SIGTERM.
pub(super) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
