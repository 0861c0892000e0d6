//! Which of several measurements of one thing decides: the newest usable one inside the window, not the worst.

use criteria::{Evidence, Gap, GapKind, Interval, Possible};
use jiff::Timestamp;

use crate::fhir::Observation;
use crate::quantity::{Measure, clipped};
use crate::reading::Finding;
use crate::when::{Sequence, When, Window, recorded};

/// How many unusable measurements of one thing are named; a chart may hold hundreds.
const MOST_NAMED: usize = 3;

/// How directly a measurement shows the thing; of one instant the first decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// The thing itself.
    Direct,
    /// Computed from others of one collection.
    Derived,
    /// Computed so, with a part missing.
    DerivedInPart,
    /// Known by its name only, which says just that.
    Named,
    /// A part of it, so that it is no less.
    LowerBound,
    /// Its name may mean it.
    Suggested,
}

/// A measurement that may decide: one Observation, or those it is computed from.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'r> {
    pub(super) parts: Vec<&'r Observation<'r>>,
    pub(super) standing: Standing,
    when: Option<When>,
}

/// What a candidate's value is worth.
#[derive(Debug)]
pub(super) enum Worth {
    /// A value, with how it was read where that is not plain, and why it is not exact.
    Usable(Value),
    /// A number that cannot be trusted, and why ("has no unit"): the thing is not known.
    Untrusted(String),
    /// A number that may be of another thing, and why: the thing is not known.
    Unclassified(String),
    /// No number at all, and why: an older one may decide.
    Unreadable(String),
}

/// A value in the canonical unit.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) interval: Interval,
    pub(super) note: Option<String>,
    pub(super) gaps: Vec<Gap>,
}

impl From<Interval> for Value {
    fn from(interval: Interval) -> Self {
        Self { interval, note: None, gaps: Vec::new() }
    }
}

/// What is asked: of what, seen from when, how far back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'q> {
    pub(super) title: &'q str,
    pub(super) at: Timestamp,
    pub(super) days: Option<u32>,
}

/// The answer: the values that remain possible, if any measurement decides.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) interval: Option<Interval>,
    pub(super) when: Option<When>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) gaps: Vec<Gap>,
}

impl Settled {
    pub(super) fn into_finding(self) -> Finding {
        Finding {
            possible: self.interval.map(Possible::Quantity),
            evidence: self.evidence,
            gaps: self.gaps,
            ..Finding::default()
        }
    }

    fn gap(&mut self, kind: GapKind, detail: String) {
        self.gaps.push(Gap { kind, detail });
    }
}

/// Whether a status counts; the others say nothing, or are named as not counting yet.
pub(super) fn is_final(observation: &Observation<'_>) -> bool {
    matches!(observation.status.get(), Some("final" | "amended" | "corrected"))
}

fn says_nothing(observation: &Observation<'_>) -> bool {
    matches!(observation.status.get(), Some("entered-in-error" | "cancelled"))
}

impl<'r> Candidate<'r> {
    /// One Observation; `None` where it was withdrawn.
    pub(super) fn of(observation: &'r Observation<'r>, standing: Standing) -> Option<Self> {
        let when = recorded(observation).and_then(When::read);
        (!says_nothing(observation)).then(|| Self { parts: vec![observation], standing, when })
    }

    /// Several Observations of one collection.
    pub(super) fn derived(parts: Vec<&'r Observation<'r>>, standing: Standing, when: When) -> Self {
        Self { parts, standing, when: Some(when) }
    }

    fn date(&self) -> Option<&'r str> {
        self.parts.first().and_then(|observation| recorded(observation))
    }

    fn is_final(&self) -> bool {
        self.parts.iter().all(|observation| is_final(observation))
    }

    /// What candidates are named by, so that the order in which they came never matters.
    fn key(&self) -> (&'r str, Option<&'r str>, Option<String>) {
        let id = self.parts.first().and_then(|observation| observation.id.get()).unwrap_or_default();
        (id, self.date(), self.parts.first().map(|observation| shown(observation)))
    }

    fn evidence(&self, note: Option<&String>) -> Vec<Evidence> {
        let mut evidence: Vec<_> = self.parts.iter().map(|observation| evidence_of(observation)).collect();
        if let Some(first) = evidence.first_mut() {
            first.note = note.cloned();
        }
        evidence
    }

    /// `Platelet count 142 10*9/L of 2026-09-23`.
    fn named(&self, title: &str) -> String {
        let values: Vec<_> = self.parts.iter().map(|observation| shown(observation)).collect();
        let value = values.join(" with ");
        let value = if value.is_empty() { value } else { format!(" {value}") };
        let date = self.date().map(|date| format!(" of {}", clipped(date))).unwrap_or_default();
        format!("{title}{value}{date}")
    }
}

fn shown(observation: &Observation<'_>) -> String {
    Measure::shown_of(observation).unwrap_or_default()
}

/// Where a value stands in the record.
pub(super) fn evidence_of(observation: &Observation<'_>) -> Evidence {
    Evidence {
        reference: observation
            .id
            .get()
            .map_or_else(|| "Observation".to_owned(), |id| format!("Observation/{id}")),
        path: "Observation.value".into(),
        value: Measure::shown_of(observation).unwrap_or_else(|reason| reason.to_string()),
        date: recorded(observation).map(clipped),
        note: None,
    }
}

/// The candidates by what can be said of their time and status.
#[derive(Default)]
struct Sorted<'r> {
    /// Final and in the window.
    deciding: Vec<Candidate<'r>>,
    /// There, but of no use, and why.
    aside: Vec<(Candidate<'r>, String)>,
    /// Final and older than the window.
    stale: Vec<Candidate<'r>>,
}

fn sort<'r>(question: &Question<'_>, candidates: Vec<Candidate<'r>>) -> Sorted<'r> {
    let mut sorted = Sorted::default();
    for candidate in candidates {
        let window = candidate.when.map(|when| when.window(question.at, question.days));
        let because = match window {
            _ if !candidate.is_final() && window != Some(Window::Outside) => not_final(&candidate),
            None => "has no date that can be read, so that its age is not known".to_owned(),
            Some(Window::Ahead) => "is dated after the evaluation".to_owned(),
            Some(Window::Unclear) => "has a date too coarse to tell whether it is recent enough".to_owned(),
            Some(Window::Outside) => {
                if candidate.is_final() {
                    sorted.stale.push(candidate);
                }
                continue;
            }
            Some(Window::Within) => {
                sorted.deciding.push(candidate);
                continue;
            }
        };
        sorted.aside.push((candidate, because));
    }
    sorted
}

fn not_final(candidate: &Candidate<'_>) -> String {
    let status = candidate.parts.iter().find(|part| !is_final(part)).and_then(|part| part.status.get());
    match status {
        Some(status) => format!("is {} and does not count yet", clipped(status)),
        None => "has no status that says it is final".to_owned(),
    }
}

/// Settles a question from every candidate there is.
pub(super) fn settle<'r>(
    question: &Question<'_>,
    candidates: Vec<Candidate<'r>>,
    worth: &dyn Fn(&Candidate<'r>) -> Worth,
) -> Settled {
    let mut sorted = sort(question, candidates);
    let newest = newest(sorted.deciding, &mut sorted.aside, worth);
    sorted.aside.sort_by_cached_key(|(candidate, _)| candidate.key());
    if newest.is_empty() {
        undecided(question, sorted.stale, &sorted.aside, worth)
    } else {
        decided(question, &newest, &sorted.aside)
    }
}

/// Those with a number that no other is newer than, and of these the most direct. What a candidate is worth is only
/// looked at when its turn comes, so that a long history costs little more than a short one, readable or not.
fn newest<'r>(
    mut pending: Vec<Candidate<'r>>,
    aside: &mut Vec<(Candidate<'r>, String)>,
    worth: &dyn Fn(&Candidate<'r>) -> Worth,
) -> Vec<(Candidate<'r>, Worth)> {
    let last = |candidate: &Candidate<'_>| candidate.when.map(|when| when.latest());
    pending.sort_by_key(last);
    // From when the newest of the first so many is, at the earliest.
    let mut newest_from: Vec<Timestamp> = Vec::with_capacity(pending.len());
    for candidate in &pending {
        let from = candidate.when.map_or(Timestamp::MIN, |when| when.earliest());
        newest_from.push(newest_from.last().map_or(from, |before| from.max(*before)));
    }
    let mut readable: Vec<(Candidate<'r>, Worth)> = Vec::new();
    let mut readable_from = None;
    while let Some(from) = newest_from.last().copied().max(readable_from) {
        let mut are_all_readable = true;
        while let Some(candidate) =
            pending.pop_if(|candidate| last(candidate).is_none_or(|last| last >= from))
        {
            newest_from.pop();
            match worth(&candidate) {
                Worth::Unreadable(because) => {
                    are_all_readable = false;
                    aside.push((candidate, because));
                }
                worth => {
                    readable_from = readable_from.max(candidate.when.map(|when| when.earliest()));
                    readable.push((candidate, worth));
                }
            }
        }
        if are_all_readable {
            return most_direct(readable);
        }
        // Without those that cannot be read another may be the newest.
    }
    Vec::new()
}

/// Of one time the most direct; where it is not told which of two is newer, neither yields to the other.
fn most_direct(mut newest: Vec<(Candidate<'_>, Worth)>) -> Vec<(Candidate<'_>, Worth)> {
    let all: Vec<_> = newest.iter().map(|(candidate, _)| (candidate.standing, candidate.when)).collect();
    newest.retain(|(candidate, _)| {
        let is_of_its_time = |other: &Option<When>| match (other, &candidate.when) {
            (Some(other), Some(when)) => other.compare(when) == Sequence::Same,
            (other, when) => other == when,
        };
        !all.iter().any(|(standing, when)| *standing < candidate.standing && is_of_its_time(when))
    });
    newest.sort_by_cached_key(|(candidate, _)| candidate.key());
    newest
}

fn decided(
    question: &Question<'_>,
    newest: &[(Candidate<'_>, Worth)],
    aside: &[(Candidate<'_>, String)],
) -> Settled {
    let mut settled = Settled::default();
    let mut values: Vec<&Value> = Vec::new();
    for (candidate, worth) in newest {
        match worth {
            Worth::Usable(value) => {
                settled.evidence.extend(candidate.evidence(value.note.as_ref()));
                settled.gaps.extend(value.gaps.iter().cloned());
                values.push(value);
            }
            Worth::Untrusted(because) | Worth::Unclassified(because) | Worth::Unreadable(because) => {
                let is_known = !matches!(worth, Worth::Unclassified(_));
                let kind = if is_known { GapKind::Imprecise } else { GapKind::Unclassified };
                settled.evidence.extend(candidate.evidence(None));
                settled.gap(kind, format!("{} {because}", candidate.named(question.title)));
            }
        }
    }
    settled.when = newest.first().and_then(|(candidate, _)| candidate.when);
    // One that cannot be trusted is as new as the others: nothing is known.
    if values.len() == newest.len() {
        settled.interval = values.iter().map(|value| value.interval).reduce(|one, other| one.hull(&other));
    }
    if values.windows(2).any(|pair| matches!(pair, [one, other] if one.interval != other.interval)) {
        let all: Vec<_> = newest.iter().map(|(candidate, _)| candidate.named(question.title)).collect();
        settled.gap(GapKind::Conflicting, format!("{} disagree", all.join(" and ")));
    }
    name_beside(question, &mut settled, aside);
    settled
}

/// Names what may be newer than the deciding measurement and could not be used.
fn name_beside(question: &Question<'_>, settled: &mut Settled, aside: &[(Candidate<'_>, String)]) {
    let Some(decided) = settled.when else { return };
    let is_older = |when: When| when.compare(&decided) == Sequence::Before;
    let beside = aside.iter().filter(|(candidate, _)| !candidate.when.is_some_and(is_older));
    let named: Vec<_> = beside
        .take(MOST_NAMED)
        .map(|(candidate, because)| format!("{} {because}", candidate.named(question.title)))
        .collect();
    let Some(first) = settled.evidence.first_mut().filter(|_| !named.is_empty()) else { return };
    let beside = format!("not used, though it may be newer: {}", named.join("; "));
    first.note = Some(first.note.take().map_or_else(|| beside.clone(), |note| format!("{note}; {beside}")));
}

/// Nothing decides: what there is says why.
fn undecided<'r>(
    question: &Question<'_>,
    mut stale: Vec<Candidate<'r>>,
    aside: &[(Candidate<'r>, String)],
    worth: &dyn Fn(&Candidate<'r>) -> Worth,
) -> Settled {
    let mut settled = Settled::default();
    stale.sort_by_key(|candidate| std::cmp::Reverse(candidate.when.map(|when| when.latest())));
    let usable = stale.into_iter().find(|candidate| !matches!(worth(candidate), Worth::Unreadable(_)));
    if let Some((candidate, when)) = usable.and_then(|candidate| candidate.when.map(|when| (candidate, when)))
    {
        settled.evidence.extend(candidate.evidence(None));
        settled.gap(GapKind::Stale, too_old(question, &candidate.named(question.title), when));
    }
    for (candidate, because) in aside.iter().take(MOST_NAMED) {
        settled.evidence.extend(candidate.evidence(None));
        settled.gap(GapKind::Imprecise, format!("{} {because}", candidate.named(question.title)));
    }
    if let Some(more) = aside.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        settled.gap(GapKind::Imprecise, format!("{}: {more} more that could not be used", question.title));
    }
    settled
}

/// `Platelet count 142 10*9/L of 2026-09-23 is 60 days old; at most 14 count`.
fn too_old(question: &Question<'_>, named: &str, when: When) -> String {
    let most = question.days.unwrap_or_default();
    let days = when.days_before(question.at);
    // A result that is hours over the edge is not "14 days old" of at most 14.
    let over = if days == i64::from(most) { "more than " } else { "" };
    format!("{named} is {over}{days} days old; at most {most} count")
}
