//! Whether trastuzumab deruxtecan is still an option.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{condition, merged, seen, status};
use crate::sources::{Course, course};
use crate::support::{Answers, attestations, check, each_source, with_unreadable, without};

const ELEMENT: &str = "therapy.t-dxd-candidate";
const SILENT: &str = "either: not-recorded";
const DOUBTFUL: &str = "either: imprecise";

fn deruxtecan<'c>(from: &'c str, to: &'c str) -> Course<'c> {
    course("rx:2267576", "trastuzumab deruxtecan", from, to)
}

/// A HER2 result by immunohistochemistry.
fn her2(score: &str, date: &str) -> Value {
    seen("85319-2", score, date)
}

fn low() -> Value {
    her2("IHC 1+", "2026-05-01")
}

fn lungs(code: &str, clinical: &str, verification: &str) -> Value {
    condition(code, "2026-05-01", &status(clinical, verification))
}

#[test]
fn every_source_in_every_status() {
    let answers = Answers { given: "no", perhaps: DOUBTFUL, nothing: "yes" };
    each_source(ELEMENT, deruxtecan("2026-02-01", "2026-04-30"), &[low()], &answers);
}

#[test]
fn the_drug_and_its_relatives() {
    let had =
        |drug: &str| vec![low(), course(drug, "drug", "2026-02-01", "2026-04-30").administered(&json!({}))];
    let at = |date: &str| {
        let when = json!({ "effectivePeriod": null, "effectiveDateTime": date });
        vec![low(), deruxtecan("x", "x").administered(&when)]
    };
    let undated = deruxtecan("x", "x").administered(&json!({ "effectivePeriod": null }));
    check(
        ELEMENT,
        &[
            ("by its injection", had("rx:2267576"), "no"),
            ("by its brand", had("rx:2267577"), "no"),
            ("in words", had("Enhertu"), "no"),
            ("trastuzumab", had("rx:224905"), "yes"),
            ("trastuzumab emtansine", had("rx:1371041"), "yes"),
            ("trastuzumab emtansine in words", had("ado-trastuzumab emtansine"), "yes"),
            ("sacituzumab govitecan", had("rx:2360231"), "yes"),
            ("paclitaxel", had("rx:56946"), "yes"),
            ("years ago", at("2015"), "no"),
            ("in a month", at("2026-05"), "no"),
            ("without a date", vec![low(), undated], "no"),
            ("24 hours ahead", at("2026-11-23T12:00:00Z"), "no"),
            ("24 hours and a second ahead", at("2026-11-23T12:00:01Z"), "yes"),
            ("24 hours and a second ahead, in the west", at("2026-11-23T07:00:01-05:00"), "yes"),
        ],
    );
}

#[test]
fn the_tumor() {
    let of = |score: &str| vec![her2(score, "2026-05-01")];
    let with = |status: Value| vec![merged(low(), &json!({ "status": status }))];
    let ish = |value: &str| seen("85318-4", value, "2026-05-01");
    check(
        ELEMENT,
        &[
            ("nothing", vec![], SILENT),
            ("0", of("IHC 0"), "no"),
            ("1+", of("IHC 1+"), "yes"),
            ("2+", of("IHC 2+"), "yes"),
            ("3+", of("IHC 3+"), "yes"),
            ("2+, not amplified", vec![her2("IHC 2+", "2026-05-01"), ish("loinc:LA6577-6")], "yes"),
            ("2+, amplified", vec![her2("IHC 2+", "2026-05-01"), ish("loinc:LA6576-8")], "yes"),
            ("negative, not more", of("loinc:LA6577-6"), DOUBTFUL),
            ("positive, not more", of("loinc:LA6576-8"), "yes"),
            ("0, then 1+", vec![her2("IHC 0", "2026-04-30"), low()], "yes"),
            ("1+, then 0", vec![low(), her2("IHC 0", "2026-05-02")], "no"),
            ("0 and 1+ of one day", vec![low(), her2("IHC 0", "2026-05-01")], "either: conflicting"),
            ("of years ago", vec![her2("IHC 1+", "2015")], "yes"),
            (
                "of one instant in two zones",
                vec![her2("IHC 1+", "2026-05-01T23:30:00-05:00"), her2("IHC 0", "2026-05-02T04:30:00Z")],
                "either: conflicting",
            ),
            (
                "newer by its zone",
                vec![her2("IHC 1+", "2026-05-01T23:30:00-05:00"), her2("IHC 0", "2026-05-02T04:00:00Z")],
                "yes",
            ),
            ("amended", with(json!("amended")), "yes"),
            ("corrected", with(json!("corrected")), "yes"),
            ("preliminary", with(json!("preliminary")), DOUBTFUL),
            ("registered", with(json!("registered")), DOUBTFUL),
            ("unknown", with(json!("unknown")), DOUBTFUL),
            ("cancelled", with(json!("cancelled")), SILENT),
            ("entered in error", with(json!("entered-in-error")), SILENT),
        ],
    );
}

#[test]
fn the_lungs() {
    let of = |code: &str| vec![low(), lungs(code, "active", "confirmed")];
    let with = |clinical: &str, verification: &str| vec![low(), lungs("icd:J84.9", clinical, verification)];
    check(
        ELEMENT,
        &[
            ("interstitial lung disease", of("icd:J84.9"), "no"),
            ("pulmonary fibrosis", of("icd:J84.10"), "no"),
            ("by a drug", of("icd:J70.2"), "no"),
            ("by radiation", of("icd:J70.0"), "no"),
            ("in words", of("Interstitial lung disease"), "no"),
            ("pneumonitis", of("Pneumonitis"), "no"),
            ("aspiration pneumonitis", of("Aspiration pneumonitis"), "yes"),
            ("none of it", of("No interstitial lung disease"), "yes"),
            ("of the family", of("Family history of interstitial lung disease"), "yes"),
            ("asthma", of("icd:J45.909"), "yes"),
            ("no statuses", with("", ""), "no"),
            ("recurrence", with("recurrence", "confirmed"), "no"),
            ("relapse", with("relapse", "confirmed"), "no"),
            ("inactive", with("inactive", "confirmed"), "no"),
            ("remission", with("remission", "confirmed"), "no"),
            ("resolved", with("resolved", "confirmed"), "no"),
            ("unconfirmed", with("active", "unconfirmed"), DOUBTFUL),
            ("provisional", with("active", "provisional"), DOUBTFUL),
            ("differential", with("active", "differential"), DOUBTFUL),
            ("refuted", with("active", "refuted"), "yes"),
            ("entered in error", with("", "entered-in-error"), "yes"),
            ("though HER2 is not known", vec![lungs("icd:J84.9", "active", "confirmed")], "no"),
        ],
    );
}

#[test]
fn nothing_may_be_missing_for_a_yes() {
    let unread = "either: unavailable";
    let sick = [low(), lungs("icd:J84.9", "active", "confirmed")];
    for search in [
        Search::MedicationRequests,
        Search::MedicationStatements,
        Search::MedicationAdministrations,
        Search::MedicationDispenses,
        Search::Procedures,
        Search::CarePlans,
    ] {
        without(ELEMENT, &[low()], search, unread, unread);
        without(ELEMENT, &sick, search, "no", "no");
    }
    without(ELEMENT, &[low()], Search::Conditions, unread, unread);
    without(ELEMENT, &[low()], Search::ClinicalObservations, unread, unread);
    without(ELEMENT, &sick, Search::Conditions, unread, "no");
    without(ELEMENT, &sick, Search::ClinicalObservations, "no", "no");
    without(ELEMENT, &[low()], Search::Allergies, "yes", "yes");
    with_unreadable(ELEMENT, &[low()], unread);
    let bare = deruxtecan("2026-02-01", "2026-03-01")
        .administered(&json!({ "medicationCodeableConcept": null, "id": "bare" }));
    let elsewhere =
        course("Chemotherapy elsewhere", "elsewhere", "2026-02-01", "2026-03-01").stated(&json!({}));
    check(
        ELEMENT,
        &[
            ("a drug that is not stated", vec![low(), bare], "either: unclassified"),
            ("chemotherapy in words", vec![low(), elsewhere], "either: unclassified"),
        ],
    );
}

#[test]
fn attested() {
    let (yes, no) = (json!({ "valueBoolean": true }), json!({ "valueBoolean": false }));
    attestations(ELEMENT, &[low()], "yes", (&no, "no"), (&yes, "yes"));
    attestations(ELEMENT, &[], SILENT, (&yes, "yes"), (&no, "no"));
}
