//! Body surface area: measured, or by the Mosteller formula from the newest height and weight.

use criteria::{Decimal, Gap, GapKind, Interval, Possible};

use super::age::is_adult;
use super::measurements::{Candidate, Question, Settled, Standing, Worth, settle};
use crate::content::Definition;
use crate::exact;
use crate::fhir::Observation;
use crate::quantity::Measure;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::BodySurfaceArea;
use crate::when::{Sequence, When, Window, recorded};

/// No human body has less, in square metres (a newborn has 0.2): height or weight is in another unit than it says.
const LEAST: Decimal = Decimal::from_parts(1, 0, 0, false, 1);

/// No adult body has less, in square metres.
const LEAST_OF_ADULTS: Decimal = Decimal::from_parts(8, 0, 0, false, 1);

/// No human body has more, in square metres.
const MOST: Decimal = Decimal::from_parts(5, 0, 0, false, 0);

/// An adult's height in centimetres, from the shortest to the tallest.
const TALL: [u32; 2] = [100, 260];

/// An adult's weight in kilograms, from the lightest to the heaviest.
const HEAVY: [u32; 2] = [20, 400];

impl Find for BodySurfaceArea {
    fn searches(&self) -> Vec<Search> {
        vec![Search::Patient, Search::VitalSigns]
    }

    fn newest_of(&self) -> Option<Search> {
        Some(Search::VitalSigns)
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let weight = self.weight(reading);
        let measured = newest(&self.measured, "Body surface area", "m2", element.window_days, reading);
        if measured.interval.is_some() && is_newer(&measured, &weight) {
            return measured.into_finding();
        }
        let height = self.height(reading);
        match (height.interval, weight.interval) {
            (Some(tall), Some(heavy)) => mosteller(tall, heavy, height, weight, reading),
            // Nothing newer to compute it from: as measured, within its window.
            _ if measured.interval.is_some() => measured.into_finding(),
            _ if !measured.gaps.is_empty() => together([height, weight, measured]),
            (Some(_), None) => together([height, missed(weight, "weight")]),
            (None, Some(_)) => together([missed(height, "height"), weight]),
            (None, None) => together([height, weight]),
        }
    }
}

impl BodySurfaceArea {
    fn weight(&self, reading: &Reading<'_, '_>) -> Settled {
        newest(&self.weight, "Body weight", "kg", Some(self.weight_days), reading)
    }

    /// Of an adult at any age; of anyone else only as recent as the weight.
    fn height(&self, reading: &Reading<'_, '_>) -> Settled {
        let patient = reading.record.patient.as_ref();
        let counts = |observation: &Observation<'_>| {
            recorded(observation).and_then(When::read).is_some_and(|when| {
                when.window(reading.at, Some(self.weight_days)) == Window::Within
                    || is_adult(patient, when.earliest()) == Some(true)
            })
        };
        let question = Question { title: "Body height", at: reading.at, days: None };
        settle(&question, candidates(&self.height, reading), &|candidate| match in_unit(
            candidate, "cm", reading,
        ) {
            Worth::Usable(_) if !candidate.parts.iter().all(|part| counts(part)) => Worth::Unreadable(
                "is old, and the patient is not known to have been an adult then".to_owned(),
            ),
            worth => worth,
        })
    }
}

fn candidates<'r>(set: &str, reading: &'r Reading<'_, '_>) -> Vec<Candidate<'r>> {
    let observations = reading.record.observations_in(set);
    observations.filter_map(|observation| Candidate::of(observation, Standing::Direct)).collect()
}

fn newest(set: &str, title: &str, unit: &str, days: Option<u32>, reading: &Reading<'_, '_>) -> Settled {
    let question = Question { title, at: reading.at, days };
    settle(&question, candidates(set, reading), &|candidate| in_unit(candidate, unit, reading))
}

fn in_unit(candidate: &Candidate<'_>, unit: &str, reading: &Reading<'_, '_>) -> Worth {
    let [observation] = candidate.parts.as_slice() else {
        return Worth::Unreadable("is no single measurement".to_owned());
    };
    match Measure::of_observation(observation) {
        Err(reason) => Worth::Unreadable(reason.to_string()),
        Ok(measure) => match measure.in_unit(unit, None) {
            Ok(interval) if !is_plausible(&interval, unit, reading) => {
                let of = if unit == "m2" { "body surface area" } else { "height or weight" };
                Worth::Untrusted(format!("is no {of} of this patient: the unit may be another"))
            }
            Ok(interval) => Worth::Usable(interval.into()),
            Err(reason) => Worth::Untrusted(reason),
        },
    }
}

/// Whether an adult, or else any human, can have it.
fn is_plausible(interval: &Interval, unit: &str, reading: &Reading<'_, '_>) -> bool {
    let is_adult = is_adult(reading.record.patient.as_ref(), reading.at) == Some(true);
    let [least, most] = match (unit, is_adult) {
        ("m2", true) => [LEAST_OF_ADULTS, MOST],
        ("m2", false) => [LEAST, MOST],
        ("cm", true) => TALL.map(Decimal::from),
        ("kg", true) => HEAVY.map(Decimal::from),
        _ => return true,
    };
    interval.meets(&Interval::spanning(least, most))
}

/// Newer than any weight; without a weight that counts, it is.
fn is_newer(measured: &Settled, weight: &Settled) -> bool {
    match (measured.when, weight.when) {
        (Some(measured), Some(weight)) => measured.compare(&weight) == Sequence::After,
        (_, weight) => weight.is_none(),
    }
}

/// What is missing beside the other measurement, by name where nothing says why.
fn missed(mut settled: Settled, name: &str) -> Settled {
    if settled.gaps.is_empty() {
        let detail = format!("no body {name} on record");
        settled.gaps.push(Gap { kind: GapKind::NotRecorded, detail });
    }
    settled
}

/// sqrt(cm x kg / 3600) (Mosteller 1987), never capped.
fn mosteller(
    tall: Interval,
    heavy: Interval,
    height: Settled,
    weight: Settled,
    reading: &Reading<'_, '_>,
) -> Finding {
    let square = exact::quotient(&exact::product(&tall, &heavy), &Interval::exactly(Decimal::from(3600)));
    let mut finding = together([height, weight]);
    let Some(area) = square.map(|square| exact::square_root(&square)) else {
        return finding.with_gap(GapKind::Imprecise, "height and weight do not fit together");
    };
    if !is_plausible(&area, "m2", reading) {
        return finding.with_gap(GapKind::Imprecise, "height and weight do not fit together");
    }
    let shown = area.low().value().map(|low| low.round_dp(3)).unwrap_or_default();
    if let Some(first) = finding.evidence.first_mut() {
        let formula = format!("body surface area {shown} m2 by Mosteller");
        first.note =
            Some(first.note.take().map_or_else(|| formula.clone(), |note| format!("{formula}; {note}")));
    }
    if area.exact().is_none() && finding.gaps.is_empty() {
        let detail = format!("body surface area {shown} m2 by Mosteller is rounded (in the 16th digit)");
        finding.gaps.push(Gap { kind: GapKind::Imprecise, detail });
    }
    finding.possible = Some(Possible::Quantity(area));
    finding
}

/// Evidence and gaps of several measurements, without a value.
fn together<const N: usize>(all: [Settled; N]) -> Finding {
    let mut finding = Finding::nothing();
    for settled in all {
        finding.evidence.extend(settled.evidence);
        finding.gaps.extend(settled.gaps);
    }
    finding
}
