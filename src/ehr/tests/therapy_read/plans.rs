//! CarePlan activities.

use serde_json::{Value, json};

use crate::chart::{Chart, details, drug, exposures, lines, with};

fn plan(detail: Value) -> Value {
    let detail = with(json!({ "status": "completed", "productCodeableConcept": drug("alphacin") }), detail);
    json!({ "resourceType": "CarePlan", "id": "c", "status": "active", "intent": "plan",
        "period": { "start": "2025-01-10", "end": "2025-04-20" }, "activity": [{ "detail": detail }] })
}

#[test]
fn by_status_of_the_activity() {
    let stated: &[&str] = &["alphacin stated 2025-01-10 to 2025-04-20"];
    let ordered: &[&str] = &["alphacin ordered 2025-01-10 to 2025-04-20"];
    let rows = [
        ("completed", stated),
        ("stopped", stated),
        ("in-progress", ordered),
        ("on-hold", ordered),
        ("unknown", ordered),
        ("not-started", &[]),
        ("scheduled", &[]),
        ("cancelled", &[]),
        ("entered-in-error", &[]),
    ];
    for (status, expected) in rows {
        assert_eq!(exposures(&plan(json!({ "status": status }))), expected, "{status}");
    }
}

#[test]
fn by_status_of_the_plan() {
    for (members, is_read) in [
        (json!({ "status": "completed" }), true),
        (json!({ "status": "revoked" }), true),
        (json!({ "intent": "order" }), true),
        (json!({ "status": "draft" }), false),
        (json!({ "status": "entered-in-error" }), false),
        (json!({ "intent": "proposal" }), false),
        (json!({ "intent": "option" }), false),
    ] {
        assert_eq!(
            exposures(&with(plan(json!({})), members.clone())).len(),
            usize::from(is_read),
            "{members}"
        );
    }
}

#[test]
fn by_drug_and_date() {
    let stated: &[&str] = &["alphacin stated 2025-01-10 to 2025-04-20"];
    let none = Value::Null;
    let rows: [(Value, &[&str]); 6] = [
        (json!({ "productCodeableConcept": none, "code": drug("alphacin infusion") }), stated),
        (json!({ "productCodeableConcept": none, "description": "alphacin, three cycles" }), stated),
        (json!({ "productCodeableConcept": none, "code": drug("physiotherapy") }), &[]),
        (json!({ "productCodeableConcept": none }), &[]),
        (
            json!({ "scheduledPeriod": { "start": "2025-02-01", "end": "2025-03-01" } }),
            &["alphacin stated 2025-02-01 to 2025-03-01"],
        ),
        (json!({ "scheduledPeriod": { "start": "2026-06-16" } }), &[]),
    ];
    for (detail, expected) in rows {
        assert_eq!(exposures(&plan(detail.clone())), expected, "{detail}");
    }
    let unplaced =
        Chart::of(&[plan(json!({ "productCodeableConcept": drug("chemotherapy") }))]).read().unplaced;
    assert_eq!(
        details(&unplaced),
        ["chemotherapy on 2025-01-10 (CarePlan/c) is therapy, but which drug is not told"]
    );
}

#[test]
fn what_an_activity_points_to_is_an_order_or_a_proposal() {
    let inside = |resource: Value| {
        with(
            plan(json!({})),
            json!({ "activity": [{ "reference": { "reference": "#x" } }], "contained": [resource] }),
        )
    };
    let order = json!({ "resourceType": "MedicationRequest", "id": "x", "status": "active", "intent": "order",
        "medicationCodeableConcept": drug("alphacin"), "authoredOn": "2025-01-10" });
    assert_eq!(
        lines(&Chart::of(&[inside(order.clone())]).read()),
        ["alphacin ordered 2025-01-10 to 2025-01-10/2026-06-15"]
    );
    let option = with(order, json!({ "intent": "option" }));
    let group = json!({ "resourceType": "RequestGroup", "id": "x", "status": "active", "intent": "proposal",
        "action": [{ "title": "alphacin", "resource": { "reference": "#y" } }] });
    for proposed in [option, group] {
        assert_eq!(lines(&Chart::of(&[inside(proposed)]).read()), [""; 0]);
    }
}
