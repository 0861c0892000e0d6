//! What is said to have been taken, by the patient or by someone else.

use criteria::Evidence;

use super::days::Course;
use super::drugs::{Said, agents_in_text};
use super::why::Words;
use super::{Reader, Telling};
use crate::elements::cited;
use crate::fhir::{Annotation, Concept, MedicationStatement, Reference};
use crate::record::Told;
use crate::therapy::recorded::{Day, Strength};

impl Reader<'_, '_, '_> {
    pub(super) fn statements(&mut self) {
        for (position, drug) in self.reading.record.medication_statements.iter().enumerate() {
            let statement = &drug.resource;
            let Some(strength) = strength(statement.status.get()) else { continue };
            let said = self.said(Told::Statement, position, drug.concept.as_ref());
            let Some(said) = self.noted(said, drug.concept.as_ref(), &statement.note) else { continue };
            let Some(course) = self.taken(statement) else { continue };
            // Some senders state what was just ordered.
            if statement.based_on.read().iter().any(|source| self.leads_to_draft(source)) {
                continue;
            }
            let words = Words {
                extension: &statement.extension.read(),
                reason: &statement.reason_code.read(),
                status_reason: &statement.status_reason.read(),
                note: &statement.note,
                drug: self.drugs.intent(Told::Statement, position),
                is_stopped: statement.status.is("stopped"),
            };
            let evidence = Evidence {
                note: by_patient(statement).then(|| "as the patient reports".to_owned()),
                ..cited::statement(drug.concept.as_ref(), statement)
            };
            self.tell(Telling { said, strength, course, evidence, words });
        }
    }

    /// The agents that the comments name, where the drug itself names none and is no other drug by its code.
    fn noted(&self, said: Option<Said>, drug: Option<&Concept<'_>>, note: &[Annotation<'_>]) -> Option<Said> {
        let is_coded = drug.is_some_and(|drug| drug.coding.iter().any(|coding| coding.code.get().is_some()));
        if matches!(said, Some(Said::Agents(_))) || (said.is_none() && is_coded) {
            return said;
        }
        let texts = note.iter().filter_map(|note| note.text.get());
        let mut agents: Vec<usize> =
            texts.flat_map(|text| agents_in_text(self.rules, self.reading.terminology, text)).collect();
        agents.sort_unstable();
        agents.dedup();
        if agents.is_empty() { said } else { Some(Said::Agents(agents)) }
    }

    /// When it was taken; `None` where that is still to come.
    fn taken(&self, statement: &MedicationStatement<'_>) -> Option<Course> {
        let at = statement.effective_date_time.get();
        let period = statement.effective_period.get();
        let start = at.or_else(|| period.and_then(|period| period.start.get()));
        let end = period.and_then(|period| period.end.get());
        if self.now.is_ahead(start) {
            return None;
        }
        let asserted = self.now.day(statement.date_asserted.get());
        let first = self.now.day(start);
        let last = self.now.day(end.filter(|_| !self.now.is_planned(end)));
        let is_active = statement.status.is("active");
        Some(self.now.course(first, last.or_else(|| self.open(first, asserted, is_active))))
    }

    /// The last day of what has no end: what is active was taken when that was said, and may be until today; what is
    /// over was so by then.
    fn open(&self, first: Option<Day>, asserted: Option<Day>, is_active: bool) -> Option<Day> {
        let asserted =
            asserted.filter(|asserted| first.is_none_or(|first| asserted.latest >= first.earliest));
        match (first, asserted) {
            (_, Some(asserted)) if is_active => self.now.until_today(Some(asserted)),
            (Some(first), Some(asserted)) => Some(Day { earliest: first.earliest, latest: asserted.latest }),
            (first, None) => self.now.until_today(first),
            // It ended some time before it was said: no first day of that is known.
            (None, Some(_)) => None,
        }
    }
}

fn by_patient(statement: &MedicationStatement<'_>) -> bool {
    let source = statement.information_source.read();
    let target = source.get().and_then(Reference::target);
    target.is_some_and(|target| target.kind == Some("Patient"))
}

/// What a statement shows by its status.
fn strength(status: Option<&str>) -> Option<Strength> {
    match status {
        Some("active" | "completed" | "stopped" | "on-hold") => Some(Strength::Stated),
        Some("intended" | "not-taken" | "entered-in-error") => None,
        // Whether it was taken is not known.
        _ => Some(Strength::Ordered),
    }
}
