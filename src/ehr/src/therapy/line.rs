//! Lines of therapy: the courses in time, each going on with the line before it or beginning a new one.
//!
//! Two readings of the same courses. [`count`] follows every way in which they can be read (each course given or not,
//! before or after the disease was advanced, each open boundary one line or two) and keeps the fewest and the most
//! lines. [`lines`] draws one of them, the one with most lines, with what is not sure about each.

use std::collections::BTreeMap;

use criteria::Truth;

use super::boundary::{Boundary, Judge, Next};
use super::course::{self, Course};
use super::recorded::{Day, Strength};
use super::setting::Setting;

/// One line of therapy, as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Positions of its courses, by first day.
    pub courses: Vec<usize>,
    /// What it is.
    pub standing: Standing,
    /// Why it is a line of its own, where one came before it.
    pub why: Option<String>,
}

/// How a line counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The therapy to cure: it may count as one line, or not at all.
    Curative,
    /// It surely counts.
    Sure,
    /// It may count; the reasons why that is not sure.
    Unsure(Vec<String>),
    /// It is, or may be, the line that the order goes on with.
    Present(String),
}

/// What the walk over the courses takes.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'w> {
    /// How two of them are told apart.
    pub judge: Judge<'w>,
    /// All courses, by first day.
    pub courses: &'w [Course],
    /// The setting of each.
    pub settings: &'w [Setting],
    /// The day of the order.
    pub today: Day,
}

/// The fewest and the most lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The fewest.
    pub low: u32,
    /// The most.
    pub high: u32,
}

impl Range {
    fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    fn plus(self, lines: u32) -> Self {
        Self { low: self.low.saturating_add(lines), high: self.high.saturating_add(lines) }
    }

    fn minus(self, lines: u32) -> Self {
        Self { low: self.low.saturating_sub(lines), high: self.high.saturating_sub(lines) }
    }
}

/// One way of reading the courses so far: the course that began the current line, and whether any was given to cure.
type Way = (Option<usize>, bool);

impl<'w> Walk<'w> {
    /// Positions of the courses that can make a line, those to cure or the others.
    fn counting(&self, is_curative: bool) -> impl Iterator<Item = usize> {
        (0..self.courses.len()).filter(move |position| {
            let is_of =
                self.settings.get(*position).is_some_and(|of| (*of == Setting::Curative) == is_curative);
            let agent = self.courses.get(*position).map(|course| course.agent);
            is_of && agent.is_some_and(|agent| course::counts(self.judge.rules, agent))
        })
    }

    fn at(&self, positions: impl IntoIterator<Item = usize>) -> Vec<&'w Course> {
        positions.into_iter().filter_map(|position| self.courses.get(position)).collect()
    }

    fn next(&self, line: &[&Course], course: &Course) -> Boundary {
        let is_beside =
            |other: &&Course| other.start == course.start && other.agent != course.agent && other.is_given();
        let beside: Vec<&Course> = self.courses.iter().filter(is_beside).collect();
        let next = Next { agents: &[course.agent], start: course.start, beside: &beside, companions: None };
        self.judge.boundary(line, &next)
    }

    fn order(&self, line: &[&Course]) -> Boundary {
        let recorded = self.judge.recorded;
        let next = Next {
            agents: &recorded.ordered,
            start: self.today,
            beside: &[],
            companions: Some(&recorded.companions),
        };
        self.judge.boundary(line, &next)
    }

    /// The fewest and the most lines before the order, over every way of reading the courses. The therapy to cure is
    /// none at the least and one at the most.
    #[must_use]
    pub fn range(&self) -> Range {
        let counting: Vec<usize> = self.counting(false).collect();
        let has_curative = self.counting(true).next().is_some();
        let mut ways: BTreeMap<Way, Range> = BTreeMap::new();
        ways.insert((None, has_curative), Range { low: 0, high: 0 });
        for position in &counting {
            let mut onward = BTreeMap::new();
            for (way, range) in &ways {
                self.step(&counting, *position, *way, *range, &mut onward);
            }
            ways = onward;
        }
        let ends = ways.iter().map(|((first, is_curative), range)| {
            let ended = match first {
                None => *range,
                Some(first) => match self.order(&self.since(&counting, *first, None)).is_new {
                    Truth::Yes => *range,
                    Truth::No => range.minus(1),
                    Truth::Either => range.minus(1).hull(*range),
                },
            };
            Range { low: ended.low, high: ended.high.saturating_add(u32::from(*is_curative)) }
        });
        ends.reduce(Range::hull).unwrap_or(Range { low: 0, high: 0 })
    }

    /// The courses from the first of a line on, before `until`.
    fn since(&self, counting: &[usize], first: usize, until: Option<usize>) -> Vec<&'w Course> {
        let is_in = |position: &usize| *position >= first && until.is_none_or(|until| *position < until);
        self.at(counting.iter().copied().filter(is_in))
    }

    fn step(
        &self,
        counting: &[usize],
        position: usize,
        (first, is_curative): Way,
        range: Range,
        onward: &mut BTreeMap<Way, Range>,
    ) {
        let mut to = |way: Way, range: Range| {
            onward.entry(way).and_modify(|known| *known = known.hull(range)).or_insert(range);
        };
        let Some(course) = self.courses.get(position) else { return };
        if !course.is_given() {
            to((first, is_curative), range);
        }
        let line = first.map(|first| self.since(counting, first, Some(position))).unwrap_or_default();
        let is_open = matches!(self.settings.get(position), Some(Setting::Unclear(_)));
        // Once a line for advanced disease has begun, what began surely later is not to cure.
        if is_open && line.first().is_none_or(|first| !first.start.is_before(course.start)) {
            to((first, true), range);
        }
        let boundary = self.next(&line, course);
        if boundary.is_new != Truth::No {
            to((Some(position), is_curative), range.plus(1));
        }
        if boundary.is_new != Truth::Yes {
            to((first, is_curative), range);
        }
    }

    /// The lines as they are drawn, the therapy to cure first.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut drawn: Vec<Line> = Vec::new();
        for position in self.counting(false) {
            let Some(course) = self.courses.get(position) else { continue };
            let before = drawn.last().map(|line| self.at(line.courses.iter().copied())).unwrap_or_default();
            let boundary = self.next(&before, course);
            let mut doubts = self.doubts(position);
            match drawn.last_mut() {
                Some(line) if boundary.is_new == Truth::No => {
                    line.courses.push(position);
                    if doubts.is_empty() {
                        line.standing = self.surer(&line.standing, &line.courses);
                    }
                }
                before => {
                    if boundary.is_new == Truth::Either {
                        doubts.push(format!("{} {}", self.judge.rules.title(course.agent), boundary.why));
                    }
                    let why = before.is_some().then_some(boundary.why);
                    let standing = if doubts.is_empty() { Standing::Sure } else { Standing::Unsure(doubts) };
                    drawn.push(Line { courses: vec![position], standing, why });
                }
            }
        }
        self.end(&mut drawn);
        let curative: Vec<usize> = self.counting(true).collect();
        let to_cure = (!curative.is_empty()).then_some(Line {
            courses: curative,
            standing: Standing::Curative,
            why: None,
        });
        to_cure.into_iter().chain(drawn).collect()
    }

    /// A line that was begun by what may not have been given is as sure as the course that goes on with it.
    fn surer(&self, standing: &Standing, courses: &[usize]) -> Standing {
        let is_of_first =
            |doubts: &[String]| courses.first().is_some_and(|first| self.doubts(*first).as_slice() == doubts);
        match standing {
            Standing::Unsure(doubts) if is_of_first(doubts) => Standing::Sure,
            other => other.clone(),
        }
    }

    /// How the order stands to the last line.
    fn end(&self, drawn: &mut [Line]) {
        let Some(last) = drawn.last_mut() else { return };
        let line = self.at(last.courses.iter().copied());
        let boundary = self.order(&line);
        match (boundary.is_new, &mut last.standing) {
            (Truth::Yes, _) => {}
            (Truth::No, standing) => *standing = Standing::Present("the order goes on with it".into()),
            (Truth::Either, Standing::Unsure(doubts)) => doubts.push(format!("the order {}", boundary.why)),
            (Truth::Either, standing) => {
                *standing = Standing::Unsure(vec![format!("the order {}", boundary.why)]);
            }
        }
    }

    /// Why a course may not count, whatever came before it.
    fn doubts(&self, position: usize) -> Vec<String> {
        let mut doubts = Vec::new();
        let Some(course) = self.courses.get(position) else { return doubts };
        let title = self.judge.rules.title(course.agent);
        match course.strength {
            Strength::Ordered => {
                doubts.push(format!("{title} was ordered, with no evidence that it was given"));
            }
            Strength::Stated => {
                doubts.push(format!("{title} is stated, with no evidence that it was given"));
            }
            Strength::Dispensed | Strength::Given => {}
        }
        if let Some(Setting::Unclear(why)) = self.settings.get(position) {
            doubts.push(format!("{title}: {why}"));
        }
        doubts
    }
}
