//! `labs.ast`, `labs.alt` and `labs.bilirubin`: multiples of the result's own upper limit of normal.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, check, merged, quantity, result};

const DAY: &str = "2026-11-20";

fn ranged(code: &str, value: &str, unit: &str, ranges: Value) -> Value {
    merged(result(code, DAY, value, unit), &json!({ "referenceRange": ranges }))
}

fn ast(value: &str, unit: &str, ranges: Value) -> Body {
    let patient =
        json!({ "resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-05-01" });
    Body::of(&[patient, ranged("loinc:1920-8", value, unit, ranges)])
}

fn up_to(high: &str, unit: &str) -> Value {
    json!({ "high": quantity(high, unit) })
}

#[test]
fn by_code() {
    let limit = || json!([up_to("40", "U/L")]);
    for (element, codes) in
        [("labs.ast", ["1920-8", "30239-8", "88112-8"]), ("labs.alt", ["1742-6", "1743-4", "1744-2"])]
    {
        for code in codes {
            let body = Body::of(&[ranged(&format!("loinc:{code}"), "100", "U/L", limit())]);
            check(element, &[(code, body, "2.5")]);
        }
        for code in ["48136-6", "48134-1", "76625-3", "77144-4"] {
            let body = Body::of(&[ranged(&format!("loinc:{code}"), "100", "U/L", limit())]);
            check(element, &[(code, body, "any value: not-recorded")]);
        }
    }
    let total = ["1975-2", "42719-5", "59827-6", "59828-4"];
    for code in total {
        let body =
            Body::of(&[ranged(&format!("loinc:{code}"), "1.2", "mg/dL", json!([up_to("1.2", "mg/dL")]))]);
        check("labs.bilirubin", &[(code, body, "1")]);
    }
    for code in ["14631-6", "54363-7", "77137-8", "89871-8", "89872-6", "97770-2"] {
        let body =
            Body::of(&[ranged(&format!("loinc:{code}"), "20", "umol/L", json!([up_to("20", "umol/L")]))]);
        check("labs.bilirubin", &[(code, body, "1")]);
    }
    for code in ["1968-7", "14629-0", "1971-1", "58941-6"] {
        let body =
            Body::of(&[ranged(&format!("loinc:{code}"), "1.2", "mg/dL", json!([up_to("1.2", "mg/dL")]))]);
        check("labs.bilirubin", &[(code, body, "any value: not-recorded")]);
    }
}

#[test]
fn by_shape_of_the_range() {
    let typed =
        |code: &str| json!([{ "type": { "coding": [{ "code": code }] }, "high": quantity("40", "U/L") }]);
    let tried = "1.5 to 3: imprecise";
    let rows: &[Row<'_>] = &[
        ("high in the same unit", ast("100", "U/L", json!([up_to("40", "U/L")])), "2.5"),
        ("just above", ast("100.1", "U/L", json!([up_to("40", "U/L")])), "2.5025"),
        (
            "low and high",
            ast("100", "U/L", json!([{ "low": quantity("8", "U/L"), "high": quantity("40", "U/L") }])),
            "2.5",
        ),
        ("high without a unit", ast("100", "U/L", json!([up_to("40", "")])), "2.5"),
        ("one object instead of a list", ast("100", "U/L", up_to("40", "U/L")), "2.5"),
        ("typed normal", ast("100", "U/L", typed("normal")), "2.5"),
        ("typed otherwise", ast("90", "U/L", typed("critical")), tried),
        (
            "typed in words",
            ast("90", "U/L", json!([{ "type": { "text": "Abnormal" }, "high": quantity("40", "U/L") }])),
            tried,
        ),
        (
            "critical by its words, without a type",
            ast("90", "U/L", json!([{ "text": "Critical high", "high": quantity("1000", "U/L") }])),
            tried,
        ),
        (
            "critical by its words, beside the normal one",
            ast(
                "100",
                "U/L",
                json!([{ "text": "Panic value", "high": quantity("1000", "U/L") }, up_to("40", "U/L")]),
            ),
            "2.5",
        ),
        ("in words, a range", ast("100", "U/L", json!([{ "text": "0-40" }])), "2.5"),
        ("in words, at most", ast("100", "U/L", json!([{ "text": "<=40" }])), "2.5"),
        ("in words, with a unit", ast("110", "U/L", json!([{ "text": "7 - 55 U/L" }])), "2"),
        (
            "in words beside a number",
            ast("100", "U/L", json!([{ "text": "0-99", "high": quantity("40", "U/L") }])),
            "2.5",
        ),
        ("in words that are no range", ast("90", "U/L", json!([{ "text": "see report" }])), tried),
        ("in words, for both sexes", ast("90", "U/L", json!([{ "text": "M: 0-50 F: 0-40" }])), tried),
        ("low only", ast("90", "U/L", json!([{ "low": quantity("8", "U/L") }])), tried),
        ("a limit of zero", ast("90", "U/L", json!([up_to("0", "U/L")])), tried),
        ("none", ast("90", "U/L", json!([])), tried),
        ("two that agree", ast("100", "U/L", json!([up_to("40", "U/L"), up_to("40", "U/L")])), "2.5"),
        (
            "two that differ",
            ast("100", "U/L", json!([up_to("40", "U/L"), up_to("50", "U/L")])),
            "2 to 2.5: imprecise",
        ),
        (
            "for women, of a woman",
            ast(
                "100",
                "U/L",
                json!([
                    merged(up_to("50", "U/L"), &json!({ "appliesTo": [{ "text": "Male" }] })),
                    merged(up_to("40", "U/L"), &json!({ "appliesTo": [{ "text": "Female" }] }))
                ]),
            ),
            "2.5",
        ),
        (
            "for children, of an adult",
            ast(
                "100",
                "U/L",
                json!([
                    merged(up_to("80", "U/L"), &json!({ "age": { "high": quantity("17", "a") } })),
                    up_to("40", "U/L")
                ]),
            ),
            "2.5",
        ),
        ("in another unit that converts", ast("1.67", "ukat/L", json!([up_to("40", "U/L")])), "2.505"),
        ("both in katal", ast("1.5", "ukat/L", json!([up_to("0.6", "ukat/L")])), "2.5"),
        ("in a unit that does not convert", ast("90", "U/L", json!([up_to("5", "mg/dL")])), tried),
        ("value and limit without a unit", ast("100", "", json!([up_to("40", "")])), "2.5"),
        ("no unit and no limit", ast("90", "", json!([])), "any value: imprecise"),
        ("no limit, clearly low", ast("20", "U/L", json!([])), "0.3333 to 0.6667: imprecise"),
        ("no limit, clearly high", ast("900", "U/L", json!([])), "15 to 30: imprecise"),
        ("more than", ast("100", "U/L", json!([up_to("40", "U/L")])), "2.5"),
    ];
    check("labs.ast", rows);
    let compared = json!({ "valueQuantity": { "value": 1000, "comparator": ">", "unit": "U/L" } });
    let above =
        Body::of(&[merged(ranged("loinc:1920-8", "1", "U/L", json!([up_to("40", "U/L")])), &compared)]);
    check("labs.ast", &[("above the measuring range", above, "above 25: imprecise")]);
}

#[test]
fn bilirubin_in_its_units() {
    let total =
        |value: &str, unit: &str, ranges: Value| Body::of(&[ranged("loinc:1975-2", value, unit, ranges)]);
    let rows: &[Row<'_>] = &[
        ("exactly the limit", total("1.0", "mg/dL", json!([up_to("1.0", "mg/dL")])), "1"),
        ("mg/L against mg/dL", total("12", "mg/L", json!([up_to("1.2", "mg/dL")])), "1"),
        ("molar, its own limit", total("34.2", "umol/L", json!([up_to("17.1", "umol/L")])), "2"),
        ("no limit, clearly low", total("0.3", "mg/dL", json!([])), "0.2308 to 0.3: imprecise"),
        ("no limit, clearly high", total("6.5", "mg/dL", json!([])), "5 to 6.5: imprecise"),
        ("no limit, molar", total("58.466", "umol/L", json!([])), "2.6294 to 3.4183: imprecise"),
        ("no limit, no unit", total("0.3", "", json!([])), "any value: imprecise"),
    ];
    check("labs.bilirubin", rows);
}

#[test]
fn by_status_date_and_search() {
    for (element, code) in
        [("labs.ast", "loinc:1920-8"), ("labs.alt", "loinc:1742-6"), ("labs.bilirubin", "loinc:1975-2")]
    {
        let unit = if element == "labs.bilirubin" { "mg/dL" } else { "U/L" };
        let one = |date: &str, more: Value| {
            let result =
                merged(result(code, date, "2", unit), &json!({ "referenceRange": [up_to("1", unit)] }));
            Body::of(&[merged(result, &more)])
        };
        let rows: &[Row<'_>] = &[
            ("final", one(DAY, json!({})), "2"),
            ("corrected", one(DAY, json!({ "status": "corrected" })), "2"),
            ("amended", one(DAY, json!({ "status": "amended" })), "2"),
            ("preliminary", one(DAY, json!({ "status": "preliminary" })), "any value: imprecise"),
            ("registered", one(DAY, json!({ "status": "registered" })), "any value: imprecise"),
            ("unknown", one(DAY, json!({ "status": "unknown" })), "any value: imprecise"),
            ("no status", one(DAY, json!({ "status": null })), "any value: imprecise"),
            ("cancelled", one(DAY, json!({ "status": "cancelled" })), "any value: not-recorded"),
            (
                "entered in error",
                one(DAY, json!({ "status": "entered-in-error" })),
                "any value: not-recorded",
            ),
            ("14 times 24 hours", one("2026-11-08T15:00:00Z", json!({})), "2"),
            ("one second more", one("2026-11-08T14:59:59Z", json!({})), "any value: stale"),
            ("the edge west of here", one("2026-11-08T09:00:00-06:00", json!({})), "2"),
            ("before the edge west of here", one("2026-11-08T08:59:59-06:00", json!({})), "any value: stale"),
            ("the edge east of here, already the next day", one("2026-11-09T00:00:00+09:00", json!({})), "2"),
            ("a day of which a moment counts", one("2026-11-08", json!({})), "2"),
            ("the day before", one("2026-11-07", json!({})), "any value: stale"),
            ("a month", one("2026-11", json!({})), "any value: imprecise"),
            ("no value", one(DAY, json!({ "valueQuantity": null })), "any value: imprecise"),
            (
                "absent",
                one(DAY, json!({ "valueQuantity": null, "dataAbsentReason": { "text": "hemolyzed" } })),
                "any value: imprecise",
            ),
            (
                "two of one day",
                Body::of(&[
                    merged(result(code, DAY, "2", unit), &json!({ "referenceRange": [up_to("1", unit)] })),
                    merged(result(code, DAY, "3", unit), &json!({ "referenceRange": [up_to("1", unit)] })),
                ]),
                "2 to 3: conflicting",
            ),
            ("not sent", Body::of(&[]).unsent(Search::Laboratory), "any value: unavailable"),
            ("failed", Body::of(&[]).failed(Search::Laboratory), "any value: unavailable"),
            ("paged", one(DAY, json!({})).paged(Search::Laboratory), "any value: unavailable"),
            ("nothing", Body::of(&[]), "any value: not-recorded"),
        ];
        check(element, rows);
    }
}
