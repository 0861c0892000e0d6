//! HTTP/2 to the EHR, as it is negotiated over TLS: the whole record over one connection.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use jiff::Timestamp;
use rustls::ServerConfig;
use signpost::demo_ehr::DemoEhr;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::serve::started_logging;
use crate::support::{ends_with, folder, out};
use crate::tls::{file, secure};

const NAME: &str = "neutrophils-low";

/// What came: connections, and requests on all of them.
#[derive(Debug, Default)]
struct Came {
    connections: AtomicUsize,
    requests: AtomicUsize,
}

/// The demo EHR behind TLS, by HTTP/2 and by nothing else.
async fn serve(listener: TcpListener, router: Router, came: Arc<Came>) {
    let mut config: ServerConfig = secure();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    while let Ok((stream, _)) = listener.accept().await {
        came.connections.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(connection(acceptor.clone(), stream, router.clone(), came.clone()));
    }
}

async fn connection(acceptor: TlsAcceptor, stream: TcpStream, router: Router, came: Arc<Came>) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        came.requests.fetch_add(1, Ordering::SeqCst);
        assert_eq!(request.version(), http::Version::HTTP_2);
        assert_eq!(request.headers().get("authorization").expect("a token"), "Bearer t0ken");
        let router = router.clone();
        tokio::spawn(async move {
            let request = request.map(|_| Body::empty());
            let Ok(response) = router.oneshot(request).await;
            let (parts, body) = response.into_parts();
            let body = to_bytes(body, usize::MAX).await.expect("a body");
            let head = http::Response::from_parts(parts, ());
            let mut stream = respond.send_response(head, false).expect("a stream");
            stream.send_data(body, true).expect("it is taken");
        });
    }
}

#[test]
fn a_record_is_read_over_http_2() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let came = Arc::new(Came::default());
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    runtime.spawn(serve(listener, DemoEhr::new(Timestamp::now()).router(), came.clone()));

    let certificate = file("localhost.pem");
    let log = folder("http2").join("log.txt");
    let file = File::create(&log).expect("a file");
    let variables = [("SSL_CERT_FILE", certificate.as_path()), ("SIGNPOST_LOG", Path::new("trace"))];
    let service = started_logging(&["serve", "--listen", "127.0.0.1:0"], &variables, file.into());
    let base = format!("https://localhost:{port}/fhir");
    let whole = out(&ends_with(0, &["example", NAME]));
    let bare = out(&ends_with(0, &["example", NAME, "--fhir-server", &base, "--token", "t0ken"]));
    assert_eq!(body(&service.post(&bare)), body(&service.post(&whole)));

    let (connections, requests) =
        (came.connections.load(Ordering::SeqCst), came.requests.load(Ordering::SeqCst));
    assert!(requests >= 15 && connections < requests, "{connections} connections, {requests} requests");
    // A second call finds the connection open.
    assert!(service.post(&bare.replace("/fhir\"", "/fail/403/fhir\"")).contains("forbids it (403)"));
    assert_eq!(came.connections.load(Ordering::SeqCst), connections, "{came:?}");
    assert!(came.requests.load(Ordering::SeqCst) > requests, "{came:?}");
    // HTTP/2 would log the frames that it sends.
    drop(service);
    let log = fs::read_to_string(log).expect("a log");
    assert!(log.contains("not fetched from the EHR"), "{log}");
    assert!(!log.contains("t0ken") && !log.contains("syn-"), "{log}");
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}
