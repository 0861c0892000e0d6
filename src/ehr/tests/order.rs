//! Draft orders in the shapes in which they come.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

use ehr::order::{DraftOrders, DraftOrdersError};
use ehr::terminology::Terminology;
use serde_json::value::RawValue;
use serde_json::{Value, json};

fn terminology() -> Terminology {
    let file = json!({
        "resourceType": "ValueSet", "id": "drug", "version": "1", "status": "active",
        "extension": [{ "url": "urn:signpost:source", "valueString": "made up" }],
        "compose": { "include": [{ "system": "urn:signpost:text", "concept": [{ "code": "examplinib" }] }] },
    });
    Terminology::load(&[("drug.json".into(), file.to_string())]).unwrap()
}

fn with_drafts<T>(bundle: &Value, check: impl FnOnce(Result<DraftOrders<'_>, DraftOrdersError>) -> T) -> T {
    let raw = RawValue::from_string(bundle.to_string()).unwrap();
    check(DraftOrders::read(&raw))
}

fn request(members: &Value) -> Value {
    let mut request = json!({ "resourceType": "MedicationRequest", "status": "draft", "intent": "order" });
    request.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    request
}

#[test]
fn a_bundle_is_read_whatever_it_leaves_out() {
    let order = request(&json!({ "id": "1", "medicationCodeableConcept": { "text": "Examplinib" } }));
    let rows = [
        (json!({ "resourceType": "Bundle", "entry": [{ "resource": order }] }), Ok((1, false))),
        (json!({ "resourceType": "Bundle" }), Ok((0, false))),
        (json!({ "resourceType": "Bundle", "entry": null }), Ok((0, false))),
        (json!({ "resourceType": "Bundle", "entry": [] }), Ok((0, false))),
        (json!({ "resourceType": "Bundle", "entry": [null, { "resource": order }] }), Ok((1, false))),
        (
            json!({ "resourceType": "Bundle", "entry": [{ "resource": { "resourceType": "MedicationOrder" } },
                { "resource": { "resourceType": "ServiceRequest" } }] }),
            Ok((0, false)),
        ),
        (
            json!({ "resourceType": "Bundle", "entry": [{ "resource": { "id": "?" } }, { "resource": order }] }),
            Ok((1, true)),
        ),
        (
            json!({ "resourceType": "Bundle", "entry": [{ "resource": { "resourceType": "Bundle" } }] }),
            Ok((0, true)),
        ),
        (json!({ "resourceType": "Bundle", "entry": "x" }), Err(DraftOrdersError::Entries)),
        (order.clone(), Err(DraftOrdersError::NotABundle)),
        (json!("x"), Err(DraftOrdersError::NotABundle)),
        (json!(null), Err(DraftOrdersError::NotABundle)),
    ];
    for (bundle, expected) in rows {
        let found =
            with_drafts(&bundle, |drafts| drafts.map(|drafts| (drafts.orders.len(), drafts.has_unreadable)));
        assert_eq!(found, expected, "{bundle}");
    }
}

#[test]
fn the_orders_of_a_drug_are_found_wherever_it_stands() {
    let rows = [
        (json!({ "medicationCodeableConcept": { "text": "examplinib 5 mg" } }), true),
        (
            json!({ "medicationReference": { "reference": "#m" },
            "contained": [{ "resourceType": "Medication", "id": "m", "code": { "text": "Examplinib" } }] }),
            true,
        ),
        (json!({ "medicationReference": { "reference": "urn:uuid:1" } }), true),
        (json!({ "medicationReference": { "reference": "Medication/2" } }), true),
        (json!({ "medicationReference": { "display": "Examplinib" } }), true),
        (json!({ "medicationCodeableConcept": { "text": "other" } }), false),
        (json!({ "medicationCodeableConcept": { "text": "examplinib" }, "doNotPerform": true }), false),
        (
            json!({ "medicationCodeableConcept": { "text": "examplinib" }, "status": "entered-in-error" }),
            false,
        ),
        (json!({ "medicationCodeableConcept": { "text": "examplinib" }, "status": "active" }), true),
        (json!({}), false),
    ];
    let drug = json!({ "text": "Examplinib" });
    for (members, expected) in rows {
        let bundle = json!({ "resourceType": "Bundle", "entry": [
            { "resource": request(&json!({ "medicationCodeableConcept": { "text": "other" } })) },
            { "resource": request(&members) },
            { "fullUrl": "urn:uuid:1", "resource": { "resourceType": "Medication", "code": drug } },
            { "resource": { "resourceType": "Medication", "id": "2", "code": drug } },
        ] });
        let found = with_drafts(&bundle, |drafts| {
            let drafts = drafts.unwrap();
            let terminology = terminology();
            let orders = drafts.orders_of("drug", &terminology);
            orders.map(|order| order.reference.clone()).collect::<Vec<_>>()
        });
        assert_eq!(found == ["MedicationRequest/#2"], expected, "{members}: {found:?}");
    }
}

#[test]
fn an_order_keeps_its_own_json_and_what_it_points_to() {
    let contained = json!([
        { "resourceType": "Observation", "id": "a", "status": "final" },
        { "resourceType": "Observation", "id": "b", "status": "final" },
        { "resourceType": "Medication", "id": "c" },
    ]);
    let order = request(&json!({ "id": "7", "contained": contained, "x": 1.50,
        "supportingInformation": [{ "reference": "#a" }, { "reference": "#c" }, { "reference": "Observation/b" }] }));
    let bundle = json!({ "resourceType": "Bundle", "entry": [{ "resource": order }] });
    with_drafts(&bundle, |drafts| {
        let drafts = drafts.unwrap();
        let order_read = &drafts.orders[0];
        assert_eq!(order_read.reference, "MedicationRequest/7");
        assert_eq!(order_read.raw.get(), order.to_string());
        let observations = order_read.contained_observations();
        assert_eq!(observations.iter().map(|one| one.id.get()).collect::<Vec<_>>(), [Some("a")]);
    });
}
