//! The history as it is shown: in one sentence, and as a timeline.

use crate::notes::{history, rules};

const NOTES: &[&str] = &[
    "given anthra 2019-01-07..2019-03-11",
    "given tax 2019-04-01..2019-06-03",
    "surgery 2019-07-01",
    "advanced 2025-03-10",
    "given tax2 2025-03-17..2025-08-20 not-tolerated",
    "progression 2025-09-01",
    "given chem 2025-09-08..2026-05-20",
    "ordered chem2 2026-06-10",
];

#[test]
fn the_sentence_says_how_the_lines_were_counted() {
    let rules = rules();
    assert_eq!(
        history(&rules, NOTES).sentence(),
        "2 lines counted since the disease was advanced (2025-03-10) (tax2, 2025; chem, 2025 to 2026), and chem2, 2026 \
         that may or may not count, and anthra + tax, 2019, given to cure, that may or may not count"
    );
    assert_eq!(
        history(&rules, &["advanced 2026-05-01"]).sentence(),
        "No therapy is on record; there may be more"
    );
}

#[test]
fn the_timeline_is_drawn_by_date() {
    let rules = rules();
    let drawn: Vec<String> = history(&rules, NOTES)
        .timeline()
        .into_iter()
        .map(|row| {
            let ended = row.ended.map_or_else(String::new, |ended| format!(" [{ended}]"));
            format!("{} | {} | {}{ended} | {}", row.label, row.when, row.what, row.remark)
        })
        .collect();
    assert_eq!(
        drawn,
        [
            "to cure | 2019-01-07 to 2019-06-03 | anthra (given 4 times) + tax (given 4 times) | counts as one line or none",
            "surgery | 2019-07-01 | 2019-07-01 | ",
            "advanced disease | 2025-03-10 | 2025-03-10 | ",
            "line 1 | 2025-03-17 to 2025-08-11 | tax2 (given 8 times) [tax2: not tolerated] | counts",
            "progression | 2025-09-01 | 2025-09-01 | ",
            "line 2 | 2025-09-08 to 2026-05-18 | chem (given 13 times) | counts: chem follows progression on 2025-09-01",
            "line 3 | 2026-06-10 | chem2 (ordered) | may or may not count: chem2 was ordered, with no evidence that it was given; the order may have begun within 28 days of the line before: one regimen, or a new line",
        ]
    );
}
