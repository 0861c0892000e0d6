//! Headers that lie about the key, the algorithm, or where the keys are.

use serde_json::{Value, json};

use super::rows::{Row, bearer, edited, head};
use crate::support::*;

/// All of them.
pub(super) fn rows(keys: &Counting, other: &Counting) -> Vec<Row> {
    [kids(), algorithms_and_keys(), elsewhere(keys, other), without_a_signature()].concat()
}

fn kids() -> Vec<Row> {
    vec![
        head("kid of nobody", "kid", json!("north-es385")),
        head("kid of another client", "kid", json!("south-es384")),
        head("kid of a key of another kind", "kid", json!("north-rsa")),
        head("kid that is a path", "kid", json!("../../../../dev/null")),
        head("kid that is SQL", "kid", json!("x' UNION SELECT 'AA'; --")),
        head("kid that is a command", "kid", json!("north-es384|id")),
        head("kid that is a URL", "kid", json!("http://127.0.0.1/keys")),
        head("kid with a zero byte", "kid", json!("north-es384\u{0}")),
        head("kid with a line of the log", "kid", json!("x\n2026-11-22 INFO let in")),
        head("kid that looks alike", "kid", json!("north-es38\u{ff14}")),
        head("kid in capitals", "kid", json!("NORTH-ES384")),
        head("an empty kid", "kid", json!("")),
        head("kid that is a number", "kid", json!(1)),
        head("kid that is a list", "kid", json!(["north-es384"])),
        head("kid that is nothing", "kid", Value::Null),
    ]
}

fn algorithms_and_keys() -> Vec<Row> {
    let keys = jwks("attacker");
    let own_key = signer("attacker-es384", "ES384");
    let with_own_key = |name: &str, extra: &str, value: Value| {
        let mut header = north().header();
        header[extra] = value;
        bearer(name, own_key.token(&header, &claims(DISCOVERY)))
    };
    vec![
        edited("no kid", |header, _| drop(header.as_object_mut().unwrap().remove("kid"))),
        edited("no alg", |header, _| drop(header.as_object_mut().unwrap().remove("alg"))),
        edited("no typ", |header, _| drop(header.as_object_mut().unwrap().remove("typ"))),
        head("a token of another kind", "typ", json!("at+jwt")),
        head("typ that is a list", "typ", json!(["JWT"])),
        head("alg in small letters", "alg", json!("es384")),
        head("alg with a space", "alg", json!("ES384 ")),
        head("alg that is a list", "alg", json!(["ES384"])),
        head("alg of another curve", "alg", json!("ES256")),
        head("alg of another hash", "alg", json!("ES512")),
        head("alg of another kind", "alg", json!("RS384")),
        head("EdDSA", "alg", json!("EdDSA")),
        head("crit", "crit", json!(["exp"])),
        head("an unencoded payload", "b64", json!(false)),
        head("compressed", "zip", json!("DEF")),
        head("encrypted", "enc", json!("A256GCM")),
        head("its own key in the header", "jwk", jwks("north")["keys"][0].clone()),
        head("its own certificate", "x5c", json!(["MIIB"])),
        with_own_key("an embedded key", "jwk", keys["keys"][0].clone()),
        with_own_key("the key of another under the same kid", "x", json!(1)),
        bearer("duplicate kid", {
            let header = r#"{"alg":"ES384","kid":"attacker","typ":"JWT","kid":"north-es384"}"#;
            north().texts(header, &claims(DISCOVERY).to_string())
        }),
        bearer("duplicate alg, one of them escaped", {
            let header = r#"{"alg":"none","kid":"north-es384","typ":"JWT","\u0061lg":"ES384"}"#;
            north().texts(header, &claims(DISCOVERY).to_string())
        }),
        bearer("RSA with PSS", signer("north-rsa", "PS384").right(&claims(DISCOVERY))),
        bearer("RS256, which is not allowed", signer("north-rsa", "RS256").right(&claims(DISCOVERY))),
        bearer("another's RSA key", {
            let header = json!({ "alg": "RS384", "kid": "north-rsa", "typ": "JWT" });
            signer("attacker-rsa", "RS384").token(&header, &claims(DISCOVERY))
        }),
        bearer("an EC signature as RSA", {
            let header = json!({ "alg": "RS384", "kid": "north-rsa", "typ": "JWT" });
            north().token(&header, &claims(DISCOVERY))
        }),
    ]
}

/// Those who would have the keys fetched elsewhere.
fn elsewhere(keys: &Counting, elsewhere: &Counting) -> Vec<Row> {
    let attacker = signer("attacker-es384", "ES384");
    let row = |name: &str, member: &str, value: String| {
        let mut header = north().header();
        header[member] = json!(value);
        [attacker.token(&header, &claims(DISCOVERY)), north().token(&header, &claims(DISCOVERY))]
            .map(|token| bearer(name, token))
    };
    let urls = [
        elsewhere.url(),
        format!("{}?x=1", keys.url()),
        format!("{}#x", keys.url()),
        format!("{}/", keys.url()),
        keys.url().replace("http:", "HTTP:"),
        keys.url().replace("http://", "http://x@"),
        keys.url().replace("/jwks", "/./jwks"),
        format!("http://{}/redirect?to={}", keys.address, elsewhere.url()),
        "http://169.254.169.254/latest".to_owned(),
        "file:///etc/passwd".to_owned(),
        String::new(),
    ];
    let mut rows: Vec<Row> = urls.into_iter().flat_map(|url| row("jku elsewhere", "jku", url)).collect();
    rows.extend(row("x5u", "x5u", elsewhere.url()));
    rows.push(head("jku that is a list", "jku", json!([keys.url()])));
    rows
}

fn without_a_signature() -> Vec<Row> {
    let mut rows = Vec::new();
    for alg in ["none", "None", "NONE", "nOnE", "", "ES384"] {
        rows.push(unsigned(&format!("alg `{alg}`, no signature"), alg, ""));
        rows.push(unsigned(&format!("alg `{alg}`, any signature"), alg, &base64([7u8; 96])));
    }
    rows.extend(hmac("HS256", jsonwebtoken::Algorithm::HS256));
    rows.extend(hmac("HS384", jsonwebtoken::Algorithm::HS384));
    rows
}

/// Signed as if the public key were a secret, or not at all: what stands in the header, and any signature.
fn unsigned(name: &str, alg: &str, signature: &str) -> Row {
    let header = json!({ "alg": alg, "kid": "north-es384", "typ": "JWT" });
    let message = format!("{}.{}", base64(header.to_string()), base64(claims(DISCOVERY).to_string()));
    bearer(name, format!("{message}.{signature}"))
}

/// HMAC with every text of the public key that an attacker may take for the secret.
fn hmac(alg: &str, algorithm: jsonwebtoken::Algorithm) -> Vec<Row> {
    let key = jwks("north")["keys"][0].clone();
    let secrets = [key.to_string(), key["x"].as_str().unwrap().to_owned(), jwks("north").to_string()];
    let header = json!({ "alg": alg, "kid": "north-es384", "typ": "JWT" });
    let rows = secrets.iter().map(|secret| {
        let message = format!("{}.{}", base64(header.to_string()), base64(claims(DISCOVERY).to_string()));
        let secret = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &secret, algorithm).unwrap();
        bearer(format!("{alg} with the public key"), format!("{message}.{signature}"))
    });
    rows.collect()
}
