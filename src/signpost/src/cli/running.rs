//! The service as it runs, with the parts of it that are replaced when it is told to read everything again.

use std::sync::Arc;

use anyhow::Context;
use axum_server::tls_rustls::RustlsConfig;
use rustls::ServerConfig;

use crate::config::{Config, Secret};
use crate::http::{App, Live};
use crate::operations::{self, Operators};
use crate::serving::tls::TlsFiles;

/// What can be replaced while the service runs.
pub(super) struct Told {
    pub(super) live: Live,
    pub(super) tls: Tls<Arc<ServerConfig>>,
}

/// What the two listeners show of TLS, if anything.
pub(super) struct Tls<T> {
    pub(super) service: Option<T>,
    operations: Option<T>,
}

impl Tls<Arc<ServerConfig>> {
    pub(super) fn of(config: &Config) -> anyhow::Result<Self> {
        let service = config.tls.as_ref().map(TlsFiles::load).transpose()?;
        let is_wanted = config.operations.as_ref().is_some_and(|operations| operations.tls);
        let files = config.tls.as_ref().filter(|_| is_wanted);
        // Probes have no certificate of their own.
        let files = files.map(|files| TlsFiles { client_ca: None, ..files.clone() });
        Ok(Self { service, operations: files.as_ref().map(TlsFiles::load).transpose()? })
    }
}

/// The service as it runs, with the parts of it that can be replaced.
pub(super) struct Running {
    pub(super) app: App,
    pub(super) operators: Operators,
    pub(super) tls: Tls<RustlsConfig>,
}

impl Running {
    pub(super) fn with(app: App, config: &Config, tls: Tls<Arc<ServerConfig>>) -> Self {
        let [service, operations] =
            [tls.service, tls.operations].map(|tls| tls.map(RustlsConfig::from_config));
        Self { app, operators: Operators::with(token(config)), tls: Tls { service, operations } }
    }

    /// The listener for operators, if there is to be one.
    pub(super) fn operations(&self, config: &Config) -> anyhow::Result<Option<operations::Listener>> {
        let Some(operations) = &config.operations else { return Ok(None) };
        let listener = operations::Listener::bind(operations.listen, self.tls.operations.clone())
            .with_context(|| format!("cannot listen on {}", operations.listen))?;
        super::print(&format!("Operators: {}\n", listener.url()?))?;
        Ok(Some(listener))
    }

    pub(super) fn replace(&self, config: &Config, told: Told) {
        self.app.replace(told.live);
        self.operators.replace(token(config));
        let read = [(&self.tls.service, told.tls.service), (&self.tls.operations, told.tls.operations)];
        for (tls, read) in read.into_iter().filter_map(|(tls, read)| tls.as_ref().zip(read)) {
            tls.reload_from_config(read);
        }
    }
}

fn token(config: &Config) -> Option<&Secret> {
    config.operations.as_ref()?.token.as_ref()
}
