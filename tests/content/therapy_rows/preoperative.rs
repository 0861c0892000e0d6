//! Whether the disease failed to respond to preoperative systemic therapy.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{concept, merged};
use crate::sources::{Course, course};
use crate::support::{
    Answers, attestations, check, each_finding_status, each_source, intent, metastasis, progression,
    response, stable, stopped, without,
};

const ELEMENT: &str = "disease.no-response-to-preoperative-therapy";
const SILENT: &str = "either: not-recorded";
const DOUBTFUL: &str = "either: imprecise";

fn paclitaxel<'c>(from: &'c str, to: &'c str) -> Course<'c> {
    course("rx:56946", "paclitaxel", from, to)
}

fn surgery(date: &str) -> Value {
    json!({ "resourceType": "Procedure", "id": format!("op-{date}"), "status": "completed",
        "code": { "text": "Modified radical mastectomy" }, "performedDateTime": date })
}

fn neoadjuvant() -> Value {
    intent("sct:373847000")
}

/// Neoadjuvant paclitaxel from February to the end of April, and this.
fn before_surgery(more: &[Value]) -> Vec<Value> {
    [&[paclitaxel("2026-02-01", "2026-04-30").administered(&neoadjuvant())], more].concat()
}

#[test]
fn every_source_in_every_status() {
    // The setting is told by the surgery and the metastasis that followed it.
    let beside = [surgery("2026-05-20"), metastasis("2026-10-01")];
    let course = paclitaxel("2026-02-01", "2026-04-30");
    let answers = Answers { given: "yes", perhaps: DOUBTFUL, nothing: SILENT };
    each_source(ELEMENT, course, &[&beside[..], &[stable("2026-04-20")]].concat(), &answers);
    let answers = Answers { given: "no", perhaps: "no", nothing: SILENT };
    each_source(ELEMENT, course, &[&beside[..], &[response("2026-04-20")]].concat(), &answers);
}

#[test]
fn the_finding_in_every_status() {
    let with = |status: Value| {
        let seen = merged(stable("2026-04-20"), &json!({ "status": status }));
        before_surgery(&[surgery("2026-05-20"), seen])
    };
    each_finding_status(ELEMENT, with, DOUBTFUL, DOUBTFUL);
}

/// Without a word of its intent a course is preoperative by the surgery after it, in a disease that was not advanced.
#[test]
fn the_surgery_in_every_status() {
    let with = |status: Value| {
        vec![
            paclitaxel("2026-02-01", "2026-04-30").administered(&json!({})),
            merged(surgery("2026-05-20"), &json!({ "status": status })),
            metastasis("2026-10-01"),
            stable("2026-04-20"),
        ]
    };
    check(
        ELEMENT,
        &[
            ("completed", with(json!("completed")), "yes"),
            ("in progress", with(json!("in-progress")), "yes"),
            ("stopped", with(json!("stopped")), "yes"),
            ("on hold", with(json!("on-hold")), DOUBTFUL),
            ("unknown", with(json!("unknown")), DOUBTFUL),
            ("without a status", with(Value::Null), DOUBTFUL),
            ("in preparation", with(json!("preparation")), SILENT),
            ("not done", with(json!("not-done")), SILENT),
            ("entered in error", with(json!("entered-in-error")), SILENT),
        ],
    );
}

#[test]
fn what_was_found() {
    let with = |more: &[Value]| before_surgery(&[&[surgery("2026-05-20")], more].concat());
    let ended = |reason: &str, more: &[Value]| {
        let therapy =
            paclitaxel("2026-02-01", "2026-04-30").administered(&merged(neoadjuvant(), &stopped(reason)));
        [&[therapy, surgery("2026-05-20")], more].concat()
    };
    check(
        ELEMENT,
        &[
            ("nothing on record", vec![], SILENT),
            ("surgery alone", vec![surgery("2026-05-20")], SILENT),
            ("no finding", with(&[]), DOUBTFUL),
            ("stable", with(&[stable("2026-04-20")]), "yes"),
            ("worse", with(&[progression("2026-04-20")]), "yes"),
            ("a response", with(&[response("2026-04-20")]), "no"),
            ("a response, then worse", with(&[response("2026-03-20"), progression("2026-04-20")]), "yes"),
            ("stable, then a response", with(&[stable("2026-03-20"), response("2026-04-20")]), "no"),
            ("a response, then stable", with(&[response("2026-03-20"), stable("2026-04-20")]), DOUBTFUL),
            ("ended for want of a response", ended("sct:266721009", &[]), "yes"),
            (
                "ended for want of a response, though there was one before",
                ended("sct:266721009", &[response("2026-04-20")]),
                "yes",
            ),
            (
                "ended for want of a response, which came before surgery",
                ended("sct:266721009", &[response("2026-05-10")]),
                "yes",
            ),
            ("not tolerated", ended("sct:407563006", &[]), DOUBTFUL),
            ("not tolerated, stable", ended("sct:407563006", &[stable("2026-04-20")]), "yes"),
        ],
    );
}

#[test]
fn which_course_is_preoperative() {
    let with = |intent: &Value, more: &[Value]| {
        let therapy = paclitaxel("2026-02-01", "2026-04-30").administered(intent);
        [&[therapy, stable("2026-04-20")], more].concat()
    };
    let of = |words: &str| intent(words);
    check(
        ELEMENT,
        &[
            ("neoadjuvant by its code", with(&of("sct:373847000"), &[]), "yes"),
            ("neoadjuvant in words", with(&of("neoadjuvant"), &[]), "yes"),
            ("adjuvant", with(&of("sct:373846009"), &[surgery("2026-01-10")]), SILENT),
            ("to palliate", with(&of("sct:363676003"), &[surgery("2026-05-20")]), SILENT),
            ("to cure, before surgery", with(&of("sct:373808002"), &[surgery("2026-05-20")]), "yes"),
            ("to cure, no surgery", with(&of("sct:373808002"), &[]), SILENT),
            ("after surgery, no advanced disease", with(&json!({}), &[surgery("2026-01-10")]), SILENT),
            (
                "in advanced disease",
                with(&json!({}), &[metastasis("2026-01-10"), surgery("2026-05-20")]),
                SILENT,
            ),
            ("no sign of advanced disease", with(&json!({}), &[surgery("2026-05-20")]), DOUBTFUL),
        ],
    );
}

#[test]
fn days_of_the_finding() {
    let found = |on: &str| before_surgery(&[surgery("2026-05-20"), stable(on)]);
    let unoperated = |on: &str| before_surgery(&[stable(on)]);
    check(
        ELEMENT,
        &[
            ("on the first day of therapy", found("2026-02-01"), DOUBTFUL),
            ("on the day after it", found("2026-02-02"), "yes"),
            ("on the day of surgery", found("2026-05-20"), "yes"),
            ("on the day after surgery", found("2026-05-21"), DOUBTFUL),
            ("not operated, 28 days after the last dose", unoperated("2026-05-28"), "yes"),
            ("not operated, 29 days after the last dose", unoperated("2026-05-29"), DOUBTFUL),
            ("in the month of the surgery", found("2026-05"), DOUBTFUL),
            ("in the month before", found("2026-04"), "yes"),
            ("in the year", found("2026"), DOUBTFUL),
            ("in the year before", found("2025"), DOUBTFUL),
            (
                "on the day of surgery where it was seen, in the west",
                found("2026-05-20T23:30:00-05:00"),
                "yes",
            ),
            (
                "on the day after surgery where it was seen, in the east",
                found("2026-05-21T00:30:00+09:00"),
                DOUBTFUL,
            ),
            ("no zone", found("2026-05-20T23:59:59"), "yes"),
        ],
    );
}

#[test]
fn days_of_the_surgery() {
    let operated = |on: &str| {
        let op = if on.is_empty() {
            merged(surgery("x"), &json!({ "performedDateTime": null }))
        } else {
            surgery(on)
        };
        vec![
            paclitaxel("2026-02-01", "2026-04-30").administered(&json!({})),
            op,
            metastasis("2026-10-01"),
            stable("2026-04-20"),
        ]
    };
    check(
        ELEMENT,
        &[
            ("on the last day of therapy", operated("2026-04-30"), DOUBTFUL),
            ("on the day after", operated("2026-05-01"), "yes"),
            ("in the month of the last day", operated("2026-04"), DOUBTFUL),
            ("in the month after", operated("2026-05"), "yes"),
            ("in the year", operated("2026"), DOUBTFUL),
            ("in the year before", operated("2025"), SILENT),
            ("on the first day of therapy", operated("2026-02-01"), SILENT),
            ("without a date", operated(""), DOUBTFUL),
            ("the day after where it was done, in the east", operated("2026-05-01T00:30:00+09:00"), "yes"),
            ("the last day where it was done, in the west", operated("2026-04-30T23:30:00-05:00"), DOUBTFUL),
        ],
    );
}

#[test]
fn nothing_may_be_missing_for_a_no() {
    let (no, yes) = (
        before_surgery(&[surgery("2026-05-20"), response("2026-04-20")]),
        before_surgery(&[surgery("2026-05-20"), stable("2026-04-20")]),
    );
    let unread = "either: unavailable";
    for search in [
        Search::MedicationRequests,
        Search::MedicationStatements,
        Search::MedicationDispenses,
        Search::CarePlans,
        Search::Conditions,
    ] {
        without(ELEMENT, &no, search, unread, unread);
        without(ELEMENT, &yes, search, "yes", "yes");
    }
    without(ELEMENT, &yes, Search::MedicationAdministrations, unread, "yes");
    without(ELEMENT, &no, Search::MedicationAdministrations, unread, unread);
    without(ELEMENT, &no, Search::Allergies, "no", "no");
    without(ELEMENT, &[], Search::Procedures, unread, unread);
    let bare = paclitaxel("2026-02-01", "2026-03-01")
        .administered(&json!({ "medicationCodeableConcept": null, "id": "bare" }));
    let elsewhere = paclitaxel("2026-02-01", "2026-03-01")
        .stated(&json!({ "medicationCodeableConcept": concept("Neoadjuvant chemotherapy elsewhere") }));
    check(
        ELEMENT,
        &[
            ("a drug that is not stated", [no.clone(), vec![bare]].concat(), "either: unclassified"),
            ("chemotherapy in words", [no, vec![elsewhere]].concat(), "either: unclassified"),
        ],
    );
}

#[test]
fn attested() {
    let (yes, no) = (json!({ "valueBoolean": true }), json!({ "valueBoolean": false }));
    let record = before_surgery(&[surgery("2026-05-20"), stable("2026-04-20")]);
    attestations(ELEMENT, &record, "yes", (&no, "no"), (&yes, "yes"));
    attestations(ELEMENT, &[], SILENT, (&yes, "yes"), (&no, "no"));
}
