//! `signpost serve`.

use std::future::pending;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use ehr::fetch::Client;
use futures_util::future::try_join;
use jiff::Timestamp;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::ContentOption;
use super::running::{Running, Tls, Told};
use crate::config::{Config, Flag};
use crate::ehr_access::{Deadline, EhrAccess};
use crate::http::{App, Live};
use crate::recording::{Recording, Tokens};
use crate::serving;
use crate::telemetry::{Telemetry, traceparent};
use crate::trust::{JtiStore, KeyTimes, Memory, Trust};

/// Answer CDS Hooks calls over HTTP.
///
/// What a flag says stands before the variable of the environment with the same meaning (`SIGNPOST_LISTEN`,
/// `SIGNPOST_EHR_DEADLINE_MS`, ...), and that before the file.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Serve {
    /// Configuration file (TOML): who may call, and everything else that can be set. Without clients the service is
    /// open, and listens on loopback only.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1:8080]; `listen` of the configuration.
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    content: ContentOption,
    #[command(flatten)]
    fhir: FhirOptions,
}

/// Where the record may be read that a request does not bring.
#[derive(Debug, Clone, Default, clap::Args)]
struct FhirOptions {
    /// Base URL of a FHIR server that an open service may call (repeatable; https). It may also call this machine.
    /// `ehr.fhir_servers`; clients have their own.
    #[arg(long = "fhir-server", value_name = "BASE")]
    servers: Vec<String>,
    /// Let FHIR servers have addresses in private networks (10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7).
    /// `ehr.private_network`.
    #[arg(long = "fhir-private-network")]
    private_network: bool,
    /// How long an answer may wait for the FHIR server, in milliseconds; what has not come by then is a gap
    /// [default: 4000]. `ehr.deadline_ms`.
    #[arg(long, value_name = "MS")]
    ehr_deadline_ms: Option<Deadline>,
    /// For so many seconds (at most 30) what was read may serve the same patient, user and token again [default: 0,
    /// never]. `ehr.cache_seconds`.
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u64).range(0..=30))]
    ehr_cache_seconds: Option<u64>,
}

impl Serve {
    /// The flags that were given, as the settings that they stand for.
    fn flags(&self) -> Vec<Flag> {
        let one =
            |name, key, value: Option<String>| value.map(|value| Flag { name, key, values: vec![value] });
        let fhir = &self.fhir;
        let servers = Flag { name: "--fhir-server", key: "ehr.fhir_servers", values: fhir.servers.clone() };
        let content = self.content.content.as_ref().map(|path| path.display().to_string());
        let flags = [
            one("--listen", "listen", self.listen.map(|address| address.to_string())),
            one("--content", "content", content),
            Some(servers).filter(|servers| !servers.values.is_empty()),
            one("--fhir-private-network", "ehr.private_network", fhir.private_network.then(|| "true".into())),
            one("--ehr-deadline-ms", "ehr.deadline_ms", fhir.ehr_deadline_ms.map(|ms| ms.to_string())),
            one("--ehr-cache-seconds", "ehr.cache_seconds", fhir.ehr_cache_seconds.map(|s| s.to_string())),
        ];
        flags.into_iter().flatten().collect()
    }

    pub(super) fn run(&self) -> anyhow::Result<bool> {
        let config = super::config::read(self.config.as_deref(), self.flags())?;
        // Dropped last, when there is no more to say.
        let _telemetry = Telemetry::start(config.log, config.otlp.as_ref())?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        // The journal's writer runs in it.
        let _inside = runtime.enter();
        let (config, told) = self.told(None)?;
        runtime.block_on(self.serve(&config, told))?;
        Ok(true)
    }

    /// Reads everything that the service is told: the configuration, and the files that it names. What is known of the
    /// clients of before (their keys, the tokens that they used) is kept.
    fn told(&self, before: Option<&Live>) -> anyhow::Result<(Config, Told)> {
        let config = super::config::read(self.config.as_deref(), self.flags())?;
        let recording = match before {
            Some(before) => before.recording.clone(),
            None => recording(&config)?,
        };
        let trust = match before.and_then(|before| before.trust.as_deref()) {
            Some(before) => before.renewed(&config)?,
            None => Trust::of(&config, seen(recording.as_ref()), Timestamp::now, KeyTimes::default())?,
        };
        let content = ContentOption { content: config.content.clone() }.load()?;
        let content = content.into();
        let live = Live { content, ehr: Some(access(&config)?), trust: trust.map(Arc::new), recording };
        let tls = Tls::of(&config)?;
        Ok((config, Told { live, tls }))
    }

    async fn serve(&self, config: &Config, told: Told) -> anyhow::Result<()> {
        let listener = TcpListener::bind(config.listen)
            .with_context(|| format!("cannot listen on {}", config.listen))?;
        let address = listener.local_addr()?;
        let ids: Vec<String> =
            told.live.content.services.iter().map(|service| service.file.id.clone()).collect();
        let scheme = if told.tls.service.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{address}");
        match &told.live.trust {
            Some(trust) => {
                trust.fetch_keys().await;
                super::print(&format!("Signpost listens on {url}\n{}", super::config::summary(config)))?;
            }
            None => {
                tracing::warn!("the service is open: it asks no caller who they are");
                super::print(&welcome(&url, &ids))?;
            }
        }
        let app = App::of(told.live, Timestamp::now, config.load).with_origins(&config.cors_origins);
        let running = Running::with(app, config, told.tls);
        let operations = running.operations(config)?;
        let (ending, ended) = oneshot::channel::<()>();
        let (app, tls) = (&running.app, running.tls.service.clone());
        let calls = async {
            let router = app.clone().router();
            let served = serving::serve(listener, tls, router, &config.load, app.load(), stopped()).await;
            // Operators see how the service ends, until it has ended.
            drop(ending);
            served
        };
        let operators = async {
            let Some(operations) = operations else { return Ok(()) };
            operations.serve(app, &running.operators, async { drop(ended.await) }).await
        };
        tokio::select! {
            served = try_join(calls, operators) => served.map(drop)?,
            () = self.reload_when_told(config, &running) => {}
        }
        Ok(())
    }

    /// Reads everything again whenever SIGHUP comes. All of it is replaced, or nothing.
    async fn reload_when_told(&self, first: &Config, running: &Running) {
        let Ok(mut hang_up) = signal(SignalKind::hangup()) else { return pending().await };
        while hang_up.recv().await.is_some() {
            match self.told_again(first, &running.app) {
                Ok((config, told)) => {
                    running.replace(&config, told);
                    tracing::info!(
                        "read again: content, clients, access to EHRs, certificates, the operators' token; \
                         the rest stays"
                    );
                }
                Err(error) => {
                    tracing::error!(error = %one_line(&error), "not read again, nothing has changed")
                }
            }
        }
    }
}

impl Serve {
    /// Reads everything again, for the service as it was started: what it may do hangs on where it listens.
    fn told_again(&self, first: &Config, app: &App) -> anyhow::Result<(Config, Told)> {
        let (config, told) = self.told(Some(&app.live()))?;
        let kind = |config: &Config| (config.is_open(), config.listen.ip().is_loopback());
        anyhow::ensure!(
            kind(&config) == kind(first),
            "to know clients or none, or to listen on loopback or elsewhere, the service has to be started again"
        );
        Ok((config, told))
    }
}

/// The journal, and the links from cards to it.
fn recording(config: &Config) -> anyhow::Result<Option<Recording>> {
    let recording = config.journal.as_ref().map(Recording::open).transpose()?;
    Ok(match &config.pages {
        Some(pages) => recording.map(|recording| recording.with_links(pages)),
        None => recording,
    })
}

/// Where it is kept which tokens were seen.
fn seen(recording: Option<&Recording>) -> Arc<dyn JtiStore> {
    let memory = Memory::new(Timestamp::now);
    match recording {
        Some(recording) => Arc::new(Tokens::new(recording.clone(), memory)),
        None => Arc::new(memory),
    }
}

/// An error with its causes, on one line of the log.
fn one_line(error: &anyhow::Error) -> String {
    format!("{error:#}").lines().map(str::trim).collect::<Vec<&str>>().join("; ")
}

/// Access to FHIR servers; an open service, which listens on loopback only, may call loopback.
fn access(config: &Config) -> anyhow::Result<EhrAccess> {
    let client = Client::new(config.addresses())?;
    if !client.has_certificates() {
        tracing::warn!(
            "this machine has no certificates to check FHIR servers by: none can be called over https"
        );
    }
    let client = client.keeping(config.ehr.cache);
    let client = if config.otlp.is_some() { client.tracing(traceparent) } else { client };
    Ok(EhrAccess::new(client, config.open_bases.clone(), config.ehr.deadline))
}

/// What a newcomer should know and can try at once.
fn welcome(url: &str, services: &[String]) -> String {
    let this = std::env::current_exe().map_or_else(|_| "signpost".into(), |path| path.display().to_string());
    let service = services.first().map_or("", String::as_str);
    format!(
        "Signpost listens on {url}\n\
         It runs OPEN: it asks no caller who they are, and so answers on this machine (loopback) only.\n\
         Workbench: {url}/try (pick a patient, see the cards and why, change something)\n\
         Services:  {url}/cds-services\n\n\
         Post a bundled order-sign request and see its cards:\n\n  \
         {this} example | curl -sS -H 'Content-Type: application/json' --data-binary @- {url}/cds-services/{service}\n\n\
         Explain the same answer, offline:\n\n  \
         {this} example > request.json && {this} evaluate request.json\n\n\
         Stop with Ctrl-C.\n"
    )
}

/// Waits for Ctrl-C or SIGTERM.
pub(super) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = interrupt.await;
        return;
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
