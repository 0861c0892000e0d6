//! How long the steps of answers took.

use journal::{Filter, StepTimes};

use crate::support::{Store, at, decision};

on_both!(steps_are_summed_up, of_the_newest_and_the_chosen_only);

fn times(name: &str, count: usize, median: u64, p90: u64, most: u64) -> StepTimes {
    StepTimes { name: name.into(), count, median, p90, most }
}

/// The steps of decision `n` take `n` microseconds each.
async fn steps_are_summed_up(store: Store) {
    let journal = store.journal().await;
    assert_eq!(journal.step_times(&Filter::default(), 100).await.unwrap(), []);
    journal.write((1..=10).map(decision).collect()).await.unwrap();
    let expected = ["read", "evaluate", "cards"].map(|name| times(name, 10, 5, 9, 10));
    assert_eq!(journal.step_times(&Filter::default(), 100).await.unwrap(), expected);
}

async fn of_the_newest_and_the_chosen_only(store: Store) {
    let journal = store.journal().await;
    journal.write((1..=10).map(decision).collect()).await.unwrap();
    let newest = journal.step_times(&Filter::default(), 1).await.unwrap();
    assert_eq!(newest[0], times("read", 1, 10, 10, 10));
    let early = Filter { from: None, until: Some(at(3)) };
    assert_eq!(journal.step_times(&early, 100).await.unwrap()[0], times("read", 2, 1, 2, 2));
}
