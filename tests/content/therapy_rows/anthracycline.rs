//! Whether further anthracycline is contraindicated: what the tables of the clinical record leave out.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{condition, merged, seen_with, status};
use crate::sources::course;
use crate::support::{Answers, attestations, check, each_source, with_unreadable, without};

const ELEMENT: &str = "therapy.anthracycline-contraindicated";
const SILENT: &str = "either: not-recorded";

fn ejection_fraction(percent: &str, date: &str) -> Value {
    let value: Value = serde_json::from_str(percent).unwrap();
    seen_with(
        "10230-1",
        date,
        &json!({ "id": format!("ef-{percent}"), "valueQuantity": { "value": value, "unit": "%" } }),
    )
}

fn failing() -> Value {
    condition("icd:I50.9", "2026-05-01", &status("active", "confirmed"))
}

/// That an anthracycline was given says nothing about whether more is contraindicated, nor does one that was stopped.
#[test]
fn therapy_says_nothing() {
    let answers = Answers { given: SILENT, perhaps: SILENT, nothing: SILENT };
    each_source(ELEMENT, course("rx:3639", "doxorubicin", "2026-02-01", "2026-04-30"), &[], &answers);
    let answers = Answers { given: "yes", perhaps: "yes", nothing: "yes" };
    each_source(
        ELEMENT,
        course("rx:3639", "doxorubicin", "2026-02-01", "2026-04-30"),
        &[failing()],
        &answers,
    );
}

/// One result below 50 % is documented, whatever was measured before or after it; a healthy heart is no "no".
#[test]
fn the_heart_over_time() {
    let of = |date: &str| vec![ejection_fraction("45", date)];
    let two = |one: &str, other: &str| vec![ejection_fraction("45", one), ejection_fraction("60", other)];
    let onset =
        |member: &str, date: &str| vec![merged(failing(), &json!({ "recordedDate": null, (member): date }))];
    check(
        ELEMENT,
        &[
            ("exactly 50 %", vec![ejection_fraction("50", "2026-05-01")], SILENT),
            ("50.0 %", vec![ejection_fraction("50.0", "2026-05-01")], SILENT),
            ("just below", vec![ejection_fraction("49.999999999999999", "2026-05-01")], "yes"),
            ("of a day", of("2026-05-01"), "yes"),
            ("of a month", of("2026-05"), "yes"),
            ("of a year", of("2026"), "yes"),
            ("24 hours ahead", of("2026-11-23T12:00:00Z"), "yes"),
            ("24 hours and a second ahead", of("2026-11-23T12:00:01Z"), "either: imprecise"),
            (
                "24 hours and a second ahead, in the west",
                of("2026-11-23T07:00:01-05:00"),
                "either: imprecise",
            ),
            ("better since", two("2026-04-01", "2026-05-01"), "yes"),
            ("worse since", two("2026-05-01", "2026-04-01"), "yes"),
            ("of one day", two("2026-05-01", "2026-05-01"), "yes"),
            ("heart failure since a year", onset("onsetDateTime", "2026"), "yes"),
            ("heart failure since a month", onset("onsetDateTime", "2026-05"), "yes"),
            (
                "heart failure recorded in the evening, in the west",
                onset("recordedDate", "2026-11-21T23:30:00-05:00"),
                "yes",
            ),
        ],
    );
}

#[test]
fn without_a_complete_answer() {
    let unread = "either: unavailable";
    for search in [Search::Conditions, Search::ClinicalObservations, Search::Allergies] {
        without(ELEMENT, &[], search, unread, unread);
    }
    without(ELEMENT, &[failing()], Search::Conditions, unread, "yes");
    without(ELEMENT, &[], Search::MedicationAdministrations, SILENT, SILENT);
    with_unreadable(ELEMENT, &[], unread);
    with_unreadable(ELEMENT, &[failing()], "yes");
}

#[test]
fn attested() {
    let (yes, no) = (json!({ "valueBoolean": true }), json!({ "valueBoolean": false }));
    let said = |more: Value| {
        let one = crate::support::attested(ELEMENT, "2026-11-01", &no);
        vec![ejection_fraction("65", "2026-05-01"), merged(one, &more)]
    };
    check(
        ELEMENT,
        &[
            ("only an attestation rules it out", said(json!({})), "no"),
            ("not a preliminary one", said(json!({ "status": "preliminary" })), SILENT),
            ("nor one in error", said(json!({ "status": "entered-in-error" })), SILENT),
            (
                "nor one of the future",
                said(json!({ "effectiveDateTime": "2026-12-01" })),
                "either: imprecise",
            ),
        ],
    );
    attestations(ELEMENT, &[failing()], "yes", (&no, "no"), (&yes, "yes"));
}
