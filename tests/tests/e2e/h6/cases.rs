//! The table: who the patient is, what both policies come to, and which criteria settle it or leave it open.

use super::patient::{Her2, Patient, Receptors, Regimen};
use super::{DOES_NOT_MEET, INFORMATION_NEEDED, MEETS};

/// A worked case.
pub struct Case {
    /// Its number.
    pub id: &'static str,
    /// The patient and the order.
    pub patient: Patient,
    /// Under the clinical criteria.
    pub a: Expected,
    /// Under the utilization management policy.
    pub b: Expected,
    /// The safety limits that apply, in alphabetical order.
    pub limits: &'static [&'static str],
}

/// What a policy comes to.
pub struct Expected {
    /// The determination.
    pub comes_to: &'static str,
    /// Criteria that are among the deciding ones, or the open ones where information is needed.
    pub by: &'static [&'static str],
    /// Elements that are missing, with the gap.
    pub missing: &'static [(&'static str, &'static str)],
}

const fn meets(by: &'static [&'static str]) -> Expected {
    Expected { comes_to: MEETS, by, missing: &[] }
}

const fn does_not_meet(by: &'static [&'static str]) -> Expected {
    Expected { comes_to: DOES_NOT_MEET, by, missing: &[] }
}

const fn open(by: &'static [&'static str], missing: &'static [(&'static str, &'static str)]) -> Expected {
    Expected { comes_to: INFORMATION_NEEDED, by, missing }
}

const NOT_RECORDED: &str = "not-recorded";

/// Policy B with everything as it should be.
const B_ALL: Expected = meets(&["1", "1.A", "1.B.ii", "1.C", "Dosing.A"]);

const P: Patient = Patient::DEFAULT;

pub const CASES: [Case; 30] = [
    // Monotherapy after two lines.
    Case {
        id: "E1",
        patient: Patient { lines: (2, 2), ..P },
        a: meets(&["I", "II.A"]),
        b: B_ALL,
        limits: &[],
    },
    // Triple-negative, second line.
    Case {
        id: "E2",
        patient: Patient { lines: (1, 1), ..P },
        a: meets(&["I", "II.F.2"]),
        b: B_ALL,
        limits: &[],
    },
    // Triple-negative, first line, CPS 5, no germline BRCA mutation.
    Case {
        id: "E3",
        patient: Patient { cps: Some("5"), gbrca: Some(false), ..P },
        a: meets(&["I", "II.F.1"]),
        b: B_ALL,
        limits: &[],
    },
    // The same with a CPS of exactly 10.
    Case {
        id: "E4",
        patient: Patient { cps: Some("10"), gbrca: Some(false), ..P },
        a: does_not_meet(&["X.III", "II.F.1"]),
        b: B_ALL,
        limits: &[],
    },
    // The same without a CPS.
    Case {
        id: "E6",
        patient: Patient { gbrca: Some(false), ..P },
        a: open(&["II.F.1"], &[("tumor.pd-l1-cps", NOT_RECORDED)]),
        b: B_ALL,
        limits: &[],
    },
    // Hormone receptor-positive, first line, visceral crisis.
    Case {
        id: "E9",
        patient: Patient { hr: Receptors::Positive, visceral_crisis: Some(true), gbrca: Some(false), ..P },
        a: meets(&["I", "II.E.1"]),
        b: B_ALL,
        limits: &[],
    },
    // Hormone receptor-positive, first line, endocrine refractory.
    Case {
        id: "E10",
        patient: Patient {
            hr: Receptors::Positive,
            visceral_crisis: Some(false),
            endocrine_refractory: Some(true),
            gbrca: Some(false),
            ..P
        },
        a: meets(&["I", "II.E.1"]),
        b: B_ALL,
        limits: &[],
    },
    // Hormone receptor-positive, neither crisis nor refractory.
    Case {
        id: "E11",
        patient: Patient {
            hr: Receptors::Positive,
            visceral_crisis: Some(false),
            endocrine_refractory: Some(false),
            gbrca: Some(false),
            ..P
        },
        a: does_not_meet(&["X.III", "II.E"]),
        b: B_ALL,
        limits: &[],
    },
    // Hormone receptor-positive, crisis and refractoriness not documented.
    Case {
        id: "E12",
        patient: Patient { hr: Receptors::Positive, gbrca: Some(false), ..P },
        a: open(
            &["II.E"],
            &[("disease.visceral-crisis", NOT_RECORDED), ("therapy.endocrine-refractory", NOT_RECORDED)],
        ),
        b: B_ALL,
        limits: &[],
    },
    // Hormone receptor-positive, second line, no candidate for trastuzumab deruxtecan.
    Case {
        id: "E14",
        patient: Patient {
            hr: Receptors::Positive,
            endocrine_refractory: Some(true),
            tdxd_candidate: Some(false),
            lines: (1, 1),
            ..P
        },
        a: meets(&["I", "II.E.2"]),
        b: B_ALL,
        limits: &[],
    },
    // Hormone receptor-positive, third line, no crisis: II.A takes it in.
    Case {
        id: "E17",
        patient: Patient {
            hr: Receptors::Positive,
            visceral_crisis: Some(false),
            endocrine_refractory: Some(false),
            lines: (2, 2),
            ..P
        },
        a: meets(&["I", "II.A"]),
        b: B_ALL,
        limits: &[],
    },
    // With capecitabine after two lines.
    Case {
        id: "E18",
        patient: Patient { regimen: Regimen::Capecitabine, lines: (2, 2), ..P },
        a: meets(&["I", "II.B"]),
        b: B_ALL,
        limits: &[],
    },
    // With capecitabine, one line, taxane resistant, anthracycline contraindicated.
    Case {
        id: "E19",
        patient: Patient {
            regimen: Regimen::Capecitabine,
            lines: (1, 1),
            taxane_resistant: Some(true),
            anthracycline_contraindicated: Some(true),
            ..P
        },
        a: meets(&["I", "II.B"]),
        b: B_ALL,
        limits: &[],
    },
    // With capecitabine, AST exactly 2.5 times and bilirubin exactly once the upper limit.
    Case {
        id: "E21",
        patient: Patient {
            regimen: Regimen::Capecitabine,
            lines: (2, 2),
            ast: Some("2.5"),
            bilirubin: Some("1.0"),
            ..P
        },
        a: meets(&["I", "II.B"]),
        b: B_ALL,
        limits: &[],
    },
    // With capecitabine, AST 2.51 times the upper limit.
    Case {
        id: "E22",
        patient: Patient { regimen: Regimen::Capecitabine, lines: (2, 2), ast: Some("2.51"), ..P },
        a: does_not_meet(&["X.II"]),
        b: B_ALL,
        limits: &["hepatic-with-capecitabine"],
    },
    // With capecitabine, ALT missing.
    Case {
        id: "E24",
        patient: Patient { regimen: Regimen::Capecitabine, lines: (2, 2), alt: None, ..P },
        a: open(&["X.II"], &[("labs.alt", NOT_RECORDED)]),
        b: B_ALL,
        limits: &["labs-missing"],
    },
    // Neutrophils 1499.
    Case {
        id: "E27",
        patient: Patient { lines: (2, 2), neutrophils: Some("1499"), ..P },
        a: does_not_meet(&["X.I"]),
        b: B_ALL,
        limits: &["neutrophils-low"],
    },
    // Neutrophils exactly 1500, platelets exactly 100,000.
    Case {
        id: "E28",
        patient: Patient { lines: (2, 2), neutrophils: Some("1500"), platelets: Some("100000"), ..P },
        a: meets(&["I", "II.A"]),
        b: B_ALL,
        limits: &[],
    },
    // Neutrophils not on file.
    Case {
        id: "E30",
        patient: Patient { lines: (2, 2), neutrophils: None, ..P },
        a: open(&["X.I"], &[("labs.neutrophils", NOT_RECORDED)]),
        b: B_ALL,
        limits: &["labs-missing"],
    },
    // With trastuzumab, taxane resistant, HER2-positive.
    Case {
        id: "E32",
        patient: Patient {
            regimen: Regimen::Trastuzumab,
            her2: Her2::Positive,
            taxane_resistant: Some(true),
            lines: (1, 1),
            ..P
        },
        a: meets(&["I", "II.C"]),
        b: B_ALL,
        limits: &[],
    },
    // With trastuzumab, HER2-positive, fourth line, hormone receptors unknown: both lead to the same.
    Case {
        id: "E34",
        patient: Patient {
            regimen: Regimen::Trastuzumab,
            her2: Her2::Positive,
            hr: Receptors::NotRecorded,
            taxane_resistant: Some(false),
            lines: (3, 3),
            ..P
        },
        a: meets(&["I", "II.D"]),
        b: B_ALL,
        limits: &[],
    },
    // Triple-negative, only adjuvant therapy before, which may be a line or not; CPS 20.
    Case {
        id: "E37",
        patient: Patient { lines: (0, 1), cps: Some("20"), gbrca: Some(false), ..P },
        a: open(&["II.F.2"], &[("therapy.prior-lines", "imprecise")]),
        b: B_ALL,
        limits: &[],
    },
    // The same with CPS 4: it holds either way.
    Case {
        id: "E38",
        patient: Patient { lines: (0, 1), cps: Some("4"), gbrca: Some(false), ..P },
        a: meets(&["I", "II.F"]),
        b: B_ALL,
        limits: &[],
    },
    // Early, resectable disease.
    Case {
        id: "E39",
        patient: Patient { metastatic: Some(false), lines: (2, 2), ..P },
        a: does_not_meet(&["X.III", "I"]),
        b: does_not_meet(&["CNR.1", "1.B.i", "1.B.ii", "1.B.iii"]),
        limits: &[],
    },
    // 17 years old: 18 tomorrow.
    Case {
        id: "E41",
        patient: Patient { birth_date: "2008-11-23", lines: (2, 2), ..P },
        a: meets(&["I", "II.A"]),
        b: does_not_meet(&["CNR.1", "1.A"]),
        limits: &[],
    },
    // 18 today.
    Case {
        id: "E42",
        patient: Patient { birth_date: "2008-11-22", lines: (2, 2), ..P },
        a: meets(&["I", "II.A"]),
        b: B_ALL,
        limits: &[],
    },
    // The prescriber is no oncologist, and none was consulted.
    Case {
        id: "E43",
        patient: Patient { oncologist: Some(false), lines: (2, 2), ..P },
        a: meets(&["I", "II.A"]),
        b: does_not_meet(&["CNR.1", "1.C"]),
        limits: &[],
    },
    // The prescriber's specialty is not on record.
    Case {
        id: "E44",
        patient: Patient { oncologist: None, lines: (2, 2), ..P },
        a: meets(&["I", "II.A"]),
        b: open(&["1.C"], &[("prescriber.oncologist", NOT_RECORDED)]),
        limits: &[],
    },
    // 16 mg/m2 three times in 28 days.
    Case {
        id: "E46",
        patient: Patient { dose: "16", cycle_days: 28, doses_per_cycle: 3, lines: (2, 2), ..P },
        a: meets(&["I", "II.A"]),
        b: meets(&["1.A", "1.B.ii", "1.C", "Dosing.B"]),
        limits: &[],
    },
    // Laboratory results of 60 days ago are no baseline.
    Case {
        id: "E50",
        patient: Patient { lab_date: "2026-09-23", lines: (2, 2), ..P },
        a: open(&["X.I"], &[("labs.neutrophils", "stale"), ("labs.platelets", "stale")]),
        b: B_ALL,
        limits: &["labs-missing"],
    },
];
