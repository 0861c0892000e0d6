//! A numeric score of a tumor marker, never another score of the same marker or its mere presence.

mod words;

use criteria::{Evidence, Gap, GapKind, Interval, Possible};

use super::dated::{self, Dated};
use super::standing::{self, Standing};
use super::{cited, focus, marker, value};
use crate::content::Definition;
use crate::fhir::{Component, Observation};
use crate::quantity::{Measure, Recorded};
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::Score;
use crate::units::Unit;
use crate::when::Window;

impl Find for Score {
    fn searches(&self) -> Vec<Search> {
        vec![Search::ClinicalObservations]
    }

    fn newest_of(&self) -> Option<Search> {
        Some(Search::ClinicalObservations)
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let observations = |set: &str| focus::observations(set, self.other.as_deref(), reading);
        let other = self.other.as_deref();
        let own = marker::results(&self.codes, other, reading);
        let is_own = |seen: &&Observation<'_>| {
            seen.code.get().is_some_and(|code| reading.terminology.has(&self.codes, code))
        };
        let others = observations(&self.marker).into_iter().filter(|seen| !is_own(seen));
        let others = others.collect::<Vec<_>>();
        let of_marker =
            marker::sorted(others.iter().copied().filter(|seen| !has_only_components(seen)), other, reading);
        let mut seen = own.usable.iter().map(|result| own_score(result)).collect::<Vec<_>>();
        seen.extend(of_marker.usable.iter().filter_map(|result| self.named(result, reading)));
        seen.extend(own.untold.into_iter().chain(of_marker.untold).filter_map(|(result, gap)| {
            let is_score = is_own(&result) || self.named(result, reading).is_some();
            is_score.then(|| Dated { says: Err(gap), ..own_score(result) })
        }));
        let panels = observations(&self.codes).into_iter().filter(|seen| has_only_components(seen));
        seen.extend(others.iter().copied().chain(panels).flat_map(|panel| self.components(panel, reading)));
        let finding = agree(&seen).unwrap_or_else(|| other_scores(&of_marker.usable));
        let aside = own.aside.into_iter().chain(of_marker.aside);
        marker::name_aside(cited::sorted(finding), aside)
    }
}

/// A result: the score, or why it cannot be read.
type Read = Result<Interval, Gap>;

impl Score {
    /// The result of another test of the marker, where method, code or value name the score.
    fn named(&self, result: &Observation<'_>, reading: &Reading<'_, '_>) -> Option<Dated<Read>> {
        let terminology = reading.terminology;
        let is_named = [result.method.get(), result.code.get()]
            .into_iter()
            .flatten()
            .any(|concept| terminology.has(&self.named, concept));
        let texts = value::texts(result);
        let names_it = |text: &str| terminology.has_text(&self.named, text);
        let says = if is_named {
            let measure = Measure::of_observation(result).ok().and_then(|measure| bare(&measure, false));
            measure.or_else(|| texts.iter().find_map(|text| words::read(text, |_| true)))
        } else if texts.iter().any(|text| names_it(text)) {
            texts.iter().find_map(|text| words::read(text, names_it))
        } else {
            return None;
        };
        Some(dated(result, says))
    }

    fn components(&self, panel: &Observation<'_>, reading: &Reading<'_, '_>) -> Vec<Dated<Read>> {
        let is_ahead = dated::window(dated::observation(panel), None, reading.at) == Window::Ahead;
        if standing::observation(panel) != Standing::Counts || is_ahead {
            return Vec::new();
        }
        let untold = focus::untold(panel, self.other.as_deref(), reading);
        let is_score = |component: &&Component<'_>| {
            let has = |set: &str| component.code.get().is_some_and(|code| reading.terminology.has(set, code));
            has(&self.codes) || has(&self.named)
        };
        let score = |component: &Component<'_>| {
            let text = component.value_integer.get().or_else(|| component.value_string.get());
            let concept = component.value_codeable_concept.get().and_then(|value| value.shown());
            let measure = component.value_quantity.get().and_then(Measure::of_quantity);
            let says = measure
                .and_then(|measure| bare(&measure, true))
                .or_else(|| text.or(concept).and_then(|text| words::read(text, |_| true)));
            let shown = component.value_quantity.get().map(cited::quantity);
            let mut evidence = cited::observation(panel);
            evidence.path = "Observation.component.value".into();
            evidence.value = shown.or_else(|| text.or(concept).map(str::to_owned)).unwrap_or_default();
            let says = match &untold {
                Some(why) => Err(marker::untold(panel, why)),
                None => says.ok_or_else(|| unreadable(&evidence)),
            };
            Dated { when: dated::observation(panel), evidence, says }
        };
        panel.component.iter().filter(is_score).map(score).collect()
    }
}

fn has_only_components(result: &Observation<'_>) -> bool {
    cited::result(result).is_none() && !result.component.is_empty()
}

/// The result of the score's own test: its number needs no name.
fn own_score(result: &Observation<'_>) -> Dated<Read> {
    let measure = Measure::of_observation(result).ok().and_then(|measure| bare(&measure, true));
    let texts = value::texts(result);
    dated(result, measure.or_else(|| texts.iter().find_map(|text| words::read(text, |_| true))))
}

fn dated(result: &Observation<'_>, says: Option<Interval>) -> Dated<Read> {
    let evidence = cited::observation(result);
    let says = says.ok_or_else(|| unreadable(&evidence));
    Dated { when: dated::observation(result), evidence, says }
}

fn unreadable(evidence: &Evidence) -> Gap {
    let detail = format!("no single score can be read in {}", cited::words(evidence));
    Gap { kind: GapKind::Imprecise, detail }
}

/// A score has no unit; some senders write `%` or an annotation for one where the test itself is the score.
fn bare(measure: &Measure, is_score: bool) -> Option<Interval> {
    let is_bare = match &measure.unit {
        Recorded::Missing => true,
        Recorded::Known(unit) => unit.is_one() || (is_score && Unit::read("%") == Some(*unit)),
        Recorded::Unknown(unit) => {
            unit.starts_with('{') || ["score", "points", "cps"].contains(&unit.to_lowercase().as_str())
        }
        Recorded::Contradictory(..) => false,
    };
    is_bare.then_some(measure.interval)
}

/// The newest score; scores of one time that differ are spanned.
fn agree(seen: &[Dated<Read>]) -> Option<Finding> {
    let mut newest = dated::newest(seen);
    // What cannot be read yields to a score of the same time; one that may be newer does not.
    let read = newest.iter().copied().filter(|result| result.says.is_ok()).collect::<Vec<_>>();
    newest.retain(|one| {
        one.says.is_ok() || !read.iter().any(|other| dated::is_same_time(one.when, other.when))
    });
    newest.sort_by_key(|result| result.says.is_ok());
    let evidence = newest.iter().map(|result| result.evidence.clone()).collect();
    let (first, rest) = newest.split_first()?;
    let (interval, gaps) = match &first.says {
        Ok(score) => {
            let scores = || rest.iter().filter_map(|result| result.says.as_ref().ok());
            let differs = scores().any(|other| other != score);
            let gap = if differs { Some(dated::disagreement(&newest)) } else { comparator_gap(first) };
            (scores().fold(*score, |all, other| all.hull(other)), gap.into_iter().collect())
        }
        Err(_) => {
            (Interval::NOT_NEGATIVE, newest.iter().filter_map(|result| result.says.clone().err()).collect())
        }
    };
    Some(Finding { possible: Some(Possible::Quantity(interval)), evidence, gaps, ..Finding::default() })
}

fn comparator_gap(result: &Dated<Read>) -> Option<Gap> {
    let interval = result.says.as_ref().ok().filter(|interval| interval.exact().is_none())?;
    let detail = format!("recorded as {}: {interval}", cited::words(&result.evidence));
    Some(Gap { kind: GapKind::Imprecise, detail })
}

/// Other results of the marker: they are named, and say nothing about the score.
fn other_scores(results: &[&Observation<'_>]) -> Finding {
    if results.is_empty() {
        return Finding::nothing();
    }
    let evidence = results.iter().map(|result| cited::observation(result)).collect::<Vec<_>>();
    let detail = |result: &&Observation<'_>| {
        let test = result.code.get().map(cited::concept).unwrap_or_default();
        format!("{test}: {} is another score or mere presence", cited::words(&cited::observation(result)))
    };
    let gaps =
        results.iter().map(|result| Gap { kind: GapKind::Unclassified, detail: detail(result) }).collect();
    Finding {
        possible: Some(Possible::Quantity(Interval::NOT_NEGATIVE)),
        evidence,
        gaps,
        ..Finding::default()
    }
}
