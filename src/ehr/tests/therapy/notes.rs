//! A history as short notes, one a line: `given tax 2025-01-06..2025-03-10`, `progression 2025-06-01 unsure`.
//!
//! Kinds of exposure: `given` (every 21 days), `dispensed` (for 30 days each), `stated`, `ordered`; several drugs with
//! `+`. Events: `advanced`, `progression`, `response`, `stable`, `surgery`. A day may be a month or a year, or `?`.
//! Words after it: `curative` `neoadjuvant` `adjuvant` `palliative`, `no-response` `not-tolerated`, `unsure` `earlier`.
//! And `unplaced`, `unread`, `events-unread`; `with cap` names a companion of the order, whose drug is `new`.

use std::sync::{Arc, LazyLock};

use criteria::{Document, Evidence, Gap, GapKind};
use ehr::therapy::history::History;
use ehr::therapy::recorded::{Day, Ending, Event, EventKind, Exposure, Intent, Recorded, Strength};
use ehr::therapy::rules::TherapyRules;
use jiff::ToSpan;
use jiff::civil::Date;

/// The day of the order.
pub const TODAY: &str = "2026-06-15";

pub fn rules() -> Arc<TherapyRules> {
    static RULES: LazyLock<Arc<TherapyRules>> = LazyLock::new(|| {
        Arc::new(Document::read("rules.yaml", include_str!("rules.yaml")).unwrap().shape().unwrap())
    });
    Arc::clone(&RULES)
}

pub fn agent(rules: &TherapyRules, id: &str) -> usize {
    rules.agents.iter().position(|agent| agent.id == id).unwrap_or_else(|| panic!("no agent `{id}`"))
}

pub fn history(rules: &Arc<TherapyRules>, notes: &[&str]) -> History {
    History::of(Arc::clone(rules), recorded(rules, notes), TODAY.parse().unwrap())
}

pub fn recorded(rules: &TherapyRules, notes: &[&str]) -> Recorded {
    let mut recorded = Recorded { ordered: vec![agent(rules, "new")], ..Recorded::default() };
    for (number, note) in notes.iter().enumerate() {
        add(&mut recorded, rules, number, note);
    }
    recorded
}

/// `2..3`, `1..` where there is no upper end, `2` where it is exact.
pub fn counted(history: &History) -> String {
    let count = history.prior.count;
    match (count.exact(), count.high()) {
        (Some(count), _) => count.to_string(),
        (None, Some(high)) => format!("{}..{high}", count.low()),
        (None, None) => format!("{}..", count.low()),
    }
}

fn add(recorded: &mut Recorded, rules: &TherapyRules, number: usize, note: &str) {
    let words: Vec<&str> = note.split_whitespace().collect();
    let gap = |detail: &str| Gap { kind: GapKind::Unavailable, detail: detail.to_owned() };
    let kind = match words[0] {
        "unplaced" => return recorded.unplaced.push(gap("unplaced")),
        "unread" => return recorded.not_read.push(gap("not read")),
        "events-unread" => return recorded.events_not_read.push(gap("events not read")),
        "with" => return recorded.companions.push(agent(rules, words[1])),
        "advanced" => EventKind::Advanced,
        "progression" => EventKind::Progression,
        "response" => EventKind::Response,
        "stable" => EventKind::Stable,
        "surgery" => EventKind::Surgery,
        _ => return recorded.exposures.extend(exposures(rules, number, &words)),
    };
    recorded.events.push(Event {
        kind,
        day: day(words[1]),
        may_be_earlier: words.contains(&"earlier"),
        is_sure: !words.contains(&"unsure"),
        evidence: evidence(&format!("Event/{number}"), words[1]),
    });
}

fn exposures(rules: &TherapyRules, number: usize, words: &[&str]) -> Vec<Exposure> {
    let (strength, every) = match words[0] {
        "given" => (Strength::Given, Some(21)),
        "dispensed" => (Strength::Dispensed, Some(30)),
        "stated" => (Strength::Stated, None),
        "ordered" => (Strength::Ordered, Some(21)),
        other => panic!("no kind `{other}`"),
    };
    let agents: Vec<usize> = words[1].split('+').map(|id| agent(rules, id)).collect();
    let intent = words.iter().find_map(|word| match *word {
        "curative" => Some(Intent::Curative),
        "neoadjuvant" => Some(Intent::Neoadjuvant),
        "adjuvant" => Some(Intent::Adjuvant),
        "palliative" => Some(Intent::Palliative),
        _ => None,
    });
    let ending = words.iter().find_map(|word| match *word {
        "no-response" => Some(Ending::NoResponse),
        "not-tolerated" => Some(Ending::NotTolerated),
        _ => None,
    });
    let (from, to) = words[2].split_once("..").unwrap_or((words[2], words[2]));
    let spans: Vec<(Option<Day>, Option<Day>)> = match (every, day(from), day(to)) {
        (Some(every), Some(from), Some(to))
            if from != to && from.earliest == from.latest && to.earliest == to.latest =>
        {
            let mut spans = Vec::new();
            let mut date = from.earliest;
            while date <= to.latest {
                let last =
                    if strength == Strength::Dispensed { plus(date, every - 1).min(to.latest) } else { date };
                spans.push((Some(Day::exactly(date)), Some(Day::exactly(last))));
                date = plus(date, every);
            }
            spans
        }
        (_, from, to) => vec![(from, to)],
    };
    let count = spans.len();
    let exposure = |(position, (start, last)): (usize, (Option<Day>, Option<Day>))| Exposure {
        agents: agents.clone(),
        strength,
        start,
        last,
        intent,
        ending: ending.filter(|_| position + 1 == count),
        evidence: evidence(&format!("Exposure/{number}-{position}"), words[1]),
    };
    spans.into_iter().enumerate().map(exposure).collect()
}

fn plus(date: Date, days: i64) -> Date {
    date.checked_add(days.days()).unwrap()
}

pub fn day(text: &str) -> Option<Day> {
    let (first, last) = ehr::when::When::read(text)?.calendar_days();
    Some(Day { earliest: first, latest: last })
}

fn evidence(reference: &str, value: &str) -> Evidence {
    Evidence { reference: reference.to_owned(), value: value.to_owned(), ..Evidence::default() }
}

/// The first characters of a date: 7 are a month, 4 a year.
pub fn kept(date: &str, digits: usize) -> String {
    date.chars().take(digits).collect()
}
