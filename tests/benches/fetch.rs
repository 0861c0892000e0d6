//! How long a call takes whose whole record is read from a FHIR server that takes 20 ms for every answer.
//!
//! The bar: below 20 ms times the rounds needed (at most 2) and 20 ms more, at the median. Searches run side by side.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

use std::time::{Duration, Instant};

use ehr::fetch::{Addresses, Bases, Client};
use jiff::Timestamp;
use signpost::answer::{answer, answer_with};
use signpost::content::{Content, Files};
use signpost::demo_ehr::DemoEhr;
use signpost::ehr_access::{Deadline, EhrAccess};
use signpost::example;

const CALLS: usize = 60;
const DELAY: Duration = Duration::from_millis(20);
const SLOW_DEADLINE_MS: u64 = 200;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let at: Timestamp = "2026-11-22T12:00:00Z".parse().expect("an instant");
    let content = Content::load(&Files::bundled()).expect("the bundled content loads");
    let service = content.service("coverage-order-sign").expect("the service");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = DemoEhr::new(at).with_delay(DELAY).router();
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    let addresses = Addresses { loopback: true, private: false };
    let access = |deadline| {
        let bases = Bases::new(&[], addresses).expect("no bases");
        EhrAccess::new(Client::new(addresses).expect("a client"), bases, deadline)
    };
    let (patient, hasty) =
        (access(Deadline::default()), access(Deadline::try_from(SLOW_DEADLINE_MS).expect("a deadline")));
    println!("{:>42} {:>8} {:>8} {:>8}", "record read from a server of 20 ms", "p50 ms", "p95 ms", "bar ms");
    for name in ["neutrophils-low", "policy-a-ii-a-third-line-monotherapy", "policy-a-ii-e3-third-line"] {
        let whole = example::request(name, at).expect("a request");
        let base = format!("http://{address}/fhir");
        let bare = example::to_be_fetched(&whole, &base, None).expect("a request");
        let expected = answer(&content, service, whole.as_bytes(), at).expect("cards");
        let mut times = Vec::new();
        for _ in 0..CALLS {
            let started = Instant::now();
            let found = answer_with(&patient, &content, service, bare.as_bytes(), at).await.expect("cards");
            times.push(started.elapsed());
            assert!(found == expected, "{name}: the answer is the same");
        }
        println!("{name:>42} {:>8.1} {:>8.1} {:>8}", at_rank(&mut times, 50), at_rank(&mut times, 95), 60);
    }
    let whole = example::request("neutrophils-low", at).expect("a request");
    let late = [
        ("none in time, deadline of 200 ms", format!("http://{address}/fail/slow/fhir")),
        ("a flood, deadline of 200 ms", flooding().await),
    ];
    for (name, base) in late {
        let body = example::to_be_fetched(&whole, &base, None).expect("a request");
        let mut times = Vec::new();
        for _ in 0..10 {
            let started = Instant::now();
            answer_with(&hasty, &content, service, body.as_bytes(), at).await.expect("cards");
            times.push(started.elapsed());
        }
        println!("{name:>42} {:>8.1} {:>8.1} {:>8}", at_rank(&mut times, 50), at_rank(&mut times, 100), 300);
    }
}

/// A server that sends pages without end, as fast as it can: as much as a call reads, until the deadline.
async fn flooding() -> String {
    let flood = |uri: axum::http::Uri| async move {
        let kind = uri.path().split('/').nth(2).unwrap_or_default().to_owned();
        let number = uri.query().and_then(|query| query.split("n=").nth(1)).unwrap_or("0").len();
        let text = "x".repeat(900);
        let entry = |place| {
            format!(
                r#"{{"resource":{{"resourceType":"{kind}","id":"{number}-{place}","status":"final","note":[{{"text":"{text}"}}]}}}}"#
            )
        };
        let entries = (0..400).map(entry).collect::<Vec<_>>().join(",");
        let next = format!("{}?n={}", uri.path(), "9".repeat(number + 1));
        format!(
            r#"{{"resourceType":"Bundle","link":[{{"relation":"next","url":"{next}"}}],"entry":[{entries}]}}"#
        )
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = axum::Router::new().fallback(axum::routing::get(flood));
    tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
    format!("http://{address}/fhir")
}

/// The time in milliseconds that so many percent of the calls took at most.
fn at_rank(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1000.0
}
