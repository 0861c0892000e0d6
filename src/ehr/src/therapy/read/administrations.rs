//! What was given.

use criteria::Evidence;

use super::days::Course;
use super::why::Words;
use super::{Reader, Telling};
use crate::elements::{cited, focus};
use crate::fhir::MedicationAdministration;
use crate::record::Told;
use crate::therapy::recorded::Strength;

impl Reader<'_, '_, '_> {
    pub(super) fn administrations(&mut self) {
        for (position, drug) in self.reading.record.medication_administrations.iter().enumerate() {
            let Some(strength) = strength(drug.resource.status.get()) else { continue };
            let Some(said) = self.said(Told::Administration, position, drug.concept.as_ref()) else {
                continue;
            };
            let Some(course) = self.given(&drug.resource) else { continue };
            let administration = &drug.resource;
            // The reason is the disease that it was given for: another one may be no therapy of this one.
            let reasons = administration.reason_reference.read();
            let is_other =
                |other: &str| reasons.iter().all(|reason| focus::points_to(reason, other, self.reading));
            let strength = match self.rules.other.as_deref() {
                Some(other) if !reasons.is_empty() && is_other(other) => strength.min(Strength::Ordered),
                _ => strength,
            };
            let period = administration.effective_period.get();
            let evidence = Evidence {
                reference: cited::reference("MedicationAdministration", &administration.id),
                path: "MedicationAdministration.medication".into(),
                value: cited::drug(drug.concept.as_ref()),
                date: administration
                    .effective_date_time
                    .get()
                    .or_else(|| period.and_then(|period| period.start.get().or_else(|| period.end.get())))
                    .map(str::to_owned),
                note: None,
            };
            let words = Words {
                extension: &administration.extension.read(),
                reason: &administration.reason_code.read(),
                status_reason: &administration.status_reason.read(),
                note: &administration.note.read(),
                drug: self.drugs.intent(Told::Administration, position),
                is_stopped: administration.status.is("stopped"),
            };
            self.tell(Telling { said, strength, course, evidence, words });
        }
    }

    /// When it was given; `None` where that is still to come.
    fn given(&self, administration: &MedicationAdministration<'_>) -> Option<Course> {
        let at = administration.effective_date_time.get();
        let period = administration.effective_period.get();
        let start = at.or_else(|| period.and_then(|period| period.start.get()));
        if self.now.is_ahead(start) {
            return None;
        }
        Some(match (at, period) {
            (None, Some(period)) => self.now.during(period),
            (at, _) => self.now.once(at),
        })
    }
}

/// What an administration shows by its status; nothing of one that did not take place.
fn strength(status: Option<&str>) -> Option<Strength> {
    match status {
        Some("completed" | "in-progress" | "stopped") => Some(Strength::Given),
        Some("not-done" | "entered-in-error") => None,
        // Begun and held, or whether it took place is not known.
        _ => Some(Strength::Stated),
    }
}
