//! Which suggestions of a limit can be offered: a new dose only where no limit applies to it in turn, a cap only where
//! none that tests nothing but the dose is left open by it either.

use crate::element::{ElementIndex, Elements, Kind};
use crate::interval::{Decimal, Interval};
use crate::knowledge::{Knowledge, Known};
use crate::number::Number;
use crate::possible::Possible;
use crate::verdict::Verdict;

use super::{Condition, Limit, Limits, Suggest};

/// Digits after the point to which a dose in proportion is rounded, so that a division that does not come out even
/// cannot carry a dose across a limit.
const DOSE_DIGITS: u32 = 9;

impl Limits {
    /// The suggestions of a limit, in the order of the file, without the doses that some limit would apply to.
    pub(super) fn offers<'l>(
        &'l self,
        limit: &'l Limit,
        knowledge: &Knowledge,
        elements: &Elements,
    ) -> Vec<&'l Suggest> {
        limit.suggest.iter().filter(|suggest| self.allows(suggest, knowledge, elements)).collect()
    }

    fn allows(&self, suggest: &Suggest, knowledge: &Knowledge, elements: &Elements) -> bool {
        let Suggest::ChangeDose { to: Number(to), unit, only_if_checked } = suggest else { return true };
        let doses = self.doses(elements);
        let changed = at_dose(*to, unit, &doses, knowledge);
        let mut on_dose = self.list.iter().filter(|limit| limit.tests_one_of(&doses));
        on_dose.all(|limit| match limit.check(&changed, elements).verdict {
            Verdict::Met => false,
            Verdict::NotMet => true,
            Verdict::Unknown => !(*only_if_checked && limit.tests_only(&doses)),
        })
    }

    /// The elements that measure the dose, each with its unit: those in a unit that some suggestion changes.
    fn doses<'e>(&self, elements: &'e Elements) -> Vec<(ElementIndex, &'e str)> {
        let suggested = || self.list.iter().flat_map(|limit| &limit.suggest);
        let changes = |own: &str| {
            suggested()
                .any(|suggest| matches!(suggest, Suggest::ChangeDose { unit, .. } if unit.as_str() == own))
        };
        elements
            .iter()
            .filter_map(|(index, element)| match &element.kind {
                Kind::Quantity { unit } if changes(unit) => Some((index, unit.as_str())),
                _ => None,
            })
            .collect()
    }
}

impl Limit {
    fn tests_one_of(&self, doses: &[(ElementIndex, &str)]) -> bool {
        let Condition::When { tested, .. } = &self.condition else { return false };
        tested.iter().any(|tested| doses.iter().any(|(dose, _)| *dose == tested.element))
    }

    fn tests_only(&self, doses: &[(ElementIndex, &str)]) -> bool {
        let Condition::When { tested, .. } = &self.condition else { return false };
        tested.iter().all(|tested| doses.iter().any(|(dose, _)| *dose == tested.element))
    }
}

/// What is known once the dose is changed. Every other measure of it changes in proportion; where that cannot be
/// told, it is not known.
fn at_dose(to: Decimal, unit: &str, doses: &[(ElementIndex, &str)], knowledge: &Knowledge) -> Knowledge {
    let ends = |index: ElementIndex| match knowledge.get(index)?.possible {
        Possible::Quantity(interval) => interval.low().value().zip(interval.high().value()),
        _ => None,
    };
    let before = doses.iter().find(|(_, own)| *own == unit).and_then(|(index, _)| ends(*index));
    let mut changed = knowledge.clone();
    for (index, own) in doses {
        let value =
            if *own == unit { Some(Interval::exactly(to)) } else { in_proportion(ends(*index), to, before) };
        let possible = Possible::Quantity(value.unwrap_or(Interval::NOT_NEGATIVE));
        changed.set(*index, Known { possible, evidence: Vec::new(), gaps: Vec::new() });
    }
    changed
}

fn in_proportion(
    other: Option<(Decimal, Decimal)>,
    to: Decimal,
    before: Option<(Decimal, Decimal)>,
) -> Option<Interval> {
    let (low, high) = other?;
    let (least, most) = before?;
    let changed = |value: Decimal, before: Decimal| {
        Some(value.checked_mul(to)?.checked_div(before)?.round_dp(DOSE_DIGITS))
    };
    // A computed body surface area is a narrow interval: the ends that make it widest.
    Some(Interval::spanning(changed(low, most)?, changed(high, least)?))
}
