//! The service under test: bundled content, a fixed clock, no network.

use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http;
use jiff::Timestamp;
use serde_json::Value;
use signpost::content::{Content, Files};
use signpost::http::App;
use tower::ServiceExt;

use super::Answer;

/// Where the service is.
pub const SERVICE_PATH: &str = "/cds-services/coverage-order-sign";

/// Where services are listed.
pub const DISCOVERY_PATH: &str = "/cds-services";

/// The instant at which every test happens.
pub fn clock() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("an instant")
}

fn load() -> Content {
    Content::load(&Files::bundled()).expect("the bundled content is sound")
}

/// The bundled content, for what is not told through HTTP.
pub fn content() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(load)
}

fn router() -> Router {
    static ROUTER: OnceLock<Router> = OnceLock::new();
    ROUTER.get_or_init(|| App::new(load(), clock).router()).clone()
}

/// Sends a request as it is. Whatever it is, the service survives it.
pub fn send(request: http::Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let response = router().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Answer::new(parts.status.as_u16(), parts.headers, body.to_vec())
    })
}

/// Posts these bytes to the service as JSON.
pub fn post_bytes(body: impl Into<Vec<u8>>) -> Answer {
    let request = http::Request::post(SERVICE_PATH)
        .header(http::header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.into()));
    send(request.expect("a request"))
}

/// Posts a hook request to the service.
pub fn post(body: &Value) -> Answer {
    post_bytes(body.to_string())
}

/// Calls a path with a body of a media type.
pub fn call(method: http::Method, path: &str, content_type: Option<&str>, body: &str) -> Answer {
    let mut request = http::Request::builder().method(method).uri(path);
    if let Some(kind) = content_type {
        request = request.header(http::header::CONTENT_TYPE, kind);
    }
    send(request.body(Body::from(body.to_owned())).expect("a request"))
}
