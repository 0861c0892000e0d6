//! A service with three paths, behind the listening side of the product.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum_server::tls_rustls::RustlsConfig;
use signpost::serving::{Bounds, Load, admit, serve};
use tokio::sync::oneshot;

/// How long `/wait` takes to answer.
pub const WAIT: Duration = Duration::from_millis(700);

/// Bounds that a test can run into quickly.
pub fn tight() -> Bounds {
    Bounds {
        connections: 64,
        requests: 8,
        head_time: Duration::from_millis(400),
        request_time: Duration::from_millis(900),
        drain_time: Duration::from_secs(5),
        ..Bounds::default()
    }
}

pub struct Served {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    pub fn start(bounds: Bounds) -> Self {
        Self::start_with(bounds, None)
    }

    pub fn start_with(bounds: Bounds, tls: Option<RustlsConfig>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let load = Load::new(&bounds);
            let router = Router::new()
                .route("/quick", get(|| async { "quick" }))
                .route("/wait", get(|| async { tokio::time::sleep(WAIT).await }))
                .route("/read", post(|body: Bytes| async move { body.len().to_string() }))
                .layer(from_fn_with_state(load.clone(), admit));
            let stopped = async { drop(stopped.await) };
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(serve(listener, tls, router, &bounds, &load, stopped)).expect("it serves");
        });
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a time to wait");
        stream
    }

    /// Tells it to stop; it goes on with what it has.
    pub fn stop(&mut self) {
        drop(self.stop.take());
    }

    /// Waits until it has ended.
    pub fn ended(&mut self) -> Duration {
        let start = Instant::now();
        self.stop();
        self.thread.take().expect("it runs").join().expect("it ends well");
        start.elapsed()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}

pub fn ask(stream: &mut TcpStream, path: &str) {
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").expect("it reads");
}

/// All that comes until the other side closes, and how long that took.
pub fn rest(stream: &mut TcpStream) -> (String, Duration) {
    let start = Instant::now();
    let mut all = Vec::new();
    // A reset is an end as well.
    let mut buffer = [0; 1024];
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        all.extend_from_slice(&buffer[..read]);
    }
    (String::from_utf8_lossy(&all).into_owned(), start.elapsed())
}

/// The head of one answer.
pub fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}
