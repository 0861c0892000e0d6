//! `labs.neutrophils` and `labs.platelets`.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, check, merged, quantity, result};

const NEUTROPHILS: &str = "labs.neutrophils";
const PLATELETS: &str = "labs.platelets";
const ANC: &str = "loinc:751-8";
const PLT: &str = "loinc:777-3";
const DAY: &str = "2026-11-20";

fn one(code: &str, value: &str, unit: &str) -> Body {
    Body::of(&[result(code, DAY, value, unit)])
}

fn with(more: &Value) -> Body {
    Body::of(&[merged(result(ANC, DAY, "1.4", "10*3/uL"), more)])
}

#[test]
fn by_code() {
    let none = "any value: not-recorded";
    let rows: &[Row<'_>] = &[
        ("automated", one("loinc:751-8", "1.4", "10*3/uL"), "1400"),
        ("in blood", one("loinc:26499-4", "1.4", "10*3/uL"), "1400"),
        ("manual", one("loinc:753-4", "1.4", "10*3/uL"), "1400"),
        ("segmented only", one("loinc:30451-9", "1.4", "10*3/uL"), "at least 1400: imprecise"),
        ("segmented only, manual", one("loinc:768-2", "1.4", "10*3/uL"), "at least 1400: imprecise"),
        ("percent", one("loinc:770-8", "60", "%"), none),
        ("percent, in blood", one("loinc:26511-6", "60", "%"), none),
        ("percent, manual", one("loinc:23761-0", "60", "%"), none),
        ("percent segmented", one("loinc:769-0", "60", "%"), none),
        ("percent segmented, in blood", one("loinc:26505-8", "60", "%"), none),
        ("bands", one("loinc:26507-4", "0.4", "10*3/uL"), none),
        ("hypersegmented", one("loinc:30449-3", "0.4", "10*3/uL"), none),
        ("percent hypersegmented", one("loinc:30450-1", "4", "%"), none),
    ];
    check(NEUTROPHILS, rows);
    let rows: &[Row<'_>] = &[
        ("automated", one("loinc:777-3", "142", "10*3/uL"), "142000"),
        ("in blood", one("loinc:26515-7", "142", "10*3/uL"), "142000"),
        ("manual", one("loinc:778-1", "142", "10*3/uL"), "142000"),
        ("optical", one("loinc:97995-5", "142", "10*3/uL"), "142000"),
        ("large ones", one("loinc:34167-7", "12", "10*3/uL"), none),
        ("large ones, another code", one("loinc:48386-7", "12", "%"), none),
        ("large ones, a third code", one("loinc:96354-6", "12", "10*3/uL"), none),
        ("in plasma", one("loinc:13056-7", "142", "10*3/uL"), none),
        ("in plasma, another code", one("loinc:26516-5", "142", "10*3/uL"), none),
    ];
    check(PLATELETS, rows);
}

#[test]
fn by_status() {
    let rows: &[Row<'_>] = &[
        ("final", with(&json!({ "status": "final" })), "1400"),
        ("amended", with(&json!({ "status": "amended" })), "1400"),
        ("corrected", with(&json!({ "status": "corrected" })), "1400"),
        ("preliminary", with(&json!({ "status": "preliminary" })), "any value: imprecise"),
        ("registered", with(&json!({ "status": "registered" })), "any value: imprecise"),
        ("unknown", with(&json!({ "status": "unknown" })), "any value: imprecise"),
        ("none", with(&json!({ "status": null })), "any value: imprecise"),
        ("cancelled", with(&json!({ "status": "cancelled" })), "any value: not-recorded"),
        ("entered in error", with(&json!({ "status": "entered-in-error" })), "any value: not-recorded"),
    ];
    check(NEUTROPHILS, rows);
}

#[test]
fn by_date() {
    let at = |date: &str| Body::of(&[result(ANC, date, "1.4", "10*3/uL")]);
    let dated = |more: Value| with(&merged(json!({ "effectiveDateTime": null }), &more));
    let rows: &[Row<'_>] = &[
        ("14 times 24 hours", at("2026-11-08T15:00:00Z"), "1400"),
        ("one second more", at("2026-11-08T14:59:59Z"), "any value: stale"),
        ("the edge west of here", at("2026-11-08T09:00:00-06:00"), "1400"),
        ("before the edge west of here", at("2026-11-08T08:59:59-06:00"), "any value: stale"),
        ("the edge east of here, already the next day", at("2026-11-09T00:00:00+09:00"), "1400"),
        ("the edge without a zone", at("2026-11-08T15:00:00"), "1400"),
        ("before the edge without a zone", at("2026-11-08T14:59:59"), "any value: stale"),
        ("fractions of a second", at("2026-11-08T14:59:59.999Z"), "any value: stale"),
        ("a day of which a moment counts", at("2026-11-08"), "1400"),
        ("the day before", at("2026-11-07"), "any value: stale"),
        ("this month, the first week of which is too old", at("2026-11"), "any value: imprecise"),
        ("last month", at("2026-10"), "any value: stale"),
        ("this year", at("2026"), "any value: imprecise"),
        ("last year", at("2025"), "any value: stale"),
        ("later today", at("2026-11-22T23:00:00Z"), "1400"),
        ("24 hours ahead", at("2026-11-23T15:00:00Z"), "1400"),
        ("more than that", at("2026-11-23T15:00:01Z"), "any value: imprecise"),
        ("no date", dated(json!({})), "any value: imprecise"),
        ("no readable date", dated(json!({ "effectiveDateTime": "last week" })), "any value: imprecise"),
        ("an instant", dated(json!({ "effectiveInstant": "2026-11-20T08:00:00Z" })), "1400"),
        (
            "a period",
            dated(json!({ "effectivePeriod": { "start": "2026-11-01", "end": "2026-11-20" } })),
            "1400",
        ),
        ("issued only", dated(json!({ "issued": "2026-11-20T08:00:00.000Z" })), "1400"),
        (
            "issued now, collected long ago",
            with(&json!({ "effectiveDateTime": "2026-09-01", "issued": "2026-11-22T08:00:00Z" })),
            "any value: stale",
        ),
    ];
    check(NEUTROPHILS, rows);
    let stale = Body::of(&[result(PLT, "2026-09-23", "142", "10*9/L")]).gaps(PLATELETS);
    assert_eq!(stale, "Platelet count 142 10*9/L of 2026-09-23 is 60 days old; at most 14 count");
}

#[test]
fn by_unit() {
    let anc = |value: &str, unit: &str| one(ANC, value, unit);
    let plt = |value: &str, unit: &str| one(PLT, value, unit);
    let mut rows: Vec<Row<'_>> = Vec::new();
    let thousands =
        ["10*3/uL", "10*9/L", "K/uL", "k/µL", "x10E3/uL", "thou/uL", "10^3/uL", "G/L", "Thousand/uL"];
    rows.extend(thousands.map(|unit| (unit, anc("1.5", unit), "1500")));
    let ones = ["/uL", "{cells}/uL", "cells/uL", "/mm3", "cells/mm3", "/cmm", "10*6/L"];
    rows.extend(ones.map(|unit| (unit, anc("1499", unit), "1499")));
    rows.extend([
        ("per litre", anc("1500000000", "/L"), "1500"),
        ("in millions, within reason", anc("0.0015", "10*6/uL"), "1500"),
        ("no unit", anc("1.5", ""), "any value: imprecise"),
        ("a unit that nobody knows", anc("1.5", "furlongs"), "any value: imprecise"),
        ("a percentage under the code of a count", anc("60", "%"), "any value: imprecise"),
        ("a mass", anc("1.5", "mg/dL"), "any value: imprecise"),
        ("exactly at the limit", anc("1.500", "10*3/uL"), "1500"),
        ("just below it", anc("1.49", "10*9/L"), "1490"),
        ("much below it", anc("0.9", "K/uL"), "900"),
        ("too many", anc("3000", "10*3/uL"), "any value: imprecise"),
        ("as many as are believed", anc("200", "10*3/uL"), "200000"),
        ("one more", anc("200.001", "10*3/uL"), "any value: imprecise"),
    ]);
    check(NEUTROPHILS, &rows);
    check(
        PLATELETS,
        &[
            ("at the limit", plt("100", "10*3/uL"), "100000"),
            ("just below it", plt("99.9", "10*9/L"), "99900"),
            ("in cells", plt("150000", "cells/mm3"), "150000"),
            ("as many as are believed", plt("5000", "10*3/uL"), "5000000"),
            ("more", plt("142000", "10*3/uL"), "any value: imprecise"),
        ],
    );
}

#[test]
fn a_unit_a_thousand_times_too_large() {
    let ranged = |value: &str, high: &str| {
        let range = json!({ "referenceRange": [{ "low": quantity("2500", "10*3/uL"), "high": quantity(high, "10*3/uL") }] });
        Body::of(&[merged(result(ANC, DAY, value, "10*3/uL"), &range)])
    };
    let rows: &[Row<'_>] = &[
        ("value and range", ranged("3000", "5000"), "3000"),
        ("the value alone", ranged("3000", "7"), "any value: imprecise"),
        ("a low value, and the range", ranged("1400", "5000"), "1400"),
        ("no range", one(ANC, "3000", "10*3/uL"), "any value: imprecise"),
    ];
    check(NEUTROPHILS, rows);
    // A thousand times too small: cells are counted, and nobody's upper limit is eight of them.
    let small = |value: &str, unit: &str, high: &str| {
        let range = json!({ "referenceRange": [{ "high": quantity(high, unit) }] });
        Body::of(&[merged(result(ANC, DAY, value, unit), &range)])
    };
    let rows: &[Row<'_>] = &[
        ("value and range too small", small("3.2", "/uL", "7.7"), "any value: imprecise"),
        ("the range too small", small("3200", "/uL", "7.7"), "any value: imprecise"),
        ("both as they should be", small("900", "/uL", "7700"), "900"),
        ("none left", small("0", "/uL", "7700"), "0"),
    ];
    check(NEUTROPHILS, rows);
    let platelets = json!({ "referenceRange": [{ "high": quantity("400", "/uL") }] });
    let platelets = Body::of(&[merged(result("loinc:777-3", DAY, "150", "/uL"), &platelets)]);
    check(PLATELETS, &[("platelets, value and range too small", platelets, "any value: imprecise")]);
    let said = ranged("3000", "5000").evidence(NEUTROPHILS);
    assert!(said.contains("1000 times too large"), "{said}");
}

#[test]
fn by_shape_of_the_value() {
    let compared = |comparator: &str, value: &str| {
        let mut quantity = quantity(value, "10*3/uL");
        quantity["comparator"] = json!(comparator);
        with(&json!({ "valueQuantity": quantity }))
    };
    let text = |text: &str| with(&json!({ "valueQuantity": null, "valueString": text }));
    let rows: &[Row<'_>] = &[
        ("less than", compared("<", "2.0"), "below 2000: imprecise"),
        ("at most", compared("<=", "0.5"), "at most 500: imprecise"),
        ("more than", compared(">", "2.0"), "above 2000: imprecise"),
        ("at least", compared(">=", "2.0"), "at least 2000: imprecise"),
        ("an unknown comparator", compared("~", "2.0"), "any value: imprecise"),
        ("in words", text("1.4 K/uL"), "1400"),
        ("in words, less than", text("<0.1 K/uL"), "below 100: imprecise"),
        ("in words, no number", text("SEE NOTE"), "any value: imprecise"),
        (
            "a range",
            with(
                &json!({ "valueQuantity": null, "valueRange": { "low": quantity("1.2", "K/uL"), "high": quantity("1.6", "K/uL") } }),
            ),
            "1200 to 1600: imprecise",
        ),
        (
            "absent",
            with(&json!({ "valueQuantity": null, "dataAbsentReason": { "text": "clotted" } })),
            "any value: imprecise",
        ),
        (
            "absent, with a value all the same",
            with(&json!({ "dataAbsentReason": { "text": "error" } })),
            "any value: imprecise",
        ),
        ("below zero", with(&json!({ "valueQuantity": quantity("-1", "K/uL") })), "any value: imprecise"),
        ("none", with(&json!({ "valueQuantity": null })), "any value: imprecise"),
    ];
    check(NEUTROPHILS, rows);
    let low = json!({ "value": 10, "comparator": "<", "unit": "10*3/uL" });
    let low = Body::of(&[merged(result(PLT, DAY, "1", ""), &json!({ "valueQuantity": low }))]);
    check(PLATELETS, &[("less than ten thousand", low, "below 10000: imprecise")]);
}

#[test]
fn of_several_results() {
    let anc = |date: &str, value: &str| result(ANC, date, value, "10*3/uL");
    let two = |one: Value, other: Value| Body::of(&[one, other]);
    let segs = |date: &str| result("loinc:30451-9", date, "1.8", "10*3/uL");
    let rows: &[Row<'_>] = &[
        ("the newest, not the worst", two(anc("2026-11-15", "0.9"), anc("2026-11-20", "3.0")), "3000"),
        ("the newest, not the best", two(anc("2026-11-15", "3.0"), anc("2026-11-20", "0.9")), "900"),
        (
            "newer by a second, in another zone",
            two(anc("2026-11-20T08:00:00Z", "3.0"), anc("2026-11-20T03:00:01-05:00", "0.9")),
            "900",
        ),
        (
            "of one instant",
            two(anc("2026-11-20", "1.4"), anc("2026-11-20", "1.6")),
            "1400 to 1600: conflicting",
        ),
        (
            "of one instant in two zones",
            two(anc("2026-11-20T08:00:00Z", "1.4"), anc("2026-11-20T03:00:00-05:00", "1.6")),
            "1400 to 1600: conflicting",
        ),
        ("one in the window, one too old", two(anc("2026-11-01", "0.9"), anc("2026-11-20", "3.0")), "3000"),
        (
            "the newest cannot be trusted",
            two(anc("2026-11-15", "3.0"), result(ANC, "2026-11-20", "1100", "")),
            "any value: imprecise",
        ),
        ("the whole count beats its part", two(segs("2026-11-20"), anc("2026-11-20", "2.0")), "2000"),
        (
            "a part that is newer",
            two(segs("2026-11-20"), anc("2026-11-15", "1.0")),
            "at least 1800: imprecise",
        ),
    ];
    check(NEUTROPHILS, rows);
}

/// Clinical reading B.2: what is not final does not count yet, and is named beside what counts.
#[test]
fn a_newer_result_that_is_not_final_is_named() {
    let old = result(ANC, "2026-11-15", "3.0", "10*3/uL");
    for status in ["preliminary", "registered"] {
        let newer = merged(result(ANC, "2026-11-21", "0.4", "10*3/uL"), &json!({ "status": status }));
        let body = Body::of(&[old.clone(), newer.clone()]);
        check(NEUTROPHILS, &[(status, body.clone(), "3000")]);
        let said = body.evidence(NEUTROPHILS);
        assert!(
            said.contains(&format!("0.4 10*3/uL of 2026-11-21 is {status} and does not count yet")),
            "{said}"
        );
        let stale = Body::of(&[result(ANC, "2026-10-01", "3.0", "10*3/uL"), newer]);
        check(NEUTROPHILS, &[(status, stale.clone(), "any value: imprecise, stale")]);
        assert!(stale.gaps(NEUTROPHILS).contains("0.4 10*3/uL of 2026-11-21"), "{}", stale.gaps(NEUTROPHILS));
    }
}

#[test]
fn white_cells_times_percent_of_one_collection() {
    let at = "2026-11-20T08:00:00Z";
    let wbc = |date: &str| result("loinc:6690-2", date, "4.0", "10*3/uL");
    let segs = |date: &str| result("loinc:769-0", date, "30", "%");
    let bands = |date: &str| result("loinc:764-1", date, "5", "%");
    let all = |date: &str, percent: &str| result("loinc:770-8", date, percent, "%");
    let later = "2026-11-20T08:00:01Z";
    let rows: &[Row<'_>] = &[
        ("segmented and bands", Body::of(&[wbc(at), segs(at), bands(at)]), "1400"),
        ("segmented alone", Body::of(&[wbc(at), segs(at)]), "at least 1200: imprecise"),
        ("all neutrophils", Body::of(&[wbc(at), all(at, "35")]), "1400"),
        (
            "all neutrophils, never added to their parts",
            Body::of(&[wbc(at), all(at, "35"), segs(at), bands(at)]),
            "1400",
        ),
        ("all neutrophils and one of their parts", Body::of(&[wbc(at), all(at, "35"), segs(at)]), "1400"),
        ("a second later", Body::of(&[wbc(at), segs(later), bands(later)]), "any value: not-recorded"),
        ("all, a second later", Body::of(&[wbc(at), all(later, "35")]), "any value: not-recorded"),
        (
            "bands of another collection",
            Body::of(&[wbc(at), segs(at), bands(later)]),
            "at least 1200: imprecise",
        ),
        (
            "the same instant in another zone",
            Body::of(&[wbc(at), all("2026-11-20T02:00:00-06:00", "35")]),
            "1400",
        ),
        ("of the same day", Body::of(&[wbc(DAY), all(DAY, "35")]), "1400"),
        ("of the same month", Body::of(&[wbc("2026-11"), all("2026-11", "35")]), "any value: not-recorded"),
        ("too old", Body::of(&[wbc("2026-11-01"), all("2026-11-01", "35")]), "any value: not-recorded"),
        ("more than all", Body::of(&[wbc(at), all(at, "135")]), "any value: imprecise"),
        (
            "a count that was made is better",
            Body::of(&[wbc(at), all(at, "35"), result(ANC, at, "1.5", "10*3/uL")]),
            "1500",
        ),
        ("a percentage without white cells", Body::of(&[all(at, "35")]), "any value: not-recorded"),
        ("white cells alone", Body::of(&[wbc(at)]), "any value: not-recorded"),
    ];
    check(NEUTROPHILS, rows);
    let said = Body::of(&[wbc(at), all(at, "35")]).evidence(NEUTROPHILS);
    assert!(said.contains("derived"), "{said}");
}

#[test]
fn without_a_complete_search() {
    let found = || one(ANC, "3.0", "10*3/uL");
    let rows: &[Row<'_>] = &[
        ("nothing", Body::of(&[]), "any value: not-recorded"),
        ("not sent", Body::of(&[]).unsent(Search::Laboratory), "any value: unavailable"),
        ("failed", Body::of(&[]).failed(Search::Laboratory), "any value: unavailable"),
        ("paged: the newest may be missing", found().paged(Search::Laboratory), "any value: unavailable"),
        (
            "of another patient",
            with(&json!({ "subject": { "reference": "Patient/q" } })),
            "any value: unavailable",
        ),
        ("the subject not named", with(&json!({ "subject": null })), "1400"),
        (
            "the subject by an identifier",
            with(&json!({ "subject": { "identifier": { "system": "urn:mrn", "value": "1" } } })),
            "1400",
        ),
    ];
    check(NEUTROPHILS, rows);
}

/// A subject that is only an identifier was found by this patient's search, unless the patient's own says otherwise.
#[test]
fn a_subject_by_identifier() {
    let patient = json!({ "resourceType": "Patient", "id": "p1", "identifier": [
        { "system": "urn:mrn", "value": "1" }, { "system": "urn:insurance", "value": "77" }] });
    let of = |identifier: Value| {
        let result =
            merged(result(ANC, DAY, "1.4", "10*3/uL"), &json!({ "subject": { "identifier": identifier } }));
        Body::of(&[patient.clone(), result])
    };
    let rows: &[Row<'_>] = &[
        ("the same", of(json!({ "system": "urn:mrn", "value": "1" })), "1400"),
        (
            "another of the same system",
            of(json!({ "system": "urn:mrn", "value": "2" })),
            "any value: unavailable",
        ),
        (
            "of a system that the patient has none of",
            of(json!({ "system": "urn:other", "value": "2" })),
            "1400",
        ),
        ("of no system", of(json!({ "value": "2" })), "1400"),
    ];
    check(NEUTROPHILS, rows);
}
