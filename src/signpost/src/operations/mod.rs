//! The operators' side of the service, on a listener of its own: it answers while callers are turned away.
//!
//! It runs with the service, and not beside it: a process that no longer answers callers no longer says that it lives.

mod calls;
mod metrics;
mod operator;
mod ready;
mod scrape;
mod stats;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum_server::tls_rustls::RustlsConfig;

use crate::http::App;
use crate::pages;
use crate::serving::{Bounds, Load, admit, serve};

pub(crate) use calls::count_calls;
pub use metrics::Metrics;
pub use operator::{Operators, only_operators};
pub use ready::{Because, Readiness};

/// The routes for operators, about this service, as far as this load goes.
pub fn router(app: &App, operators: &Operators, load: &Load) -> Router {
    // Fewer than all: however many pages and figures are asked for, and however slow the journal is, probes are answered.
    let pages = Bounds { requests: 8, ..pages::bounds(&bounds()) };
    let app = app.clone().with_pages(load.beside("operators_pages", &pages));
    Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/metrics", get(scrape::metrics))
        .route("/readyz", get(ready::readyz))
        .merge(guarded(&app, operators))
        .fallback(|| async { (StatusCode::NOT_FOUND, HERE) })
        .layer(from_fn_with_state(load.clone(), admit))
        .with_state(app)
}

/// What is for operators only stands here: what is added is guarded with the rest.
fn guarded(app: &App, operators: &Operators) -> Router<App> {
    Router::new()
        .route("/journal/stats", get(stats::stats))
        .route_layer(from_fn_with_state(app.pages().clone(), admit))
        .merge(pages::operators(app))
        .route_layer(from_fn_with_state(operators.clone(), only_operators))
}

const HERE: &str =
    "there are /healthz, /readyz and /metrics, and /journal, /journal/stats and /policies for operators\n";

/// A few scrapes and probes at a time, each of which is short.
fn bounds() -> Bounds {
    Bounds {
        connections: 64,
        requests: 16,
        head_time: Duration::from_secs(5),
        request_time: Duration::from_secs(30),
        notice_time: Duration::ZERO,
        drain_time: Duration::from_secs(1),
        ..Bounds::default()
    }
}

/// What operators ask for takes no place of callers, and stops and is counted with the service.
#[must_use]
pub fn load(app: &App) -> Load {
    app.load().beside("operations", &bounds())
}

/// A listener for operators.
#[derive(Debug)]
pub struct Listener {
    listener: TcpListener,
    tls: Option<RustlsConfig>,
}

impl Listener {
    /// Listens there.
    ///
    /// # Errors
    /// If that cannot be.
    pub fn bind(address: SocketAddr, tls: Option<RustlsConfig>) -> io::Result<Self> {
        Ok(Self { listener: TcpListener::bind(address)?, tls })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// If that is not known.
    pub fn url(&self) -> io::Result<String> {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", self.listener.local_addr()?))
    }

    /// Answers operators about this service until `stop` is done.
    ///
    /// # Errors
    /// If the listener cannot be used.
    pub async fn serve(
        self,
        app: &App,
        operators: &Operators,
        stop: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let load = load(app);
        serve(self.listener, self.tls, router(app, operators, &load), &bounds(), &load, stop).await
    }
}
