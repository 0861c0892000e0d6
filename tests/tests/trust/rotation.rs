//! Keys that change, sources that fail, and floods.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use signpost::trust::KeyTimes;

use crate::support::*;

const LONG: Duration = Duration::from_secs(3600);

fn times(fresh: Duration, cool_down: Duration, stale: Duration) -> KeyTimes {
    KeyTimes { fresh, cool_down, stale }
}

fn next() -> Signer {
    signer("north-next-es384", "ES384")
}

fn both() -> Value {
    let (mut keys, next) = (jwks("north"), jwks("north-next"));
    keys["keys"].as_array_mut().unwrap().push(next["keys"][0].clone());
    keys
}

/// The story of a rotation: the first token of a new key is let in after one fetch, and later ones without any.
#[test]
fn the_first_token_of_a_new_key_is_let_in_after_one_fetch() {
    let source = Counting::start(&jwks("north"));
    let service = Service::of(&configuration(&source.url()), times(LONG, Duration::from_millis(200), LONG));
    assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 200);
    assert_eq!(source.count(), 1, "at the start");
    assert_eq!(service.discover(&next().right(&claims(DISCOVERY))).status, 401, "not published yet");
    source.says(200, &both().to_string());
    sleep(Duration::from_millis(250));
    let before = source.count();
    assert_eq!(service.discover(&next().right(&claims(DISCOVERY))).status, 200);
    assert_eq!(source.count(), before + 1);
    for signer in [north(), next(), next()] {
        assert_eq!(service.discover(&signer.right(&claims(DISCOVERY))).status, 200);
    }
    assert_eq!(source.count(), before + 1, "kept");
    // The old key is taken back: gone with the next fetch.
    source.says(200, &jwks("north-next").to_string());
    sleep(Duration::from_millis(250));
    let unknown = north().token(&json!({ "alg": "ES384", "kid": "?", "typ": "JWT" }), &claims(DISCOVERY));
    assert_eq!(service.discover(&unknown).status, 401);
    assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 401);
    assert_eq!(service.discover(&next().right(&claims(DISCOVERY))).status, 200);
}

fn unknown(number: usize) -> String {
    let header = json!({ "alg": "ES384", "kid": format!("kid-{number}"), "typ": "JWT" });
    signer("attacker-es384", "ES384").token(&header, &claims(DISCOVERY))
}

/// Anyone can name a key that is not there: at most one fetch in a cool-down, also when all come at once to a slow source.
#[test]
fn a_flood_of_unknown_keys_makes_one_fetch_in_a_cool_down() {
    let source = Counting::start(&jwks("north"));
    let cool_down = Duration::from_millis(1500);
    let service = Service::of(&configuration(&source.url()), times(LONG, cool_down, LONG));
    assert_eq!(service.discover_at_once((0..100).map(unknown).collect()), 0);
    assert_eq!(source.count(), 1, "the one at the start was a moment ago");
    sleep(cool_down);
    source.takes(Duration::from_millis(150));
    assert_eq!(service.discover_at_once((100..300).map(unknown).collect()), 0);
    assert_eq!(source.count(), 2);
    // Meanwhile those with a known key do not wait.
    sleep(cool_down);
    let mut tokens: Vec<String> = (300..400).map(unknown).collect();
    tokens.extend((0..20).map(|_| north().right(&claims(DISCOVERY))));
    assert_eq!(service.discover_at_once(tokens), 20);
    assert_eq!(source.count(), 3);
    let known = service.discover(&north().right(&claims(DISCOVERY)));
    assert!(known.status == 200 && known.took < Duration::from_millis(50), "{:?}", known.took);
}

/// Those who wait for a slow source leave room for others: it is not for them that the service is full.
#[test]
fn a_flood_of_unknown_keys_at_a_slow_source_leaves_room() {
    let source = Counting::start(&jwks("north"));
    let service = Service::of(&configuration(&source.url()), times(LONG, Duration::ZERO, LONG));
    source.takes(Duration::from_millis(1500));
    let mut tokens: Vec<String> = (0..400).map(unknown).collect();
    tokens.extend((0..20).map(|_| north().right(&claims(DISCOVERY))));
    assert_eq!(service.discover_at_once(tokens), 20);
}

/// Whatever a source answers that is no set of keys leaves those in use that are there.
#[test]
fn keys_stay_in_use_while_their_source_fails_but_not_for_ever() {
    let failures = [
        (500, "{}".to_owned()),
        (404, jwks("attacker").to_string()),
        (302, jwks("attacker").to_string()),
        (200, "<html>".to_owned()),
        (200, "[]".to_owned()),
        (200, "{\"keys\":{}}".to_owned()),
        (200, format!("{{\"keys\":[{}]}}", "\"x\",".repeat(200) + "1")),
        (200, format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(300_000))),
    ];
    std::thread::scope(|scope| {
        for (status, body) in &failures {
            scope.spawn(|| keys_outlive(*status, body));
        }
    });
}

fn keys_outlive(status: u16, body: &str) {
    let source = Counting::start(&jwks("north"));
    let stale = Duration::from_secs(2);
    let service = Service::of(&configuration(&source.url()), times(Duration::ZERO, Duration::ZERO, stale));
    let name = format!("{status} {}", body.chars().take(30).collect::<String>());
    source.says(status, body);
    for _ in 0..3 {
        assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 200, "{name}");
        sleep(Duration::from_millis(20));
    }
    assert!(source.count() > 1, "{name}: it was asked again");
    sleep(stale);
    assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 401, "{name}: too old");
    source.says(200, &jwks("north").to_string());
    assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 200, "{name}: back again");
}

/// A set without keys is an answer: they were all taken back.
#[test]
fn a_source_can_take_all_its_keys_back() {
    let source = Counting::start(&jwks("north"));
    let service = Service::of(&configuration(&source.url()), times(Duration::ZERO, Duration::ZERO, LONG));
    source.says(200, "{\"keys\":[]}");
    let statuses: Vec<u16> = (0..20)
        .map(|_| {
            sleep(Duration::from_millis(20));
            service.discover(&north().right(&claims(DISCOVERY))).status
        })
        .collect();
    assert_eq!(statuses.last(), Some(&401), "{statuses:?}");
}

/// A source that is down at the start is asked again when a call comes.
#[test]
fn a_source_that_is_down_at_the_start_is_no_end() {
    let source = Counting::start(&jwks("north"));
    source.says(503, "");
    let service = Service::of(&configuration(&source.url()), times(LONG, Duration::from_millis(50), LONG));
    assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 401);
    source.says(200, &jwks("north").to_string());
    sleep(Duration::from_millis(60));
    assert_eq!(service.discover(&north().right(&claims(DISCOVERY))).status, 200);
}
