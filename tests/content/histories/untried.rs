//! Shapes of real records that no other row tries, each with the one answer that a pharmacist would give.

use crate::adversary::{MET, check, history};
use crate::{History, in_words};

#[test]
fn lines_from_shapes_not_tried_before() {
    let (her2, companion) = (
        "2026-01-12..2026-06-01/21 administration trastuzumab",
        "2026-01-12..2026-06-01/21 dispense capecitabine",
    );
    check(
        "therapy.prior-lines",
        &[
            // The billed code names the drug as the drug's own code does.
            ("billed by HCPCS only", &[MET, "2026-01-12..2026-03-16/21 administration hcpcs:J9171"], "1"),
            // One regimen was given: the companion is part of the antibody's line, though it is dispensed.
            ("capecitabine with an antibody", &[MET, her2, companion], "1"),
            // Orders are no evidence that anything was given, however many.
            (
                "orders of different days only",
                &[MET, "2026-01-12 order eribulin", "2026-04-13 order gemcitabine"],
                "0..2",
            ),
            // Given before a recurrence to cure, the order of the two parts does not make it two.
            (
                "taxane, then anthracycline, to cure",
                &[
                    "2023-12-01 procedure lumpectomy",
                    "2024-01-08..2024-03-11/21 administration paclitaxel",
                    "2024-04-01..2024-06-03/21 administration doxorubicin + cyclophosphamide",
                    "2026-05-04 condition C78.7",
                ],
                "0..1",
            ),
        ],
    );
}

#[test]
fn lines_by_how_a_drug_is_told() {
    let eribulin = "2026-01-12..2026-06-01/21 administration eribulin";
    check(
        "therapy.prior-lines",
        &[
            // The package of the drug that is ordered: the order goes on with it.
            (
                "the ordered drug by NDC only",
                &[MET, "2026-01-12..2026-06-01/21 administration ndc:70020-1910-1"],
                "0",
            ),
            // A package that no value set knows may hold any drug.
            (
                "another drug by NDC only",
                &[MET, eribulin, "2026-04-28 administration ndc:99999-999-99"],
                "1..",
            ),
            (
                "all that is known is an NDC",
                &[MET, "2026-01-12..2026-06-01/21 administration ndc:99999-999-99"],
                "0..",
            ),
            // Said to be over on a day: when it was taken, and whether once only, is not said.
            ("asserted, never dated", &[MET, eribulin, "2026-02-12 statement gemcitabine {asserted}"], "1.."),
            // Completed is no evidence that it was given (C.5), nor for how long: five months are left unexplained.
            (
                "a completed order without an end",
                &[MET, "2026-01-12 order eribulin {status=completed}"],
                "0..",
            ),
            (
                "a late completed order without an end",
                &["2026-04-06 condition C78.7", "2026-04-13 order eribulin {status=completed}"],
                "0..1",
            ),
            (
                "a completed order beside a drug that was given",
                &[MET, eribulin, "2026-05-12 order gemcitabine {status=completed}"],
                "1..2",
            ),
        ],
    );
}

#[test]
fn lines_around_a_second_disease() {
    let for_first = "2015-03-02..2015-05-04/21 administration docetaxel + cyclophosphamide";
    let recurrence = "2022-03-07 condition C50.911 {clinical=recurrence}";
    let paclitaxel = "2022-04-04..2022-08-01/21 administration paclitaxel";
    let (free, late) = ("2022-10-03 status remission", "2026-05-04 condition C78.7");
    check(
        "therapy.prior-lines",
        &[
            // The status says that it came back, the onset when it first came: the paclitaxel may have been to cure, and
            // in the years after it nobody knows of any other.
            (
                "recurrence, then free of disease, then metastatic",
                &[recurrence, paclitaxel, free, late],
                "0..",
            ),
            // In remission the Condition is no sign: whatever was given before the metastasis was to cure.
            (
                "the recurrence is in remission by its own status",
                &["2022-03-07 condition C50.911 {clinical=remission}", paclitaxel, free, late],
                "0..1",
            ),
            // No line without advanced disease; since when it is that is not on record.
            (
                "a second primary in the other breast",
                &["2015-02-02 condition C50.911", for_first, "2026-05-04 condition C50.912"],
                "0..",
            ),
            // Given to cure the first cancer; some readers count one line for the patient, not for this cancer.
            (
                "a second primary, metastatic",
                &[
                    "2015-02-02 condition C50.911",
                    for_first,
                    "2026-05-04 condition C50.912",
                    "2026-05-18 condition C78.7",
                ],
                "0..1",
            ),
        ],
    );
    check(
        "therapy.taxane-resistant",
        &[
            // A metastasis seven years after a taxane that was given for a recurrence, and no progression recorded.
            (
                "recurrence, then free of disease, then metastatic",
                &[recurrence, paclitaxel, free, late],
                "open",
            ),
            (
                "a second primary, metastatic",
                &[
                    "2015-02-02 condition C50.911",
                    for_first,
                    "2026-05-04 condition C50.912",
                    "2026-05-18 condition C78.7",
                ],
                "no",
            ),
        ],
    );
}

/// The order with capecitabine drafted beside it.
#[test]
fn lines_before_an_order_with_a_companion() {
    let paclitaxel = "2026-01-12..2026-05-18/21 administration paclitaxel";
    let worse = "2026-05-25 status worsened";
    let alone = "2026-01-12..2026-05-25/21 dispense capecitabine";
    let rows: &[(&str, &[&str], &str)] = &[
        // The same prescription, on file already under another id.
        ("on file since today", &[MET, paclitaxel, worse, "2026-06-15 order capecitabine"], "1"),
        // Begun or not, it is part of the regimen that is ordered.
        ("ordered a week before", &[MET, paclitaxel, worse, "2026-06-08 order capecitabine"], "1"),
        // It was the line before, and the disease got worse on it: what is ordered now is another.
        ("alone, then progression", &[MET, alone, "2026-06-01 status worsened"], "1"),
        // A drug is added to what goes on, and nothing failed as far as is recorded.
        ("alone, and it goes on", &[MET, alone], "0..1"),
        // Two drugs were the line; only one of them goes on.
        (
            "with docetaxel, which is replaced",
            &[MET, alone, "2026-01-12..2026-05-18/21 administration docetaxel", "2026-06-01 status worsened"],
            "1",
        ),
        // Long before, for the primary tumour.
        (
            "to cure, years ago",
            &["2019-03-04..2019-07-01/21 dispense capecitabine {adjuvant}", "2026-05-04 condition C78.7"],
            "0..1",
        ),
    ];
    for (name, rows, expected) in rows {
        let history = History { with: vec!["capecitabine".to_owned()], ..history(rows) };
        let known = history.known("therapy.prior-lines");
        assert_eq!(in_words(&known), *expected, "{name}: {:?}", known.gaps);
    }
}
