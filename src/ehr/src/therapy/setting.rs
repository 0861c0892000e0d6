//! From when the disease is advanced, and whether a course was given before or after that.

use criteria::Evidence;
use jiff::civil::Date;

use super::course::Course;
use super::recorded::{Day, Event, EventKind, Intent, Recorded};

/// The first sign that the disease is advanced: lines are counted from there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Index {
    /// The first day on which it may have been advanced; `None` where that may be any day in the past.
    pub earliest: Option<Date>,
    /// The day by which it surely was; `None` where no sure sign has a date.
    pub latest: Option<Date>,
    /// The first sure sign.
    pub sign: Option<Event>,
}

impl Index {
    /// The first sign in a record.
    ///
    /// An unsure, undated or not fully read sign may be earlier, and so may a progression that no curative surgery
    /// followed, or a course that was meant for advanced disease.
    #[must_use]
    pub fn of(recorded: &Recorded, courses: &[Course]) -> Self {
        let signs = || recorded.events.iter().filter(|event| event.kind == EventKind::Advanced);
        let sign =
            signs().filter(|event| event.is_sure).filter_map(|event| Some((event.day?, event))).min_by_key(
                |(day, event)| (day.latest, day.earliest, event.may_be_earlier, &event.evidence.reference),
            );
        let Some((first, sign)) = sign else { return Self::default() };
        let mut index =
            Self { earliest: Some(first.earliest), latest: Some(first.latest), sign: Some(sign.clone()) };
        let is_later = |event: &Event| event.day.is_some_and(|day| first.is_before(day));
        let is_open = |event: &Event| !is_later(event) && (event.may_be_earlier || event.day.is_none());
        if signs().any(is_open) || !recorded.events_not_read.is_empty() {
            index.earliest = None;
            return index;
        }
        signs().filter_map(|event| event.day).for_each(|day| index.widen(day.earliest));
        let palliative = courses.iter().filter(|course| course.intent == Some(Intent::Palliative));
        palliative.for_each(|course| index.widen(course.start.earliest));
        for event in recorded.events.iter().filter(|event| event.kind == EventKind::Progression) {
            match event.day {
                None => index.earliest = None,
                Some(day) if !is_operated(day, first, recorded) => index.widen(day.earliest),
                Some(_) => {}
            }
        }
        index
    }

    fn widen(&mut self, date: Date) {
        self.earliest = self.earliest.map(|earliest| earliest.min(date));
    }
}

/// Whether curative surgery surely lies between a progression and the first sign.
fn is_operated(progression: Day, first: Day, recorded: &Recorded) -> bool {
    let surgeries = recorded.events.iter().filter(|event| event.kind == EventKind::Surgery && event.is_sure);
    surgeries.filter_map(|event| event.day).any(|day| progression.is_before(day) && day.is_before(first))
}

/// What a course was given for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// To cure: before the disease was advanced.
    Curative,
    /// For advanced disease.
    Advanced,
    /// One or the other; why, in words.
    Unclear(String),
}

impl Setting {
    /// The setting of a course, by its intent and by the first sign of advanced disease.
    #[must_use]
    pub fn of(course: &Course, index: &Index) -> Self {
        let starts_after = index.latest.is_some_and(|date| course.start.earliest >= date);
        let ends_before = index.earliest.is_some_and(|date| course.last.latest < date);
        match (course.intent, starts_after, ends_before) {
            _ if course.has_mixed_intents => {
                Self::Unclear("its intent is recorded in contradictory ways".into())
            }
            (Some(Intent::Palliative), ..) | (None, true, _) => Self::Advanced,
            (Some(_), true, _) => Self::Unclear(
                "it is recorded as meant to cure, but began when the disease was advanced".into(),
            ),
            (Some(_), false, _) | (None, _, true) => Self::Curative,
            (None, false, false) => Self::Unclear(why_unclear(course, index)),
        }
    }
}

fn why_unclear(course: &Course, index: &Index) -> String {
    let Some((latest, sign)) = index.latest.zip(index.sign.as_ref()) else {
        return "no dated sign of advanced disease is on record, so its setting is not known".into();
    };
    let began_before = course.start.latest < latest;
    match (index.earliest, sign.may_be_earlier) {
        (Some(_), _) if began_before => {
            format!(
                "it began before the first sign of advanced disease ({latest}) and may have gone on after it"
            )
        }
        (None, true) => {
            format!("the advanced disease was recorded on {latest} and may have begun earlier")
        }
        _ => format!("whether it was given before the disease was advanced ({latest}) is not clear"),
    }
}

/// The sign, as evidence that names its date.
#[must_use]
pub fn sign(index: &Index) -> Option<Evidence> {
    let sign = index.sign.as_ref()?;
    Some(Evidence { note: Some("first sign of advanced disease".into()), ..sign.evidence.clone() })
}
