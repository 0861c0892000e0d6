//! Histories made to draw a wrong sure answer: what the record allows must stay possible.

use std::fmt::Write as _;

use crate::{History, in_words};

pub fn history(rows: &[&str]) -> History {
    History {
        history: String::new(),
        rows: rows.iter().map(|row| (*row).to_owned()).collect(),
        with: Vec::new(),
        lacking: Vec::new(),
        paged: Vec::new(),
        lines: String::new(),
        taxane: String::new(),
        endocrine: None,
        preoperative: None,
        candidate: None,
        why: String::new(),
    }
}

/// All that differ at once, so that one run tells of every row.
pub fn check(element: &str, rows: &[(&str, &[&str], &str)]) {
    let mut wrong = String::new();
    for (name, rows, expected) in rows {
        let known = history(rows).known(element);
        let found = in_words(&known);
        if found != **expected {
            let gaps: Vec<&str> = known.gaps.iter().map(|gap| gap.detail.as_str()).collect();
            writeln!(wrong, "{name}: {element} is {found}, not {expected}\n  {}", gaps.join("\n  ")).unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

pub const MET: &str = "2026-01-05 condition C78.7";
const WORSE: &str = "2026-06-01 status worsened";

/// Twelve months after therapy to cure and four after therapy of advanced disease, the day itself included.
#[test]
fn taxane_resistance_by_the_day() {
    let adjuvant = "2024-02-29 administration docetaxel {adjuvant}";
    let capecitabine = "2025-03-05..2026-06-10/21 dispense capecitabine";
    let advanced = "2025-06-02 condition C78.7";
    let docetaxel = "2025-06-06..2025-10-31/21 administration docetaxel";
    let bridge = "2025-11-20..2026-06-10/21 dispense capecitabine";
    check(
        "therapy.taxane-resistant",
        &[
            ("a day before twelve months", &[adjuvant, "2025-02-27 condition C78.7", capecitabine], "yes"),
            ("29 Feb and twelve months", &[adjuvant, "2025-02-28 condition C78.7", capecitabine], "yes"),
            ("a day after them", &[adjuvant, "2025-03-01 condition C78.7", capecitabine], "no"),
            ("in that month", &[adjuvant, "2025-03 condition C78.7", capecitabine], "no"),
            ("in that year", &[adjuvant, "2025 condition C78.7", capecitabine], "open"),
            ("undated", &[adjuvant, "? condition C78.7", capecitabine], "open"),
            (
                "recorded, no onset",
                &[adjuvant, "2025-03-01 condition C78.7 {recorded}", capecitabine],
                "open",
            ),
            ("a day before four months", &[advanced, docetaxel, bridge, "2026-02-27 status worsened"], "yes"),
            ("31 Oct and four months", &[advanced, docetaxel, bridge, "2026-02-28 status worsened"], "yes"),
            ("a day after these", &[advanced, docetaxel, bridge, "2026-03-01 status worsened"], "no"),
            ("in that month", &[advanced, docetaxel, bridge, "2026-03 status worsened"], "no"),
            ("in the month before", &[advanced, docetaxel, bridge, "2026-02 status worsened"], "yes"),
            ("in that year", &[advanced, docetaxel, bridge, "2026 status worsened"], "open"),
            // Calendar days are those of the place where they were recorded.
            (
                "a zone in which it is the day after",
                &[advanced, docetaxel, bridge, "2026-03-01T01:00:00+05:00 status worsened"],
                "no",
            ),
            (
                "a zone in which it is still the day",
                &[advanced, docetaxel, bridge, "2026-02-28T22:00:00-05:00 status worsened"],
                "yes",
            ),
        ],
    );
}

#[test]
fn taxane_resistance_is_never_sure_when_it_is_not() {
    let stated = "2026-01-12..2026-05-20 statement paclitaxel";
    let given = "2026-01-12..2026-05-25/21 administration paclitaxel";
    check(
        "therapy.taxane-resistant",
        &[
            ("given", &[MET, given, WORSE], "yes"),
            ("only stated", &[MET, stated, WORSE], "open"),
            ("only ordered", &[MET, "2026-01-12 order paclitaxel", WORSE], "open"),
            (
                "not done",
                &[MET, "2026-01-12..2026-05-25/21 administration paclitaxel {status=not-done}", WORSE],
                "open",
            ),
            (
                "held",
                &[MET, "2026-01-12..2026-05-25/21 administration paclitaxel {status=on-hold}", WORSE],
                "open",
            ),
            (
                "before an ovarian cancer too",
                &[
                    "2024-01-02 condition C56.9",
                    MET,
                    "2024-02-05..2024-05-20/21 administration paclitaxel",
                    WORSE,
                ],
                "open",
            ),
            (
                "dispensed and returned",
                &[MET, "2026-01-12..2026-05-25/21 dispense paclitaxel {status=entered-in-error}", WORSE],
                "open",
            ),
            (
                "stopped for a reaction",
                &[MET, "2026-05-25 administration paclitaxel {not-tolerated}"],
                "open",
            ),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn lines_are_never_surely_too_many_or_too_few() {
    let eribulin = "2026-01-12..2026-06-01/21 administration eribulin";
    check(
        "therapy.prior-lines",
        &[
            (
                "saline and premedication",
                &[
                    MET,
                    eribulin,
                    "2026-01-12..2026-06-01/21 administration sodium chloride 0.9 % flush + ondansetron",
                ],
                "1",
            ),
            (
                "bone agent and growth factor",
                &[
                    MET,
                    eribulin,
                    "2026-02-12..2026-06-01/28 administration denosumab + zoledronic acid + pegfilgrastim",
                ],
                "1",
            ),
            ("an order for every cycle", &[MET, eribulin, "2026-01-12..2026-06-01/21 order eribulin"], "1"),
            ("the same doses from two systems", &[MET, eribulin, eribulin], "1"),
            ("brand", &[MET, "2026-01-12..2026-06-01/21 administration Halaven"], "1"),
            // What a trial gave after it, and for how long, is in no record here: no upper end.
            (
                "trial drug beside it",
                &[MET, eribulin, "2026-02-12 statement investigational agent XYZ-123"],
                "1..",
            ),
            // An abbreviation names no drug, and this one is as often one of early disease: nothing is sure.
            ("regimen in words", &[MET, "2026-01-12..2026-06-01/21 administration AC-T cycle 3"], "0.."),
            // The date is that of the statement: the drug was given some time before, elsewhere, and perhaps not alone.
            ("history of a drug", &[MET, eribulin, "2023 statement history of paclitaxel"], "1.."),
            ("h/o a drug", &[MET, eribulin, "2023 statement h/o Taxol"], "1.."),
            ("no history of a drug", &[MET, eribulin, "2023 statement no history of paclitaxel"], "1"),
            (
                "prevention, then metastatic",
                &["2015-01-05..2019-12-20 statement tamoxifen", MET, eribulin],
                "1..2",
            ),
            (
                "ovarian suppression",
                &[MET, eribulin, "2026-03-12..2026-06-01/28 administration goserelin"],
                "1",
            ),
            // Why it was changed is not recorded: one line for toxicity, two after progression; none without chemotherapy.
            (
                "one CDK4/6 inhibitor for another",
                &[
                    "2025-12-01 condition C79.51",
                    "2025-12-05..2026-02-05/28 dispense letrozole + palbociclib",
                    "2026-03-05..2026-06-08/28 dispense letrozole + abemaciclib",
                ],
                "0..2",
            ),
            // Another cytotoxic drug outside the regimen window begins a line; maintenance is of HER2 antibodies and
            // endocrine drugs only (G).
            (
                "capecitabine after docetaxel",
                &[
                    MET,
                    "2026-01-12..2026-03-16/21 administration docetaxel",
                    "2026-04-06..2026-06-08/21 dispense capecitabine",
                ],
                "2",
            ),
            // What began before the first sign may have been meant to cure, be it by a day.
            (
                "begun a day before the metastasis was recorded",
                &["2026-01-13 condition C78.7", eribulin],
                "0..1",
            ),
            // Counted from the first of them: two lines, and a year between them in which others may have been given.
            (
                "two metastases, one recorded late",
                &[
                    "2024-06-03 condition C79.51",
                    MET,
                    "2024-06-10..2024-12-09/21 administration paclitaxel",
                    eribulin,
                ],
                "2..",
            ),
            // Since when it is there is not known: the first drug may have been to cure, or not the first.
            (
                "metastasis recorded years later",
                &[
                    "2026-01-05 condition C78.7 {recorded}",
                    "2024-06-10..2024-12-09/21 administration paclitaxel",
                    eribulin,
                ],
                "1..",
            ),
            (
                "returned",
                &[MET, eribulin, "2026-02-12..2026-03-12/21 dispense capecitabine {status=cancelled}"],
                "1",
            ),
            // It may have been given before it was held: orders are no evidence either way.
            ("an order on hold", &[MET, eribulin, "2026-05-12 order gemcitabine {status=on-hold}"], "1..2"),
            (
                "an unclassified code alone",
                &[MET, eribulin, "2026-02-12 administration rxnorm:999999999"],
                "1..",
            ),
            // The act of giving, coded beside the drug that was given on that day, tells of nothing more.
            (
                "any chemotherapy on the day of a drug",
                &[
                    MET,
                    "2026-01-12..2026-06-01/21 administration doxorubicin",
                    "2026-01-12 procedure Chemotherapy (procedure)",
                ],
                "1",
            ),
            (
                "any chemotherapy on a day of a taxane, by its code",
                &[
                    MET,
                    "2026-01-12..2026-06-01/21 administration docetaxel",
                    "2026-03-16 procedure snomed:367336001",
                ],
                "1",
            ),
            // On a day without a dose it may be another drug, and so it may in a month or beside an order.
            (
                "any chemotherapy a day after a drug",
                &[
                    MET,
                    "2026-01-12..2026-06-01/21 administration doxorubicin",
                    "2026-01-13 procedure Chemotherapy (procedure)",
                ],
                "1..",
            ),
            (
                "any chemotherapy in the month of a drug",
                &[
                    MET,
                    "2026-01-12..2026-06-01/21 administration doxorubicin",
                    "2026-01 procedure Chemotherapy (procedure)",
                ],
                "1..",
            ),
            (
                "any chemotherapy on the day of an order",
                &[
                    MET,
                    eribulin,
                    "2026-04-28 order gemcitabine",
                    "2026-04-28 procedure Chemotherapy (procedure)",
                ],
                "1..",
            ),
            (
                "any chemotherapy on a day of endocrine therapy",
                &[
                    MET,
                    eribulin,
                    "2026-04-28 administration fulvestrant",
                    "2026-04-28 procedure Chemotherapy (procedure)",
                ],
                "1..",
            ),
            (
                "chemotherapy with an unknown drug on the day of a drug",
                &[MET, eribulin, "2026-01-12 procedure Chemotherapy with mitomycin"],
                "1..",
            ),
            (
                "immunotherapy on the day of a drug",
                &[MET, eribulin, "2026-01-12 procedure Immunotherapy"],
                "1..",
            ),
            (
                "SC form",
                &[
                    MET,
                    "2026-01-12..2026-06-01/21 administration docetaxel + trastuzumab",
                    "2026-04-13 administration rxnorm:2119714",
                ],
                "1",
            ),
        ],
    );
}

/// Whatever was not read, a number of lines has no upper end, and resistance is not ruled out.
#[test]
fn without_a_complete_answer_nothing_is_ruled_out() {
    let rows = [
        "2023-12-01 procedure lumpectomy",
        "2024-03-04..2024-05-06/21 administration docetaxel {adjuvant}",
        "2026-05-04 condition C78.7",
    ];
    assert_eq!(in_words(&history(&rows).known("therapy.taxane-resistant")), "no");
    assert_eq!(in_words(&history(&rows).known("therapy.prior-lines")), "0..1");
    let therapy = [
        "medication-requests",
        "medication-statements",
        "medication-administrations",
        "medication-dispenses",
        "procedures",
        "care-plans",
    ];
    for search in therapy.into_iter().chain(["clinical-observations", "conditions"]) {
        let lacking = History { lacking: vec![search.to_owned()], ..history(&rows) };
        let paged = History { paged: vec![search.to_owned()], ..history(&rows) };
        for (how, history) in [("lacking", lacking), ("paged", paged)] {
            assert_eq!(in_words(&history.known("therapy.taxane-resistant")), "open", "{search} {how}");
            assert!(in_words(&history.known("therapy.prior-lines")).ends_with(".."), "{search} {how}");
        }
    }
}

#[test]
fn a_history_of_therapy_without_a_drug_leaves_the_number_open() {
    let rows: [&str; 3] =
        [MET, "2026-01-12..2026-06-01/21 administration eribulin", "2023 statement history of chemotherapy"];
    check("therapy.prior-lines", &[("history of chemotherapy", &rows, "1..")]);
}
