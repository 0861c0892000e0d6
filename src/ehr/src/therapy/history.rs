//! The whole history of therapy before one order: what was recorded, and everything that is made of it.

use std::fmt::Write;
use std::sync::Arc;

use criteria::{Count, Evidence, Gap, GapKind};
use jiff::civil::Date;

use super::boundary::Judge;
use super::count::Prior;
use super::course::{self, Course};
use super::line::{Line, Standing, Walk};
use super::recorded::{Day, Event, Exposure, Recorded};
use super::rules::TherapyRules;
use super::setting::{self, Index, Setting};

/// Therapy before one order, under one set of rules.
#[derive(Debug, Clone)]
pub struct History {
    /// The rules.
    pub rules: Arc<TherapyRules>,
    /// What the record says.
    pub recorded: Recorded,
    /// The day of the order.
    pub today: Date,
    /// The courses, by first day.
    pub courses: Vec<Course>,
    /// The setting of each course.
    pub settings: Vec<Setting>,
    /// Exposures whose time is not known.
    pub undated: Vec<Exposure>,
    /// From when the disease is advanced.
    pub index: Index,
    /// The lines as they are drawn, the therapy to cure first.
    pub lines: Vec<Line>,
    /// How many of them are prior lines.
    pub prior: Prior,
}

impl History {
    /// Makes the history out of a record, as of the day of the order.
    #[must_use]
    pub fn of(rules: Arc<TherapyRules>, recorded: Recorded, today: Date) -> Self {
        let recorded = in_order(recorded);
        let course::Courses { courses, undated } = course::courses(&rules, &recorded, today);
        let index = Index::of(&recorded, &courses);
        let settings = courses.iter().map(|course| Setting::of(course, &index)).collect();
        let prior = Prior { count: Count::ANY, doubts: Vec::new(), open: Vec::new() };
        let mut history =
            Self { rules, recorded, today, courses, settings, undated, index, lines: Vec::new(), prior };
        history.lines = history.walk().lines();
        history.prior = Prior::of(&history);
        history
    }

    /// Whether no therapy is on record at all. That is never the same as none given.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.courses.is_empty() && self.undated.is_empty() && self.recorded.unplaced.is_empty()
    }

    /// Why something is not known of which nothing was found: of what could not be read nobody can say that it is not on
    /// record.
    pub(super) fn not_on_record(&self, detail: String) -> Vec<Gap> {
        match self.recorded.not_read.as_slice() {
            [] => vec![Gap { kind: GapKind::NotRecorded, detail }],
            not_read => not_read.to_vec(),
        }
    }

    pub(super) fn walk(&self) -> Walk<'_> {
        let judge = Judge { rules: &self.rules, recorded: &self.recorded };
        Walk { judge, courses: &self.courses, settings: &self.settings, today: Day::exactly(self.today) }
    }

    /// The courses to cure.
    pub(super) fn curative(&self) -> impl Iterator<Item = &Course> {
        let courses = self.courses.iter().zip(&self.settings);
        courses.filter(|(_, setting)| **setting == Setting::Curative).map(|(course, _)| course)
    }

    pub(super) fn courses_of(&self, line: &Line) -> impl Iterator<Item = &Course> {
        line.courses.iter().filter_map(|position| self.courses.get(*position))
    }

    /// The drugs of a line, each once, with its first and last day: `drug (2025-01-03 to 2025-05-01)`.
    #[must_use]
    pub fn label(&self, line: &Line) -> String {
        let days =
            self.days(line).map_or_else(String::new, |(start, last)| format!(" ({})", from_to(start, last)));
        format!("{}{days}", self.drugs(line))
    }

    fn drugs(&self, line: &Line) -> String {
        let mut agents: Vec<&str> = Vec::new();
        for course in self.courses_of(line) {
            let title = self.rules.title(course.agent);
            if !agents.contains(&title) {
                agents.push(title);
            }
        }
        agents.join(" + ")
    }

    fn days(&self, line: &Line) -> Option<(Day, Day)> {
        let start = self.courses_of(line).map(|course| course.start).min()?;
        let last = self.courses_of(line).map(|course| course.last);
        let last = last.reduce(Day::max_of)?;
        Some((start, last))
    }

    /// Where the count comes from: the sign from which it counts, and the first and last exposure of each line's drugs.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence> {
        let mut evidence: Vec<Evidence> = setting::sign(&self.index).into_iter().collect();
        let mut number = 0;
        for line in &self.lines {
            let note = match &line.standing {
                Standing::Curative => "given to cure: may or may not count".to_owned(),
                Standing::Present(why) => format!("not a prior line: {why}"),
                Standing::Sure | Standing::Unsure(_) => {
                    number += 1;
                    let may = if line.standing == Standing::Sure { "" } else { ", may or may not count" };
                    format!("line {number}{may}")
                }
            };
            let of_line = self.courses_of(line).flat_map(|course| course.evidence.iter().cloned());
            evidence.extend(of_line.map(|found| Evidence { note: Some(note.clone()), ..found }));
        }
        evidence
    }

    /// One sentence that says how the lines were counted.
    #[must_use]
    pub fn sentence(&self) -> String {
        if self.walk().is_too_long() {
            return format!(
                "{} courses of therapy are on record, too many to tell lines from them",
                self.courses.len()
            );
        }
        let of = |is_it: fn(&Standing) -> bool| -> Vec<String> {
            self.lines.iter().filter(|line| is_it(&line.standing)).map(|line| self.brief(line)).collect()
        };
        let sure = of(|standing| *standing == Standing::Sure);
        let unsure = of(|standing| matches!(standing, Standing::Unsure(_)));
        let curative = of(|standing| *standing == Standing::Curative);
        let mut text = self.counted();
        if !sure.is_empty() {
            let _ = write!(text, " ({})", sure.join("; "));
        }
        if !unsure.is_empty() {
            let _ = write!(text, ", and {} that may or may not count", unsure.join("; "));
        }
        if !curative.is_empty() {
            let given = curative.join("; ");
            let _ = write!(text, ", and {given}, given to cure, that may or may not count");
        }
        if !self.prior.open.is_empty() {
            text.push_str("; there may be more");
        }
        text
    }

    fn counted(&self) -> String {
        let low = self.prior.count.low();
        let plural = if low == 1 { "line" } else { "lines" };
        let since = self.index.sign.as_ref().and_then(|sign| sign.day);
        match (since, self.is_empty()) {
            (_, true) => "No therapy is on record".to_owned(),
            (Some(day), false) => format!("{low} {plural} counted since the disease was advanced ({day})"),
            (None, false) => {
                format!("{low} {plural} counted, with no dated sign of when the disease was advanced")
            }
        }
    }

    /// The drugs of a line and the years in which they were given.
    fn brief(&self, line: &Line) -> String {
        let drugs = self.drugs(line);
        let years = self.days(line).map(|(start, last)| (start.earliest.year(), last.latest.year()));
        match years {
            Some((from, to)) if from == to => format!("{drugs}, {from}"),
            Some((from, to)) => format!("{drugs}, {from} to {to}"),
            None => drugs,
        }
    }
}

/// `2025-01-03 to 2025-05-01`; one day where it was only one.
pub(super) fn from_to(start: Day, last: Day) -> String {
    if start == last { start.to_string() } else { format!("{start} to {last}") }
}

/// Exposures and events by day, each once, so that nothing hangs on the order of the resources.
fn in_order(mut recorded: Recorded) -> Recorded {
    recorded.exposures.sort_by(|one, other| exposure_order(one).cmp(&exposure_order(other)));
    recorded.exposures.dedup();
    recorded.events.sort_by(|one, other| event_order(one).cmp(&event_order(other)));
    recorded.events.dedup();
    recorded
}

fn exposure_order(one: &Exposure) -> impl Ord + use<'_> {
    (one.start, one.last, one.strength, &one.agents, place(&one.evidence), one.intent, one.ending)
}

fn event_order(one: &Event) -> impl Ord + use<'_> {
    (one.day, one.kind, place(&one.evidence), one.is_sure, one.may_be_earlier)
}

fn place(evidence: &Evidence) -> [&str; 3] {
    [&evidence.reference, &evidence.path, &evidence.value]
}
