//! A service in this process, and a reader of its pages.

use std::path::Path;
use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use serde_json::Value;
use signpost::content::{Content, Files};
use signpost::http::App;
use tower::ServiceExt;
use url::form_urlencoded::Serializer;

pub fn at() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

pub fn content() -> Content {
    Content::load(&Files::bundled()).unwrap()
}

/// The same with the files of the next drug.
pub fn extended() -> Content {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/next-drug");
    let (bundled, next) = (Files::bundled(), Files::read(&folder).unwrap());
    let all = bundled.iter().chain(next.iter());
    Content::load(&all.map(|(path, text)| (path.to_owned(), text.to_owned())).collect()).unwrap()
}

pub fn serving(content: Content) -> Router {
    App::new(content, at).router()
}

fn router() -> Router {
    static ROUTER: OnceLock<Router> = OnceLock::new();
    ROUTER.get_or_init(|| serving(content())).clone()
}

/// An answer of the service.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

pub async fn get(path: &str) -> Answer {
    let request = Request::get(path).header("accept", "text/html").body(Body::empty());
    send(&router(), request.unwrap()).await
}

pub async fn get_from(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).header("accept", "text/html").body(Body::empty());
    send(router, request.unwrap()).await
}

/// What a browser would post.
pub async fn post(path: &str, fields: &[(&str, &str)]) -> Answer {
    post_to(&router(), path, fields).await
}

pub async fn post_to(router: &Router, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = "application/x-www-form-urlencoded";
    send(router, Request::post(path).header("content-type", kind).body(body.into()).unwrap()).await
}

pub async fn call(body: &str) -> Value {
    call_to(&router(), body).await
}

pub async fn call_to(router: &Router, body: &str) -> Value {
    let request = Request::post("/cds-services/coverage-order-sign");
    let request = request.header("content-type", "application/json").body(Body::from(body.to_owned()));
    serde_json::from_str(&send(router, request.unwrap()).await.text).unwrap()
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    let answer = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, text }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The request that the page shows.
    pub fn request(&self) -> String {
        let (_, rest) = self.text.split_once("name=\"request\"").unwrap();
        let (_, rest) = rest.split_once(">\n").unwrap();
        let (text, _) = rest.split_once("</textarea>").unwrap();
        text.replace("&lt;", "<").replace("&amp;", "&")
    }

    /// The response that the page shows.
    pub fn response(&self) -> Value {
        let (_, rest) = self.text.split_once("<pre id=\"response\" tabindex=\"0\">").unwrap();
        let (text, _) = rest.split_once("</pre>").unwrap();
        let marks = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
        let plain = marks.iter().fold(text.to_owned(), |text, (code, mark)| text.replace(code, mark));
        serde_json::from_str(&plain).unwrap()
    }
}
