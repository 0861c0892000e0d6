//! What several data elements rest on, worked out once for an order, when the first of them asks for it.
//!
//! A derived value is a function of the reading alone; it is kept for as long as the reading, which is one order of one
//! request, so that nothing about a patient outlives the request. To add one: a cell here, and an accessor on
//! [`Reading`] that fills it.

use std::cell::OnceCell;

use crate::attestation::Attestations;
use crate::elements::dosing::{Schedule, StatedDoses};
use crate::reading::Reading;
use crate::therapy::histories::Histories;
use crate::therapy::history::History;

/// The derived values of a [`Reading`], each empty until it is asked for.
#[derive(Debug, Default)]
pub struct Derived<'r, 'a> {
    attestations: OnceCell<Attestations<'r, 'a>>,
    schedule: OnceCell<Schedule>,
    stated_doses: OnceCell<StatedDoses>,
    histories: OnceCell<Histories>,
}

impl<'r, 'a> Reading<'r, 'a> {
    /// The attestations on record and in the order.
    pub(crate) fn attestations(&self) -> &Attestations<'r, 'a> {
        self.derived.attestations.get_or_init(|| Attestations::of(self.record, self.order))
    }

    /// When the order's doses are given.
    pub(crate) fn schedule(&self) -> &Schedule {
        self.derived.schedule.get_or_init(|| Schedule::of(self.order))
    }

    /// The history of therapy before the order, by the rules with this id; `None` where there are no such rules.
    #[must_use]
    pub fn history(&self, id: &str) -> Option<&History> {
        self.derived.histories.get_or_init(|| Histories::of(self.therapies)).history(id, self)
    }

    /// Everything the order states about its dose.
    pub(crate) fn stated_doses(&self) -> &StatedDoses {
        self.derived.stated_doses.get_or_init(|| StatedDoses::of(self.order))
    }
}
