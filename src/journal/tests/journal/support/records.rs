//! Made-up records.

use jiff::{Timestamp, ToSpan};
use journal::record::{
    Assessment, Card, Decision, Evidence, Gap, Kind, Known, Missing, Node, Order, Origin, Read, Step, Version,
};
use journal::{Key, Level, Patient, Privacy};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

pub const KEY: &[u8] = b"a key of thirty-two bytes or more";

pub fn privacy() -> Privacy {
    Privacy::new(Level::Hashed, Key::new(KEY).unwrap(), Vec::new())
}

pub fn patient(privacy: &Privacy, number: u64) -> Patient<'_> {
    privacy.patient("https://ehr.example/fhir", &format!("patient-{number}"))
}

/// Minutes after the first of October.
pub fn at(minutes: u64) -> Timestamp {
    let start: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
    start + i64::try_from(minutes).unwrap().minutes()
}

/// The decision of a number: the same number gives the same decision. Of three numbers one meets, one does not, and one
/// is open; there are ten patients and two cards.
pub fn decision(number: u64) -> Decision {
    decision_kept(&privacy(), number)
}

pub fn decision_kept(privacy: &Privacy, number: u64) -> Decision {
    let patient = patient(privacy, number % 10);
    Decision {
        record: Version,
        id: id(number, 0),
        hook_instance: id(number, 1).to_string(),
        service: "order-sign".into(),
        client: Some("north".into()),
        build: "0.1.0+abc".into(),
        content: "sha256:00".into(),
        at: at(number),
        patient: patient.key(),
        order: Order {
            reference: "MedicationRequest/draft".into(),
            drug: "drug".into(),
            resource: patient.keep_json(&json(r#"{"resourceType":"MedicationRequest","dose":1.00}"#)),
        },
        read: (0..20).map(|resource| read(number, resource)).collect(),
        knowledge: (0..12).map(|element| known(&patient, number, element)).collect(),
        assessments: vec![policy(number), limits(number)],
        cards: vec![card(&patient, number, "policy-a"), card(&patient, number + (1 << 40), "limits-a")],
        steps: ["read", "evaluate", "cards"]
            .map(|name| Step { name: name.into(), micros: number % 1000 })
            .into(),
    }
}

/// Ids that a test can tell beforehand.
pub fn id(number: u64, of: u64) -> Uuid {
    Uuid::from_u64_pair(number, (1 << 63) | of)
}

fn json(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.into()).unwrap()
}

fn read(number: u64, resource: u64) -> Read {
    Read {
        reference: format!("Observation/{number}-{resource}"),
        version_id: Some("3".into()),
        at: Some(at(number)),
        from: if resource.is_multiple_of(2) { Some(Origin::Prefetch) } else { Some(Origin::Fhir) },
    }
}

fn known(patient: &Patient<'_>, number: u64, element: u64) -> Known {
    let value = format!("{}.{} 10*9/L", number % 7, element);
    Known {
        element: format!("labs.element-{element}"),
        possible: to_raw_value("below 1500").unwrap(),
        value: patient.keep(&value),
        evidence: vec![Evidence {
            reference: format!("Observation/{number}-{element}"),
            path: "Observation.value".into(),
            value: patient.keep(&value),
            date: patient.keep("2026-09-30"),
            note: patient.keep("unit read as /uL"),
        }],
        gaps: vec![Gap { kind: "stale".into(), detail: patient.keep("it is 60 days old") }],
        account: patient.keep("two lines"),
    }
}

fn policy(number: u64) -> Assessment {
    let (determination, deciding, open): (_, &[&str], &[&str]) = match number % 3 {
        0 => ("meets-criteria", &["I", "II.A"], &[]),
        1 => ("does-not-meet-criteria", &["I"], &[]),
        _ => ("information-needed", &[], &["II.A"]),
    };
    let missing = open.iter().map(|_| Missing { element: "tumor.her2".into(), gap: "not-recorded".into() });
    Assessment {
        kind: Kind::Policy,
        id: "policy-a".into(),
        version: "2024-02-23".into(),
        determination: determination.into(),
        deciding: deciding.iter().map(ToString::to_string).collect(),
        open: open.iter().map(ToString::to_string).collect(),
        missing: missing.collect(),
        tree: vec![node("criteria", 3)].into(),
    }
}

fn node(id: &str, deep: usize) -> Node {
    let parts = if deep == 0 { 0 } else { 3 };
    Node {
        part: None,
        id: Some(id.into()),
        kind: if deep == 0 { "test" } else { "all" }.into(),
        verdict: "met".into(),
        element: (deep == 0).then(|| "labs.element-1".into()),
        asked: (deep == 0).then(|| "below 1500/mm3".into()),
        parts: (0..parts).map(|part| node(&format!("{id}.{part}"), deep - 1)).collect(),
    }
}

fn limits(number: u64) -> Assessment {
    let applies = number.is_multiple_of(2);
    Assessment {
        kind: Kind::Limits,
        id: "limits-a".into(),
        version: "1".into(),
        determination: if applies { "applies" } else { "none" }.into(),
        deciding: applies.then(|| "neutrophils".into()).into_iter().collect(),
        open: Vec::new(),
        missing: Vec::new(),
        tree: journal::record::Tree::default(),
    }
}

fn card(patient: &Patient<'_>, number: u64, assessment: &str) -> Card {
    Card {
        uuid: id(number, 2),
        assessment: Some(assessment.into()),
        indicator: "warning".into(),
        sent: patient.keep("a card that says much"),
        suggestions: vec![id(number, 3)],
    }
}
