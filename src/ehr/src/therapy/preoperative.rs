//! How the disease responded to therapy before surgery.

use criteria::{Evidence, Gap, GapKind, Truth};

use super::course::Course;
use super::history::{History, from_to};
use super::recorded::{Day, Event, EventKind, Intent};
use super::setting::Setting;

/// Whether the disease failed to respond to preoperative therapy: it was stable, or worse, or the therapy was ended for
/// want of a response. `None` where no preoperative course is on record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preoperative {
    /// Whether there was no response.
    pub is_without_response: Option<Truth>,
    /// The doses and the findings that were used.
    pub evidence: Vec<Evidence>,
    /// Why it is open.
    pub gaps: Vec<Gap>,
}

/// Judges every preoperative course; one without a response suffices.
#[must_use]
pub fn preoperative(history: &History) -> Preoperative {
    let mut found = Preoperative::default();
    let courses = history.courses.iter().zip(&history.settings);
    let judged: Vec<(Truth, Preoperative)> = courses
        .filter_map(|(course, setting)| {
            let is_sure = is_preoperative(history, course, setting)?;
            Some(of_course(history, course, is_sure))
        })
        .collect();
    let answers: Vec<Truth> = judged.iter().map(|(answer, _)| *answer).collect();
    let answer = if answers.contains(&Truth::Yes) {
        Truth::Yes
    } else if answers.contains(&Truth::Either) || has_unread(history) {
        Truth::Either
    } else {
        Truth::No
    };
    for (of_course, judged) in judged {
        if answer != Truth::Yes || of_course == Truth::Yes {
            found.evidence.extend(judged.evidence);
        }
        // A course with a clear answer leaves nothing open, whatever else does.
        if answer == Truth::Either && of_course == Truth::Either {
            found.gaps.extend(judged.gaps);
        }
    }
    if answers.is_empty() {
        found.gaps = history.not_on_record("no systemic therapy before surgery is on record".to_owned());
        return found;
    }
    if answer == Truth::Either {
        let recorded = &history.recorded;
        found.gaps.extend(recorded.not_read.iter().chain(&recorded.events_not_read).cloned());
        found.gaps.extend(recorded.unplaced.iter().cloned());
    }
    found.is_without_response = Some(answer);
    found
}

fn has_unread(history: &History) -> bool {
    let recorded = &history.recorded;
    !(recorded.not_read.is_empty() && recorded.events_not_read.is_empty() && recorded.unplaced.is_empty())
}

fn surgeries(history: &History) -> impl Iterator<Item = &Event> {
    history.recorded.events.iter().filter(|event| event.kind == EventKind::Surgery)
}

/// Whether a course was given before surgery, surely or perhaps; `None` where it was not.
fn is_preoperative(history: &History, course: &Course, setting: &Setting) -> Option<bool> {
    let is_before = surgeries(history)
        .any(|surgery| surgery.is_sure && surgery.day.is_some_and(|day| course.last.is_before(day)));
    let may_be_before =
        surgeries(history).any(|surgery| surgery.day.is_none_or(|day| course.start.earliest < day.latest));
    match (course.intent, setting) {
        (Some(Intent::Neoadjuvant), _) => Some(true),
        (Some(Intent::Adjuvant | Intent::Palliative), _) | (_, Setting::Advanced) => None,
        (_, Setting::Curative) if is_before => Some(true),
        _ if may_be_before => Some(false),
        _ => None,
    }
}

fn of_course(history: &History, course: &Course, is_sure: bool) -> (Truth, Preoperative) {
    let named = format!("{} ({})", history.rules.title(course.agent), from_to(course.start, course.last));
    let until = end(history, course);
    let findings: Vec<(&Event, bool)> = history
        .recorded
        .events
        .iter()
        .filter(|event| {
            matches!(event.kind, EventKind::Progression | EventKind::Stable | EventKind::Response)
        })
        .filter_map(|event| {
            let Some(day) = event.day else { return Some((event, false)) };
            let is_in = course.start.is_before(day) && day.latest <= until.earliest && event.is_sure;
            let may_be_in = day.latest >= course.start.earliest && day.earliest <= until.latest;
            may_be_in.then_some((event, is_in))
        })
        .collect();
    let (answer, why) = answer(course, &findings, &named);
    let is_shown = is_sure && (course.is_given() || answer == Truth::No);
    let answer = if is_shown { answer } else { Truth::Either };
    let cited =
        |evidence: &Evidence, note: &str| Evidence { note: Some(note.to_owned()), ..evidence.clone() };
    let doses = course.evidence.iter().map(|evidence| cited(evidence, &named));
    let events = findings.iter().map(|(event, _)| event.evidence.clone());
    let detail = if why.is_empty() && !course.is_given() {
        format!("{named} is not shown to have been given")
    } else if why.is_empty() {
        format!("whether {named} was given before surgery is not clear")
    } else {
        why
    };
    let gaps = vec![Gap { kind: GapKind::Imprecise, detail }];
    (answer, Preoperative { is_without_response: None, evidence: doses.chain(events).collect(), gaps })
}

/// Until when a finding speaks of a preoperative course: the surgery after it; without one, a while after the last dose.
fn end(history: &History, course: &Course) -> Day {
    let after =
        surgeries(history).filter_map(|surgery| surgery.day).filter(|day| course.start.is_before(*day));
    after.min().unwrap_or_else(|| {
        let sure = course.last.plus_days(history.rules.lines.regimen_window_days).earliest;
        Day::between(sure, history.today.max(sure))
    })
}

/// What the findings say together; the words are empty where they are clear.
fn answer(course: &Course, findings: &[(&Event, bool)], named: &str) -> (Truth, String) {
    if course.no_response && !course.not_tolerated {
        return (Truth::Yes, String::new());
    }
    let newest = findings.iter().filter(|(_, is_in)| *is_in).max_by_key(|(event, _)| (event.day, event.kind));
    let Some((newest, _)) = newest else {
        let seen = if findings.is_empty() { "is not recorded" } else { "is not clear" };
        return (Truth::Either, format!("how the disease responded to {named} {seen}"));
    };
    let is_doubtful = findings.iter().any(|(event, is_in)| !is_in && is_other(event, newest));
    let has_response = findings.iter().any(|(event, _)| event.kind == EventKind::Response);
    match newest.kind {
        _ if is_doubtful => (Truth::Either, format!("findings on the response to {named} are not clear")),
        EventKind::Response if course.no_response => {
            (Truth::Either, format!("findings on the response to {named} contradict each other"))
        }
        EventKind::Response => (Truth::No, String::new()),
        EventKind::Stable if has_response => {
            (Truth::Either, format!("the disease responded to {named} and was then stable"))
        }
        _ => (Truth::Yes, String::new()),
    }
}

fn is_other(event: &Event, newest: &Event) -> bool {
    (event.kind == EventKind::Response) != (newest.kind == EventKind::Response)
}
