//! What is no token at all.

use serde_json::json;

use super::rows::{Row, bearer};
use crate::support::*;

/// All of them.
pub(super) fn rows() -> Vec<Row> {
    [headers_of_the_request(), shapes(), payloads()].concat()
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
        row("without a scheme", std::slice::from_ref(&right)),
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
        bearer("half a signature", format!("{message}.{}", signature.get(..64).unwrap())),
        bearer("a signature of zeros", format!("{message}.{}", base64([0u8; 96]))),
        bearer("a signature of ones", format!("{message}.{}", base64([0xffu8; 96]))),
        bearer("an empty signature", format!("{message}.AA")),
        bearer(
            "the signature of another",
            format!("{message}.{}", signer("attacker-es384", "ES384").sign(message)),
        ),
        bearer("huge", format!("{}.{}.{}", parts[0], base64("x".repeat(20_000)), parts[2])),
        bearer("huge, without dots", "a".repeat(100_000)),
    ]
}

fn payloads() -> Vec<Row> {
    let right = north().right(&claims(DISCOVERY));
    vec![
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
