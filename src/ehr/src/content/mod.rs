//! Data elements with their sources, bound together when the content is loaded.

mod check;
mod derived;
mod therapy;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use criteria::{Codes, Document, Element, ElementIndex, Elements, Kind, Problem};

use crate::source::{Absence, DataElement, DataElementsFile, KindName, Source};
use crate::terminology::Terminology;
use crate::therapy::rules::TherapyRules;

/// A data element with everything that reading it needs.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its place in [`Content::elements`].
    pub index: ElementIndex,
    /// What policies see of it.
    pub element: Element,
    /// How long a finding counts, in days.
    pub window_days: Option<u32>,
    /// What finding nothing after complete searches means.
    pub absence: Absence,
    /// Where it is found, best first.
    pub sources: Vec<Source>,
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
    /// that stand twice; rules of therapy that speak of no drug, or let nothing count.
    pub fn load(
        element_files: &[(String, String)],
        value_set_files: &[(String, String)],
        therapy_files: &[(String, String)],
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let terminology = Terminology::load(value_set_files).map_err(|found| problems.extend(found)).ok();
        let mut declared = Vec::new();
        for (name, text) in element_files {
            match read::<DataElementsFile>(name, text) {
                Ok((document, file)) => declared.push((document, file.elements)),
                Err(found) => problems.extend(found),
            }
        }
        problems.extend(check::all(&declared, terminology.as_ref()));
        let mut therapies = Vec::new();
        for (name, text) in therapy_files {
            read(name, text).map_or_else(|found| problems.extend(found), |read| therapies.push(read));
        }
        problems.extend(therapy::all(&therapies, terminology.as_ref()));
        problems.extend(derived::all(&declared, &therapies));
        problems.sort();
        problems.dedup();
        if !problems.is_empty() {
            return Err(problems);
        }
        let therapies = therapies.into_iter().map(|(_, rules)| Arc::new(rules)).collect();
        let terminology = terminology.unwrap_or_default();
        let mut content = Self { terminology, therapies, ..Self::default() };
        declared.into_iter().flat_map(|(_, elements)| elements).for_each(|element| content.add(element));
        Ok(content)
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

    fn add(&mut self, declared: DataElement) {
        let kind = kind(&declared);
        let DataElement { id, title, settle, window_days, absence, sources, .. } = declared;
        let element = Element { id, title, settle, kind };
        if let Some(index) = self.elements.add(element.clone()) {
            self.definitions.push(Definition { index, element, window_days, absence, sources });
        }
    }
}

fn read<T: DeserializeOwned + JsonSchema>(name: &str, text: &str) -> Result<(Document, T), Vec<Problem>> {
    let document = Document::read(name, text).map_err(|problem| vec![problem])?;
    let file = document.shape()?;
    Ok((document, file))
}

/// The kind of a declared element; what it lacks was refused before.
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
