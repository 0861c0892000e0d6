//! age

use crate::content::Definition;
use crate::reading::{Find, Finding, Reading};
use crate::search::Search;

/// See [`crate::source::Source::Age`].
#[derive(Debug)]
pub struct Age;

impl Find for Age {
    fn searches(&self) -> Vec<Search> {
        Vec::new()
    }

    fn find(&self, _element: &Definition, _reading: &Reading<'_, '_>) -> Finding {
        Finding::nothing()
    }
}
