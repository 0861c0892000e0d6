//! What the page of the journal says, made of its statistics.

use std::collections::BTreeMap;

use askama::Template;
use jiff::Timestamp;
use jiff::civil::Date;
use journal::{Day, Stats, StepTimes, Subject};

use super::chart::{Bar, Columns};
use crate::answer::day;
use crate::content::Content;
use crate::feedback::NOT_OFFERED;
use crate::pages::{Audience, Frame, Place, assessed, words};

/// The times that can be chosen.
pub(super) const PERIODS: [Period; 5] = [
    Period { name: "7", days: Some(7), title: "7 days" },
    Period { name: "30", days: Some(30), title: "30 days" },
    Period { name: "90", days: Some(90), title: "90 days" },
    Period { name: "365", days: Some(365), title: "365 days" },
    Period { name: "all", days: None, title: "all time" },
];
/// The most days that are drawn; of a longer time, the last ones.
const MOST_DAYS: usize = 400;

/// A time before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) name: &'static str,
    pub(super) days: Option<i64>,
    title: &'static str,
}

impl Period {
    /// The time with a name; 30 days where there is none.
    pub(super) fn named(name: &str) -> Self {
        let [_, usual, ..] = PERIODS;
        PERIODS.into_iter().find(|period| period.name == name).unwrap_or(usual)
    }
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "journal/show.html")]
pub(super) struct JournalView {
    frame: Frame,
    period: Period,
    totals: Vec<(&'static str, String)>,
    subjects: Vec<SubjectView>,
    over_time: Option<OverTime>,
    reasons: Vec<ReasonView>,
    steps: Vec<StepView>,
    steps_of: u32,
}

/// A row of a table with a bar.
#[derive(Debug)]
struct Row {
    name: String,
    /// What it is called, where that is known.
    title: String,
    count: u64,
    share: String,
    bar: Bar,
}

/// A version of a policy or of limits.
#[derive(Debug)]
struct SubjectView {
    title: String,
    id: String,
    version: String,
    assessed: u64,
    determinations: Vec<Row>,
    criteria: Vec<CriterionView>,
    missing: Vec<Row>,
    cards: u64,
    accepted: u64,
    overridden: Vec<Row>,
}

/// What a criterion did.
#[derive(Debug)]
struct CriterionView {
    id: String,
    statement: String,
    decided: u64,
    decided_bar: Bar,
    open: u64,
    open_bar: Bar,
    /// How often a card that it decided was not followed, and why.
    overridden: String,
}

/// Days, as charts and as a table.
#[derive(Debug)]
struct OverTime {
    first: String,
    last: String,
    decisions: Columns,
    most_decisions: u64,
    feedback: Columns,
    most_feedback: u64,
    days: Vec<Day>,
}

/// A reason for not following cards, over time.
#[derive(Debug)]
struct ReasonView {
    title: String,
    count: u64,
    columns: Columns,
}

/// How long a step takes.
#[derive(Debug)]
struct StepView {
    name: String,
    count: usize,
    median: String,
    p90: String,
    most: String,
    bar: Bar,
}

impl JournalView {
    pub(super) fn of(
        content: &Content,
        stats: &Stats,
        steps: &[StepTimes],
        period: Period,
        now: Timestamp,
        audience: Audience,
    ) -> Self {
        let days = days(stats, period, now);
        Self {
            frame: Frame::new("What came of it", audience, Some(Place::Journal)),
            period,
            totals: totals(stats),
            subjects: stats.subjects.iter().map(|one| subject(content, one)).collect(),
            over_time: over_time(stats, &days),
            reasons: reasons(content, &days),
            steps: step_views(steps),
            steps_of: super::STEPS_OF,
        }
    }

    fn periods(&self) -> [Period; 5] {
        PERIODS
    }
}

fn totals(stats: &Stats) -> Vec<(&'static str, String)> {
    let sum = |count: fn(&Day) -> u64| stats.days.iter().map(count).sum::<u64>();
    let (cards, overridden) = (sum(|day| day.cards), sum(|day| day.overridden));
    let mut totals = vec![
        ("Decisions", stats.decisions.to_string()),
        ("Cards shown", cards.to_string()),
        ("Followed", sum(|day| day.accepted).to_string()),
        ("Not followed", format!("{overridden} ({})", share(overridden, cards))),
    ];
    if stats.unknown_feedback > 0 {
        totals.push(("Reports of cards that are not known", stats.unknown_feedback.to_string()));
    }
    totals
}

/// A share in per cent; a dash of nothing.
fn share(count: u64, of: u64) -> String {
    match count.saturating_mul(1000).checked_div(of) {
        Some(thousandths) => format!("{}.{} %", thousandths / 10, thousandths % 10),
        None => "–".into(),
    }
}

fn subject(content: &Content, subject: &Subject) -> SubjectView {
    let largest = subject.criteria.iter().map(|one| one.decided.max(one.open)).max().unwrap_or(0);
    let statements = assessed::statements(content, subject.kind, &subject.id, &subject.version);
    let criteria = subject.criteria.iter().map(|criterion| CriterionView {
        id: criterion.id.clone(),
        statement: statements
            .get(criterion.id.as_str())
            .map(|(statement, _)| *statement)
            .unwrap_or_default()
            .to_owned(),
        decided: criterion.decided,
        decided_bar: Bar::new(criterion.decided, largest, "bar-main"),
        open: criterion.open,
        open_bar: Bar::new(criterion.open, largest, "bar-open"),
        overridden: listed(content, &criterion.overridden),
    });
    let determination = |name: &String| words::determination(name).to_owned();
    let missing = subject.missing.iter().map(|missed| {
        (assessed::element(content, &missed.element), words::gap(&missed.gap).to_owned(), missed.count)
    });
    let overridden =
        subject.overridden.iter().map(|(code, count)| (reason(content, code), String::new(), *count));
    let determinations =
        subject.determinations.iter().map(|(name, count)| (determination(name), String::new(), *count));
    SubjectView {
        title: assessed::title(content, subject.kind, &subject.id),
        id: subject.id.clone(),
        version: subject.version.clone(),
        assessed: subject.assessed,
        determinations: rows(determinations, subject.assessed, "bar-main"),
        criteria: criteria.collect(),
        missing: rows(missing, subject.assessed, "bar-open"),
        cards: subject.cards,
        accepted: subject.accepted,
        overridden: rows(overridden, subject.cards, "bar-bad"),
    }
}

/// Rows with bars, the largest first.
fn rows(counts: impl Iterator<Item = (String, String, u64)>, of: u64, class: &'static str) -> Vec<Row> {
    let mut counts: Vec<(String, String, u64)> = counts.collect();
    counts.sort_by_key(|(_, _, count)| std::cmp::Reverse(*count));
    let largest = counts.iter().map(|(_, _, count)| *count).max().unwrap_or(0);
    let row = |(name, title, count)| Row {
        name,
        title,
        count,
        share: share(count, of),
        bar: Bar::new(count, largest, class),
    };
    counts.into_iter().map(row).collect()
}

/// Why a card was not followed, in the words from which the clinician picked.
fn reason(content: &Content, code: &str) -> String {
    match code {
        "none" => return "no reason given".into(),
        NOT_OFFERED => return "a reason that the card did not offer".into(),
        _ => {}
    }
    let mut reasons = content.services.iter().flat_map(|service| &service.file.override_reasons);
    let known = reasons.find(|reason| reason.code == code);
    known.map_or_else(|| code.to_owned(), |reason| reason.display.clone())
}

fn listed(content: &Content, reasons: &BTreeMap<String, u64>) -> String {
    let told = reasons.iter().map(|(code, count)| format!("{count} × {}", reason(content, code)));
    told.collect::<Vec<_>>().join("; ")
}

/// Every day of the time, those without a decision too; of all time, from the first that had one.
fn days(stats: &Stats, period: Period, now: Timestamp) -> Vec<Day> {
    let Ok(last) = day(now).parse::<Date>() else { return Vec::new() };
    let begins = period.days.and_then(|days| last.checked_sub(jiff::Span::new().days(days - 1)).ok());
    let known = stats.days.first().and_then(|day| day.day.parse::<Date>().ok());
    let Some(first) = begins.into_iter().chain(known).min() else { return Vec::new() };
    let by_day: BTreeMap<&str, &Day> = stats.days.iter().map(|day| (day.day.as_str(), day)).collect();
    let mut dates: Vec<Date> =
        first.series(jiff::Span::new().days(1)).take_while(|date| *date <= last).collect();
    dates.drain(..dates.len().saturating_sub(MOST_DAYS));
    let day = |date: Date| {
        let name = date.to_string();
        by_day
            .get(name.as_str())
            .map_or_else(|| Day { day: name.clone(), ..Day::default() }, |day| (*day).clone())
    };
    dates.into_iter().map(day).collect()
}

fn over_time(stats: &Stats, days: &[Day]) -> Option<OverTime> {
    let (first, last) = (days.first()?.day.clone(), days.last()?.day.clone());
    let decisions: Vec<Vec<u64>> = days.iter().map(|day| vec![day.decisions]).collect();
    let feedback: Vec<Vec<u64>> = days.iter().map(|day| vec![day.accepted, day.overridden]).collect();
    let most = |days: &[Vec<u64>]| days.iter().map(|day| day.iter().sum()).max().unwrap_or(0);
    Some(OverTime {
        first,
        last,
        most_decisions: most(&decisions),
        decisions: Columns::new(100, &["bar-main"], &decisions),
        most_feedback: most(&feedback),
        feedback: Columns::new(100, &["bar-good", "bar-bad"], &feedback),
        days: stats.days.iter().rev().take(MOST_DAYS).cloned().collect(),
    })
}

/// Each reason over time, the most frequent first.
fn reasons(content: &Content, days: &[Day]) -> Vec<ReasonView> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, count) in days.iter().flat_map(|day| &day.reasons) {
        *counts.entry(code).or_default() += count;
    }
    let mut counts: Vec<(&str, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let view = |(code, count): (&str, u64)| {
        let per_day: Vec<Vec<u64>> =
            days.iter().map(|day| vec![day.reasons.get(code).copied().unwrap_or(0)]).collect();
        ReasonView { title: reason(content, code), count, columns: Columns::new(24, &["bar-bad"], &per_day) }
    };
    counts.into_iter().map(view).collect()
}

fn step_views(steps: &[StepTimes]) -> Vec<StepView> {
    let largest = steps.iter().map(|step| step.p90).max().unwrap_or(0);
    let view = |step: &StepTimes| StepView {
        name: step.name.clone(),
        count: step.count,
        median: words::micros(step.median),
        p90: words::micros(step.p90),
        most: words::micros(step.most),
        bar: Bar::new(step.p90, largest, "bar-main"),
    };
    steps.iter().map(view).collect()
}
