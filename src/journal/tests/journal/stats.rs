//! What came of it, counted.

use std::collections::BTreeMap;

use journal::record::Kind;
use journal::{Criterion, Day, Feedback, Filter, Missed, Outcome, Reason};

use crate::support::{Store, at, decision};

on_both!(
    everything_is_counted,
    a_time_is_chosen,
    a_card_that_is_shown_again_is_one,
    an_empty_journal_counts_nothing
);

fn reasons(reasons: &[(&str, u64)]) -> BTreeMap<String, u64> {
    reasons.iter().map(|(reason, count)| ((*reason).into(), *count)).collect()
}

fn criterion(id: &str, decided: u64, open: u64, overridden: &[(&str, u64)]) -> Criterion {
    Criterion { id: id.into(), decided, open, overridden: reasons(overridden) }
}

/// Overrides the first card of a decision.
fn overridden(number: u64, reason: Option<&str>) -> Feedback {
    let reason = reason.map(|code| Reason { code: code.into(), system: Some("urn:reasons".into()) });
    let outcome = Outcome::Overridden { reason, comment: None };
    Feedback { card: decision(number).cards[0].uuid.to_string(), outcome, at: at(number + 1) }
}

async fn everything_is_counted(store: Store) {
    let journal = store.journal().await;
    // Thirty decisions on one day, thirty on the next: twenty of each determination.
    let numbers = (0..30).chain(1440..1470);
    journal.write(numbers.map(decision).collect()).await.unwrap();
    let accepted = Outcome::Accepted { suggestions: Vec::new() };
    let accepted = Feedback { outcome: accepted, ..overridden(3, None) };
    let items =
        [overridden(0, Some("refused")), overridden(1440, None), overridden(1, Some("refused")), accepted];
    journal.feedback(Some("north"), "order-sign", &items).await.unwrap();
    let stats = journal.stats(&Filter::default()).await.unwrap();

    assert_eq!((stats.decisions, stats.unknown_feedback), (60, 0));
    let day = |day: &str, accepted, given: &[(&str, u64)]| Day {
        day: day.into(),
        decisions: 30,
        cards: 60,
        accepted,
        overridden: given.iter().map(|(_, count)| count).sum(),
        reasons: reasons(given),
    };
    let days = [day("2026-10-01", 1, &[("refused", 2)]), day("2026-10-02", 0, &[("none", 1)])];
    assert_eq!(stats.days, days);

    let [policy, limits] = &stats.subjects[..] else { panic!("{:?}", stats.subjects) };
    assert_eq!(
        (policy.kind, policy.id.as_str(), policy.version.as_str()),
        (Kind::Policy, "policy-a", "2024-02-23")
    );
    assert_eq!((policy.assessed, policy.cards, policy.accepted), (60, 60, 1));
    let determinations = [("does-not-meet-criteria", 20), ("information-needed", 20), ("meets-criteria", 20)];
    assert_eq!(policy.determinations, reasons(&determinations));
    assert_eq!(policy.overridden, reasons(&[("none", 1), ("refused", 2)]));
    let criteria = [
        criterion("I", 40, 0, &[("none", 1), ("refused", 2)]),
        criterion("II.A", 20, 20, &[("none", 1), ("refused", 1)]),
    ];
    assert_eq!(policy.criteria, criteria);
    let missed = Missed { element: "tumor.her2".into(), gap: "not-recorded".into(), count: 20 };
    assert_eq!(policy.missing, [missed]);
    assert_eq!((limits.kind, limits.assessed), (Kind::Limits, 60));
    assert_eq!(limits.criteria, [criterion("neutrophils", 30, 0, &[])]);
}

async fn a_time_is_chosen(store: Store) {
    let journal = store.journal().await;
    journal.write((0..30).map(decision).collect()).await.unwrap();
    let items = [overridden(0, Some("early")), overridden(12, Some("late"))];
    journal.feedback(Some("north"), "order-sign", &items).await.unwrap();
    let filter = Filter { from: Some(at(10)), until: Some(at(20)) };
    let stats = journal.stats(&filter).await.unwrap();
    assert_eq!((stats.decisions, stats.days.len(), stats.days[0].overridden), (10, 1, 1));
    assert_eq!(stats.subjects[0].assessed, 10);
    assert_eq!(stats.subjects[0].overridden, reasons(&[("late", 1)]));
}

async fn a_card_that_is_shown_again_is_one(store: Store) {
    let journal = store.journal().await;
    let (first, mut again) = (decision(0), decision(3));
    again.cards = first.cards.clone();
    journal.write(vec![first, again]).await.unwrap();
    journal.feedback(Some("north"), "order-sign", &[overridden(0, Some("refused"))]).await.unwrap();
    let stats = journal.stats(&Filter::default()).await.unwrap();
    assert_eq!((stats.decisions, stats.days[0].cards, stats.days[0].overridden), (2, 2, 1));
    assert_eq!((stats.subjects[0].assessed, stats.subjects[0].cards), (2, 1));
}

async fn an_empty_journal_counts_nothing(store: Store) {
    let stats = store.journal().await.stats(&Filter::default()).await.unwrap();
    assert_eq!(stats, journal::Stats::default());
}
