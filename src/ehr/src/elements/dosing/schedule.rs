//! When an order's doses are given: the length of a cycle, and the doses in one.

use std::collections::BTreeSet;

use criteria::{Count, Decimal, Interval};

use super::words;
use crate::exact;
use crate::fhir::{Dosage, NumberText, Ratio, Repeat};
use crate::order::Order;
use crate::quantity::{Measure, Recorded, clipped};
use crate::units::Unit;

/// What one instruction says.
#[derive(Debug, Default)]
struct Instruction {
    /// Days from one cycle to the next, as one statement or the span of contradicting ones.
    cycle: Option<Interval>,
    /// Doses in that time, by the fields or the words.
    doses: Option<Count>,
    /// Days of the cycle that are named.
    days: BTreeSet<u32>,
    is_contradictory: bool,
    shown: String,
}

/// What all instructions of an order say together.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    /// Days from one cycle to the next.
    pub(super) cycle: Option<Interval>,
    /// Whether instructions contradict each other on it.
    pub(super) cycle_disagrees: bool,
    /// Doses in one cycle.
    pub(super) doses: Option<Count>,
    /// Whether fields and words contradict each other on them.
    pub(super) doses_disagree: bool,
    /// The statements, for the eye.
    pub(super) shown: String,
}

impl Schedule {
    /// The schedule of an order: several instructions are the days of one cycle.
    pub(crate) fn of(order: &Order<'_>) -> Self {
        let all: Vec<_> = order.request.dosage_instruction.iter().map(instruction).collect();
        let timed: Vec<_> = all.iter().filter(|one| one.cycle.is_some() || !one.days.is_empty()).collect();
        let cycles: Vec<_> = timed.iter().filter_map(|one| one.cycle).collect();
        let disagree = cycles.windows(2).any(|pair| matches!(pair, [one, other] if one != other));
        let cycle_disagrees = disagree || timed.iter().any(|one| one.is_contradictory);
        let shown: BTreeSet<_> =
            timed.iter().map(|one| one.shown.as_str()).filter(|shown| !shown.is_empty()).collect();
        let (doses, doses_disagree) = if cycle_disagrees { (None, false) } else { doses(&timed) };
        Self {
            cycle: cycles.into_iter().reduce(|one, other| one.hull(&other)),
            cycle_disagrees,
            doses,
            doses_disagree,
            shown: shown.into_iter().collect::<Vec<_>>().join("; "),
        }
    }
}

/// The named days of all instructions together, and the sum of what the fields say; both must agree.
fn doses(timed: &[&Instruction]) -> (Option<Count>, bool) {
    let days: BTreeSet<u32> = timed.iter().flat_map(|one| one.days.iter().copied()).collect();
    let all_name_days = !timed.is_empty() && timed.iter().all(|one| !one.days.is_empty());
    let by_days = all_name_days.then(|| u32::try_from(days.len()).ok().map(Count::exactly)).flatten();
    let by_fields = timed.iter().map(|one| one.doses).reduce(|one, other| added(one?, other?)).flatten();
    match (by_days, by_fields) {
        (Some(days), Some(fields)) if days.intersection(fields).is_none() => {
            let high = days.high().zip(fields.high()).map(|(one, other)| one.max(other));
            (Count::new(days.low().min(fields.low()), high), true)
        }
        (Some(days), _) => (Some(days), false),
        (None, fields) => (fields, false),
    }
}

fn added(one: Count, other: Count) -> Option<Count> {
    let high = one.high().zip(other.high()).map(|(one, other)| one.saturating_add(other));
    Count::new(one.low().saturating_add(other.low()), high)
}

fn instruction(dosage: &Dosage<'_>) -> Instruction {
    let timing = dosage.timing.get();
    let code = timing.and_then(|timing| timing.code.get()).and_then(|code| code.shown());
    let text = [dosage.text.get(), code].into_iter().flatten().collect::<Vec<_>>().join("; ");
    let words = words::schedule(&text);
    let repeat = timing.and_then(|timing| timing.repeat.get());
    let fields =
        repeat.and_then(period).or_else(|| dosage.max_dose_per_period.iter().find_map(most_per_period));
    let is_bounded = words.days.len() > 1 || repeat.is_some_and(|repeat| repeat.count.get().is_some());
    combined(fields, words, is_bounded, repeat, &text)
}

/// Doses in a number of days, by the fields.
struct Period {
    days: Interval,
    doses: Option<Count>,
    shown: String,
}

/// Fields and words of one instruction. A shorter interval in the fields lies within the cycle that the words name
/// if the doses are counted (`every week, 3 times, every 28 days`); else the two contradict each other.
fn combined(
    fields: Option<Period>,
    words: words::Schedule,
    is_bounded: bool,
    repeat: Option<&Repeat<'_>>,
    text: &str,
) -> Instruction {
    let shown = fields.as_ref().map(|fields| fields.shown.clone()).unwrap_or_else(|| clipped(text));
    let is_open = words.has_more_than_named();
    let (cycle, doses, is_contradictory) = match (fields, words.cycle()) {
        (None, None) => (None, None, false),
        (None, Some(cycle)) => {
            (Some(cycle), words.is_one_dose().then(|| Count::exactly(1)), words.is_contradictory())
        }
        (Some(fields), None) => (Some(fields.days), fields.doses, false),
        (Some(fields), Some(cycle)) if fields.days == cycle => (Some(cycle), fields.doses, false),
        (Some(fields), Some(cycle)) if is_bounded && fields.days.high().value() < cycle.low().value() => {
            (Some(cycle), repeat.and_then(|repeat| whole(repeat.count)).map(Count::exactly), false)
        }
        (Some(fields), Some(cycle)) => (Some(fields.days.hull(&cycle)), None, true),
    };
    if is_open {
        return Instruction { cycle, is_contradictory, shown, ..Instruction::default() };
    }
    Instruction { cycle, doses, days: words.days, is_contradictory, shown }
}

/// `timing.repeat`: `frequency` to `frequencyMax` times in `period` to `periodMax`.
fn period(repeat: &Repeat<'_>) -> Option<Period> {
    let low = exact::number(repeat.period.get()?)?;
    let high = repeat.period_max.get().and_then(exact::number).unwrap_or(low);
    let number = Interval::new(low.low(), high.high())?.intersection(&Interval::NOT_NEGATIVE)?;
    let unit = repeat.period_unit.get()?;
    let days = words::days_of(&number, Unit::read(unit)?).filter(|days| !days.contains(Decimal::ZERO))?;
    let least = if repeat.frequency.get().is_some() { whole(repeat.frequency) } else { Some(1) };
    let most = if repeat.frequency_max.get().is_some() { whole(repeat.frequency_max) } else { least };
    // How the days and the times of day that are named stand to the frequency is not told.
    let is_on_several =
        [&repeat.day_of_week, &repeat.time_of_day, &repeat.when].iter().any(|named| named.len() > 1);
    let doses = least.and_then(|least| Count::new(least, Some(most?))).filter(|_| !is_on_several);
    let times = repeat.frequency.get().unwrap_or("1");
    let shown = clipped(&format!("{times} per {} {unit}", repeat.period.get()?));
    Some(Period { days, doses, shown })
}

/// `maxDosePerPeriod`: some oncology systems write `1 per 3 wk` here.
fn most_per_period(ratio: &Ratio<'_>) -> Option<Period> {
    let numerator = Measure::of_quantity(ratio.numerator.get()?)?;
    let denominator = Measure::of_quantity(ratio.denominator.get()?)?;
    let Recorded::Known(unit) = denominator.unit else { return None };
    let days = words::days_of(&denominator.interval, unit).filter(|days| !days.contains(Decimal::ZERO))?;
    let is_number = match &numerator.unit {
        Recorded::Missing => true,
        Recorded::Known(unit) => unit.is_one(),
        Recorded::Unknown(unit) => unit.to_lowercase().starts_with("dose"),
        Recorded::Contradictory(..) => false,
    };
    let doses = numerator.interval.exact().filter(|_| is_number).and_then(to_count).map(Count::exactly);
    let shown = clipped(&format!("{} per {}", numerator.shown, denominator.shown));
    Some(Period { days, doses, shown })
}

fn whole(number: NumberText<'_>) -> Option<u32> {
    exact::number(number.get()?)?.exact().and_then(to_count)
}

fn to_count(number: Decimal) -> Option<u32> {
    (number.is_integer() && number > Decimal::ZERO).then(|| u32::try_from(number.mantissa()).ok()).flatten()
}
