//! Deleting, with a record that it happened.

use journal::record::Decision;
use journal::{Deletion, Feedback, Key, Level, OnePatient, Outcome, PatientKey, Privacy, Settings};

use crate::support::{KEY, Kind, Store, at, decision, privacy, settings};

on_both!(
    what_is_old_goes,
    a_patient_goes,
    calls_that_named_no_server_go_with_their_client,
    reports_of_nobodys_cards_go_too,
    an_earlier_key_still_finds_a_patient,
    space_comes_back
);

const TABLES: [&str; 4] = ["decision", "outcome", "card", "feedback"];

async fn counts(store: &Store) -> [i64; 4] {
    let mut counts = [0; 4];
    for (count, table) in counts.iter_mut().zip(TABLES) {
        *count = store.count(&format!("SELECT count(*) FROM {table}")).await;
    }
    counts
}

fn accepted(card: &str, minutes: u64) -> Feedback {
    Feedback { card: card.into(), outcome: Outcome::Accepted { suggestions: Vec::new() }, at: at(minutes) }
}

/// A thousand decisions with a report each.
async fn filled(store: &Store) -> journal::Journal {
    let journal = store.journal().await;
    let decisions: Vec<_> = (0..1000).map(decision).collect();
    journal.write(decisions.clone()).await.unwrap();
    let reports: Vec<_> =
        decisions.iter().map(|decision| accepted(&decision.cards[0].uuid.to_string(), 2000)).collect();
    journal.feedback(Some("north"), "order-sign", &reports).await.unwrap();
    assert_eq!(counts(store).await, [1000, 2000, 2000, 1000]);
    journal
}

async fn what_is_old_goes(store: Store) {
    let journal = filled(&store).await;
    journal.feedback(Some("north"), "order-sign", &[accepted("of nobody", 1)]).await.unwrap();
    let deleted = journal.delete(Deletion::before(at(750), "older than a year")).await.unwrap();
    assert_eq!((deleted.decisions, deleted.feedback), (750, 750));
    assert_eq!(deleted.older_than.as_deref(), Some("2026-10-01T12:30:00.000Z"));
    assert_eq!((deleted.reason.as_str(), deleted.finished.is_some()), ("older than a year", true));
    // The report of nobody's card was received today.
    assert_eq!(counts(&store).await, [250, 500, 500, 251]);
    assert!(journal.decision(decision(749).id).await.unwrap().is_none());
    assert!(journal.decision(decision(750).id).await.unwrap().is_some());
    assert_eq!(journal.stats(&journal::Filter::default()).await.unwrap().decisions, 250);

    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let all = journal.delete(Deletion::before(later, "everything")).await.unwrap();
    assert_eq!((all.decisions, all.feedback), (250, 251));
    assert_eq!(counts(&store).await, [0; 4]);
    let again = journal.delete(Deletion::before(later, "nothing left")).await.unwrap();
    assert_eq!((again.decisions, again.feedback), (0, 0));
    let reasons: Vec<_> =
        journal.deletions().await.unwrap().into_iter().map(|deleted| deleted.reason).collect();
    assert_eq!(reasons, ["nothing left", "everything", "older than a year"]);
}

async fn a_patient_goes(store: Store) {
    let journal = filled(&store).await;
    let keys = privacy().patient_keys("https://ehr.example/fhir", "patient-3");
    let deleted = journal.delete(on_request(keys)).await.unwrap();
    assert_eq!((deleted.decisions, deleted.feedback), (100, 100));
    assert_eq!(deleted.patient.map(|key| key.len()), Some(32));
    assert_eq!(counts(&store).await, [900, 1800, 1800, 900]);
    let nobody = privacy().patient_keys("https://ehr.example/fhir", "patient-99");
    let deleted = journal.delete(on_request(nobody)).await.unwrap();
    assert_eq!(deleted.decisions, 0);
}

fn on_request(named: Vec<PatientKey>) -> Deletion {
    Deletion::of_patient(OnePatient { named, ..OnePatient::default() }, "on request")
}

/// A call that names no FHIR server says whose patient it is by its client alone.
async fn calls_that_named_no_server_go_with_their_client(store: Store) {
    let journal = store.journal().await;
    let of = |number: u64, base: &str, client: Option<&str>| Decision {
        patient: privacy().patient(base, "patient-1").key(),
        client: client.map(str::to_owned),
        ..decision(number)
    };
    let base = "https://ehr.example/fhir";
    let decisions =
        [of(1, base, Some("north")), of(2, "", Some("north")), of(3, "", Some("south")), of(4, "", None)];
    journal.write(decisions.to_vec()).await.unwrap();
    let keys = |base: &str| privacy().patient_keys(base, "patient-1");
    let gone = |named: Vec<PatientKey>, client: Option<&str>| {
        let patient = OnePatient { named, unnamed: keys(""), client: client.map(str::to_owned) };
        journal.delete(Deletion::of_patient(patient, "on request"))
    };
    assert_eq!(gone(keys(base), Some("north")).await.unwrap().decisions, 2);
    assert_eq!(gone(Vec::new(), Some("north")).await.unwrap().decisions, 0);
    assert!(journal.decision(decision(3).id).await.unwrap().is_some());
    assert_eq!(gone(Vec::new(), None).await.unwrap().decisions, 1);
    assert_eq!(gone(Vec::new(), Some("south")).await.unwrap().decisions, 1);
}

/// However many reports of unknown cards there are, each step deletes a few.
async fn reports_of_nobodys_cards_go_too(store: Store) {
    let journal = store.journal().await;
    let reports: Vec<_> = (0..450).map(|number| accepted(&format!("of nobody {number}"), 1)).collect();
    journal.feedback(None, "order-sign", &reports).await.unwrap();
    let later = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let deleted = journal.delete(Deletion::before(later, "everything")).await.unwrap();
    assert_eq!((deleted.decisions, deleted.feedback), (0, 450));
    assert_eq!(counts(&store).await, [0; 4]);
}

async fn an_earlier_key_still_finds_a_patient(store: Store) {
    filled(&store).await;
    let new = Key::new(b"a new key of thirty-two bytes or more").unwrap();
    let privacy = Privacy::new(Level::Hashed, new, vec![Key::new(KEY).unwrap()]);
    let keys = privacy.patient_keys("https://ehr.example/fhir", "patient-3");
    let journal = journal::Journal::open(&Settings { privacy, ..settings(&store.url) }).unwrap();
    journal.ready(std::time::Duration::from_secs(20)).await;
    assert_eq!(journal.delete(on_request(keys)).await.unwrap().decisions, 100);
}

async fn space_comes_back(store: Store) {
    let journal = filled(&store).await;
    let size = || match store.kind {
        Kind::Sqlite => "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        Kind::Postgres => "SELECT pg_total_relation_size('decision')",
    };
    let before = store.count(size()).await;
    journal.delete(Deletion::before(at(1_000_000), "all")).await.unwrap();
    journal.vacuum().await.unwrap();
    let after = store.count(size()).await;
    assert!(after < before / 4, "{before} -> {after}");
    journal.write(vec![decision(1)]).await.unwrap();
    // What was deleted is not left lying in free space either.
    if store.kind == Kind::Sqlite {
        let file = std::fs::read(store.dir.path().join("journal.db")).unwrap();
        let needle = decision(500).hook_instance;
        assert!(!file.windows(needle.len()).any(|bytes| bytes == needle.as_bytes()));
    }
}
