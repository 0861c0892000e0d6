//! Whether the disease is resistant to a taxane.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{concept, condition, merged, seen, status};
use crate::sources::{Course, course};
use crate::support::{
    Answers, attestations, check, each_finding_status, each_source, intent, metastasis, progression,
    response, stable, stopped, with_unreadable, without,
};

const ELEMENT: &str = "therapy.taxane-resistant";
const SILENT: &str = "either: not-recorded";
const DOUBTFUL: &str = "either: imprecise";

fn paclitaxel<'c>(from: &'c str, to: &'c str) -> Course<'c> {
    course("rx:56946", "paclitaxel", from, to)
}

/// Capecitabine since June: no months without therapy are left in which another taxane may have been given.
fn since() -> Value {
    course("rx:194000", "capecitabine", "2026-06-01", "2026-11-20").administered(&json!({}))
}

/// Advanced since January, capecitabine since June, and this.
fn advanced(more: &[Value]) -> Vec<Value> {
    [&[metastasis("2026-01-15"), since()], more].concat()
}

/// Paclitaxel from February, its last dose on a day, and progression on another.
fn worse(last: &str, on: &str) -> Vec<Value> {
    let taxane = paclitaxel("2026-02-01", last).administered(&json!({}));
    advanced(&[taxane, progression(on)])
}

#[test]
fn every_source_in_every_status() {
    let answers = Answers { given: "yes", perhaps: DOUBTFUL, nothing: SILENT };
    let taxane = paclitaxel("2026-02-01", "2026-05-22");
    each_source(ELEMENT, taxane, &advanced(&[progression("2026-05-10")]), &answers);
    // Long after it: what was never given leaves it open, and a course that may not have been given is no more a reason.
    let answers = Answers { given: "no", perhaps: "no", nothing: SILENT };
    each_source(ELEMENT, taxane, &advanced(&[progression("2026-10-10")]), &answers);
}

#[test]
fn the_progression_in_every_status() {
    let with = |status: Value| {
        let seen = merged(progression("2026-05-10"), &json!({ "status": status }));
        advanced(&[paclitaxel("2026-02-01", "2026-05-22").administered(&json!({})), seen])
    };
    each_finding_status(ELEMENT, with, DOUBTFUL, SILENT);
}

#[test]
fn every_taxane_and_nothing_else() {
    let of = |drug: &str| {
        let one = course(drug, "drug", "2026-02-01", "2026-05-22").administered(&json!({}));
        advanced(&[one, progression("2026-05-10")])
    };
    check(
        ELEMENT,
        &[
            ("paclitaxel", of("rx:56946"), "yes"),
            ("nab-paclitaxel", of("rx:583214"), "yes"),
            ("docetaxel", of("rx:72962"), "yes"),
            ("cabazitaxel", of("rx:1001433"), "yes"),
            ("in words", of("Taxol"), "yes"),
            ("doxorubicin", of("rx:3639"), SILENT),
            ("eribulin", of("rx:1045453"), SILENT),
            ("ixabepilone", of("rx:337523"), SILENT),
        ],
    );
}

#[test]
fn how_the_disease_went_on() {
    let taxane = |more: &Value| paclitaxel("2026-02-01", "2026-05-22").administered(more);
    let then = |more: &[Value]| advanced(&[&[taxane(&json!({}))], more].concat());
    let ended = |reason: &str| advanced(&[taxane(&stopped(reason))]);
    check(
        ELEMENT,
        &[
            ("nothing", vec![], SILENT),
            ("no progression", then(&[]), SILENT),
            ("stable", then(&[stable("2026-05-10")]), SILENT),
            ("a response", then(&[response("2026-05-10")]), SILENT),
            (
                "not determined",
                then(&[seen("97509-4", "sct:709137006", "2026-05-10")]),
                "either: imprecise, not-recorded, unclassified",
            ),
            ("legacy code", then(&[seen("88040-1", "sct:271299001", "2026-05-10")]), "yes"),
            ("a new metastasis", then(&[merged(metastasis("2026-05-10"), &json!({ "id": "n" }))]), DOUBTFUL),
            ("ended for want of a response", ended("sct:266721009"), "yes"),
            ("not tolerated", ended("sct:407563006"), SILENT),
            ("refused", ended("sct:105480006"), SILENT),
            (
                "not tolerated, and progression after it",
                advanced(&[taxane(&stopped("sct:407563006")), progression("2026-06-10")]),
                "yes",
            ),
        ],
    );
}

#[test]
fn four_months_in_advanced_disease() {
    check(
        ELEMENT,
        &[
            ("on the first day", worse("2026-05-22", "2026-02-01"), SILENT),
            ("on the day after the first", worse("2026-05-22", "2026-02-02"), "yes"),
            ("on the last day of therapy", worse("2026-05-22", "2026-05-22"), "yes"),
            ("four months after it", worse("2026-05-22", "2026-09-22"), "yes"),
            ("a day more", worse("2026-05-22", "2026-09-23"), "no"),
            ("at the end of a shorter month", worse("2026-05-31", "2026-09-30"), "yes"),
            ("a day after that", worse("2026-05-31", "2026-10-01"), "no"),
            ("24 hours ahead", worse("2026-05-22", "2026-11-23T12:00:01Z"), SILENT),
        ],
    );
}

/// After therapy to cure the recurrence is the progression.
#[test]
fn twelve_months_after_cure() {
    let came_back = |on: &str, more: &Value| {
        let cure = paclitaxel("2025-01-05", "2025-03-10").administered(more);
        let later = course("rx:194000", "capecitabine", "2026-04-01", "2026-11-20").administered(&json!({}));
        vec![cure, metastasis(on), later]
    };
    let usual = json!({});
    let by_status = |clinical: &str, verification: &str| {
        let mut record = came_back("2026-03-10", &usual);
        record[1] = merged(record[1].clone(), &status(clinical, verification));
        record
    };
    // A recurrence that is coded itself has a date of its own; one that is a clinical status has none.
    let coded = |dates: &Value| {
        let mut record = came_back("2026-03-10", &usual);
        record[1] = condition("sct:314955001", "x", &merged(status("active", "confirmed"), dates));
        record
    };
    let since = |date: &str| coded(&json!({ "recordedDate": null, "onsetDateTime": date }));
    let recorded = |date: &str| coded(&json!({ "recordedDate": date }));
    let early_exit = "either: imprecise, not-recorded";
    check(
        ELEMENT,
        &[
            ("12 months after the last dose", came_back("2026-03-10", &usual), "yes"),
            ("a day more", came_back("2026-03-11", &usual), "no"),
            ("in the month of that day", came_back("2026-03", &usual), DOUBTFUL),
            ("in the month before", came_back("2026-02", &usual), "yes"),
            ("adjuvant", came_back("2026-03-10", &intent("sct:373846009")), "yes"),
            ("adjuvant, a day more", came_back("2026-03-11", &intent("sct:373846009")), "no"),
            ("neoadjuvant", came_back("2026-03-10", &intent("neoadjuvant")), "yes"),
            ("a recurrence, coded, since 12 months after", since("2026-03-10"), "yes"),
            ("a recurrence, coded, since a day more", since("2026-03-11"), "no"),
            ("a recurrence, coded, since the month of that day", since("2026-03"), DOUBTFUL),
            // When it was written down is only the last day on which it can have begun.
            ("a recurrence, coded, recorded within 12 months", recorded("2026-03-10"), DOUBTFUL),
            ("a recurrence, coded, recorded later", recorded("2026-03-11"), early_exit),
            ("resolved since", by_status("resolved", "confirmed"), "yes"),
            ("unconfirmed", by_status("active", "unconfirmed"), DOUBTFUL),
            ("refuted", by_status("active", "refuted"), early_exit),
            ("entered in error", by_status("", "entered-in-error"), early_exit),
        ],
    );
}

#[test]
fn partial_dates_and_zones() {
    let undated = merged(progression("x"), &json!({ "effectiveDateTime": null }));
    let taxane = paclitaxel("2026-02-01", "2026-05-22").administered(&json!({}));
    let without_a_date =
        paclitaxel("2026-02-01", "2026-05-22").administered(&json!({ "effectivePeriod": null }));
    check(
        ELEMENT,
        &[
            ("progression in the last month of four", worse("2026-05-22", "2026-09"), DOUBTFUL),
            ("progression in the month before", worse("2026-05-22", "2026-08"), "yes"),
            ("progression in the month after", worse("2026-05-22", "2026-10"), "no"),
            ("progression in the year", worse("2026-05-22", "2026"), DOUBTFUL),
            (
                "progression in the year before",
                worse("2026-05-22", "2025"),
                "either: imprecise, not-recorded",
            ),
            ("progression without a date", advanced(&[taxane, undated]), DOUBTFUL),
            ("the last dose in a month, surely soon", worse("2026-05", "2026-09-01"), "yes"),
            ("the last dose in a month, perhaps soon", worse("2026-05", "2026-09-02"), DOUBTFUL),
            ("the last dose in a month, perhaps at its end", worse("2026-05", "2026-09-30"), DOUBTFUL),
            ("the last dose in a month, surely later", worse("2026-05", "2026-10-01"), "no"),
            ("doses without a date", advanced(&[without_a_date, progression("2026-09-22")]), DOUBTFUL),
            (
                "the day where it was seen, in the west",
                worse("2026-05-22", "2026-09-22T23:30:00-05:00"),
                "yes",
            ),
            (
                "the day where it was seen, in the east",
                worse("2026-05-22", "2026-09-23T00:30:00+09:00"),
                "no",
            ),
            ("no zone", worse("2026-05-22", "2026-09-22T23:59:59"), "yes"),
            (
                "the day where it was given, in the west",
                worse("2026-05-22T23:30:00-05:00", "2026-09-23"),
                "no",
            ),
            (
                "the day where it was given, in the east",
                worse("2026-05-22T00:30:00+09:00", "2026-09-22"),
                "yes",
            ),
        ],
    );
}

#[test]
fn nothing_may_be_missing_for_a_no() {
    let late = worse("2026-05-22", "2026-10-10");
    let soon = worse("2026-05-22", "2026-05-10");
    let unread = "either: unavailable";
    for search in [
        Search::MedicationRequests,
        Search::MedicationStatements,
        Search::MedicationDispenses,
        Search::CarePlans,
        Search::Procedures,
    ] {
        without(ELEMENT, &soon, search, "yes", "yes");
    }
    for search in [
        Search::MedicationRequests,
        Search::MedicationStatements,
        Search::MedicationDispenses,
        Search::CarePlans,
    ] {
        without(ELEMENT, &late, search, unread, unread);
    }
    without(ELEMENT, &late, Search::MedicationAdministrations, unread, unread);
    without(ELEMENT, &late, Search::Allergies, "no", "no");
    without(ELEMENT, &[], Search::MedicationStatements, unread, unread);
    with_unreadable(ELEMENT, &soon, "yes");
    let elsewhere =
        course("Chemotherapy elsewhere", "elsewhere", "2026-02-01", "2026-03-01").stated(&json!({}));
    let bare = paclitaxel("2026-02-01", "2026-03-01")
        .administered(&json!({ "medicationCodeableConcept": null, "id": "bare" }));
    let gap = vec![
        metastasis("2026-01-15"),
        paclitaxel("2026-02-01", "2026-05-22").administered(&json!({})),
        progression("2026-10-10"),
    ];
    check(
        ELEMENT,
        &[
            ("chemotherapy in words", [late.clone(), vec![elsewhere]].concat(), "either: unclassified"),
            ("a drug that is not stated", [late.clone(), vec![bare]].concat(), "either: unclassified"),
            ("months without therapy", gap, DOUBTFUL),
            (
                "a progression in words that are in no value set",
                [
                    late,
                    vec![merged(
                        progression("2026-05-10"),
                        &json!({ "valueCodeableConcept": concept("see note") }),
                    )],
                ]
                .concat(),
                "either: imprecise, unclassified",
            ),
        ],
    );
}

#[test]
fn attested() {
    let (yes, no) = (json!({ "valueBoolean": true }), json!({ "valueBoolean": false }));
    let record = worse("2026-05-22", "2026-05-10");
    attestations(ELEMENT, &record, "yes", (&no, "no"), (&yes, "yes"));
    attestations(ELEMENT, &[], SILENT, (&no, "no"), (&yes, "yes"));
    let record = [record, vec![crate::support::attested(ELEMENT, "2026-11-01", &no)]].concat();
    without(ELEMENT, &record, Search::MedicationAdministrations, "no", "no");
}
