//! What discovery lists, and that browsers may call.

use axum::body::Body;
use axum::http::{Method, Request as HttpRequest, header};
use serde_json::Value;

use crate::support::{Answer, DISCOVERY_PATH, Request, SERVICE_PATH, at, call, send};

/// Prefetch keys and templates in discovery.
pub fn templates() -> Vec<(String, String)> {
    let services = call(Method::GET, DISCOVERY_PATH, None, "").json();
    let prefetch = at(&services, "/services/0/prefetch").as_object().expect("prefetch").clone();
    prefetch
        .into_iter()
        .map(|(key, template)| (key, template.as_str().expect("a string").to_owned()))
        .collect()
}

#[test]
fn discovery_lists_the_service() {
    let answer = call(Method::GET, DISCOVERY_PATH, None, "");
    let services = answer.json();
    assert_eq!(services["services"].as_array().map(Vec::len), Some(1));
    let service = &services["services"][0];
    assert_eq!(service["hook"], "order-sign");
    assert_eq!(format!("{DISCOVERY_PATH}/{}", service["id"].as_str().expect("an id")), SERVICE_PATH);
    assert!(service["title"].is_string() && service["description"].is_string());
}

#[test]
fn templates_stay_in_the_portable_subset() {
    let tokens =
        ["{{context.patientId}}", "{{context.userId}}", "{{context.encounterId}}", "{{userPractitionerId}}"];
    let templates = templates();
    assert!(templates.len() >= 10, "{templates:?}");
    for (key, template) in templates {
        let bare = tokens.iter().fold(template.clone(), |text, token| text.replace(token, ""));
        assert!(!bare.contains("{{"), "{key}: {template}");
        assert_ne!(bare, template, "{key} is about this patient or user");
        assert!(!bare.contains("_include") && !bare.contains("category="), "{key}: {template}");
        let parameters = bare.split_once('?').map_or("", |(_, parameters)| parameters).split('&');
        for name in parameters.filter_map(|parameter| parameter.split('=').next()) {
            assert!(!name.contains(['.', ':']), "{key}: {template}");
        }
    }
}

#[test]
fn a_browser_may_call_from_anywhere() {
    for path in [DISCOVERY_PATH, SERVICE_PATH] {
        let preflight = HttpRequest::builder()
            .method(Method::OPTIONS)
            .uri(path)
            .header("origin", "https://sandbox.example.org")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type");
        let answer = send(preflight.body(Body::empty()).expect("a request"));
        assert!((200..300).contains(&answer.status), "{path}");
        allows_all(&answer);
        assert!(answer.header("access-control-allow-methods").contains("POST"));
        assert!(answer.header("access-control-allow-methods").contains("GET"));
        let headers = answer.header("access-control-allow-headers").to_lowercase();
        assert!(headers.contains("authorization") && headers.contains("content-type"), "{headers}");
        // A probe that forgets its origin is no error either.
        let answer = call(Method::OPTIONS, path, None, "");
        assert!((200..300).contains(&answer.status), "{path} without an origin");
    }
}

fn allows_all(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), "*", "{}", answer.status);
    assert_eq!(answer.header("access-control-allow-credentials"), "", "`*` never goes with credentials");
}

#[test]
fn errors_carry_the_cors_headers_too() {
    let whole = Request::meets().0.to_string();
    let without = Request::meets().with("/prefetch", Value::Null).0.to_string();
    let too_large = " ".repeat(signpost::serving::Bounds::default().body + 1);
    let rows = [
        (200, SERVICE_PATH, "application/json", &whole),
        (400, SERVICE_PATH, "application/json", &"{".to_owned()),
        (404, "/cds-services/x", "application/json", &whole),
        (405, DISCOVERY_PATH, "application/json", &whole),
        (412, SERVICE_PATH, "application/json", &without),
        (413, SERVICE_PATH, "application/json", &too_large),
        (415, SERVICE_PATH, "text/plain", &whole),
    ];
    for (status, path, kind, body) in rows {
        let request =
            HttpRequest::post(path).header(header::CONTENT_TYPE, kind).header("origin", "https://a.example");
        let answer = send(request.body(Body::from(body.clone())).expect("a request"));
        assert_eq!(answer.status, status, "{path}");
        allows_all(&answer);
    }
}
