//! Laboratory results: a quantity in the element's unit, or a multiple of the result's own upper limit of normal.

mod count;
mod derived;
mod limit;
mod named;
mod ratio;

use criteria::{Gap, GapKind, Interval, Kind};

use super::measurements::{Candidate, Question, Standing, Value, Worth, settle};
use crate::content::Definition;
use crate::fhir::Observation;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::Laboratory;

impl Find for Laboratory {
    fn searches(&self) -> Vec<Search> {
        vec![Search::Laboratory]
    }

    fn newest_of(&self) -> Option<Search> {
        Some(Search::Laboratory)
    }

    fn find(&self, element: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let question = Question { title: &element.element.title, at: reading.at, days: element.window_days };
        let candidates = candidates(self, &element.element.kind, question.days, reading);
        let settled = match &element.element.kind {
            Kind::Quantity { unit } => {
                settle(&question, candidates, &|candidate| quantity(self, unit, candidate))
            }
            Kind::MultipleOfUln => {
                settle(&question, candidates, &|candidate| match candidate.parts.as_slice() {
                    [observation] => {
                        let worth = ratio::worth(self, observation, reading);
                        named::worth(candidate.standing, observation, worth)
                    }
                    _ => Worth::Unreadable("is no single result".to_owned()),
                })
            }
            _ => return Finding::nothing(),
        };
        settled.into_finding()
    }
}

fn candidates<'r>(
    source: &Laboratory,
    kind: &Kind,
    days: Option<u32>,
    reading: &'r Reading<'_, '_>,
) -> Vec<Candidate<'r>> {
    let of = |set: &str, standing| {
        let observations = reading.record.observations_in(set);
        observations.filter_map(move |observation| Candidate::of(observation, standing)).collect::<Vec<_>>()
    };
    let mut candidates = of(&source.codes, Standing::Direct);
    if let Some(set) = &source.lower_bound {
        candidates.extend(of(set, Standing::LowerBound));
    }
    if let Some(derived) = &source.derived {
        candidates.extend(derived::candidates(derived, days, reading));
    }
    candidates.extend(named::candidates(source, kind, reading));
    candidates
}

fn quantity(source: &Laboratory, unit: &str, candidate: &Candidate<'_>) -> Worth {
    match (candidate.standing, candidate.parts.as_slice()) {
        (standing @ (Standing::Derived | Standing::DerivedInPart), parts) => {
            derived::worth(source, unit, standing, parts)
        }
        (Standing::LowerBound, [observation]) => match count::worth(source, unit, observation) {
            Worth::Usable(value) => Worth::Usable(lower_bound(value, observation)),
            worth => worth,
        },
        (standing, [observation]) => {
            named::worth(standing, observation, count::worth(source, unit, observation))
        }
        _ => Worth::Unreadable("is no single result".to_owned()),
    }
}

/// `value` or more: only a part was counted.
fn lower_bound(value: Value, observation: &Observation<'_>) -> Value {
    let name = observation.code.get().and_then(|code| code.shown()).unwrap_or("this count");
    let detail =
        format!("{} counts only a part: the whole is at least as much", crate::quantity::clipped(name));
    at_least(value, detail)
}

/// The value as a lower end, with the reason as a gap.
fn at_least(mut value: Value, detail: String) -> Value {
    value.interval = Interval::new(value.interval.low(), criteria::End::Unbounded).unwrap_or(value.interval);
    value.gaps.push(Gap { kind: GapKind::Imprecise, detail });
    value
}
