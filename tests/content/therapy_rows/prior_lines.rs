//! How many lines of systemic therapy there were before the order.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{concept, merged, status};
use crate::sources::{Course, course};
use crate::support::{
    Answers, attestations, chart, check, each_source, intent, metastasis, progression, response, stopped,
    with_unreadable, without,
};

const ELEMENT: &str = "therapy.prior-lines";
const OPEN: &str = "0..: not-recorded";
/// Nor is it known since when the disease is advanced.
const NOTHING: &str = "0..: imprecise, not-recorded";

fn paclitaxel<'c>(from: &'c str, to: &'c str) -> Course<'c> {
    course("rx:56946", "paclitaxel", from, to)
}

fn given(code: &str, from: &str, to: &str) -> Value {
    course(code, code, from, to).administered(&json!({}))
}

/// Advanced since August, paclitaxel since then.
fn one_line() -> Vec<Value> {
    vec![metastasis("2026-08-01"), paclitaxel("2026-08-01", "2026-10-01").administered(&json!({}))]
}

#[test]
fn every_source_in_every_status() {
    let answers = Answers { given: "1", perhaps: "0..1: imprecise", nothing: OPEN };
    each_source(ELEMENT, paclitaxel("2026-08-01", "2026-10-01"), &[metastasis("2026-08-01")], &answers);
}

#[test]
fn the_sign_of_advanced_disease_in_every_status() {
    let therapy = paclitaxel("2026-08-01", "2026-10-01").administered(&json!({}));
    let with = |clinical: &str, verification: &str| {
        vec![merged(metastasis("2026-08-01"), &status(clinical, verification)), therapy.clone()]
    };
    let open = "0..: imprecise";
    check(
        ELEMENT,
        &[
            ("no statuses", with("", ""), "1"),
            ("active", with("active", "confirmed"), "1"),
            ("recurrence", with("recurrence", "confirmed"), "1"),
            ("relapse", with("relapse", "confirmed"), "1"),
            ("inactive", with("inactive", "confirmed"), "1"),
            ("remission", with("remission", "confirmed"), "1"),
            ("resolved", with("resolved", "confirmed"), "1"),
            ("unconfirmed", with("active", "unconfirmed"), open),
            ("provisional", with("active", "provisional"), open),
            ("differential", with("active", "differential"), open),
            ("refuted", with("active", "refuted"), open),
            ("entered in error", with("", "entered-in-error"), open),
        ],
    );
}

#[test]
fn days_without_therapy() {
    let since = |index: &str, from: &str, to: &str| vec![metastasis(index), given("rx:56946", from, to)];
    check(
        ELEMENT,
        &[
            ("120 days before the order", since("2026-06-01", "2026-06-01", "2026-07-25"), "1"),
            ("121 days before the order", since("2026-06-01", "2026-06-01", "2026-07-24"), "1..: imprecise"),
            ("120 days after the first sign", since("2026-03-03", "2026-07-01", "2026-10-01"), "1"),
            (
                "121 days after the first sign",
                since("2026-03-02", "2026-07-01", "2026-10-01"),
                "1..: imprecise",
            ),
        ],
    );
}

#[test]
fn one_regimen_or_two_lines() {
    let pair = |one: Value, other: Value| vec![metastasis("2026-06-01"), one, other];
    let first = |last: &str| given("rx:12574", "2026-08-01", last);
    let vinorelbine = |from: &str| given("rx:39541", from, "2026-10-15");
    let early = |resources: Vec<Value>| [vec![metastasis("2026-02-01")], resources].concat();
    let doxorubicin = |last: &str| given("rx:3639", "2026-02-01", last);
    let later = |code: &str| given(code, "2026-07-01", "2026-10-01");
    check(
        ELEMENT,
        &[
            ("begun 28 days later", pair(first("2026-08-01"), vinorelbine("2026-08-29")), "1"),
            ("begun 29 days later", pair(first("2026-08-01"), vinorelbine("2026-08-30")), "2"),
            ("added after 29 days", pair(first("2026-10-15"), vinorelbine("2026-08-30")), "1..2: imprecise"),
            (
                "AC, then a taxane after 120 days",
                early(vec![doxorubicin("2026-03-03"), later("rx:56946")]),
                "1",
            ),
            (
                "AC, then a taxane after 121 days",
                early(vec![doxorubicin("2026-03-02"), later("rx:56946")]),
                "2..: imprecise",
            ),
            ("again after 120 days", early(vec![doxorubicin("2026-03-03"), later("rx:3639")]), "1"),
            (
                "again after 121 days",
                early(vec![doxorubicin("2026-03-02"), later("rx:3639")]),
                "1..: imprecise",
            ),
            (
                "AC, then a taxane after progression",
                early(vec![doxorubicin("2026-03-03"), later("rx:56946"), progression("2026-06-20")]),
                "2",
            ),
        ],
    );
}

#[test]
fn substitution_and_maintenance() {
    let taxanes = |more: &Value, from: &str| {
        let first = paclitaxel("2026-03-01", "2026-04-01").administered(more);
        vec![metastasis("2026-03-01"), first, given("rx:72962", from, "2026-11-01")]
    };
    let toxic = stopped("sct:407563006");
    let maintained = |more: &[Value]| {
        let chemotherapy = given("rx:56946", "2026-06-01", "2026-07-25");
        let letrozole = course("rx:72965", "letrozole", "2026-08-10", "2026-11-20").dispensed(&json!({}));
        [&[metastasis("2026-06-01"), chemotherapy, letrozole], more].concat()
    };
    check(
        ELEMENT,
        &[
            (
                "another taxane after 28 days, why is not told",
                taxanes(&json!({}), "2026-04-29"),
                "1..2: imprecise",
            ),
            ("another taxane after 29 days, why is not told", taxanes(&json!({}), "2026-04-30"), "2"),
            ("for toxicity, after 120 days", taxanes(&toxic, "2026-07-30"), "1"),
            ("for toxicity, after 121 days", taxanes(&toxic, "2026-07-31"), "1..: imprecise"),
            ("endocrine maintenance after a response", maintained(&[response("2026-07-26")]), "1"),
            ("endocrine therapy after chemotherapy", maintained(&[]), "1..2: imprecise"),
            (
                "endocrine therapy after progression",
                maintained(&[progression("2026-07-26")]),
                "1..2: imprecise",
            ),
        ],
    );
}

#[test]
fn what_counts() {
    let alone = |code: &str| vec![metastasis("2026-08-01"), given(code, "2026-08-01", "2026-10-01")];
    let with_text = |text: &str| {
        let statement = course(text, "elsewhere", "2026-08-01", "2026-10-01").stated(&json!({}));
        [one_line(), vec![statement]].concat()
    };
    let intended = |value: &str| {
        let one = paclitaxel("2026-08-01", "2026-10-01").administered(&intent(value));
        vec![metastasis("2026-08-01"), one]
    };
    let cured = |more: &[Value]| [&[given("rx:72962", "2025-01-01", "2025-04-01")], more].concat();
    check(
        ELEMENT,
        &[
            ("nothing", vec![], NOTHING),
            ("only advanced disease", vec![metastasis("2026-08-01")], OPEN),
            ("chemotherapy", alone("rx:12574"), "1"),
            ("an antibody-drug conjugate", alone("rx:2267576"), "1"),
            ("endocrine therapy alone", alone("rx:72965"), "0..1: imprecise"),
            ("a CDK4/6 inhibitor alone", alone("rx:1601374"), "0..1: imprecise"),
            ("ovarian suppression", alone("rx:50610"), OPEN),
            ("prevention", alone("rx:72143"), OPEN),
            ("another medicine", alone("rx:3264"), OPEN),
            ("chemotherapy in words", with_text("Chemotherapy at another hospital"), "1..: unclassified"),
            ("to palliate", intended("sct:363676003"), "1"),
            ("to cure, in advanced disease", intended("sct:373808002"), "0..1: imprecise"),
            ("to cure, before it", cured(&one_line()), "1..2: imprecise"),
            (
                "no sign of advanced disease",
                vec![given("rx:56946", "2026-08-01", "2026-10-01")],
                "0..: imprecise",
            ),
        ],
    );
}

#[test]
fn the_order_itself() {
    let own = |from: &str, to: &str| vec![metastasis(from), given("rx:337523", from, to)];
    let beside = |from: &str| vec![metastasis("2026-10-01"), given("rx:56946", from, "2026-11-20")];
    let copy = merged(
        course("rx:337523", "ixabepilone", "2026-11-22", "2027-02-01").ordered(&json!({})),
        &json!({ "id": "order" }),
    );
    check(
        ELEMENT,
        &[
            ("its own line goes on", own("2026-08-01", "2026-11-01"), "0"),
            ("its own line, 120 days ago", own("2026-06-01", "2026-07-25"), "0"),
            ("its own line, 121 days ago", own("2026-06-01", "2026-07-24"), "0..: imprecise"),
            ("beside a drug begun 28 days ago", beside("2026-10-25"), "0..1: imprecise"),
            ("beside a drug begun 29 days ago", beside("2026-10-24"), "1"),
            ("a copy of it on record", [one_line(), vec![copy]].concat(), "1"),
        ],
    );
}

#[test]
fn partial_dates_and_zones() {
    let dose = |date: &str| {
        let at = json!({ "effectivePeriod": null, "effectiveDateTime": date });
        let at = if date.is_empty() { json!({ "effectivePeriod": null }) } else { at };
        vec![metastasis("2026-08-01"), paclitaxel("2026-08-01", "2026-10-01").administered(&at)]
    };
    let sign =
        |date: &str| vec![metastasis(date), paclitaxel("2026-09-01", "2026-10-01").administered(&json!({}))];
    let recorded = merged(metastasis("x"), &json!({ "onsetDateTime": null, "recordedDate": "2026-08-01" }));
    let last = |date: &str| vec![metastasis("2026-06-01"), given("rx:56946", "2026-06-01", date)];
    let to_come = "0..: not-recorded";
    check(
        ELEMENT,
        &[
            ("a dose of a day", dose("2026-09-01"), "1"),
            ("a dose of a month", dose("2026-09"), "1"),
            ("a dose of the month of the first sign", dose("2026-08"), "1"),
            ("a dose of a year", dose("2026"), "0..1: imprecise"),
            ("a dose without a date", dose(""), "0..: imprecise"),
            ("a dose with no date at all in its date", dose("autumn"), "0..: imprecise"),
            ("a sign of a month", sign("2026-08"), "1"),
            ("a sign of a year", sign("2026"), "0..: imprecise"),
            ("a sign of the year before", sign("2025"), "1..: imprecise"),
            (
                "a sign of which only the recording is dated",
                vec![recorded, dose("2026-09-01").remove(1)],
                "1..: imprecise",
            ),
            ("a last dose of the month 120 days ago", last("2026-07"), "1..: imprecise"),
            ("a last dose of the month after", last("2026-08"), "1"),
            ("a last dose of this year", last("2026"), "1..: imprecise"),
            ("120 days ago where it was given, in the west", last("2026-07-25T23:30:00-05:00"), "1"),
            (
                "121 days ago where it was given, in the west",
                last("2026-07-24T23:30:00-05:00"),
                "1..: imprecise",
            ),
            ("120 days ago where it was given, in the east", last("2026-07-25T00:30:00+09:00"), "1"),
            ("120 days ago, no zone", last("2026-07-25T00:30:00"), "1"),
            ("a dose 24 hours ahead", dose("2026-11-23T12:00:00Z"), "0..1: imprecise"),
            ("a dose a second more ahead", dose("2026-11-23T12:00:01Z"), to_come),
            ("a dose 24 hours ahead, in the east", dose("2026-11-23T21:00:00+09:00"), "0..1: imprecise"),
            ("a dose a second more ahead, in the west", dose("2026-11-23T07:00:01-05:00"), to_come),
        ],
    );
}

#[test]
fn the_recurrence_after_therapy_to_cure_says_how_soon_it_came() {
    let cases = [
        ("2026-04-01", "within 12 months of its end"),
        ("2026-04-02", "more than 12 months after its end"),
        ("2026-04", "is not clear"),
    ];
    for (onset, words) in cases {
        let record = [
            metastasis(onset),
            given("rx:72962", "2025-01-01", "2025-04-01"),
            given("rx:56946", "2026-05-01", "2026-11-01"),
        ];
        assert_eq!(chart(&record).says(ELEMENT), "1..2: imprecise", "{onset}");
        let gaps = chart(&record).known(ELEMENT).gaps;
        assert!(gaps.iter().any(|gap| gap.detail.contains(words)), "{onset}: {gaps:?}");
    }
}

#[test]
fn without_a_complete_answer_there_is_no_upper_end() {
    let unread = "1..: unavailable";
    let events = "1..: imprecise, unavailable";
    let record = one_line();
    for search in [
        Search::MedicationRequests,
        Search::MedicationStatements,
        Search::MedicationDispenses,
        Search::CarePlans,
    ] {
        without(ELEMENT, &record, search, unread, unread);
    }
    without(ELEMENT, &record, Search::MedicationAdministrations, "0..: unavailable", unread);
    without(ELEMENT, &record, Search::ClinicalObservations, events, events);
    without(ELEMENT, &record, Search::Procedures, events, events);
    without(ELEMENT, &record, Search::Conditions, "0..: imprecise, unavailable", events);
    without(ELEMENT, &record, Search::Allergies, "1", "1");
    without(
        ELEMENT,
        &[],
        Search::MedicationStatements,
        "0..: imprecise, unavailable",
        "0..: imprecise, unavailable",
    );
}

#[test]
fn what_cannot_be_read_may_be_a_line() {
    let bare =
        paclitaxel("2026-08-01", "2026-10-01").administered(&json!({ "medicationCodeableConcept": null }));
    let lost = json!({ "medicationCodeableConcept": null, "medicationReference": { "reference": "Medication/lost" } });
    let lost = paclitaxel("2026-08-01", "2026-10-01").administered(&lost);
    let coded = paclitaxel("2026-08-01", "2026-10-01")
        .administered(&json!({ "medicationCodeableConcept": concept("rx:99999999") }));
    let with = |one: Value| [one_line(), vec![merged(one, &json!({ "id": "more" }))]].concat();
    check(
        ELEMENT,
        &[
            ("no drug", with(bare), "1..: unclassified"),
            ("a drug that leads nowhere", with(lost), "1..: unclassified"),
            ("a code in no value set", with(coded), "1..: unclassified"),
        ],
    );
    with_unreadable(ELEMENT, &one_line(), "1..: imprecise, unavailable");
}

#[test]
fn attested() {
    let (two, three) = (json!({ "valueInteger": 2 }), json!({ "valueInteger": 3 }));
    attestations(ELEMENT, &one_line(), "1", (&two, "2"), (&three, "3"));
    attestations(ELEMENT, &[], NOTHING, (&two, "2"), (&three, "3"));
    let record = [one_line(), vec![crate::support::attested(ELEMENT, "2026-11-01", &two)]].concat();
    without(ELEMENT, &record, Search::MedicationStatements, "2", "2");
}
