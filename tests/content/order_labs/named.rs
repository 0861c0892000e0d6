//! Laboratory results that only words name: a local code, or no code at all.

use serde_json::{Value, json};

use crate::body::{Body, Row, check, merged, quantity, result};

const OLD: &str = "2026-11-15";
const NEW: &str = "2026-11-20";

fn counts(name: &str, value: &str, unit: &str) -> Value {
    merged(result("x", NEW, value, unit), &json!({ "code": { "text": name } }))
}

/// An older coded count that is good, beside a newer one with these words.
fn beside(name: &str, value: &str, unit: &str) -> Body {
    Body::of(&[result("loinc:751-8", OLD, "3.0", "10*3/uL"), counts(name, value, unit)])
}

#[test]
fn neutrophils() {
    let names = [
        "ANC",
        "Absolute neutrophil count",
        "Neutrophils, absolute",
        "Neutrophils Absolute",
        "Abs. neutrophils",
        "Neutrophil count",
        "Neutrophils #",
        "NEUT #",
        "Neutrophils [#/volume] in Blood",
        "Absolute Neutrophils",
    ];
    for name in names {
        check("labs.neutrophils", &[(name, beside(name, "0.9", "10*3/uL"), "900")]);
        check("labs.neutrophils", &[(name, Body::of(&[counts(name, "0.9", "10*3/uL")]), "900")]);
    }
    let local =
        merged(result("x", NEW, "0.9", "K/uL"), &json!({ "code": crate::body::concept("local:ANC01 ANC") }));
    let same_day = merged(counts("ANC", "0.9", "K/uL"), &json!({ "effectiveDateTime": OLD }));
    let old = || result("loinc:751-8", OLD, "3.0", "10*3/uL");
    let rows: &[Row<'_>] = &[
        ("a local code with words", Body::of(&[old(), local]), "900"),
        (
            "words, older than the code",
            Body::of(&[result("loinc:751-8", "2026-11-21", "3.0", "10*3/uL"), counts("ANC", "0.9", "K/uL")]),
            "3000",
        ),
        ("words and code of one time", Body::of(&[old(), same_day]), "3000"),
        (
            "words, later on the day of the code, which has no time",
            Body::of(&[
                old(),
                merged(counts("ANC", "0.9", "K/uL"), &json!({ "effectiveDateTime": "2026-11-15T13:00:00Z" })),
            ]),
            "900 to 3000: conflicting",
        ),
        (
            "words, of the day on which the code has its time",
            Body::of(&[
                result("loinc:751-8", "2026-11-15T13:00:00Z", "3.0", "10*3/uL"),
                merged(counts("ANC", "0.9", "K/uL"), &json!({ "effectiveDateTime": OLD })),
            ]),
            "900 to 3000: conflicting",
        ),
        ("words, without a unit", beside("ANC", "0.9", ""), "any value: imprecise"),
        ("words, a unit that nobody knows", beside("ANC", "0.9", "units"), "any value: imprecise"),
        ("words, too many", beside("ANC", "3000", "10*3/uL"), "any value: imprecise"),
        (
            "words among others",
            beside("ANC recheck outside lab", "0.9", "10*3/uL"),
            "any value: unclassified",
        ),
        (
            "words, preliminary",
            Body::of(&[old(), merged(counts("ANC", "0.9", "K/uL"), &json!({ "status": "preliminary" }))]),
            "3000",
        ),
        (
            "words, withdrawn",
            Body::of(&[
                old(),
                merged(counts("ANC", "0.9", "K/uL"), &json!({ "status": "entered-in-error" })),
            ]),
            "3000",
        ),
        (
            "words, no number",
            Body::of(&[
                old(),
                merged(
                    counts("ANC", "0.9", "K/uL"),
                    &json!({ "valueQuantity": null, "valueString": "see note" }),
                ),
            ]),
            "3000",
        ),
        ("percent by its unit", beside("Neutrophils Absolute", "60", "%"), "3000"),
        ("percent by its words", beside("Neutrophils %", "60", "%"), "3000"),
        ("percent by its words, no unit", beside("Neutrophils percent", "60", ""), "3000"),
        ("bands", beside("Bands, absolute", "0.2", "10*3/uL"), "3000"),
        ("band neutrophils", beside("Absolute band neutrophils", "0.2", "10*3/uL"), "3000"),
        ("a ratio", beside("Neutrophil/lymphocyte ratio", "2.1", ""), "3000"),
        ("lymphocytes", beside("Absolute lymphocyte count", "0.9", "10*3/uL"), "3000"),
        ("not blood", beside("Neutrophil count, CSF", "0.9", "10*3/uL"), "3000"),
        (
            "coded as something else",
            Body::of(&[
                old(),
                merged(
                    result("x", NEW, "0.2", "10*3/uL"),
                    &json!({ "code": crate::body::concept("loinc:26507-4 ANC bands") }),
                ),
            ]),
            "3000",
        ),
    ];
    check("labs.neutrophils", rows);
    let said = beside("ANC", "0.9", "10*3/uL").evidence("labs.neutrophils");
    assert!(said.contains("by its name"), "{said}");
    let gaps = beside("ANC recheck outside lab", "0.9", "10*3/uL").gaps("labs.neutrophils");
    assert!(gaps.contains("ANC recheck outside lab") && gaps.contains("0.9 10*3/uL"), "{gaps}");
}

#[test]
fn platelets() {
    let beside = |name: &str, value: &str, unit: &str| {
        Body::of(&[result("loinc:777-3", OLD, "210", "10*3/uL"), counts(name, value, unit)])
    };
    for name in [
        "Platelets",
        "Platelet count",
        "PLT",
        "Plt Count",
        "Platelets (PLT)",
        "Platelets [#/volume] in Blood by Automated count",
    ] {
        check("labs.platelets", &[(name, beside(name, "82", "10*3/uL"), "82000")]);
    }
    let names = [
        "Large platelets",
        "Platelets.large",
        "Mean platelet volume",
        "Platelet distribution width",
        "Immature platelet fraction",
        "Platelet estimate",
        "Platelet antibody",
        "Platelet function assay",
        "AST to platelet ratio index",
        "Platelets in plasma",
        "Giant platelets",
        "Platelet clumps",
        "Platelets transfused",
        "Reticulated platelets",
    ];
    for name in names {
        check("labs.platelets", &[(name, beside(name, "12", "10*3/uL"), "210000")]);
    }
    check("labs.platelets", &[("percent", beside("Platelets", "12", "%"), "210000")]);
}

#[test]
fn liver_tests() {
    let named = |name: &str, value: &str, unit: &str, high: &str| {
        merged(counts(name, value, unit), &json!({ "referenceRange": [{ "high": quantity(high, unit) }] }))
    };
    let old = |code: &str, unit: &str| {
        merged(result(code, OLD, "1", unit), &json!({ "referenceRange": [{ "high": quantity("1", unit) }] }))
    };
    for (element, code, names) in [
        ("labs.ast", "loinc:1920-8", ["AST", "SGOT", "AST (SGOT)", "Aspartate aminotransferase"]),
        ("labs.alt", "loinc:1742-6", ["ALT", "SGPT", "ALT (SGPT)", "Alanine aminotransferase"]),
    ] {
        for name in names {
            let body = Body::of(&[old(code, "U/L"), named(name, "160", "U/L", "40")]);
            check(element, &[(name, body, "4")]);
        }
        for name in ["AST/ALT ratio", "AST to platelet ratio index", "Mitochondrial AST", "ALT:AST"] {
            let body = Body::of(&[old(code, "U/L"), named(name, "160", "U/L", "40")]);
            check(element, &[(name, body, "1")]);
        }
    }
    for name in ["Total bilirubin", "Bilirubin, total", "Bilirubin total", "T. bili", "TBIL"] {
        let body = Body::of(&[old("loinc:1975-2", "mg/dL"), named(name, "2.4", "mg/dL", "1.2")]);
        check("labs.bilirubin", &[(name, body, "2")]);
    }
    for name in [
        "Direct bilirubin",
        "Bilirubin, direct",
        "Indirect bilirubin",
        "Conjugated bilirubin",
        "Urine bilirubin",
        "Bilirubin total, transcutaneous",
        "Bilirubin, total, body fluid",
        "Delta bilirubin",
        "Direct bilirubin/total bilirubin",
    ] {
        let body = Body::of(&[old("loinc:1975-2", "mg/dL"), named(name, "2.4", "mg/dL", "1.2")]);
        check("labs.bilirubin", &[(name, body, "1")]);
    }
    // Which bilirubin is not said.
    let body = Body::of(&[old("loinc:1975-2", "mg/dL"), named("Bilirubin", "2.4", "mg/dL", "1.2")]);
    check("labs.bilirubin", &[("which one is not said", body, "any value: unclassified")]);
    // A code that lists count among AST and ALT alike: its words decide.
    let alt = merged(
        named("x", "160", "U/L", "40"),
        &json!({ "code": crate::body::concept("loinc:76625-3 Alanine aminotransferase [Enzymatic activity/volume] in Blood") }),
    );
    check("labs.alt", &[("a code with its words", Body::of(&[alt]), "4")]);
}
