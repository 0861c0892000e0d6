//! `order.partners`.

use ehr::search::Search;
use serde_json::{Value, json};

use crate::body::{Body, Row, check, drafted, on_order};

const ELEMENT: &str = "order.partners";
const XELODA: &str = "rx:194000";

fn on_record(drug: &str, date: &str, more: &Value) -> Body {
    Body::of(&[on_order(drug, date, more)])
}

fn now(drug: &str) -> Body {
    on_record(drug, "2026-11-20", &json!({}))
}

#[test]
fn by_drug() {
    let rows: &[Row<'_>] = &[
        ("nothing", Body::of(&[]), "alone"),
        ("capecitabine, ingredient", now("rx:194000"), "+capecitabine"),
        ("capecitabine, product", now("rx:200328"), "+capecitabine"),
        ("capecitabine, HCPCS", now("hcpcs:J8521"), "+capecitabine"),
        ("capecitabine, in words", now("Xeloda 500 mg tablet"), "+capecitabine"),
        ("trastuzumab, ingredient", now("rx:224905"), "+trastuzumab"),
        ("trastuzumab, biosimilar", now("rx:2179758"), "+trastuzumab"),
        ("trastuzumab, biosimilar in words", now("trastuzumab-anns 420 mg"), "+trastuzumab"),
        ("trastuzumab, subcutaneous", now("rx:2119714"), "+trastuzumab"),
        ("with pertuzumab in one product", now("rx:2382609"), "+trastuzumab +other-antineoplastic"),
        ("emtansine by code", now("rx:1371041"), "+other-antineoplastic"),
        ("emtansine by brand", now("rx:1371046"), "+other-antineoplastic"),
        (
            "emtansine rolled up to its ingredient",
            now("rx:224905 ado-trastuzumab emtansine"),
            "+other-antineoplastic",
        ),
        ("the same, short", now("rx:224905 TDM-1"), "+other-antineoplastic"),
        ("the same, short otherwise", now("rx:224905 T-DM1"), "+other-antineoplastic"),
        ("the same, short a third way", now("rx:224905 T-DM-1 3.6 mg/kg"), "+other-antineoplastic"),
        ("the same, half of it", now("rx:224905 ado trastuzumab"), "+other-antineoplastic"),
        ("the same, half with a hyphen", now("rx:224905 ado-trastuzumab"), "+other-antineoplastic"),
        ("deruxtecan rolled up", now("rx:224905 fam-trastuzumab deruxtecan-nxki"), "+other-antineoplastic"),
        ("deruxtecan, short", now("rx:224905 T-DXd"), "+other-antineoplastic"),
        ("deruxtecan, half of it", now("rx:224905 fam-trastuzumab"), "+other-antineoplastic"),
        ("carboplatin", now("rx:40048"), "+other-antineoplastic"),
        ("paclitaxel", now("rx:56946"), "+other-antineoplastic"),
        ("bevacizumab", now("rx:253337"), "+other-antineoplastic"),
        ("pembrolizumab", now("pembrolizumab"), "+other-antineoplastic"),
        ("palbociclib", now("rx:1601374"), "+other-antineoplastic"),
        ("endocrine, merely ongoing", now("rx:72965"), "?endocrine: imprecise"),
        ("fulvestrant, merely ongoing", now("rx:282357"), "?endocrine: imprecise"),
        ("a co-pack is two drugs", now("rx:1923053"), "?endocrine +other-antineoplastic: imprecise"),
        ("ovarian suppression", now("rx:50610"), "alone"),
        ("growth factor", now("pegfilgrastim 6 mg"), "alone"),
        ("bone agent", now("zoledronic acid"), "alone"),
        ("premedication", now("diphenhydramine 50 mg"), "alone"),
        ("the drug of the order itself", now("rx:337523"), "alone"),
        ("the other vial of the order's drug", now("rx:1726276"), "alone"),
        (
            "two partners",
            Body::of(&[
                on_order("rx:194000", "2026-11-20", &json!({})),
                on_order("rx:224905", "2026-11-20", &json!({})),
            ]),
            "+capecitabine +trastuzumab",
        ),
    ];
    check(ELEMENT, rows);
}

#[test]
fn by_status_and_intent() {
    let with = |more: Value| on_record(XELODA, "2026-11-20", &more);
    let rows: &[Row<'_>] = &[
        ("active order", with(json!({})), "+capecitabine"),
        ("original order", with(json!({ "intent": "original-order" })), "+capecitabine"),
        ("reflex order", with(json!({ "intent": "reflex-order" })), "+capecitabine"),
        ("filler order", with(json!({ "intent": "filler-order" })), "+capecitabine"),
        ("instance order", with(json!({ "intent": "instance-order" })), "+capecitabine"),
        ("proposal", with(json!({ "intent": "proposal" })), "alone"),
        ("plan", with(json!({ "intent": "plan" })), "alone"),
        ("option", with(json!({ "intent": "option" })), "alone"),
        ("no intent", with(json!({ "intent": null })), "?capecitabine: imprecise"),
        ("on hold", with(json!({ "status": "on-hold" })), "?capecitabine: imprecise"),
        ("unknown status", with(json!({ "status": "unknown" })), "?capecitabine: imprecise"),
        ("no status", with(json!({ "status": null })), "?capecitabine: imprecise"),
        ("stopped", with(json!({ "status": "stopped" })), "alone"),
        ("completed", with(json!({ "status": "completed" })), "alone"),
        ("cancelled", with(json!({ "status": "cancelled" })), "alone"),
        ("entered in error", with(json!({ "status": "entered-in-error" })), "alone"),
        ("draft on record", with(json!({ "status": "draft" })), "alone"),
        ("ended (R5)", with(json!({ "status": "ended" })), "alone"),
        ("a status that FHIR does not know", with(json!({ "status": "Active" })), "?capecitabine: imprecise"),
        ("an intent that FHIR does not know", with(json!({ "intent": "Order" })), "?capecitabine: imprecise"),
        ("not to be given", with(json!({ "doNotPerform": true })), "alone"),
        (
            "of another patient",
            with(json!({ "subject": { "reference": "Patient/q" } })),
            "?capecitabine ?trastuzumab ?endocrine ?other-antineoplastic: unavailable",
        ),
    ];
    check(ELEMENT, rows);
}

#[test]
fn by_date() {
    let at = |date: &str| on_record(XELODA, date, &json!({}));
    let rows: &[Row<'_>] = &[
        ("60 times 24 hours", at("2026-09-23T15:00:00Z"), "+capecitabine"),
        ("one second more", at("2026-09-23T14:59:59Z"), "alone"),
        ("the edge in another zone", at("2026-09-23T11:00:00-04:00"), "+capecitabine"),
        ("before the edge in another zone", at("2026-09-23T20:29:59+05:30"), "alone"),
        ("the edge without a zone", at("2026-09-23T15:00:00"), "+capecitabine"),
        ("a day of which a moment counts", at("2026-09-23"), "+capecitabine"),
        ("the day before", at("2026-09-22"), "alone"),
        ("a month within", at("2026-10"), "+capecitabine"),
        ("a month across the edge", at("2026-09"), "?capecitabine: imprecise"),
        ("a month before", at("2026-08"), "alone"),
        ("this year", at("2026"), "?capecitabine: imprecise"),
        ("last year", at("2025"), "alone"),
        ("no date", on_record(XELODA, "", &json!({ "authoredOn": null })), "?capecitabine: imprecise"),
        ("an hour ahead", at("2026-11-22T16:00:00Z"), "+capecitabine"),
        ("next month", at("2026-12-24"), "?capecitabine: imprecise"),
    ];
    check(ELEMENT, rows);
    let old = at("2026-09-22").evidence(ELEMENT);
    assert!(old.contains("ordered 61 days ago"), "{old}");
}

#[test]
fn an_order_that_has_run_out_may_be_over() {
    let bounded = |end: &str| json!({ "dosageInstruction": [{ "timing": { "repeat": { "boundsPeriod": { "start": "2026-10-01", "end": end } } } }] });
    let valid =
        |end: &str| json!({ "dispenseRequest": { "validityPeriod": { "start": "2026-10-01", "end": end } } });
    let with = |more: Value| on_record(XELODA, "2026-10-01", &more);
    let one_open = json!({ "dosageInstruction": [{ "timing": { "repeat": { "boundsPeriod": { "end": "2026-10-15" } } } }, { "text": "1500 mg twice daily" }] });
    let rows: &[Row<'_>] = &[
        ("until tomorrow", with(bounded("2026-11-23")), "+capecitabine"),
        ("until this day", with(bounded("2026-11-22")), "+capecitabine"),
        // Active and not stopped, it is a partner by its status; by its own end the cycle before may have been the last.
        ("until yesterday", with(bounded("2026-11-21")), "?capecitabine: imprecise"),
        ("until a second ago", with(bounded("2026-11-22T14:59:59Z")), "?capecitabine: imprecise"),
        (
            "until yesterday, a supportive drug",
            on_record("ondansetron", "2026-10-01", &bounded("2026-11-21")),
            "alone",
        ),
        ("until yesterday, and old", on_record(XELODA, "2026-08-01", &bounded("2026-11-21")), "alone"),
        (
            "until yesterday, and stopped",
            with(crate::body::merged(bounded("2026-11-21"), &json!({ "status": "stopped" }))),
            "alone",
        ),
        ("until this month", with(bounded("2026-11")), "+capecitabine"),
        (
            "from some time on",
            with(
                json!({ "dosageInstruction": [{ "timing": { "repeat": { "boundsPeriod": { "start": "2026-10-01" } } } }] }),
            ),
            "+capecitabine",
        ),
        ("one instruction of two has ended", with(one_open), "+capecitabine"),
        ("to be dispensed until tomorrow", with(valid("2026-11-23")), "+capecitabine"),
        ("to be dispensed until yesterday", with(valid("2026-11-21")), "?capecitabine: imprecise"),
        (
            "on hold, and run out",
            with(crate::body::merged(valid("2026-11-21"), &json!({ "status": "on-hold" }))),
            "?capecitabine: imprecise",
        ),
    ];
    check(ELEMENT, rows);
    let over = with(bounded("2026-11-21")).gaps(ELEMENT);
    assert!(over.contains("ran out on 2026-11-21"), "{over}");
}

#[test]
fn a_drug_that_nothing_names_may_be_any() {
    let any = "?capecitabine ?trastuzumab ?endocrine ?other-antineoplastic: imprecise";
    let without = |more: Value| on_record("x", "2026-11-20", &more);
    let nowhere = json!({ "medicationCodeableConcept": null, "medicationReference": { "reference": "Medication/gone" } });
    let medication = json!({ "resourceType": "Medication", "id": "m", "code": { "coding": [{ "code": "194000", "system": "http://www.nlm.nih.gov/research/umls/rxnorm" }] } });
    let pointed =
        json!({ "medicationCodeableConcept": null, "medicationReference": { "reference": "Medication/m" } });
    let inside = json!({ "medicationCodeableConcept": null, "medicationReference": { "reference": "#m" }, "contained": [medication] });
    let rows: &[Row<'_>] = &[
        ("no drug", without(json!({ "medicationCodeableConcept": null })), any),
        ("an empty drug", without(json!({ "medicationCodeableConcept": {} })), any),
        (
            "a coding without code and words",
            without(json!({ "medicationCodeableConcept": { "coding": [{ "system": "urn:x" }] } })),
            any,
        ),
        ("blank words", without(json!({ "medicationCodeableConcept": { "text": "  " } })), any),
        ("a reference that leads nowhere", without(nowhere.clone()), any),
        (
            "a reference that leads to no code",
            Body::of(&[
                on_order("x", "2026-11-20", &pointed),
                json!({ "resourceType": "Medication", "id": "m" }),
            ]),
            any,
        ),
        ("the same, long ago", on_record("x", "2026-01-01", &nowhere), "alone"),
        ("a code without words, in no value set", now("local:4711"), any),
        ("the same, of a known system", now("rx:99999999"), any),
        ("the same, long ago", on_record("local:4711", "2026-01-01", &json!({})), "alone"),
        ("the same, drafted", Body::of(&[]).draft(drafted("local:4711", &json!({}))), any),
        (
            "its own code for words",
            without(
                json!({ "medicationCodeableConcept": { "coding": [{ "system": "urn:local", "code": "4711", "display": "4711" }] } }),
            ),
            any,
        ),
        (
            "words that name no antineoplastic",
            without(
                json!({ "medicationCodeableConcept": { "coding": [{ "system": "urn:local", "code": "4711", "display": "Ondansetron" }] } }),
            ),
            "alone",
        ),
        (
            "a reference to another entry",
            Body::of(&[on_order("x", "2026-11-20", &pointed), medication.clone()]),
            "+capecitabine",
        ),
        ("a reference to a contained drug", without(inside), "+capecitabine"),
        (
            "a reference with words",
            without(
                json!({ "medicationCodeableConcept": null, "medicationReference": { "reference": "Medication/gone", "display": "Xeloda" } }),
            ),
            "+capecitabine",
        ),
        (
            "drafted without a drug",
            Body::of(&[]).draft(drafted("x", &json!({ "medicationCodeableConcept": null }))),
            any,
        ),
    ];
    check(ELEMENT, rows);
}

#[test]
fn in_the_same_hook() {
    let rows: &[Row<'_>] = &[
        ("drafted", Body::of(&[]).draft(drafted(XELODA, &json!({}))), "+capecitabine"),
        (
            "drafted as a proposal",
            Body::of(&[]).draft(drafted(XELODA, &json!({ "intent": "proposal" }))),
            "+capecitabine",
        ),
        (
            "drafted without a date",
            Body::of(&[]).draft(drafted(XELODA, &json!({ "authoredOn": null }))),
            "+capecitabine",
        ),
        ("endocrine therapy drafted", Body::of(&[]).draft(drafted("rx:72965", &json!({}))), "+endocrine"),
        (
            "endocrine therapy drafted and ongoing",
            Body::of(&[on_order("rx:72965", "2026-11-01", &json!({}))])
                .draft(drafted("rx:72965", &json!({ "id": "d" }))),
            "+endocrine",
        ),
        ("withdrawn", Body::of(&[]).draft(drafted(XELODA, &json!({ "status": "cancelled" }))), "alone"),
        ("not to be given", Body::of(&[]).draft(drafted(XELODA, &json!({ "doNotPerform": true }))), "alone"),
        ("supportive", Body::of(&[]).draft(drafted("pegfilgrastim", &json!({}))), "alone"),
        (
            "the other vial of the order's drug",
            Body::of(&[]).draft(drafted("rx:1726276", &json!({}))),
            "alone",
        ),
        (
            "cannot be read",
            Body::of(&[]).draft(json!({ "resourceType": 7 })),
            "?capecitabine ?trastuzumab ?endocrine ?other-antineoplastic: unavailable",
        ),
        (
            "on record as the draft itself",
            Body::of(&[on_order("x", "2026-11-20", &json!({ "id": "order" }))]),
            "alone",
        ),
    ];
    check(ELEMENT, rows);
    let named = Body::of(&[]).draft(drafted("pegfilgrastim", &json!({}))).evidence(ELEMENT);
    assert!(named.contains("pegfilgrastim not known as an antineoplastic drug"), "{named}");
}

#[test]
fn without_a_complete_search() {
    let any = "?capecitabine ?trastuzumab ?endocrine ?other-antineoplastic: unavailable";
    let partner = || now(XELODA);
    let rows: &[Row<'_>] = &[
        ("not sent", Body::of(&[]).unsent(Search::MedicationRequests), any),
        ("failed", Body::of(&[]).failed(Search::MedicationRequests), any),
        ("paged", Body::of(&[]).paged(Search::MedicationRequests), any),
        (
            "paged, with a partner on the first page",
            partner().paged(Search::MedicationRequests),
            "+capecitabine ?trastuzumab ?endocrine ?other-antineoplastic: unavailable",
        ),
        ("statements are no source", Body::of(&[]).unsent(Search::MedicationStatements), "alone"),
    ];
    check(ELEMENT, rows);
}
