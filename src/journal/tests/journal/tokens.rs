//! A token is used once, in all replicas.

use jiff::{SignedDuration, Timestamp};

use crate::support::Store;

on_both!(a_token_is_new_once, of_many_at_once_one_is_new, expired_tokens_are_forgotten);

fn later(seconds: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_secs(seconds)
}

async fn a_token_is_new_once(store: Store) {
    let journal = store.journal().await;
    let long = "x".repeat(10_000);
    for (client, jti, first) in [
        ("north", "a", true),
        ("north", "a", false),
        ("south", "a", true),
        ("north", "b", true),
        ("north", "\0", true),
        ("north", "\0", false),
        ("north", &long, true),
        ("north", &long, false),
    ] {
        assert_eq!(journal.first_seen(client, jti, later(300)).await, Ok(first), "{client} {}", jti.len());
    }
    // A replica of its own, or the same one after a restart.
    let other = store.journal().await;
    assert_eq!(other.first_seen("north", "a", later(300)).await, Ok(false));
    assert_eq!(other.first_seen("north", "c", later(300)).await, Ok(true));
}

async fn of_many_at_once_one_is_new(store: Store) {
    let replicas = [store.journal().await, store.journal().await];
    for round in 0..20 {
        // Each replica is handed the same tokens in another order.
        let calls: Vec<_> = (0..16)
            .map(|call| {
                let journal = replicas[call % 2].clone();
                let token = if call % 2 == 0 { call / 2 } else { 7 - call / 2 };
                let jti = format!("{round}-{token}");
                tokio::spawn(async move { journal.first_seen("north", &jti, later(300)).await.unwrap() })
            })
            .collect();
        let mut first = 0;
        for call in calls {
            first += u32::from(call.await.unwrap());
        }
        assert_eq!(first, 8, "round {round}");
    }
}

async fn expired_tokens_are_forgotten(store: Store) {
    let journal = store.journal().await;
    for token in 0..50 {
        assert!(journal.first_seen("north", &format!("{token}"), later(-1)).await.unwrap());
    }
    // One that has expired is refused for that, not for being known.
    assert!(journal.first_seen("north", "0", later(300)).await.unwrap());
    drop(journal);
    // The writer clears away when it starts, and once a minute.
    let journal = store.journal().await;
    let mut left = 50;
    for _ in 0..100 {
        left = store.count("SELECT count(*) FROM jti").await;
        if left == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(left, 1);
    assert!(!journal.first_seen("north", "0", later(300)).await.unwrap());
}
