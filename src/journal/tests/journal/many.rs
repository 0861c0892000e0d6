//! A hundred thousand decisions: counted fast, exported in little memory.

use std::time::{Duration, Instant};

use journal::{Filter, Format};

use crate::support::{Kind, Store, decision};

on_both!(
    #[ignore = "minutes: cargo test -p journal -- --ignored hundred_thousand --nocapture"]
    a_hundred_thousand_are_counted_in_a_second,
    #[ignore = "a measurement: cargo test -p journal -- --ignored eight_at_once --nocapture"]
    eight_at_once,
    thousands_are_written_fast,
);

/// What a commit costs one caller, and what it costs each of many who share it.
async fn eight_at_once(store: Store) {
    let journal = store.journal().await;
    let mut number = 0_u64;
    for callers in [1_u64, 8, 64] {
        let start = Instant::now();
        let writing = |caller| {
            let (journal, first) = (journal.clone(), number + caller);
            tokio::spawn(async move {
                let mut times = Vec::new();
                for round in 0..100 {
                    let decisions = vec![decision(first + round * callers)];
                    let start = Instant::now();
                    journal.write(decisions).await.unwrap();
                    times.push(start.elapsed());
                }
                times
            })
        };
        let tasks: Vec<_> = (0..callers).map(writing).collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.unwrap());
        }
        let took = start.elapsed();
        times.sort_unstable();
        let (p50, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!(
            "{:?}, {callers} at once: {} decisions in {took:?}, p50 {p50:?}, p99 {p99:?}",
            store.kind,
            times.len()
        );
        number += 100 * callers;
    }
}

async fn fill(store: &Store, count: u64) -> Duration {
    let journal = store.journal().await;
    let start = Instant::now();
    for first in (0..count).step_by(500) {
        let decisions: Vec<_> = (first..(first + 500).min(count)).map(decision).collect();
        journal.write(decisions.clone()).await.unwrap();
    }
    start.elapsed()
}

async fn thousands_are_written_fast(store: Store) {
    let took = fill(&store, 2_000).await;
    assert!(took < Duration::from_secs(60), "{took:?}");
    let start = Instant::now();
    assert_eq!(store.journal().await.stats(&Filter::default()).await.unwrap().decisions, 2_000);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

async fn a_hundred_thousand_are_counted_in_a_second(store: Store) {
    let written = fill(&store, 100_000).await;
    let journal = store.journal().await;
    let start = Instant::now();
    let stats = journal.stats(&Filter::default()).await.unwrap();
    let counted = start.elapsed();
    assert_eq!(stats.decisions, 100_000);

    let before = resident();
    let mut out = std::io::sink();
    let start = Instant::now();
    assert_eq!(journal.export(Format::Ndjson, &Filter::default(), &mut out).await.unwrap(), 100_000);
    let exported = start.elapsed();
    let grown = resident().saturating_sub(before);

    let size = match store.kind {
        Kind::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        Kind::Postgres => "SELECT pg_database_size(current_database())",
    };
    let size = store.count(size).await / 100_000;
    let body = store.count("SELECT CAST(avg(length(body)) AS BIGINT) FROM decision").await;
    println!(
        "{:?}: written in {written:?}, counted in {counted:?}, exported in {exported:?} with {grown} kB more memory; \
         {size} bytes a decision, of them {body} of JSON",
        store.kind
    );
    assert!(counted < Duration::from_secs(1), "counted in {counted:?}");
    assert!(grown < 32 * 1024, "{grown} kB for the export");
}

/// Resident memory in kB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
