//! References that lead to resources which nobody has sent: drugs, payers, and the people around an order.

use std::collections::BTreeSet;

use super::template;
use crate::fhir::{Concept, Participant, Reference};
use crate::order::Order;
use crate::record::{Drug, NamesDrug, Record};
use crate::search::Search;

/// The searches whose resources refer to others that matter; the patient tells whose they are.
pub(super) const LEADING: [Search; 12] = [
    Search::Patient,
    Search::MedicationRequests,
    Search::MedicationStatements,
    Search::MedicationAdministrations,
    Search::MedicationDispenses,
    Search::CarePlans,
    Search::Coverage,
    Search::User,
    Search::UserRoles,
    Search::CareTeams,
    Search::Encounter,
    Search::Referrals,
];

/// What would resolve a reference, and the search that this completes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Missing {
    pub(super) search: Search,
    /// The read (`Type/id`) or search, as it stands in a URL.
    pub(super) relative: String,
}

/// What the record and the orders point to and nobody has sent, each once.
pub(super) fn missing(record: &Record<'_>, orders: &[&Order<'_>], wanted: &[Search]) -> BTreeSet<Missing> {
    let mut found = Gather { record, missing: BTreeSet::new() };
    found.drugs(Search::MedicationRequests, &record.medication_requests);
    found.drugs(Search::MedicationStatements, &record.medication_statements);
    found.drugs(Search::MedicationAdministrations, &record.medication_administrations);
    found.drugs(Search::MedicationDispenses, &record.medication_dispenses);
    for activity in record.care_plans.iter().flat_map(|plan| &plan.activity) {
        found.product(activity.detail.get().and_then(|detail| detail.product_reference.get()));
    }
    for coverage in &record.coverages {
        for payor in &coverage.payor {
            found.payor(payor);
        }
    }
    if wanted.contains(&Search::UserRoles) {
        for order in orders {
            found.person(Search::UserRoles, order.request.requester.get());
        }
        found.consulted();
    }
    found.missing.retain(|missing| wanted.contains(&missing.search));
    found.missing
}

struct Gather<'r, 'a> {
    record: &'r Record<'a>,
    missing: BTreeSet<Missing>,
}

impl<'a> Gather<'_, 'a> {
    fn add(&mut self, search: Search, kind: &str, id: &str) {
        if let Some(id) = template::id(id) {
            self.missing.insert(Missing { search, relative: format!("{kind}/{id}") });
        }
    }

    fn drugs<T: NamesDrug<'a>>(&mut self, search: Search, drugs: &[Drug<'a, T>]) {
        // What the reference shows is a name at most; the resource may hold codes.
        let is_coded = |concept: &Concept<'_>| !concept.coding.is_empty();
        for drug in drugs.iter().filter(|drug| !drug.concept.as_ref().is_some_and(is_coded)) {
            let (_, reference, _) = drug.resource.named();
            self.medication(search, reference.get());
        }
    }

    fn product(&mut self, reference: Option<&Reference<'a>>) {
        let medications = self.record.medications();
        self.medication(
            Search::CarePlans,
            reference.filter(|reference| medications.find(reference).is_none()),
        );
    }

    fn medication(&mut self, search: Search, reference: Option<&Reference<'a>>) {
        if let Some(target) = reference.and_then(Reference::target)
            && target.kind == Some("Medication")
        {
            self.add(search, "Medication", target.id);
        }
    }

    fn payor(&mut self, payor: &Reference<'a>) {
        let organizations = &self.record.organizations;
        let is_known = |id: &str| organizations.iter().any(|one| one.id.is(id));
        if let Some(target) = payor.target()
            && target.kind == Some("Organization")
            && !is_known(target.id)
        {
            self.add(Search::Coverage, "Organization", target.id);
        }
    }

    fn consulted(&mut self) {
        let record = self.record;
        for team in record.care_teams.iter().filter(|team| matches!(team.status.get(), None | Some("active")))
        {
            self.participants(Search::CareTeams, &team.participant);
        }
        for encounter in &record.encounters {
            self.participants(Search::Encounter, &encounter.participant);
        }
        for referral in &record.referrals {
            if matches!(referral.status.get(), Some("active" | "completed")) {
                referral.performer.iter().for_each(|person| self.person(Search::Referrals, Some(person)));
            }
        }
    }

    fn participants(&mut self, search: Search, all: &[Participant<'a>]) {
        for participant in all {
            self.person(search, participant.member.get());
            self.person(search, participant.individual.get());
        }
    }

    fn person(&mut self, search: Search, person: Option<&Reference<'a>>) {
        let Some(target) = person.and_then(Reference::target) else { return };
        let roles = &self.record.practitioner_roles;
        match target.kind {
            Some("PractitionerRole") if !roles.iter().any(|role| role.id.is(target.id)) => {
                self.add(search, "PractitionerRole", target.id);
            }
            // A specialty stands in a person's roles; the degrees that some systems have instead come along.
            Some("Practitioner") if !self.is_known(target.id) => {
                let of =
                    |id| format!("PractitionerRole?practitioner={id}&_include=PractitionerRole:practitioner");
                self.missing.extend(template::id(target.id).map(|id| Missing { search, relative: of(id) }));
            }
            _ => {}
        }
    }

    /// Whether a practitioner is on record, themselves or by a role.
    fn is_known(&self, id: &str) -> bool {
        let has_role = self.record.practitioner_roles.iter().any(|role| {
            role.practitioner
                .get()
                .and_then(Reference::target)
                .is_some_and(|target| target.is("Practitioner", id))
        });
        has_role || self.record.practitioners.iter().any(|one| one.id.is(id))
    }
}
