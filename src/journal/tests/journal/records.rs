//! A record is what was written, in every part.

use std::time::Duration;

use journal::{Failure, Journal};
use uuid::Uuid;

use crate::support::{Store, decision, settings};

on_both!(
    what_was_written_is_read,
    one_that_is_refused_takes_no_other_with_it,
    a_card_is_found,
    migrations_run_once
);

async fn what_was_written_is_read(store: Store) {
    let journal = store.journal().await;
    let decisions: Vec<_> = (0..100).map(decision).collect();
    journal.write(decisions.clone()).await.unwrap();
    for written in &decisions {
        let read = journal.decision(written.id).await.unwrap().unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(written).unwrap());
    }
    assert!(journal.decision(Uuid::nil()).await.unwrap().is_none());
    assert_eq!(store.count("SELECT count(*) FROM outcome").await, 200);
    assert_eq!(store.count("SELECT count(*) FROM card").await, 200);
    // Six patterns of the policy and the limits, however many decisions.
    assert_eq!(store.count("SELECT count(*) FROM pattern").await, 5);
}

/// Sixteen calls at once; every fourth is of an id that is taken.
async fn one_that_is_refused_takes_no_other_with_it(store: Store) {
    let journal = store.journal().await;
    journal.write(vec![decision(0)]).await.unwrap();
    let calls = (0..16).map(|call| {
        let journal = journal.clone();
        let number = if call % 4 == 0 { 0 } else { call };
        tokio::spawn(async move { (number, journal.write(vec![decision(number)]).await) })
    });
    for call in calls.collect::<Vec<_>>() {
        let (number, written) = call.await.unwrap();
        match number {
            0 => assert!(matches!(written, Err(Failure::Store(_))), "{written:?}"),
            _ => assert_eq!(written, Ok(()), "{number}"),
        }
    }
    assert_eq!(store.count("SELECT count(*) FROM decision").await, 13);
    // What was refused was at fault, not the store.
    journal.write(vec![decision(99)]).await.unwrap();
}

/// A hook that fires again gives the same cards again.
async fn a_card_is_found(store: Store) {
    let journal = store.journal().await;
    let (first, mut again) = (decision(1), decision(2));
    again.cards = first.cards.clone();
    journal.write(vec![first.clone(), again.clone()]).await.unwrap();
    let found = journal.decisions_of_card(first.cards[0].uuid).await.unwrap();
    assert_eq!(found, [again.id.to_string(), first.id.to_string()]);
}

/// Two replicas that start at once, and one that starts later.
async fn migrations_run_once(store: Store) {
    // One process has a SQLite file; what is shown for it is that it starts again.
    let (one, other) = match store.kind {
        crate::support::Kind::Postgres => {
            let (one, other) = (
                Journal::open(&settings(&store.url)).unwrap(),
                Journal::open(&settings(&store.url)).unwrap(),
            );
            (one, other)
        }
        crate::support::Kind::Sqlite => (store.journal().await, store.journal().await),
    };
    let later = store.journal().await;
    for (number, journal) in [one, other, later].into_iter().enumerate() {
        journal.ready(Duration::from_secs(20)).await;
        journal.write(vec![decision(number as u64)]).await.unwrap();
    }
    assert_eq!(store.count("SELECT count(*) FROM _sqlx_migrations").await, 1);
}
