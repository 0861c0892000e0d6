//! Searches without a complete answer.

use serde_json::{Value, json};

use crate::chart::{Chart, details};

const THERAPY: [&str; 6] = [
    "medication-requests",
    "medication-statements",
    "medication-administrations",
    "medication-dispenses",
    "procedures",
    "care-plans",
];

#[test]
fn every_search_that_was_not_answered_is_named() {
    for key in THERAPY {
        let failed = json!({ "resourceType": "OperationOutcome", "issue": [] });
        for (answer, why) in [(None, "was not sent"), (Some(failed), "failed at the EHR")] {
            let read = Chart::of(&[]).answering(key, answer).read();
            assert_eq!(details(&read.not_read), [format!("`{key}` {why}")]);
        }
    }
    for key in ["conditions", "clinical-observations", "procedures"] {
        let read = Chart::of(&[]).answering(key, None).read();
        assert_eq!(details(&read.events_not_read), [format!("`{key}` was not sent")]);
    }
}

#[test]
fn an_empty_record_that_was_read_has_nothing_open() {
    let read = Chart::of(&[]).answering("care-plans", Some(Value::Null)).read();
    assert_eq!((read.not_read, read.events_not_read, read.unplaced), (vec![], vec![], vec![]));
    assert_eq!((read.exposures, read.events), (vec![], vec![]));
}
