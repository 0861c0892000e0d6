//! score

use crate::content::Definition;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;
use crate::source::Score;

impl Find for Score {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, _reading: &Reading<'_, '_>) -> Finding {
        Finding::nothing()
    }
}
