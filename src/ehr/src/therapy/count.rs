//! The number of prior lines, from the surely fewest to the most by any reading, with a reason for all that is open.

use criteria::{Count, Gap, GapKind};

use super::course;
use super::history::History;
use super::line::{MOST_COURSES, Standing};
use super::recorded::{Day, EventKind};
use super::setting::Setting;

/// How many prior lines there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prior {
    /// From the fewest to the most.
    pub count: Count,
    /// Why some that are drawn may not count.
    pub doubts: Vec<Gap>,
    /// Why there may be any number more.
    pub open: Vec<Gap>,
}

impl Prior {
    /// Counts the lines that a history draws.
    #[must_use]
    pub(super) fn of(history: &History) -> Self {
        let walk = history.walk();
        if walk.is_too_long() {
            return Self::not_followed();
        }
        let range = walk.range();
        let mut doubts = doubts(history);
        let unseen = unseen_curative(history);
        let high = range.high.saturating_add(u32::from(unseen.is_some()));
        doubts.extend(unseen);
        let open = open(history);
        let high = open.is_empty().then_some(high);
        let count = Count::new(range.low, high).unwrap_or(Count::ANY);
        if count.exact().is_some() {
            doubts.clear();
        } else if doubts.is_empty() && open.is_empty() {
            doubts.push(imprecise("how the courses on record make up lines is not clear"));
        }
        Self { count, doubts, open }
    }
}

impl Prior {
    /// Any number: so many courses that following every way of reading them would take too long.
    fn not_followed() -> Self {
        let gap = imprecise(format!(
            "more than {MOST_COURSES} courses of therapy are on record: too many to tell lines from them"
        ));
        Self { count: Count::ANY, doubts: Vec::new(), open: vec![gap] }
    }
}

fn imprecise(detail: impl Into<String>) -> Gap {
    Gap { kind: GapKind::Imprecise, detail: detail.into() }
}

/// A reason for each line that may or may not count.
fn doubts(history: &History) -> Vec<Gap> {
    let of_line = history.lines.iter().flat_map(|line| {
        let label = history.label(line);
        match &line.standing {
            Standing::Sure | Standing::Present(_) => Vec::new(),
            Standing::Curative => vec![imprecise(format!("{label} {}", curative(history)))],
            Standing::Unsure(reasons) => reasons
                .iter()
                .map(|reason| imprecise(format!("{label} may or may not count: {reason}")))
                .collect(),
        }
    });
    of_line.collect()
}

/// How the therapy to cure stands to the recurrence.
fn curative(history: &History) -> String {
    let months = history.rules.lines.early_relapse_months;
    let last = history.curative().map(|course| course.last).max();
    let index = history.index.earliest.zip(history.index.latest);
    let (Some(last), Some((earliest, latest))) = (last, index) else {
        return "was given to cure and may or may not count".to_owned();
    };
    let index = Day::between(earliest, latest);
    let limit = last.plus_months(months);
    if index.latest <= limit.earliest {
        format!(
            "was given to cure and may count: the disease came back within {months} months of its end ({last})"
        )
    } else if limit.is_before(index) {
        format!(
            "was given to cure and may or may not count: the disease came back more than {months} months after its end ({last})"
        )
    } else {
        format!(
            "was given to cure and may or may not count: whether the disease came back within {months} months of its end is not clear"
        )
    }
}

/// Surgery before the disease was advanced, and no therapy to cure on record: it may have been given elsewhere.
fn unseen_curative(history: &History) -> Option<Gap> {
    let is_open = |setting: &Setting| matches!(setting, Setting::Curative | Setting::Unclear(_));
    let has_curative = history
        .courses
        .iter()
        .zip(&history.settings)
        .any(|(course, setting)| is_open(setting) && course::counts(&history.rules, course.agent));
    let index = history.index.latest;
    let operated = history.recorded.events.iter().find(|event| {
        let is_before = event.day.is_none_or(|day| index.is_none_or(|index| day.earliest <= index));
        event.kind == EventKind::Surgery && is_before
    });
    operated.filter(|_| !has_curative).map(|surgery| {
        let date = surgery.evidence.date.as_deref().unwrap_or("undated");
        imprecise(format!(
            "systemic therapy around the surgery ({date}) is not on record: it may have been given elsewhere, and may count as one line"
        ))
    })
}

/// Why the number has no upper end.
fn open(history: &History) -> Vec<Gap> {
    let recorded = &history.recorded;
    let mut open: Vec<Gap> = recorded
        .not_read
        .iter()
        .chain(&recorded.events_not_read)
        .chain(&recorded.unplaced)
        .cloned()
        .collect();
    for exposure in &history.undated {
        let agents: Vec<&str> = exposure.agents.iter().map(|agent| history.rules.title(*agent)).collect();
        let reference = &exposure.evidence.reference;
        open.push(imprecise(format!(
            "when {} was given ({reference}) is not recorded",
            agents.join(" and ")
        )));
    }
    // Of what could not be read nobody can say that it is not on record.
    if recorded.not_read.is_empty() && !has_counting(history) {
        let detail =
            "no therapy that counts is on record, and that does not show that none was given".to_owned();
        open.push(Gap { kind: GapKind::NotRecorded, detail });
    }
    open.extend(elsewhere(history));
    open
}

/// Whether any therapy that counts is on record, dated or not.
fn has_counting(history: &History) -> bool {
    let dated = history.courses.iter().map(|course| course.agent);
    let undated = history.undated.iter().flat_map(|exposure| exposure.agents.iter().copied());
    dated.chain(undated).any(|agent| course::counts(&history.rules, agent))
}

/// A time without therapy in which it may have been given elsewhere, since the disease was advanced.
pub(super) fn elsewhere(history: &History) -> Option<Gap> {
    let index = &history.index;
    let Some(latest) = index.latest else {
        return Some(imprecise(
            "since when the disease is advanced is not on record, nor what was given elsewhere",
        ));
    };
    let Some(earliest) = index.earliest else {
        return Some(imprecise(format!(
            "the disease may have been advanced before {latest}, and treated elsewhere"
        )));
    };
    let gap_days = i64::from(history.rules.lines.gap_days);
    let counting = history.courses.iter().zip(&history.settings).filter(|(course, setting)| {
        **setting != Setting::Curative && course::counts(&history.rules, course.agent)
    });
    let today = Day::exactly(history.today);
    let mut given: Vec<(Day, Day)> = counting.map(|(course, _)| (course.start, course.last)).collect();
    given.push((today, today));
    given.sort_by_key(|(start, last)| (start.latest, last.latest));
    let mut until = Day::between(earliest, latest);
    for (start, last) in given {
        if until.days_to(start).most > gap_days {
            return Some(imprecise(format!(
                "no therapy is on record from {until} to {start}: it may have been given elsewhere"
            )));
        }
        until = Day { earliest: until.earliest.max(last.earliest), latest: until.latest.max(last.latest) };
    }
    None
}
