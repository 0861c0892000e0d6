//! What was planned and is said to be under way or done.
//!
//! An activity may point to a resource: an order inside the plan is read as any other; a group of requests only
//! proposes what is to be done, so it says nothing of what was given.

use criteria::Evidence;

use super::days::Course;
use super::drugs::{NO_AGENT, Said, agents_of};
use super::orders::{Ordered, is_order};
use super::why::Words;
use super::{Reader, Telling, drugs};
use crate::elements::cited;
use crate::fhir::{ActivityDetail, CarePlan, Concept, MedicationRequest, Resource};
use crate::record::drug;
use crate::reference::contained;
use crate::therapy::recorded::Strength;

impl<'a> Reader<'_, '_, 'a> {
    pub(super) fn plans(&mut self) {
        for plan in &self.reading.record.care_plans {
            let is_evidence = !matches!(plan.status.get(), Some("draft" | "entered-in-error"))
                && !matches!(plan.intent.get(), Some("proposal" | "option"));
            if !is_evidence {
                continue;
            }
            for detail in plan.activity.iter().filter_map(|activity| activity.detail.get()) {
                self.activity(plan, detail);
            }
            if plan.activity.iter().any(|activity| activity.reference.get().is_some()) {
                self.inside(plan);
            }
        }
    }

    fn activity(&mut self, plan: &CarePlan<'a>, detail: &ActivityDetail<'a>) {
        let Some(strength) = strength(detail.status.get()) else { return };
        if detail.do_not_perform.0 == Some(true) {
            return;
        }
        let medications = self.reading.record.medications();
        let product =
            drug(&detail.product_codeable_concept, &detail.product_reference, plan.contained, medications);
        let text = detail.description.clone();
        let described = text.get().is_some().then(|| Concept { text, ..Concept::default() });
        let drug = product.or_else(|| detail.code.get().cloned()).or(described);
        let Some(said) = self.said_of(drug.as_ref()) else { return };
        let Some(course) = self.under_way(plan, detail) else { return };
        let evidence = Evidence {
            reference: cited::reference("CarePlan", &plan.id),
            path: "CarePlan.activity.detail".into(),
            value: cited::drug(drug.as_ref()),
            date: start(plan, detail).map(str::to_owned),
            note: None,
        };
        let words = Words {
            reason: &detail.reason_code,
            status_reason: detail.status_reason.0.as_slice(),
            drug: drug.as_ref().and_then(|drug| self.why().intent_of(drug)),
            is_stopped: detail.status.is("stopped"),
            ..Words::default()
        };
        self.tell(Telling { said, strength, course, evidence, words });
    }

    /// What a concept says that the record has no postings of.
    fn said_of(&self, drug: Option<&Concept<'_>>) -> Option<Said> {
        // An activity without a drug is any activity.
        let drug = drug?;
        let agents = agents_of(self.rules, self.reading.terminology, drug);
        let is_unplaced = || self.reading.terminology.has(&self.rules.unplaced, drug);
        if agents.is_empty() {
            is_unplaced().then_some(Said::Unplaced(NO_AGENT))
        } else {
            Some(Said::Agents(agents))
        }
    }

    /// When it was done; `None` where that is still to come.
    fn under_way(&self, plan: &CarePlan<'_>, detail: &ActivityDetail<'_>) -> Option<Course> {
        if self.now.is_planned(start(plan, detail)) {
            return None;
        }
        let period = detail.scheduled_period.get().or_else(|| plan.period.get());
        Some(period.map(|period| self.now.during(period)).unwrap_or_default())
    }

    fn inside(&mut self, plan: &CarePlan<'a>) {
        for (resource, _) in contained(plan.contained) {
            if let Resource::MedicationRequest(request) = resource {
                self.order_inside(plan, &request);
            }
        }
    }

    fn order_inside(&mut self, plan: &CarePlan<'a>, request: &MedicationRequest<'a>) {
        let medications = self.reading.record.medications();
        let inline = &request.medication_codeable_concept;
        let concept = drug(inline, &request.medication_reference, plan.contained, medications);
        let unknown = || drugs::unknown(concept.as_ref(), self.rules, self.reading.terminology);
        let Some(said) = self.said_of(concept.as_ref()).or_else(unknown) else { return };
        if is_order(request) {
            let reference = cited::reference("CarePlan", &plan.id);
            let intent = concept.as_ref().and_then(|concept| self.why().intent_of(concept));
            self.ordered(Ordered { said, reference, drug: concept.as_ref(), intent }, request);
        }
    }
}

fn start<'p>(plan: &'p CarePlan<'_>, detail: &'p ActivityDetail<'_>) -> Option<&'p str> {
    let period = detail.scheduled_period.get().or_else(|| plan.period.get());
    period.and_then(|period| period.start.get())
}

/// What an activity shows by its status. Under way says that it was begun, by plan: not that it was given.
fn strength(status: Option<&str>) -> Option<Strength> {
    match status {
        Some("completed" | "stopped") => Some(Strength::Stated),
        Some("not-started" | "scheduled" | "cancelled" | "entered-in-error") => None,
        _ => Some(Strength::Ordered),
    }
}
