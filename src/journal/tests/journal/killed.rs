//! Killed at any moment: what was said to be written is, and what is there is whole.

use std::process::Command;
use std::time::Duration;

use crate::support::child::{Writing, written};
use crate::support::{Store, decision};

on_both!(a_hundred_kills_lose_nothing);

/// Kills a process under load, each time a little later.
const TIMES: u64 = 100;

async fn a_hundred_kills_lose_nothing(store: Store) {
    let mut acknowledged = Vec::new();
    for time in 0..TIMES {
        let env = Command::new("env");
        let writing = Writing::start(env, &store.url, time * 1_000_000, Duration::from_secs(5));
        let first = writing.next(Duration::from_secs(20)).unwrap();
        acknowledged.extend(written(&[first]));
        // Any moment between two commits and within one: 0 to 40 ms, never twice the same.
        tokio::time::sleep(Duration::from_micros(time * 7919 % 40_000)).await;
        acknowledged.extend(written(&writing.kill()));
    }
    assert!(acknowledged.len() as u64 > TIMES * 2, "{} under load", acknowledged.len());
    check(&store, &acknowledged).await;
}

async fn check(store: &Store, acknowledged: &[u64]) {
    let journal = store.journal().await;
    for number in acknowledged {
        let written = decision(*number);
        let read = journal.decision(written.id).await.unwrap();
        let read = read.unwrap_or_else(|| panic!("{number} was said to be written"));
        assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&written).unwrap());
    }
    for (what, sql) in [
        (
            "outcomes",
            "SELECT count(*) FROM decision WHERE (SELECT count(*) FROM outcome WHERE decision = id) <> 2",
        ),
        ("cards", "SELECT count(*) FROM decision WHERE (SELECT count(*) FROM card WHERE decision = id) <> 2"),
    ] {
        assert_eq!(store.count(sql).await, 0, "decisions without all of their {what}");
    }
    let all = store.count("SELECT count(*) FROM decision").await;
    assert!(all >= i64::try_from(acknowledged.len()).unwrap());
}
