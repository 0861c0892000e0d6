//! What a whole answer costs, beside two floors on the same bytes: parsing the body into a
//! `serde_json::Value`, and reading it once with borrowed views of the needed members only.
//!
//! The three are timed in turn, round by round, so that a noisy machine disturbs all alike; the ratios of the
//! medians are what counts. Where a machine is too noisy even for that, instructions are counted: with the arguments
//! `answer 5` (or `value`, `views`; 5, 60, 600) one request is worked on twice, the second time in `counted`:
//! `valgrind --tool=callgrind --toggle-collect='*counted*' target/release/deps/answer-… answer 5`.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

mod floor;
mod history;
mod request;

use std::hint::black_box;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use signpost::content::{Content, Files, Service};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Observations in each request.
const SIZES: [usize; 3] = [5, 60, 600];
const ROUNDS: usize = 41;
/// How long one measurement repeats its work.
const SLICE: Duration = Duration::from_millis(8);

fn main() {
    let content = Content::load(&Files::bundled()).expect("the bundled content loads");
    let service = content.service("coverage-order-sign").expect("the service");
    let subject =
        Subject { content: &content, service, at: "2026-11-22T12:00:00Z".parse().expect("an instant") };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [work, observations] => subject.once(work, observations.parse().expect("a number")),
        _ => subject.compare(),
    }
}

struct Subject<'c> {
    content: &'c Content,
    service: &'c Service,
    at: Timestamp,
}

impl Subject<'_> {
    fn compare(&self) {
        println!(
            "{:>12} {:>9} {:>10} {:>10} {:>10} {:>12} {:>12}",
            "observations", "body kB", "answer us", "Value us", "views us", "answer/Value", "answer/views"
        );
        for observations in SIZES {
            let body = request::request(observations);
            assert!(self.answer(&body) > 1000, "the request gets cards");
            let mut times = [Vec::new(), Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                times[0].push(time(|| {
                    black_box(self.answer(black_box(&body)));
                }));
                times[1].push(time(|| value(black_box(&body))));
                times[2].push(time(|| views(black_box(&body))));
            }
            let [whole, value, views] = times.map(median);
            println!(
                "{observations:>12} {:>9.1} {whole:>10.1} {value:>10.1} {views:>10.1} {:>12.2} {:>12.2}",
                body.len() as f64 / 1000.0,
                whole / value,
                whole / views
            );
        }
    }

    fn once(&self, work: &str, observations: usize) {
        let body = request::request(observations);
        let work = || match work {
            "answer" => {
                black_box(self.answer(black_box(&body)));
            }
            "value" => value(black_box(&body)),
            _ => views(black_box(&body)),
        };
        work();
        counted(&work);
    }

    /// The length of the answer.
    fn answer(&self, body: &[u8]) -> usize {
        signpost::answer::answer(self.content, self.service, body, self.at).expect("an answer").len()
    }
}

fn value(body: &[u8]) {
    drop(black_box(serde_json::from_slice::<Value>(body).expect("JSON")));
}

fn views(body: &[u8]) {
    drop(black_box(serde_json::from_slice::<floor::Request<'_>>(body).expect("a request")));
}

/// By this name the tool that counts knows what to count.
#[inline(never)]
fn counted(work: &dyn Fn()) {
    work();
}

/// Microseconds a call, averaged over one slice.
fn time(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut calls = 0u32;
    while start.elapsed() < SLICE {
        work();
        calls += 1;
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(calls)
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
