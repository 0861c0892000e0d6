//! Tokens that are right are let in, whatever else of the specification they use.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use signpost::trust::KeyTimes;

use crate::support::*;

fn service() -> Service {
    Service::of(&configuration(&Counting::start(&jwks("north")).url()), KeyTimes::default())
}

#[test]
fn tokens_of_every_allowed_algorithm_are_let_in() {
    let service = service();
    for (kid, alg) in [("north-es384", "ES384"), ("north-rsa", "RS384")] {
        let answer = service.discover(&signer(kid, alg).right(&claims(DISCOVERY)));
        assert_eq!(answer.status, 200, "{alg}: {}", answer.body);
    }
    for (kid, alg) in [("south-es384", "ES384"), ("south-es256", "ES256"), ("south-rsa", "RS256")] {
        let answer = service.discover(&signer(kid, alg).right(&south_claims(DISCOVERY)));
        assert_eq!(answer.status, 200, "{alg}: {}", answer.body);
    }
}

#[test]
fn a_call_is_answered_with_cards() {
    let answer = service().call(&north().right(&claims(SERVICE)));
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("\"indicator\":\"critical\""), "{}", answer.body);
}

/// What is in use beside the plainest token.
#[test]
fn what_the_specification_allows_is_let_in() {
    type Edit = fn(&mut Value, &mut Value);
    let rows: [(&str, Edit); 11] = [
        ("an audience of one", |_, claims| claims["aud"] = json!([url(DISCOVERY)])),
        ("an audience of this client's own", |_, claims| claims["aud"] = json!("signpost-at-north")),
        ("its other tenant", |_, claims| claims["tenant"] = json!("clinic-2")),
        ("`sub` and `nbf`, as one vendor sends them", |_, claims| {
            claims["sub"] = json!("client-id");
            claims["nbf"] = json!(NOW - 300);
            claims["exp"] = json!(NOW + 900);
        }),
        ("a life of an hour", |_, claims| claims["exp"] = json!(NOW + 3600)),
        ("a clock that is a minute fast", |_, claims| claims["iat"] = json!(NOW + 60)),
        ("a clock that is a minute slow", |_, claims| {
            claims["iat"] = json!(NOW - 350);
            claims["exp"] = json!(NOW - 50);
        }),
        ("dates with fractions", |_, claims| {
            claims["iat"] = json!(1_795_348_799.5);
            claims["exp"] = json!(1_795_349_000.25);
        }),
        ("members that nobody knows", |header, claims| {
            header["cty"] = json!("JSON");
            claims["https://example.org/x"] = json!({ "a": [1, 2], "b": null });
        }),
        ("another spelling of the type", |header, _| header["typ"] = json!("jwt")),
        ("a long jti", |_, claims| claims["jti"] = json!("a".repeat(256))),
    ];
    let service = service();
    for (name, edit) in rows {
        let (mut header, mut claims) = (north().header(), claims(DISCOVERY));
        edit(&mut header, &mut claims);
        let answer = service.discover(&north().token(&header, &claims));
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
    }
}

#[test]
fn jku_may_be_the_configured_url_and_says_nothing_where_keys_are_given() {
    let keys = Counting::start(&jwks("north"));
    let service = Service::of(&configuration(&keys.url()), KeyTimes::default());
    let mut header = north().header();
    header["jku"] = json!(keys.url());
    assert_eq!(service.discover(&north().token(&header, &claims(DISCOVERY))).status, 200);
    let elsewhere = Counting::start(&jwks("attacker"));
    let south = signer("south-es384", "ES384");
    let mut header = south.header();
    header["jku"] = json!(elsewhere.url());
    assert_eq!(service.discover(&south.token(&header, &south_claims(DISCOVERY))).status, 200);
    assert_eq!((keys.count(), elsewhere.count()), (1, 0));
}

#[test]
fn the_scheme_is_read_in_any_case() {
    let service = service();
    for scheme in ["bearer", "BEARER"] {
        let value = format!("{scheme} {}", north().right(&claims(DISCOVERY)));
        assert_eq!(service.discover_with(&[value.as_bytes()]).status, 200, "{scheme}");
    }
}

/// A token for the feedback URL, or for the service's, gets past the guard; what is behind it is another matter.
#[test]
fn feedback_takes_a_token_for_itself_or_for_its_service() {
    let service = service();
    let feedback = format!("{SERVICE}/feedback");
    let status = |path: &str, token: String| {
        let request = Request::post(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        service.send(request.body(Body::from("{}")).unwrap()).status
    };
    for aud in [feedback.as_str(), SERVICE] {
        assert_ne!(status(&feedback, north().right(&claims(aud))), 401, "{aud}");
    }
    assert_eq!(status(SERVICE, north().right(&claims(&feedback))), 401);
}

#[test]
fn a_preflight_needs_no_token_and_only_named_origins_are_answered() {
    let keys = Counting::start(&jwks("north"));
    let text = format!("{}\n[cors]\norigins = [\"https://app.example.org\"]", configuration(&keys.url()));
    let rows = [
        (text.as_str(), "https://app.example.org", Some("https://app.example.org")),
        (text.as_str(), "https://app.example.org.evil.test", None),
        (text.as_str(), "null", None),
        (&configuration(&keys.url()), "https://app.example.org", None),
    ];
    for (text, origin, allowed) in rows {
        let service = Service::of(text, KeyTimes::default());
        for method in [Method::OPTIONS, Method::GET] {
            let request = Request::builder().method(method.clone()).uri(DISCOVERY);
            let request = request
                .header(header::ORIGIN, origin)
                .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET")
                .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization");
            let answer = service.send(request.body(Body::empty()).unwrap());
            assert_eq!(answer.status, if method == Method::GET { 401 } else { 200 });
            let found = answer.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
            assert_eq!(found.map(|value| value.to_str().unwrap()), allowed, "{method} {origin}");
        }
    }
}
