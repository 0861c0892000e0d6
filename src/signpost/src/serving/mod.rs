//! Accepting connections: how many, how slow they may be, over TLS or not, and a graceful end.

mod connection;
mod load;
pub mod tls;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};

use self::connection::Bounded;
pub use self::load::{Bound, Load, admit};

/// What the service carries at most. What is beyond it is refused at once, and never waits in a queue that grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Connections that are open at the same time; more are closed as they come.
    pub connections: usize,
    /// Requests that are being answered at the same time, those that wait for an EHR among them.
    pub requests: usize,
    /// Requests of one client that are being answered at the same time.
    pub requests_per_client: usize,
    /// Requests that have been read and wait for their turn on a processor.
    pub turns: usize,
    /// The largest body that is read, in bytes.
    pub body: usize,
    /// The largest head (request line and headers) that is read, in bytes.
    pub head: usize,
    /// How long a handshake, a head, and a connection without a request may take each.
    pub head_time: Duration,
    /// How long a request may take, its body included.
    pub request_time: Duration,
    /// How long clients are asked to go elsewhere, one answer at a time, before the service stops listening.
    pub notice_time: Duration,
    /// How long requests have to be finished when the service stops.
    pub drain_time: Duration,
}

/// A machine of a few processors, bodies of the largest charts.
impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 1024,
            requests: 256,
            requests_per_client: 128,
            // Measured at twice the load for a minute: with 4 for each processor the p99 is three times that of half the
            // load, with 8 five times; with 2 some bursts of half the load are refused.
            turns: 3 * std::thread::available_parallelism().map_or(1, usize::from),
            body: 8 * 1024 * 1024,
            head: 64 * 1024,
            head_time: Duration::from_secs(15),
            request_time: Duration::from_secs(15),
            notice_time: Duration::from_millis(500),
            drain_time: Duration::from_secs(20),
        }
    }
}

/// The smallest buffer for a head that the HTTP library takes.
const SMALLEST_HEAD: usize = 8192;

/// Answers what comes to a listener until `stop` is done, and then what has come by then.
///
/// # Errors
/// If the listener cannot be used.
pub async fn serve(
    listener: TcpListener,
    tls: Option<RustlsConfig>,
    router: Router,
    bounds: &Bounds,
    load: &Load,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let handle = Handle::new();
    let server = configured(axum_server::from_tcp(listener)?, bounds).handle(handle.clone());
    let service = router.into_make_service();
    let serving = async {
        match tls {
            None => {
                let acceptor = Bounded::new(NoDelayAcceptor, bounds.connections, load);
                server.acceptor(acceptor).serve(service).await
            }
            Some(config) => {
                let tls = RustlsAcceptor::new(config).handshake_timeout(bounds.head_time);
                let acceptor = Bounded::new(tls.acceptor(NoDelayAcceptor), bounds.connections, load);
                server.acceptor(acceptor).serve(service).await
            }
        }
    };
    let stopping = async {
        stop.await;
        load.stop();
        tokio::time::sleep(bounds.notice_time).await;
        handle.graceful_shutdown(Some(bounds.drain_time));
    };
    // What can no longer be served is told at once, and not when it is to stop.
    let mut serving = pin!(serving);
    tokio::select! {
        served = &mut serving => return served,
        () = stopping => {}
    }
    serving.await
}

/// HTTP/1.1 alone: an EHR sends one request at a time on a connection, and every proxy speaks it.
fn configured(server: Server<SocketAddr>, bounds: &Bounds) -> Server<SocketAddr> {
    let mut server = server.http1_only().first_request_timeout(bounds.head_time).accept_error_handler(
        |_, error| tracing::debug!(kind = %error.kind(), "a connection was not accepted"),
    );
    server
        .http_builder()
        .http1()
        .header_read_timeout(bounds.head_time)
        .max_buf_size(bounds.head.max(SMALLEST_HEAD));
    server
}
