//! Which orders the cards are about: several in one Bundle, and the drug wherever it stands.

use serde_json::{Value, json};

use crate::support::resources::{RXNORM, concept, ixabepilone, order};
use crate::support::{Answer, POLICIES, Request};

/// The orders that the answer speaks about, each once.
fn spoken_about(answer: &Answer) -> Vec<String> {
    let mut orders: Vec<String> = answer
        .determinations()
        .iter()
        .map(|determination| determination.0["order"].as_str().expect("an order").to_owned())
        .collect();
    orders.sort();
    orders.dedup();
    orders
}

fn with_orders(orders: Value) -> Request {
    Request::meets().with("/context/draftOrders/entry", orders)
}

#[test]
fn every_order_of_ours_has_its_own_cards_and_no_other_has_any() {
    let orders = json!([
        { "resource": ixabepilone("one", "40", 1, 21) },
        { "resource": order("premedication", "3498", json!({ "text": "50 mg" })) },
        { "resource": ixabepilone("two", "16", 3, 28) }
    ]);
    let answer = with_orders(orders).post();
    assert_eq!(spoken_about(&answer), ["MedicationRequest/one", "MedicationRequest/two"]);
    assert_eq!(answer.determinations().len(), 2 * POLICIES.len());
    for card in answer.cards() {
        let detail = card["detail"].as_str().expect("a detail");
        assert!(
            detail.contains("MedicationRequest/one") != detail.contains("MedicationRequest/two"),
            "{detail}"
        );
    }
    let mut ids: Vec<String> = answer.cards().iter().map(|card| card["uuid"].to_string()).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "every card has an id of its own");
}

#[test]
fn the_drug_is_found_wherever_it_stands() {
    let medication = json!({ "resourceType": "Medication", "id": "m1", "code": concept(RXNORM, "1726271") });
    let url = "https://ehr.example.org/r4/Medication/m1";
    let mut order = ixabepilone("ord1", "40", 1, 21);
    order.as_object_mut().expect("an order").shift_remove("medicationCodeableConcept");
    let referring = |reference: &str| {
        let mut order = order.clone();
        order["medicationReference"] = json!({ "reference": reference });
        order
    };
    let mut contained = referring("#m1");
    contained["contained"] = json!([medication]);
    let mut in_words = order.clone();
    in_words["medicationCodeableConcept"] = json!({ "text": "IXEMPRA 45 mg kit" });
    let rows = [
        json!([{ "resource": contained }]),
        json!([{ "resource": referring("Medication/m1") }, { "resource": medication }]),
        json!([{ "fullUrl": url, "resource": medication }, { "resource": referring(url) }]),
        json!([{ "resource": in_words }]),
    ];
    for orders in rows {
        assert_eq!(spoken_about(&with_orders(orders.clone()).post()), ["MedicationRequest/ord1"], "{orders}");
    }
    let nowhere = json!([{ "resource": referring("Medication/elsewhere") }]);
    assert_eq!(with_orders(nowhere).post().json(), json!({ "cards": [] }));
}

/// A dose that is changed comes back as the client's own order, down to the decimals and the members nobody knows.
#[test]
fn an_order_that_comes_back_is_the_clients_own() {
    let mut order = ixabepilone("ord1", "40.00", 1, 21);
    order["extension"] = json!([{ "url": "https://ehr.example.org/x", "valueDecimal": 1 }]);
    order["note"] = json!([]);
    let mut request = with_orders(json!([{ "resource": order }]));
    let labs = request.0.pointer_mut("/prefetch/laboratory/entry").expect("labs");
    // Bilirubin twice the upper limit: the label's table has a lower dose for it.
    labs[4]["resource"]["valueQuantity"]["value"] = json!(2.4);
    let answer = request.post();
    let cards = answer.cards();
    let suggestions = cards.iter().filter_map(|card| card["suggestions"].as_array()).flatten();
    let actions = suggestions.filter_map(|suggestion| suggestion["actions"].as_array()).flatten();
    let updates: Vec<&Value> = actions.filter(|action| action["type"] == "update").collect();
    assert!(!updates.is_empty(), "{}", answer.text());
    for update in updates {
        let mut back = update["resource"].clone();
        let dose = "/dosageInstruction/0/doseAndRate/0/doseQuantity/value";
        assert_ne!(back.pointer(dose), order.pointer(dose));
        *back.pointer_mut(dose).expect("a dose") = order.pointer(dose).expect("a dose").clone();
        assert_eq!(back, order, "only the dose is another");
    }
}
