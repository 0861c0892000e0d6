//! The dose of an order, per dose: in mg/m2 or in mg, stated or by the body surface area.

use std::collections::BTreeMap;

use criteria::{Decimal, Evidence, Gap, GapKind, Interval, Kind, Known, Possible};

use super::super::cited;
use super::evidence;
use super::parts;
use super::words;
use crate::content::Definition;
use crate::exact;
use crate::fhir::Dosage;
use crate::knowledge::known;
use crate::order::Order;
use crate::quantity::{Measure, clipped, shown};
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{OrderDose, Source};

/// How far a stated dose and one computed by body surface area may lie apart before they contradict each other:
/// both are rounded in practice (the area to two decimals, the dose to what can be drawn up). Within it the dose is
/// anything from the one to the other, unless the order's fields state the amount.
const AGREEMENT: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// A dose that the order states.
#[derive(Debug, Clone)]
struct Stated {
    interval: Interval,
    is_per_area: bool,
    in_words: bool,
    /// Which of the order's instructions says so.
    instruction: usize,
    evidence: Evidence,
}

/// Everything an order states about its dose.
#[derive(Debug, Default)]
pub(crate) struct StatedDoses {
    stated: Vec<Stated>,
    /// Doses in units that are no mass (`1 kit`), as they were sent.
    other: Vec<String>,
}

impl Find for OrderDose {
    fn searches(&self) -> Vec<Search> {
        vec![Search::Patient, Search::VitalSigns]
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let wants_area = match &element.element.kind {
            Kind::Quantity { unit } => unit == "mg/m2",
            _ => return Finding::nothing(),
        };
        let statements = reading.stated_doses();
        if statements.stated.is_empty() {
            return no_mass(reading.order, statements);
        }
        let converts = statements.stated.iter().any(|stated| stated.is_per_area != wants_area);
        let area = if converts { self.area(reading) } else { Finding::nothing() };
        let settled = settle(&statements.stated, wants_area, area.clone());
        let is_whole = |stated: &[Stated]| stated.iter().any(|stated| stated.is_per_area);
        if is_whole(&statements.stated) {
            return settled;
        }
        // A dose per area is a whole one; in mg it may be one vial of several.
        let settled = with_instructions(settled, reading.order, statements, |stated| {
            settle(stated, wants_area, area.clone()).possible
        });
        let others = parts::of_the_same_day(reading).into_iter();
        let others = others.map(|other| (other, StatedDoses::of(other).stated));
        others.filter(|(_, stated)| !is_whole(stated)).fold(settled, |settled, (other, stated)| {
            let dose = settle(&stated, wants_area, area.clone()).possible;
            with_part(settled, other, dose, &element.element.kind)
        })
    }
}

/// One instruction's dose, or those of all together: each may be one vial of the same dose.
fn with_instructions(
    finding: Finding,
    order: &Order<'_>,
    statements: &StatedDoses,
    dose_of: impl Fn(&[Stated]) -> Option<Possible>,
) -> Finding {
    let mut by_instruction: BTreeMap<usize, Vec<Stated>> = BTreeMap::new();
    for stated in &statements.stated {
        by_instruction.entry(stated.instruction).or_default().push(stated.clone());
    }
    let Some(Possible::Quantity(own)) = finding.possible else { return finding };
    if by_instruction.len() < 2 || parts::are_on_other_days(order) {
        return finding;
    }
    let doses = by_instruction.values().filter_map(|stated| match dose_of(stated) {
        Some(Possible::Quantity(dose)) => Some(dose),
        _ => None,
    });
    let Some(all) = doses.reduce(|one, other| exact::sum(&one, &other)) else { return finding };
    let possible = own.hull(&all);
    let detail = format!("the order's instructions may be parts of one dose: {possible}");
    let finding = Finding { possible: Some(Possible::Quantity(possible)), ..finding };
    if finding.gaps.is_empty() { finding.with_gap(GapKind::Imprecise, detail) } else { finding }
}

/// The dose alone, or together with that of another draft.
fn with_part(finding: Finding, other: &Order<'_>, dose: Option<Possible>, kind: &Kind) -> Finding {
    let Some(Possible::Quantity(own)) = finding.possible else { return finding };
    let both = match dose {
        Some(Possible::Quantity(dose)) => exact::sum(&own, &dose),
        _ => Interval::new(own.low(), criteria::End::Unbounded).unwrap_or(own),
    };
    let Kind::Quantity { unit } = kind else { return finding };
    let possible = own.hull(&both);
    let part = cited::order(other.reference.clone(), other.drug.as_ref(), &other.request);
    let detail =
        format!("{} ({}) may be a part of the same dose: {possible} {unit}", other.reference, part.value);
    let mut finding = finding.with_gap(GapKind::Imprecise, detail);
    finding.possible = Some(Possible::Quantity(possible));
    finding.evidence.push(part);
    finding
}

impl OrderDose {
    /// What is known about the body surface area, attestations included.
    fn area(&self, reading: &Reading<'_, '_>) -> Finding {
        // An element that rests on a dose itself would never end.
        let rests_on_dose = |definition: &Definition| {
            definition.sources.iter().any(|source| matches!(source, Source::OrderDose(_)))
        };
        let mut definitions = reading.definitions.iter();
        let area = definitions.find(|one| one.element.id == self.body_surface_area && !rests_on_dose(one));
        let Some(definition) = area else { return Finding::nothing() };
        let Known { possible, evidence, gaps, .. } = known(definition, reading);
        let is_known = possible != definition.element.kind.domain();
        Finding {
            possible: is_known.then_some(possible),
            evidence,
            gaps: of_area(gaps),
            ..Finding::default()
        }
    }
}

/// In the gaps of a dose it must be plain what is missing.
fn of_area(gaps: Vec<Gap>) -> Vec<Gap> {
    let name = |gap: Gap| Gap { detail: format!("body surface area: {}", gap.detail), ..gap };
    gaps.into_iter().map(name).collect()
}

fn no_mass(order: &Order<'_>, statements: &StatedDoses) -> Finding {
    if statements.other.is_empty() {
        return Finding::nothing().with_gap(GapKind::NotRecorded, "the order states no dose");
    }
    let detail = format!("the dose `{}` is in no unit of mass", statements.other.join("`, `"));
    let evidence =
        evidence(order, "MedicationRequest.dosageInstruction.doseAndRate", &statements.other.join(", "));
    Finding { possible: None, evidence: vec![evidence], gaps: Vec::new(), ..Finding::default() }
        .with_gap(GapKind::Imprecise, detail)
}

impl StatedDoses {
    pub(crate) fn of(order: &Order<'_>) -> Self {
        let mut statements = Self::default();
        for (instruction, dosage) in order.request.dosage_instruction.iter().enumerate() {
            statements.instruction(order, dosage, instruction);
        }
        statements
    }

    fn instruction(&mut self, order: &Order<'_>, dosage: &Dosage<'_>, instruction: usize) {
        let quantities =
            dosage.dose_and_rate.iter().flat_map(|dose| [&dose.dose_quantity, &dose.rate_quantity]);
        for quantity in quantities.chain([&dosage.dose_quantity]).filter_map(|quantity| quantity.get()) {
            let measure = Measure::of_quantity(quantity);
            if measure.is_none() && quantity.value.get().is_some() {
                self.other.push(shown(quantity));
            }
            self.extend(order, measure, instruction);
        }
        for range in dosage.dose_and_rate.iter().filter_map(|dose| dose.dose_range.get()) {
            self.extend(order, Measure::of_range(range), instruction);
        }
        let Some(text) = dosage.text.get() else { return };
        self.stated.extend(words::doses(text).into_iter().map(|dose| Stated {
            interval: dose.interval,
            is_per_area: dose.is_per_area,
            in_words: true,
            instruction,
            evidence: evidence(order, "MedicationRequest.dosageInstruction.text", &clipped(text)),
        }));
    }

    fn extend(&mut self, order: &Order<'_>, measure: Option<Measure>, instruction: usize) {
        let Some(measure) = measure else { return };
        let per_area = measure.in_unit("mg/m2", None).map(|interval| (interval, true));
        match per_area.or_else(|_| measure.in_unit("mg", None).map(|interval| (interval, false))) {
            Ok((interval, is_per_area)) => {
                let evidence =
                    evidence(order, "MedicationRequest.dosageInstruction.doseAndRate", &measure.shown);
                self.stated.push(Stated { interval, is_per_area, in_words: false, instruction, evidence });
            }
            Err(_) => self.other.push(measure.shown),
        }
    }
}

/// Fields outrank words, and what is stated in the element's own unit outranks what is computed into it. What is
/// of lower rank still speaks up where it differs.
fn settle(stated: &[Stated], wants_area: bool, area: Finding) -> Finding {
    let known_area = match area.possible {
        Some(Possible::Quantity(interval)) => Some(interval),
        _ => None,
    };
    let ranks = [(false, wants_area), (false, !wants_area), (true, wants_area), (true, !wants_area)];
    let groups = ranks.map(|(in_words, is_per_area)| {
        let group = stated.iter().filter(|one| (one.in_words, one.is_per_area) == (in_words, is_per_area));
        let converted = group.filter_map(|one| Some((one, in_own_unit(one, wants_area, known_area)?)));
        (is_per_area != wants_area, converted.collect::<Vec<_>>())
    });
    let mut groups = groups.into_iter().filter(|(_, group)| !group.is_empty());
    let Some((is_computed, first)) = groups.next() else { return unknown_area(stated, area) };

    let mut finding = Finding::nothing();
    finding.evidence.extend(first.iter().map(|(one, _)| one.evidence.clone()));
    let best = first.iter().map(|(_, interval)| *interval).reduce(|one, other| one.hull(&other));
    let Some(best) = best else { return finding };
    let is_amount = first.iter().any(|(one, _)| !one.is_per_area);
    let mut possible = best;
    let mut disagree = first.windows(2).any(|pair| matches!(pair, [one, other] if one.1 != other.1));
    let mut uses_area = is_computed;
    for (is_computed, group) in groups {
        for (one, interval) in &group {
            let contradicts = contradict(&best, interval);
            // An amount in mg is what is given; the dose per area that it was rounded from is not another one.
            let is_rounded_from = !contradicts && is_amount && one.is_per_area;
            if !best.meets(interval) && !is_rounded_from {
                disagree |= contradicts;
                uses_area |= is_computed;
                finding.evidence.push(one.evidence.clone());
                possible = possible.hull(interval);
            }
        }
    }
    finding.evidence.dedup();
    if uses_area {
        finding.evidence.extend(area.evidence);
        finding.gaps.extend(area.gaps);
    }
    finding.possible = Some(Possible::Quantity(possible));
    let unit = if wants_area { "mg/m2" } else { "mg" };
    explained(finding, possible, disagree, unit)
}

/// Adds why the dose is not exact, where that has not been said.
fn explained(finding: Finding, possible: Interval, disagree: bool, unit: &str) -> Finding {
    if disagree {
        return finding
            .with_gap(GapKind::Conflicting, format!("the order's doses disagree: {possible} {unit}"));
    }
    if possible.exact().is_none() && finding.gaps.is_empty() {
        return finding.with_gap(GapKind::Imprecise, format!("the dose is {possible} {unit}"));
    }
    finding
}

fn in_own_unit(stated: &Stated, wants_area: bool, area: Option<Interval>) -> Option<Interval> {
    match (stated.is_per_area, wants_area) {
        (true, false) => Some(exact::product(&stated.interval, &area?)),
        (false, true) => exact::quotient(&stated.interval, &area?),
        _ => Some(stated.interval),
    }
}

/// Whether no value of one is within the agreement of a value of the other.
fn contradict(one: &Interval, other: &Interval) -> bool {
    let widened =
        exact::product(one, &Interval::spanning(Decimal::ONE - AGREEMENT, Decimal::ONE + AGREEMENT));
    !widened.meets(other)
}

/// The dose is there, but not in this unit, and the body surface area is not known.
fn unknown_area(stated: &[Stated], area: Finding) -> Finding {
    let mut evidence: Vec<_> = stated.iter().map(|one| one.evidence.clone()).collect();
    evidence.dedup();
    evidence.extend(area.evidence);
    Finding { possible: None, evidence, gaps: area.gaps, ..Finding::default() }
}
