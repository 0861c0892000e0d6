//! Measured values against the safety limits that speak about them, drawn small.

use criteria::formula::Accepts;
use criteria::formula::{Node, NodeKind, describe_needed};
use criteria::limits::Condition;
use criteria::{Decimal, Element, ElementIndex, Interval, Kind, Known, Possible};

use super::tree::day;
use crate::content::Content;
use crate::decision::Decision;

/// How wide a bar is drawn, in units of the drawing.
const WIDTH: f64 = 240.0;

/// A value and its limits.
#[derive(Debug)]
pub(in super::super) struct Bar {
    pub(in super::super) title: String,
    pub(in super::super) value: String,
    pub(in super::super) date: String,
    /// `met` where it is in no zone, `not-met` where it is, `open` where that is not known.
    pub(in super::super) class: &'static str,
    pub(in super::super) word: &'static str,
    /// Zones where a limit speaks: from and width.
    pub(in super::super) zones: Vec<Span>,
    /// The values that are possible.
    pub(in super::super) reach: Span,
    /// Whether that is one value.
    pub(in super::super) is_exact: bool,
    /// The limits, written below.
    pub(in super::super) ticks: Vec<Tick>,
}

/// From where, and how far.
#[derive(Debug)]
pub(in super::super) struct Span {
    pub(in super::super) x: String,
    pub(in super::super) width: String,
}

/// A limit on the scale.
#[derive(Debug)]
pub(in super::super) struct Tick {
    pub(in super::super) x: String,
    pub(in super::super) label: String,
    /// `start`, `middle` or `end`, so that the label stays inside.
    pub(in super::super) anchor: &'static str,
}

/// A bar for each measured element that a limit tests.
pub(super) fn bars(content: &Content, decision: &Decision<'_, '_>) -> Vec<Bar> {
    let elements = decision.drug.elements.iter();
    elements.filter_map(|index| bar(content, decision, *index)).collect()
}

fn bar(content: &Content, decision: &Decision<'_, '_>, index: ElementIndex) -> Option<Bar> {
    let element = content.record.elements.get(index)?;
    if !matches!(element.kind, Kind::Quantity { .. } | Kind::MultipleOfUln) {
        return None;
    }
    let known = decision.knowledge.get(index)?;
    let Possible::Quantity(possible) = known.possible else { return None };
    let zones = zones(decision, index);
    if zones.is_empty() {
        return None;
    }
    let scale = Scale::of(&zones, &possible);
    let in_all = |zone: &Interval| possible.is_within(zone);
    let (class, word) = match () {
        () if zones.iter().any(in_all) => ("not-met", "in a limit's range"),
        () if zones.iter().any(|zone| possible.meets(zone)) => ("open", "not known well enough"),
        () => ("met", "clear"),
    };
    let newest = known.evidence.iter().filter_map(|evidence| evidence.date.as_deref()).max();
    Some(Bar {
        title: element.title.clone(),
        value: shown(element, known),
        date: newest.map(day).unwrap_or_default(),
        class,
        word,
        ticks: scale.ticks(&zones),
        zones: zones.iter().map(|zone| scale.span(zone)).collect(),
        reach: scale.span(&possible),
        is_exact: possible.exact().is_some(),
    })
}

fn shown(element: &Element, known: &Known) -> String {
    let Possible::Quantity(possible) = known.possible else { return String::new() };
    if possible == Interval::NOT_NEGATIVE {
        return "not known".to_owned();
    }
    describe_needed(element, &[known.possible])
}

/// The values of an element for which a limit speaks, each once. Tests under a `not` are left out: they say where a limit
/// is silent.
fn zones(decision: &Decision<'_, '_>, index: ElementIndex) -> Vec<Interval> {
    let mut zones: Vec<Interval> = Vec::new();
    for checked in &decision.limits {
        if let Condition::When { formula, .. } = &checked.limit.condition {
            tested(formula, index, &mut zones);
        }
    }
    zones
}

fn tested(node: &Node, index: ElementIndex, zones: &mut Vec<Interval>) {
    match &node.kind {
        NodeKind::Not(_) => {}
        NodeKind::Test(test) if test.element == index => {
            if let Accepts::Quantity(zone) = test.accepts
                && !zones.contains(&zone)
            {
                zones.push(zone);
            }
        }
        _ => node.parts().iter().for_each(|part| tested(part, index, zones)),
    }
}

/// From values to places on the drawing.
struct Scale {
    most: f64,
}

impl Scale {
    fn of(zones: &[Interval], possible: &Interval) -> Self {
        let ends = zones.iter().chain([possible]).flat_map(|interval| [interval.low(), interval.high()]);
        let most = ends.filter_map(|end| end.value()).map(float).fold(0.0, f64::max);
        Self { most: if most > 0.0 { most * 1.25 } else { 1.0 } }
    }

    fn x(&self, value: Option<Decimal>, otherwise: f64) -> f64 {
        value.map_or(otherwise, |value| (float(value) / self.most * WIDTH).clamp(0.0, WIDTH))
    }

    fn span(&self, interval: &Interval) -> Span {
        let from = self.x(interval.low().value(), 0.0);
        let to = self.x(interval.high().value(), WIDTH);
        Span { x: format!("{from:.1}"), width: format!("{:.1}", (to - from).max(0.0)) }
    }

    fn ticks(&self, zones: &[Interval]) -> Vec<Tick> {
        let ends = zones.iter().flat_map(|zone| [zone.low().value(), zone.high().value()]);
        let mut values: Vec<Decimal> = ends.flatten().filter(|value| !value.is_zero()).collect();
        values.sort_unstable();
        values.dedup();
        let tick = |value: Decimal| {
            let x = self.x(Some(value), 0.0);
            let anchor = match x / WIDTH {
                place if place > 0.85 => "end",
                place if place < 0.1 => "start",
                _ => "middle",
            };
            Tick { x: format!("{x:.1}"), label: value.normalize().to_string(), anchor }
        };
        values.into_iter().map(tick).collect()
    }
}

/// For the eye only: nothing is decided by it.
fn float(value: Decimal) -> f64 {
    value.to_string().parse().unwrap_or(0.0)
}
