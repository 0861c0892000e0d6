//! Whatever came in time is used; what did not is a gap; the answer is never later than the deadline and 100 ms.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::routing::get;
use serde_json::{Value, json};
use signpost::demo_ehr::DemoEhr;

use super::support::{Ehr, PATIENT_ENOUGH, Service, clock, request, serve, without_prefetch};

const NAME: &str = "policy-b-i-recurrent-unresectable";

/// What an answer may take beyond its deadline.
const MORE: Duration = Duration::from_millis(100);

/// How often an answer may be late because the machine is busy with other things; one that waits is late every time.
const TRIES: usize = 20;

/// Posts to a server that is late, and expects the answer on time.
fn on_time(base: &str, within: Duration, what: &str) {
    let service = Service::within(within);
    let call = |_| {
        let found = service.post(&without_prefetch(request(NAME), base));
        assert_eq!(found.status, 200, "{what}: {}", found.text());
        assert!(found.took >= within, "{what}: it waits as long as it may");
        found.took
    };
    let took: Vec<Duration> = (0..TRIES).map(call).take_while(|took| *took > within + MORE).collect();
    assert!(took.len() < TRIES, "{what}: {took:?} of {within:?}");
}

#[test]
fn a_slow_server_does_not_delay_the_answer() {
    let ehr = Ehr::demo();
    for within in [150, 500].map(Duration::from_millis) {
        // An organization is read in the second round.
        for way in ["slow", "slow:Observation", "slow:PractitionerRole", "slow:Organization"] {
            on_time(&ehr.failing(way), within, way);
        }
    }
}

/// The head comes at once, and the body a byte at a time.
#[test]
fn a_body_that_trickles_does_not_delay_the_answer() {
    let trickle = || async {
        let bytes = futures_util::stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), ()))
        });
        Body::from_stream(bytes)
    };
    let address = serve(Router::new().fallback(get(trickle)));
    on_time(&format!("http://{address}/fhir"), Duration::from_millis(300), "a byte at a time");
}

/// Each page comes in time, and there is always one more.
#[test]
fn pages_without_end_do_not_delay_the_answer() {
    let next = |request: Request| async move {
        tokio::time::sleep(Duration::from_millis(40)).await;
        page(&request, 1)
    };
    let address = serve(Router::new().fallback(get(next)));
    on_time(&format!("http://{address}/fhir"), Duration::from_millis(300), "one more page");
}

/// A server that takes its time for every answer is waited for twice, not once for every search.
#[test]
fn searches_run_side_by_side() {
    let delay = Duration::from_secs(1);
    let address = serve(DemoEhr::new(clock()).with_delay(delay).router());
    let service = Service::within(PATIENT_ENOUGH);
    let found = service.post(&without_prefetch(request(NAME), &format!("http://{address}/fhir")));
    assert_eq!(found.text(), service.post(&request(NAME)).text());
    assert!(found.took >= delay * 2 && found.took < delay * 3, "{:?}", found.took);
}

/// As much as may be read, all of it just before the deadline. (`cargo bench --bench fetch` prints it too.)
#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "an unoptimized build takes longer to read a flood than an answer may be late"
)]
fn a_flood_does_not_delay_the_answer() {
    let flood = |request: Request| async move { page(&request, 200) };
    let address = serve(Router::new().fallback(get(flood)));
    let service = Service::within(Duration::from_millis(300));
    let body = without_prefetch(request(NAME), &format!("http://{address}/fhir"));
    let took = (0..TRIES).map(|_| service.post(&body).took);
    let took: Vec<Duration> = took.take_while(|took| *took > Duration::from_millis(300) + MORE).collect();
    assert!(took.len() < TRIES, "{took:?}");
}

/// Many searches that are each within their bounds are not within those of the call.
#[test]
fn a_call_reads_no_more_than_so_much() {
    let served = Arc::new(AtomicUsize::new(0));
    let counted = served.clone();
    let flood = move |request: Request| {
        let page = page(&request, 300);
        counted.fetch_add(page.len(), Ordering::SeqCst);
        async move { page }
    };
    let address = serve(Router::new().fallback(get(flood)));
    let answer = Service::within(PATIENT_ENOUGH)
        .post(&without_prefetch(request(NAME), &format!("http://{address}/fhir")));
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("came incomplete (too large)"), "{}", answer.text());
    let (served, most) = (served.load(Ordering::SeqCst), 16 << 20);
    // Beside what is read, one page of each search was on its way.
    assert!((most / 2..most * 3 / 2).contains(&served), "{served}");
}

/// A page of so many resources of a kilobyte, and one more to come.
fn page(request: &Request, resources: usize) -> String {
    let path = request.uri().path();
    let kind = path.split('/').nth(2).unwrap_or_default();
    let number = request.uri().query().and_then(|query| query.split("n=").nth(1));
    let number = number.and_then(|number| number.parse::<usize>().ok()).unwrap_or(0);
    let text = "x".repeat(900);
    let entry = |place: usize| -> Value {
        let id = format!("{kind}-{number}-{place}");
        json!({ "resource": {
            "resourceType": kind, "id": id, "status": "final",
            "subject": { "reference": "Patient/syn-012" }, "note": [{ "text": text }]
        } })
    };
    let entries: Vec<Value> = (0..resources).map(entry).collect();
    let next = format!("{path}?patient=x&n={}", number + 1);
    json!({
        "resourceType": "Bundle", "type": "searchset", "entry": entries,
        "link": [{ "relation": "next", "url": next }]
    })
    .to_string()
}
