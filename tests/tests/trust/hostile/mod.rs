//! Tokens that are wrong: each 401, all with the same answer, none slowly, and none makes the service fetch anything.

mod claims;
mod form;
mod header;
mod rows;

use std::time::Duration;

use rows::bearer;
use serde_json::Value;
use signpost::trust::KeyTimes;

use crate::support::*;

/// The longest that a refusal may take.
const AT_ONCE: Duration = Duration::from_millis(50);

#[test]
fn hostile_tokens_are_refused_alike_at_once_and_fetch_nothing() {
    let (keys, other) = (Counting::start(&jwks("north")), Counting::start(&jwks("attacker")));
    let service = Service::of(&configuration(&keys.url()), KeyTimes::default());
    let replayed = north().right(&claims(DISCOVERY));
    assert_eq!(service.discover(&replayed).status, 200, "the right one is let in");
    let mut rows = [form::rows(), header::rows(&keys, &other), claims::rows()].concat();
    rows.push(bearer("replayed", replayed));
    assert!(rows.len() > 150, "{}", rows.len());
    let mut said = None;
    for (name, values) in rows {
        let values: Vec<&[u8]> = values.iter().map(Vec::as_slice).collect();
        let answer = service.discover_with(&values);
        assert_eq!(answer.status, 401, "{name}: {}", answer.body);
        assert!(answer.took < AT_ONCE, "{name} took {:?}", answer.took);
        let found = (answer.headers, answer.body);
        let first = said.get_or_insert_with(|| found.clone());
        assert_eq!(*first, found, "{name}");
    }
    let (headers, body) = said.unwrap();
    assert_eq!(headers.get("www-authenticate").unwrap(), "Bearer");
    assert!(body.contains("\"code\":\"login\"") && body.contains("not authorized"), "{body}");
    assert_eq!((keys.count(), other.count()), (1, 0), "fetched at the start, and never again");
    assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 200, "it is as it was");
}

/// A token for one endpoint is none for another, and a path that is spelt otherwise is another.
#[test]
fn a_token_is_good_at_its_own_endpoint_only() {
    let service = Service::of(&configuration(&Counting::start(&jwks("north")).url()), KeyTimes::default());
    assert_eq!(service.call(&north().right(&claims(DISCOVERY))).status, 401);
    assert_eq!(service.discover(&north().right(&claims(SERVICE))).status, 401);
    for path in ["/cds-services?x=1", "/%63ds-services"] {
        let request = axum::http::Request::get(path)
            .header("authorization", format!("Bearer {}", north().right(&claims(DISCOVERY))))
            .header("host", "evil.example.org")
            .header("x-forwarded-host", "evil.example.org");
        let answer = service.send(request.body(axum::body::Body::empty()).unwrap());
        // The query is no part of the endpoint; a path that the router does not know is not there.
        assert_eq!(answer.status, if path.contains('?') { 200 } else { 404 }, "{path}");
    }
    let elsewhere = Value::from("https://evil.example.org/cds-services");
    let mut claims = claims(DISCOVERY);
    claims["aud"] = elsewhere;
    let request = axum::http::Request::get(DISCOVERY)
        .header("authorization", format!("Bearer {}", north().right(&claims)))
        .header("host", "evil.example.org")
        .header("x-forwarded-host", "evil.example.org")
        .header("x-forwarded-proto", "https");
    assert_eq!(
        service.send(request.body(axum::body::Body::empty()).unwrap()).status,
        401,
        "Host is not asked"
    );
}
