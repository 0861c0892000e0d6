//! The service's content: read, checked as a whole, and bound together.

mod files;
mod load;
mod names;
mod service;

use std::collections::{BTreeMap, BTreeSet};

use criteria::cases::Case;
use criteria::{ElementIndex, Limits, Policy};
use ehr::search::Search;
use ehr::terminology::ValueSetFile;

pub use files::Files;
pub use service::{DrugFile, Hook, OverrideReason, Payer, PayerIdentifier, ServiceFile};

/// All content of one service process. Either everything in it is right, or it was not loaded.
#[derive(Debug)]
pub struct Content {
    /// Data elements, their sources and value sets.
    pub record: ehr::content::Content,
    /// The value set files, by id, for people: what reads records has them in tables.
    pub value_sets: BTreeMap<String, ValueSetFile>,
    /// Every version of every policy, with its cases.
    pub policies: Vec<(Policy, Vec<Case>)>,
    /// Safety limits, one set a drug.
    pub limits: Vec<Limits>,
    /// The CDS services.
    pub services: Vec<Service>,
    /// SHA-256 of all files, in hexadecimal: the same hash is the same content.
    pub hash: String,
}

/// A CDS service with what it speaks about.
#[derive(Debug)]
pub struct Service {
    /// As it is written.
    pub file: ServiceFile,
    /// Its drugs.
    pub drugs: Vec<Drug>,
    /// The searches of the record that its policies and limits need.
    pub searches: Vec<Search>,
    /// Prefetch templates by key, derived from the data elements that its policies and limits ask about.
    pub prefetch: Vec<(String, String)>,
}

/// A drug that a service speaks about, with positions in [`Content::policies`] and [`Content::limits`].
#[derive(Debug)]
pub struct Drug {
    /// As it is written.
    pub file: DrugFile,
    policies: Vec<usize>,
    limits: Option<usize>,
    /// The data elements that its policies and limits ask about.
    pub elements: Vec<ElementIndex>,
}

impl Content {
    /// The service with an id.
    #[must_use]
    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.file.id == id)
    }

    /// The policies of a drug that are in force on a day (`YYYY-MM-DD`).
    pub fn policies_of<'c>(&'c self, drug: &'c Drug, day: &str) -> impl Iterator<Item = &'c Policy> {
        drug.policies
            .iter()
            .filter_map(|place| self.policies.get(*place))
            .map(|(policy, _)| policy)
            .filter(move |policy| policy.in_force_on(day))
    }

    /// The safety limits of a drug.
    #[must_use]
    pub fn limits_of(&self, drug: &Drug) -> Option<&Limits> {
        self.limits.get(drug.limits?)
    }

    /// The data elements that the policies and limits of a drug ask about, each once.
    fn elements_of(&self, policies: &[usize], limits: Option<usize>) -> Vec<ElementIndex> {
        let policies = policies.iter().filter_map(|place| self.policies.get(*place));
        let limits = limits.and_then(|place| self.limits.get(place));
        let elements = policies
            .flat_map(|(policy, _)| policy.elements())
            .chain(limits.into_iter().flat_map(Limits::elements));
        elements.collect::<BTreeSet<_>>().into_iter().collect()
    }
}
