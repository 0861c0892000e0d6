//! Combination partners and active drugs.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::chart::{Chart, check, concept, merged, ordered};

fn draft(drug: &str, more: &Value) -> Value {
    merged(
        ordered(
            drug,
            "2026-11-22",
            &json!({ "id": format!("d-{drug}").replace([':', ' '], "-"), "status": "draft" }),
        ),
        more,
    )
}

const ALONE: &str = "-betacil -alphamab -hormonal -other";

#[test]
fn partners_on_record() {
    let one = |drug: &str, date: &str, more: Value| vec![ordered(drug, date, &more)];
    check(
        "partners",
        &[
            ("nothing", vec![], ALONE),
            ("active", one("rx:2001", "2026-11-01", json!({})), "+betacil -alphamab -hormonal -other"),
            (
                "60 days before",
                one("betacil 500 mg", "2026-09-23", json!({})),
                "+betacil -alphamab -hormonal -other",
            ),
            ("61 days before", one("betacil 500 mg", "2026-09-22", json!({})), ALONE),
            (
                "which drug is not said",
                one("chemotherapy infusion", "2026-11-01", json!({})),
                "?betacil ?alphamab ?hormonal ?other: imprecise",
            ),
            (
                "which drug is not said, long ago",
                one("chemotherapy infusion", "2026-01-01", json!({})),
                ALONE,
            ),
            (
                "an ointment",
                one("betacil 5 % ointment", "2026-11-01", json!({})),
                "?betacil -alphamab -hormonal -other: imprecise",
            ),
            (
                "on the skin",
                one(
                    "betacil",
                    "2026-11-01",
                    json!({ "dosageInstruction": [{ "route": { "text": "Topical route" } }] }),
                ),
                "?betacil -alphamab -hormonal -other: imprecise",
            ),
            ("no date", one("betacil", "x", json!({})), "?betacil -alphamab -hormonal -other: imprecise"),
            ("stopped", one("betacil", "2026-11-01", json!({ "status": "stopped" })), ALONE),
            ("completed", one("betacil", "2026-11-01", json!({ "status": "completed" })), ALONE),
            ("cancelled", one("betacil", "2026-11-01", json!({ "status": "cancelled" })), ALONE),
            (
                "entered in error",
                one("betacil", "2026-11-01", json!({ "status": "entered-in-error" })),
                ALONE,
            ),
            (
                "on hold",
                one("betacil", "2026-11-01", json!({ "status": "on-hold" })),
                "?betacil -alphamab -hormonal -other: imprecise",
            ),
            ("a proposal", one("betacil", "2026-11-01", json!({ "intent": "proposal" })), ALONE),
            ("a plan", one("betacil", "2026-11-01", json!({ "intent": "plan" })), ALONE),
            ("an option", one("betacil", "2026-11-01", json!({ "intent": "option" })), ALONE),
            (
                "a reflex order",
                one("betacil", "2026-11-01", json!({ "intent": "reflex-order" })),
                "+betacil -alphamab -hormonal -other",
            ),
            ("not to be given", one("betacil", "2026-11-01", json!({ "doNotPerform": true })), ALONE),
            ("a supportive drug", one("antiemetron", "2026-11-01", json!({})), ALONE),
            ("the antibody", one("alphamab", "2026-11-01", json!({})), "-betacil +alphamab -hormonal -other"),
            (
                "its conjugate is not the antibody",
                one("alphamab toxitan 100 mg", "2026-11-01", json!({})),
                "-betacil -alphamab -hormonal +other",
            ),
            (
                "ongoing hormonal therapy",
                one("gammazole", "2026-11-01", json!({})),
                "-betacil -alphamab ?hormonal -other: imprecise",
            ),
            ("the order's own drug", one("rx:1001", "2026-11-01", json!({})), ALONE),
            (
                "a drug that leads nowhere",
                one(
                    "x",
                    "2026-11-01",
                    json!({ "medicationCodeableConcept": null, "medicationReference": { "reference": "Medication/gone" } }),
                ),
                "?betacil ?alphamab ?hormonal ?other: imprecise",
            ),
            (
                "an old one that leads nowhere",
                one("x", "2025-11-01", json!({ "medicationCodeableConcept": null })),
                ALONE,
            ),
        ],
    );
}

#[test]
fn what_is_no_partner_is_named() {
    let evidence = |resource: Value| Chart::of(&[resource]).known("partners").evidence;
    let supportive = evidence(ordered("antiemetron", "2026-11-01", &json!({})));
    assert_eq!(supportive[0].value, "antiemetron");
    assert!(supportive[0].note.as_deref().unwrap().contains("not a partner"), "{supportive:?}");
    let old = evidence(ordered("betacil", "2026-08-01", &json!({})));
    assert!(old[0].note.as_deref().unwrap().contains("113 days"), "{old:?}");
    let alone = Chart::default().known("partners").evidence;
    assert_eq!(alone[0].reference, "MedicationRequest/order");
}

#[test]
fn an_old_order_dispensed_since_may_be_a_partner() {
    let old = |drug: &str, more: Value| {
        let dispense = json!({ "resourceType": "MedicationDispense", "id": "m", "status": "completed",
            "medicationCodeableConcept": concept(drug), "whenHandedOver": "2026-11-01" });
        vec![ordered("betacil", "2026-03-01", &json!({})), merged(dispense, &more)]
    };
    let open = "?betacil -alphamab -hormonal -other: imprecise";
    check(
        "partners",
        &[
            ("within the window", old("betacil", json!({})), open),
            ("no date", old("betacil", json!({ "whenHandedOver": null })), open),
            ("before it", old("betacil", json!({ "whenHandedOver": "2026-04-01" })), ALONE),
            ("declined", old("betacil", json!({ "status": "declined" })), ALONE),
            ("another drug", old("antiemetron", json!({})), ALONE),
        ],
    );
}

#[test]
fn what_is_stated_as_taken_may_be_a_partner() {
    let taken = |more: Value| {
        let statement = json!({ "resourceType": "MedicationStatement", "id": "s", "status": "active",
            "medicationCodeableConcept": concept("betacil") });
        vec![merged(statement, &more)]
    };
    let open = "?betacil -alphamab -hormonal -other: imprecise";
    check(
        "partners",
        &[
            ("active", taken(json!({ "dateAsserted": "2026-11-01" })), open),
            ("active, ongoing", taken(json!({ "effectivePeriod": { "start": "2026-01-01" } })), open),
            ("over", taken(json!({ "effectivePeriod": { "end": "2026-01-01" } })), ALONE),
            ("stopped", taken(json!({ "status": "stopped" })), ALONE),
            ("no partner", taken(json!({ "medicationCodeableConcept": concept("antiemetron") })), ALONE),
        ],
    );
}

#[test]
fn partners_in_the_draft() {
    let both = [ordered("gammazole", "2026-11-01", &json!({}))];
    let rows: [(&str, Vec<Value>, Vec<Value>, &str); 9] = [
        (
            "an ointment",
            vec![draft("betacil ointment", &json!({}))],
            vec![],
            "?betacil -alphamab -hormonal -other: imprecise",
        ),
        ("drafted", vec![draft("betacil", &json!({}))], vec![], "+betacil -alphamab -hormonal -other"),
        (
            "drafted as a proposal",
            vec![draft("betacil", &json!({ "intent": "proposal" }))],
            vec![],
            "+betacil -alphamab -hormonal -other",
        ),
        ("another order of the same drug", vec![draft("rx:1001", &json!({}))], vec![], ALONE),
        ("withdrawn", vec![draft("betacil", &json!({ "status": "cancelled" }))], vec![], ALONE),
        (
            "hormonal therapy drafted",
            vec![draft("gammazole", &json!({}))],
            vec![],
            "-betacil -alphamab +hormonal -other",
        ),
        (
            "hormonal therapy drafted and ongoing",
            vec![draft("gammazole", &json!({}))],
            both.to_vec(),
            "-betacil -alphamab +hormonal -other",
        ),
        (
            "no drug",
            vec![draft("x", &json!({ "medicationCodeableConcept": null }))],
            vec![],
            "?betacil ?alphamab ?hormonal ?other: imprecise",
        ),
        (
            "unreadable",
            vec![json!({ "resourceType": 7 })],
            vec![],
            "?betacil ?alphamab ?hormonal ?other: unavailable",
        ),
    ];
    for (name, drafts, resources, expected) in rows {
        let chart = Chart { drafts, resources, ..Chart::default() };
        assert_eq!(chart.says("partners"), expected, "{name}");
    }
}

#[test]
fn the_words_of_the_order_on_another_drug_do_not_hide_it() {
    let named = |code: &str| {
        let mut drug = concept(code);
        drug["text"] = json!("chemotherapy infusion");
        json!({ "medicationCodeableConcept": drug })
    };
    let of = |drug: &str| Chart {
        order: named("rx:1001"),
        drafts: vec![draft("x", &named(drug))],
        ..Chart::default()
    };
    assert_eq!(of("rx:2001").says("partners"), "+betacil -alphamab -hormonal -other");
    assert_eq!(of("rx:1001").says("partners"), ALONE);
    let on_record = vec![ordered("x", "2026-11-01", &named("rx:2001"))];
    let chart = Chart { order: named("rx:1001"), resources: on_record, ..Chart::default() };
    assert_eq!(chart.says("partners"), "+betacil -alphamab -hormonal -other");
}

#[test]
fn nothing_is_known_to_be_out_without_a_complete_search() {
    let failed = vec![Search::MedicationRequests];
    let chart = Chart { failed: failed.clone(), ..Chart::default() };
    assert_eq!(chart.says("partners"), "?betacil ?alphamab ?hormonal ?other: unavailable");
    let chart = Chart { failed, drafts: vec![draft("betacil", &json!({}))], ..Chart::default() };
    assert_eq!(chart.says("partners"), "+betacil ?alphamab ?hormonal ?other: unavailable");
}

#[test]
fn active_drugs() {
    let statement = |more: Value| {
        let statement = json!({ "resourceType": "MedicationStatement", "id": "s", "status": "active",
            "medicationCodeableConcept": concept("inhibinavir") });
        vec![merged(statement, &more)]
    };
    let one = |date: &str, more: Value| vec![ordered("inhibinavir", date, &more)];
    let nowhere = json!({ "medicationCodeableConcept": null });
    check(
        "inhibitor",
        &[
            ("nothing", vec![], "no"),
            ("another drug", vec![ordered("betacil", "2026-11-01", &json!({}))], "no"),
            ("ordered", one("2026-11-01", json!({})), "yes"),
            ("stopped", one("2026-11-01", json!({ "status": "stopped" })), "no"),
            ("on hold", one("2026-11-01", json!({ "status": "on-hold" })), "either: imprecise"),
            ("planned", one("2026-11-01", json!({ "intent": "plan" })), "no"),
            ("before the window: named, does not count", one("2026-09-22", json!({})), "no: stale"),
            ("no date", one("x", json!({})), "either: imprecise"),
            ("no drug", one("2026-11-01", nowhere), "either: imprecise"),
            ("stated", statement(json!({ "dateAsserted": "2026-11-01" })), "yes"),
            ("stated as ongoing", statement(json!({ "effectivePeriod": { "start": "2019" } })), "yes"),
            (
                "stated, ended",
                statement(json!({ "status": "completed", "dateAsserted": "2026-11-01" })),
                "no",
            ),
            ("not taken", statement(json!({ "status": "not-taken", "dateAsserted": "2026-11-01" })), "no"),
            ("stated, undated", statement(json!({})), "either: imprecise"),
        ],
    );
    let chart = Chart { drafts: vec![draft("inhibinavir", &json!({}))], ..Chart::default() };
    assert_eq!(chart.says("inhibitor"), "yes");
    let chart = Chart { failed: vec![Search::MedicationStatements], ..Chart::default() };
    assert_eq!(chart.says("inhibitor"), "either: unavailable");
}
