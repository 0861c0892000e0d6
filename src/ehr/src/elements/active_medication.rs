//! A drug on an active order or statement within the element's window, or on another draft order of the same hook.

use criteria::{Evidence, Gap, GapKind, Possible, Truth};

use super::dated::{self, Span};
use super::standing::{self, Standing};
use super::{cited, drug};
use crate::content::Definition;
use crate::fhir::{Concept, MedicationStatement};
use crate::quantity::clipped;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::ActiveMedication;
use crate::when::Window;

impl Find for ActiveMedication {
    fn searches(&self) -> Vec<Search> {
        vec![Search::MedicationRequests, Search::MedicationStatements]
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let mut seen = Seen {
            codes: &self.codes,
            element,
            reading,
            sure: Vec::new(),
            doubts: Vec::new(),
            gaps: Vec::new(),
        };
        for draft in drug::other_drafts(reading) {
            let evidence = cited::order(draft.reference.clone(), draft.drug.as_ref(), &draft.request);
            seen.drug(draft.drug.as_ref(), Standing::Counts, Window::Within, evidence, None);
        }
        for order in &reading.record.medication_requests {
            let request = &order.resource;
            if drug::is_draft(request.id.get(), reading) {
                continue;
            }
            let reference = cited::reference("MedicationRequest", &request.id);
            let evidence = cited::order(reference, order.concept.as_ref(), request);
            let when = dated::spanning([request.authored_on.get()]);
            let window = dated::window(when, element.window_days, reading.at);
            let standing = match (standing::order(request), standing::ran_out(request, reading.at)) {
                // Its status and its own end contradict each other.
                (Standing::Counts, Some(end)) if window != Window::Outside => {
                    Standing::Doubtful(format!("active, and ran out on {}", clipped(&end)))
                }
                (standing, _) => standing,
            };
            seen.drug(order.concept.as_ref(), standing, window, evidence, when);
        }
        for taken in &reading.record.medication_statements {
            let evidence = cited::statement(taken.concept.as_ref(), &taken.resource);
            let (window, when) = seen.window_of(&taken.resource);
            seen.drug(taken.concept.as_ref(), statement(&taken.resource), window, evidence, when);
        }
        if reading.drafts.has_unreadable {
            seen.gap(GapKind::Unavailable, "one of the draft orders could not be read".to_owned());
        }
        cited::sorted(seen.decide())
    }
}

fn statement(statement: &MedicationStatement<'_>) -> Standing {
    match statement.status.get() {
        Some("active") => Standing::Counts,
        Some("completed" | "entered-in-error" | "intended" | "not-taken" | "stopped") => {
            Standing::SaysNothing
        }
        // On hold, unknown, or what FHIR R4 does not know, which must not be passed over.
        Some(open) => Standing::Doubtful(clipped(open)),
        None => Standing::Doubtful("without a status".to_owned()),
    }
}

struct Seen<'s, 'r, 'a> {
    codes: &'s str,
    element: &'s Definition,
    reading: &'s Reading<'r, 'a>,
    sure: Vec<Evidence>,
    doubts: Vec<Evidence>,
    gaps: Vec<Gap>,
}

impl Seen<'_, '_, '_> {
    fn gap(&mut self, kind: GapKind, detail: String) {
        self.gaps.push(Gap { kind, detail });
    }

    /// An open period goes on until it is closed; else the last date counts.
    fn window_of(&self, statement: &MedicationStatement<'_>) -> (Window, Option<Span>) {
        let period = statement.effective_period.get();
        let is_open = period.is_some_and(|period| period.start.get().is_some() && period.end.get().is_none());
        let end = period.and_then(|period| period.end.get());
        let when = dated::spanning([statement.effective_date_time.get(), end, statement.date_asserted.get()]);
        let window = if is_open {
            Window::Within
        } else {
            dated::window(when, self.element.window_days, self.reading.at)
        };
        (window, when)
    }

    fn drug(
        &mut self,
        concept: Option<&Concept<'_>>,
        standing: Standing,
        window: Window,
        evidence: Evidence,
        when: Option<Span>,
    ) {
        if standing == Standing::SaysNothing {
            return;
        }
        let concept = drug::resolved(concept, self.reading.terminology);
        let is_it = concept.is_none_or(|concept| self.reading.terminology.has(self.codes, concept));
        // An old order of an unknown drug is most likely over, and nothing else speaks for it.
        if !is_it || (concept.is_none() && window == Window::Outside) {
            return;
        }
        let shown = format!("{} ({})", evidence.reference, cited::words(&evidence));
        let (kind, detail) = match (concept, standing, window) {
            (None, ..) => (GapKind::Imprecise, format!("the drug of {} is not known", evidence.reference)),
            (_, Standing::Doubtful(why), _) => (GapKind::Imprecise, format!("{shown} is {why}")),
            (_, _, Window::Outside) => {
                let days = dated::days_before(when, self.reading.at);
                (GapKind::Stale, format!("{shown} is {days} days old and still active"))
            }
            (_, _, Window::Unclear | Window::Ahead) => {
                (GapKind::Imprecise, format!("{shown} has no clear date"))
            }
            (_, _, Window::Within) => return self.sure.push(evidence),
        };
        self.gap(kind, detail);
        self.doubts.push(evidence);
    }

    fn decide(self) -> Finding {
        if !self.sure.is_empty() {
            return Finding::of(Possible::Truth(Truth::Yes), self.sure);
        }
        // What is older than the window was read and does not count; it is named beside what absence means.
        let is_open = self.gaps.iter().any(|gap| gap.kind != GapKind::Stale);
        let possible = is_open.then_some(Possible::Truth(Truth::Either));
        Finding { possible, evidence: self.doubts, gaps: self.gaps, ..Finding::default() }
    }
}
