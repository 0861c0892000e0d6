//! What was done: giving a drug, and surgery.

use criteria::Evidence;

use super::days::Course;
use super::drugs::Said;
use super::why::Words;
use super::{Reader, Telling};
use crate::elements::cited;
use crate::fhir::Procedure;
use crate::record::Told;
use crate::therapy::recorded::{Day, Event, EventKind, Intent, Strength};

impl Reader<'_, '_, '_> {
    pub(super) fn procedures(&mut self) {
        let record = self.reading.record;
        for (position, procedure) in record.procedures.iter().enumerate() {
            let Some(strength) = strength(procedure.status.get()) else { continue };
            // A procedure that is no therapy is not therapy that was not understood.
            let Some(said) = self.drugs.said(Told::Procedure, position) else { continue };
            let Some(course) = self.done(procedure) else { continue };
            let intent = self.drugs.intent(Told::Procedure, position);
            self.given_by(procedure, Given { said, strength, course, intent });
        }
        for position in record.positions_in(Told::Procedure, &self.rules.surgery) {
            let Some(procedure) = record.procedures.get(*position) else { continue };
            self.surgery(procedure);
        }
    }

    fn given_by(&mut self, procedure: &Procedure<'_>, given: Given) {
        let Given { said, strength, course, intent } = given;
        let status_reason = procedure.status_reason.read();
        let words = Words {
            extension: &procedure.extension.read(),
            reason: &procedure.reason_code.read(),
            status_reason: status_reason.0.as_slice(),
            note: &procedure.note.read(),
            drug: intent,
            is_stopped: procedure.status.is("stopped"),
        };
        self.tell(Telling { said, strength, course, evidence: evidence(procedure), words });
    }

    fn surgery(&mut self, procedure: &Procedure<'_>) {
        let (Some(strength), Some(course)) = (strength(procedure.status.get()), self.done(procedure)) else {
            return;
        };
        // Within a period it is not known on which day.
        let day = match (course.start, course.last) {
            (Some(start), Some(last)) => Some(Day { earliest: start.earliest, latest: last.latest }),
            (start, last) => start.or(last),
        };
        self.recorded.events.push(Event {
            kind: EventKind::Surgery,
            day,
            may_be_earlier: false,
            is_sure: strength == Strength::Given,
            evidence: evidence(procedure),
        });
    }

    /// When it was done; `None` where that is still to come.
    fn done(&self, procedure: &Procedure<'_>) -> Option<Course> {
        let at = procedure.performed_date_time.get();
        let period = procedure.performed_period.get();
        if self.now.is_ahead(at.or_else(|| period.and_then(|period| period.start.get()))) {
            return None;
        }
        Some(match (at, period) {
            (None, Some(period)) => self.now.during(period),
            (at, _) => self.now.once(at),
        })
    }
}

/// A drug that was given by a procedure.
struct Given {
    said: Said,
    strength: Strength,
    course: Course,
    intent: Option<Intent>,
}

fn evidence(procedure: &Procedure<'_>) -> Evidence {
    let period = procedure.performed_period.get();
    let start = || period.and_then(|period| period.start.get().or_else(|| period.end.get()));
    Evidence {
        reference: cited::reference("Procedure", &procedure.id),
        path: "Procedure.code".to_owned(),
        value: cited::drug(procedure.code.get()),
        date: procedure.performed_date_time.get().or_else(start).map(str::to_owned),
        note: None,
    }
}

/// What a procedure shows by its status; nothing of one that did not take place.
fn strength(status: Option<&str>) -> Option<Strength> {
    match status {
        Some("completed" | "in-progress" | "stopped") => Some(Strength::Given),
        Some("preparation" | "not-done" | "entered-in-error") => None,
        _ => Some(Strength::Stated),
    }
}
