//! JWK Sets: what is a key, and what for.

use serde_json::{Value, json};
use signpost::trust::KeySet;

use crate::support::jwks;

/// One key of a set, changed.
fn changed(set: &str, place: usize, change: &[(&str, Value)]) -> Value {
    let mut key = jwks(set)["keys"][place].clone();
    for (name, value) in change {
        match value {
            Value::Null => drop(key.as_object_mut().unwrap().remove(*name)),
            value => key[*name] = value.clone(),
        }
    }
    key
}

#[test]
fn a_key_is_used_only_for_what_it_is() {
    let short = "x".repeat(168);
    let rows: Vec<(&str, Value, Option<&str>)> = vec![
        ("as it is", changed("north", 0, &[]), None),
        ("without `use` and `alg`", changed("north", 0, &[("use", Value::Null), ("alg", Value::Null)]), None),
        ("key_ops", changed("north", 0, &[("key_ops", json!(["verify"]))]), None),
        ("unknown members", changed("north", 0, &[("x5c", json!(["x"])), ("nbf", json!(1))]), None),
        ("RSA", changed("north", 1, &[]), None),
        ("for encryption", changed("north", 0, &[("use", json!("enc"))]), Some("not for signatures")),
        (
            "key_ops of another",
            changed("north", 0, &[("key_ops", json!(["encrypt"]))]),
            Some("not for signatures"),
        ),
        ("no kid", changed("north", 0, &[("kid", Value::Null)]), Some("`kid`")),
        ("an empty kid", changed("north", 0, &[("kid", json!(""))]), Some("`kid`")),
        ("private", changed("north", 0, &[("d", json!("AQ"))]), Some("private")),
        ("a private RSA key", changed("north", 1, &[("d", json!("AQ"))]), Some("private")),
        ("symmetric", json!({ "kty": "oct", "k": "AQ", "kid": "a" }), Some("symmetric")),
        ("another curve", changed("north", 0, &[("crv", json!("P-521"))]), Some("curve")),
        ("the curve of another key", changed("north", 0, &[("crv", json!("P-256"))]), Some("length")),
        ("half a point", changed("north", 0, &[("y", Value::Null)]), Some("`y`")),
        ("not base64url", changed("north", 0, &[("x", json!("+/=="))]), Some("length")),
        ("the algorithm of another kind", changed("north", 0, &[("alg", json!("RS384"))]), Some("algorithm")),
        (
            "the algorithm of another curve",
            changed("north", 0, &[("alg", json!("ES256"))]),
            Some("algorithm"),
        ),
        ("HS256", changed("north", 1, &[("alg", json!("HS256"))]), Some("algorithm")),
        ("none", changed("north", 0, &[("alg", json!("none"))]), Some("algorithm")),
        ("PSS", changed("north", 1, &[("alg", json!("PS384"))]), Some("algorithm")),
        ("a short modulus", changed("north", 1, &[("n", json!(short))]), Some("2048")),
        (
            "a short modulus with zeros",
            changed("north", 1, &[("n", json!("A".repeat(200) + &short))]),
            Some("2048"),
        ),
        ("an endless modulus", changed("north", 1, &[("n", json!("x".repeat(1400)))]), Some("8192")),
        ("another kind", json!({ "kty": "OKP", "crv": "Ed25519", "x": "AQ", "kid": "a" }), Some("supported")),
        ("no kind", json!({ "kid": "a" }), Some("not a JWK")),
        ("no object", json!("a"), Some("not a JWK")),
        ("a number as kid", changed("north", 0, &[("kid", json!(1))]), Some("not a JWK")),
    ];
    for (name, key, refused) in rows {
        let set = KeySet::read(&json!({ "keys": [key] }).to_string()).unwrap();
        match refused {
            None => assert!(!set.is_empty() && set.unusable().is_empty(), "{name}: {:?}", set.unusable()),
            Some(why) => {
                assert!(set.is_empty(), "{name}");
                assert!(set.unusable()[0].contains(why), "{name}: {:?}", set.unusable());
            }
        }
    }
}

#[test]
fn one_that_cannot_be_used_hides_no_other() {
    let keys = json!({ "keys": ["x", changed("north", 0, &[]), { "kty": "oct" }] });
    let set = KeySet::read(&keys.to_string()).unwrap();
    assert!(!set.is_empty() && set.unusable().len() == 2, "{:?}", set.unusable());
}

#[test]
fn what_is_no_set_is_refused() {
    let many = json!({ "keys": vec![json!({}); 101] }).to_string();
    for text in ["", "{}", "[]", "null", "{\"keys\":1}", "{\"keys\":[]", many.as_str()] {
        assert!(KeySet::read(text).is_err(), "{}", text.chars().take(20).collect::<String>());
    }
}
