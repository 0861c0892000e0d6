//! Age, body surface area, pregnancy.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, condition, merged, seen, seen_with, status};
use crate::table::{condition_statuses, observation_statuses, searches_without_an_answer, stays};

fn born(date: Value) -> Value {
    json!({ "resourceType": "Patient", "id": "p1", "birthDate": date })
}

#[test]
fn age_in_completed_years() {
    let noon = "2026-11-22T12:00:00Z";
    for (name, birth_date, at, expected) in [
        ("a full date", json!("1970-05-01"), noon, "56"),
        ("18th birthday", json!("2008-11-22"), noon, "18"),
        ("18th birthday, first moment", json!("2008-11-22"), "2026-11-22T00:00:00Z", "18"),
        ("the moment before", json!("2008-11-22"), "2026-11-21T23:59:59Z", "17"),
        ("a day short", json!("2008-11-23"), noon, "17"),
        (
            "evaluated west of Greenwich, a day ahead in UTC",
            json!("2008-11-22"),
            "2026-11-21T20:00:00-05:00",
            "18",
        ),
        (
            "evaluated east of Greenwich, a day behind in UTC",
            json!("2008-11-22"),
            "2026-11-22T01:00:00+05:00",
            "17",
        ),
        ("born on 29 February", json!("2008-02-29"), "2026-02-28T23:59:59Z", "17"),
        ("born on 29 February, a day later", json!("2008-02-29"), "2026-03-01T00:00:00Z", "18"),
        ("a year that straddles", json!("2008"), noon, "17 to 18: imprecise"),
        ("a year that does not matter, still two ages", json!("1970"), noon, "55 to 56: imprecise"),
        ("a year on its last day", json!("1970"), "2026-12-31T12:00:00Z", "56"),
        ("this month", json!("2008-11"), noon, "17 to 18: imprecise"),
        ("last month", json!("2008-10"), noon, "18"),
        ("next month", json!("2008-12"), noon, "17"),
        ("spaces around it", json!(" 1970-05-01 "), noon, "56"),
        ("in the future", json!("2027-01-01"), noon, "any value: imprecise"),
        ("no date", json!("about 1970"), noon, "any value: imprecise"),
        ("no such day", json!("1970-02-30"), noon, "any value: imprecise"),
        ("null", Value::Null, noon, "any value: not-recorded"),
        ("empty", json!(""), noon, "any value: not-recorded"),
    ] {
        let chart = Chart { at, ..Chart::of(&[born(birth_date)]) };
        assert_eq!(chart.says("patient.age"), expected, "{name}");
    }
    let absent = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }]);
    let hidden = merged(born(Value::Null), &json!({ "_birthDate": { "extension": absent } }));
    assert_eq!(Chart::of(&[hidden]).says("patient.age"), "any value: not-recorded");
    for chart in [
        Chart { unsent: vec![Search::Patient], ..Chart::default() },
        Chart { failed: vec![Search::Patient], ..Chart::default() },
        Chart::of(&[json!({ "resourceType": "Patient", "id": "somebody-else", "birthDate": "1970-05-01" })]),
    ] {
        assert_eq!(chart.says("patient.age"), "any value: unavailable");
    }
}

fn measured(code: &str, date: &str, value: &str, unit: &str) -> Value {
    let value: Value = serde_json::from_str(value).unwrap();
    let quantity =
        json!({ "value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit });
    seen_with(
        code,
        date,
        &json!({ "id": format!("{code}-{date}").replace(':', "-"), "valueQuantity": quantity }),
    )
}

fn adult(resources: &[Value]) -> Vec<Value> {
    [&[born(json!("1970-05-01"))], resources].concat()
}

fn tall(date: &str) -> Value {
    measured("8302-2", date, "160", "cm")
}

fn heavy(date: &str) -> Value {
    measured("29463-7", date, "90", "kg")
}

#[test]
fn body_surface_area_from_every_code_and_unit() {
    let day = "2026-11-20";
    let pair = |height: Value, weight: Value| adult(&[height, weight]);
    let bmi = seen_with("39156-5", day, &json!({ "valueQuantity": { "value": 35 } }));
    check(
        "patient.body-surface-area",
        &[
            ("nothing", adult(&[]), "any value: not-recorded"),
            ("cm and kg", pair(tall(day), heavy(day)), "2"),
            (
                "m and g",
                pair(measured("8302-2", day, "1.6", "m"), measured("29463-7", day, "90000", "g")),
                "2",
            ),
            ("height lying", pair(measured("8306-3", day, "160", "cm"), heavy(day)), "2"),
            ("height measured", pair(measured("3137-7", day, "160", "cm"), heavy(day)), "2"),
            ("weight measured", pair(tall(day), measured("3141-9", day, "90", "kg")), "2"),
            (
                "SNOMED height and weight",
                pair(measured("sct:50373000", day, "160", "cm"), measured("sct:27113001", day, "90", "kg")),
                "2",
            ),
            ("inches", pair(measured("8302-2", day, "63", "[in_i]"), heavy(day)), "2.0001: imprecise"),
            ("inches in words", pair(measured("8302-2", day, "63", "in"), heavy(day)), "2.0001: imprecise"),
            ("pounds", pair(tall(day), measured("29463-7", day, "200", "[lb_av]")), "2.008: imprecise"),
            ("pounds in words", pair(tall(day), measured("29463-7", day, "200", "lb")), "2.008: imprecise"),
            (
                "never capped",
                pair(measured("8302-2", day, "190", "cm"), measured("29463-7", day, "120", "kg")),
                "2.5166: imprecise",
            ),
            ("height alone", adult(&[tall(day)]), "any value: not-recorded"),
            ("weight alone", adult(&[heavy(day)]), "any value: not-recorded"),
            ("a body mass index is none of them", adult(&[bmi]), "any value: not-recorded"),
            ("measured", adult(&[measured("8277-6", day, "1.85", "m2")]), "1.85"),
            ("derived elsewhere", adult(&[measured("3140-1", day, "1.85", "m2")]), "1.85"),
            (
                "measured, in words",
                adult(&[seen_with("8277-6", day, &json!({ "valueString": "1.85 m²" }))]),
                "1.85",
            ),
            (
                "measured in an impossible unit",
                adult(&[measured("8277-6", day, "1.85", "kg")]),
                "any value: imprecise",
            ),
            ("measured, no human", adult(&[measured("8277-6", day, "185", "m2")]), "any value: imprecise"),
            (
                "newer than the weight",
                adult(&[measured("8277-6", day, "1.85", "m2"), tall("2026-11-19"), heavy("2026-11-19")]),
                "1.85",
            ),
            (
                "older than the weight",
                adult(&[
                    measured("8277-6", "2026-11-18", "1.85", "m2"),
                    tall("2026-11-19"),
                    heavy("2026-11-19"),
                ]),
                "2",
            ),
            ("no unit", pair(tall(day), measured("29463-7", day, "90", "")), "any value: imprecise"),
            // No adult is so small or so light: the unit is another one.
            (
                "metres called centimetres",
                pair(measured("8302-2", day, "1.6", "cm"), heavy(day)),
                "any value: imprecise",
            ),
            (
                "inches called centimetres",
                pair(measured("8302-2", day, "64", "cm"), heavy(day)),
                "any value: imprecise",
            ),
            (
                "centimetres called inches",
                pair(measured("8302-2", day, "160", "[in_i]"), heavy(day)),
                "any value: imprecise",
            ),
            (
                "a weight of a child",
                pair(tall(day), measured("29463-7", day, "9", "kg")),
                "any value: imprecise",
            ),
            (
                "a weight in grams called kilograms",
                pair(tall(day), measured("29463-7", day, "90000", "kg")),
                "any value: imprecise",
            ),
            ("an area of a child", adult(&[measured("8277-6", day, "0.2", "m2")]), "any value: imprecise"),
            (
                "unit by the letter",
                pair(measured("8302-2", day, "1.6", "cm"), measured("29463-7", day, "0.001", "kg")),
                "any value: imprecise",
            ),
            (
                "no value, but why",
                pair(
                    tall(day),
                    seen_with("29463-7", day, &json!({ "dataAbsentReason": concept("not done") })),
                ),
                "any value: imprecise",
            ),
            (
                "weights of one day differ",
                adult(&[
                    tall(day),
                    heavy(day),
                    merged(measured("29463-7", day, "40", "kg"), &json!({ "id": "other" })),
                ]),
                "1.3333 to 2: conflicting",
            ),
            (
                "weight below a limit",
                pair(
                    tall(day),
                    seen_with(
                        "29463-7",
                        day,
                        &json!({ "valueQuantity": { "value": 90, "unit": "kg", "comparator": "<" } }),
                    ),
                ),
                "below 2: imprecise",
            ),
        ],
    );
}

#[test]
fn the_window_of_weight_and_area_to_the_second() {
    for (date, is_in) in [
        ("2026-10-23T12:00:00Z", Some(true)),
        ("2026-10-23T11:59:59Z", Some(false)),
        ("2026-10-23T08:00:00-04:00", Some(true)),
        ("2026-10-23T07:59:59-04:00", Some(false)),
        ("2026-10-23T17:30:00+05:30", Some(true)),
        ("2026-10-23T17:29:59+05:30", Some(false)),
        ("2026-10-22T22:30:00-14:00", Some(true)),
        ("2026-10-23T12:00:00", Some(true)),
        ("2026-10-23T11:59:59", Some(false)),
        ("2026-10-23", Some(true)),
        ("2026-10-22", Some(false)),
        ("2026-11", Some(true)),
        ("2026-10", None),
        ("2026", None),
        ("2026-09", Some(false)),
        ("2025", Some(false)),
        ("2026-11-24", None),
        ("yesterday", None),
    ] {
        let gap = match is_in {
            Some(true) => "",
            Some(false) => ": stale",
            None => ": imprecise",
        };
        let value = |known: &str| format!("{}{gap}", if is_in == Some(true) { known } else { "any value" });
        let weighed = Chart::of(&adult(&[tall("2020-01-01"), heavy(date)]));
        assert_eq!(weighed.says("patient.body-surface-area"), value("2"), "weight of {date}");
        let area = Chart::of(&adult(&[measured("8277-6", date, "1.85", "m2")]));
        assert_eq!(area.says("patient.body-surface-area"), value("1.85"), "area of {date}");
    }
}

#[test]
fn a_height_counts_at_any_age_of_an_adult() {
    let signs =
        |birth: Value, height: &str| [vec![born(birth)], vec![tall(height), heavy("2026-11-20")]].concat();
    check(
        "patient.body-surface-area",
        &[
            ("adult then", signs(json!("1970-05-01"), "1989-01-01"), "2"),
            ("a child then", signs(json!("1970-05-01"), "1980-01-01"), "any value: imprecise"),
            ("18 on that day", signs(json!("2007-12-31"), "2025-12-31"), "2"),
            ("18 a day later", signs(json!("2008-01-01"), "2025-12-31"), "any value: imprecise"),
            ("perhaps 18 then", signs(json!("2007"), "2025-06-01"), "any value: imprecise"),
            ("a child, measured lately", signs(json!("2012-01-01"), "2026-11-01"), "2"),
            ("of unknown age", signs(Value::Null, "2020-01-01"), "any value: imprecise"),
            (
                "undated",
                adult(&[merged(tall("x"), &json!({ "effectiveDateTime": null })), heavy("2026-11-20")]),
                "any value: imprecise",
            ),
        ],
    );
}

#[test]
fn body_surface_area_by_status_and_answer() {
    let element = "patient.body-surface-area";
    let day = "2026-11-20";
    for (status, expected) in [
        ("final", "2"),
        ("amended", "2"),
        ("corrected", "2"),
        ("preliminary", "any value: imprecise"),
        ("registered", "any value: imprecise"),
        ("unknown", "any value: imprecise"),
        ("cancelled", "any value: not-recorded"),
        ("entered-in-error", "any value: not-recorded"),
    ] {
        let weight = merged(heavy(day), &json!({ "status": status }));
        assert_eq!(Chart::of(&adult(&[tall(day), weight])).says(element), expected, "{status}");
    }
    observation_statuses(element, &measured("8277-6", day, "1.85", "m2"), "1.85", "any value");
    searches_without_an_answer(element, &[Search::VitalSigns], "any value");
    // The newest may be what is missing.
    let paged = Chart { paged: vec![Search::VitalSigns], ..Chart::of(&adult(&[tall(day), heavy(day)])) };
    assert_eq!(paged.says(element), "any value: unavailable");
}

fn pregnancy(value: &str, date: &str) -> Value {
    seen("82810-3", value, date)
}

#[test]
fn pregnancy_from_every_source() {
    let day = "2026-10-01";
    let dx = |code: &str| vec![condition(code, day, &status("active", "confirmed"))];
    check(
        "patient.pregnant",
        &[
            ("nothing", vec![], "either: not-recorded"),
            ("Z33.1", dx("icd:Z33.1"), "yes"),
            ("Z33.3", dx("icd:Z33.3"), "yes"),
            ("Z34.-", dx("icd:Z34.82"), "yes"),
            ("without the dot", dx("icd:Z3481"), "yes"),
            ("Z3A.-", dx("icd:Z3A.20"), "yes"),
            ("O09.-", dx("icd:O09.511"), "yes"),
            ("O24.-", dx("icd:O24.410"), "yes"),
            ("SNOMED", dx("sct:77386006"), "yes"),
            ("words", dx("Pregnant, second trimester"), "yes"),
            ("words, of before", dx("Prior pregnancy"), "either: not-recorded"),
            ("words, at some age", dx("First pregnancy at age 30"), "either: not-recorded"),
            ("words, ended", dx("Pregnancy, delivered"), "either: not-recorded"),
            ("words, lost", dx("Pregnancy loss"), "either: not-recorded"),
            ("words, wanted", dx("Desires pregnancy"), "either: not-recorded"),
            ("words, planned", dx("Planning pregnancy"), "either: not-recorded"),
            ("words, of another", dx("Wife pregnant"), "either: not-recorded"),
            ("elective termination", dx("icd:Z33.2"), "either: not-recorded"),
            ("a test for it", dx("icd:Z32.02"), "either: not-recorded"),
            ("ectopic", dx("icd:O00.90"), "either: not-recorded"),
            ("delivered", dx("icd:O80"), "either: not-recorded"),
            ("postpartum care", dx("icd:Z39.2"), "either: not-recorded"),
            ("words: not pregnant", dx("Not pregnant"), "either: not-recorded"),
            ("words: a test", dx("Encounter for pregnancy test"), "either: not-recorded"),
            ("words: history", dx("History of pregnancy"), "either: not-recorded"),
            ("words: denied", dx("Denies pregnancy"), "either: not-recorded"),
            ("words: doubted", dx("Possible pregnancy"), "either: not-recorded"),
            ("status: LOINC answer", vec![pregnancy("loinc:LA15173-0", day)], "yes"),
            ("status: SNOMED", vec![pregnancy("sct:77386006", day)], "yes"),
            ("status: words", vec![pregnancy("Pregnant", day)], "yes"),
            (
                "status: a string",
                vec![seen_with("82810-3", day, &json!({ "valueString": "pregnant" }))],
                "yes",
            ),
            ("status as reported", vec![seen("11449-6", "loinc:LA15173-0", day)], "yes"),
            ("status: not, LOINC answer", vec![pregnancy("loinc:LA26683-5", day)], "no"),
            ("status: not, SNOMED", vec![pregnancy("sct:60001007", day)], "no"),
            ("status: not, words", vec![pregnancy("Not pregnant", day)], "no"),
            ("status: possibly", vec![pregnancy("Possibly pregnant", day)], "either: unclassified"),
            ("status: a code of nowhere", vec![pregnancy("sct:261665006", day)], "either: unclassified"),
            ("status: nothing said", vec![seen_with("82810-3", day, &json!({}))], "either: not-recorded"),
            (
                "not, then pregnant",
                vec![pregnancy("sct:60001007", "2026-09-01"), pregnancy("sct:77386006", day)],
                "yes",
            ),
            (
                "pregnant, then not",
                vec![pregnancy("sct:77386006", "2026-09-01"), pregnancy("sct:60001007", day)],
                "no",
            ),
            (
                "both on one day",
                vec![pregnancy("sct:77386006", day), pregnancy("sct:60001007", day)],
                "either: conflicting",
            ),
            (
                "a diagnosis that still stands, and a newer not",
                [dx("icd:Z33.1"), vec![pregnancy("sct:60001007", "2026-11-01")]].concat(),
                "either: conflicting",
            ),
            (
                "a diagnosis that is over, and a newer not",
                vec![
                    condition("icd:Z33.1", day, &status("resolved", "")),
                    pregnancy("sct:60001007", "2026-11-01"),
                ],
                "no",
            ),
        ],
    );
}

#[test]
fn pregnancy_by_status_window_and_answer() {
    let element = "patient.pregnant";
    condition_statuses(element, &condition("icd:Z33.1", "2026-10-01", &json!({})));
    observation_statuses(element, &pregnancy("sct:77386006", "2026-10-01"), "yes", "either");
    observation_statuses(element, &pregnancy("sct:60001007", "2026-10-01"), "no", "either");
    // 280 days of 24 hours before noon of 22 November 2026.
    for (date, gap) in [
        ("2026-02-15T12:00:00Z", None),
        ("2026-02-15T11:59:59Z", Some("stale")),
        ("2026-02-15T07:00:00-05:00", None),
        ("2026-02-15T13:59:59+02:00", Some("stale")),
        ("2026-02-15T12:00:00", None),
        ("2026-02-15", None),
        ("2026-02-14", Some("stale")),
        ("2026-11", None),
        ("2026-02", Some("imprecise")),
        ("2026", Some("imprecise")),
        ("2025", Some("stale")),
        ("2026-11-24T12:00:01Z", Some("imprecise")),
        ("soon", Some("imprecise")),
    ] {
        let said = |truth: &str| gap.map_or_else(|| truth.to_owned(), |gap| format!("either: {gap}"));
        let diagnosed = Chart::of(&[condition("icd:Z33.1", date, &status("active", "confirmed"))]);
        assert_eq!(diagnosed.says(element), said("yes"), "diagnosis of {date}");
        assert_eq!(
            Chart::of(&[pregnancy("sct:77386006", date)]).says(element),
            said("yes"),
            "status of {date}"
        );
        assert_eq!(Chart::of(&[pregnancy("sct:60001007", date)]).says(element), said("no"), "not, of {date}");
    }
    let searches = [Search::Conditions, Search::ClinicalObservations];
    searches_without_an_answer(element, &searches, "either");
    for search in searches {
        let not = [pregnancy("sct:60001007", "2026-10-01")];
        let expected = "either: unavailable";
        stays(element, &not, search, expected);
    }
    let active = [condition("icd:Z33.1", "2026-10-01", &status("active", "confirmed"))];
    stays(element, &active, Search::ClinicalObservations, "yes");
}
