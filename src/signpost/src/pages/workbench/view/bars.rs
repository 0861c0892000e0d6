//! Measured values against the safety limits that speak about them, drawn small.

use criteria::formula::{Accepts, Node, NodeKind, Test};
use criteria::limits::Condition;
use criteria::{Decimal, ElementIndex, Interval, Kind, Possible, Verdict};

use super::tree::{day, value};
use crate::content::Content;
use crate::decision::Decision;

/// How wide a bar is drawn, in units of the drawing.
const WIDTH: f64 = 240.0;

/// A value and its limits.
#[derive(Debug)]
pub struct Bar {
    pub title: String,
    pub value: String,
    pub date: String,
    /// `not-met` where a limit applies because of it, `open` where one is open for it, else `met`.
    pub class: &'static str,
    pub word: &'static str,
    /// Zones where a limit speaks: from and width.
    pub zones: Vec<Zone>,
    /// The values that are possible.
    pub reach: Span,
    /// Whether that is drawn as one value.
    pub is_exact: bool,
    /// The limits, written below.
    pub ticks: Vec<Tick>,
}

/// Values for which a limit speaks.
#[derive(Debug)]
pub struct Zone {
    pub span: Span,
    /// Whether it speaks only together with something else.
    pub is_conditional: bool,
}

/// From where, and how far.
#[derive(Debug)]
pub struct Span {
    pub x: String,
    pub width: String,
}

/// A limit on the scale.
#[derive(Debug)]
pub struct Tick {
    pub x: String,
    pub label: String,
    /// `start`, `middle` or `end`, so that the label stays inside.
    pub anchor: &'static str,
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
    let (class, word) = verdict(decision, index);
    let reach = scale.reach(&possible);
    let newest = known.evidence.iter().filter_map(|evidence| evidence.date.as_deref()).max();
    Some(Bar {
        title: element.title.clone(),
        value: value(element, known),
        date: newest.map(day).unwrap_or_default(),
        class,
        word,
        ticks: scale.ticks(&zones),
        zones: zones.iter().map(|(zone, is_conditional)| scale.zone(zone, *is_conditional)).collect(),
        is_exact: reach.1 < 4.0,
        reach: Span::of(reach),
    })
}

/// What the limits that rest on an element come to.
fn verdict(decision: &Decision<'_, '_>, index: ElementIndex) -> (&'static str, &'static str) {
    let rests = |verdict: Verdict| {
        let of = decision.limits.iter().filter(|checked| checked.verdict == verdict);
        of.into_iter().any(|checked| checked.elements.contains(&index))
    };
    match () {
        () if rests(Verdict::Met) => ("not-met", "a limit applies"),
        () if rests(Verdict::Unknown) => ("open", "a limit is open"),
        () => ("met", "clear"),
    }
}

/// The values of an element for which a limit speaks, each once, and whether only together with something else. A limit
/// that asks for an element in more than one way has no such values.
fn zones(decision: &Decision<'_, '_>, index: ElementIndex) -> Vec<(Interval, bool)> {
    let mut zones: Vec<(Interval, bool)> = Vec::new();
    for checked in &decision.limits {
        if let Condition::When { formula, .. } = &checked.limit.condition {
            let mut tests = Vec::new();
            tested(formula, index, false, &mut tests);
            if let [zone] = tests.as_slice()
                && !zones.contains(zone)
            {
                zones.push(*zone);
            }
        }
    }
    zones
}

/// Collects the tests of an element. Below a `not`, and where all parts must hold, one alone says nothing.
fn tested(node: &Node, index: ElementIndex, is_conditional: bool, tests: &mut Vec<(Interval, bool)>) {
    match &node.kind {
        NodeKind::Test(Test { element, accepts: Accepts::Quantity(zone), .. }) if *element == index => {
            tests.push((*zone, is_conditional));
        }
        NodeKind::Any(parts) => {
            parts.iter().for_each(|part| tested(part, index, is_conditional, tests));
        }
        _ => {
            let is_conditional = is_conditional || node.parts().len() > 1;
            node.parts().iter().for_each(|part| tested(part, index, is_conditional, tests));
        }
    }
}

impl Span {
    fn of((x, width): (f64, f64)) -> Self {
        Self { x: format!("{x:.1}"), width: format!("{width:.1}") }
    }
}

/// From values to places on the drawing.
struct Scale {
    most: f64,
}

impl Scale {
    fn of(zones: &[(Interval, bool)], possible: &Interval) -> Self {
        let zones = zones.iter().map(|(zone, _)| zone);
        let ends = zones.chain([possible]).flat_map(|interval| [interval.low(), interval.high()]);
        let most = ends.filter_map(|end| end.value()).map(float).fold(0.0, f64::max);
        Self { most: if most > 0.0 { most * 1.25 } else { 1.0 } }
    }

    fn x(&self, value: Option<Decimal>, otherwise: f64) -> f64 {
        value.map_or(otherwise, |value| (float(value) / self.most * WIDTH).clamp(0.0, WIDTH))
    }

    /// From where, and how far.
    fn reach(&self, interval: &Interval) -> (f64, f64) {
        let from = self.x(interval.low().value(), 0.0);
        (from, (self.x(interval.high().value(), WIDTH) - from).max(0.0))
    }

    fn zone(&self, zone: &Interval, is_conditional: bool) -> Zone {
        Zone { span: Span::of(self.reach(zone)), is_conditional }
    }

    fn ticks(&self, zones: &[(Interval, bool)]) -> Vec<Tick> {
        let ends = zones.iter().flat_map(|(zone, _)| [zone.low().value(), zone.high().value()]);
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
