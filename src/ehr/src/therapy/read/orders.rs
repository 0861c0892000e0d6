//! What was ordered, the order that is being decided on and all that belongs to it left out.

use super::days::{Course, days_in};
use super::drugs::Said;
use super::why::Words;
use super::{Reader, Telling};
use crate::elements::{cited, drug};
use crate::fhir::{Concept, Identifier, MedicationRequest, Reference, Repeat};
use crate::record::Told;
use crate::reference::Target;
use crate::therapy::recorded::{Day, Intent, Strength};

/// What was ordered, and where that stands.
pub(super) struct Ordered<'o, 'a> {
    pub(super) said: Said,
    pub(super) reference: String,
    pub(super) drug: Option<&'o Concept<'a>>,
    /// What the words of the drug say that it is for.
    pub(super) intent: Option<Intent>,
}

impl<'a> Reader<'_, '_, 'a> {
    pub(super) fn orders(&mut self) {
        for (position, drug) in self.reading.record.medication_requests.iter().enumerate() {
            if !is_order(&drug.resource) {
                continue;
            }
            let Some(said) = self.said(Told::Request, position, drug.concept.as_ref()) else { continue };
            let reference = cited::reference("MedicationRequest", &drug.resource.id);
            let intent = self.drugs.intent(Told::Request, position);
            let drug_said = Ordered { said, reference, drug: drug.concept.as_ref(), intent };
            self.ordered(drug_said, &drug.resource);
        }
    }

    /// Tells of one order, wherever it stands.
    pub(super) fn ordered(&mut self, ordered: Ordered<'_, 'a>, request: &MedicationRequest<'a>) {
        let Ordered { said, reference, drug, intent } = ordered;
        if self.is_of_the_drafts(request, &said) || self.is_still_to_come(request) {
            return;
        }
        let status_reason = request.status_reason.read();
        let words = Words {
            extension: &request.extension.read(),
            reason: &request.reason_code,
            status_reason: status_reason.0.as_slice(),
            note: &request.note.read(),
            drug: intent,
            is_stopped: request.status.is("stopped"),
        };
        let evidence = cited::order(reference, drug, request);
        let course = self.course_of(request);
        self.tell(Telling { said, strength: Strength::Ordered, course, evidence, words });
    }

    /// A cycle that is planned says nothing of what was given.
    fn is_still_to_come(&self, request: &MedicationRequest<'_>) -> bool {
        let mut starts = starts(request).peekable();
        let is_planned = starts.peek().is_some() && starts.all(|start| self.now.is_planned(Some(start)));
        is_planned || self.now.is_ahead(request.authored_on.get())
    }

    fn course_of(&self, request: &MedicationRequest<'_>) -> Course {
        let started = starts(request).filter_map(|start| self.now.day(Some(start))).min();
        let start = started.or_else(|| self.now.day(request.authored_on.get()));
        let last = self.end_of(request, start);
        // An end that is still to come is none: until today any day may have been the last.
        self.now.course(start, last.filter(|last| last.latest < self.now.today()))
    }

    /// The last day by the order itself.
    fn end_of(&self, request: &MedicationRequest<'_>, start: Option<Day>) -> Option<Day> {
        let bounds = || repeats(request).filter_map(|repeat| repeat.bounds_period.get()?.end.get());
        let events = request.dosage_instruction.iter().filter_map(|dosage| dosage.timing.get());
        let events = events.flat_map(|timing| &timing.event).filter_map(|event| event.get());
        let timed = bounds().chain(events).filter_map(|end| self.now.day(Some(end))).max();
        let lasting = || repeats(request).filter_map(|repeat| days_in(repeat.bounds_duration.get()?)).max();
        let dispensed = || request.dispense_request.read().0;
        let valid = || self.now.day(dispensed()?.validity_period.get()?.end.get());
        let supply = || {
            let request = dispensed()?;
            let repeats =
                request.number_of_repeats_allowed.get().map_or(Some(0), |text| text.parse::<i64>().ok())?;
            days_in(request.expected_supply_duration.get()?)?.checked_mul(repeats.checked_add(1)?)
        };
        timed
            .or_else(|| self.now.after(start, lasting()?))
            .or_else(valid)
            .or_else(|| self.now.after(start, supply()?))
    }

    /// Whether it is one of the orders that are being signed, was made from one or in its place, or is a copy of one
    /// under another id: by an identifier, or by being written for the same drug on the same day.
    fn is_of_the_drafts(&self, request: &MedicationRequest<'a>, said: &Said) -> bool {
        if drug::is_draft(request.id.get(), self.reading) {
            return true;
        }
        request.based_on.read().iter().any(|source| self.leads_to_draft(source))
            || request.prior_prescription.read().get().is_some_and(|prior| self.leads_to_draft(prior))
            || self.reading.drafts.orders.iter().any(|draft| self.is_copy(&draft.request, request, said))
    }

    /// Whether a reference is to one of the orders that are being signed.
    pub(super) fn leads_to_draft(&self, reference: &Reference<'_>) -> bool {
        let is_order = |target: &Target<'_>| target.kind.is_none_or(|kind| kind == "MedicationRequest");
        let target = reference.target().filter(is_order);
        target.is_some_and(|target| drug::is_draft(Some(target.id), self.reading))
    }

    fn is_copy(&self, draft: &MedicationRequest<'_>, request: &MedicationRequest<'_>, said: &Said) -> bool {
        let (own, others) = (request.identifier.read(), draft.identifier.read());
        if own.iter().any(|own| others.iter().any(|other| is_same(own, other))) {
            return true;
        }
        let is_source = |reference: &Reference<'_>| {
            let id = request.id.get();
            reference
                .target()
                .zip(id)
                .is_some_and(|(target, id): (Target<'_>, &str)| target.is("MedicationRequest", id))
        };
        draft.based_on.read().iter().any(is_source) || self.is_written_again(draft, request, said)
    }

    fn is_written_again(
        &self,
        draft: &MedicationRequest<'_>,
        request: &MedicationRequest<'_>,
        said: &Said,
    ) -> bool {
        let Said::Agents(agents) = said else { return false };
        let drafted = || self.recorded.ordered.iter().chain(&self.recorded.companions);
        let day = self.now.day(request.authored_on.get());
        day.is_some()
            && day == self.now.day(draft.authored_on.get())
            && request.status.is("active")
            && agents.iter().all(|agent| drafted().any(|other| other == agent))
    }
}

/// Whether something was ordered, and not withdrawn before it was begun.
pub(super) fn is_order(request: &MedicationRequest<'_>) -> bool {
    let is_intended = !matches!(request.intent.get(), Some("proposal" | "plan" | "option"));
    let is_withdrawn = matches!(request.status.get(), Some("cancelled" | "draft" | "entered-in-error"));
    is_intended && !is_withdrawn && request.do_not_perform.0 != Some(true)
}

fn is_same(one: &Identifier<'_>, other: &Identifier<'_>) -> bool {
    one.value.get().is_some()
        && one.value.get() == other.value.get()
        && one.system.get() == other.system.get()
}

fn repeats<'o, 'a>(request: &'o MedicationRequest<'a>) -> impl Iterator<Item = &'o Repeat<'a>> {
    let timings = request.dosage_instruction.iter().filter_map(|dosage| dosage.timing.get());
    timings.filter_map(|timing| timing.repeat.get())
}

/// The dates from which it is to be given.
fn starts<'o>(request: &'o MedicationRequest<'_>) -> impl Iterator<Item = &'o str> {
    let timings = request.dosage_instruction.iter().filter_map(|dosage| dosage.timing.get());
    let events = timings.flat_map(|timing| &timing.event).filter_map(|event| event.get());
    events.chain(repeats(request).filter_map(|repeat| repeat.bounds_period.get()?.start.get()))
}
