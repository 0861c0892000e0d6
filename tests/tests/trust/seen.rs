//! A token that comes twice.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, ready};
use jiff::Timestamp;
use serde_json::json;
use signpost::trust::{JtiStore, KeyTimes, Memory, Unavailable};

use crate::support::*;

fn service(seen: Arc<dyn JtiStore>) -> Service {
    Service::with(&configuration(&Counting::start(&jwks("north")).url()), KeyTimes::default(), seen)
}

#[test]
fn a_token_is_good_once_unless_its_client_uses_it_for_several_calls() {
    let service = service(Arc::new(Memory::new(clock)));
    let once = north().right(&claims(SERVICE));
    assert_eq!([&once, &once].map(|token| service.call(token).status), [200, 401]);
    let several = signer("south-es384", "ES384").right(&south_claims(SERVICE));
    assert_eq!([&several, &several, &several].map(|token| service.call(token).status), [200, 200, 200]);
}

/// Ten at once: one of them was the first.
#[test]
fn of_the_same_token_sent_at_once_one_is_let_in() {
    let service = service(Arc::new(Memory::new(clock)));
    let token = north().right(&claims(DISCOVERY));
    assert_eq!(service.discover_at_once(vec![token; 10]), 1);
}

/// Another may not use a token up: the `jti` counts after the signature, and for each client apart.
#[test]
fn only_the_client_itself_uses_a_jti_up() {
    let service = service(Arc::new(Memory::new(clock)));
    let claims = claims(DISCOVERY);
    let forged = signer("attacker-es384", "ES384").token(&north().header(), &claims);
    assert_eq!(service.discover(&forged).status, 401);
    assert_eq!(service.discover(&north().right(&claims)).status, 200);
}

#[test]
fn a_store_that_is_full_or_gone_lets_nobody_in_by_a_token_that_it_cannot_remember() {
    let full = service(Arc::new(Memory::bounded(clock, 3)));
    let discover = |service: &Service| service.discover(&north().right(&claims(DISCOVERY)));
    assert_eq!([(), (), (), ()].map(|()| discover(&full).status), [200, 200, 200, 503]);
    // What its client may use several times needs no memory.
    let south = signer("south-es384", "ES384").right(&south_claims(DISCOVERY));
    assert_eq!(full.discover(&south).status, 200);
    let answer = discover(&service(Arc::new(Gone)));
    assert_eq!(answer.status, 503);
    assert!(answer.headers.contains_key("retry-after") && answer.body.contains("transient"));
}

/// What has expired makes room.
#[test]
fn memory_is_bounded_and_forgets_what_has_expired() {
    let memory = Memory::bounded(Timestamp::now, 2);
    let first =
        |client: &str, jti: &str, until: Timestamp| runtime().block_on(memory.first_seen(client, jti, until));
    let now = Timestamp::now().as_second();
    let [past, future] = [now - 5, now + 300].map(|second| Timestamp::from_second(second).unwrap());
    assert_eq!(first("a", "1", past), Ok(true));
    assert_eq!(first("a", "1", future), Ok(true), "it has expired");
    assert_eq!(first("a", "1", future), Ok(false));
    assert_eq!(first("b", "1", future), Ok(true), "another client's");
    assert_eq!(first("a", "2", past), Ok(true));
    std::thread::sleep(Duration::from_millis(1100));
    assert_eq!(first("a", "3", future), Ok(true), "in the place of 2");
    assert_eq!(first("a", "4", future), Err(Unavailable));
    assert_eq!(first("a", "1", future), Ok(false), "what is remembered stays");
}

/// A database that is down.
#[derive(Debug)]
struct Gone;

impl JtiStore for Gone {
    fn first_seen<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(ready(Err(Unavailable)))
    }
}

/// A database that takes its time.
#[derive(Debug)]
struct Slow;

impl JtiStore for Slow {
    fn first_seen<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: Timestamp,
    ) -> BoxFuture<'a, Result<bool, Unavailable>> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            Ok(true)
        })
    }
}

/// A client with as many calls under way as it may have is told to come again; others are not its concern.
#[test]
fn each_client_has_a_part_of_what_the_service_carries() {
    let keys = Counting::start(&jwks("north"));
    let text = format!("{}[load]\nmax_concurrent_per_client = 2\n", configuration(&keys.url()));
    let service = Service::with(&text, KeyTimes::default(), Arc::new(Slow));
    let north_tokens = |count: usize| (0..count).map(|_| north().right(&claims(DISCOVERY)));
    let mut tokens: Vec<String> = north_tokens(6).collect();
    tokens.push(signer("south-es384", "ES384").right(&south_claims(DISCOVERY)));
    assert_eq!(service.discover_at_once(tokens), 3, "two of north's and south's");
    assert_eq!(service.discover_at_once(north_tokens(2).collect()), 2, "its places are free again");
}

/// A reused `jti` is refused in another token too.
#[test]
fn the_jti_counts_and_not_the_token() {
    let service = service(Arc::new(Memory::new(clock)));
    let mut claims = claims(DISCOVERY);
    assert_eq!(service.discover(&north().right(&claims)).status, 200);
    claims["exp"] = json!(NOW + 200);
    assert_eq!(service.discover(&north().right(&claims)).status, 401);
}
