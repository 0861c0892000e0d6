//! A journal that cannot be written: the setting decides.

use signpost::config::OnFailure;
use signpost::recording::{Recording, Tokens};
use signpost::trust::{JtiStore, Memory};

use crate::support::{SERVICE, Service, journal_in, request};

#[tokio::test(flavor = "multi_thread")]
async fn no_card_goes_without_its_record_where_that_is_required() {
    let service = Service::failing(OnFailure::Require);
    for _ in 0..3 {
        let (status, answer) = service.post(SERVICE, &request(signpost::example::DEFAULT)).await;
        assert_eq!((status, &answer["resourceType"]), (500, &"OperationOutcome".into()), "{answer}");
        assert!(answer.get("cards").is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cards_go_on_where_that_is_the_setting() {
    let service = Service::failing(OnFailure::Continue);
    assert!(!service.cards(signpost::example::DEFAULT).await.is_empty());
    assert!(matches!(service.journal.health(), journal::Health::Down { .. }), "and health says so");
}

/// Nothing was decided, so there is nothing to write down.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_decision_needs_no_journal() {
    let service = Service::failing(OnFailure::Require);
    let body = r#"{"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{
        "userId":"Practitioner/1","patientId":"1","draftOrders":{"resourceType":"Bundle","type":"collection"}}}"#;
    let (status, answer) = service.post(SERVICE, body).await;
    assert_eq!((status, answer.to_string()), (200, r#"{"cards":[]}"#.to_owned()));
}

/// A token that was let in while the journal was down is not let in again when it is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_counts_once_over_an_outage() {
    let folder = tempfile::tempdir().unwrap();
    let journal = journal_in(&folder.path().join("missing"));
    let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_mins(5);
    let recording = Recording::new(journal.clone(), OnFailure::Continue);
    let tokens = Tokens::new(recording, Memory::new(jiff::Timestamp::now));
    let first = async |jti| tokens.first_seen("north", jti, expires).await;
    assert_eq!((first("one").await, first("one").await), (Ok(true), Ok(false)), "while it is down");
    std::fs::create_dir(folder.path().join("missing")).unwrap();
    assert_eq!(journal.ready(std::time::Duration::from_secs(20)).await, journal::Health::Up);
    assert_eq!(first("one").await, Ok(false), "when it is back");
    assert_eq!((first("two").await, first("two").await), (Ok(true), Ok(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn feedback_is_not_lost_in_silence() {
    let service = Service::failing(OnFailure::Continue);
    let (status, _) = service.post(&format!("{SERVICE}/feedback"), r#"{"feedback":[]}"#).await;
    assert_eq!(status, 500);
}
