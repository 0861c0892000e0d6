//! Resistance to a class (here the taxanes: 12 months after therapy to cure, 4 in advanced disease), refractoriness to
//! endocrine therapy (12 months, advanced disease only), and the response to preoperative therapy.

use criteria::Truth;
use ehr::therapy::preoperative::preoperative;
use ehr::therapy::resistance::{Limits, resistance};

use crate::notes::{history, rules};

const TAXANE: Limits<'_> =
    Limits { class: "taxane", advanced_months: 4, curative_months: 12, curative_counts: true };
const ENDOCRINE: Limits<'_> =
    Limits { class: "endocrine", advanced_months: 12, curative_months: 12, curative_counts: false };

fn in_words(truth: Option<Truth>) -> &'static str {
    match truth {
        Some(Truth::Yes) => "yes",
        Some(Truth::No) => "no",
        Some(Truth::Either) => "open",
        None => "nothing",
    }
}

fn check(limits: Option<&Limits<'_>>, cases: &[(&str, &[&str], &str)]) {
    let rules = rules();
    for (name, notes, expected) in cases {
        let history = history(&rules, notes);
        let (found, gaps) = match limits {
            Some(limits) => {
                let found = resistance(&history, limits);
                (found.is_resistant, found.gaps)
            }
            None => {
                let found = preoperative(&history);
                (found.is_without_response, found.gaps)
            }
        };
        assert_eq!(in_words(found), *expected, "{name}: {gaps:#?}");
        assert_eq!(gaps.is_empty(), matches!(*expected, "yes" | "no"), "{name}: {gaps:#?}");
    }
}

/// The last of the adjuvant doses is on 2024-03-04, of those in advanced disease on 2026-01-19.
const TAXANE_CASES: &[(&str, &[&str], &str)] = &[
    ("no taxane", &["advanced 2026-02-02", "given chem 2026-02-05..2026-06-01"], "nothing"),
    (
        "recurrence exactly twelve months after the last dose",
        &["given tax 2024-01-01..2024-03-10", "advanced 2025-03-04", "given chem 2025-03-10..2026-06-01"],
        "yes",
    ),
    (
        "a day later",
        &["given tax 2024-01-01..2024-03-10", "advanced 2025-03-05", "given chem 2025-03-10..2026-06-01"],
        "no",
    ),
    (
        "some day of that month",
        &["given tax 2024-01-01..2024-03-10", "advanced 2025-03", "given chem 2025-03-10..2026-06-01"],
        "open",
    ),
    (
        "the recurrence was recorded later than it began, perhaps",
        &[
            "given tax 2024-01-01..2024-03-10",
            "advanced 2025-06-04 earlier",
            "given chem 2025-06-10..2026-06-01",
        ],
        "open",
    ),
    (
        "which does not matter where even the recording is in time and the therapy was adjuvant",
        &[
            "given tax 2024-01-01..2024-03-10 adjuvant",
            "advanced 2025-02-04 earlier",
            "given chem 2025-02-10..2026-06-01",
        ],
        "yes",
    ),
    (
        "progression while on it in advanced disease",
        &["advanced 2025-12-02", "given tax 2025-12-08..2026-01-19", "progression 2026-01-15"],
        "yes",
    ),
    (
        "progression on the day it was begun is what it was begun for",
        &["advanced 2025-12-02", "progression 2025-12-08", "given tax 2025-12-08..2026-01-19"],
        "open",
    ),
    (
        "exactly four months after the last dose in advanced disease",
        &["advanced 2025-12-02", "given tax 2025-12-08..2026-01-19", "progression 2026-05-19"],
        "yes",
    ),
    (
        "a day later",
        &[
            "advanced 2025-12-02",
            "given tax 2025-12-08..2026-01-19",
            "given chem 2026-02-10..2026-06-01",
            "progression 2026-05-20",
        ],
        "no",
    ),
    (
        "a day later, and a search failed",
        &[
            "advanced 2025-12-02",
            "given tax 2025-12-08..2026-01-19",
            "given chem 2026-02-10..2026-06-01",
            "progression 2026-05-20",
            "unread",
        ],
        "open",
    ),
    (
        "a day later, and another sign of disease in between",
        &[
            "advanced 2025-12-02",
            "given tax 2025-12-08..2026-01-19",
            "advanced 2026-01-10",
            "given chem 2026-02-10..2026-06-01",
            "progression 2026-05-20",
        ],
        "open",
    ),
    (
        "no progression at all is not known",
        &["advanced 2025-12-02", "given tax 2025-12-08..2026-05-19"],
        "open",
    ),
    (
        "stopped for toxicity is no resistance, and no proof of none",
        &["advanced 2025-12-02", "given tax 2025-12-08..2026-05-19 not-tolerated"],
        "open",
    ),
    (
        "ended for want of a response",
        &["advanced 2025-12-02", "given tax 2025-12-08..2026-05-19 no-response"],
        "yes",
    ),
    (
        "only stated",
        &["advanced 2025-12-02", "stated tax 2025-12-08..2026-01-19", "progression 2026-01-15"],
        "open",
    ),
    (
        "an unsure progression",
        &["advanced 2025-12-02", "given tax 2025-12-08..2026-01-19", "progression 2026-01-15 unsure"],
        "open",
    ),
    ("an undated one", &["advanced 2025-12-02", "given tax 2025-12-08..2026-01-19", "progression ?"], "open"),
    (
        "one resistant course suffices",
        &[
            "given tax 2020-01-01..2020-03-10",
            "advanced 2025-12-02",
            "given tax2 2025-12-08..2026-05-19",
            "progression 2026-06-01",
        ],
        "yes",
    ),
    (
        "one that is not does not settle the other",
        &["given tax 2020-01-01..2020-03-10", "advanced 2025-12-02", "given tax2 2025-12-08..2026-05-19"],
        "open",
    ),
    (
        "undated beside one that is not",
        &["given tax 2020-01-01..2020-03-10", "advanced 2026-05-02", "stated tax2 ?"],
        "open",
    ),
    (
        "setting unclear, and within the longer time only",
        &["given tax 2025-07-01..2025-09-10", "progression 2026-03-01"],
        "open",
    ),
    (
        "setting unclear, but within the shorter time",
        &["given tax 2025-07-01..2025-09-10", "progression 2025-11-01"],
        "yes",
    ),
];

#[test]
fn taxane_resistance_hangs_on_the_dates() {
    check(Some(&TAXANE), TAXANE_CASES);
}

const ENDOCRINE_CASES: &[(&str, &[&str], &str)] = &[
    (
        "progression with a partner drug",
        &["advanced 2025-06-02", "dispensed endo+cdk 2025-06-05..2026-05-20", "progression 2026-05-25"],
        "yes",
    ),
    (
        "relapse on adjuvant therapy alone",
        &["dispensed endo 2022-06-05..2026-05-20 adjuvant", "advanced 2026-05-25"],
        "open",
    ),
    ("relapse long after it", &["dispensed endo 2015-06-05..2020-05-20", "advanced 2026-05-25"], "no"),
    (
        "relapse long after it, then progression on it",
        &[
            "dispensed endo 2015-06-05..2020-05-20",
            "advanced 2025-05-25",
            "dispensed endo2 2025-06-05..2026-05-20",
            "progression 2026-05-25",
        ],
        "yes",
    ),
];

#[test]
fn endocrine_refractoriness_is_of_advanced_disease() {
    check(Some(&ENDOCRINE), ENDOCRINE_CASES);
}

const PREOPERATIVE_CASES: &[(&str, &[&str], &str)] = &[
    ("no preoperative therapy", &["given tax 2024-01-01..2024-03-10 adjuvant"], "nothing"),
    (
        "stable until surgery",
        &["given tax 2024-01-01..2024-03-10 neoadjuvant", "stable 2024-03-20", "surgery 2024-04-10"],
        "yes",
    ),
    (
        "worse",
        &["given tax 2024-01-01..2024-03-10 neoadjuvant", "progression 2024-03-20", "surgery 2024-04-10"],
        "yes",
    ),
    (
        "a response",
        &["given tax 2024-01-01..2024-03-10 neoadjuvant", "response 2024-03-20", "surgery 2024-04-10"],
        "no",
    ),
    (
        "a response, then worse",
        &[
            "given tax 2024-01-01..2024-03-10 neoadjuvant",
            "response 2024-02-20",
            "progression 2024-03-20",
            "surgery 2024-04-10",
        ],
        "yes",
    ),
    (
        "a response, then stable",
        &[
            "given tax 2024-01-01..2024-03-10 neoadjuvant",
            "response 2024-02-20",
            "stable 2024-03-20",
            "surgery 2024-04-10",
        ],
        "open",
    ),
    ("nothing recorded", &["given tax 2024-01-01..2024-03-10 neoadjuvant", "surgery 2024-04-10"], "open"),
    (
        "worse after the surgery only",
        &["given tax 2024-01-01..2024-03-10 neoadjuvant", "surgery 2024-04-10", "progression 2025-03-20"],
        "open",
    ),
    (
        "curative before surgery, without a word for it",
        &[
            "given tax 2024-01-01..2024-03-10",
            "stable 2024-03-20",
            "surgery 2024-04-10",
            "advanced 2026-05-01",
        ],
        "yes",
    ),
    (
        "ended for want of a response",
        &["given tax 2024-01-01..2024-03-10 neoadjuvant no-response", "surgery 2024-04-10"],
        "yes",
    ),
    (
        "a response, and a search failed",
        &[
            "given tax 2024-01-01..2024-03-10 neoadjuvant",
            "response 2024-03-20",
            "surgery 2024-04-10",
            "unread",
        ],
        "open",
    ),
];

#[test]
fn the_response_before_surgery_is_the_newest_finding() {
    check(None, PREOPERATIVE_CASES);
}
