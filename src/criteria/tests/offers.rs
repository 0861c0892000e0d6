//! Which doses the suggestions of a limit may offer.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking; the lints know functions marked as tests only"
)]

use criteria::limits::Suggest;
use criteria::{
    Decimal, Document, Element, Elements, GapKind, Interval, Kind, Knowledge, Known, Limits, Possible,
};

const LIMITS: &str = "
id: l
version: 2024-01-01
medication: m
source: { label: s }
topics: [{ id: t, system: s, code: c, display: d }]
limits:
  - id: over-dose
    title: t
    topic: t
    indicator: warning
    advice: a
    citation: c
    when: { element: dose, above: 40, unit: mg/m2 }
    suggest: [{ change-dose: { to: 40, unit: mg/m2 } }]
  - id: over-cap
    title: t
    topic: t
    indicator: warning
    advice: a
    citation: c
    when: { element: amount, above: 88, unit: mg }
    suggest: [{ change-dose: { to: 88, unit: mg, only-if-checked: true } }]
  - id: with-poor-organ
    title: t
    topic: t
    indicator: warning
    advice: a
    citation: c
    when: { all: [ { is: poor }, { element: dose, above: 20, unit: mg/m2 } ] }
";

fn elements() -> Elements {
    let mut elements = Elements::default();
    let quantity = |unit: &str| Kind::Quantity { unit: unit.to_owned() };
    for (id, kind) in [("dose", quantity("mg/m2")), ("amount", quantity("mg")), ("poor", Kind::Truth)] {
        elements.add(Element { id: id.into(), title: id.into(), settle: String::new(), kind }).unwrap();
    }
    elements
}

/// What a limit offers for a dose and an amount, where nothing is known of the rest.
fn offered(limit: &str, dose: Option<(u32, u32)>, amount: Option<(u32, u32)>) -> Vec<String> {
    let elements = elements();
    let limits = Limits::load(&Document::read("limits.yaml", LIMITS).unwrap(), &elements).unwrap();
    let mut knowledge = Knowledge::nothing(&elements);
    for (id, value) in [("dose", dose), ("amount", amount)] {
        let interval = value.map_or(Interval::NOT_NEGATIVE, |(low, high)| {
            Interval::spanning(Decimal::from(low), Decimal::from(high))
        });
        let known = Known::nothing(Possible::Quantity(interval), GapKind::Imprecise, "");
        knowledge.set(elements.find(id).unwrap(), known);
    }
    let checked = limits.check(&knowledge, &elements);
    let checked = checked.iter().find(|checked| checked.limit.id == limit).unwrap();
    let dose = |suggest: &&Suggest| match suggest {
        Suggest::ChangeDose { to, unit, .. } => Some(format!("{} {unit}", to.0)),
        _ => None,
    };
    checked.suggest.iter().filter_map(dose).collect()
}

#[test]
fn a_cap_is_no_dose_while_the_dose_per_area_is_not_known() {
    for (dose, amount, expected) in [
        // 2.4 m2: the cap is less than the dose.
        (Some((40, 40)), Some((96, 96)), vec!["88 mg"]),
        // 2 m2: it would be 44 mg/m2.
        (Some((45, 45)), Some((90, 90)), vec![]),
        (None, Some((96, 96)), vec![]),
        (Some((36, 60)), Some((96, 96)), vec![]),
    ] {
        assert_eq!(offered("over-cap", dose, amount), expected, "{dose:?} {amount:?}");
    }
}

#[test]
fn a_dose_is_one_whatever_is_known_of_its_amount() {
    for (dose, amount, expected) in [
        (Some((45, 45)), Some((81, 81)), vec!["40 mg/m2"]),
        (Some((45, 45)), None, vec!["40 mg/m2"]),
        // 2.4 m2: it would be 96 mg.
        (Some((45, 45)), Some((108, 108)), vec![]),
    ] {
        assert_eq!(offered("over-dose", dose, amount), expected, "{dose:?} {amount:?}");
    }
}
