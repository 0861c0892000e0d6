//! Whether the disease got worse on a class of drugs, or so soon after it that it counts as resistant.
//!
//! A course makes it true if a dated progression lies from its start to its last dose and the days for which it still
//! acts, or within a number of calendar months of the last dose that hangs on the setting, the last day included. After
//! therapy to cure the recurrence is the progression. Stopping for toxicity is no resistance; a course that was ended
//! for want of a response progressed at its last dose.

use criteria::{Evidence, Gap, GapKind, Truth};
use jiff::civil::Date;

use super::count::elsewhere;
use super::course::Course;
use super::day::truth;
use super::history::{History, from_to};
use super::recorded::{Day, EventKind};
use super::setting::Setting;

/// What counts as resistance to a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits<'l> {
    /// The class or agent.
    pub class: &'l str,
    /// Months after the last dose in advanced disease.
    pub advanced_months: u32,
    /// Months after the last dose of therapy to cure.
    pub curative_months: u32,
    /// Whether a recurrence on or soon after therapy to cure makes it true; if not, it leaves it open.
    pub curative_counts: bool,
}

/// Whether the disease is resistant, from what, and if that is open, why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resistance {
    /// `None` where no course of the class is on record.
    pub is_resistant: Option<Truth>,
    /// The dates that were used: doses, progressions, the first sign of advanced disease.
    pub evidence: Vec<Evidence>,
    /// Why it is open.
    pub gaps: Vec<Gap>,
}

/// What one course says.
struct Verdict {
    is_so: Truth,
    gap: Option<Gap>,
    evidence: Vec<Evidence>,
}

/// A day on which the disease was, or may have been, worse.
struct Worse {
    day: Option<Day>,
    is_sure: bool,
    /// Whether it came after the course began, whatever its date.
    is_later: bool,
    what: String,
    evidence: Option<Evidence>,
}

/// Judges every course of a class.
#[must_use]
pub fn resistance(history: &History, limits: &Limits<'_>) -> Resistance {
    let courses = history.courses.iter().zip(&history.settings);
    let of_class = courses.filter(|(course, _)| history.rules.is(course.agent, limits.class));
    let verdicts: Vec<Verdict> =
        of_class.map(|(course, setting)| of_course(history, limits, course, setting)).collect();
    let undated = undated(history, limits.class);
    if verdicts.is_empty() && undated.is_empty() {
        let gaps = history.not_on_record(format!("no course of {} is on record", limits.class));
        return Resistance { gaps, ..Resistance::default() };
    }
    let (yes, other): (Vec<Verdict>, Vec<Verdict>) =
        verdicts.into_iter().partition(|verdict| verdict.is_so == Truth::Yes);
    if !yes.is_empty() {
        let evidence = yes.into_iter().flat_map(|verdict| verdict.evidence).collect();
        return Resistance { is_resistant: Some(Truth::Yes), evidence, gaps: Vec::new() };
    }
    let evidence = other.iter().flat_map(|verdict| verdict.evidence.clone()).collect();
    let mut gaps: Vec<Gap> = other.into_iter().filter_map(|verdict| verdict.gap).chain(undated).collect();
    // What is not on record may be a course, or a progression, of its own.
    gaps.extend(unread(history));
    let is_resistant = if gaps.is_empty() { Truth::No } else { Truth::Either };
    Resistance { is_resistant: Some(is_resistant), evidence, gaps }
}

fn undated(history: &History, class: &str) -> Vec<Gap> {
    let of_class = |agents: &[usize]| agents.iter().any(|agent| history.rules.is(*agent, class));
    let undated = history.undated.iter().filter(|exposure| of_class(&exposure.agents));
    let gaps = undated.map(|exposure| {
        let detail = format!("when {} was given is not recorded", exposure.evidence.reference);
        Gap { kind: GapKind::Imprecise, detail }
    });
    gaps.collect()
}

fn unread(history: &History) -> Vec<Gap> {
    let recorded = &history.recorded;
    let unread = recorded.not_read.iter().chain(&recorded.events_not_read).chain(&recorded.unplaced).cloned();
    unread.chain(elsewhere(history)).collect()
}

fn of_course(history: &History, limits: &Limits<'_>, course: &Course, setting: &Setting) -> Verdict {
    let (least, most) = match setting {
        Setting::Advanced => (limits.advanced_months, limits.advanced_months),
        Setting::Curative => (limits.curative_months, limits.curative_months),
        Setting::Unclear(_) => (
            limits.advanced_months.min(limits.curative_months),
            limits.advanced_months.max(limits.curative_months),
        ),
    };
    let acting = course.last.plus_days(history.rules.lines.during_therapy_days);
    let window = Window {
        start: course.start,
        sure_end: course.last.plus_months(least).earliest.max(acting.earliest),
        possible_end: course.last.plus_months(most).latest.max(acting.latest),
    };
    let worse = worsenings(history, course, setting);
    let named = format!("{} ({})", history.rules.title(course.agent), from_to(course.start, course.last));
    let seen = |is_so: Truth| worse.iter().find(|worse| window.holds(worse) == is_so);
    if let Some(found) = seen(Truth::Yes) {
        return within(course, setting, limits, found, &named);
    }
    let evidence = cited(course, worse.iter().filter(|worse| window.holds(worse) != Truth::No), &named);
    let open = |detail: String| Verdict {
        is_so: Truth::Either,
        gap: Some(Gap { kind: GapKind::Imprecise, detail }),
        evidence: evidence.clone(),
    };
    if let Some(found) = seen(Truth::Either) {
        return open(format!("{} may be a progression on or soon after {named}", found.what));
    }
    let after: Vec<&Worse> = worse.iter().filter(|worse| window.is_over_by(worse)).collect();
    if after.is_empty() {
        let detail = format!("no progression on or after {named} is on record");
        return Verdict {
            is_so: Truth::Either,
            gap: Some(Gap { kind: GapKind::NotRecorded, detail }),
            evidence,
        };
    }
    Verdict { is_so: Truth::No, gap: None, evidence: cited(course, after.into_iter(), &named) }
}

/// A progression that is surely within the time: true, unless the course or what it says is not enough for that.
fn within(course: &Course, setting: &Setting, limits: &Limits<'_>, found: &Worse, named: &str) -> Verdict {
    let evidence = cited(course, std::iter::once(found), named);
    let what = &found.what;
    let doubt = if !course.is_given() {
        Some(format!("{what} fell on or soon after {named}, which is not shown to have been given"))
    } else if *setting != Setting::Advanced && !limits.curative_counts {
        Some(format!(
            "{what} fell on or soon after {named}, which was, or may have been, given to cure: whether that counts in advanced disease is open"
        ))
    } else {
        None
    };
    let is_so = if doubt.is_some() { Truth::Either } else { Truth::Yes };
    Verdict { is_so, gap: doubt.map(|detail| Gap { kind: GapKind::Imprecise, detail }), evidence }
}

fn cited<'w>(course: &Course, worse: impl Iterator<Item = &'w Worse>, named: &str) -> Vec<Evidence> {
    let note = |evidence: &Evidence, note: &str| Evidence { note: Some(note.to_owned()), ..evidence.clone() };
    let doses = course.evidence.iter().map(|evidence| note(evidence, named));
    let worse = worse.filter_map(|worse| Some(note(worse.evidence.as_ref()?, &worse.what)));
    doses.chain(worse).collect()
}

fn worsenings(history: &History, course: &Course, setting: &Setting) -> Vec<Worse> {
    let mut worse: Vec<Worse> = Vec::new();
    for event in &history.recorded.events {
        let is_sign = event.kind == EventKind::Advanced;
        if event.kind != EventKind::Progression && !is_sign {
            continue;
        }
        // In advanced disease another sign of it may be a progression, or only say again what was known.
        let is_sure = !is_sign && event.is_sure && !event.may_be_earlier;
        let name = if is_sign { "a sign of advanced disease" } else { "progression" };
        let when = event.day.map_or_else(|| "undated".to_owned(), |day| day.to_string());
        let what = format!("{name} ({when})");
        worse.push(Worse {
            day: event.day,
            is_sure,
            is_later: false,
            what,
            evidence: Some(event.evidence.clone()),
        });
    }
    if course.no_response {
        let what = format!("its end for want of a response ({})", course.last);
        worse.push(Worse {
            day: Some(course.last),
            is_sure: !course.not_tolerated,
            is_later: true,
            what,
            evidence: None,
        });
    }
    worse.extend((*setting == Setting::Curative).then(|| recurrence(history, course)).flatten());
    worse
}

/// The recurrence after therapy to cure; it came after that therapy began.
fn recurrence(history: &History, course: &Course) -> Option<Worse> {
    let latest = history.index.latest?;
    let earliest = history.index.earliest.unwrap_or(course.start.earliest).min(latest);
    let day = Day { earliest, latest };
    let evidence = history.index.sign.as_ref().map(|sign| sign.evidence.clone());
    let what = format!("the recurrence ({day})");
    Some(Worse { day: Some(day), is_sure: true, is_later: true, what, evidence })
}

/// The time in which a progression counts.
struct Window {
    start: Day,
    /// The last day that surely is in it.
    sure_end: Date,
    /// The last day that may be in it.
    possible_end: Date,
}

impl Window {
    fn holds(&self, worse: &Worse) -> Truth {
        // At an unknown time, or not sure at all: it may be.
        let Some(day) = worse.day else { return Truth::Either };
        // On the first day it is what the course was begun for.
        let is_in = (worse.is_later || self.start.latest < day.earliest) && day.latest <= self.sure_end;
        let may_be_in =
            (worse.is_later || self.start.earliest < day.latest) && day.earliest <= self.possible_end;
        truth(is_in && worse.is_sure, may_be_in)
    }

    fn is_over_by(&self, worse: &Worse) -> bool {
        worse.is_sure && worse.day.is_some_and(|day| day.earliest > self.possible_end)
    }
}
