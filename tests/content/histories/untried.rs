//! Shapes of real records that no other row tries, each with the one answer that a pharmacist would give.

use crate::adversary::{MET, check};

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
