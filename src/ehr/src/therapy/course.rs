//! Courses: one drug, given over a time without a long break.
//!
//! A break of more than `gap_days` ends a course. Where the break is not sure (partial dates, doses that may not have
//! been given), or where another therapy or a progression falls into a shorter one, the course is parted as well and
//! what follows has to be judged: it may go on, or be a new line. A resource that was only ordered or stated never
//! makes a course surer, nor its first or last day more exact, than what was given or dispensed.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use criteria::Evidence;
use jiff::civil::Date;

use super::recorded::{Day, Ending, EventKind, Exposure, Intent, Recorded, Strength};
use super::rules::TherapyRules;

/// One drug, given over a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// The drug, as a position in [`TherapyRules::agents`].
    pub agent: usize,
    /// Its first day.
    pub start: Day,
    /// Its last day so far.
    pub last: Day,
    /// The strongest sign that it was given.
    pub strength: Strength,
    /// On how many different days an exposure of that strength began.
    pub doses: usize,
    /// What it was for, where all that say so agree.
    pub intent: Option<Intent>,
    /// Whether resources contradict each other on what it was for.
    pub has_mixed_intents: bool,
    /// Ended, so it is said, because the disease did not respond or progressed.
    pub no_response: bool,
    /// Ended, so it is said, because it was not tolerated.
    pub not_tolerated: bool,
    /// The first and the last exposure.
    pub evidence: Vec<Evidence>,
}

impl Course {
    /// Whether it is shown to have been given: administered or dispensed, not only ordered or stated.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.strength >= Strength::Dispensed
    }
}

/// The courses of a record by their first day, and the exposures whose time cannot be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Courses {
    /// By first day, then last day, then drug.
    pub courses: Vec<Course>,
    /// Exposures without a date, or dated after the order: when they were is not known.
    pub undated: Vec<Exposure>,
}

/// The day after `today` is still today somewhere.
const DAYS_AHEAD: i64 = 1;

/// Puts the exposures of a record together; `today` is the day of the order.
#[must_use]
pub fn courses(rules: &TherapyRules, recorded: &Recorded, today: Date) -> Courses {
    let (dated, undated): (Vec<&Exposure>, Vec<&Exposure>) =
        recorded.exposures.iter().partition(|exposure| dose_days(exposure, today).is_some());
    let mut runs: Vec<Run<'_>> = (0..rules.agents.len())
        .flat_map(|agent| {
            let of_agent = dated.iter().filter(|exposure| exposure.agents.contains(&agent));
            let doses: Vec<Dose<'_>> = of_agent.filter_map(|exposure| Dose::of(exposure, today)).collect();
            runs(agent, doses, rules)
        })
        .collect();
    let worse = recorded.events.iter().filter(|event| event.kind == EventKind::Progression);
    let worse: Vec<Day> = worse.filter_map(|event| event.day).collect();
    // Those that can be parted: of thousands that were, nearly all are a single dose.
    let is_open = |run: &Run<'_>| run.doses.len() > 1;
    let mut open: BTreeSet<usize> = (0..runs.len()).filter(|at| runs.get(*at).is_some_and(is_open)).collect();
    while let Some((position, at)) = first_interruption(&runs, &open, rules, &worse) {
        let rest = runs.get_mut(position).map(|run| run.part(at, rules));
        runs.extend(rest);
        for parted in [position, runs.len() - 1] {
            if runs.get(parted).is_some_and(is_open) {
                open.insert(parted)
            } else {
                open.remove(&parted)
            };
        }
    }
    let mut courses: Vec<Course> =
        runs.iter().filter_map(|run| run.course(rules.lines.regimen_window_days)).collect();
    courses.sort_by_key(|course| (course.start, course.last, course.agent));
    let mut undated: Vec<Exposure> = undated.into_iter().cloned().collect();
    undated.sort_by(|one, other| {
        (&one.evidence.reference, &one.agents).cmp(&(&other.evidence.reference, &other.agents))
    });
    undated.dedup();
    Courses { courses, undated }
}

/// When an exposure began and ended. What is stated without an end may have gone on until today; an order or a dose
/// shows its own day and no more.
fn dose_days(exposure: &Exposure, today: Date) -> Option<(Day, Day)> {
    let Day { earliest, latest } = exposure.start?;
    let start = Day { earliest, latest: latest.min(today).max(earliest) };
    if start.days_to(Day::exactly(today)).most < -DAYS_AHEAD {
        return None;
    }
    let last = exposure.last.unwrap_or(match exposure.strength {
        Strength::Stated => Day::between(start.earliest, start.latest.max(today)),
        _ => start,
    });
    Some((start, Day { earliest: last.earliest.max(start.earliest), latest: last.latest.max(start.latest) }))
}

/// One exposure to one drug.
#[derive(Debug, Clone, Copy)]
struct Dose<'e> {
    start: Day,
    last: Day,
    exposure: &'e Exposure,
}

impl<'e> Dose<'e> {
    fn of(exposure: &'e Exposure, today: Date) -> Option<Self> {
        let (start, last) = dose_days(exposure, today)?;
        Some(Self { start, last, exposure })
    }

    fn is_given(&self) -> bool {
        self.exposure.strength >= Strength::Dispensed
    }

    /// Whether doses before it tell of the same one, however coarse its date: an order, and the dose given on it. Two
    /// doses that were given are two.
    fn is_told_by<'d>(&self, mut before: impl Iterator<Item = &'d Self> + Clone) -> bool
    where
        Self: 'd,
    {
        let is_same = |other: &Self| (other.start, other.last) == (self.start, self.last);
        let is_second = self.is_given() && before.clone().any(Self::is_given);
        !is_second && before.any(is_same)
    }

    /// Whether a dose that was given says all of it already.
    fn is_repeated_by(&self, other: &Self) -> bool {
        let said = |dose: &Self| (dose.start, dose.last, dose.exposure.intent, dose.exposure.ending);
        !self.is_given() && other.is_given() && said(self) == said(other)
    }

    /// By day; of a day what was given first, so that an order for it joins the dose and not what went before.
    fn order(&self) -> (Day, Day, Reverse<Strength>, &str) {
        let Exposure { strength, evidence, .. } = self.exposure;
        (self.start, self.last, Reverse(*strength), evidence.reference.as_str())
    }
}

/// Doses of one drug that belong together, by day.
#[derive(Debug)]
struct Run<'e> {
    agent: usize,
    /// When it may have ended what went on before; of a drug that can make no line nothing.
    start: Option<Day>,
    doses: Vec<Dose<'e>>,
}

fn runs<'e>(agent: usize, mut doses: Vec<Dose<'e>>, rules: &TherapyRules) -> Vec<Run<'e>> {
    doses.sort_by(|one, other| one.order().cmp(&other.order()));
    doses.dedup_by(|one, other| one.exposure == other.exposure);
    let of_a_day = doses.chunk_by(|one, other| (one.start, one.last) == (other.start, other.last));
    let news = of_a_day.flat_map(|same| {
        same.iter().filter(|dose| !same.iter().any(|other| dose.is_repeated_by(other))).copied()
    });
    let mut runs: Vec<Vec<Dose<'e>>> = Vec::new();
    for dose in news {
        match runs.last_mut() {
            Some(run) if is_together(run, &dose, rules.lines.gap_days) => run.push(dose),
            _ => runs.push(vec![dose]),
        }
    }
    runs.into_iter().map(|doses| Run::of(agent, doses, rules)).collect()
}

/// Whether a dose surely follows within the gap; what was only ordered or stated is no bridge between given doses.
fn is_together(run: &[Dose<'_>], dose: &Dose<'_>, gap_days: u32) -> bool {
    let is_near = |before: &Dose<'_>| {
        (before.is_given() || !dose.is_given()) && before.last.days_to(dose.start).most <= i64::from(gap_days)
    };
    if run.last().is_some_and(is_near) || dose.is_told_by(run.iter()) {
        return true;
    }
    let given: Vec<&Dose<'_>> = run.iter().filter(|dose| dose.is_given()).collect();
    let before = if dose.is_given() && !given.is_empty() { given } else { run.iter().collect() };
    last_of(&before).is_some_and(|last| last.days_to(dose.start).most <= i64::from(gap_days))
}

fn last_of(doses: &[&Dose<'_>]) -> Option<Day> {
    doses.iter().map(|dose| dose.last).reduce(Day::max_of)
}

/// The last day of doses of which some were given. An order or a statement beside them shows that the drug went on until
/// the day by which it says so itself; that it has no end shows nothing.
fn last_given(given: &[&Dose<'_>], all: &[&Dose<'_>]) -> Option<Day> {
    let Day { earliest, latest } = last_of(given)?;
    let beside = all.iter().map(|dose| dose.last.earliest).max()?;
    Some(Day { earliest, latest: latest.max(beside) })
}

/// The first open run, and the dose in it, before which something else may have happened in a pause that is longer than the
/// regimen window: another therapy began, or the disease got worse.
///
/// It is asked anew after each run that is parted, so what it costs must not grow with the doses that are near each other.
fn first_interruption(
    runs: &[Run<'_>],
    open: &BTreeSet<usize>,
    rules: &TherapyRules,
    worse: &[Day],
) -> Option<(usize, usize)> {
    let window = i64::from(rules.lines.regimen_window_days);
    let is_interrupted = |run: &Run<'_>, pause: Pause| {
        // What was parted last is what another run is most likely to be parted by.
        worse.iter().any(|day| pause.may_hold(*day))
            || runs.iter().rev().any(|other| {
                other.agent != run.agent && other.start.is_some_and(|start| pause.may_hold(start))
            })
    };
    open.iter().find_map(|&position| {
        let run = runs.get(position)?;
        let mut last: Option<Day> = None;
        let at = run.doses.iter().enumerate().position(|(at, next)| {
            let before = last;
            last = Some(before.map_or(next.last, |last| last.max_of(next.last)));
            before.is_some_and(|before| {
                before.days_to(next.start).most > window
                    && is_interrupted(run, Pause { earliest: before.earliest, latest: next.start.latest })
                    && !next.is_told_by(run.doses.iter().take(at))
            })
        });
        Some((position, at?))
    })
}

/// The days between two doses, as many as there may be.
#[derive(Clone, Copy)]
struct Pause {
    earliest: Date,
    latest: Date,
}

impl Pause {
    fn may_hold(self, day: Day) -> bool {
        day.latest > self.earliest && day.earliest <= self.latest
    }
}

/// The first day of doses: not after the first that was given, perhaps as early as the first that was only ordered.
fn start_of(doses: &[Dose<'_>]) -> Option<Day> {
    let earliest = doses.first()?.start.earliest;
    Some(Day { earliest, latest: first_by(doses, true).or_else(|| first_by(doses, false))? })
}

/// By when the first of the doses was that were given, or of those that were not. They stand by their days, so that none
/// after that day can be the first.
fn first_by(doses: &[Dose<'_>], is_given: bool) -> Option<Date> {
    let mut first: Option<Date> = None;
    for Dose { start, exposure, .. } in doses {
        if first.is_some_and(|first| start.earliest > first) {
            break;
        }
        if (exposure.strength >= Strength::Dispensed) == is_given {
            first = Some(first.map_or(start.latest, |first| first.min(start.latest)));
        }
    }
    first
}

/// Whether a drug can make a line at all.
pub(super) fn counts(rules: &TherapyRules, agent: usize) -> bool {
    !rules.lines.never_counts.iter().any(|name| rules.is(agent, name))
}

impl<'e> Run<'e> {
    fn of(agent: usize, doses: Vec<Dose<'e>>, rules: &TherapyRules) -> Self {
        let start = if counts(rules, agent) { start_of(&doses) } else { None };
        Self { agent, start, doses }
    }

    /// Parts it before a dose: what is left is the first part.
    fn part(&mut self, at: usize, rules: &TherapyRules) -> Self {
        let rest = Self::of(self.agent, self.doses.split_off(at), rules);
        *self = Self::of(self.agent, std::mem::take(&mut self.doses), rules);
        rest
    }

    fn course(&self, regimen_window_days: u32) -> Option<Course> {
        let given: Vec<&Dose<'_>> = self.doses.iter().filter(|dose| dose.is_given()).collect();
        let all: Vec<&Dose<'_>> = self.doses.iter().collect();
        let last = if given.is_empty() { last_of(&all)? } else { last_given(&given, &all)? };
        let strength = self.doses.iter().map(|dose| dose.exposure.strength).max()?;
        let strongest = self.doses.iter().filter(|dose| dose.exposure.strength == strength);
        let mut days: Vec<Day> = strongest.map(|dose| dose.start).collect();
        days.dedup();
        let ended = |ending: Ending| {
            self.doses.iter().any(|dose| {
                let day = dose.exposure.last.unwrap_or(last);
                dose.exposure.ending == Some(ending)
                    && day.days_to(last).least <= i64::from(regimen_window_days)
            })
        };
        let mut intents: Vec<Intent> = self.doses.iter().filter_map(|dose| dose.exposure.intent).collect();
        intents.sort_unstable();
        intents.dedup();
        Some(Course {
            agent: self.agent,
            start: start_of(&self.doses)?,
            last,
            strength,
            doses: days.len(),
            intent: one_intent(&intents),
            has_mixed_intents: !intents.is_empty() && one_intent(&intents).is_none(),
            no_response: ended(Ending::NoResponse),
            not_tolerated: ended(Ending::NotTolerated),
            evidence: self.evidence(),
        })
    }

    /// The first and the last exposure, the best of a day.
    fn evidence(&self) -> Vec<Evidence> {
        let first = self.doses.iter().min_by_key(|dose| (dose.start, Reverse(dose.exposure.strength)));
        let last = self.doses.iter().max_by_key(|dose| (dose.last, dose.exposure.strength));
        let mut evidence: Vec<Evidence> =
            first.into_iter().chain(last).map(|dose| dose.exposure.evidence.clone()).collect();
        evidence.dedup();
        evidence
    }
}

/// What all of them say; `curative` beside one that says before or after surgery is that one.
fn one_intent(intents: &[Intent]) -> Option<Intent> {
    match intents {
        [one] | [Intent::Curative, one @ (Intent::Neoadjuvant | Intent::Adjuvant)] => Some(*one),
        _ => None,
    }
}
