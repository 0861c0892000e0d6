//! Coded results of a tumor marker: those of a metastatic site first, then the newest; what differs stays possible.

use criteria::{Codes, Evidence, Gap, GapKind, Possible};

use super::dated::{self, Dated};
use super::standing::{self, Standing};
use super::{cited, focus, value};
use crate::fhir::{Condition, Observation};
use crate::reading::{Finding, Reading};
use crate::search::Search;
use crate::when::{Window, recorded};

/// What one result leaves possible, and why that is not one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Says {
    /// The codes that remain.
    pub codes: Codes,
    /// Why there are several.
    pub gap: Option<Gap>,
}

impl Says {
    /// A result that tells exactly.
    pub(super) fn exactly(codes: Codes) -> Self {
        Self { codes, gap: None }
    }

    /// A result that leaves several codes.
    pub(super) fn vague(codes: Codes, kind: GapKind, detail: impl Into<String>) -> Self {
        Self { codes, gap: Some(Gap { kind, detail: detail.into() }) }
    }
}

/// The observations of one marker.
#[derive(Debug, Default)]
pub(super) struct Results<'o, 'a> {
    /// Final, amended or corrected, with a value.
    pub usable: Vec<&'o Observation<'a>>,
    /// The same, but it is not known of which disease, and why.
    pub untold: Vec<(&'o Observation<'a>, Gap)>,
    /// Those that are there and do not count (yet), and why.
    pub aside: Vec<Dated<Gap>>,
}

/// The observations of a value set that are not about another disease, by whether they count.
pub(super) fn results<'o, 'a>(set: &str, other: Option<&str>, reading: &Reading<'o, 'a>) -> Results<'o, 'a> {
    sorted(focus::observations(set, other, reading).into_iter(), other, reading)
}

/// Sorts observations of a marker by whether they count.
pub(super) fn sorted<'o, 'a>(
    observations: impl Iterator<Item = &'o Observation<'a>>,
    other: Option<&str>,
    reading: &Reading<'_, '_>,
) -> Results<'o, 'a> {
    let mut results = Results::default();
    for observation in observations {
        let when = dated::observation(observation);
        let why = match standing::observation(observation) {
            Standing::SaysNothing => continue,
            Standing::Doubtful(status) => format!("{status} and does not count"),
            Standing::Counts if dated::window(when, None, reading.at) == Window::Ahead => {
                "dated in the future".to_owned()
            }
            Standing::Counts if cited::result(observation).is_some() => {
                match focus::untold(observation, other, reading) {
                    Some(why) => results.untold.push((observation, untold(observation, &why))),
                    None => results.usable.push(observation),
                }
                continue;
            }
            // The head of a panel holds no value of its own.
            Standing::Counts if is_panel(observation) => continue,
            Standing::Counts => "without a value".to_owned(),
        };
        let evidence = cited::observation(observation);
        let detail = format!("{} ({}) is {why}", evidence.reference, cited::words(&evidence));
        results.aside.push(Dated { when, evidence, says: Gap { kind: GapKind::Imprecise, detail } });
    }
    results
}

/// The gap of a result of which it is not known whether it is of another disease.
pub(super) fn untold(observation: &Observation<'_>, why: &str) -> Gap {
    let evidence = cited::observation(observation);
    let detail = format!("{} ({}) is {why}", evidence.reference, cited::words(&evidence));
    Gap { kind: GapKind::Imprecise, detail }
}

/// What results leave open of which it is not known whether they count: what they say may be so or not, and where they
/// are of a metastasis they come first. Only a newer result of a metastasis comes before them in any case.
pub(super) fn or_else(
    mut finding: Finding,
    results: &Results<'_, '_>,
    says: impl Fn(&Observation<'_>) -> Says,
    domain: Codes,
    is_of_metastasis: impl Fn(&Observation<'_>) -> bool,
) -> Finding {
    for (untold, gap) in &results.untold {
        let when = dated::observation(untold);
        let is_over = |usable: &&Observation<'_>| {
            is_of_metastasis(usable) && dated::is_newer(dated::observation(usable), when)
        };
        if results.usable.iter().any(is_over) {
            continue;
        }
        let (before, with) = match finding.possible {
            Some(Possible::Coded(codes)) => (Some(codes), codes.union(says(untold).codes)),
            _ => (None, domain),
        };
        if before != Some(with) {
            finding.possible = Some(Possible::Coded(with));
            finding.gaps.push(gap.clone());
            finding.evidence.push(cited::observation(untold));
        }
    }
    finding
}

/// Names the results that do not count: as gaps where the answer is open, beside it where it stands and they are not older.
pub(super) fn name_aside(mut finding: Finding, aside: impl Iterator<Item = Dated<Gap>>) -> Finding {
    if finding.possible.is_none() || !finding.gaps.is_empty() {
        for result in aside {
            finding.gaps.push(result.says);
            finding.evidence.push(result.evidence);
        }
        return finding;
    }
    let decided = dated::spanning(finding.evidence.iter().map(|evidence| evidence.date.as_deref()));
    let newer = aside.filter(|result| !dated::is_newer(decided, result.when));
    let mut newer = newer.map(|result| result.says.detail).collect::<Vec<_>>();
    newer.sort();
    finding.evidence.iter_mut().take(1).for_each(|evidence| note(evidence, &newer));
    finding
}

/// Adds what is to be said beside an evidence to its note.
fn note(evidence: &mut Evidence, notes: &[String]) {
    let all = evidence.note.iter().chain(notes).cloned().collect::<Vec<_>>();
    evidence.note = (!all.is_empty()).then(|| all.join("; "));
}

fn is_panel(observation: &Observation<'_>) -> bool {
    !observation.component.is_empty() || !observation.has_member.is_empty()
}

/// Whether a result is of a metastasis, by its focus, specimen or body site.
pub(super) fn is_of_metastasis(
    observation: &Observation<'_>,
    set: Option<&str>,
    reading: &Reading<'_, '_>,
) -> bool {
    let Some(set) = set else { return false };
    let pointed = || observation.focus.iter().chain(observation.specimen.get().map(AsRef::as_ref));
    observation.body_site.get().is_some_and(|site| reading.terminology.has(set, site))
        || pointed().any(|focus| focus::points_to(focus, set, reading))
}

/// What the newest of several results leave possible. `None` where there is none.
pub(super) fn agree(all: &[Dated<Says>]) -> Option<(Says, Vec<Evidence>)> {
    let newest = dated::newest(all);
    let mut evidence: Vec<_> = newest.iter().map(|result| result.evidence.clone()).collect();
    let (first, rest) = newest.split_first()?;
    let changed = changed(all, &newest);
    evidence.iter_mut().for_each(|evidence| note(evidence, &changed));
    if rest.iter().all(|result| result.says.codes == first.says.codes) {
        return Some((first.says.clone(), evidence));
    }
    let is_one_time = rest.iter().all(|result| dated::is_same_time(first.when, result.when));
    let shared =
        rest.iter().try_fold(first.says.codes, |codes, result| codes.intersection(result.says.codes));
    let says = match shared.filter(|_| is_one_time) {
        Some(codes) => {
            let gap = newest.iter().find_map(|result| result.says.gap.clone());
            Says { codes, gap: gap.filter(|_| !codes.is_exact()) }
        }
        None => Says {
            codes: rest.iter().fold(first.says.codes, |codes, result| codes.union(result.says.codes)),
            gap: Some(dated::disagreement(&newest)),
        },
    };
    Some((says, evidence))
}

/// Earlier results that say something else altogether.
fn changed(all: &[Dated<Says>], newest: &[&Dated<Says>]) -> Vec<String> {
    let is_other = |one: &Dated<Says>| {
        newest.iter().all(|new| {
            dated::is_newer(new.when, one.when) && new.says.codes.intersection(one.says.codes).is_none()
        })
    };
    let changed = all.iter().filter(|one| is_other(one));
    let mut changed =
        changed.map(|one| format!("changed from {}", cited::words(&one.evidence))).collect::<Vec<_>>();
    changed.sort();
    changed.dedup();
    changed
}

/// The finding out of what results say, with those that do not count yet.
pub(super) fn finding(says: Says, evidence: Vec<Evidence>) -> Finding {
    Finding {
        possible: Some(Possible::Coded(says.codes)),
        evidence,
        gaps: says.gap.into_iter().collect(),
        ..Finding::default()
    }
}

/// What Conditions say of a marker, where it has no result: a result that could not be read may say otherwise.
pub(super) fn by_conditions(
    sets: &[(Option<&str>, Says)],
    domain: Codes,
    reading: &Reading<'_, '_>,
) -> Finding {
    let mut seen = Vec::new();
    for (set, says) in sets {
        let conditions = set.iter().flat_map(|set| reading.record.conditions_in(set));
        seen.extend(conditions.filter_map(|condition| by_condition(condition, says, domain)));
    }
    let Some((says, evidence)) = agree(&seen) else { return Finding::nothing() };
    let missing = reading.not_complete(&[Search::ClinicalObservations]);
    if missing.is_empty() {
        return finding(says, evidence);
    }
    let detail = format!("a result would outrank the Condition: {}", missing.join(", "));
    finding(Says::vague(domain, GapKind::Unavailable, detail), evidence)
}

fn by_condition(condition: &Condition<'_>, says: &Says, domain: Codes) -> Option<Dated<Says>> {
    let evidence = cited::condition(condition);
    // A receptor status does not change with the course of the disease, so the clinical status does not matter.
    let says = match standing::verification(condition.verification_status.get()) {
        Standing::Counts => Says { gap: says.gap.clone().map(|gap| named(gap, &evidence)), ..says.clone() },
        Standing::Doubtful(status) => {
            let detail = format!("{} is {status}", cited::words(&evidence));
            Says::vague(domain, GapKind::Imprecise, detail)
        }
        Standing::SaysNothing => return None,
    };
    Some(Dated { when: dated::condition(condition), evidence, says })
}

fn named(gap: Gap, evidence: &Evidence) -> Gap {
    Gap { detail: format!("{}: {}", cited::words(evidence), gap.detail), ..gap }
}

/// A result whose value is not understood.
pub(super) fn unclassified(observation: &Observation<'_>, domain: Codes) -> Says {
    let sent = value::sent(observation).unwrap_or_default();
    let on = recorded(observation).unwrap_or("undated");
    Says::vague(domain, GapKind::Unclassified, format!("{sent} ({on}) is in no known value set"))
}
