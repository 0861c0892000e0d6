//! The specialty of who orders and who signs, or of someone who was consulted.
//!
//! Another specialty never makes it false: it does not exclude a consultation.

use std::borrow::Cow;
use std::collections::HashSet;

use criteria::{Evidence, GapKind, Possible, Truth};
use serde_json::value::RawValue;

use super::cited;
use crate::content::Definition;
use crate::fhir::{Concept, Participant, Practitioner, PractitionerRole, Qualification, Reference, Resource};
use crate::reading::{Find, Finding, Reading};
use crate::reference;
use crate::search::Search;
use crate::source::Prescriber;
use crate::when::is_over;

impl Find for Prescriber {
    fn searches(&self) -> Vec<Search> {
        vec![Search::User, Search::UserRoles, Search::CareTeams, Search::Encounter, Search::Referrals]
    }

    fn find(&self, _: &Definition, reading: &Reading<'_, '_>) -> Finding {
        let mut people = People { reading, seen: Vec::new() };
        people.prescriber();
        people.consulted();
        let is_in =
            |(specialty, _): &(Concept<'_>, Evidence)| reading.terminology.has(&self.specialties, specialty);
        let (yes, other): (Vec<_>, Vec<_>) = people.seen.into_iter().partition(is_in);
        let evidence_of =
            |seen: Vec<(Concept<'_>, Evidence)>| seen.into_iter().map(|(_, evidence)| evidence).collect();
        if !yes.is_empty() {
            return cited::sorted(Finding::of(Possible::Truth(Truth::Yes), evidence_of(yes)));
        }
        if other.is_empty() {
            return Finding::nothing();
        }
        let mut found = other.iter().map(|(_, evidence)| evidence.value.clone()).collect::<Vec<_>>();
        found.sort();
        found.dedup();
        let detail = format!("found: {}; this does not exclude a consultation", found.join("; "));
        let finding = Finding::of(Possible::Truth(Truth::Either), evidence_of(other));
        cited::sorted(finding.with_gap(GapKind::Imprecise, detail))
    }
}

/// Specialties and roles of the people around an order.
struct People<'p, 'r, 'a> {
    reading: &'p Reading<'r, 'a>,
    seen: Vec<(Concept<'a>, Evidence)>,
}

impl<'a> People<'_, '_, 'a> {
    /// Who orders, and who signs.
    fn prescriber(&mut self) {
        let reading = self.reading;
        if let Some(requester) = reading.order.request.requester.get() {
            self.person(requester, reading.order.request.contained);
        }
        let users: HashSet<(&str, &str)> =
            reading.record.users.iter().filter_map(|user| user.split_once('/')).collect();
        if !users.is_empty() {
            self.person_at(&|kind, id| users.contains(&(kind, id)));
        }
    }

    /// Who takes part in the care: active care teams, the order's encounter, referrals that were made.
    fn consulted(&mut self) {
        let record = self.reading.record;
        for team in &record.care_teams {
            let is_there = matches!(team.status.get(), None | Some("active"));
            if is_there && !is_over(team.period.get(), self.reading.at) {
                let reference = cited::reference("CareTeam", &team.id);
                self.participants(&team.participant, &reference, team.contained);
            }
        }
        for encounter in &record.encounters {
            if !matches!(encounter.status.get(), Some("planned" | "cancelled" | "entered-in-error")) {
                let reference = cited::reference("Encounter", &encounter.id);
                self.participants(&encounter.participant, &reference, encounter.contained);
            }
        }
        for referral in &record.referrals {
            let is_made = matches!(referral.status.get(), Some("active" | "completed"))
                && !matches!(referral.intent.get(), Some("proposal" | "plan" | "option"))
                && referral.do_not_perform.0 != Some(true);
            if is_made {
                let reference = cited::reference("ServiceRequest", &referral.id);
                self.specialty(referral.performer_type.get(), &reference, "ServiceRequest.performerType");
                for performer in &referral.performer {
                    self.person(performer, referral.contained);
                }
            }
        }
    }

    fn participants(&mut self, all: &[Participant<'a>], reference: &str, inside: Option<&'a RawValue>) {
        let kind = reference.split('/').next().unwrap_or(reference);
        let at = self.reading.at;
        for participant in all.iter().filter(|participant| !is_over(participant.period.get(), at)) {
            for role in &participant.role {
                self.specialty(Some(role), reference, format!("{kind}.participant.role"));
            }
            for role in &participant.r#type {
                self.specialty(Some(role), reference, format!("{kind}.participant.type"));
            }
            for person in [participant.member.get(), participant.individual.get()].into_iter().flatten() {
                self.person(person, inside);
            }
        }
    }

    fn person(&mut self, person: &Reference<'a>, inside: Option<&'a RawValue>) {
        if let Some(id) = person.contained_id() {
            return self.contained_person(id, inside);
        }
        if let Some(target) = person.target() {
            self.person_at(&|kind, id| target.is(kind, id));
        }
    }

    fn contained_person(&mut self, id: &str, inside: Option<&'a RawValue>) {
        let is_it = |own: Option<&str>| own.is_some_and(|own| own.trim_start_matches('#') == id);
        for (resource, _) in reference::contained(inside) {
            match resource {
                Resource::PractitionerRole(role) if is_it(role.id.get()) => {
                    self.role(&role);
                    let practitioner = role.practitioner.get();
                    // A role inside a resource may name a person outside it; a person inside is found below.
                    match practitioner.and_then(Reference::contained_id) {
                        Some(other) if other != id => self.contained_person(other, inside),
                        Some(_) => {}
                        None => practitioner.into_iter().for_each(|person| self.person(person, inside)),
                    }
                }
                Resource::Practitioner(person) if is_it(person.id.get()) => self.qualifications(&person),
                _ => {}
            }
        }
    }

    /// A person on record, by their role or themselves; with a person come all of their roles.
    fn person_at(&mut self, is_it: &dyn Fn(&str, &str) -> bool) {
        let record = self.reading.record;
        for role in &record.practitioner_roles {
            let is_role = role.id.get().is_some_and(|id| is_it("PractitionerRole", id));
            let person = role.practitioner.get().and_then(Reference::target);
            let is_of_person = person.is_some_and(|person| is_it("Practitioner", person.id));
            if is_role || is_of_person {
                self.role(role);
            }
            if let Some(person) = person.filter(|_| is_role) {
                self.practitioner(&|id| person.is("Practitioner", id));
            }
        }
        self.practitioner(&|id| is_it("Practitioner", id));
    }

    fn practitioner(&mut self, is_it: &dyn Fn(&str) -> bool) {
        for person in &self.reading.record.practitioners {
            if person.id.get().is_some_and(is_it) {
                self.qualifications(person);
            }
        }
    }

    fn role(&mut self, role: &PractitionerRole<'a>) {
        if role.active.0 == Some(false) || is_over(role.period.get(), self.reading.at) {
            return;
        }
        let reference = cited::reference("PractitionerRole", &role.id);
        for specialty in &role.specialty {
            self.specialty(Some(specialty), &reference, "PractitionerRole.specialty");
        }
        for code in &role.code {
            self.specialty(Some(code), &reference, "PractitionerRole.code");
        }
    }

    fn qualifications(&mut self, person: &Practitioner<'a>) {
        let reference = cited::reference("Practitioner", &person.id);
        let is_held =
            |qualification: &&Qualification<'_>| !is_over(qualification.period.get(), self.reading.at);
        for qualification in person.qualification.iter().filter(is_held) {
            self.specialty(qualification.code.get(), &reference, "Practitioner.qualification");
        }
    }

    fn specialty(
        &mut self,
        specialty: Option<&Concept<'a>>,
        reference: &str,
        path: impl Into<Cow<'static, str>>,
    ) {
        let Some(specialty) = specialty.filter(|specialty| specialty.shown().is_some()) else { return };
        let evidence = Evidence {
            reference: reference.to_owned(),
            path: path.into(),
            value: cited::concept(specialty),
            date: None,
            note: None,
        };
        self.seen.push((specialty.clone(), evidence));
    }
}
