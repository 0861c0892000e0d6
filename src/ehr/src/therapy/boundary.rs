//! Whether a drug goes on with a line of therapy or begins a new one.
//!
//! Sure only where a rule of the content says so and nothing speaks against it. What was only ordered or stated may
//! not have been given: where leaving it out gives another answer, the answer is open.

use criteria::Truth;

use super::course::Course;
use super::day::truth;
use super::recorded::{Day, EventKind, Recorded};
use super::rules::TherapyRules;

/// Whether what follows is a new line, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary {
    /// New, the same line, or not clear.
    pub is_new: Truth,
    /// The reason, in words that follow the name of the drug.
    pub why: String,
}

impl Boundary {
    fn new(is_new: Truth, why: impl Into<String>) -> Self {
        Self { is_new, why: why.into() }
    }
}

/// What follows a line: a course, or the order that is being decided on.
#[derive(Debug, Clone, Copy)]
pub struct Next<'n> {
    /// Its drugs.
    pub agents: &'n [usize],
    /// Its first day.
    pub start: Day,
    /// Courses that begin on the same day and are shown to have been given.
    pub beside: &'n [&'n Course],
    /// Drugs that are drafted together with the order; `None` where it is no order.
    pub companions: Option<&'n [usize]>,
}

/// What judging takes.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'j> {
    /// The rules.
    pub rules: &'j TherapyRules,
    /// What is on record.
    pub recorded: &'j Recorded,
}

impl Judge<'_> {
    /// How what follows stands to a line, whose courses are given by their first day.
    #[must_use]
    pub fn boundary(&self, line: &[&Course], next: &Next<'_>) -> Boundary {
        let whole = self.of(line, next);
        let given = line.iter().enumerate().filter(|(position, course)| *position == 0 || course.is_given());
        let given: Vec<&Course> = given.map(|(_, course)| *course).collect();
        // Nearly always all of it was given.
        if given.len() == line.len() {
            return whole;
        }
        let without = self.of(&given, next);
        if whole.is_new == without.is_new {
            return whole;
        }
        let why = if whole.is_new == Truth::Either { &whole.why } else { &without.why };
        Boundary::new(
            Truth::Either,
            format!("{why}, or what was only ordered or stated before it was not given"),
        )
    }

    fn of(&self, line: &[&Course], next: &Next<'_>) -> Boundary {
        let Some(start) = start_of(line) else { return Boundary::new(Truth::Yes, "is the first") };
        let seen = Seen { line, start, next, worse: self.worsening(line, start, next.start) };
        self.restart(&seen)
            .or_else(|| self.regimen(&seen))
            .or_else(|| self.substitution(&seen))
            .or_else(|| self.sequence(&seen))
            .or_else(|| self.joined(&seen))
            .or_else(|| self.maintenance(&seen))
            .or_else(|| self.toxicity(&seen))
            .or_else(|| self.addition(&seen))
            .unwrap_or_else(|| match (&seen.worse.is_so, &seen.worse.why) {
                (Truth::Yes, why) => Boundary::new(Truth::Yes, format!("follows {why}")),
                _ => Boundary::new(Truth::Yes, "is another drug than those of the line before"),
            })
    }

    /// Whether the disease got worse on a line, before what follows.
    ///
    /// A progression in the first weeks may be the one that the line was begun for.
    #[must_use]
    pub fn worsening(&self, line: &[&Course], start: Day, until: Day) -> Worse {
        let settled = start.plus_days(self.rules.lines.regimen_window_days);
        let mut worse = Worse { is_so: Truth::No, why: String::new() };
        if !self.recorded.events_not_read.is_empty() {
            worse.add(Truth::Either, "what happened to the disease could not all be read".into());
        }
        for event in self.recorded.events.iter().filter(|event| event.kind == EventKind::Progression) {
            let Some(day) = event.day else {
                worse.add(Truth::Either, "an undated progression".into());
                continue;
            };
            let is_sure = event.is_sure
                && !event.may_be_earlier
                && settled.is_before(day)
                && day.latest <= until.earliest;
            let is_possible = (day.latest > start.earliest || !event.is_sure) && day.earliest <= until.latest;
            worse.add(truth(is_sure, is_possible), format!("progression on {day}"));
        }
        for course in line.iter().filter(|course| course.no_response) {
            let is_sure = course.is_given() && !course.not_tolerated && course.last.latest <= until.earliest;
            let title = self.rules.title(course.agent);
            let why = format!("{title} was ended on {} for want of a response", course.last);
            worse.add(truth(is_sure, course.last.earliest <= until.latest), why);
        }
        worse
    }

    /// The same drug again.
    fn restart(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let again = seen.line.iter().filter(|course| seen.next.agents.contains(&course.agent));
        let last = again.map(|course| course.last).max()?;
        let pause = last.days_to(seen.next.start);
        let gap_days = self.rules.lines.gap_days;
        Some(match (pause.at_most(gap_days), seen.worse.is_so) {
            (Truth::Yes, Truth::No) => Boundary::new(Truth::No, "goes on"),
            (Truth::No, Truth::Yes) => {
                Boundary::new(Truth::Yes, format!("was begun again after {}", seen.worse.why))
            }
            (_, Truth::No) => Boundary::new(
                Truth::Either,
                format!(
                    "was begun again after a pause ({last} to {}): a pause, or a new line",
                    seen.next.start
                ),
            ),
            _ => Boundary::new(Truth::Either, format!("was given again; in between {}", seen.worse.why)),
        })
    }

    /// Drugs that begin within days of each other make one regimen.
    fn regimen(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let days = seen.start.days_to(seen.next.start);
        let is_within = days.within(self.rules.lines.regimen_window_days);
        if is_within == Truth::No {
            return None;
        }
        let is_expected = seen.next.companions.is_none_or(|companions| {
            seen.line
                .iter()
                .all(|course| companions.contains(&course.agent) || seen.next.agents.contains(&course.agent))
        });
        let may_have_ended = |course: &&Course| !seen.next.start.is_before(course.last);
        let is_ended =
            seen.line.iter().filter(|course| may_have_ended(course)).any(|course| course.no_response);
        // A progression that may have been at any time does not split what was begun together.
        Some(if is_within == Truth::Yes && is_expected && !is_ended && seen.worse.is_so != Truth::Yes {
            Boundary::new(Truth::No, "began with the line")
        } else {
            let window = self.rules.lines.regimen_window_days;
            Boundary::new(
                Truth::Either,
                format!("may have begun within {window} days of the line before: one regimen, or a new line"),
            )
        })
    }

    /// One drug in place of another of its group, for toxicity.
    fn substitution(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let lines = &self.rules.lines;
        let is_in = |group: &[String], agent: usize| group.iter().any(|name| self.rules.is(agent, name));
        let of_group = |course: &&&Course| {
            lines.substitutions.iter().any(|group| {
                is_in(group, course.agent) && seen.next.agents.iter().any(|agent| is_in(group, *agent))
            })
        };
        let old = seen.line.iter().filter(of_group).max_by_key(|course| course.last)?;
        let pause = old.last.days_to(seen.next.start);
        let title = self.rules.title(old.agent);
        match seen.worse.is_so {
            Truth::Yes => return None,
            Truth::Either => {
                let why = format!("replaces {title}; in between {}", seen.worse.why);
                return Some(Boundary::new(Truth::Either, why));
            }
            Truth::No => {}
        }
        let is_near = pause.at_most(lines.regimen_window_days);
        let is_soon = pause.at_most(lines.gap_days);
        match (old.not_tolerated, is_soon, is_near) {
            (true, Truth::Yes, _) => {
                Some(Boundary::new(Truth::No, format!("replaces {title}, which was not tolerated")))
            }
            (true, ..) => Some(Boundary::new(
                Truth::Either,
                format!("replaces {title}, which was not tolerated, after a pause"),
            )),
            (false, _, Truth::Yes | Truth::Either) => Some(Boundary::new(
                Truth::Either,
                format!("replaces {title}, and why is not recorded: for toxicity it is one line"),
            )),
            (false, _, Truth::No) => None,
        }
    }

    /// One after the other in one regimen.
    fn sequence(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let is_next = |name: &str| seen.next.agents.iter().any(|agent| self.rules.is(*agent, name));
        let sequences = self.rules.lines.sequences.iter().filter(|sequence| is_next(&sequence.then));
        let within = sequences.filter_map(|sequence| {
            let first = seen.line.iter().filter(|course| self.rules.is(course.agent, &sequence.first));
            let last = first.max_by_key(|course| course.last)?;
            let pause = last.last.days_to(seen.next.start).at_most(sequence.within_days);
            (pause != Truth::No).then_some((pause, last.agent))
        });
        let (pause, before) = within.max_by_key(|(pause, _)| *pause == Truth::Yes)?;
        let title = self.rules.title(before);
        match (seen.worse.is_so, pause) {
            (Truth::Yes, _) => None,
            (Truth::No, Truth::Yes) => {
                Some(Boundary::new(Truth::No, format!("follows {title} in one regimen")))
            }
            (Truth::Either, _) => Some(Boundary::new(
                Truth::Either,
                format!("follows {title}, perhaps in one regimen; in between {}", seen.worse.why),
            )),
            _ => Some(Boundary::new(Truth::Either, format!("follows {title}, perhaps in one regimen"))),
        }
    }

    /// A drug that begins with another one of the line. Where that one is the second part of a regimen it belongs to it;
    /// else the line may have been changed twice.
    fn joined(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let window = self.rules.lines.regimen_window_days;
        let follows = |course: &Course, line: &[&Course]| {
            let next = Next { agents: &[course.agent], start: course.start, beside: &[], companions: None };
            let part = Seen { line, start: seen.start, next: &next, worse: seen.worse.clone() };
            self.sequence(&part).is_some_and(|boundary| boundary.is_new == Truth::No)
        };
        let beside = seen.next.beside.iter().copied().find(|course| follows(course, seen.line));
        let mut near = seen.line.iter().enumerate().skip(1).filter_map(|(position, course)| {
            let is_near = course.start.days_to(seen.next.start).within(window);
            (is_near != Truth::No).then_some((position, *course, is_near))
        });
        let part = near.clone().find(|(position, course, is_near)| {
            *is_near == Truth::Yes
                && seen.next.companions.is_none()
                && seen.line.get(..*position).is_some_and(|line| follows(course, line))
        });
        let begins_with = |course: &Course| format!("begins with {}", self.rules.title(course.agent));
        match (beside.or(part.map(|(_, course, _)| course)), near.next(), seen.worse.is_so) {
            (Some(course), _, _) => Some(Boundary::new(Truth::No, begins_with(course))),
            (None, Some((_, course, _)), Truth::No | Truth::Either) => Some(Boundary::new(
                Truth::Either,
                format!("began within {window} days of {}", self.rules.title(course.agent)),
            )),
            _ => None,
        }
    }

    /// Maintenance, while the disease has not progressed.
    fn maintenance(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let is_next = |name: &str| seen.next.agents.iter().any(|agent| self.rules.is(*agent, name));
        let lines = &self.rules.lines;
        let rule = lines.maintenance.iter().find(|rule| {
            is_next(&rule.with) && seen.line.iter().any(|course| self.rules.is(course.agent, &rule.after))
        })?;
        if seen.worse.is_so == Truth::Yes {
            return None;
        }
        let last = seen.line.iter().map(|course| course.last).max()?;
        let is_soon = last.days_to(seen.next.start).at_most(lines.gap_days) == Truth::Yes;
        let controlled = self.recorded.events.iter().find_map(|event| {
            let is_control = matches!(event.kind, EventKind::Response | EventKind::Stable) && event.is_sure;
            let day = event
                .day
                .filter(|day| seen.start.is_before(*day) && day.latest <= seen.next.start.earliest)?;
            is_control.then_some(day)
        });
        let after = &rule.after;
        Some(match (seen.worse.is_so, controlled, is_soon) {
            (Truth::No, Some(day), true) => {
                Boundary::new(Truth::No, format!("is maintenance after {after}, under control on {day}"))
            }
            (Truth::No, None, _) => Boundary::new(
                Truth::Either,
                format!(
                    "may be maintenance after {after}: neither response nor progression is recorded before it"
                ),
            ),
            (Truth::No, Some(_), false) => {
                Boundary::new(Truth::Either, format!("may be maintenance after {after}, after a pause"))
            }
            _ => Boundary::new(
                Truth::Either,
                format!("may be maintenance after {after}; in between {}", seen.worse.why),
            ),
        })
    }

    /// A change for toxicity alone does not show that a line failed.
    fn toxicity(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let is_replaced = |old: &Course| seen.line.iter().any(|course| old.last.is_before(course.start));
        let course = seen.line.iter().find(|course| course.not_tolerated && !is_replaced(course))?;
        (seen.worse.is_so != Truth::Yes).then(|| {
            let title = self.rules.title(course.agent);
            Boundary::new(
                Truth::Either,
                format!("follows {title}, which was not tolerated: a change for toxicity does not by itself begin a line"),
            )
        })
    }

    /// A drug that is added while everything before goes on.
    fn addition(&self, seen: &Seen<'_>) -> Option<Boundary> {
        let well_into = seen.next.start.plus_days(self.rules.lines.regimen_window_days);
        let goes_on = match seen.next.companions {
            None => seen.line.iter().all(|course| course.last.latest > well_into.earliest),
            // An order for all of the line as well shows that it goes on, where it did not end long before.
            Some(companions) => seen.line.iter().all(|course| {
                let pause =
                    course.last.days_to(seen.next.start).at_most(self.rules.lines.regimen_window_days);
                companions.contains(&course.agent) && pause != Truth::No
            }),
        };
        (goes_on && seen.worse.is_so != Truth::Yes).then(|| {
            Boundary::new(
                Truth::Either,
                "was added while the therapy before it went on, with no progression recorded",
            )
        })
    }
}

/// The first day of a line: not after the first day on which any of its courses surely had begun.
fn start_of(line: &[&Course]) -> Option<Day> {
    let earliest = line.iter().map(|course| course.start.earliest).min()?;
    let latest = line.iter().map(|course| course.start.latest).min()?;
    Some(Day { earliest, latest })
}

/// One pair of line and what follows.
struct Seen<'s> {
    line: &'s [&'s Course],
    start: Day,
    next: &'s Next<'s>,
    worse: Worse,
}

/// Whether the disease got worse, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worse {
    /// Whether it did.
    pub is_so: Truth,
    /// By what, as a noun phrase; empty where it did not.
    pub why: String,
}

impl Worse {
    /// The surer sign stands.
    fn add(&mut self, is_so: Truth, why: String) {
        let stands = match (self.is_so, is_so) {
            (_, Truth::No) | (Truth::Yes, _) | (Truth::Either, Truth::Either) => false,
            (Truth::No | Truth::Either, _) => true,
        };
        if stands {
            *self = Self { is_so, why };
        }
    }
}
