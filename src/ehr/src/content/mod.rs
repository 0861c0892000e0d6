//! Data elements with their sources, bound together when the content is loaded.

mod check;
mod derived;
mod entry;
mod therapy;

use std::collections::HashSet;
use std::sync::Arc;

use criteria::{Codes, Document, Element, ElementIndex, Elements, Kind, Problem};

use crate::source::{Absence, DataElement, DataElementsFile, KindName, Source};
use crate::terminology::{Terminology, stem};
use crate::therapy::rules::TherapyRules;

use entry::Entry;

/// A data element with everything that reading it needs.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its place in [`Content::elements`].
    pub index: ElementIndex,
    /// What policies see of it.
    pub element: Element,
    /// What it means, in words.
    pub description: String,
    /// How long a finding counts, in days.
    pub window_days: Option<u32>,
    /// What finding nothing after complete searches means.
    pub absence: Absence,
    /// Where it is found, best first.
    pub sources: Vec<Source>,
    /// Whether others rest on it: then it is worked out once for all of them.
    pub is_shared: bool,
}

impl Definition {
    /// Whether it says something of the order that is being decided on, and not of the patient: its id is in the group
    /// `order`.
    #[must_use]
    pub fn is_of_order(&self) -> bool {
        self.element.id.split('.').next() == Some("order")
    }
}

/// The part of the content that says how a record is read.
#[derive(Debug, Default)]
pub struct Content {
    /// All data elements, as policies see them.
    pub elements: Elements,
    /// The same with their sources, in the same order.
    pub definitions: Vec<Definition>,
    /// How therapy is read, by disease.
    pub therapies: Vec<Arc<TherapyRules>>,
    /// The value sets.
    pub terminology: Terminology,
}

impl Content {
    /// Reads data element files, value set files and therapy files: name and text of each.
    ///
    /// # Errors
    /// Everything that is wrong in any of them: what [`Terminology::load`] refuses; unknown keys; a value set that
    /// does not exist; what a kind needs and lacks, or has and cannot use; a source that does not fit the kind; ids
    /// that stand twice.
    pub fn load(
        element_files: &[(String, String)],
        value_set_files: &[(String, String)],
        therapy_files: &[(String, String)],
    ) -> Result<Self, Vec<Problem>> {
        let (content, problems) = Self::read(element_files, value_set_files, therapy_files);
        if problems.is_empty() { Ok(content) } else { Err(problems) }
    }

    /// As [`Content::load`], but what can be read of files in which something is wrong comes with the problems, so that
    /// what asks for the data elements can be checked too. An element that cannot be read is known to
    /// [`Content::elements`] as such.
    #[must_use]
    pub fn read(
        element_files: &[(String, String)],
        value_set_files: &[(String, String)],
        therapy_files: &[(String, String)],
    ) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let terminology = Terminology::load(value_set_files).map_err(|found| problems.extend(found));
        let mut content = Self { terminology: terminology.unwrap_or_default(), ..Self::default() };
        let mut documents = Vec::new();
        for (name, text) in element_files {
            match Document::read(name, text) {
                Ok(document) => {
                    entry::unnamed(&document).iter().for_each(|text| content.elements.add_unread(text));
                    let (document, found) = document.checked::<DataElementsFile>();
                    problems.extend(found);
                    documents.push(document);
                }
                Err(problem) => {
                    content.elements.add_unread(text);
                    problems.push(problem);
                }
            }
        }
        let entries = entry::all(&documents, &mut problems);
        entries.iter().for_each(|entry| content.add(entry));
        let value_sets: HashSet<&str> = value_set_files.iter().map(|(name, _)| stem(name)).collect();
        problems.extend(check::sources(&entries, &content.elements, &value_sets));
        let therapies = read_therapies(therapy_files, &mut problems);
        problems.extend(therapy::all(&therapies, &value_sets));
        let rules: Vec<&TherapyRules> = therapies.iter().map(|(_, rules)| rules).collect();
        let has_all = therapies.len() == therapy_files.len();
        problems.extend(derived::all(&entries, &content.elements, &rules, has_all));
        content.share();
        content.therapies = therapies.into_iter().map(|(_, rules)| Arc::new(rules)).collect();
        problems.sort();
        problems.dedup();
        (content, problems)
    }

    /// The element at an index, with its sources.
    #[must_use]
    pub fn definition(&self, index: ElementIndex) -> Option<&Definition> {
        self.definitions.get(index.position())
    }

    /// The rules with this id, by which the therapy of one disease is read.
    #[must_use]
    pub fn therapy(&self, id: &str) -> Option<&TherapyRules> {
        self.therapies.iter().map(Arc::as_ref).find(|rules| rules.id == id)
    }

    /// Marks the elements that others rest on.
    fn share(&mut self) {
        let sources = self.definitions.iter().flat_map(|definition| &definition.sources);
        let shared: HashSet<String> = sources.filter_map(Source::element).map(str::to_owned).collect();
        for definition in &mut self.definitions {
            definition.is_shared = shared.contains(&definition.element.id);
        }
    }

    fn add(&mut self, entry: &Entry<'_>) {
        let Some(declared) = &entry.element else {
            self.elements.add_unread(entry.id.unwrap_or_default());
            return;
        };
        let DataElement { id, title, description, settle, window_days, absence, .. } = declared.clone();
        let element = Element { id, title, settle, kind: kind(declared) };
        if let Some(index) = self.elements.add(element.clone()) {
            let sources = entry.sources.iter().map(|(_, source)| source.clone()).collect();
            self.definitions.push(Definition {
                index,
                element,
                description,
                window_days,
                absence,
                sources,
                is_shared: false,
            });
        }
    }
}

fn read_therapies(files: &[(String, String)], problems: &mut Vec<Problem>) -> Vec<(Document, TherapyRules)> {
    let mut therapies = Vec::new();
    for (name, text) in files {
        let document = Document::read(name, text).map_err(|problem| vec![problem]);
        match document.and_then(|document| Ok((document.clone().shape()?, document))) {
            Ok((rules, document)) => therapies.push((document, rules)),
            Err(found) => problems.extend(found),
        }
    }
    therapies
}

/// The kind of a declared element; one that lacks something for it is not added.
fn kind(declared: &DataElement) -> Kind {
    match declared.kind {
        KindName::Truth => Kind::Truth,
        KindName::Coded => Kind::Coded { codes: declared.codes.clone(), groups: groups(declared) },
        KindName::Quantity => Kind::Quantity { unit: declared.unit.clone().unwrap_or_default() },
        KindName::MultipleOfUln => Kind::MultipleOfUln,
        KindName::Count => Kind::Count,
        KindName::Set => Kind::Set { members: declared.members.clone() },
    }
}

fn groups(declared: &DataElement) -> Vec<(String, Codes)> {
    let code = |name: &String| declared.codes.iter().position(|code| code == name).and_then(Codes::one);
    let group = |names: &[String]| names.iter().filter_map(code).reduce(Codes::union);
    declared.groups.iter().filter_map(|(name, names)| Some((name.clone(), group(names)?))).collect()
}
