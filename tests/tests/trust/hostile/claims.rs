//! Claims that are missing, wrong, or another's.

use serde_json::{Map, Value, json};

use super::rows::{Row, bearer, claim, edited};
use crate::support::*;

/// All of them.
pub(super) fn rows() -> Vec<Row> {
    [times(), issuers(), audiences(), others()].concat()
}

fn times() -> Vec<Row> {
    vec![
        claim("expired", "exp", json!(NOW - 60)),
        edited("expired long ago", |_, claims| {
            claims["iat"] = json!(NOW - 7200);
            claims["exp"] = json!(NOW - 3700);
        }),
        edited("not yet valid", |_, claims| claims["nbf"] = json!(NOW + 61)),
        edited("issued in the future", |_, claims| {
            claims["iat"] = json!(NOW + 61);
            claims["exp"] = json!(NOW + 300);
        }),
        claim("valid for more than an hour", "exp", json!(NOW + 3601)),
        claim("valid for ever", "exp", json!(99_999_999_999_i64)),
        edited("valid for no time", |_, claims| claims["exp"] = claims["iat"].clone()),
        edited("expires before it is issued", |_, claims| {
            claims["iat"] = json!(NOW + 30);
            claims["exp"] = json!(NOW + 20);
        }),
        claim("issued at the beginning", "iat", json!(0)),
        claim("issued before all time", "iat", json!(-1e300)),
        claim("exp as text", "exp", json!((NOW + 300).to_string())),
        claim("exp in milliseconds", "exp", json!((NOW + 300) * 1000)),
        claim("exp that is nothing", "exp", Value::Null),
        claim("exp that is true", "exp", json!(true)),
        claim("iat as text", "iat", json!("now")),
        claim("nbf as text", "nbf", json!("now")),
        claim("nbf that is nothing", "nbf", Value::Null),
    ]
}

fn issuers() -> Vec<Row> {
    vec![
        claim("an issuer that is not known", "iss", json!("https://west.example.org")),
        claim("an issuer with a slash", "iss", json!("https://north.example.org/")),
        claim("an issuer in capitals", "iss", json!("https://NORTH.example.org")),
        claim("an issuer that looks alike", "iss", json!("https://n\u{43e}rth.example.org")),
        claim("an issuer of two parts", "iss", json!("https://no\u{200d}rth.example.org")),
        claim("an issuer with a space", "iss", json!(" https://north.example.org")),
        claim("another client's issuer", "iss", json!("https://south.example.org")),
        claim("an issuer that is a list", "iss", json!(["https://north.example.org"])),
        claim("an empty issuer", "iss", json!("")),
    ]
}

fn audiences() -> Vec<Row> {
    vec![
        claim("aud of another endpoint", "aud", json!(url(SERVICE))),
        claim("aud of another service", "aud", json!("https://other.example.org/cds-services")),
        claim("aud without the path", "aud", json!(PUBLIC)),
        claim("aud with a slash", "aud", json!(url("/cds-services/"))),
        claim("aud with a query", "aud", json!(url("/cds-services?x"))),
        claim("aud in capitals", "aud", json!(url(DISCOVERY).to_uppercase())),
        claim("aud of the listener", "aud", json!("http://127.0.0.1:8080/cds-services")),
        claim("an array of two", "aud", json!([url(DISCOVERY), "https://other.example.org"])),
        claim("an array of the same twice", "aud", json!([url(DISCOVERY), url(DISCOVERY)])),
        claim("an array of none", "aud", json!([])),
        claim("an array in an array", "aud", json!([[url(DISCOVERY)]])),
        claim("aud that is an object", "aud", json!({ "0": url(DISCOVERY) })),
        claim("aud that is nothing", "aud", Value::Null),
        claim("an empty aud", "aud", json!("")),
        claim("another client's audience", "aud", json!("signpost-at-south")),
    ]
}

fn others() -> Vec<Row> {
    let mut rows = vec![
        claim("another tenant", "tenant", json!("clinic-3")),
        claim("a tenant in capitals", "tenant", json!("Clinic-1")),
        claim("tenants", "tenant", json!(["clinic-1"])),
        claim("an empty tenant", "tenant", json!("")),
        claim("an empty jti", "jti", json!("")),
        claim("jti that is a number", "jti", json!(7)),
        claim("an endless jti", "jti", json!("j".repeat(600))),
        bearer("exp beyond numbers", {
            let claims = claims(DISCOVERY).to_string().replace(&(NOW + 300).to_string(), "1e999");
            north().texts(&north().header().to_string(), &claims)
        }),
        bearer("duplicate aud", {
            let claims = claims(DISCOVERY).to_string().replacen('{', "{\"aud\":\"x\",", 1);
            north().texts(&north().header().to_string(), &claims)
        }),
        bearer("duplicate exp, one of them escaped", {
            let claims = claims(DISCOVERY).to_string().replacen('{', "{\"\\u0065xp\":9999999999,", 1);
            north().texts(&north().header().to_string(), &claims)
        }),
        bearer("a duplicate of what nobody reads", {
            let claims = claims(DISCOVERY).to_string().replacen('{', "{\"x\":1,\"x\":2,", 1);
            north().texts(&north().header().to_string(), &claims)
        }),
        bearer("another client's key", {
            let south = signer("south-es384", "ES384");
            south.right(&claims(DISCOVERY))
        }),
        bearer("RS384 of a client that may not", {
            let header = json!({ "alg": "RS384", "kid": "south-rsa", "typ": "JWT" });
            signer("south-rsa", "RS384").token(&header, &south_claims(DISCOVERY))
        }),
    ];
    for name in ["iss", "aud", "exp", "iat", "jti", "tenant"] {
        rows.push(edited(&format!("no {name}"), |_, claims| {
            drop(claims.as_object_mut().unwrap().remove(name))
        }));
    }
    let all = north().texts(&north().header().to_string(), &Value::Object(Map::new()).to_string());
    rows.push(bearer("no claims", all));
    rows
}
