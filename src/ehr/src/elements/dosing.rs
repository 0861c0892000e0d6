//! dosing

use crate::content::Definition;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::{OrderCycleLength, OrderDose, OrderDosesPerCycle, OrderRoute};

impl Find for OrderDose {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, _reading: &Reading<'_, '_>) -> Finding {
        Finding::nothing()
    }
}

impl Find for OrderCycleLength {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, _reading: &Reading<'_, '_>) -> Finding {
        Finding::nothing()
    }
}

impl Find for OrderDosesPerCycle {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, _reading: &Reading<'_, '_>) -> Finding {
        Finding::nothing()
    }
}

impl Find for OrderRoute {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, _reading: &Reading<'_, '_>) -> Finding {
        Finding::nothing()
    }
}
