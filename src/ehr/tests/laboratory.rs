//! Laboratory results: which of them decides, what it is worth, and what is said where none does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails says where")]

mod chart;

use chart::{Chart, bare, details, line, observed, with};
use serde_json::{Value, json};

const ANC: &str = "751-8";
const SEGS: &str = "30451-9";
const WBC: &str = "6690-2";
const SEGS_PERCENT: &str = "769-0";
const BANDS_PERCENT: &str = "764-1";
const PLATELETS: &str = "777-3";
const AST: &str = "1920-8";
const BILIRUBIN: &str = "1975-2";

fn neutrophils(observations: &[Value]) -> String {
    let one = line(&Chart::of_labs(observations).known("labs.neutrophils"));
    let reversed: Vec<_> = observations.iter().rev().cloned().collect();
    assert_eq!(
        Chart::of_labs(&reversed).known("labs.neutrophils"),
        Chart::of_labs(observations).known("labs.neutrophils")
    );
    one
}

fn anc(id: &str, date: &str, value: &str) -> Value {
    observed(id, ANC, date, value, "10*3/uL")
}

#[test]
fn the_window_holds_to_the_day_and_the_hour() {
    for (date, expected) in [
        ("2026-11-20", "1490"),
        ("2026-11-08", "1490"),
        ("2026-11-07", "unknown [stale]"),
        ("2026-11-08T15:00:00Z", "1490"),
        ("2026-11-08T14:59:59Z", "unknown [stale]"),
        ("2026-11-08T09:30:00-06:00", "1490"),
        ("2026-11-08T20:00:00+05:30", "unknown [stale]"),
        ("2026-11-23T15:00:00Z", "1490"),
        ("2026-11-23T15:00:01Z", "unknown [imprecise]"),
        ("2026-11", "unknown [imprecise]"),
        ("2026", "unknown [imprecise]"),
        ("2025", "unknown [stale]"),
        ("last week", "unknown [imprecise]"),
    ] {
        assert_eq!(neutrophils(&[anc("a", date, "1.49")]), expected, "{date}");
    }
}

#[test]
fn the_time_of_a_result_is_effective_else_issued() {
    for (members, expected) in [
        (json!({ "effectiveDateTime": null, "effectiveInstant": "2026-11-20T10:00:00Z" }), "1490"),
        (
            json!({ "effectiveDateTime": null, "effectivePeriod": { "start": "2026-01-01", "end": "2026-11-20" } }),
            "1490",
        ),
        (json!({ "effectiveDateTime": null, "effectivePeriod": { "start": "2026-11-20" } }), "1490"),
        (
            json!({ "effectiveDateTime": null, "effectivePeriod": { "start": "2026-01-01", "end": "2026-02-01" } }),
            "unknown [stale]",
        ),
        (json!({ "effectiveDateTime": null, "issued": "2026-11-20T10:00:00.000Z" }), "1490"),
        (
            json!({ "effectiveDateTime": "2026-01-01", "issued": "2026-11-20T10:00:00.000Z" }),
            "unknown [stale]",
        ),
        (json!({ "effectiveDateTime": null }), "unknown [imprecise]"),
    ] {
        assert_eq!(
            neutrophils(&[with(anc("a", "2026-11-20", "1.49"), members.clone())]),
            expected,
            "{members}"
        );
    }
}

#[test]
fn the_status_decides_whether_a_result_counts() {
    for (status, expected) in [
        (json!("final"), "1490"),
        (json!("amended"), "1490"),
        (json!("corrected"), "1490"),
        (json!("preliminary"), "unknown [imprecise]"),
        (json!("registered"), "unknown [imprecise]"),
        (json!("unknown"), "unknown [imprecise]"),
        (json!(null), "unknown [imprecise]"),
        (json!("entered-in-error"), "unknown [not-recorded]"),
        (json!("cancelled"), "unknown [not-recorded]"),
    ] {
        let result = with(anc("a", "2026-11-20", "1.49"), json!({ "status": status }));
        assert_eq!(neutrophils(&[result]), expected, "{status}");
    }
    let preliminary = with(anc("a", "2026-11-20", "1.49"), json!({ "status": "preliminary" }));
    let known = Chart::of_labs(&[preliminary]).known("labs.neutrophils");
    assert_eq!(
        details(&known),
        "Absolute neutrophil count 1.49 10*3/uL of 2026-11-20 is preliminary and does not count yet"
    );
}

#[test]
fn nothing_and_not_sent_are_different() {
    assert_eq!(neutrophils(&[]), "unknown [not-recorded]");
    let chart = Chart { laboratory: None, ..Chart::default() };
    assert_eq!(line(&chart.known("labs.neutrophils")), "unknown [unavailable]");
}

#[test]
fn the_newest_usable_result_decides_and_not_the_worst() {
    let low = anc("low", "2026-11-15", "0.9");
    let high = anc("high", "2026-11-20", "3.0");
    assert_eq!(neutrophils(&[low.clone(), high.clone()]), "3000");
    let lower = anc("lower", "2026-11-21", "0.9");
    assert_eq!(neutrophils(&[low, high, lower]), "900");
}

#[test]
fn a_newer_result_that_cannot_be_read_is_named_beside_it() {
    let old = anc("old", "2026-11-15", "3.0");
    for newer in [
        with(bare("new", ANC, "2026-11-20"), json!({ "valueString": "SEE NOTE" })),
        with(bare("new", ANC, "2026-11-20"), json!({ "dataAbsentReason": { "text": "clotted" } })),
        with(anc("new", "2026-11-20", "0.5"), json!({ "status": "preliminary" })),
        with(anc("new", "2026-11-20", "0.5"), json!({ "effectiveDateTime": null })),
    ] {
        let known = Chart::of_labs(&[old.clone(), newer.clone()]).known("labs.neutrophils");
        assert_eq!(line(&known), "3000", "{newer}");
        let note = known.evidence[0].note.clone().unwrap();
        assert!(note.starts_with("not used, though it may be newer: Absolute neutrophil count"), "{note}");
    }
    let older = with(bare("older", ANC, "2026-11-14"), json!({ "valueString": "SEE NOTE" }));
    let known = Chart::of_labs(&[old, older]).known("labs.neutrophils");
    assert_eq!(known.evidence[0].note, None);
}

#[test]
fn results_of_one_instant_that_differ_span_and_conflict() {
    let one = anc("a", "2026-11-20", "1.4");
    assert_eq!(neutrophils(&[one.clone(), anc("b", "2026-11-20", "1.6")]), "1400 to 1600 [conflicting]");
    assert_eq!(neutrophils(&[one.clone(), anc("b", "2026-11-20", "1.4")]), "1400");
    // The time of day of one of them is not recorded: it may be the newer.
    assert_eq!(
        neutrophils(&[one.clone(), anc("b", "2026-11-20T10:00:00Z", "1.6")]),
        "1400 to 1600 [conflicting]"
    );
    let known = Chart::of_labs(&[one, anc("b", "2026-11-20", "1.6")]).known("labs.neutrophils");
    assert_eq!(known.evidence.len(), 2);
    assert!(details(&known).contains("1.4 10*3/uL") && details(&known).contains("1.6 10*3/uL"));
}

#[test]
fn a_stale_result_is_named_with_value_and_age() {
    let results = [
        observed("old", PLATELETS, "2026-09-23", "142", "10*9/L"),
        observed("older", PLATELETS, "2026-08-01", "90", "10*9/L"),
    ];
    let known = Chart::of_labs(&results).known("labs.platelets");
    assert_eq!(line(&known), "unknown [stale]");
    assert_eq!(details(&known), "Platelet count 142 10*9/L of 2026-09-23 is 60 days old; at most 14 count");
    assert_eq!((known.evidence.len(), known.evidence[0].reference.as_str()), (1, "Observation/old"));
    let edge = observed("edge", PLATELETS, "2026-11-08T14:00:00Z", "142", "10*9/L");
    let known = Chart::of_labs(&[edge]).known("labs.platelets");
    assert!(details(&known).ends_with("is more than 14 days old; at most 14 count"), "{}", details(&known));
}

#[test]
fn values_and_units() {
    for (value, unit, expected) in [
        ("1.5", "10*3/uL", "1500"),
        ("1.49", "10*9/L", "1490"),
        ("1500", "/mm3", "1500"),
        ("1500", "", "unknown [imprecise]"),
        ("1500", "furlongs", "unknown [imprecise]"),
        ("1500", "mg/dL", "unknown [imprecise]"),
        ("3000", "10*3/uL", "unknown [imprecise]"),
        ("200", "10*3/uL", "200000"),
        ("1e400", "10*3/uL", "unknown [imprecise]"),
        ("-3", "10*3/uL", "unknown [imprecise]"),
    ] {
        assert_eq!(neutrophils(&[observed("a", ANC, "2026-11-20", value, unit)]), expected, "{value} {unit}");
    }
    let text =
        |text: &str| neutrophils(&[with(bare("a", ANC, "2026-11-20"), json!({ "valueString": text }))]);
    assert_eq!(text("1.2 K/uL"), "1200");
    assert_eq!(text("<2.0 K/uL"), "below 2000 [imprecise]");
    assert_eq!(text("SEE NOTE"), "unknown [imprecise]");
    let compared = with(
        anc("a", "2026-11-20", "2"),
        json!({ "valueQuantity": { "value": 2, "comparator": ">=", "unit": "K/uL" } }),
    );
    assert_eq!(neutrophils(&[compared]), "at least 2000 [imprecise]");
}

#[test]
fn a_newer_number_that_cannot_be_trusted_leaves_it_unknown() {
    let good = anc("a", "2026-11-15", "3.0");
    for (value, unit) in [("1100", ""), ("3000", "10*3/uL")] {
        let newer = observed("b", ANC, "2026-11-20", value, unit);
        assert_eq!(neutrophils(&[good.clone(), newer]), "unknown [imprecise]", "{value}");
    }
}

#[test]
fn a_unit_of_thousands_too_much_in_value_and_range_is_seen_through() {
    let range = |low: u32, high: u32| json!({ "referenceRange": [{ "low": { "value": low, "unit": "10*3/uL" }, "high": { "value": high, "unit": "10*3/uL" } }] });
    let result = observed("a", ANC, "2026-11-20", "3000", "10*3/uL");
    let known = Chart::of_labs(&[with(result.clone(), range(2500, 5000))]).known("labs.neutrophils");
    assert_eq!(line(&known), "3000");
    assert!(known.evidence[0].note.as_ref().unwrap().contains("1000 times too large"));
    // The range is right, so the value is not merely in another unit.
    assert_eq!(neutrophils(&[with(result, range(2, 7))]), "unknown [imprecise]");
}

#[test]
fn segmented_neutrophils_alone_are_a_lower_bound() {
    let segs = observed("s", SEGS, "2026-11-20", "1.8", "K/uL");
    assert_eq!(neutrophils(std::slice::from_ref(&segs)), "at least 1800 [imprecise]");
    // The whole count of the same time is the better one.
    assert_eq!(neutrophils(&[segs, anc("a", "2026-11-20", "2.0")]), "2000");
}

#[test]
fn a_count_is_derived_from_one_collection_only() {
    let collected = "2026-11-20T08:00:00Z";
    let wbc = observed("w", WBC, collected, "4.0", "10*3/uL");
    let segs = observed("s", SEGS_PERCENT, collected, "30", "%");
    let bands = observed("b", BANDS_PERCENT, collected, "5", "%");
    let all = [wbc.clone(), segs.clone(), bands.clone()];
    let known = Chart::of_labs(&all).known("labs.neutrophils");
    assert_eq!((line(&known).as_str(), known.evidence.len()), ("1400", 3));
    assert!(known.evidence[0].note.as_ref().unwrap().starts_with("derived"));

    assert_eq!(neutrophils(&[wbc.clone(), segs.clone()]), "at least 1200 [imprecise]");
    let later = observed("s", SEGS_PERCENT, "2026-11-20T09:00:00Z", "30", "%");
    assert_eq!(neutrophils(&[wbc.clone(), later]), "unknown [not-recorded]");
    assert_eq!(
        neutrophils(&[wbc.clone(), observed("w2", WBC, collected, "6", "K/uL"), segs.clone(), bands.clone()]),
        "unknown [not-recorded]"
    );
    assert_eq!(
        neutrophils(&[wbc.clone(), observed("s", SEGS_PERCENT, collected, "130", "%")]),
        "unknown [imprecise]"
    );
    let preliminary = with(wbc, json!({ "status": "preliminary" }));
    assert_eq!(neutrophils(&[preliminary, segs, bands]), "unknown [not-recorded]");
    // A count that was made is better than one that is computed, and a newer one better than both.
    let direct = anc("a", collected, "1.5");
    assert_eq!(neutrophils(&[all.to_vec(), vec![direct]].concat()), "1500");
    let older = anc("a", "2026-11-19", "3.0");
    assert_eq!(neutrophils(&[all.to_vec(), vec![older]].concat()), "1400");
}

fn ast(value: &str, unit: &str, ranges: Value) -> String {
    let result = with(observed("a", AST, "2026-11-20", value, unit), json!({ "referenceRange": ranges }));
    line(&Chart::of_labs(&[result]).known("labs.ast"))
}

#[test]
fn multiples_of_the_results_own_upper_limit() {
    let high = |value: f64| json!({ "high": { "value": value, "unit": "U/L" } });
    let panic = |words: &str| json!([{ "high": { "value": 500, "unit": "U/L" }, "type": { "text": words } }]);
    for words in ["abnormal", "Not normal", "critical"] {
        assert_eq!(ast("100", "U/L", panic(words)), "1.6667 to 3.3333 [imprecise]", "{words}");
    }
    assert_eq!(ast("100", "U/L", panic("Normal Range")), "0.2");
    for (value, unit, ranges, expected) in [
        ("100", "U/L", json!([high(40.0)]), "2.5"),
        ("100.1", "U/L", json!([high(40.0)]), "2.5025"),
        ("100", "U/L", json!([{ "high": { "value": 40 } }]), "2.5"),
        ("100", "U/L", json!({ "high": { "value": 40, "unit": "U/L" } }), "2.5"),
        ("1.67", "ukat/L", json!([{ "high": { "value": 0.5, "unit": "ukat/L" } }]), "3.34"),
        ("1.67", "ukat/L", json!([high(40.0)]), "2.505"),
        (
            "100",
            "U/L",
            json!([{ "type": { "coding": [{ "code": "normal" }] }, "high": { "value": 40, "unit": "U/L" } }]),
            "2.5",
        ),
        ("100", "U/L", json!([{ "text": "0-40" }]), "2.5"),
        ("100", "U/L", json!([{ "text": "<=40" }]), "2.5"),
        ("100", "U/L", json!([{ "text": "<40 U/L" }]), "2.5"),
        ("110", "U/L", json!([{ "text": "7 - 55 U/L" }]), "2"),
        ("100", "U/L", json!([{ "text": "0-99", "high": { "value": 40, "unit": "U/L" } }]), "2.5"),
        ("100", "U/L", json!([high(40.0), high(50.0)]), "2 to 2.5 [imprecise]"),
        ("100", "U/L", json!([high(40.0), high(40.0)]), "2.5"),
        // No limit of its own: every plausible one.
        ("20", "U/L", json!([]), "0.3333 to 0.6667 [imprecise]"),
        ("900", "U/L", json!(null), "15 to 30 [imprecise]"),
        (
            "90",
            "U/L",
            json!([{ "type": { "coding": [{ "code": "therapeutic" }] }, "high": { "value": 1, "unit": "U/L" } }]),
            "1.5 to 3 [imprecise]",
        ),
        ("90", "U/L", json!([{ "text": "see report" }]), "1.5 to 3 [imprecise]"),
        ("90", "U/L", json!([{ "text": "M: 0-50 F: 0-40" }]), "1.5 to 3 [imprecise]"),
        ("90", "U/L", json!([{ "text": "40" }]), "1.5 to 3 [imprecise]"),
        ("90", "U/L", json!([{ "high": { "value": 0, "unit": "U/L" } }]), "1.5 to 3 [imprecise]"),
        ("90", "U/L", json!([{ "high": { "value": 5, "unit": "mg/dL" } }]), "1.5 to 3 [imprecise]"),
        ("90", "", json!([]), "unknown [imprecise]"),
        ("90", "sticks", json!([high(40.0)]), "unknown [imprecise]"),
        ("100", "sticks", json!([{ "high": { "value": 40, "unit": "sticks" } }]), "2.5"),
    ] {
        assert_eq!(ast(value, unit, ranges.clone()), expected, "{value} {unit} {ranges}");
    }
}

#[test]
fn a_range_for_the_patients_sex_and_age_is_the_one_that_counts() {
    let range =
        |high: u32, members: Value| with(json!({ "high": { "value": high, "unit": "U/L" } }), members);
    let sex = |code: &str| json!({ "appliesTo": [{ "coding": [{ "code": code }] }] });
    let text = |text: &str| json!({ "appliesTo": [{ "text": text }] });
    let merged = |one: Value, other: Value| {
        let all =
            [&one, &other].map(|each| each["appliesTo"].as_array().cloned().unwrap_or_default()).concat();
        with(with(one, other), json!({ "appliesTo": all }))
    };
    let days = |low: u32, high: u32| json!({ "age": { "low": { "value": low, "code": "d" }, "high": { "value": high, "code": "d" } } });
    let age = |low: u32, high: u32| json!({ "age": { "low": { "value": low, "code": "a" }, "high": { "value": high, "code": "a" } } });
    for (ranges, expected) in [
        (json!([range(50, sex("male")), range(40, sex("female"))]), "2.5"),
        (json!([range(50, sex("248153007")), range(40, sex("248152002"))]), "2.5"),
        (json!([range(50, json!({})), range(40, sex("female"))]), "2.5"),
        (json!([range(50, sex("male"))]), "1.6667 to 3.3333 [imprecise]"),
        (json!([range(80, age(0, 17)), range(40, age(18, 120))]), "2.5"),
        (json!([range(50, sex("male")), range(40, sex("female")), range(200, text("Neonate"))]), "2.5"),
        (json!([range(40, text("Adult female"))]), "2.5"),
        (json!([range(200, text("Neonate"))]), "0.5 to 3.3333 [imprecise]"),
        (json!([range(200, text("Pregnant female"))]), "0.5 to 3.3333 [imprecise]"),
        (json!([range(200, merged(sex("female"), text("Neonate")))]), "0.5 to 3.3333 [imprecise]"),
        (json!([range(200, age(0, 12))]), "1.6667 to 3.3333 [imprecise]"),
        (json!([range(200, days(0, 28))]), "0.5 to 3.3333 [imprecise]"),
        (json!([range(200, merged(age(18, 120), text("Pregnant")))]), "0.5 to 3.3333 [imprecise]"),
        (json!([range(40, sex("2106-3"))]), "1.6667 to 3.3333 [imprecise]"),
        (json!([range(50, sex("2106-3")), range(40, json!({}))]), "2 to 2.5 [imprecise]"),
    ] {
        assert_eq!(ast("100", "U/L", ranges.clone()), expected, "{ranges}");
    }
    // Without the patient's sex either range may be the one.
    let result = with(
        observed("a", AST, "2026-11-20", "100", "U/L"),
        json!({ "referenceRange": [range(50, sex("male")), range(40, sex("female"))] }),
    );
    let chart = Chart { patient: json!(null), ..Chart::of_labs(&[result]) };
    assert_eq!(line(&chart.known("labs.ast")), "2 to 2.5 [imprecise]");
}

#[test]
fn bilirubin_converts_between_mass_and_molar_units() {
    let bilirubin = |value: &str, unit: &str, ranges: Value| {
        let result =
            with(observed("a", BILIRUBIN, "2026-11-20", value, unit), json!({ "referenceRange": ranges }));
        line(&Chart::of_labs(&[result]).known("labs.bilirubin"))
    };
    assert_eq!(bilirubin("17.1", "umol/L", json!([{ "high": { "value": 17.1, "unit": "umol/L" } }])), "1");
    assert_eq!(bilirubin("1.2", "mg/dL", json!([{ "text": "<=1.2" }])), "1");
    assert_eq!(bilirubin("0.3", "mg/dL", json!([])), "0.2308 to 0.3 [imprecise]");
    let molar = bilirubin("17.1", "umol/L", json!([{ "high": { "value": 1.0, "unit": "mg/dL" } }]));
    assert!(molar.starts_with("0.9998"), "{molar}");
    assert_eq!(bilirubin("17.1", "umol/L", json!([])), "0.7691 to 0.9998 [imprecise]");
}

#[test]
fn the_gap_of_a_missing_limit_names_what_was_tried() {
    let known = Chart::of_labs(&[observed("a", AST, "2026-11-20", "20", "U/L")]).known("labs.ast");
    assert_eq!(
        details(&known),
        "20 U/L has no upper limit of normal; every limit from 30 to 60 U/L was tried"
    );
}

#[test]
fn hundreds_of_unusable_results_are_not_all_named() {
    let undated: Vec<_> = (0..600).map(|n| anc(&n.to_string(), "x", &n.to_string())).collect();
    let known = Chart::of_labs(&undated).known("labs.neutrophils");
    assert_eq!(known.gaps.len(), 4);
    assert!(details(&known).ends_with("597 more that could not be used"));
}
