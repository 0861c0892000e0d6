//! The therapy before an order as a drawing: a bar for each course, line by line, and what happened to the disease.

use ehr::therapy::history::History;
use ehr::therapy::line::{Line, Standing};
use ehr::therapy::recorded::{Day, EventKind};
use ehr::therapy::timeline::Row;
use jiff::civil::Date;

/// Width of the drawing and of its column of labels, and height of a row, in its units.
const WIDTH: f64 = 520.0;
const LABELS: f64 = 60.0;
const ROW: f64 = 24.0;
const TOP: f64 = 28.0;
/// About the width of a letter.
const LETTER: f64 = 6.2;

/// A history of therapy.
#[derive(Debug)]
pub struct Timeline {
    /// How the lines were counted.
    pub sentence: String,
    /// The same, row by row, in words.
    pub rows: Vec<Row>,
    /// Nothing, where nothing has a date.
    pub drawing: Option<Drawing>,
}

/// What is drawn.
#[derive(Debug)]
pub struct Drawing {
    pub height: String,
    pub foot: String,
    pub labels: Vec<Label>,
    pub bars: Vec<Course>,
    pub events: Vec<Happening>,
    pub years: Vec<Year>,
}

/// The name of a line.
#[derive(Debug)]
pub struct Label {
    pub y: String,
    pub text: String,
}

/// A course of one drug.
#[derive(Debug)]
pub struct Course {
    pub x: String,
    pub y: String,
    pub width: String,
    /// `sure`, `unsure`, `curative` or `present`.
    pub class: &'static str,
    pub text: String,
    pub text_x: String,
    pub text_y: String,
    pub anchor: &'static str,
}

/// Something that happened to the disease.
#[derive(Debug)]
pub struct Happening {
    pub x: String,
    pub letter: &'static str,
    pub class: &'static str,
    pub text: String,
}

/// The first day of a year.
#[derive(Debug)]
pub struct Year {
    pub x: String,
    pub text: String,
}

/// A history as it is drawn and told.
pub(super) fn timeline(history: &History) -> Timeline {
    Timeline { sentence: history.sentence(), rows: history.timeline(), drawing: drawing(history) }
}

fn drawing(history: &History) -> Option<Drawing> {
    let scale = Scale::of(history)?;
    let (mut labels, mut bars) = (Vec::new(), Vec::new());
    let mut number = 0;
    let mut y = TOP;
    for line in &history.lines {
        labels.push(Label { y: format!("{:.0}", y + 15.0), text: label(&line.standing, &mut number) });
        for course in line.courses.iter().filter_map(|place| history.courses.get(*place)) {
            bars.push(scale.course(history, line, course, y));
            y += ROW;
        }
        y += 4.0;
    }
    let mut events: Vec<Happening> = Vec::new();
    for event in history.recorded.events.iter() {
        events.extend(event.day.map(|day| scale.happening(event.kind, day)));
    }
    events.dedup_by(|one, other| one.x == other.x && one.letter == other.letter);
    let years = scale.years();
    let height = format!("{:.0}", y + 26.0);
    Some(Drawing { height, foot: format!("{y:.0}"), labels, bars, events, years })
}

fn label(standing: &Standing, number: &mut u32) -> String {
    match standing {
        Standing::Curative => "to cure".to_owned(),
        Standing::Present(_) => "present".to_owned(),
        Standing::Sure | Standing::Unsure(_) => {
            *number = number.saturating_add(1);
            let may = if matches!(standing, Standing::Sure) { "" } else { " ?" };
            format!("line {number}{may}")
        }
    }
}

/// From days to places on the drawing.
struct Scale {
    first: Date,
    days: f64,
}

impl Scale {
    fn of(history: &History) -> Option<Self> {
        let courses = history.courses.iter().map(|course| course.start.earliest);
        let events = history.recorded.events.iter().filter_map(|event| event.day.map(|day| day.earliest));
        let first = courses.chain(events).min()?;
        if history.courses.is_empty() {
            return None;
        }
        Some(Self { first, days: f64::from(days(first, history.today)).max(30.0) })
    }

    fn x(&self, day: Date) -> f64 {
        let place = (f64::from(days(self.first, day)) / self.days).clamp(0.0, 1.0);
        LABELS + place * (WIDTH - LABELS - 8.0)
    }

    fn course(
        &self,
        history: &History,
        line: &Line,
        course: &ehr::therapy::course::Course,
        y: f64,
    ) -> Course {
        let (from, to) = (self.x(course.start.earliest), self.x(course.last.latest));
        let width = (to - from).max(4.0);
        let class = match line.standing {
            Standing::Curative => "curative",
            Standing::Present(_) => "present",
            Standing::Sure => "sure",
            Standing::Unsure(_) => "unsure",
        };
        let title = history.rules.title(course.agent);
        let (text_x, anchor) = beside(from, from + width, title);
        Course {
            x: format!("{from:.1}"),
            y: format!("{:.0}", y + 4.0),
            width: format!("{width:.1}"),
            class,
            text: title.to_owned(),
            text_x: format!("{text_x:.1}"),
            text_y: format!("{:.0}", y + 15.5),
            anchor,
        }
    }

    fn happening(&self, kind: EventKind, day: Day) -> Happening {
        let (letter, class, word) = match kind {
            EventKind::Advanced => ("A", "advanced", "advanced disease"),
            EventKind::Progression => ("P", "progression", "progression"),
            EventKind::Response => ("R", "response", "response"),
            EventKind::Stable => ("S", "stable", "stable disease"),
            EventKind::Surgery => ("O", "surgery", "surgery"),
        };
        let x = format!("{:.1}", self.x(day.earliest));
        Happening { x, letter, class, text: format!("{word}, {}", day.earliest) }
    }

    /// The years in it, as many as have room.
    fn years(&self) -> Vec<Year> {
        let span = self.days / 365.25;
        let step = if span > 24.0 {
            5
        } else if span > 10.0 {
            2
        } else {
            1
        };
        let from = self.first.year().saturating_add(1);
        let years = (0_i16..60).map(|count| from.saturating_add(count));
        let years = years.filter(|year| year.rem_euclid(step) == 0).filter_map(|year| {
            let day = Date::new(year, 1, 1).ok()?;
            (f64::from(days(self.first, day)) < self.days)
                .then(|| Year { x: format!("{:.1}", self.x(day)), text: year.to_string() })
        });
        years.collect()
    }
}

/// Where the name of a bar stands: after it, or before it where there is no room; else at the end of the drawing.
fn beside(from: f64, to: f64, title: &str) -> (f64, &'static str) {
    let width = f64::from(u16::try_from(title.chars().count()).unwrap_or(u16::MAX)) * LETTER;
    match () {
        () if to + 6.0 + width < WIDTH => (to + 6.0, "start"),
        () if from - 6.0 - width > LABELS => (from - 6.0, "end"),
        () => (WIDTH - 2.0, "end"),
    }
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
