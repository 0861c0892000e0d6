//! What an instruction says in words: doses, intervals, cycles and days of a cycle.

use std::collections::BTreeSet;

use criteria::{Decimal, Interval};

use crate::exact;
use crate::quantity::leading_number;
use crate::units::Unit;

/// No instruction that is longer is read to its end.
const LONGEST: usize = 2000;

/// Last day of a cycle that is read as one.
const LAST_DAY: u32 = 84;

/// A dose in words.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dose {
    pub(super) interval: Interval,
    pub(super) is_per_area: bool,
}

/// Spellings of one square metre, the longer ones first.
const SQUARE_METRE: &[(&str, &str)] = &[
    ("²", "2"),
    ("m^2", "m2"),
    ("m(2)", "m2"),
    ("square metre", "m2"),
    ("square meter", "m2"),
    ("sq. m", "m2"),
    ("sq m", "m2"),
    ("sqm", "m2"),
    ("mg per m2", "mg/m2"),
    ("mg / m2", "mg/m2"),
    ("mg /m2", "mg/m2"),
    ("mg/ m2", "mg/m2"),
];

/// The doses in mg and mg/m2 that a text states; limits (`max 88 mg`) and package sizes (`45 mg vial`) are none.
pub(super) fn doses(text: &str) -> Vec<Dose> {
    let mut text = lower(text);
    for (spelling, plain) in SQUARE_METRE {
        if text.contains(spelling) {
            text = text.replace(spelling, plain);
        }
    }
    let share = share(&text);
    let mut doses = Vec::new();
    let mut rest = text.as_str();
    let mut before = String::new();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (skipped, number) = rest.split_at(start);
        before.push_str(skipped);
        let (dose, after) = dose_at(&before, number);
        let whole_or_share = |dose: Dose| match &share {
            Some(share) => {
                Dose { interval: dose.interval.hull(&exact::product(&dose.interval, share)), ..dose }
            }
            None => dose,
        };
        doses.extend(dose.map(whole_or_share));
        let (read, after) = number.split_at(number.len() - after.len());
        before.push_str(read);
        rest = after;
    }
    doses
}

/// The share of a dose that a text asks for (`reduced by 20 %`, `at 80% of dose`): whether the dose beside it is the whole or
/// that share already is not told. The strength of a solution (`0.9%`) is none.
fn share(text: &str) -> Option<Interval> {
    let is_reduced = ["reduc", "decreas", "lower"].iter().any(|word| text.contains(word));
    let text = text.replace("percent", "%");
    text.match_indices('%').find_map(|(at, _)| {
        let (before, after) = text.split_at_checked(at)?;
        let before = before.trim_end();
        let start = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let (before, number) = before.split_at_checked(start)?;
        let after = after.trim_start_matches(['%', ' ']);
        let is_share = is_reduced
            || before.trim_end().ends_with("at")
            || ["of ", "dose"].iter().any(|word| after.starts_with(word));
        let percent = number.parse::<Decimal>().ok().filter(|_| is_share && !before.ends_with('.'))?;
        let hundred = Decimal::ONE_HUNDRED;
        let share = if is_reduced && percent < hundred { hundred - percent } else { percent };
        exact::quotient(&Interval::exactly(share), &Interval::exactly(hundred))
    })
}

/// As much of a text as is read, in lower case.
fn lower(text: &str) -> String {
    let end = if text.len() <= LONGEST { None } else { text.char_indices().nth(LONGEST) };
    end.and_then(|(end, _)| text.get(..end)).unwrap_or(text).to_lowercase()
}

/// The dose that starts at a number, if it is one, and the text after the number.
fn dose_at<'t>(before: &str, text: &'t str) -> (Option<Dose>, &'t str) {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let Some((first, after)) = leading_number(text) else { return (None, digits) };
    let second =
        ["-", "–", " - ", " to "].iter().find_map(|dash| after.strip_prefix(dash)).and_then(leading_number);
    let (interval, rest) = match second {
        Some((second, rest)) => (Interval::new(first.low(), second.high()), rest),
        None => (Some(first), after),
    };
    let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '/'));
    let dose = interval
        .filter(|interval| is_whole && !is_limit(before) && interval.meets(&Interval::above(Decimal::ZERO)))
        .zip(unit(rest.trim_start()))
        .map(|(interval, is_per_area)| Dose { interval: times(before, interval), is_per_area });
    (dose, rest)
}

/// Whether the text goes on with `mg/m2` (true) or `mg` (false), and not with a package or another denominator.
fn unit(text: &str) -> Option<bool> {
    let (rest, is_per_area) = match text.strip_prefix("mg/m2") {
        Some(rest) => (rest, true),
        None => (text.strip_prefix("mg")?, false),
    };
    let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '*'));
    let next = rest.trim_start_matches([' ', '-']);
    let is_package =
        ["vial", "kit", "tablet", "capsule", "per ", "in "].iter().any(|word| next.starts_with(word));
    (!goes_on && (is_per_area || !is_package)).then_some(is_per_area)
}

/// A limit of the dose, or all doses together, is none.
fn is_limit(before: &str) -> bool {
    const LIMITS: &[&str] = &[
        "max",
        "maximum",
        "exceed",
        "cap",
        "capped at",
        "cap at",
        "up to",
        "from",
        "limit",
        "limited to",
        "more than",
        "at most",
        "<",
        "\u{2264}",
        "cumulative",
        "lifetime",
    ];
    let end = |text: &str| text.trim_end_matches([' ', ':', '.', '(', '=']).len();
    let mut before = before.get(..end(before)).unwrap_or_default();
    while let Some(shorter) =
        [" of", " dose", " a", " total"].iter().find_map(|word| before.strip_suffix(word))
    {
        before = shorter.get(..end(shorter)).unwrap_or_default();
    }
    LIMITS.iter().any(|limit| before.ends_with(limit))
}

/// `2 x 45 mg`: two vials of one dose, or the dose on two days.
fn times(before: &str, dose: Interval) -> Interval {
    let number = before.trim_end().strip_suffix(['x', '\u{d7}', '*']).map(str::trim_end);
    let times = number.and_then(|number| {
        let start = number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        number.get(start..)?.parse::<Decimal>().ok()
    });
    times.map_or(dose, |times| dose.hull(&exact::product(&dose, &Interval::exactly(times))))
}

/// A word or a number of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Number(u32),
    Word(String),
    /// Between two numbers.
    Dash,
}

/// What a text says about when doses are given.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Schedule {
    /// `every 3 weeks`, `q21d`, `weekly`: the intervals between doses that are named, in days.
    every: Vec<Interval>,
    /// `28-day cycle`, in days.
    cycle: Option<Interval>,
    /// `day 1`, `days 1, 8, 15`.
    pub(super) days: BTreeSet<u32>,
    /// `2 weeks on, 1 week off`.
    has_break: bool,
    /// `twice daily`, `3 times a week`: more than one dose in an interval.
    is_repeated: bool,
    /// `twice daily`: more than one dose on a day.
    is_repeated_on_a_day: bool,
}

impl Schedule {
    /// Days from one cycle to the next: the longest that is named; any of them, where nobody says which is the drug's.
    pub(super) fn cycle(&self) -> Option<Interval> {
        let every = self.every.iter().copied();
        if self.is_contradictory() {
            return every.reduce(|one, other| one.hull(&other));
        }
        longer(self.cycle, every.reduce(|one, other| longer(Some(one), Some(other)).unwrap_or(one)))
    }

    /// Whether the words name several intervals and no cycle in which the shorter ones could lie.
    pub(super) fn is_contradictory(&self) -> bool {
        let differ = self.every.windows(2).any(|pair| matches!(pair, [one, other] if one != other));
        differ && self.cycle.is_none() && self.days.len() < 2 && !self.has_break
    }

    /// Whether the words name one dose in that time; a cycle on its own does not say how many it has.
    pub(super) fn is_one_dose(&self) -> bool {
        let is_cycle = |every: &Interval| Some(*every) == self.cycle();
        !self.every.is_empty() && self.every.iter().all(is_cycle) && self.days.is_empty() && !self.is_repeated
    }

    /// Whether there are more doses than days are named: `day 1, then weekly`, `twice on day 1`.
    pub(super) fn has_more_than_named(&self) -> bool {
        let cycle = self.cycle().and_then(|cycle| cycle.low().value());
        let is_within = |every: &Interval| {
            every
                .high()
                .value()
                .is_some_and(|days| days > Decimal::ONE && cycle.is_some_and(|cycle| days < cycle))
        };
        let is_within = self.every.iter().any(is_within);
        (self.days.len() == 1 && is_within) || (!self.days.is_empty() && self.is_repeated_on_a_day)
    }
}

/// Reads the schedule of a text.
pub(super) fn schedule(text: &str) -> Schedule {
    let tokens = tokens(text);
    let has_any = |words: &[&str]| tokens.iter().any(|token| is_word(Some(token), words));
    let is_repeated_on_a_day = has_any(&["twice", "thrice", "bid", "tid", "qid"]);
    let mut schedule = Schedule {
        has_break: has_any(&["off", "rest"]),
        is_repeated: is_repeated_on_a_day || has_any(&["times"]),
        is_repeated_on_a_day,
        ..Schedule::default()
    };
    let mut before: Option<&Token> = None;
    let mut rest = tokens.as_slice();
    while let Some((token, after)) = rest.split_first() {
        let every = interval_after(token, after).or_else(|| adverb(before, token, schedule.has_break));
        schedule.every.extend(every);
        schedule.is_repeated |= every.is_some() && is_number_of_weeks(before, token);
        schedule.cycle = longer(schedule.cycle, cycle_named(rest));
        if is_word(Some(token), DAY) && !matches!(before, Some(Token::Number(_))) {
            schedule.days.extend(days(after));
        }
        before = Some(token);
        rest = after;
    }
    schedule
}

/// `3-weekly`: every three weeks, or three times, a week apart.
fn is_number_of_weeks(before: Option<&Token>, token: &Token) -> bool {
    matches!(before, Some(Token::Number(_))) && is_word(Some(token), &["weekly"])
}

const DAY: &[&str] = &["day", "days", "d"];

fn longer(one: Option<Interval>, other: Option<Interval>) -> Option<Interval> {
    let days = |interval: &Interval| interval.high().value();
    match (one, other) {
        (Some(one), Some(other)) => Some(if days(&one) >= days(&other) { one } else { other }),
        (one, other) => one.or(other),
    }
}

fn is_word(token: Option<&Token>, words: &[&str]) -> bool {
    matches!(token, Some(Token::Word(word)) if words.contains(&word.as_str()))
}

fn tokens(text: &str) -> Vec<Token> {
    let text = lower(text);
    // The number in `mg/m2 day 1` belongs to the unit.
    let text = text.replace("m2", "sqm").replace("m^2", "sqm").replace("m(2)", "sqm");
    let mut tokens = Vec::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let same = |c: char| c.is_ascii_digit() == first.is_ascii_digit() && c.is_alphanumeric();
        let end = rest.find(|c: char| !same(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(end);
        match (first.is_ascii_digit(), first) {
            (true, _) => tokens.extend(word.parse().ok().map(Token::Number)),
            (false, '-' | '–') if is_between_numbers(&tokens, after) => tokens.push(Token::Dash),
            (false, _) if first.is_alphanumeric() => tokens.push(spelled(word)),
            _ => {}
        }
        rest = after;
    }
    tokens
}

fn is_between_numbers(before: &[Token], after: &str) -> bool {
    matches!(before.last(), Some(Token::Number(_)))
        && after.trim_start().starts_with(|c: char| c.is_ascii_digit())
}

/// Small numbers are often written as words.
fn spelled(word: &str) -> Token {
    const NUMBERS: &[(&str, u32)] =
        &[("one", 1), ("two", 2), ("other", 2), ("three", 3), ("four", 4), ("six", 6)];
    NUMBERS
        .iter()
        .find(|(spelling, _)| *spelling == word)
        .map_or_else(|| Token::Word(word.to_owned()), |(_, number)| Token::Number(*number))
}

/// `every 3 weeks`, `q21d`, `every 3-4 weeks`, `every week`.
fn interval_after(token: &Token, after: &[Token]) -> Option<Interval> {
    if !is_word(Some(token), &["every", "each", "q"]) {
        return None;
    }
    match after {
        [Token::Number(low), Token::Dash, Token::Number(high), Token::Word(unit), ..] => {
            in_days(*low, *high, unit)
        }
        [Token::Number(number), Token::Word(unit), ..] => in_days(*number, *number, unit),
        [Token::Word(unit), ..] => in_days(1, 1, unit),
        _ => None,
    }
}

/// `28-day cycle`, `cycle of 3 weeks`, `cycle length 21 days`.
fn cycle_named(tokens: &[Token]) -> Option<Interval> {
    const CYCLE: &[&str] = &["cycle", "cycles"];
    match tokens {
        [Token::Number(number), Token::Word(unit), cycle, ..] if is_word(Some(cycle), CYCLE) => {
            in_days(*number, *number, unit)
        }
        [cycle, of, Token::Number(number), Token::Word(unit), ..]
            if is_word(Some(cycle), CYCLE) && is_word(Some(of), &["of", "length"]) =>
        {
            in_days(*number, *number, unit)
        }
        _ => None,
    }
}

/// `weekly`, `monthly`; with weeks off it is no interval between cycles.
fn adverb(before: Option<&Token>, token: &Token, has_break: bool) -> Option<Interval> {
    let Token::Word(word) = token else { return None };
    match (word.as_str(), before) {
        ("weekly", _) if has_break => None,
        ("weekly", Some(Token::Number(weeks))) => in_days(1, *weeks, "week"),
        ("weekly", _) => in_days(1, 1, "week"),
        ("monthly", _) => in_days(1, 1, "month"),
        ("daily", _) => in_days(1, 1, "day"),
        _ => None,
    }
}

/// A number of units of time in days. A calendar month has 28 to 31.
fn in_days(low: u32, high: u32, unit: &str) -> Option<Interval> {
    let number = Interval::spanning(Decimal::from(low), Decimal::from(high));
    days_of(&number, Unit::of_word(unit)?)
}

/// An interval of time in days; `None` for anything but time. A calendar month has 28 to 31 days.
pub(super) fn days_of(number: &Interval, unit: Unit) -> Option<Interval> {
    let day = Unit::read("d")?;
    // Of hours and minutes a day is a whole number; one of them is no decimal of a day.
    let per_day =
        day.factor(unit, None).filter(|per_day| per_day.exact().is_some_and(|number| number > Decimal::ONE));
    if let Some(per_day) = per_day {
        return exact::quotient(number, &per_day);
    }
    let factor = unit.factor(day, None).or_else(|| {
        let months = unit.factor(Unit::read("mo")?, None)?;
        Some(exact::product(&months, &Interval::spanning(Decimal::from(28), Decimal::from(31))))
    })?;
    Some(exact::product(number, &factor))
}

/// The days of a list such as `1, 8 and 15`, `1-3`, `1, d8, d15`; it ends where anything else begins.
fn days(after: &[Token]) -> BTreeSet<u32> {
    let mut days = BTreeSet::new();
    let mut rest = after;
    loop {
        match rest {
            [Token::Number(first), to, Token::Number(last), tail @ ..]
                if (*to == Token::Dash || is_word(Some(to), &["to", "through", "thru"]))
                    && !has_unit(tail) =>
            {
                days.extend((*first..=(*last).min(LAST_DAY)).filter(|day| *day > 0));
                rest = tail;
            }
            [Token::Number(day), tail @ ..] if !has_unit(tail) => {
                days.extend((1..=LAST_DAY).contains(day).then_some(*day));
                rest = tail;
            }
            [Token::Word(word), tail @ ..]
                if matches!(tail, [Token::Number(_), ..])
                    && !days.is_empty()
                    && (word == "and" || DAY.contains(&word.as_str())) =>
            {
                rest = tail;
            }
            _ => return days,
        }
    }
}

/// Whether the number before these tokens has a unit: `28 days`, `40 mg`; but not `1, d8`.
fn has_unit(after: &[Token]) -> bool {
    match after {
        [word, Token::Number(_), ..] if is_word(Some(word), DAY) => false,
        [Token::Word(word), ..] => Unit::of_word(word).is_some(),
        _ => false,
    }
}
