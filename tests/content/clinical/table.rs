//! Tables that several rows share: statuses, and searches without a complete answer.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, merged, status};

/// An Observation that settles an element, in every status: `counts` is known from it, else `open`.
pub fn observation_statuses(element: &str, settles: &Value, counts: &str, open: &str) {
    let with = |status: Value| vec![merged(settles.clone(), &json!({ "status": status }))];
    let doubtful = format!("{open}: imprecise");
    let nothing = format!("{open}: not-recorded");
    check(
        element,
        &[
            ("final", with(json!("final")), counts),
            ("amended", with(json!("amended")), counts),
            ("corrected", with(json!("corrected")), counts),
            ("preliminary", with(json!("preliminary")), &doubtful),
            ("registered", with(json!("registered")), &doubtful),
            ("unknown", with(json!("unknown")), &doubtful),
            ("without a status", with(Value::Null), &doubtful),
            ("cancelled", with(json!("cancelled")), &nothing),
            ("entered in error", with(json!("entered-in-error")), &nothing),
        ],
    );
    for not_yet in ["preliminary", "registered"] {
        let gaps = Chart::of(&with(json!(not_yet))).known(element).gaps;
        assert!(gaps.iter().any(|gap| gap.detail.contains(not_yet)), "named as such: {gaps:?}");
    }
}

/// A Condition that makes an element true while it is there, in every clinical and verification status.
pub fn condition_statuses(element: &str, settles: &Value) {
    let with = |clinical: &str, verification: &str| {
        let bare = merged(settles.clone(), &json!({ "clinicalStatus": null, "verificationStatus": null }));
        vec![merged(bare, &status(clinical, verification))]
    };
    let ended = |clinical: &str, more: Value| vec![merged(with(clinical, "confirmed").remove(0), &more)];
    let ends = [
        ("on a day", json!({ "abatementDateTime": "2026-06-01" })),
        ("in a year", json!({ "abatementDateTime": "2026" })),
        ("in a period", json!({ "abatementPeriod": { "start": "2026-05-01", "end": "2026-06-01" } })),
        ("in an open period", json!({ "abatementPeriod": { "start": "2026-05-01" } })),
        ("in words", json!({ "abatementString": "spring" })),
        ("at an age", json!({ "abatementAge": { "value": 55, "code": "a" } })),
        ("between two ages", json!({ "abatementRange": { "low": { "value": 55, "unit": "a" } } })),
        ("as a flag of before R4", json!({ "abatementBoolean": true })),
    ];
    for (how, end) in ends {
        check(element, &[(&format!("ended {how}"), ended("", end.clone()), "either: imprecise")]);
        check(element, &[(&format!("active, and ended {how}"), ended("active", end), "either: imprecise")]);
    }
    let goes_on = [
        ("in the future", json!({ "abatementDateTime": "2027-06-01" })),
        ("in a future period", json!({ "abatementPeriod": { "start": "2027-05-01", "end": "2027-06-01" } })),
        ("not, as a flag of before R4", json!({ "abatementBoolean": false })),
    ];
    for (how, end) in goes_on {
        check(element, &[(&format!("active, and ends {how}"), ended("active", end), "yes")]);
    }
    let local_first = |member: &str, code: &str| {
        let codings = json!([{ "system": "urn:local", "code": "1" },
            { "system": format!("http://terminology.hl7.org/CodeSystem/{member}"), "code": code }]);
        json!({ "coding": codings })
    };
    let local = |clinical: &str, verification: &str| {
        vec![merged(
            settles.clone(),
            &json!({ "clinicalStatus": local_first("condition-clinical", clinical),
                "verificationStatus": local_first("condition-ver-status", verification) }),
        )]
    };
    let plain = |clinical: &str, verification: &str| {
        vec![merged(
            settles.clone(),
            &json!({ "clinicalStatus": clinical, "verificationStatus": verification }),
        )]
    };
    check(
        element,
        &[
            ("a local code first, active", local("active", "confirmed"), "yes"),
            ("a local code first, resolved", local("resolved", "confirmed"), "either: imprecise"),
            ("a local code first, refuted", local("active", "refuted"), "either: not-recorded"),
            ("as plain codes, active", plain("active", "confirmed"), "yes"),
            ("as plain codes, refuted", plain("active", "refuted"), "either: not-recorded"),
            ("as plain codes, entered in error", plain("active", "entered-in-error"), "either: not-recorded"),
            ("no statuses", with("", ""), "yes"),
            ("active", with("active", "confirmed"), "yes"),
            ("active, verification not stated", with("active", ""), "yes"),
            ("recurrence", with("recurrence", "confirmed"), "yes"),
            ("relapse", with("relapse", "confirmed"), "yes"),
            ("inactive", with("inactive", "confirmed"), "either: imprecise"),
            ("remission", with("remission", "confirmed"), "either: imprecise"),
            ("resolved", with("resolved", "confirmed"), "either: imprecise"),
            ("unconfirmed", with("active", "unconfirmed"), "either: imprecise"),
            ("provisional", with("active", "provisional"), "either: imprecise"),
            ("differential", with("active", "differential"), "either: imprecise"),
            ("refuted", with("active", "refuted"), "either: not-recorded"),
            ("entered in error", with("", "entered-in-error"), "either: not-recorded"),
        ],
    );
}

/// Without a complete answer to one of its searches an element that nothing else settles is `open: unavailable`.
pub fn searches_without_an_answer(element: &str, searches: &[Search], open: &str) {
    for search in searches.iter().copied() {
        let charts = [
            ("not sent", Chart { unsent: vec![search], ..Chart::default() }),
            ("failed", Chart { failed: vec![search], ..Chart::default() }),
            ("paged", Chart { paged: vec![search], ..Chart::default() }),
        ];
        for (how, chart) in charts {
            assert_eq!(chart.says(element), format!("{open}: unavailable"), "{element}: {search} {how}");
        }
    }
}

/// What stays known although a search has no complete answer.
pub fn stays(element: &str, resources: &[Value], search: Search, expected: &str) {
    for (how, chart) in [
        ("not sent", Chart { unsent: vec![search], ..Chart::of(resources) }),
        ("failed", Chart { failed: vec![search], ..Chart::of(resources) }),
        ("paged", Chart { paged: vec![search], ..Chart::of(resources) }),
    ] {
        assert_eq!(chart.says(element), expected, "{element}: {search} {how}");
    }
}

/// Rows of one code or text each: what is known from the chart that it makes.
pub fn each(element: &str, rows: &[(&str, &str)], chart: impl Fn(&str) -> Vec<Value>) {
    let rows = rows.iter().map(|(code, expected)| (*code, chart(code), *expected)).collect::<Vec<_>>();
    check(element, &rows);
}
