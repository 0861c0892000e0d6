//! The histories of one patient before one order, each made when the first element asks for it.

use std::sync::OnceLock;

use jiff::tz::TimeZone;

use super::history::History;
use super::read::recorded;
use super::rules::TherapyRules;
use crate::reading::Reading;

/// The rules of therapy, with the history that each makes of one [`Reading`]: several data elements, the report and the
/// cards rest on the same one.
#[derive(Debug, Default)]
pub struct Therapies<'r> {
    rules: &'r [TherapyRules],
    histories: Vec<OnceLock<History<'r>>>,
}

impl<'r> Therapies<'r> {
    /// For one reading. A second order needs its own: what is prior hangs on the order.
    #[must_use]
    pub fn of(rules: &'r [TherapyRules]) -> Self {
        Self { rules, histories: rules.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The history by the rules with this id; `None` where there are no such rules.
    pub fn history(&self, id: &str, reading: &Reading<'_, '_>) -> Option<&History<'r>> {
        let position = self.rules.iter().position(|rules| rules.id == id)?;
        let rules = self.rules.get(position)?;
        let today = reading.at.to_zoned(TimeZone::UTC).date();
        let history = || History::of(rules, recorded(rules, reading), today);
        self.histories.get(position).map(|place| place.get_or_init(history))
    }
}
