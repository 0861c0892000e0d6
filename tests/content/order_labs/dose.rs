//! `order.dose`, `order.dose-absolute` and `order.route`.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, check, drafted, merged, quantity, result, two_square_metres};

const PER_AREA: &str = "order.dose";
const ABSOLUTE: &str = "order.dose-absolute";

/// The order with these instructions, for a patient of 2 m2.
fn instructed(instructions: &Value) -> Body {
    Body::of(&two_square_metres()).order(&json!({ "dosageInstruction": instructions }))
}

fn dosed(value: &str, unit: &str) -> Value {
    json!([{ "doseAndRate": [{ "doseQuantity": quantity(value, unit) }] }])
}

fn said(text: &str) -> Body {
    instructed(&json!([{ "text": text }]))
}

/// The order with the same instruction in fields and in words.
fn both(value: &str, unit: &str, text: &str) -> Body {
    let mut instructions = dosed(value, unit);
    instructions[0]["text"] = json!(text);
    instructed(&instructions)
}

fn no_area(body: Body) -> Body {
    body.failed(Search::VitalSigns)
}

#[test]
fn per_area() {
    let range = json!([{ "doseAndRate": [{ "doseRange": { "low": quantity("32", "mg/m2"), "high": quantity("40", "mg/m2") } }] }]);
    let rate = json!([{ "doseAndRate": [{ "rateQuantity": quantity("40", "mg/m2") }] }]);
    let flat = json!([{ "doseQuantity": quantity("40", "mg/m2") }]);
    let compared = json!([{ "doseAndRate": [{ "doseQuantity": { "value": 40, "comparator": "<=", "unit": "mg/m2" } }] }]);
    let old_weight = vec![
        result("loinc:8302-2", "2026-11-20", "160", "cm"),
        result("loinc:29463-7", "2026-10-22", "90", "kg"),
    ];
    let rows: &[Row<'_>] = &[
        ("stated per area", instructed(&dosed("40", "mg/m2")), "40"),
        ("in UCUM", instructed(&json!([{ "doseAndRate": [{ "doseQuantity": { "value": 40, "code": "mg/m2", "system": "http://unitsofmeasure.org" } }] }])), "40"),
        ("in grams", instructed(&dosed("0.04", "g/m2")), "40"),
        ("as a rate", instructed(&rate), "40"),
        ("as in DSTU2", instructed(&flat), "40"),
        ("a range", instructed(&range), "32 to 40: imprecise"),
        ("with a comparator", instructed(&compared), "at most 40: imprecise"),
        ("absolute, by body surface area", instructed(&dosed("80", "mg")), "40"),
        ("absolute, without body surface area", no_area(instructed(&dosed("80", "mg"))), "any value: unavailable"),
        ("absolute, with a weight that is too old", Body::of(&old_weight).order(&json!({ "dosageInstruction": dosed("80", "mg") })), "any value: stale"),
        ("absolute, by an attested body surface area", no_area(instructed(&dosed("80", "mg"))).order(&json!({
            "contained": [crate::body::attested("patient.body-surface-area", "2026-11-22", &json!({ "id": "a", "valueQuantity": quantity("1.6", "m2") }))],
            "supportingInformation": [{ "reference": "#a" }] })), "50"),
        ("in words", said("40 mg/m2 IV over 3 hours every 21 days"), "40"),
        ("in words, squared", said("Ixempra 40 mg/m² IV"), "40"),
        ("in words, spelled out", said("40 mg per square meter"), "40"),
        ("in words, a range", said("32-40 mg/m2"), "32 to 40: imprecise"),
        ("in words, absolute", said("80 mg IV"), "40"),
        ("in words, a cap is no dose", said("40 mg/m2 IV (max 88 mg)"), "40"),
        ("in words, a vial is no dose", said("40 mg/m2, dispense one 45 mg vial"), "40"),
        ("no dose", said("as discussed"), "any value: not-recorded"),
        ("no instruction", Body::of(&two_square_metres()), "any value: not-recorded"),
        ("in kits", instructed(&dosed("1", "kit")), "any value: imprecise"),
        ("without a unit", instructed(&dosed("40", "")), "any value: imprecise"),
        ("by weight", instructed(&dosed("1", "mg/kg")), "any value: imprecise"),
    ];
    check(PER_AREA, rows);
}

#[test]
fn several_statements() {
    let two = |one: Value, other: Value| instructed(&json!([one[0], other[0]]));
    let rows: &[Row<'_>] = &[
        ("fields and words agree", both("40", "mg/m2", "40 mg/m2 (80 mg)"), "40"),
        (
            "one dose on each of three days",
            instructed(&json!([dosed("16", "mg/m2")[0], dosed("16", "mg/m2")[0], dosed("16", "mg/m2")[0]])),
            "16",
        ),
        ("instructions differ", two(dosed("32", "mg/m2"), dosed("40", "mg/m2")), "32 to 40: conflicting"),
        ("words contradict the fields", both("40", "mg/m2", "32 mg/m2 IV"), "32 to 40: conflicting"),
        ("words in mg contradict the fields", both("40", "mg/m2", "60 mg IV"), "30 to 40: conflicting"),
        // Rounded to what can be drawn up: an amount in the fields is what is given; else it is neither alone.
        ("rounded up in words", both("40", "mg/m2", "81 mg IV"), "40 to 40.5: imprecise"),
        ("rounded down in words", both("40", "mg/m2", "79 mg IV"), "39.5 to 40: imprecise"),
        ("rounded down in fields", both("79", "mg", "40 mg/m2 IV"), "39.5"),
        ("rounded up in fields", both("81", "mg", "40 mg/m2 IV"), "40.5"),
        ("rounded in both", both("79", "mg", "40 mg/m2 = 79 mg IV"), "39.5"),
        ("both in fields", two(dosed("40", "mg/m2"), dosed("81", "mg")), "40 to 40.5: imprecise"),
        ("the area is not known, so nothing is compared", no_area(both("40", "mg/m2", "81 mg IV")), "40"),
    ];
    check(PER_AREA, rows);
    let gaps = both("40", "mg/m2", "81 mg IV").gaps(PER_AREA);
    assert!(gaps.contains("40 to 40.5 mg/m2"), "{gaps}");
}

#[test]
fn absolute() {
    let rows: &[Row<'_>] = &[
        ("stated", instructed(&dosed("80", "mg")), "80"),
        ("stated, the area not known", no_area(instructed(&dosed("80", "mg"))), "80"),
        ("in grams", instructed(&dosed("0.08", "g")), "80"),
        ("per area, by body surface area", instructed(&dosed("40", "mg/m2")), "80"),
        (
            "per area, without body surface area",
            no_area(instructed(&dosed("40", "mg/m2"))),
            "any value: unavailable",
        ),
        (
            "per area, no height and weight",
            Body::ordering(&json!({ "dosageInstruction": dosed("40", "mg/m2") })),
            "any value: not-recorded",
        ),
        ("rounded in words", both("40", "mg/m2", "82 mg IV"), "80 to 82: imprecise"),
        ("rounded in fields", both("82", "mg", "40 mg/m2 IV"), "82"),
        ("in words", said("80 mg IV over 3 hours"), "80"),
        ("in words, both", said("40 mg/m2 (80 mg)"), "80"),
        ("no dose", said("see plan"), "any value: not-recorded"),
    ];
    check(ABSOLUTE, rows);
}

/// Words beside a dose by which it is another one, or none.
#[test]
fn doses_in_words_that_are_not_what_is_given() {
    let rows: &[Row<'_>] = &[
        ("reduced by a part", said("40 mg/m2 reduced by 20%"), "32 to 40: imprecise"),
        ("at a part", said("40 mg/m2, at 80 % of full dose"), "32 to 40: imprecise"),
        (
            "a part, spelled out",
            said("Ixempra 40 mg/m2 IV (20 percent dose reduction)"),
            "32 to 40: imprecise",
        ),
        ("more than a whole", said("40 mg/m2 at 120% of dose"), "40 to 48: imprecise"),
        ("in a solution of a strength", said("40 mg/m2 in 250 mL of 0.9% sodium chloride"), "40"),
        ("a limit of it", said("40 mg/m2, maximum of 88 mg"), "40"),
        ("a limit otherwise", said("40 mg/m2, limited to 88 mg"), "40"),
        ("a limit a third way", said("40 mg/m2, no more than 88 mg"), "40"),
        ("a maximum dose of", said("40 mg/m2 (max dose of 88 mg)"), "40"),
        ("a limit alone", said("not more than 88 mg"), "any value: not-recorded"),
        ("all doses together", said("cumulative dose 400 mg/m2"), "any value: not-recorded"),
        ("all doses together, of so much", said("cumulative dose of 400 mg/m2"), "any value: not-recorded"),
        ("a space before the area", said("40 mg /m2"), "40"),
        ("a space after the stroke", said("40 mg/ m2"), "40"),
        ("nothing", said("0 mg/m2"), "any value: not-recorded"),
        ("a number that is torn apart", said("4 0 mg/m2"), "any value: not-recorded"),
        ("twice so much", said("2 x 40 mg IV"), "20 to 40: imprecise"),
        ("once so much", said("1 x 80 mg IV"), "40"),
    ];
    check(PER_AREA, rows);
    check(ABSOLUTE, &[("a limit alone", said("maximum of 88 mg"), "any value: not-recorded")]);
}

/// Vials are also ordered one by one in the instructions of one order.
#[test]
fn several_instructions_in_mg_may_be_parts_of_one_dose() {
    let on = |mg: &str, text: &str| {
        let mut instructions = dosed(mg, "mg");
        instructions[0]["text"] = json!(text);
        instructions[0].clone()
    };
    let two = |one: Value, other: Value| instructed(&json!([one, other]));
    let plain = |mg: &str| dosed(mg, "mg")[0].clone();
    let rows: &[Row<'_>] = &[
        ("45 mg and 15 mg", two(plain("45"), plain("15")), "15 to 60: conflicting"),
        ("45 mg twice", two(plain("45"), plain("45")), "45 to 90: imprecise"),
        ("on different days", two(on("80", "day 1"), on("80", "day 8")), "80"),
        ("on the same day", two(on("45", "day 1"), on("45", "day 1")), "45 to 90: imprecise"),
        ("a dose per area beside them", two(plain("40"), dosed("20", "mg/m2")[0].clone()), "40"),
        ("an instruction without a dose", two(plain("80"), json!({ "text": "over 3 hours" })), "80"),
    ];
    check(ABSOLUTE, rows);
}

#[test]
fn another_draft_of_the_same_drug_may_be_a_part_of_the_same_dose() {
    let with = |own: Value, drug: &str, more: Value| instructed(&own).draft(drafted(drug, &more));
    let kit = |mg: &str| json!({ "dosageInstruction": dosed(mg, "mg") });
    let timed = |mut instructions: Value, event: &str| {
        instructions[0]["timing"] = json!({ "event": [event] });
        instructions
    };
    let rows: &[Row<'_>] = &[
        ("45 mg and 15 mg", with(dosed("45", "mg"), "rx:1726276", kit("15")), "22.5 to 30: imprecise"),
        (
            "in words",
            with(
                dosed("45", "mg"),
                "Ixempra 15 mg kit",
                json!({ "dosageInstruction": [{ "text": "15 mg IV" }] }),
            ),
            "22.5 to 30: imprecise",
        ),
        (
            "the other's dose is not stated",
            with(dosed("45", "mg"), "rx:1726276", json!({})),
            "at least 22.5: imprecise",
        ),
        (
            "a dose per area is a whole one",
            with(
                dosed("32", "mg/m2"),
                "rx:337523",
                json!({ "id": "d", "dosageInstruction": dosed("40", "mg/m2") }),
            ),
            "32",
        ),
        ("another drug", with(dosed("80", "mg"), "rx:194000", kit("1500")), "40"),
        ("a drug with the same diluent", with(dosed("80", "mg"), "rx:56946", kit("100")), "40"),
        (
            "withdrawn",
            with(dosed("45", "mg"), "rx:1726276", merged(kit("15"), &json!({ "status": "cancelled" }))),
            "22.5",
        ),
        (
            "on other days",
            with(
                timed(dosed("80", "mg"), "2026-11-23"),
                "rx:1726276",
                json!({ "dosageInstruction": timed(dosed("80", "mg"), "2026-12-14") }),
            ),
            "40",
        ),
    ];
    check(PER_AREA, rows);
    let kits = with(dosed("45", "mg"), "rx:1726276", kit("15"));
    assert!(kits.gaps(PER_AREA).contains("MedicationRequest/rrx172627620261122"), "{}", kits.gaps(PER_AREA));
    check(ABSOLUTE, &[("45 mg and 15 mg", kits, "45 to 60: imprecise")]);
}

#[test]
fn route() {
    let routed = |route: &str| instructed(&json!([{ "route": crate::body::concept(route) }]));
    let several = |one: &str, other: &str| {
        instructed(&json!([{ "route": crate::body::concept(one) }, { "route": crate::body::concept(other) }]))
    };
    let rows: &[Row<'_>] = &[
        ("SNOMED CT", routed("sct:47625008"), "intravenous"),
        ("v3", routed("route:IV"), "intravenous"),
        ("v3, infusion", routed("route:IVINFUS"), "intravenous"),
        ("in words", routed("Intravenous infusion"), "intravenous"),
        ("in the instruction's words", said("40 mg/m2 IV over 3 hours"), "intravenous"),
        ("SNOMED CT, by mouth", routed("sct:26643006"), "other"),
        ("v3, by mouth", routed("route:PO"), "other"),
        ("SNOMED CT, under the skin", routed("sct:34206005"), "other"),
        ("SNOMED CT, into the spinal canal", routed("sct:72607000"), "other"),
        ("in words, another", routed("by mouth"), "other"),
        ("in words, one or the other", routed("PO or IV"), "intravenous|other: conflicting"),
        ("in words that nothing explains", routed("as usual"), "intravenous|other: unclassified"),
        ("a local code", routed("local:7"), "intravenous|other: unclassified"),
        // Not all codes of these systems are known here.
        ("SNOMED CT, a code that is not known", routed("sct:445755006"), "intravenous|other: unclassified"),
        ("v3, a code that is not known", routed("route:IVCC"), "intravenous|other: unclassified"),
        ("a stage is no route", routed("stage IV"), "intravenous|other: unclassified"),
        (
            "a stage in the instruction's words is none",
            said("40 mg/m2, stage IV disease"),
            "intravenous|other: not-recorded",
        ),
        ("a cycle in them is none", said("40 mg/m2, cycle IV"), "intravenous|other: not-recorded"),
        (
            "one or the other in the instruction's words",
            said("40 mg/m2 PO or IV"),
            "intravenous|other: conflicting",
        ),
        ("another in the instruction's words", said("40 mg/m2 by mouth"), "other"),
        (
            "an empty route, words beside it",
            instructed(&json!([{ "route": {}, "text": "40 mg/m2 intravenously" }])),
            "intravenous",
        ),
        ("two that agree", several("sct:47625008", "route:IV"), "intravenous"),
        ("two that differ", several("sct:47625008", "route:PO"), "intravenous|other: conflicting"),
        ("one that is not understood", several("sct:47625008", "local:7"), "intravenous|other: unclassified"),
        ("none", said("40 mg/m2 over 3 hours"), "intravenous|other: not-recorded"),
        ("no instruction", Body::of(&[]), "intravenous|other: not-recorded"),
    ];
    check("order.route", rows);
}

/// Only the body surface area is searched for: what the order states in the unit that is asked for stands without it.
#[test]
fn without_a_complete_search() {
    type Change = fn(Body, Search) -> Body;
    let ways: [(&str, Change); 3] =
        [("failed", Body::failed), ("not sent", Body::unsent), ("paged", Body::paged)];
    for (way, change) in ways {
        let ordered = |unit: &str, value: &str| {
            change(
                Body::of(&[]).order(&json!({ "dosageInstruction": dosed(value, unit) })),
                Search::VitalSigns,
            )
        };
        check(
            PER_AREA,
            &[(way, ordered("mg", "80"), "any value: unavailable"), (way, ordered("mg/m2", "40"), "40")],
        );
        check(
            ABSOLUTE,
            &[(way, ordered("mg/m2", "40"), "any value: unavailable"), (way, ordered("mg", "80"), "80")],
        );
    }
    // What no dose is made of may fail.
    let searches = [Search::Laboratory, Search::Conditions, Search::MedicationRequests, Search::Allergies];
    for search in searches {
        let body = instructed(&dosed("80", "mg")).failed(search);
        check(PER_AREA, &[("another search failed", body, "40")]);
    }
}
