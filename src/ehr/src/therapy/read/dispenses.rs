//! What was handed out.

use criteria::Evidence;

use super::days::{Course, days_in};
use super::why::Words;
use super::{Reader, Telling};
use crate::elements::cited;
use crate::fhir::MedicationDispense;
use crate::record::Told;
use crate::therapy::recorded::Strength;

impl Reader<'_, '_, '_> {
    pub(super) fn dispenses(&mut self) {
        for (position, drug) in self.reading.record.medication_dispenses.iter().enumerate() {
            let dispense = &drug.resource;
            let Some(strength) = strength(dispense) else { continue };
            let Some(said) = self.said(Told::Dispense, position, drug.concept.as_ref()) else { continue };
            let handed = dispense.when_handed_over.get().or_else(|| dispense.when_prepared.get());
            if self.now.is_ahead(handed) {
                continue;
            }
            let evidence = Evidence {
                reference: cited::reference("MedicationDispense", &dispense.id),
                path: "MedicationDispense.medication".into(),
                value: cited::drug(drug.concept.as_ref()),
                date: handed.map(str::to_owned),
                note: None,
            };
            let words = Words {
                extension: &dispense.extension.read(),
                note: &dispense.note.read(),
                drug: self.drugs.intent(Told::Dispense, position),
                ..Words::default()
            };
            let course = self.supplied(dispense, handed);
            self.tell(Telling { said, strength, course, evidence, words });
        }
    }

    /// From when it was handed out to the last day that it lasts.
    fn supplied(&self, dispense: &MedicationDispense<'_>, handed: Option<&str>) -> Course {
        let once = self.now.once(handed);
        let days = dispense.days_supply.get().and_then(days_in);
        Course { last: days.and_then(|days| self.now.after(once.start, days)).or(once.last), ..once }
    }
}

/// What a dispense shows by its status; nothing of one that was not, or not yet, handed out.
fn strength(dispense: &MedicationDispense<'_>) -> Option<Strength> {
    let is_handed_over = dispense.when_handed_over.get().is_some();
    match dispense.status.get() {
        Some("completed") => Some(Strength::Dispensed),
        // A part of it may have been handed out.
        Some("in-progress" | "stopped") if is_handed_over => Some(Strength::Dispensed),
        Some("cancelled" | "declined" | "entered-in-error") => None,
        // With a day of handing over the two contradict each other.
        Some("preparation" | "on-hold") if !is_handed_over => None,
        _ => Some(Strength::Ordered),
    }
}
