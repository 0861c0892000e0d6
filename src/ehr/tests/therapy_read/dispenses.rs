//! MedicationDispense.

use serde_json::{Value, json};

use crate::chart::{drug, holds};

fn dispense() -> Value {
    json!({ "resourceType": "MedicationDispense", "id": "d", "status": "completed",
        "medicationCodeableConcept": drug("alphacin"), "whenHandedOver": "2026-01-01",
        "daysSupply": { "value": 90, "unit": "days" } })
}

#[test]
fn by_status() {
    let dispensed: &[&str] = &["alphacin dispensed 2026-01-01 to 2026-03-31"];
    let ordered: &[&str] = &["alphacin ordered 2026-01-01 to 2026-03-31"];
    let prepared =
        |status: &str| json!({ "status": status, "whenHandedOver": null, "whenPrepared": "2026-01-01" });
    holds(
        &dispense(),
        &[
            ("completed", json!({ "status": "completed" }), dispensed),
            ("completed, prepared", prepared("completed"), dispensed),
            ("in progress", json!({ "status": "in-progress" }), dispensed),
            ("in progress, not handed over", prepared("in-progress"), ordered),
            ("stopped", json!({ "status": "stopped" }), dispensed),
            ("unknown", json!({ "status": "unknown" }), ordered),
            ("no status", json!({ "status": null }), ordered),
            ("preparation", prepared("preparation"), &[]),
            ("preparation, though handed over", json!({ "status": "preparation" }), ordered),
            ("on hold", prepared("on-hold"), &[]),
            ("on hold, though handed over", json!({ "status": "on-hold" }), ordered),
            ("cancelled", json!({ "status": "cancelled" }), &[]),
            ("declined", json!({ "status": "declined" }), &[]),
            ("in error", json!({ "status": "entered-in-error" }), &[]),
        ],
    );
}

#[test]
fn by_date_and_supply() {
    let supply = |value: Value, unit: &str| json!({ "daysSupply": { "value": value, "unit": unit } });
    holds(
        &dispense(),
        &[
            ("weeks", supply(json!(12), "wk"), &["alphacin dispensed 2026-01-01 to 2026-03-25"]),
            ("one day", supply(json!(1), "d"), &["alphacin dispensed 2026-01-01 to 2026-01-01"]),
            ("quoted", supply(json!("30"), "d"), &["alphacin dispensed 2026-01-01 to 2026-01-30"]),
            ("another unit", supply(json!(90), "tablets"), &["alphacin dispensed 2026-01-01 to 2026-01-01"]),
            ("no supply", json!({ "daysSupply": null }), &["alphacin dispensed 2026-01-01 to 2026-01-01"]),
            (
                "still lasting",
                json!({ "whenHandedOver": "2026-06-01" }),
                &["alphacin dispensed 2026-06-01 to 2026-06-15"],
            ),
            (
                "a month",
                json!({ "whenHandedOver": "2025-02" }),
                &["alphacin dispensed 2025-02-01/2025-02-28 to 2025-05-01/2025-05-28"],
            ),
            ("no date", json!({ "whenHandedOver": null }), &["alphacin dispensed ? to ?"]),
            ("to come", json!({ "whenHandedOver": "2026-07-01" }), &[]),
        ],
    );
}
