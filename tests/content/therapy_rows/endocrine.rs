//! Whether the disease is refractory to endocrine therapy.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::merged;
use crate::sources::{Course, course};
use crate::support::{
    Answers, attestations, check, each_finding_status, each_source, intent, metastasis, progression,
    response, stable, stopped, with_unreadable, without,
};

const ELEMENT: &str = "therapy.endocrine-refractory";
const SILENT: &str = "either: not-recorded";
const DOUBTFUL: &str = "either: imprecise";

fn letrozole<'c>(from: &'c str, to: &'c str) -> Course<'c> {
    course("rx:72965", "letrozole", from, to)
}

/// Advanced since January 2025, capecitabine since July of that year, and this.
fn advanced(more: &[Value]) -> Vec<Value> {
    let since = course("rx:194000", "capecitabine", "2025-07-01", "2026-11-20").administered(&json!({}));
    [&[metastasis("2025-01-15"), since], more].concat()
}

/// Letrozole from February 2025, its last dose on a day, and progression on another.
fn worse(last: &str, on: &str) -> Vec<Value> {
    advanced(&[letrozole("2025-02-01", last).administered(&json!({})), progression(on)])
}

#[test]
fn every_source_in_every_status() {
    let answers = Answers { given: "yes", perhaps: DOUBTFUL, nothing: SILENT };
    let course = letrozole("2025-02-01", "2025-06-10");
    each_source(ELEMENT, course, &advanced(&[progression("2025-06-01")]), &answers);
    let answers = Answers { given: "no", perhaps: "no", nothing: SILENT };
    each_source(ELEMENT, course, &advanced(&[progression("2026-08-01")]), &answers);
}

#[test]
fn the_progression_in_every_status() {
    let with = |status: Value| {
        let seen = merged(progression("2025-06-01"), &json!({ "status": status }));
        advanced(&[letrozole("2025-02-01", "2025-06-10").administered(&json!({})), seen])
    };
    each_finding_status(ELEMENT, with, DOUBTFUL, SILENT);
}

#[test]
fn every_endocrine_drug_and_nothing_else() {
    let of = |drug: &str| {
        let one = course(drug, "drug", "2025-02-01", "2025-06-10").dispensed(&json!({}));
        advanced(&[one, progression("2025-06-01")])
    };
    let partner = course("rx:1601374", "palbociclib", "2025-02-01", "2025-06-10").dispensed(&json!({}));
    check(
        ELEMENT,
        &[
            ("letrozole", of("rx:72965"), "yes"),
            ("anastrozole", of("rx:84857"), "yes"),
            ("exemestane", of("rx:258494"), "yes"),
            ("tamoxifen", of("rx:10324"), "yes"),
            ("toremifene", of("rx:38409"), "yes"),
            ("fulvestrant", of("rx:282357"), "yes"),
            ("megestrol", of("rx:6703"), "yes"),
            ("elacestrant", of("rx:2628484"), "yes"),
            ("a brand", of("rx:203770"), SILENT),
            ("Faslodex", of("rx:203870"), "yes"),
            ("ribociclib and letrozole in one pack", of("rx:1923053"), "yes"),
            ("with a CDK4/6 inhibitor", [of("rx:72965"), vec![partner.clone()]].concat(), "yes"),
            ("a CDK4/6 inhibitor alone", advanced(&[partner, progression("2025-06-01")]), SILENT),
            ("goserelin alone", of("rx:50610"), SILENT),
            ("raloxifene, for prevention", of("rx:72143"), SILENT),
            ("paclitaxel", of("rx:56946"), SILENT),
        ],
    );
}

#[test]
fn how_the_disease_went_on() {
    let therapy = |more: &Value| letrozole("2025-02-01", "2025-06-10").administered(more);
    let then = |more: &[Value]| advanced(&[&[therapy(&json!({}))], more].concat());
    check(
        ELEMENT,
        &[
            ("nothing", vec![], SILENT),
            ("no progression", then(&[]), SILENT),
            ("stable", then(&[stable("2025-05-10")]), SILENT),
            ("a response", then(&[response("2025-05-10")]), SILENT),
            ("ended for want of a response", advanced(&[therapy(&stopped("sct:266721009"))]), "yes"),
            ("not tolerated", advanced(&[therapy(&stopped("sct:407563006"))]), SILENT),
            (
                "two courses, one of them on progression",
                [
                    worse("2025-06-10", "2025-06-01"),
                    vec![
                        course("rx:282357", "fulvestrant", "2026-01-01", "2026-02-01")
                            .administered(&json!({})),
                    ],
                ]
                .concat(),
                "yes",
            ),
        ],
    );
}

#[test]
fn twelve_months_in_advanced_disease() {
    check(
        ELEMENT,
        &[
            ("on the first day", worse("2025-06-10", "2025-02-01"), SILENT),
            ("on the day after the first", worse("2025-06-10", "2025-02-02"), "yes"),
            ("on the last day of therapy", worse("2025-06-10", "2025-06-10"), "yes"),
            ("12 months after it", worse("2025-06-10", "2026-06-10"), "yes"),
            ("a day more", worse("2025-06-10", "2026-06-11"), "no"),
            ("24 hours and a second ahead", worse("2025-06-10", "2026-11-23T12:00:01Z"), SILENT),
        ],
    );
}

/// Relapse on or soon after adjuvant endocrine therapy leaves it open: whether that counts in advanced disease is the
/// reader's to say. A relapse that came later than 12 months after it is no refractoriness.
#[test]
fn after_cure() {
    let came_back = |on: &str, more: &Value| {
        let cure = letrozole("2020-02-01", "2025-03-10").administered(more);
        let later = course("rx:194000", "capecitabine", "2026-04-01", "2026-11-20").administered(&json!({}));
        vec![cure, metastasis(on), later]
    };
    let usual = json!({});
    check(
        ELEMENT,
        &[
            ("12 months after the last dose", came_back("2026-03-10", &usual), DOUBTFUL),
            ("a day more", came_back("2026-03-11", &usual), "no"),
            ("on it", came_back("2025-02-01", &usual), DOUBTFUL),
            ("adjuvant", came_back("2026-03-10", &intent("sct:373846009")), DOUBTFUL),
            ("adjuvant, a day more", came_back("2026-03-11", &intent("sct:373846009")), "no"),
            ("in the month of that day", came_back("2026-03", &usual), DOUBTFUL),
        ],
    );
}

#[test]
fn partial_dates_and_zones() {
    let undated = merged(progression("x"), &json!({ "effectiveDateTime": null }));
    let therapy = letrozole("2025-02-01", "2025-06-10").administered(&json!({}));
    let without_a_date = letrozole("x", "x").administered(&json!({ "effectivePeriod": null }));
    check(
        ELEMENT,
        &[
            ("progression in the last month of 12", worse("2025-06-10", "2026-06"), DOUBTFUL),
            ("progression in the month before", worse("2025-06-10", "2026-05"), "yes"),
            ("progression in the month after", worse("2025-06-10", "2026-07"), "no"),
            ("progression in the year after", worse("2025-06-10", "2026"), DOUBTFUL),
            ("progression without a date", advanced(&[therapy, undated]), DOUBTFUL),
            ("the last dose in a month, surely soon", worse("2025-06", "2026-06-01"), "yes"),
            ("the last dose in a month, perhaps soon", worse("2025-06", "2026-06-02"), DOUBTFUL),
            ("the last dose in a month, perhaps at its end", worse("2025-06", "2026-06-30"), DOUBTFUL),
            ("the last dose in a month, surely later", worse("2025-06", "2026-07-01"), "no"),
            ("the last dose in a year", worse("2025", "2026-06-30"), DOUBTFUL),
            ("doses without a date", advanced(&[without_a_date, progression("2025-06-01")]), DOUBTFUL),
            (
                "the day where it was seen, in the west",
                worse("2025-06-10", "2026-06-10T23:30:00-05:00"),
                "yes",
            ),
            (
                "the day where it was seen, in the east",
                worse("2025-06-10", "2026-06-11T00:30:00+09:00"),
                "no",
            ),
            ("no zone", worse("2025-06-10", "2026-06-10T23:59:59"), "yes"),
        ],
    );
}

#[test]
fn nothing_may_be_missing_for_a_no() {
    let (late, soon) = (worse("2025-06-10", "2026-08-01"), worse("2025-06-10", "2025-06-01"));
    let unread = "either: unavailable";
    for search in [
        Search::MedicationRequests,
        Search::MedicationStatements,
        Search::MedicationDispenses,
        Search::CarePlans,
    ] {
        without(ELEMENT, &soon, search, "yes", "yes");
        without(ELEMENT, &late, search, unread, unread);
    }
    without(ELEMENT, &late, Search::MedicationAdministrations, unread, unread);
    without(ELEMENT, &soon, Search::MedicationAdministrations, unread, "yes");
    without(ELEMENT, &[], Search::CarePlans, unread, unread);
    without(ELEMENT, &late, Search::Allergies, "no", "no");
    with_unreadable(ELEMENT, &soon, "yes");
    let bare = letrozole("2025-02-01", "2025-03-01")
        .administered(&json!({ "medicationCodeableConcept": null, "id": "bare" }));
    let gap = vec![
        metastasis("2025-01-15"),
        letrozole("2025-02-01", "2025-06-10").administered(&json!({})),
        progression("2026-08-01"),
    ];
    check(
        ELEMENT,
        &[
            ("a drug that is not stated", [late, vec![bare]].concat(), "either: unclassified"),
            ("months without therapy", gap, DOUBTFUL),
        ],
    );
}

#[test]
fn attested() {
    let (yes, no) = (json!({ "valueBoolean": true }), json!({ "valueBoolean": false }));
    attestations(ELEMENT, &worse("2025-06-10", "2025-06-01"), "yes", (&no, "no"), (&yes, "yes"));
    attestations(ELEMENT, &[], SILENT, (&yes, "yes"), (&no, "no"));
}
