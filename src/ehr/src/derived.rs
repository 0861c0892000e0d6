//! What several data elements rest on, worked out once for an order, when the first of them asks for it.
//!
//! A derived value is a function of the reading alone; it is kept for as long as the reading, which is one order of one
//! request, so that nothing about a patient outlives the request. To add one: a cell here, and an accessor on
//! [`Reading`] that fills it.

use std::cell::{OnceCell, RefCell};

use criteria::{ElementIndex, Known};

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
    /// What is known of the elements that others rest on.
    shared: RefCell<Vec<(ElementIndex, Known)>>,
}

impl Derived<'_, '_> {
    /// The histories of therapy that were asked for: what outlives the reading, for those who draw them.
    #[must_use]
    pub fn into_histories(self) -> Vec<History> {
        self.histories.into_inner().map(Histories::made).unwrap_or_default()
    }
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

    /// What is known about an element that others rest on (a dose on the body surface area).
    pub(crate) fn shared(&self, index: ElementIndex, find: impl FnOnce() -> Known) -> Known {
        let before = self.derived.shared.borrow().iter().find(|(of, _)| *of == index).cloned();
        before.map(|(_, known)| known).unwrap_or_else(|| {
            let known = find();
            self.derived.shared.borrow_mut().push((index, known.clone()));
            known
        })
    }

    /// Everything the order states about its dose.
    pub(crate) fn stated_doses(&self) -> &StatedDoses {
        self.derived.stated_doses.get_or_init(|| StatedDoses::of(self.order))
    }
}
