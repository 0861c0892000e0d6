//! How many prior lines: expected values from the rules of the content, written before the code was run on them.

use crate::notes::{counted, history, rules};

const CASES: &[(&str, &[&str], &str)] = &[
    ("nothing on record is not zero", &["advanced 2026-05-01"], "0.."),
    (
        "one line, continuous until the order",
        &["advanced 2026-01-02", "given tax 2026-01-05..2026-04-20", "progression 2026-05-20"],
        "1",
    ),
    (
        "one line: dropping a drug is no new line",
        &["advanced 2026-01-02", "given tax+chem 2026-01-05..2026-03-01", "given tax 2026-03-15..2026-05-20"],
        "1",
    ),
    (
        "a second drug within the regimen window is the same line",
        &["advanced 2026-01-02", "given tax 2026-01-05..2026-05-20", "given chem 2026-02-02..2026-05-20"],
        "1",
    ),
    (
        "one day after the window it is another, after progression",
        &[
            "advanced 2025-09-02",
            "given tax 2025-09-05..2025-12-01",
            "progression 2026-01-10",
            "given chem 2026-01-15..2026-05-20",
        ],
        "2",
    ),
    (
        "another drug after the last one was stopped is another line, without a recorded progression",
        &["advanced 2025-09-02", "given tax 2025-09-05..2025-12-01", "given chem 2026-01-15..2026-05-20"],
        "2",
    ),
    (
        "a drug that is added to one that goes on may be the same line",
        &[
            "advanced 2025-09-02",
            "dispensed endo 2025-09-05..2026-06-10",
            "dispensed cdk 2025-11-20..2026-06-10",
        ],
        "1..2",
    ),
    (
        "adjuvant alone may count once",
        &[
            "given anthra 2024-01-05..2024-03-08",
            "given tax 2024-03-29..2024-06-01",
            "dispensed endo 2024-07-01..2026-03-01",
            "advanced 2026-05-01",
        ],
        "0..1",
    ),
    (
        "adjuvant and one line",
        &[
            "given anthra 2020-01-05..2020-03-08",
            "given tax 2020-03-29..2020-06-01",
            "advanced 2026-01-02",
            "given chem 2026-01-05..2026-05-20",
        ],
        "1..2",
    ),
    (
        "anthracycline then taxane is one line in advanced disease too",
        &["advanced 2026-01-02", "given anthra 2026-01-05..2026-03-10", "given tax 2026-04-01..2026-06-01"],
        "1",
    ),
    (
        "with another drug beside the taxane it is still one",
        &[
            "advanced 2026-01-02",
            "given anthra 2026-01-05..2026-03-10",
            "given tax+chem+anti 2026-04-01..2026-06-01",
        ],
        "1",
    ),
    (
        "and when that one begins a week later",
        &[
            "advanced 2026-01-02",
            "given anthra 2026-01-05..2026-03-10",
            "given tax 2026-04-01..2026-06-01",
            "given anti 2026-04-08..2026-06-01",
        ],
        "1",
    ),
    (
        "unless the disease progressed in between",
        &[
            "advanced 2025-10-02",
            "given anthra 2025-10-05..2026-01-15",
            "progression 2026-02-01",
            "given tax 2026-02-10..2026-06-01",
        ],
        "2",
    ),
    (
        "or may have: the progression is not dated",
        &[
            "advanced 2025-10-02",
            "given anthra 2025-10-05..2026-01-15",
            "progression ?",
            "given tax 2026-02-10..2026-06-01",
        ],
        // The undated progression may also be the first sign of advanced disease: nothing is sure to be continuous.
        "1..",
    ),
    (
        "ordered only: no evidence that it was given",
        &["advanced 2026-01-02", "ordered tax 2026-01-05..2026-06-10"],
        "0..1",
    ),
    ("stated only", &["advanced 2026-01-02", "stated tax 2026-01-05..2026-06-01"], "0..1"),
    (
        "the order and the administration of one dose are one",
        &["advanced 2026-01-02", "ordered tax 2026-01-05..2026-06-10", "given tax 2026-01-05..2026-06-10"],
        "1",
    ),
    (
        "an ordered drug between two lines",
        &[
            "advanced 2025-09-02",
            "given tax 2025-09-05..2025-11-20",
            "ordered chem2 2026-01-02",
            "progression 2026-02-10",
            "given chem 2026-02-15..2026-06-01",
        ],
        "2..3",
    ),
    (
        "one substitute for toxicity is one line",
        &[
            "advanced 2026-01-02",
            "given tax 2026-01-05..2026-02-20 not-tolerated",
            "given tax2 2026-03-10..2026-06-01",
        ],
        "1",
    ),
    (
        "why it was substituted is not recorded",
        &["advanced 2026-01-02", "given tax 2026-01-05..2026-02-20", "given tax2 2026-03-10..2026-06-01"],
        "1..2",
    ),
    (
        "a change for toxicity to a drug of another group does not by itself advance the line",
        &[
            "advanced 2026-01-02",
            "given chem 2026-01-05..2026-02-20 not-tolerated",
            "given tax 2026-03-10..2026-06-01",
        ],
        "1..2",
    ),
    (
        "the line before was stopped for toxicity: the order does not by itself make it a failed line",
        &["advanced 2026-01-02", "given chem 2026-01-05..2026-05-20 not-tolerated"],
        "0..1",
    ),
    (
        "maintenance under control",
        &[
            "advanced 2026-01-02",
            "given chem 2026-01-05..2026-03-20",
            "response 2026-03-25",
            "dispensed endo 2026-04-02..2026-06-10",
        ],
        "1",
    ),
    (
        "maintenance with nothing recorded",
        &[
            "advanced 2026-01-02",
            "given chem 2026-01-05..2026-03-20",
            "dispensed endo 2026-04-02..2026-06-10",
        ],
        "1..2",
    ),
    (
        "endocrine therapy after progression on chemotherapy",
        &[
            "advanced 2026-01-02",
            "given chem 2026-01-05..2026-03-20",
            "progression 2026-03-25",
            "dispensed endo 2026-04-02..2026-06-10",
        ],
        "2",
    ),
    (
        "the same drug after a long pause may be a new line",
        &[
            "advanced 2025-06-02",
            "given chem 2025-06-05..2025-09-01",
            "dispensed bone 2025-09-05..2026-02-10",
            "given chem 2026-02-01..2026-06-01",
        ],
        // Nothing that counts was given in the pause: something may have been given elsewhere.
        "1..",
    ),
    (
        "the same drug after a long pause with progression is a new line",
        &[
            "advanced 2025-06-02",
            "given chem 2025-06-05..2025-09-01",
            "progression 2026-01-20",
            "given chem 2026-02-01..2026-06-01",
        ],
        "2..",
    ),
    (
        "the same drug again after another line",
        &[
            "advanced 2025-06-02",
            "given tax 2025-06-05..2025-09-01",
            "progression 2025-09-10",
            "given chem 2025-09-15..2025-12-15",
            "progression 2025-12-20",
            "given tax 2025-12-28..2026-06-01",
        ],
        "3",
    ),
    ("supportive drugs never count", &["advanced 2026-05-02", "given bone 2026-05-05..2026-06-01"], "0.."),
    (
        "a co-pack is two drugs of one line",
        &["advanced 2026-01-02", "dispensed cdk+endo 2026-01-05..2026-06-10"],
        "1",
    ),
    (
        "the ordered drug that goes on is the present line",
        &[
            "advanced 2025-10-02",
            "given tax 2025-10-05..2026-02-20",
            "progression 2026-03-10",
            "given new 2026-03-15..2026-05-30",
        ],
        "1",
    ),
    (
        "with its companion, which began before it",
        &[
            "advanced 2025-10-02",
            "given tax 2025-10-05..2026-05-10",
            "progression 2026-05-20",
            "given chem 2026-06-01",
            "with chem",
        ],
        "1",
    ),
    (
        "without a companion in the order it may be the same regimen, or a short line",
        &[
            "advanced 2025-10-02",
            "given tax 2025-10-05..2026-05-10",
            "progression 2026-05-20",
            "given chem 2026-06-01",
        ],
        "1..2",
    ),
    (
        "the ordered drug after a progression on it may be a line that failed",
        &["advanced 2026-01-02", "given new 2026-01-15..2026-05-30", "progression 2026-06-05"],
        "0..1",
    ),
    (
        "the ordered drug long ago, and another line since",
        &[
            "advanced 2025-03-02",
            "given new 2025-03-15..2025-09-01",
            "progression 2025-09-10",
            "given chem 2025-09-20..2026-05-30",
            "progression 2026-06-05",
        ],
        // That it is given again would be a restart of the first line only if the second were part of it.
        "2",
    ),
    (
        "a course that began before the disease was advanced and went on after it",
        &[
            "dispensed endo 2024-01-05..2026-03-10",
            "advanced 2026-02-02",
            "progression 2026-03-01",
            "given chem 2026-03-12..2026-06-01",
        ],
        "1..2",
    ),
    (
        "an advanced disease that may have begun earlier",
        &[
            "given tax 2025-10-05..2026-01-20",
            "advanced 2026-02-02 earlier",
            "given chem 2026-02-12..2026-06-01",
        ],
        "1..",
    ),
    (
        "but what is meant as adjuvant is not a line of advanced disease",
        &[
            "given tax 2025-10-05..2026-01-20 adjuvant",
            "advanced 2026-02-02",
            "given chem 2026-02-12..2026-06-01",
        ],
        "1..2",
    ),
    (
        "palliative by intent, before the sign was recorded",
        &[
            "given tax 2025-12-05..2026-01-20 palliative",
            "advanced 2026-02-02",
            "given chem 2026-02-12..2026-06-01",
        ],
        "2",
    ),
    ("no sign of advanced disease", &["given tax 2026-01-05..2026-06-01"], "0.."),
    (
        "a year only",
        &[
            "advanced 2026-01-02",
            "given tax 2026-01-05..2026-03-01",
            "stated chem 2026",
            "given chem2 2026-03-20..2026-06-01",
        ],
        "2..3",
    ),
    ("no date at all", &["advanced 2026-01-02", "given tax 2026-01-05..2026-06-01", "stated chem ?"], "1.."),
    (
        "dated after the order",
        &["advanced 2026-01-02", "given tax 2026-01-05..2026-06-01", "given chem 2026-09-01"],
        "1..",
    ),
    ("a search that failed", &["advanced 2026-01-02", "given tax 2026-01-05..2026-06-01", "unread"], "1.."),
    (
        "what happened to the disease was not read",
        &["advanced 2026-01-02", "given tax 2026-01-05..2026-06-01", "events-unread"],
        "1..",
    ),
    (
        "therapy that cannot be placed",
        &["advanced 2026-01-02", "given tax 2026-01-05..2026-06-01", "unplaced"],
        "1..",
    ),
    (
        "a long time without therapy after the first sign",
        &["advanced 2025-01-02", "given tax 2026-01-05..2026-06-01"],
        "1..",
    ),
    (
        "a long time without therapy before the order",
        &["advanced 2025-01-02", "given tax 2025-01-05..2025-06-01"],
        "1..",
    ),
    (
        "surgery long ago and no therapy around it on record",
        &["surgery 2019-03-01", "advanced 2026-01-02", "given tax 2026-01-05..2026-06-01"],
        "1..2",
    ),
    (
        "three endocrine lines",
        &[
            "advanced 2024-10-02",
            "dispensed endo+cdk 2024-10-10..2025-05-01",
            "progression 2025-05-05",
            "dispensed endo2 2025-05-10..2025-11-01",
            "progression 2025-11-05",
            "given anti 2025-11-12..2026-05-20",
            "progression 2026-06-01",
        ],
        "3",
    ),
    (
        "ended for want of a response",
        &[
            "advanced 2025-10-02",
            "given anthra 2025-10-05..2026-01-15 no-response",
            "given tax 2026-02-10..2026-06-01",
        ],
        "2",
    ),
];

#[test]
fn the_number_of_prior_lines_is_what_the_record_allows() {
    let rules = rules();
    let wrong: Vec<String> = CASES
        .iter()
        .filter_map(|(name, notes, expected)| {
            let history = history(&rules, notes);
            let found = counted(&history);
            (found != *expected).then(|| {
                format!(
                    "{name}: expected {expected}, found {found}\n{:#?}\n{:#?}",
                    history.lines, history.prior
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Whatever is not exact has a reason.
#[test]
fn an_interval_has_a_reason_for_each_open_end() {
    let rules = rules();
    for (name, notes, _) in CASES {
        let prior = history(&rules, notes).prior;
        assert_eq!(prior.count.high().is_none(), !prior.open.is_empty(), "{name}");
        if prior.count.high().is_some_and(|high| high > prior.count.low()) {
            assert!(!prior.doubts.is_empty(), "{name}");
        }
    }
}
