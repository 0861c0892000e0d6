//! The history as a person would draw it: a row for each line, and for what happened to the disease in between.

use super::course::Course;
use super::history::{History, from_to};
use super::line::{Line, Standing};
use super::recorded::{Day, Event, EventKind, Strength};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `line 1`, `to cure`, `present`, or what happened (`progression`).
    pub label: String,
    /// When: days, or from one day to another; `undated`.
    pub when: String,
    /// The drugs with how each is known, or the words of the record.
    pub what: String,
    /// Why it ended, where that is recorded.
    pub ended: Option<String>,
    /// Whether it counts, and if that is not sure, why.
    pub remark: String,
}

impl History {
    /// Lines and events by their day; what has no date comes last.
    #[must_use]
    pub fn timeline(&self) -> Vec<Row> {
        let mut number = 0;
        let lines = self.lines.iter().map(|line| {
            (self.courses_of(line).map(|course| course.start).min(), self.line_row(line, &mut number))
        });
        let mut rows: Vec<(Option<Day>, Row)> = lines.collect();
        let events: Vec<(Option<Day>, Row)> =
            self.recorded.events.iter().map(|event| (event.day, event_row(event))).collect();

        rows.extend(events);
        rows.extend(self.undated.iter().map(|exposure| {
            let agents: Vec<&str> = exposure.agents.iter().map(|agent| self.rules.title(*agent)).collect();
            let what = format!("{} ({})", agents.join(" + "), strength(exposure.strength));
            (None, undated("therapy", what))
        }));
        let unplaced =
            self.recorded.unplaced.iter().map(|gap| (None, undated("therapy", gap.detail.clone())));
        rows.extend(unplaced);
        rows.sort_by_key(|(day, _)| (day.is_none(), *day));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn line_row(&self, line: &Line, number: &mut usize) -> Row {
        let counted = |number: &mut usize| {
            *number += 1;
            format!("line {number}")
        };
        let new = line.why.as_ref().map(|why| format!(": {}", self.starts(line, why))).unwrap_or_default();
        let (label, remark) = match &line.standing {
            Standing::Curative => ("to cure".to_owned(), "counts as one line or none".to_owned()),
            Standing::Present(why) => ("present".to_owned(), format!("does not count: {why}")),
            Standing::Sure => (counted(number), format!("counts{new}")),
            Standing::Unsure(reasons) => {
                (counted(number), format!("may or may not count: {}", reasons.join("; ")))
            }
        };
        let mut start_last = self.courses_of(line).map(|course| (course.start, course.last));
        let first = start_last.next();
        let when = start_last.fold(first, |known, (start, last)| {
            known.map(|(from, to)| (from.min(start), if last.latest > to.latest { last } else { to }))
        });
        let what: Vec<String> = self.courses_of(line).map(|course| self.course(course)).collect();
        Row {
            label,
            when: when.map_or_else(String::new, |(start, last)| from_to(start, last)),
            what: what.join(" + "),
            ended: self.ended(line),
            remark,
        }
    }

    fn starts(&self, line: &Line, why: &str) -> String {
        let first = self.courses_of(line).next().map_or("", |course| self.rules.title(course.agent));
        format!("{first} {why}")
    }

    fn course(&self, course: &Course) -> String {
        let title = self.rules.title(course.agent);
        let how = strength(course.strength);
        match course.doses {
            0 | 1 => format!("{title} ({how})"),
            doses => format!("{title} ({how} {doses} times)"),
        }
    }

    fn ended(&self, line: &Line) -> Option<String> {
        let reasons: Vec<String> = self
            .courses_of(line)
            .filter_map(|course| {
                let why = match (course.no_response, course.not_tolerated) {
                    (true, true) => "no response, and not tolerated",
                    (true, false) => "no response",
                    (false, true) => "not tolerated",
                    (false, false) => return None,
                };
                Some(format!("{}: {why}", self.rules.title(course.agent)))
            })
            .collect();
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Ordered => "ordered",
        Strength::Stated => "stated",
        Strength::Dispensed => "dispensed",
        Strength::Given => "given",
    }
}

fn undated(label: &str, what: String) -> Row {
    let remark = "may hide any number of lines".to_owned();
    Row { label: label.to_owned(), when: "undated".to_owned(), what, ended: None, remark }
}

fn event_row(event: &Event) -> Row {
    let label = match event.kind {
        EventKind::Advanced => "advanced disease",
        EventKind::Progression => "progression",
        EventKind::Response => "response",
        EventKind::Stable => "stable disease",
        EventKind::Surgery => "surgery",
    };
    let mut remarks = Vec::new();
    if !event.is_sure {
        remarks.push("not sure");
    }
    if event.may_be_earlier {
        remarks.push("may have begun earlier");
    }
    Row {
        label: label.to_owned(),
        when: event.day.map_or_else(|| "undated".to_owned(), |day| day.to_string()),
        what: event.evidence.value.clone(),
        ended: None,
        remark: remarks.join("; "),
    }
}
