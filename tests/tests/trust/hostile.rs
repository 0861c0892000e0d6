//! Tokens that are wrong: each 401, all with the same answer, none slowly, and none makes the service fetch anything.

use std::time::Duration;

use serde_json::{Map, Value, json};
use signpost::trust::KeyTimes;

use crate::support::*;

/// The longest that a refusal may take.
const AT_ONCE: Duration = Duration::from_millis(50);

/// A row: what is wrong, and the values of the `Authorization` headers.
type Row = (String, Vec<Vec<u8>>);

fn bearer(name: impl Into<String>, token: impl Into<String>) -> Row {
    (name.into(), vec![format!("Bearer {}", token.into()).into_bytes()])
}

/// `north`'s right token with one thing changed, signed by its own key.
fn edited(name: &str, edit: impl Fn(&mut Value, &mut Value)) -> Row {
    let (mut header, mut claims) = (north().header(), claims(DISCOVERY));
    edit(&mut header, &mut claims);
    bearer(name, north().token(&header, &claims))
}

fn claim(name: &str, key: &str, value: Value) -> Row {
    edited(name, |_, claims| claims[key] = value.clone())
}

fn head(name: &str, key: &str, value: Value) -> Row {
    edited(name, |header, _| header[key] = value.clone())
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

fn headers_of_the_request() -> Vec<Row> {
    let right = north().right(&claims(DISCOVERY));
    let row = |name: &str, values: &[String]| {
        (name.to_owned(), values.iter().map(|value| value.clone().into_bytes()).collect())
    };
    vec![
        row("no header", &[]),
        row("an empty header", &[String::new()]),
        row("no token", &["Bearer".into()]),
        row("an empty token", &["Bearer ".into()]),
        row("Basic", &[format!("Basic {right}")]),
        row("without a scheme", &[right.clone()]),
        row("two headers", &[format!("Bearer {right}"), format!("Bearer {right}")]),
        row("two headers, one empty", &[format!("Bearer {right}"), String::new()]),
        row("two tokens in one", &[format!("Bearer {right}, Bearer {right}")]),
        row("two spaces", &[format!("Bearer  {right}")]),
        row("a tab", &[format!("Bearer\t{right}")]),
        row("a space at the end", &[format!("Bearer {right} x")]),
        ("bytes that are no text".to_owned(), vec![[b"Bearer ".as_slice(), &[0xff, 0xfe, 0xc3]].concat()]),
    ]
}

fn shapes() -> Vec<Row> {
    let right = north().right(&claims(DISCOVERY));
    let parts: Vec<&str> = right.split('.').collect();
    let (message, signature) = right.rsplit_once('.').unwrap();
    let general = json!({
        "payload": parts[1],
        "signatures": [
            { "protected": parts[0], "signature": parts[2] },
            { "protected": parts[0], "signature": parts[2] }
        ]
    });
    vec![
        bearer("words", "let-me-in"),
        bearer("dots", ".."),
        bearer("one part", parts[0]),
        bearer("two parts", message),
        bearer("no signature", format!("{message}.")),
        bearer("two signatures", format!("{right}.{signature}")),
        bearer("five parts, as if encrypted", format!("{right}.{signature}.{signature}")),
        bearer("two signatures, as JSON", general.to_string()),
        bearer(
            "flattened JSON",
            json!({ "protected": parts[0], "payload": parts[1], "signature": parts[2] }).to_string(),
        ),
        bearer("padding", format!("{}=.{}.{}", parts[0], parts[1], parts[2])),
        bearer("plain base64", right.replacen('.', "+/.", 1)),
        bearer("an empty header", format!(".{}.{}", parts[1], parts[2])),
        bearer("empty claims", format!("{}..{}", parts[0], parts[2])),
        bearer(
            "another header",
            format!(
                "{}.{}.{}",
                base64(r#"{"alg":"ES384","kid":"north-es384","typ":"JWT" }"#),
                parts[1],
                parts[2]
            ),
        ),
        bearer(
            "other claims",
            format!("{}.{}.{}", parts[0], base64(claims(DISCOVERY).to_string()), parts[2]),
        ),
        bearer("half a signature", format!("{message}.{}", &signature[..64])),
        bearer("a signature of zeros", format!("{message}.{}", base64([0u8; 96]))),
        bearer("a signature of ones", format!("{message}.{}", base64([0xffu8; 96]))),
        bearer("an empty signature", format!("{message}.AA")),
        bearer(
            "the signature of another",
            format!("{message}.{}", signer("attacker-es384", "ES384").sign(message)),
        ),
        bearer("huge", format!("{}.{}.{}", parts[0], base64("x".repeat(20_000)), parts[2])),
        bearer("huge, without dots", "a".repeat(100_000)),
        bearer("nested deeply", north().texts(&north().header().to_string(), &("[".repeat(5000)))),
        bearer("a deep claim", {
            let mut claims = claims(DISCOVERY).to_string();
            claims.truncate(claims.len() - 1);
            north().texts(&north().header().to_string(), &format!("{claims},\"x\":{}", "[".repeat(4000)))
        }),
        bearer("claims that are a list", north().texts(&north().header().to_string(), "[]")),
        bearer("claims that are text", north().texts(&north().header().to_string(), "\"x\"")),
        bearer("claims that are nothing", north().texts(&north().header().to_string(), "null")),
        bearer("two objects of claims", {
            let claims = claims(DISCOVERY);
            north().texts(&north().header().to_string(), &format!("{claims}{claims}"))
        }),
        bearer("a header that is a list", north().texts("[]", &claims(DISCOVERY).to_string())),
        bearer("another token as the claims", north().texts(&north().header().to_string(), &right)),
    ]
}

fn headers() -> Vec<Row> {
    let keys = jwks("attacker");
    let own_key = signer("attacker-es384", "ES384");
    let with_own_key = |name: &str, extra: &str, value: Value| {
        let mut header = north().header();
        header[extra] = value;
        bearer(name, own_key.token(&header, &claims(DISCOVERY)))
    };
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

fn bodies() -> Vec<Row> {
    let mut rows = vec![
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
        claim("an issuer that is not known", "iss", json!("https://west.example.org")),
        claim("an issuer with a slash", "iss", json!("https://north.example.org/")),
        claim("an issuer in capitals", "iss", json!("https://NORTH.example.org")),
        claim("an issuer that looks alike", "iss", json!("https://n\u{43e}rth.example.org")),
        claim("an issuer of two parts", "iss", json!("https://no\u{200d}rth.example.org")),
        claim("an issuer with a space", "iss", json!(" https://north.example.org")),
        claim("another client's issuer", "iss", json!("https://south.example.org")),
        claim("an issuer that is a list", "iss", json!(["https://north.example.org"])),
        claim("an empty issuer", "iss", json!("")),
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

#[test]
fn hostile_tokens_are_refused_alike_at_once_and_fetch_nothing() {
    let (keys, other) = (Counting::start(&jwks("north")), Counting::start(&jwks("attacker")));
    let service = Service::of(&configuration(&keys.url()), KeyTimes::default());
    let replayed = north().right(&claims(DISCOVERY));
    assert_eq!(service.discover(&replayed).status, 200, "the right one is let in");
    let mut rows = headers_of_the_request();
    rows.extend(shapes());
    rows.extend(headers());
    rows.extend(elsewhere(&keys, &other));
    rows.extend(bodies());
    rows.extend(without_a_signature());
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
