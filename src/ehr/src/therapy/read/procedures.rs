//! What was done: giving a drug, and surgery.

use criteria::Evidence;

use super::days::Course;
use super::drugs::{self, Said};
use super::why::Words;
use super::{Reader, Telling};
use crate::elements::cited;
use crate::fhir::{Coding, Concept, Many, Procedure, Text};
use crate::record::Told;
use crate::therapy::recorded::{Day, Event, EventKind, Exposure, Intent, Strength};
use crate::therapy::rules::Act;

impl Reader<'_, '_, '_> {
    pub(super) fn procedures(&mut self) {
        let record = self.reading.record;
        for (position, procedure) in record.procedures.iter().enumerate() {
            let Some(strength) = strength(procedure.status.get()) else { continue };
            // A procedure that is no therapy is not therapy that was not understood.
            let Some(said) = self.drugs.said(Told::Procedure, position) else { continue };
            let Some(course) = self.done(procedure) else { continue };
            if self.tells_of_a_dose(position, procedure, course) {
                continue;
            }
            let strength = if self.is_giving(procedure) { strength } else { strength.min(Strength::Ordered) };
            let intent = self.drugs.intent(Told::Procedure, position);
            self.given_by(procedure, Given { said, strength, course, intent });
        }
        for position in record.positions_in(Told::Procedure, &self.rules.surgery) {
            let Some(procedure) = record.procedures.get(*position) else { continue };
            self.surgery(procedure);
        }
    }

    /// Whether it gives a drug into the body, by a code of the drug or of such an act, or by words. What only names a drug may
    /// be a stent that is coated with it, an ointment, or a talk about it.
    fn is_giving(&self, procedure: &Procedure<'_>) -> bool {
        let (terminology, rules) = (self.reading.terminology, self.rules);
        let code = procedure.code.get();
        let is_act =
            |concept: &Concept<'_>| rules.acts.iter().any(|act| terminology.has(&act.procedures, concept));
        let of_drugs = |concept: &Concept<'_>| !drugs::agents_of(rules, terminology, concept).is_empty();
        let by_code = |concept: &Concept<'_>| {
            let coding =
                concept.coding.iter().map(|one| Coding { display: Text::default(), ..one.clone() }).collect();
            of_drugs(&Concept { coding: Many(coding), ..Concept::default() })
        };
        let says = |words: &[&str]| code.is_some_and(|code| code.says_one_of(words));
        !says(&NOT_INTO_THE_BODY)
            && (says(&GIVING)
                || code.is_some_and(|code| is_act(code) || by_code(code))
                || procedure.used_code.iter().any(of_drugs))
    }

    /// Whether it is only the act of giving what is on record for that day. Of a coarser date, beside what was not given
    /// or in words that say more, it may be another drug.
    fn tells_of_a_dose(&self, position: usize, procedure: &Procedure<'_>, course: Course) -> bool {
        let Some(day) = course.start.filter(|day| course.last == Some(*day) && day.earliest == day.latest)
        else {
            return false;
        };
        let is_act = |act: &&Act| {
            self.reading.record.positions_in(Told::Procedure, &act.procedures).contains(&position)
                && self.says_no_more(act, procedure)
        };
        self.rules.acts.iter().filter(is_act).any(|act| {
            let is_of =
                |exposure: &Exposure| exposure.agents.iter().any(|agent| self.rules.is(*agent, &act.of));
            let mut doses = self.recorded.exposures.iter();
            doses.any(|dose| dose.strength == Strength::Given && dose.start == Some(day) && is_of(dose))
        })
    }

    /// Whether a procedure is this act by its code or words, and says nothing besides.
    fn says_no_more(&self, act: &Act, procedure: &Procedure<'_>) -> bool {
        let code = procedure.code.get();
        code.is_some_and(|code| self.reading.terminology.says_no_more(&act.procedures, code))
            && procedure.used_code.is_empty()
            && procedure.note.read().is_empty()
            && procedure.status.is("completed")
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

/// Words of acts that give a drug.
const GIVING: [&str; 16] = [
    "administered",
    "administration",
    "chemo",
    "chemotherapy",
    "course",
    "cycle",
    "dose",
    "given",
    "immunotherapy",
    "infusion",
    "injection",
    "intravenous",
    "iv",
    "therapy",
    "treated",
    "treatment",
];

/// Words of what is no such act, whatever else is said.
const NOT_INTO_THE_BODY: [&str; 14] = [
    "balloon",
    "coated",
    "counseling",
    "counselling",
    "cream",
    "education",
    "eluting",
    "intravitreal",
    "level",
    "ointment",
    "stent",
    "teaching",
    "topical",
    "topically",
];

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
        path: "Procedure.code".into(),
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
