//! Other drafts of the order's drug that may be a part of the same dose: vials are often ordered one by one.

use std::collections::BTreeSet;

use super::words;
use crate::elements::drug;
use crate::order::Order;
use crate::reading::Reading;
use crate::when::When;

/// The other drafts of the same drug that are not known to be given on other days.
pub(super) fn of_the_same_day<'r, 'a>(reading: &Reading<'r, 'a>) -> Vec<&'r Order<'a>> {
    let own = reading.order;
    drug::other_drafts(reading)
        .filter(|other| drug::is_same_drug(own, other, reading.terminology) && !is_apart(own, other))
        .collect()
}

/// Whether two orders begin on different dates, or name different days of a cycle.
fn is_apart(one: &Order<'_>, other: &Order<'_>) -> bool {
    let dates = first_date(one).zip(first_date(other));
    let on_other_dates = dates.is_some_and(|(one, other)| {
        let ((first, last), (other_first, other_last)) = (one.calendar_days(), other.calendar_days());
        last < other_first || other_last < first
    });
    let (days, other_days) = (days_named(one), days_named(other));
    on_other_dates || (!days.is_empty() && !other_days.is_empty() && days.is_disjoint(&other_days))
}

/// The first date that an order's timing names.
fn first_date(order: &Order<'_>) -> Option<When> {
    let timings = || order.request.dosage_instruction.iter().filter_map(|dosage| dosage.timing.get());
    let events = timings().flat_map(|timing| timing.event.iter().filter_map(|event| event.get()));
    let bounds = timings().filter_map(|timing| timing.repeat.get()?.bounds_period.get()?.start.get());
    events.chain(bounds).filter_map(When::read).min_by_key(When::earliest)
}

/// Whether every instruction of an order names days of a cycle, and none the day of another.
pub(super) fn are_on_other_days(order: &Order<'_>) -> bool {
    let texts = order.request.dosage_instruction.iter().map(|dosage| dosage.text.get());
    let mut named = BTreeSet::new();
    texts.map(|text| text.map(|text| words::schedule(text).days).unwrap_or_default()).all(|days| {
        let is_apart = !days.is_empty() && named.is_disjoint(&days);
        named.extend(days);
        is_apart
    })
}

/// The days of a cycle that an order names in words.
fn days_named(order: &Order<'_>) -> BTreeSet<u32> {
    let texts = order.request.dosage_instruction.iter().filter_map(|dosage| dosage.text.get());
    texts.flat_map(|text| words::schedule(text).days).collect()
}
