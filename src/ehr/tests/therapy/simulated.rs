//! The interval holds the truth: small true histories, written down as records that know less than that.

use ehr::therapy::history::History;
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

use crate::notes::{counted, kept, recorded, rules};

/// Regimens of lines that follow each other; none shares a drug with another.
const REGIMENS: [&[&str]; 6] =
    [&["endo", "cdk"], &["tax"], &["chem", "anti"], &["chem2"], &["endo2"], &["tax2"]];

/// What happens within a true line, all of it one line.
#[derive(Debug, Clone, Copy)]
enum Within {
    Nothing,
    /// The second drug is dropped half-way.
    Dropped,
    /// A supportive drug is added.
    Supported,
}

/// How exactly a line is written down.
#[derive(Debug, Clone, Copy)]
struct Written {
    strength: &'static str,
    /// Digits of the date that are kept: 10 a day, 7 a month, 4 a year.
    exactness: usize,
    /// Whether orders stand beside what was given.
    with_orders: bool,
    /// Whether the progression at its end is recorded, and how exactly.
    progression: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    days: i64,
    pause: i64,
    within: Within,
    written: Written,
}

#[derive(Debug, Clone)]
struct Truth {
    order: Vec<usize>,
    lines: Vec<Line>,
    /// Sequential therapy to cure, and the years until it came back.
    to_cure: Option<i64>,
    is_index_exact: bool,
}

fn written() -> impl Strategy<Value = Written> {
    let strength =
        prop_oneof![4 => Just("given"), 2 => Just("dispensed"), 1 => Just("stated"), 1 => Just("ordered")];
    let exactness = prop_oneof![5 => Just(10_usize), 1 => Just(7), 1 => Just(4)];
    let progression =
        prop_oneof![1 => Just(None), 3 => Just(Some(10_usize)), 1 => Just(Some(7)), 1 => Just(Some(4))];
    (strength, exactness, any::<bool>(), progression).prop_map(
        |(strength, exactness, with_orders, progression)| Written {
            strength,
            exactness,
            with_orders,
            progression,
        },
    )
}

fn line() -> impl Strategy<Value = Line> {
    let within = prop_oneof![Just(Within::Nothing), Just(Within::Dropped), Just(Within::Supported)];
    (45_i64..200, 4_i64..60, within, written()).prop_map(|(days, pause, within, written)| Line {
        days,
        pause,
        within,
        written,
    })
}

fn truths() -> impl Strategy<Value = Truth> {
    let order = Just((0..REGIMENS.len()).collect::<Vec<_>>()).prop_shuffle();
    let lines = proptest::collection::vec(line(), 0..5);
    let to_cure = proptest::option::of(1_i64..6);
    (order, lines, to_cure, proptest::bool::weighted(0.8))
        .prop_map(|(order, lines, to_cure, is_index_exact)| Truth { order, lines, to_cure, is_index_exact })
}

impl Truth {
    /// As notes, and the day of the order.
    fn notes(&self) -> (Vec<String>, Date) {
        let mut notes = Vec::new();
        let mut day: Date = "2020-03-03".parse().unwrap();
        if let Some(years) = self.to_cure {
            notes.push(format!("given anthra {}..{}", plus(day, -200), plus(day, -140)));
            notes.push(format!("given tax {}..{}", plus(day, -119), plus(day, -50)));
            notes.push(format!("surgery {}", plus(day, -20)));
            day = plus(day, years * 365);
        }
        let index = if self.is_index_exact { day.to_string() } else { format!("{day} earlier") };
        notes.push(format!("advanced {index}"));
        day = plus(day, 5);
        for (line, regimen) in self.lines.iter().zip(&self.order) {
            let end = plus(day, line.days);
            line.write(REGIMENS[*regimen], day, end, &mut notes);
            day = plus(end, line.pause);
            if let Some(exactness) = line.written.progression {
                let progression = plus(end, line.pause / 2).to_string();
                notes.push(format!("progression {}", kept(&progression, exactness)));
            }
        }
        (notes, day)
    }

    fn history(&self) -> History {
        let rules = rules();
        let (notes, today) = self.notes();
        let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
        let recorded = recorded(&rules, &notes);
        History::of(rules, recorded, today)
    }
}

impl Line {
    fn write(&self, drugs: &[&str], start: Date, end: Date, notes: &mut Vec<String>) {
        for (position, drug) in drugs.iter().enumerate() {
            let is_dropped = position > 0 && matches!(self.within, Within::Dropped);
            let last = if is_dropped { plus(start, self.days / 2) } else { end };
            let span = match self.written.exactness {
                10 => format!("{start}..{last}"),
                digits => {
                    format!("{}..{}", kept(&start.to_string(), digits), kept(&last.to_string(), digits))
                }
            };
            notes.push(format!("{} {drug} {span}", self.written.strength));
            if self.written.with_orders {
                notes.push(format!("ordered {drug} {start}"));
            }
        }
        if matches!(self.within, Within::Supported) {
            notes.push(format!("given bone {start}..{end}"));
        }
    }
}

fn plus(date: Date, days: i64) -> Date {
    date.checked_add(days.days()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Counted without and with the therapy to cure.
    #[test]
    fn the_interval_holds_the_true_number_of_lines(truth in truths()) {
        let history = truth.history();
        let (fewest, count) = (truth.lines.len() as u32, history.prior.count);
        let most = fewest + u32::from(truth.to_cure.is_some());
        prop_assert!(
            count.low() <= fewest && count.high().is_none_or(|high| high >= most),
            "{} for {fewest}..{most}: {:#?}\n{:#?}", counted(&history), truth.notes(), history.lines
        );
    }

    /// Well recorded, the interval says something: exact dates, administrations, every progression.
    #[test]
    fn a_complete_record_is_counted_exactly(truth in truths()) {
        let mut truth = truth;
        truth.to_cure = None;
        truth.is_index_exact = true;
        for line in &mut truth.lines {
            line.written = Written { strength: "given", exactness: 10, with_orders: true, progression: Some(10) };
        }
        prop_assume!(!truth.lines.is_empty());
        let count = truth.history().prior.count;
        prop_assert_eq!(count.exact(), Some(truth.lines.len() as u32), "{:#?}\n{:#?}", truth.notes(), truth.history().lines);
    }
}
