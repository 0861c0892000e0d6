//! The entries of data element files, each read on its own.

use std::collections::HashSet;

use criteria::{Document, Problem};

use crate::source::{DataElement, Source};

use super::check;

const ELEMENTS: &str = "/elements";

/// One entry, as far as it can be read.
pub(super) struct Entry<'d> {
    pub(super) document: &'d Document,
    /// The id that it declares, if that can be read.
    pub(super) id: Option<&'d str>,
    /// The element but for its sources, if nothing is wrong with what policies see of it.
    pub(super) element: Option<DataElement>,
    /// The sources that can be read, each with its place.
    pub(super) sources: Vec<(String, Source)>,
}

/// Whether every entry of a file says which element it declares.
pub(super) fn are_named(document: &Document) -> bool {
    let is_named = |entry: &String| document.text(&format!("{entry}/id")).is_some();
    document.value(ELEMENTS).is_some_and(serde_json::Value::is_array)
        && document.entries(ELEMENTS).iter().all(is_named)
}

/// The entries of all files; what is wrong with their elements is added to `problems`, not what is with their sources.
pub(super) fn all<'d>(documents: &'d [Document], problems: &mut Vec<Problem>) -> Vec<Entry<'d>> {
    let mut ids = HashSet::new();
    let mut entries = Vec::new();
    for document in documents {
        for pointer in document.entries(ELEMENTS) {
            let entry = Entry::read(document, &pointer, problems);
            if entry.id.is_some_and(|id| !ids.insert(id)) {
                let message = "another element has the same id";
                problems.push(document.problem(&format!("{pointer}/id"), message));
            }
            entries.push(entry);
        }
    }
    entries
}

impl<'d> Entry<'d> {
    fn read(document: &'d Document, pointer: &str, problems: &mut Vec<Problem>) -> Self {
        let element: Option<DataElement> = document.part_without(pointer, "sources", problems);
        let sources = document
            .entries(&format!("{pointer}/sources"))
            .into_iter()
            .filter_map(|place| Some((document.part(&place, problems)?, place)))
            .map(|(source, place)| (place, source))
            .collect();
        Self {
            document,
            id: document.text(&format!("{pointer}/id")),
            element: element.filter(|element| check::element(document, pointer, element, problems)),
            sources,
        }
    }
}
