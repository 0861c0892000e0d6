//! What the service does when twice as much comes as it can carry: those it answers are answered nearly as fast as at
//! half load, the rest get 503 at once, memory stays bounded, and afterwards it is as fast as before.
//!
//! The bars: p99 of the answered within 3 times the p99 at half load. `LOAD_SECONDS` sets how long the overload lasts (60).
//! The clients run on the same machine and take their part of its processors.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

#[allow(dead_code, reason = "each benchmark uses its part")]
mod support;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, mpsc};

use support::{EAGER, Service, at_rank, call, eager, request};

/// Connections of the clients; each has one request at a time.
const CONNECTIONS: usize = 400;

fn main() {
    let seconds = std::env::var("LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let request = request();
    let service = Service::start(None);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        eager(&service, &request, EAGER, Duration::from_secs(2)).await;
        let carries = eager(&service, &request, EAGER, Duration::from_secs(6)).await.per_second;
        println!("carries {carries:.0} requests a second of {} kB, {EAGER} at a time", request.len() / 1000);
        println!(
            "{:>14} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8}",
            "load", "sent/s", "answered", "refused", "not sent", "p50 ms", "p99 ms", "503 p99", "MB"
        );
        for (name, share, time) in [
            ("half", 0.5, Duration::from_secs(15)),
            ("twice", 2.0, Duration::from_secs(seconds)),
            ("half again", 0.5, Duration::from_secs(15)),
        ] {
            let mut seen = steady(&service, &request, carries * share, time).await;
            println!(
                "{name:>14} {:>10.0} {:>9} {:>9} {:>9} {:>9.2} {:>9.2} {:>9.2} {:>8.1}",
                carries * share,
                seen.answered.len(),
                seen.refused.len(),
                seen.not_sent,
                at_rank(&mut seen.answered, 50),
                at_rank(&mut seen.answered, 99),
                at_rank(&mut seen.refused, 99),
                service.megabytes()
            );
            assert_eq!(seen.broken, 0, "every request is answered or refused");
        }
    });
}

#[derive(Default)]
struct Seen {
    answered: Vec<Duration>,
    refused: Vec<Duration>,
    /// When every connection still waited: the client's own end.
    not_sent: usize,
    broken: usize,
}

/// Requests at a steady rate, whatever becomes of them; the time of each counts from when it was due.
async fn steady(service: &Service, request: &Arc<Vec<u8>>, rate: f64, time: Duration) -> Seen {
    let (due, dues) = mpsc::channel::<Instant>(CONNECTIONS);
    let dues = Arc::new(Mutex::new(dues));
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let (mut stream, request, dues) = (service.connect().await, request.clone(), dues.clone());
        clients.push(tokio::spawn(async move {
            let (mut seen, mut buffer) = (Seen::default(), Vec::new());
            loop {
                let next = dues.lock().await.recv().await;
                let Some(due) = next else { return seen };
                match call(&mut stream, &request, &mut buffer).await {
                    Ok(200) => seen.answered.push(due.elapsed()),
                    Ok(503) => seen.refused.push(due.elapsed()),
                    _ => {
                        seen.broken += 1;
                        return seen;
                    }
                }
            }
        }));
    }
    let (start, mut sent, mut all) = (Instant::now(), 0u32, Seen::default());
    while start.elapsed() < time {
        tokio::time::sleep(Duration::from_millis(1)).await;
        while f64::from(sent) < start.elapsed().as_secs_f64() * rate {
            let when = start + Duration::from_secs_f64(f64::from(sent) / rate);
            all.not_sent += usize::from(due.try_send(when).is_err());
            sent += 1;
        }
    }
    drop(due);
    for client in clients {
        let seen = client.await.expect("it ends");
        all.answered.extend(seen.answered);
        all.refused.extend(seen.refused);
        all.broken += seen.broken;
    }
    all
}
