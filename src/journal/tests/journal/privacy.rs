//! What of a patient's data is kept.

use journal::{Key, Level, Privacy, Private};
use serde_json::value::RawValue;

use crate::support::{KEY, decision_kept, patient};

const OTHER_KEY: &[u8] = b"another key of thirty-two bytes or more";

fn privacy(level: Level) -> Privacy {
    Privacy::new(level, Key::new(KEY).unwrap(), vec![Key::new(OTHER_KEY).unwrap()])
}

#[test]
fn each_level_keeps_what_it_says() {
    let values = ["10*9/L", "2026-09-30", "60 days old", "two lines", "says much", "1.00", "patient-7"];
    for (level, kept) in [(Level::None, 0), (Level::Hashed, 0), (Level::Whole, 6)] {
        let record = serde_json::to_string(&decision_kept(&privacy(level), 7)).unwrap();
        let found: Vec<_> = values.iter().filter(|value| record.contains(**value)).collect();
        assert_eq!(found.len(), kept, "{level:?}: {found:?}");
        // Verdicts and references stay at every level.
        for always in ["does-not-meet-criteria", "Observation/7-3", "MedicationRequest/draft", "below 1500"] {
            assert!(record.contains(always), "{level:?}: {always}");
        }
        assert_eq!(record.contains(r#""hashed":""#), level == Level::Hashed, "{level:?}");
    }
}

#[test]
fn a_hash_is_of_the_value_the_patient_and_the_key() {
    let privacy = privacy(Level::Hashed);
    let (one, other) = (patient(&privacy, 1), patient(&privacy, 2));
    assert_eq!(one.keep("1.2"), one.keep("1.2"));
    assert_ne!(one.keep("1.2"), one.keep("1.20"));
    assert_ne!(one.keep("1.2"), other.keep("1.2"));
    let other_key = Privacy::new(Level::Hashed, Key::new(OTHER_KEY).unwrap(), Vec::new());
    assert_ne!(one.keep("1.2"), patient(&other_key, 1).keep("1.2"));
    assert_eq!(privacy.patient_keys("https://ehr.example/fhir/", "patient-1")[0], one.key());
    assert_eq!(
        privacy.patient_keys("https://ehr.example/fhir", "patient-1")[1],
        patient(&other_key, 1).key()
    );
    assert_ne!(privacy.patient("a", "b/c").key(), privacy.patient("a/b", "c").key());
}

/// HMAC-SHA256 of the lengths and the parts, computed with another program.
#[test]
fn the_hash_is_hmac_sha256() {
    let key = privacy(Level::None).patient("s", "p").key();
    // By another program: the first 128 bits.
    let expected = "95db83a18d64a67a14a8ed9a21438c7b";
    assert_eq!(serde_json::to_string(&key).unwrap(), format!("\"{expected}\""));
}

#[test]
fn decimals_are_kept_as_they_came() {
    let privacy = privacy(Level::Whole);
    let json = RawValue::from_string("{\"dose\":\r\n1.00,\n\"factor\":1e2}".into()).unwrap();
    let kept = serde_json::to_string(&patient(&privacy, 1).keep_json(&json)).unwrap();
    assert_eq!(kept, r#"{"whole":{"dose":1.00,"factor":1e2}}"#);
    let read: Private = serde_json::from_str(&kept).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), kept);
}

#[test]
fn nothing_that_prints_shows_a_value_or_a_key() {
    let privacy = privacy(Level::Whole);
    let printed = format!("{:?} {privacy:?}", decision_kept(&privacy, 7));
    for value in ["10*9/L", "two lines", "1.00", "bytes or more"] {
        assert!(!printed.contains(value), "{value}");
    }
}

#[test]
fn a_short_key_is_refused() {
    assert!(Key::new(&KEY[..31]).is_err());
    assert!(Key::new(&KEY[..32]).is_ok());
}

#[test]
fn a_record_of_another_shape_is_not_read() {
    let record = serde_json::to_string(&decision_kept(&privacy(Level::None), 1)).unwrap();
    let other = record.replace("signpost-decision/1", "signpost-decision/2");
    assert!(serde_json::from_str::<journal::record::Decision>(&record).is_ok());
    assert!(serde_json::from_str::<journal::record::Decision>(&other).is_err());
}
