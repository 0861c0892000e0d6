//! The histories of one patient before one order, each made when the first element asks for it.

use std::cell::OnceCell;
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::history::History;
use super::read::recorded;
use super::rules::TherapyRules;
use crate::reading::Reading;

/// The history that each of some rules makes of one [`Reading`]: several data elements, the report and the cards rest on
/// the same one.
#[derive(Debug)]
pub(crate) struct Histories {
    by_rules: Vec<(Arc<TherapyRules>, OnceCell<History>)>,
}

impl Histories {
    /// None made yet.
    pub(crate) fn of(rules: &[Arc<TherapyRules>]) -> Self {
        Self { by_rules: rules.iter().map(|rules| (Arc::clone(rules), OnceCell::new())).collect() }
    }

    /// The history by the rules with this id; `None` where there are no such rules.
    pub(crate) fn history(&self, id: &str, reading: &Reading<'_, '_>) -> Option<&History> {
        let (rules, place) = self.by_rules.iter().find(|(rules, _)| rules.id == id)?;
        let today = || reading.at.to_zoned(TimeZone::UTC).date();
        Some(place.get_or_init(|| History::of(Arc::clone(rules), recorded(rules, reading), today())))
    }
}
