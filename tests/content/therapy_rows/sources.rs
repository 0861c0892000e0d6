//! Every source of therapy in every status.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::chart::{concept, merged};

/// What a resource shows by its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The drug was given, or handed out.
    Given,
    /// It may have been given.
    Perhaps,
    /// Nothing.
    Nothing,
}

use Shows::{Given, Nothing, Perhaps};

/// A drug, and from when until when it was given.
#[derive(Clone, Copy)]
pub struct Course<'c> {
    /// Its code.
    pub code: &'c str,
    /// The same in words, as a Procedure has them.
    pub words: &'c str,
    pub from: &'c str,
    pub to: &'c str,
}

/// A course of a drug by its code.
pub fn course<'c>(code: &'c str, words: &'c str, from: &'c str, to: &'c str) -> Course<'c> {
    Course { code, words, from, to }
}

impl Course<'_> {
    fn id(&self, kind: &str) -> String {
        format!("{kind}-{}-{}", self.words, self.from).replace([' ', ':', '+'], "-")
    }

    fn period(&self) -> Value {
        json!({ "start": self.from, "end": self.to })
    }

    /// Given over a period.
    pub fn administered(&self, more: &Value) -> Value {
        let one = json!({ "resourceType": "MedicationAdministration", "id": self.id("a"), "status": "completed",
            "medicationCodeableConcept": concept(self.code), "effectivePeriod": self.period() });
        merged(one, more)
    }

    /// Handed out on the first day, for all days.
    pub fn dispensed(&self, more: &Value) -> Value {
        let (from, to): (Date, Date) = (self.from.parse().unwrap(), self.to.parse().unwrap());
        let days = from.until(to).unwrap().get_days() + 1;
        let one = json!({ "resourceType": "MedicationDispense", "id": self.id("d"), "status": "completed",
            "medicationCodeableConcept": concept(self.code), "whenHandedOver": self.from,
            "daysSupply": { "value": days, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d" } });
        merged(one, more)
    }

    /// Stated.
    pub fn stated(&self, more: &Value) -> Value {
        let one = json!({ "resourceType": "MedicationStatement", "id": self.id("s"), "status": "completed",
            "medicationCodeableConcept": concept(self.code), "effectivePeriod": self.period() });
        merged(one, more)
    }

    /// Ordered.
    pub fn ordered(&self, more: &Value) -> Value {
        let timing = json!({ "repeat": { "boundsPeriod": self.period() } });
        let one = json!({ "resourceType": "MedicationRequest", "id": self.id("r"), "status": "active", "intent": "order",
            "medicationCodeableConcept": concept(self.code), "authoredOn": self.from,
            "dosageInstruction": [{ "timing": timing }] });
        merged(one, more)
    }

    /// Given by a procedure.
    pub fn performed(&self, more: &Value) -> Value {
        let one = json!({ "resourceType": "Procedure", "id": self.id("p"), "status": "completed",
            "code": { "text": format!("{} infusion", self.words) }, "performedPeriod": self.period() });
        merged(one, more)
    }

    /// Planned, and said to be done.
    pub fn planned(&self, plan: &Value, detail: &Value) -> Value {
        let usual = json!({ "kind": "MedicationRequest", "status": "completed",
            "productCodeableConcept": concept(self.code), "scheduledPeriod": self.period() });
        let one = json!({ "resourceType": "CarePlan", "id": self.id("c"), "status": "active", "intent": "plan",
            "activity": [{ "detail": merged(usual, detail) }] });
        merged(one, plan)
    }

    /// Every source in every status.
    pub fn everywhere(&self) -> Vec<(String, Value, Shows)> {
        [
            self.administrations(),
            self.dispenses(),
            self.statements(),
            self.orders(),
            self.procedures(),
            self.plans(),
        ]
        .concat()
    }

    fn administrations(&self) -> Vec<(String, Value, Shows)> {
        let rows = [
            ("completed", Given),
            ("in-progress", Given),
            ("stopped", Given),
            ("on-hold", Perhaps),
            ("unknown", Perhaps),
            ("in no code of FHIR", Perhaps),
            ("", Perhaps),
            ("not-done", Nothing),
            ("entered-in-error", Nothing),
        ];
        by_status("MedicationAdministration", &rows, |status| self.administered(status))
    }

    /// A partial hand-out counts by its date; without one it is only being made ready.
    fn dispenses(&self) -> Vec<(String, Value, Shows)> {
        let handed_over = [
            ("completed", Given),
            ("in-progress", Given),
            ("stopped", Given),
            ("on-hold", Perhaps),
            ("preparation", Perhaps),
            ("unknown", Perhaps),
            ("", Perhaps),
            ("cancelled", Nothing),
            ("declined", Nothing),
            ("entered-in-error", Nothing),
        ];
        let prepared = [
            ("completed", Given),
            ("in-progress", Perhaps),
            ("stopped", Perhaps),
            ("unknown", Perhaps),
            ("", Perhaps),
            ("on-hold", Nothing),
            ("preparation", Nothing),
            ("cancelled", Nothing),
            ("declined", Nothing),
            ("entered-in-error", Nothing),
        ];
        let only_prepared = self.dispensed(&json!({ "whenHandedOver": null, "whenPrepared": self.from }));
        let mut rows = by_status("MedicationDispense", &handed_over, |status| self.dispensed(status));
        let more = by_status("MedicationDispense, prepared", &prepared, |status| {
            merged(only_prepared.clone(), status)
        });
        rows.extend(more);
        rows
    }

    fn statements(&self) -> Vec<(String, Value, Shows)> {
        let rows = [
            ("active", Perhaps),
            ("completed", Perhaps),
            ("stopped", Perhaps),
            ("on-hold", Perhaps),
            ("unknown", Perhaps),
            ("", Perhaps),
            ("intended", Nothing),
            ("not-taken", Nothing),
            ("entered-in-error", Nothing),
        ];
        by_status("MedicationStatement", &rows, |status| self.stated(status))
    }

    fn orders(&self) -> Vec<(String, Value, Shows)> {
        let statuses = [
            ("active", Perhaps),
            ("on-hold", Perhaps),
            ("completed", Perhaps),
            ("stopped", Perhaps),
            ("unknown", Perhaps),
            ("", Perhaps),
            ("cancelled", Nothing),
            ("draft", Nothing),
            ("entered-in-error", Nothing),
        ];
        let intents = [
            ("original-order", Perhaps),
            ("reflex-order", Perhaps),
            ("filler-order", Perhaps),
            ("instance-order", Perhaps),
            ("", Perhaps),
            ("proposal", Nothing),
            ("plan", Nothing),
            ("option", Nothing),
        ];
        let mut rows = by_status("MedicationRequest", &statuses, |status| self.ordered(status));
        rows.extend(by("intent", "MedicationRequest", &intents, |intent| self.ordered(intent)));
        let not_to = self.ordered(&json!({ "doNotPerform": true }));
        rows.push(("MedicationRequest not to be performed".to_owned(), not_to, Nothing));
        rows
    }

    fn procedures(&self) -> Vec<(String, Value, Shows)> {
        let rows = [
            ("completed", Given),
            ("in-progress", Given),
            ("stopped", Given),
            ("on-hold", Perhaps),
            ("unknown", Perhaps),
            ("", Perhaps),
            ("preparation", Nothing),
            ("not-done", Nothing),
            ("entered-in-error", Nothing),
        ];
        by_status("Procedure", &rows, |status| self.performed(status))
    }

    fn plans(&self) -> Vec<(String, Value, Shows)> {
        let activities = [
            ("completed", Perhaps),
            ("stopped", Perhaps),
            ("in-progress", Perhaps),
            ("on-hold", Perhaps),
            ("unknown", Perhaps),
            ("", Perhaps),
            ("not-started", Nothing),
            ("scheduled", Nothing),
            ("cancelled", Nothing),
            ("entered-in-error", Nothing),
        ];
        let plans = [
            ("active", Perhaps),
            ("on-hold", Perhaps),
            ("revoked", Perhaps),
            ("completed", Perhaps),
            ("unknown", Perhaps),
            ("", Perhaps),
            ("draft", Nothing),
            ("entered-in-error", Nothing),
        ];
        let intents = [("order", Perhaps), ("", Perhaps), ("proposal", Nothing), ("option", Nothing)];
        let none = json!({});
        let mut rows = by_status("CarePlan activity", &activities, |status| self.planned(&none, status));
        rows.extend(by_status("CarePlan", &plans, |status| self.planned(status, &none)));
        rows.extend(by("intent", "CarePlan", &intents, |intent| self.planned(intent, &none)));
        let not_to = self.planned(&none, &json!({ "doNotPerform": true }));
        rows.push(("CarePlan activity not to be performed".to_owned(), not_to, Nothing));
        rows
    }
}

fn by_status(
    kind: &str,
    rows: &[(&str, Shows)],
    resource: impl Fn(&Value) -> Value,
) -> Vec<(String, Value, Shows)> {
    by("status", kind, rows, resource)
}

/// One resource for each code of a member; none where the code is empty.
fn by(
    member: &str,
    kind: &str,
    rows: &[(&str, Shows)],
    resource: impl Fn(&Value) -> Value,
) -> Vec<(String, Value, Shows)> {
    let of = |(code, shows): &(&str, Shows)| {
        let value = if code.is_empty() { Value::Null } else { json!(code) };
        (format!("{kind}, {member} `{code}`"), resource(&json!({ (member): value })), *shows)
    };
    rows.iter().map(of).collect()
}
