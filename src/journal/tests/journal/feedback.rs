//! What users did with cards.

use std::time::Duration;

use journal::record::Decision;
use journal::{Feedback, Filter, Level, Outcome, Privacy, Reason, Settings, Taken};

use crate::support::{Cluster, KEY, Kind, Proxy, Store, at, decision, settings};

on_both!(
    the_same_report_again_changes_nothing,
    the_newest_report_counts,
    a_card_of_nobody_is_kept_and_marked,
    another_client_says_nothing_of_my_cards,
    one_replica_takes_what_the_other_showed,
    what_is_no_id_is_not_kept_as_it_is,
    words_are_kept_as_patient_data_is,
);

fn overridden(card: &str, reason: &str, minutes: u64) -> Feedback {
    let reason = Some(Reason { code: reason.into(), system: None });
    let outcome = Outcome::Overridden { reason, comment: Some("Mrs Miller does not want it".into()) };
    Feedback { card: card.into(), outcome, at: at(minutes) }
}

fn accepted(decision: &Decision, minutes: u64) -> Feedback {
    let suggestions = vec![decision.cards[0].suggestions[0].to_string()];
    Feedback { card: card(decision), outcome: Outcome::Accepted { suggestions }, at: at(minutes) }
}

fn card(decision: &Decision) -> String {
    decision.cards[0].uuid.to_string()
}

fn taken(stored: u64, repeated: u64, unknown: u64) -> Taken {
    Taken { stored, repeated, unknown }
}

async fn the_same_report_again_changes_nothing(store: Store) {
    let journal = store.journal().await;
    let (one, other) = (decision(1), decision(2));
    journal.write(vec![one.clone(), other.clone()]).await.unwrap();
    let items = [overridden(&card(&one), "patient-refuses", 5), accepted(&other, 6)];
    let send = || journal.feedback(Some("north"), "order-sign", &items);
    assert_eq!(send().await, Ok(taken(2, 0, 0)));
    assert_eq!(send().await, Ok(taken(0, 2, 0)));
    // The same report twice in one body, and one that differs in a word.
    let differs = overridden(&card(&one), "contraindicated", 5);
    let items = [differs.clone(), differs];
    assert_eq!(journal.feedback(Some("north"), "order-sign", &items).await, Ok(taken(1, 1, 0)));
    assert_eq!(journal.feedback(Some("north"), "order-sign", &[]).await, Ok(taken(0, 0, 0)));
}

async fn the_newest_report_counts(store: Store) {
    let journal = store.journal().await;
    let one = decision(1);
    journal.write(vec![one.clone()]).await.unwrap();
    // They arrive in another order than they were made in.
    let items =
        [accepted(&one, 30), overridden(&card(&one), "late", 10), overridden(&card(&one), "first", 20)];
    for item in items {
        journal.feedback(Some("north"), "order-sign", &[item]).await.unwrap();
    }
    let stats = journal.stats(&Filter::default()).await.unwrap();
    let policy = stats.subjects.iter().find(|subject| subject.id == "policy-a").unwrap();
    assert_eq!((policy.accepted, policy.overridden.len()), (1, 0));
    assert_eq!(store.count("SELECT count(*) FROM feedback").await, 3);
    let item = overridden(&card(&one), "in the end", 40);
    journal.feedback(Some("north"), "order-sign", &[item]).await.unwrap();
    let stats = journal.stats(&Filter::default()).await.unwrap();
    let policy = stats.subjects.iter().find(|subject| subject.id == "policy-a").unwrap();
    assert_eq!((policy.accepted, policy.overridden.get("in the end")), (0, Some(&1)));
}

async fn a_card_of_nobody_is_kept_and_marked(store: Store) {
    let journal = store.journal().await;
    let items =
        [overridden("no uuid at all \0", "x", 1), overridden("f81d4fae-7dec-41d0-a765-00a0c91e6bf6", "y", 2)];
    let send = || journal.feedback(None, "order-sign", &items);
    assert_eq!(send().await, Ok(taken(0, 0, 2)));
    assert_eq!(send().await, Ok(taken(0, 2, 0)));
    assert_eq!(journal.stats(&Filter::default()).await.unwrap().unknown_feedback, 2);
}

async fn another_client_says_nothing_of_my_cards(store: Store) {
    let journal = store.journal().await;
    let one = decision(1);
    journal.write(vec![one.clone()]).await.unwrap();
    let items = [accepted(&one, 5)];
    assert_eq!(journal.feedback(Some("south"), "order-sign", &items).await, Ok(taken(0, 0, 1)));
    assert_eq!(journal.feedback(None, "order-sign", &items).await, Ok(taken(0, 0, 1)));
    assert_eq!(journal.feedback(Some("north"), "order-sign", &items).await, Ok(taken(1, 0, 0)));
    let stats = journal.stats(&Filter::default()).await.unwrap();
    assert_eq!(stats.subjects[0].accepted + stats.subjects[1].accepted, 1);
}

async fn one_replica_takes_what_the_other_showed(store: Store) {
    let (one, other) = (store.journal().await, store.journal().await);
    let decision = decision(1);
    one.write(vec![decision.clone()]).await.unwrap();
    let items = [accepted(&decision, 5)];
    assert_eq!(other.feedback(Some("north"), "order-sign", &items).await, Ok(taken(1, 0, 0)));
    assert_eq!(one.feedback(Some("north"), "order-sign", &items).await, Ok(taken(0, 1, 0)));
}

/// What is sent in the place of an id may be anybody's words.
async fn what_is_no_id_is_not_kept_as_it_is(store: Store) {
    let journal = store.journal().await;
    let suggestions = vec!["Mrs Miller".to_owned(), "F81D4FAE-7DEC-41D0-A765-00A0C91E6BF6".to_owned()];
    let item = Feedback {
        card: "the card of Mrs Miller".into(),
        outcome: Outcome::Accepted { suggestions },
        at: at(1),
    };
    for expected in [taken(0, 0, 1), taken(0, 1, 0)] {
        assert_eq!(journal.feedback(None, "order-sign", std::slice::from_ref(&item)).await, Ok(expected));
    }
    let rows = store.query("SELECT card || suggestions FROM feedback").await;
    let kept: String = sqlx::Row::get(&rows[0], 0);
    assert!(!kept.contains("Miller") && kept.contains("F81D4FAE"), "{kept}");
}

/// The most that one call may report, and a database some way off.
#[tokio::test(flavor = "multi_thread")]
async fn many_reports_are_few_ways_to_a_database_far_away() {
    let store = Store::new(Kind::Postgres).await;
    let proxy = Proxy::after(Cluster::shared().socket(), Duration::from_millis(5)).await;
    let database = store.url.split(['/', '?']).nth(3).unwrap();
    let url = format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", proxy.port);
    let journal = crate::support::open(&Settings { timeout: Duration::from_secs(1), ..settings(&url) }).await;
    let decisions: Vec<Decision> = (0..250).map(decision).collect();
    store.journal().await.write(decisions.clone()).await.unwrap();
    let items: Vec<Feedback> = decisions
        .iter()
        .flat_map(|decision| [accepted(decision, 1), overridden(&card(decision), "x", 2)])
        .collect();
    assert_eq!(journal.feedback(Some("north"), "order-sign", &items).await, Ok(taken(500, 0, 0)));
    assert_eq!(journal.feedback(Some("north"), "order-sign", &items).await, Ok(taken(0, 500, 0)));
}

async fn words_are_kept_as_patient_data_is(store: Store) {
    for (level, expected) in
        [(Level::None, None), (Level::Hashed, Some("hashed")), (Level::Whole, Some("Miller"))]
    {
        let privacy = Privacy::new(level, journal::Key::new(KEY).unwrap(), Vec::new());
        let settings = Settings { privacy, ..settings(&store.url) };
        let journal = journal::Journal::open(&settings).unwrap();
        journal.ready(std::time::Duration::from_secs(20)).await;
        let card = uuid::Uuid::now_v7().to_string();
        journal.feedback(None, "order-sign", &[overridden(&card, "x", 1)]).await.unwrap();
        let rows = store.query(&format!("SELECT words FROM feedback WHERE card = '{card}'")).await;
        let words: Option<String> = sqlx::Row::get(&rows[0], 0);
        assert_eq!(words.is_some(), expected.is_some());
        assert!(words.as_deref().unwrap_or_default().contains(expected.unwrap_or_default()), "{words:?}");
        assert_eq!(words.is_some_and(|words| words.contains("Miller")), level == Level::Whole);
    }
}
