//! What holds of every history, however little sense it makes.

use std::sync::Arc;

use criteria::{Count, Truth};
use ehr::therapy::history::History;
use ehr::therapy::preoperative::preoperative;
use ehr::therapy::recorded::{EventKind, Exposure, Recorded, Strength};
use ehr::therapy::resistance::{Limits, resistance};
use ehr::therapy::rules::TherapyRules;
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;

use crate::notes::{TODAY, kept, recorded, rules};

const AGENTS: [&str; 8] = ["tax", "tax2", "anthra", "endo", "cdk", "chem", "new", "bone"];
const TAXANE: Limits<'_> =
    Limits { class: "taxane", advanced_months: 4, curative_months: 12, curative_counts: true };

fn date() -> impl Strategy<Value = String> {
    let first: Date = "2024-06-01".parse().unwrap();
    let day = (0_i64..740).prop_map(move |days| first.checked_add(days.days()).unwrap().to_string());
    prop_oneof![
        8 => day.clone(),
        1 => day.clone().prop_map(|day| kept(&day, 7)),
        1 => day.prop_map(|day| kept(&day, 4)),
        1 => Just("?".to_owned()),
    ]
}

fn exposure(strengths: &'static [&'static str]) -> impl Strategy<Value = String> {
    let words = prop_oneof![
        8 => Just(""), 1 => Just(" adjuvant"), 1 => Just(" neoadjuvant"), 1 => Just(" palliative"),
        1 => Just(" no-response"), 1 => Just(" not-tolerated")
    ];
    let strength = proptest::sample::select(strengths);
    let agent = proptest::sample::select(&AGENTS[..]);
    (strength, agent, date(), 0_i64..150, words).prop_map(|(strength, agent, from, days, words)| {
        let to = from
            .parse::<Date>()
            .map_or_else(|_| from.clone(), |from| from.checked_add(days.days()).unwrap().to_string());
        format!("{strength} {agent} {from}..{to}{words}")
    })
}

fn event() -> impl Strategy<Value = String> {
    let kind = proptest::sample::select(&["advanced", "progression", "response", "stable", "surgery"][..]);
    let words = prop_oneof![6 => Just(""), 1 => Just(" unsure"), 1 => Just(" earlier")];
    (kind, date(), words).prop_map(|(kind, date, words)| format!("{kind} {date}{words}"))
}

fn notes(strengths: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    let exposures = proptest::collection::vec(exposure(strengths), 0..7);
    let events = proptest::collection::vec(event(), 0..5);
    let advanced = (0_i64..500).prop_map(|days| {
        let first: Date = "2024-06-01".parse().unwrap();
        format!("advanced {}", first.checked_add(days.days()).unwrap())
    });
    (exposures, events, advanced).prop_map(|(mut exposures, events, advanced)| {
        exposures.extend(events);
        exposures.push(advanced);
        exposures
    })
}

const ALL: &[&str] = &["given", "dispensed", "stated", "ordered"];

fn read(rules: &TherapyRules, notes: &[String]) -> Recorded {
    recorded(rules, &notes.iter().map(String::as_str).collect::<Vec<_>>())
}

fn history(rules: &Arc<TherapyRules>, recorded: Recorded) -> History {
    History::of(Arc::clone(rules), recorded, TODAY.parse().unwrap())
}

/// Everything that is said about a history.
fn said(history: &History) -> (Count, String, Vec<String>, String, String) {
    let rows = history.timeline().iter().map(|row| format!("{row:?}")).collect();
    (
        history.prior.count,
        history.sentence(),
        rows,
        format!("{:?}", resistance(history, &TAXANE)),
        format!("{:?}", preoperative(history)),
    )
}

/// Whether one interval lies in another.
fn is_within(one: Count, other: Count) -> bool {
    other.low() <= one.low()
        && match (one.high(), other.high()) {
            (_, None) => true,
            (Some(one), Some(other)) => one <= other,
            (None, Some(_)) => false,
        }
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn order_and_duplication_of_what_is_recorded_never_matter(notes in notes(ALL), seed in any::<u64>()) {
        let rules = rules();
        let plain = read(&rules, &notes);
        let mut mixed = plain.clone();
        let twice = |position: usize| seed.rotate_left(position as u32) & 1 == 1;
        for position in 0..plain.exposures.len() {
            if twice(position) {
                mixed.exposures.push(plain.exposures[position].clone());
            }
        }
        for position in 0..plain.events.len() {
            if twice(position) {
                mixed.events.push(plain.events[position].clone());
            }
        }
        let by = |count: usize| seed as usize % count.max(1);
        let (exposures, events) = (by(mixed.exposures.len()), by(mixed.events.len()));
        mixed.exposures.rotate_left(exposures);
        mixed.exposures.reverse();
        mixed.events.rotate_left(events);
        mixed.events.reverse();
        prop_assert_eq!(said(&history(&rules, plain)), said(&history(&rules, mixed)));
    }

    /// An order for the day of a dose that was given, and the same event told again by another resource.
    #[test]
    fn what_says_nothing_new_changes_nothing(notes in notes(ALL), chosen in any::<usize>()) {
        let rules = rules();
        let plain = read(&rules, &notes);
        let mut more = plain.clone();
        let given: Vec<_> =
            plain.exposures.iter().filter(|exposure| exposure.strength == Strength::Given && exposure.start.is_some()).collect();
        prop_assume!(!given.is_empty());
        let mut again = given[chosen % given.len()].clone();
        again.strength = Strength::Ordered;
        "Exposure/zz".clone_into(&mut again.evidence.reference);
        more.exposures.push(again);
        let mut event = plain.events[chosen % plain.events.len()].clone();
        "Event/zz".clone_into(&mut event.evidence.reference);
        more.events.push(event);
        let (plain, more) = (history(&rules, plain), history(&rules, more));
        prop_assert_eq!(plain.prior.count, more.prior.count);
        prop_assert_eq!(plain.courses.len(), more.courses.len());
        prop_assert_eq!(resistance(&plain, &TAXANE).is_resistant, resistance(&more, &TAXANE).is_resistant);
        prop_assert_eq!(preoperative(&plain).is_without_response, preoperative(&more).is_without_response);
    }

    /// Of one drug, two doses of which no more is known than the same year are two, and two statements of it may be one
    /// that is told twice: there the forms differ in what they say.
    #[test]
    fn the_same_history_given_stated_or_ordered_gives_nested_intervals(notes in notes(&["given"])) {
        let rules = rules();
        let plain = read(&rules, &notes);
        let is_coarse = |exposure: &Exposure| exposure.start.is_some_and(|day| day.earliest != day.latest);
        let coarse: Vec<_> = plain.exposures.iter().filter(|exposure| is_coarse(exposure)).collect();
        let is_twin = |one: &Exposure, other: &Exposure| one.agents == other.agents && one.start == other.start;
        prop_assume!(coarse.iter().enumerate().all(|(place, one)| !coarse[..place].iter().any(|other| is_twin(one, other))));
        let of = |strength: Strength| {
            let mut recorded = plain.clone();
            recorded.exposures.iter_mut().for_each(|exposure| exposure.strength = strength);
            history(&rules, recorded)
        };
        let all = [Strength::Given, Strength::Dispensed, Strength::Stated, Strength::Ordered].map(of);
        for pair in all.windows(2) {
            let counts = (pair[0].prior.count, pair[1].prior.count);
            prop_assert!(is_within(counts.0, counts.1), "{counts:?}");
        }
        let resistant = all.map(|history| resistance(&history, &TAXANE).is_resistant);
        prop_assert!(resistant.windows(2).all(|pair| pair[0] == pair[1] || pair[1] == Some(Truth::Either)), "{resistant:?}");
    }

    /// Without a finding that does not bear on a class, its open answer never becomes a no. (What is itself the reason for
    /// the open answer, a progression that is not sure or a course of the class, may settle it by being away; and so may
    /// a dose that bounds a pause in which therapy may have been given elsewhere: the pause is then another.)
    #[test]
    fn taking_away_what_is_no_reason_never_makes_a_no(notes in notes(ALL), chosen in any::<usize>()) {
        let rules = rules();
        let whole = read(&rules, &notes);
        let mut less = whole.clone();
        if whole.exposures.is_empty() || chosen % 2 == 0 {
            less.events.remove(chosen / 2 % whole.events.len());
        } else {
            less.exposures.remove(chosen / 2 % whole.exposures.len());
        }
        let taken_event = whole.events.iter().find(|event| !less.events.contains(event)).map(|event| event.kind);
        let bears = matches!(taken_event, Some(EventKind::Advanced | EventKind::Progression));
        let of_class = |recorded: &Recorded| {
            let is_of = |agents: &[usize]| agents.iter().any(|agent| rules.is(*agent, "taxane"));
            recorded.exposures.iter().filter(|exposure| is_of(&exposure.agents)).count()
        };
        prop_assume!(!bears && of_class(&whole) == of_class(&less));
        let before = resistance(&history(&rules, whole), &TAXANE);
        prop_assume!(!before.gaps.iter().any(|gap| gap.detail.starts_with("no therapy is on record from")));
        let before = before.is_resistant;
        let after = resistance(&history(&rules, less), &TAXANE).is_resistant;
        prop_assert!(before != Some(Truth::Either) || after != Some(Truth::No));
    }

    /// Without one exposure the most lines are fewer by those that it shows, and by those that it parts, at most.
    #[test]
    fn an_exposure_is_the_reason_for_few_lines(notes in notes(ALL), chosen in any::<usize>()) {
        let rules = rules();
        let whole = read(&rules, &notes);
        prop_assume!(!whole.exposures.is_empty() && whole.exposures.iter().all(|exposure| exposure.start.is_some()));
        let mut less = whole.clone();
        let taken = less.exposures.remove(chosen % whole.exposures.len());
        let (before, after) = (history(&rules, whole).prior.count, history(&rules, less).prior.count);
        let few = 2 * taken.agents.len() as u32 + 1;
        prop_assert!(
            after.high().is_none_or(|after| before.high().is_none_or(|before| after + few >= before)),
            "{before:?} {after:?} without {taken:?}"
        );
    }

    /// An answer that is open says why, one that is not rests on something.
    #[test]
    fn every_open_answer_has_a_reason(notes in notes(ALL)) {
        let rules = rules();
        let history = history(&rules, read(&rules, &notes));
        let prior = &history.prior;
        prop_assert_eq!(prior.count.exact().is_none(), !(prior.doubts.is_empty() && prior.open.is_empty()), "{:#?}", prior);
        let found = resistance(&history, &TAXANE);
        prop_assert_eq!(matches!(found.is_resistant, Some(Truth::Yes | Truth::No)), found.gaps.is_empty());
        prop_assert!(found.is_resistant.is_none_or(|truth| truth == Truth::Either || !found.evidence.is_empty()));
    }
}

/// The same, with an order that says what the first dose says.
fn with_its_order(plain: &Recorded) -> Recorded {
    let mut more = plain.clone();
    let given = more.exposures.iter().find(|exposure| exposure.strength == Strength::Given);
    let again = given.map(|dose| {
        let mut order = dose.clone();
        order.strength = Strength::Ordered;
        "Exposure/zz".clone_into(&mut order.evidence.reference);
        order
    });
    more.exposures.extend(again);
    more
}

/// Found by the property above: an order for the first day of a course joined what was ordered before it.
#[test]
fn an_order_for_a_day_on_which_it_was_given_is_no_course_of_its_own() {
    let rules = rules();
    let notes = [
        "given tax2 2025-08-01..2025-10-03",
        "ordered tax2 2025-01-09..2025-04-03",
        "given tax2 2024-10..2024-10",
        "progression 2025-04",
        "advanced 2024-06-01",
    ];
    let plain = recorded(&rules, &notes);
    let more = with_its_order(&plain);
    let (plain, more) = (history(&rules, plain), history(&rules, more));
    assert_eq!(plain.courses.len(), more.courses.len());
    assert_eq!(plain.prior.count, more.prior.count);
}

/// Found by the property above: where two doses of the same year are two courses, an order that says what one of them
/// says joined the other, and made its intent a contradiction.
#[test]
fn an_order_that_says_what_a_dose_says_joins_no_other_course() {
    let rules = rules();
    let notes =
        ["dispensed new 2024..2024 neoadjuvant", "given new 2024..2024 palliative", "advanced 2024-06-01"];
    let plain = recorded(&rules, &notes);
    let more = with_its_order(&plain);
    assert_eq!(said(&history(&rules, plain)), said(&history(&rules, more)));
}
