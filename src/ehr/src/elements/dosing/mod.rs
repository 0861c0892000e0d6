//! Dose, cycle and route of the order, out of its dosage instructions.

mod dose;
mod parts;
mod schedule;
mod words;

use criteria::{Codes, Evidence, GapKind, Possible};

pub(crate) use self::dose::StatedDoses;
pub(crate) use self::schedule::Schedule;
use crate::content::Definition;
use crate::fhir::Dosage;
use crate::order::Order;
use crate::quantity::clipped;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{OrderCycleLength, OrderDosesPerCycle, OrderRoute};

/// Where something stands in the order.
fn evidence(order: &Order<'_>, path: &'static str, value: &str) -> Evidence {
    Evidence {
        reference: order.reference.clone(),
        path: path.into(),
        value: clipped(value),
        date: order.request.authored_on.get().map(clipped),
        note: None,
    }
}

impl Find for OrderCycleLength {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let schedule = reading.schedule();
        let Some(days) = schedule.cycle else { return Finding::nothing() };
        let evidence = evidence(reading.order, "MedicationRequest.dosageInstruction.timing", &schedule.shown);
        let finding = Finding::of(Possible::Quantity(days), vec![evidence]);
        if schedule.cycle_disagrees {
            return finding
                .with_gap(GapKind::Conflicting, format!("the order's instructions disagree: {days} days"));
        }
        if days.exact().is_none() {
            return finding.with_gap(GapKind::Imprecise, format!("the interval is {days} days"));
        }
        finding
    }
}

impl Find for OrderDosesPerCycle {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let schedule = reading.schedule();
        if schedule.cycle.is_none() && schedule.doses.is_none() {
            return Finding::nothing();
        }
        let evidence = evidence(reading.order, "MedicationRequest.dosageInstruction.timing", &schedule.shown);
        let Some(doses) = schedule.doses else {
            return Finding {
                possible: None,
                evidence: vec![evidence],
                gaps: Vec::new(),
                ..Finding::default()
            }
            .with_gap(GapKind::Imprecise, "the order does not say how many doses one cycle has");
        };
        let finding = Finding::of(Possible::Count(doses), vec![evidence]);
        if schedule.doses_disagree {
            return finding.with_gap(
                GapKind::Conflicting,
                "the order's words and its fields give different numbers of doses",
            );
        }
        if doses.exact().is_none() {
            return finding.with_gap(GapKind::Imprecise, "the number of doses is a range");
        }
        finding
    }
}

/// What one instruction says about the route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    First,
    Other,
    /// The first and another.
    Both,
    Unclassified,
}

impl Find for OrderRoute {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let mut finding = Finding::nothing();
        let mut routes = Vec::new();
        for dosage in &reading.order.request.dosage_instruction {
            let Some((route, path, shown)) = self.route(dosage, reading) else { continue };
            finding.evidence.push(evidence(reading.order, path, shown));
            if route == Route::Unclassified {
                finding = finding.with_gap(GapKind::Unclassified, format!("the route `{}`", clipped(shown)));
            }
            routes.push(route);
        }
        // One that is not understood may be either.
        if routes.contains(&Route::Unclassified) || routes.is_empty() {
            return finding;
        }
        let names = |one: Route| routes.iter().any(|route| *route == one || *route == Route::Both);
        let first = names(Route::First).then(|| Codes::one(0)).flatten();
        let other = names(Route::Other).then(|| Codes::one(1)).flatten();
        let codes = first.zip(other).map(|(first, other)| first.union(other));
        finding.possible = codes.or(first).or(other).map(Possible::Coded);
        if codes.is_some() {
            finding.with_gap(GapKind::Conflicting, "the instructions name several routes")
        } else {
            finding
        }
    }
}

impl OrderRoute {
    fn route<'d>(
        &self,
        dosage: &'d Dosage<'_>,
        reading: &Reading<'_, '_>,
    ) -> Option<(Route, &'static str, &'d str)> {
        let of = |is_first: bool, is_other: bool| match (is_first, is_other) {
            (true, true) => Route::Both,
            (true, false) => Route::First,
            (false, true) => Route::Other,
            (false, false) => Route::Unclassified,
        };
        let (terminology, other) = (reading.terminology, self.other.as_deref());
        if let Some((concept, shown)) =
            dosage.route.get().and_then(|concept| Some((concept, concept.shown()?)))
        {
            let route = of(
                terminology.has(&self.codes, concept),
                other.is_some_and(|other| terminology.has(other, concept)),
            );
            return Some((route, "MedicationRequest.dosageInstruction.route", shown));
        }
        let text = dosage.text.get()?;
        let route = of(
            terminology.has_text(&self.codes, text),
            other.is_some_and(|other| terminology.has_text(other, text)),
        );
        (route != Route::Unclassified).then_some((route, "MedicationRequest.dosageInstruction.text", text))
    }
}
