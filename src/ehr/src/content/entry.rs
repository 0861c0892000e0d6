//! The entries of data element files, each read on its own.

use std::collections::HashSet;

use criteria::{Document, Problem};
use serde_json::Value;

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

/// What does not say which element it declares, as text: such entries, or a file without a list of them.
pub(super) fn unnamed(document: &Document) -> Vec<String> {
    let is_list = document.value(ELEMENTS).is_some_and(Value::is_array);
    let entries = if is_list { document.entries(ELEMENTS) } else { vec![String::new()] };
    let unnamed = entries.iter().filter(|entry| document.text(&format!("{entry}/id")).is_none());
    unnamed.filter_map(|entry| document.value(entry)).map(Value::to_string).collect()
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
