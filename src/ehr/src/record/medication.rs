//! The drug of a medication resource, wherever it stands.

use serde_json::value::RawValue;

use crate::fhir::{Concept, Many, Medication, One, Reference, Resource, Text};
use crate::reference::contained;

/// A medication resource with its drug, wherever that stood: inline, contained, or another entry.
#[derive(Debug, Clone)]
pub struct Drug<'a, T> {
    /// The drug; `None` where the reference leads nowhere.
    pub concept: Option<Concept<'a>>,
    /// The resource.
    pub resource: T,
}

/// `Medication` resources that came as entries, with their addresses.
#[derive(Debug, Default)]
pub(crate) struct Medications<'a> {
    entries: Vec<(Text<'a>, Medication<'a>)>,
}

impl<'a> Medications<'a> {
    pub(crate) fn add(&mut self, full_url: Text<'a>, medication: Medication<'a>) {
        self.entries.push((full_url, medication));
    }

    pub(crate) fn find(&self, reference: &Reference<'a>) -> Option<&Medication<'a>> {
        let text = reference.reference.get()?;
        let target = reference.target()?;
        let by_address = self.entries.iter().find(|(full_url, _)| full_url.is(text));
        let by_id = || {
            self.entries
                .iter()
                .find(|(_, medication)| medication.id.get().is_some_and(|id| target.is("Medication", id)))
        };
        by_address.or_else(by_id).map(|(_, medication)| medication)
    }
}

/// The drug of a medication resource: inline, contained, another entry, or at least what the reference shows.
pub(crate) fn drug<'a>(
    inline: &One<Concept<'a>>,
    reference: &One<Reference<'a>>,
    inside: Option<&'a RawValue>,
    medications: &Medications<'a>,
) -> Option<Concept<'a>> {
    let says_something = |concept: &&Concept<'a>| concept.shown().is_some();
    if let Some(concept) = inline.get().filter(says_something) {
        return Some(concept.clone());
    }
    let reference = reference.get()?;
    let found = match reference.contained_id() {
        Some(id) => contained_medication(id, inside).and_then(|medication| medication.code.0),
        None => medications.find(reference).and_then(|medication| medication.code.0.clone()),
    };
    found.or_else(|| {
        let text = reference.display.clone();
        text.get().is_some().then(|| Concept { coding: Many::default(), text })
    })
}

fn contained_medication<'a>(id: &str, inside: Option<&'a RawValue>) -> Option<Medication<'a>> {
    contained(inside).into_iter().find_map(|(resource, _)| match resource {
        // Some senders write the `#` into the id too.
        Resource::Medication(medication)
            if medication.id.get().is_some_and(|own| own.trim_start_matches('#') == id) =>
        {
            Some(*medication)
        }
        _ => None,
    })
}
