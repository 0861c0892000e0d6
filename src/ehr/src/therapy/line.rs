//! Lines of therapy: the courses in time, each going on with the line before it or beginning a new one.
//!
//! Two readings of the same courses. [`Walk::range`] follows every way in which they can be read (each course given or not,
//! before or after the disease was advanced, each open boundary one line or two) and keeps the fewest and the most
//! lines. [`Walk::lines`] draws one of them, the one with most lines, with what is not sure about each.

use std::collections::BTreeMap;

use criteria::Truth;

use super::boundary::{Boundary, Judge, Next};
use super::course::{self, Course};
use super::recorded::{Day, Strength};
use super::setting::Setting;

/// The most courses whose lines are told apart. The ways of reading them grow with the third power of their number, and a
/// request must never keep the service busy for long; a patient's therapy over decades has some twenty.
pub(super) const MOST_COURSES: usize = 32;

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

    /// With one line more at the most, and at the least if it is sure.
    fn plus(self, is_sure: bool) -> Self {
        Self { low: self.low.saturating_add(u32::from(is_sure)), high: self.high.saturating_add(1) }
    }

    /// Without the last line.
    fn minus(self, is_sure: bool) -> Self {
        Self { low: self.low.saturating_sub(u32::from(is_sure)), high: self.high.saturating_sub(1) }
    }
}

/// One way of reading the courses so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Way {
    /// The course that began the current line.
    first: Option<usize>,
    /// Whether the current line is among the fewest: it holds a drug by which a line surely counts.
    is_sure: bool,
    /// Whether any course was given to cure.
    has_cured: bool,
    /// Whether the course before was not given after all.
    has_skipped: bool,
}

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

    /// Whether there are too many courses to follow every way of reading them.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.courses.len() > MOST_COURSES
    }

    /// The fewest and the most lines before the order, over every way of reading the courses. The therapy to cure is
    /// none at the least and one at the most.
    #[must_use]
    pub fn range(&self) -> Range {
        let counting: Vec<usize> = self.counting(false).collect();
        let has_curative = self.counting(true).next().is_some();
        let start = Way { first: None, is_sure: false, has_cured: has_curative, has_skipped: false };
        let mut ways = BTreeMap::from([(start, Range { low: 0, high: 0 })]);
        for position in &counting {
            let mut onward = BTreeMap::new();
            for (way, range) in &ways {
                self.step(&counting, *position, *way, *range, &mut onward);
            }
            ways = onward;
        }
        let ends = ways.iter().map(|(way, range)| {
            let Range { low, high } = self.ended(&counting, *way, *range);
            Range { low, high: high.saturating_add(u32::from(way.has_cured)) }
        });
        ends.reduce(Range::hull).unwrap_or(Range { low: 0, high: 0 })
    }

    /// The lines before the order, without the one that it goes on with.
    fn ended(&self, counting: &[usize], way: Way, range: Range) -> Range {
        let Some(first) = way.first else { return range };
        let without = range.minus(way.is_sure);
        match self.order(&self.since(counting, first, None)).is_new {
            Truth::Yes => range,
            Truth::No => without,
            Truth::Either => without.hull(range),
        }
    }

    /// The courses from the first of a line on, before `until`. One that was not shown to have been given and would
    /// surely have begun another line was left out on the way here.
    fn since(&self, counting: &[usize], first: usize, until: Option<usize>) -> Vec<&'w Course> {
        let is_in = |position: &usize| *position >= first && until.is_none_or(|until| *position < until);
        let mut line: Vec<&'w Course> = Vec::new();
        for course in self.at(counting.iter().copied().filter(is_in)) {
            if line.is_empty() || course.is_given() || self.next(&line, course).is_new != Truth::Yes {
                line.push(course);
            }
        }
        line
    }

    /// Whether a line surely counts that holds this course.
    fn makes_sure(&self, course: &Course) -> bool {
        let classes = &self.judge.rules.lines.surely_counts;
        classes.is_empty() || classes.iter().any(|class| self.judge.rules.is(course.agent, class))
    }

    /// Whether a course and the one before it were ordered, or stated, for the same day: given both, or neither.
    fn is_with_the_one_before(&self, counting: &[usize], position: usize) -> bool {
        let before = counting.iter().rev().find(|other| **other < position);
        let pair = before.and_then(|before| self.courses.get(*before)).zip(self.courses.get(position));
        pair.is_some_and(|(one, other)| {
            !one.is_given() && one.strength == other.strength && one.start == other.start
        })
    }

    fn step(
        &self,
        counting: &[usize],
        position: usize,
        way: Way,
        range: Range,
        onward: &mut BTreeMap<Way, Range>,
    ) {
        let mut to = |way: Way, range: Range| {
            onward.entry(way).and_modify(|known| *known = known.hull(range)).or_insert(range);
        };
        let Some(course) = self.courses.get(position) else { return };
        let together = self.is_with_the_one_before(counting, position);
        if !course.is_given() && (!together || way.has_skipped) {
            to(Way { has_skipped: true, ..way }, range);
        }
        if together && way.has_skipped {
            return;
        }
        let way = Way { has_skipped: false, ..way };
        let line = way.first.map(|first| self.since(counting, first, Some(position))).unwrap_or_default();
        let is_open = matches!(self.settings.get(position), Some(Setting::Unclear(_)));
        // Once a line for advanced disease has begun, what began surely later is not to cure.
        if is_open && line.first().is_none_or(|first| !first.start.is_before(course.start)) {
            to(Way { has_cured: true, ..way }, range);
        }
        let boundary = self.next(&line, course);
        let makes_sure = self.makes_sure(course);
        if boundary.is_new != Truth::No {
            to(Way { first: Some(position), is_sure: makes_sure, ..way }, range.plus(makes_sure));
        }
        if boundary.is_new != Truth::Yes {
            let is_newly_sure = makes_sure && !way.is_sure;
            let low = range.low.saturating_add(u32::from(is_newly_sure));
            to(Way { is_sure: way.is_sure || makes_sure, ..way }, Range { low, ..range });
        }
    }

    /// The lines as they are drawn, the therapy to cure first.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        if self.is_too_long() {
            return Vec::new();
        }
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
        drawn.iter_mut().for_each(|line| self.weigh(line));
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

    /// A line of which no drug is shown to have been given by which it surely counts.
    fn weigh(&self, line: &mut Line) {
        let courses = self.at(line.courses.iter().copied());
        let mut sure = courses.into_iter().filter(|course| self.makes_sure(course)).peekable();
        let holds_any = sure.peek().is_some();
        if sure.any(Course::is_given) {
            return;
        }
        let classes = self.judge.rules.lines.surely_counts.join(" or ");
        let doubt = if holds_any {
            format!("its {classes} is not shown to have been given")
        } else {
            format!("it holds no {classes}, and counts by some readings only")
        };
        match &mut line.standing {
            Standing::Unsure(doubts) if !holds_any => doubts.push(doubt),
            standing @ Standing::Sure => *standing = Standing::Unsure(vec![doubt]),
            _ => {}
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
