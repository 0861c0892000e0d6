//! `order.cycle-length` and `order.doses-per-cycle`.

use serde_json::{Value, json};

use crate::body::{Body, check};

fn instructed(instructions: &Value) -> Body {
    Body::ordering(&json!({ "dosageInstruction": instructions }))
}

fn repeated(repeat: Value) -> Body {
    instructed(&json!([{ "timing": { "repeat": repeat } }]))
}

fn said(text: &str) -> Body {
    instructed(&json!([{ "text": text }]))
}

fn at_most(doses: &Value, per: f64, unit: &str) -> Body {
    instructed(
        &json!([{ "maxDosePerPeriod": { "numerator": doses, "denominator": { "value": per, "unit": unit, "code": unit } } }]),
    )
}

/// Name, order, days between cycles, doses in one.
type Row<'r> = (&'r str, Body, &'r str, &'r str);

#[test]
fn cycles_and_doses() {
    let unknown = ("any value: not-recorded", "at least 0: not-recorded");
    let rows: Vec<Row<'_>> = vec![
        ("every 21 days", repeated(json!({ "frequency": 1, "period": 21, "periodUnit": "d" })), "21", "1"),
        ("every 3 weeks", repeated(json!({ "frequency": 1, "period": 3, "periodUnit": "wk" })), "21", "1"),
        ("without a frequency", repeated(json!({ "period": 21, "periodUnit": "d" })), "21", "1"),
        ("in hours", repeated(json!({ "period": 504, "periodUnit": "h" })), "21", "1"),
        ("every month", repeated(json!({ "period": 1, "periodUnit": "mo" })), "28 to 31: imprecise", "1"),
        (
            "every 3 to 4 weeks",
            repeated(json!({ "period": 3, "periodMax": 4, "periodUnit": "wk" })),
            "21 to 28: imprecise",
            "1",
        ),
        (
            "three times in 28 days",
            repeated(json!({ "frequency": 3, "period": 28, "periodUnit": "d" })),
            "28",
            "3",
        ),
        (
            "once or twice in 28 days",
            repeated(json!({ "frequency": 1, "frequencyMax": 2, "period": 28, "periodUnit": "d" })),
            "28",
            "1 to 2: imprecise",
        ),
        (
            "half a dose",
            repeated(json!({ "frequency": 0.5, "period": 28, "periodUnit": "d" })),
            "28",
            "at least 0: imprecise",
        ),
        ("an unknown unit", repeated(json!({ "period": 3, "periodUnit": "moons" })), unknown.0, unknown.1),
        ("no period", repeated(json!({ "frequency": 1 })), unknown.0, unknown.1),
        (
            "a period of nothing",
            repeated(json!({ "frequency": 1, "period": 0, "periodUnit": "d" })),
            unknown.0,
            unknown.1,
        ),
        ("one dose per 3 weeks", at_most(&json!({ "value": 1 }), 3.0, "wk"), "21", "1"),
        (
            "one {dose} per 3 weeks",
            at_most(&json!({ "value": 1, "unit": "{dose}", "code": "1" }), 3.0, "wk"),
            "21",
            "1",
        ),
        ("three doses per 28 days", at_most(&json!({ "value": 3, "unit": "doses" }), 28.0, "d"), "28", "3"),
        (
            "milligrams per 3 weeks",
            at_most(&json!({ "value": 80, "unit": "mg" }), 3.0, "wk"),
            "21",
            "at least 0: imprecise",
        ),
        ("in words, every 21 days", said("40 mg/m2 IV over 3 hours every 21 days"), "21", "1"),
        ("in words, q3w", said("40 mg/m2 q3w"), "21", "1"),
        ("in words, q 21 d", said("40 mg/m2 IV q 21 d"), "21", "1"),
        ("in words, every three weeks", said("every three weeks"), "21", "1"),
        ("in words, day 1 of a 21-day cycle", said("40 mg/m2 IV on day 1 of each 21-day cycle"), "21", "1"),
        (
            "in words, days 1, 8 and 15 of 28",
            said("16 mg/m2 days 1, 8 and 15 of each 28-day cycle"),
            "28",
            "3",
        ),
        ("in words, d1, d8, d15 q28d", said("16 mg/m2 d1, d8, d15 q28d"), "28", "3"),
        ("in words, a cycle alone", said("40 mg/m2, 21-day cycle"), "21", "at least 0: imprecise"),
        (
            "in the timing's words",
            instructed(&json!([{ "timing": { "code": { "text": "every 3 weeks" } } }])),
            "21",
            "1",
        ),
        (
            "three days in three instructions",
            instructed(&json!([
            { "text": "16 mg/m2 day 1 of a 28-day cycle" }, { "text": "16 mg/m2 day 8 of a 28-day cycle" }, { "text": "16 mg/m2 day 15 of a 28-day cycle" }])),
            "28",
            "3",
        ),
        (
            "weekly in the fields, three of four in words",
            instructed(
                &json!([{ "timing": { "repeat": { "frequency": 1, "period": 1, "periodUnit": "wk" } }, "text": "days 1, 8, 15 of each 28-day cycle" }]),
            ),
            "28",
            "3",
        ),
        (
            "fields and words agree",
            instructed(
                &json!([{ "timing": { "repeat": { "period": 3, "periodUnit": "wk" } }, "text": "every 21 days" }]),
            ),
            "21",
            "1",
        ),
        (
            "fields and words contradict each other",
            instructed(
                &json!([{ "timing": { "repeat": { "period": 28, "periodUnit": "d" } }, "text": "every 21 days" }]),
            ),
            "21 to 28: conflicting",
            "at least 0: imprecise",
        ),
        (
            "instructions contradict each other",
            instructed(&json!([{ "text": "every 21 days" }, { "text": "every 28 days" }])),
            "21 to 28: conflicting",
            "at least 0: imprecise",
        ),
        // Of two intervals nobody says which is the drug's, unless days or weeks of a cycle are named beside them.
        (
            "in words, a scan",
            said("40 mg/m2 every 14 days. CT every 3 months"),
            "14 to 93: conflicting",
            "at least 0: imprecise",
        ),
        (
            "in words, then longer",
            said("every 3 weeks x 2, then every 4 weeks"),
            "21 to 28: conflicting",
            "at least 0: imprecise",
        ),
        (
            "in words, weeks of a cycle",
            said("weekly for 3 weeks every 28 days"),
            "7 to 28: conflicting",
            "at least 0: imprecise",
        ),
        (
            "in words, weeks of a named cycle",
            said("weekly x3 of a 28-day cycle"),
            "28",
            "at least 0: imprecise",
        ),
        (
            "in words, a day and weeks",
            said("day 1, then weekly x3 of a 28-day cycle"),
            "28",
            "at least 0: imprecise",
        ),
        ("in words, weeks and their days", said("weekly, days 1, 8, 15 of a 28-day cycle"), "28", "3"),
        ("in words, from day to day", said("days 1 to 3 of a 21-day cycle"), "21", "3"),
        ("in words, through a day", said("days 1 through 3 every 21 days"), "21", "3"),
        (
            "in words, a number of weeks or three times a week",
            said("3-weekly"),
            "7 to 21: imprecise",
            "at least 0: imprecise",
        ),
        ("in words, the same otherwise", said("three weekly"), "7 to 21: imprecise", "at least 0: imprecise"),
        (
            "on two days of the week",
            repeated(json!({ "frequency": 1, "period": 3, "periodUnit": "wk", "dayOfWeek": ["mon", "thu"] })),
            "21",
            "at least 0: imprecise",
        ),
        (
            "on one day of the week",
            repeated(json!({ "frequency": 1, "period": 3, "periodUnit": "wk", "dayOfWeek": ["mon"] })),
            "21",
            "1",
        ),
        (
            "at two times of the day",
            repeated(
                json!({ "frequency": 1, "period": 21, "periodUnit": "d", "timeOfDay": ["08:00:00", "20:00:00"] }),
            ),
            "21",
            "at least 0: imprecise",
        ),
        (
            "with two meals",
            repeated(json!({ "frequency": 1, "period": 21, "periodUnit": "d", "when": ["CM", "CV"] })),
            "21",
            "at least 0: imprecise",
        ),
        ("nothing in words", said("as discussed"), unknown.0, unknown.1),
        ("no instruction", Body::of(&[]), unknown.0, unknown.1),
    ];
    let of = |row: &Row<'_>| (row.0.to_owned(), row.1.clone());
    for (element, column) in [("order.cycle-length", 0), ("order.doses-per-cycle", 1)] {
        let expected = |row: &Row<'_>| if column == 0 { row.2.to_owned() } else { row.3.to_owned() };
        let owned: Vec<_> = rows.iter().map(|row| (of(row), expected(row))).collect();
        let rows: Vec<_> = owned
            .iter()
            .map(|((name, body), expected)| (name.as_str(), body.clone(), expected.as_str()))
            .collect();
        check(element, &rows);
    }
}
