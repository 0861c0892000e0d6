//! Which payer covers the patient, and so which policies speak.

use ehr::fhir::{Coverage, Organization, Reference, Resource};
use ehr::record::Record;
use ehr::reference::Target;

use crate::content::{Payer, Service};

/// The payers of a service that cover the patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payers<'c> {
    /// At least one payer of the service's table was recognized.
    Recognized(Vec<&'c str>, Vec<&'c str>),
    /// None was: every policy is shown, labelled.
    NotRecognized,
}

impl<'c> Payers<'c> {
    /// Looks the payers of the active coverages up in the service's table.
    #[must_use]
    pub fn of(service: &'c Service, record: &Record<'_>) -> Self {
        let covering =
            |payer: &&Payer| record.coverages.iter().any(|coverage| covers(payer, coverage, record));
        let payers: Vec<&Payer> = service.file.payers.iter().filter(covering).collect();
        if payers.is_empty() {
            return Self::NotRecognized;
        }
        let titles = payers.iter().map(|payer| payer.title.as_str()).collect();
        let policies = payers.iter().flat_map(|payer| &payer.policies).map(String::as_str).collect();
        Self::Recognized(titles, policies)
    }

    /// Whether a policy speaks for the patient.
    #[must_use]
    pub fn use_policy(&self, id: &str) -> bool {
        match self {
            Self::Recognized(_, policies) => policies.contains(&id),
            Self::NotRecognized => true,
        }
    }
}

fn covers(payer: &Payer, coverage: &Coverage<'_>, record: &Record<'_>) -> bool {
    let in_force = coverage.status.get().is_none_or(|status| status == "active");
    in_force && coverage.payor.iter().any(|payor| is_payor(payer, payor, coverage, record))
}

/// By identifier, reference or name; of the reference itself or of the organization that it leads to.
fn is_payor(payer: &Payer, payor: &Reference<'_>, coverage: &Coverage<'_>, record: &Record<'_>) -> bool {
    let by_reference = payor.reference.get().is_some_and(|reference| {
        let target = Target::of(reference);
        target.is_some() && payer.references.iter().any(|known| Target::of(known) == target)
    });
    let by_identifier = payor
        .identifier
        .get()
        .is_some_and(|identifier| has_identifier(payer, identifier.system.get(), identifier.value.get()));
    let by_name = payor.display.get().is_some_and(|name| has_name(payer, name));
    by_reference || by_identifier || by_name || leads_to(payer, payor, coverage, record)
}

/// Whether the organization that a reference leads to, contained or in the record, is the payer.
fn leads_to(payer: &Payer, payor: &Reference<'_>, coverage: &Coverage<'_>, record: &Record<'_>) -> bool {
    if let Some(id) = payor.contained_id() {
        let contained = ehr::reference::contained(coverage.contained);
        return contained.iter().any(|(resource, _)| match resource {
            Resource::Organization(organization) => {
                organization.id.is(id) && is_organization(payer, organization)
            }
            _ => false,
        });
    }
    let Some(target) = payor.target() else { return false };
    let is_target = |organization: &&Organization<'_>| {
        organization.id.get().is_some_and(|id| target.is("Organization", id))
    };
    record.organizations.iter().filter(is_target).any(|organization| is_organization(payer, organization))
}

fn is_organization(payer: &Payer, organization: &Organization<'_>) -> bool {
    let names =
        organization.name.get().into_iter().chain(organization.alias.iter().filter_map(|alias| alias.get()));
    organization
        .identifier
        .iter()
        .any(|identifier| has_identifier(payer, identifier.system.get(), identifier.value.get()))
        || names.into_iter().any(|name| has_name(payer, name))
}

fn has_identifier(payer: &Payer, system: Option<&str>, value: Option<&str>) -> bool {
    payer
        .identifiers
        .iter()
        .any(|known| Some(known.system.as_str()) == system && Some(known.value.as_str()) == value)
}

fn has_name(payer: &Payer, name: &str) -> bool {
    payer.names.iter().any(|known| known.to_lowercase() == name.to_lowercase())
}
