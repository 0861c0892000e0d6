//! A hundred thousand decisions: counted fast, exported in little memory.

use std::time::{Duration, Instant};

use journal::{Filter, Format};

use crate::support::{Kind, Store, decision};

on_both!(
    #[ignore = "minutes; ./tests/run runs it in a release build"]
    a_hundred_thousand_are_counted_in_a_second,
    thousands_are_written_fast
);

async fn fill(store: &Store, count: u64) -> Duration {
    let journal = store.journal().await;
    let start = Instant::now();
    for first in (0..count).step_by(500) {
        let decisions: Vec<_> = (first..(first + 500).min(count)).map(decision).collect();
        journal.write(&decisions).await.unwrap();
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
