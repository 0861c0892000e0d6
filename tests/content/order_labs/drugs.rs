//! `medication.strong-cyp3a4-inhibitor` and `medication.strong-cyp3a4-inducer`.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, check, concept, drafted, merged, on_order, statement};

const INHIBITOR: &str = "medication.strong-cyp3a4-inhibitor";
const INDUCER: &str = "medication.strong-cyp3a4-inducer";

fn now(drug: &str) -> Body {
    Body::of(&[on_order(drug, "2026-11-20", &json!({}))])
}

#[test]
fn by_drug() {
    let inhibitors = [
        "rx:6135",
        "rx:28031",
        "rx:21212",
        "rx:343047",
        "rx:31565",
        "rx:83395",
        "rx:274786",
        "rx:85762",
        "rx:228656",
        "rx:114289",
        "rx:134527",
        "rx:83816",
        "rx:121243",
        "rx:1306284",
        "rx:1601660",
        "rx:1873916",
        "rx:2361285",
        "Kaletra",
        "Paxlovid 300/100",
        "posaconazole",
    ];
    for drug in inhibitors {
        check(INHIBITOR, &[(drug, now(drug), "yes")]);
        check(INDUCER, &[(drug, now(drug), "no")]);
    }
    let inducers = [
        "rx:9384",
        "rx:8183",
        "rx:2002",
        "rx:8134",
        "rx:55672",
        "rx:3264",
        "carbamazepine 200 mg",
        "St. John's wort",
    ];
    for drug in inducers {
        check(INDUCER, &[(drug, now(drug), "yes")]);
        check(INHIBITOR, &[(drug, now(drug), "no")]);
    }
    for drug in ["rx:194000", "ketoconazole 2% shampoo", "ondansetron"] {
        check(INHIBITOR, &[(drug, now(drug), "no")]);
    }
    // A code that is in no value set, without words, says of no drug which it is.
    for drug in ["local:4711", "rx:99999999"] {
        check(INHIBITOR, &[(drug, now(drug), "either: imprecise")]);
        check(INDUCER, &[(drug, now(drug), "either: imprecise")]);
    }
    let written = |text: &str| {
        let drug = merged(concept("local:4711"), &json!({ "text": text }));
        Body::of(&[on_order("x", "2026-11-20", &json!({ "medicationCodeableConcept": drug }))])
    };
    check(INHIBITOR, &[("its own code for words", written("4711"), "either: imprecise")]);
    check(INHIBITOR, &[("no letters", written("0815"), "either: imprecise")]);
    check(INHIBITOR, &[("words beside it", written("ondansetron 4 mg"), "no")]);
    let old = Body::of(&[on_order("local:4711", "2025-11-20", &json!({}))]);
    check(INHIBITOR, &[("long ago", old, "no")]);
    let stated = Body::of(&[statement("local:4711", &json!({ "dateAsserted": "2026-11-01" }))]);
    check(INHIBITOR, &[("stated", stated, "either: imprecise")]);
    let drafted = Body::of(&[]).draft(drafted("local:4711", &json!({})));
    check(INHIBITOR, &[("drafted", drafted, "either: imprecise")]);
    check(INDUCER, &[("before an infusion", now("dexamethasone 10 mg IV premedication"), "no")]);
    check(INDUCER, &[("injected", now("dexamethasone 4 MG/ML injectable solution"), "no")]);
}

#[test]
fn on_an_order() {
    let with = |date: &str, more: Value| Body::of(&[on_order("rx:21212", date, &more)]);
    let until = |end: &str| json!({ "dosageInstruction": [{ "timing": { "repeat": { "boundsPeriod": { "end": end } } } }] });
    let rows: &[Row<'_>] = &[
        ("active", with("2026-11-20", json!({})), "yes"),
        ("no intent", with("2026-11-20", json!({ "intent": null })), "either: imprecise"),
        ("planned", with("2026-11-20", json!({ "intent": "plan" })), "no"),
        ("proposed", with("2026-11-20", json!({ "intent": "proposal" })), "no"),
        ("an option", with("2026-11-20", json!({ "intent": "option" })), "no"),
        ("of an instance", with("2026-11-20", json!({ "intent": "instance-order" })), "yes"),
        ("unknown", with("2026-11-20", json!({ "status": "unknown" })), "either: imprecise"),
        ("a draft on record", with("2026-11-20", json!({ "status": "draft" })), "no"),
        ("on hold", with("2026-11-20", json!({ "status": "on-hold" })), "either: imprecise"),
        ("no status", with("2026-11-20", json!({ "status": null })), "either: imprecise"),
        ("stopped", with("2026-11-20", json!({ "status": "stopped" })), "no"),
        ("completed", with("2026-11-20", json!({ "status": "completed" })), "no"),
        ("cancelled", with("2026-11-20", json!({ "status": "cancelled" })), "no"),
        ("entered in error", with("2026-11-20", json!({ "status": "entered-in-error" })), "no"),
        ("ended (R5)", with("2026-11-20", json!({ "status": "ended" })), "no"),
        // What FHIR does not know is never a reason to pass a drug over.
        ("active in capitals", with("2026-11-20", json!({ "status": "ACTIVE" })), "either: imprecise"),
        (
            "a status that FHIR does not know",
            with("2026-11-20", json!({ "status": "verified" })),
            "either: imprecise",
        ),
        (
            "an intent that FHIR does not know",
            with("2026-11-20", json!({ "intent": "Order" })),
            "either: imprecise",
        ),
        (
            "cancelled, of an intent that FHIR does not know",
            with("2026-11-20", json!({ "status": "cancelled", "intent": "Order" })),
            "no",
        ),
        ("not to be given", with("2026-11-20", json!({ "doNotPerform": true })), "no"),
        ("60 times 24 hours", with("2026-09-23T15:00:00Z", json!({})), "yes"),
        ("one second more", with("2026-09-23T14:59:59Z", json!({})), "no: stale"),
        ("the edge in another zone", with("2026-09-23T20:30:00+05:30", json!({})), "yes"),
        ("a day of which a moment counts", with("2026-09-23", json!({})), "yes"),
        ("the day before", with("2026-09-22", json!({})), "no: stale"),
        ("a month across the edge", with("2026-09", json!({})), "either: imprecise"),
        ("no date", with("2026-11-20", json!({ "authoredOn": null })), "either: imprecise"),
        // Its own end and its status contradict each other: nobody may have closed it, or it goes on.
        ("a course that is over", with("2026-11-01", until("2026-11-08")), "either: imprecise"),
        ("a course that goes on", with("2026-11-01", until("2026-11-30")), "yes"),
        (
            "no longer to be dispensed",
            with("2026-11-01", json!({ "dispenseRequest": { "validityPeriod": { "end": "2026-11-08" } } })),
            "either: imprecise",
        ),
        (
            "no longer to be dispensed, and old",
            with("2026-08-01", json!({ "dispenseRequest": { "validityPeriod": { "end": "2026-09-08" } } })),
            "no: stale",
        ),
        ("no drug", with("2026-11-20", json!({ "medicationCodeableConcept": null })), "either: imprecise"),
        ("drafted beside it", Body::of(&[]).draft(drafted("rx:21212", &json!({}))), "yes"),
        (
            "drafted and withdrawn",
            Body::of(&[]).draft(drafted("rx:21212", &json!({ "status": "cancelled" }))),
            "no",
        ),
    ];
    check(INHIBITOR, rows);
}

#[test]
fn on_a_statement() {
    let with = |more: Value| Body::of(&[statement("rx:21212", &more)]);
    let rows: &[Row<'_>] = &[
        ("asserted", with(json!({ "dateAsserted": "2026-11-01" })), "yes"),
        ("taken at a time", with(json!({ "effectiveDateTime": "2026-11-01" })), "yes"),
        ("taken since", with(json!({ "effectivePeriod": { "start": "2019" } })), "yes"),
        (
            "taken until lately",
            with(json!({ "effectivePeriod": { "start": "2019", "end": "2026-11-01" } })),
            "yes",
        ),
        (
            "taken until long ago",
            with(json!({ "effectivePeriod": { "start": "2019", "end": "2020" } })),
            "no: stale",
        ),
        ("60 times 24 hours", with(json!({ "dateAsserted": "2026-09-23T15:00:00Z" })), "yes"),
        ("one second more", with(json!({ "dateAsserted": "2026-09-23T14:59:59Z" })), "no: stale"),
        ("no date", with(json!({})), "either: imprecise"),
        ("on hold", with(json!({ "status": "on-hold", "dateAsserted": "2026-11-01" })), "either: imprecise"),
        ("unknown", with(json!({ "status": "unknown", "dateAsserted": "2026-11-01" })), "either: imprecise"),
        ("no status", with(json!({ "status": null, "dateAsserted": "2026-11-01" })), "either: imprecise"),
        (
            "a status that FHIR does not know",
            with(json!({ "status": "Active", "dateAsserted": "2026-11-01" })),
            "either: imprecise",
        ),
        (
            "a status of R5",
            with(json!({ "status": "recorded", "dateAsserted": "2026-11-01" })),
            "either: imprecise",
        ),
        ("completed", with(json!({ "status": "completed", "dateAsserted": "2026-11-01" })), "no"),
        ("stopped", with(json!({ "status": "stopped", "dateAsserted": "2026-11-01" })), "no"),
        ("not taken", with(json!({ "status": "not-taken", "dateAsserted": "2026-11-01" })), "no"),
        ("intended", with(json!({ "status": "intended", "dateAsserted": "2026-11-01" })), "no"),
        (
            "entered in error",
            with(json!({ "status": "entered-in-error", "dateAsserted": "2026-11-01" })),
            "no",
        ),
        (
            "no drug",
            with(json!({ "dateAsserted": "2026-11-01", "medicationCodeableConcept": null })),
            "either: imprecise",
        ),
    ];
    check(INHIBITOR, rows);
}

#[test]
fn without_a_complete_search() {
    for search in [Search::MedicationRequests, Search::MedicationStatements] {
        let rows: &[Row<'_>] = &[
            ("nothing", Body::of(&[]), "no"),
            ("not sent", Body::of(&[]).unsent(search), "either: unavailable"),
            ("failed", Body::of(&[]).failed(search), "either: unavailable"),
            ("paged", Body::of(&[]).paged(search), "either: unavailable"),
            ("found all the same", now("rx:21212").paged(Search::MedicationRequests), "yes"),
        ];
        check(INHIBITOR, rows);
    }
}
