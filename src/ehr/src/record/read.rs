//! Prefetch into a record: what came, and how completely.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;

use hooks::Prefetched;
use serde_json::value::RawValue;

use super::modified::{Modified, heeded};
use super::postings::Postings;
use super::{Drug, Medications, Record, Sent, drug};
use crate::fhir::{
    AllergyIntolerance, Bundle, Concept, Condition, Entry, Identifier, MedicationAdministration,
    MedicationDispense, MedicationRequest, MedicationStatement, Observation, One, Patient, Procedure, Raw,
    Reference, Resource, Text,
};
use crate::reference::contained_type;
use crate::search::{Answer, Reason, Search};
use crate::terminology::{Terminology, may_doubt};

impl<'a> Record<'a> {
    /// Reads what the sender prefetched for the searches that are wanted; other keys are left unread.
    ///
    /// Nothing fails: a search that was not sent, failed, is paged, or holds what cannot be read or is about another
    /// patient is [`Answer::Unavailable`], and what could be read of it is in the record. A single resource where a
    /// Bundle is expected is read; resources of other types that come along (`_include`) are welcome.
    #[must_use]
    pub fn read(
        prefetch: &[(&str, &'a RawValue)],
        patient_id: &str,
        terminology: &Terminology,
        wanted: &[Search],
    ) -> Self {
        Self::read_while(prefetch, patient_id, terminology, wanted, &|_| true)
    }

    /// The same, as long as there is time to read a search; after that its answer is [`Reason::TimedOut`].
    #[must_use]
    pub fn read_while(
        prefetch: &[(&str, &'a RawValue)],
        patient_id: &str,
        terminology: &Terminology,
        wanted: &[Search],
        has_time: &dyn Fn(Search) -> bool,
    ) -> Self {
        let mut reader = Reader::of(patient_id);
        // Not in the order of the request: of two versions of one resource the same one must always win.
        for search in Search::ALL.into_iter().filter(|search| wanted.contains(search)) {
            // What was fetched for a search may be several texts: the search itself, and what its references lead to.
            for (_, raw) in prefetch.iter().filter(|(key, _)| *key == search.key()) {
                if has_time(search) {
                    reader.read(search, Sent::read(raw));
                } else {
                    reader.record.lacks(search, Reason::TimedOut);
                }
            }
        }
        reader.finish(terminology)
    }

    /// The same, of what was read in the pass over the body.
    #[must_use]
    pub fn of<K: AsRef<str>>(
        sent: impl IntoIterator<Item = (K, Sent<'a>)>,
        patient_id: &str,
        terminology: &Terminology,
        wanted: &[Search],
    ) -> Self {
        let searches = sent.into_iter().filter_map(|(key, sent)| {
            let search = Search::with_key(key.as_ref())?;
            wanted.contains(&search).then_some((search, sent))
        });
        let mut searches: Vec<(Search, Sent<'a>)> = searches.collect();
        searches.sort_by_key(|(search, _)| *search);
        let mut reader = Reader::of(patient_id);
        searches.into_iter().for_each(|(search, sent)| reader.read(search, sent));
        reader.finish(terminology)
    }
}

struct Reader<'a, 'p> {
    record: Record<'a>,
    medications: Medications<'a>,
    patient_id: &'p str,
    /// Ids of the Practitioners that the user is, where the sender says so.
    user_ids: Vec<String>,
    requests: Vec<MedicationRequest<'a>>,
    statements: Vec<MedicationStatement<'a>>,
    administrations: Vec<MedicationAdministration<'a>>,
    dispenses: Vec<MedicationDispense<'a>>,
}

/// What was noticed while one search's resources were read.
#[derive(Default)]
struct Noticed {
    expected: bool,
    other_type: bool,
    other_patient: bool,
    failed: bool,
    unreadable: bool,
}

impl<'a, 'p> Reader<'a, 'p> {
    fn of(patient_id: &'p str) -> Self {
        Self {
            record: Record::default(),
            medications: Medications::default(),
            patient_id,
            user_ids: Vec::new(),
            requests: Vec::new(),
            statements: Vec::new(),
            administrations: Vec::new(),
            dispenses: Vec::new(),
        }
    }

    fn read(&mut self, search: Search, sent: Sent<'a>) {
        let answer = match sent {
            Sent::Nothing => Answer::Complete,
            Sent::Bundle(bundle) => self.bundle(search, bundle),
            Sent::Single(resource) => self.single(search, resource),
            Sent::Unreadable | Sent::NoResource => Answer::Unavailable(Reason::Unreadable),
        };
        let known = self.record.answers.entry(search).or_insert(Answer::Complete);
        *known = known.clone().and(answer);
    }

    fn bundle(&mut self, search: Search, bundle: Bundle<'a>) -> Answer {
        let mut noticed = Noticed { unreadable: !bundle.unreadable.is_empty(), ..Noticed::default() };
        if self.record.observations.is_empty() && expects(search, "Observation") {
            self.record.observations.reserve(bundle.entries.len());
        }
        let paged = bundle.has_next_page;
        for Entry { full_url, resource, is_included, .. } in bundle.entries {
            self.take(search, full_url, resource, is_included, &mut noticed);
        }
        noticed.answer(paged)
    }

    fn single(&mut self, search: Search, resource: Resource<'a>) -> Answer {
        let mut noticed = Noticed::default();
        self.take(search, Text::default(), resource, false, &mut noticed);
        noticed.answer(false)
    }

    fn take(
        &mut self,
        search: Search,
        full_url: Text<'a>,
        resource: Resource<'a>,
        is_included: bool,
        noticed: &mut Noticed,
    ) {
        if matches!(resource, Resource::OperationOutcome) {
            noticed.failed = true;
            return;
        }
        if expects(search, resource.type_name()) {
            noticed.expected = true;
        } else {
            noticed.other_type |= !is_included;
        }
        if is_of_another(&resource, self.patient_id, self.record.patient.as_ref()) {
            noticed.other_patient = true;
            return;
        }
        let resource = match heeded(resource) {
            Modified::Heeded(resource) => resource,
            Modified::Lost => {
                noticed.unreadable = true;
                return;
            }
        };
        // The chart of the patient holds it, and it says nothing of the patient: the search is as complete without it.
        if matches!(&resource, Resource::Observation(seen) if is_about_another(seen, self.patient_id)) {
            return;
        }
        if !is_included {
            self.user(search, &resource);
        }
        let record = &mut self.record;
        match resource {
            Resource::Patient(patient) => record.patient = record.patient.take().or(Some(*patient)),
            Resource::Observation(observation) => record.observations.push(*observation),
            Resource::Condition(condition) => record.conditions.push(*condition),
            Resource::MedicationRequest(request) => self.requests.push(*request),
            Resource::MedicationStatement(statement) => self.statements.push(*statement),
            Resource::MedicationAdministration(administration) => self.administrations.push(*administration),
            Resource::MedicationDispense(dispense) => self.dispenses.push(*dispense),
            Resource::Procedure(procedure) => record.procedures.push(*procedure),
            Resource::CarePlan(plan) => record.care_plans.push(*plan),
            Resource::Medication(medication) => self.medications.add(full_url, *medication),
            Resource::AllergyIntolerance(allergy) => record.allergies.push(*allergy),
            Resource::Coverage(coverage) => record.coverages.push(*coverage),
            Resource::Practitioner(practitioner) => record.practitioners.push(*practitioner),
            Resource::PractitionerRole(role) => record.practitioner_roles.push(*role),
            Resource::CareTeam(team) => record.care_teams.push(*team),
            Resource::Encounter(encounter) => record.encounters.push(*encounter),
            Resource::ServiceRequest(referral) => record.referrals.push(*referral),
            Resource::Organization(organization) => record.organizations.push(*organization),
            // A Bundle inside a Bundle may hold anything.
            Resource::Other(kind) => noticed.unreadable |= kind == "Bundle",
            Resource::OperationOutcome => {}
        }
    }

    /// Who the user is, and their roles: a role that names another person does not speak for the user. What the user is
    /// is read before their roles.
    fn user(&mut self, search: Search, resource: &Resource<'a>) {
        let practitioner = practitioner(resource);
        match search {
            Search::User => self.user_ids.extend(practitioner.map(str::to_owned)),
            Search::UserRoles
                if practitioner.is_some_and(|id| {
                    !self.user_ids.is_empty() && !self.user_ids.iter().any(|own| own == id)
                }) =>
            {
                return;
            }
            Search::UserRoles => {}
            _ => return,
        }
        self.record.users.extend(person(resource));
    }

    fn finish(mut self, terminology: &Terminology) -> Record<'a> {
        let medications = self.medications;
        let record = &mut self.record;
        record.medication_requests = with_drugs(self.requests, &medications);
        record.medication_statements = with_drugs(self.statements, &medications);
        record.medication_administrations = with_drugs(self.administrations, &medications);
        record.medication_dispenses = with_drugs(self.dispenses, &medications);
        record.medications = medications;
        record.keep_one_each();
        record.index(terminology);
        self.record
    }
}

impl Noticed {
    fn answer(&self, paged: bool) -> Answer {
        let reasons = [
            (self.failed, Reason::Failed),
            (self.other_patient, Reason::OtherPatient),
            (self.unreadable, Reason::Unreadable),
            (paged, Reason::Paged),
            (self.other_type && !self.expected, Reason::OtherType),
        ];
        reasons
            .into_iter()
            .find_map(|(so, reason)| so.then_some(Answer::Unavailable(reason)))
            .unwrap_or(Answer::Complete)
    }
}

/// `Type/id` of a practitioner or a practitioner's role.
fn person(resource: &Resource<'_>) -> Option<String> {
    let id = match resource {
        Resource::Practitioner(practitioner) => practitioner.id.get()?,
        Resource::PractitionerRole(role) => role.id.get()?,
        _ => return None,
    };
    Some(format!("{}/{id}", resource.type_name()))
}

/// The id of the Practitioner that a resource is, or that its role is of.
fn practitioner<'r>(resource: &'r Resource<'_>) -> Option<&'r str> {
    match resource {
        Resource::Practitioner(practitioner) => practitioner.id.get(),
        Resource::PractitionerRole(role) => {
            let target = role.practitioner.get().and_then(Reference::target)?;
            target.is("Practitioner", target.id).then_some(target.id)
        }
        _ => None,
    }
}

/// Whether a search asks for resources of this type.
fn expects(search: Search, kind: &str) -> bool {
    match search {
        Search::Patient => kind == "Patient",
        Search::Laboratory | Search::VitalSigns | Search::ClinicalObservations | Search::Attestations => {
            kind == "Observation"
        }
        Search::Conditions => kind == "Condition",
        Search::MedicationRequests => kind == "MedicationRequest",
        Search::MedicationStatements => kind == "MedicationStatement",
        Search::MedicationAdministrations => kind == "MedicationAdministration",
        Search::MedicationDispenses => kind == "MedicationDispense",
        Search::Procedures => kind == "Procedure",
        Search::CarePlans => kind == "CarePlan",
        Search::Allergies => kind == "AllergyIntolerance",
        Search::Coverage => kind == "Coverage",
        Search::User => matches!(kind, "Practitioner" | "PractitionerRole"),
        Search::UserRoles => kind == "PractitionerRole",
        Search::CareTeams => kind == "CareTeam",
        Search::Encounter => kind == "Encounter",
        Search::Referrals => kind == "ServiceRequest",
    }
}

/// Whether a resource says that it is about somebody else. One that says nothing was found by this patient's search.
fn is_of_another(resource: &Resource<'_>, patient_id: &str, patient: Option<&Patient<'_>>) -> bool {
    let subject: &One<Reference<'_>> = match resource {
        Resource::Patient(patient) => return patient.id.get().is_some_and(|id| id != patient_id),
        Resource::Observation(observation) => &observation.subject,
        Resource::Condition(condition) => &condition.subject,
        Resource::MedicationRequest(request) => &request.subject,
        Resource::MedicationStatement(statement) => &statement.subject,
        Resource::MedicationAdministration(administration) => &administration.subject,
        Resource::MedicationDispense(dispense) => &dispense.subject,
        Resource::Procedure(procedure) => &procedure.subject,
        Resource::CarePlan(plan) => &plan.subject,
        Resource::AllergyIntolerance(allergy) => &allergy.patient,
        Resource::Coverage(coverage) => &coverage.beneficiary,
        Resource::CareTeam(team) => &team.subject,
        Resource::Encounter(encounter) => &encounter.subject,
        Resource::ServiceRequest(referral) => &referral.subject,
        _ => return false,
    };
    let Some(subject) = subject.get() else { return false };
    match subject.target() {
        Some(target) => !target.is("Patient", patient_id),
        None => subject.identifier.get().zip(patient).is_some_and(|(own, patient)| contradicts(own, patient)),
    }
}

/// Whether an observation is about somebody beside the patient, in whose chart it stands: a donor, a relative, a fetus
/// (FHIR R4, Observation.focus).
fn is_about_another(observation: &Observation<'_>, patient_id: &str) -> bool {
    let is_patient = |focus: &Reference<'_>| {
        focus.target().is_some_and(|target| target.kind == Some("Patient") && target.id == patient_id)
    };
    let is_person = |focus: &Reference<'_>| {
        let contained = focus.contained_id().and_then(|id| contained_type(observation.contained, id));
        let kind = match &contained {
            Some(kind) => kind.get(),
            None => focus.target().and_then(|target| target.kind).or(focus.kind.get()),
        };
        matches!(kind, Some("Patient" | "RelatedPerson" | "Group"))
    };
    observation.focus.iter().any(is_person) && !observation.focus.iter().any(is_patient)
}

/// Whether an identifier is of a system of which the patient has another value.
fn contradicts(identifier: &Identifier<'_>, patient: &Patient<'_>) -> bool {
    let (Some(system), Some(value)) = (identifier.system.get(), identifier.value.get()) else { return false };
    let of_system = || patient.identifier.iter().filter(|other| other.system.is(system));
    of_system().any(|other| other.value.get().is_some()) && !of_system().any(|other| other.value.is(value))
}

/// A resource that names a drug: inline, or by a reference.
pub(crate) trait NamesDrug<'a> {
    fn named(&self) -> (&One<Concept<'a>>, &One<Reference<'a>>, Raw<'a>);
}

macro_rules! names_drug {
    ($($resource:ident),*) => {
        $(impl<'a> NamesDrug<'a> for $resource<'a> {
            fn named(&self) -> (&One<Concept<'a>>, &One<Reference<'a>>, Raw<'a>) {
                (&self.medication_codeable_concept, &self.medication_reference, self.contained)
            }
        })*
    };
}

names_drug!(MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense);

fn with_drugs<'a, T: NamesDrug<'a>>(resources: Vec<T>, medications: &Medications<'a>) -> Vec<Drug<'a, T>> {
    let resolved = |resource: T| {
        let (inline, reference, contained) = resource.named();
        Drug { concept: drug(inline, reference, contained, medications), resource }
    };
    resources.into_iter().map(resolved).collect()
}

impl Record<'_> {
    /// A resource that several searches brought counts once. Without an id each stays.
    fn keep_one_each(&mut self) {
        keep_first(&mut self.observations, |resource| resource.id.get());
        keep_first(&mut self.conditions, |resource| resource.id.get());
        keep_first(&mut self.medication_requests, |drug| drug.resource.id.get());
        keep_first(&mut self.medication_statements, |drug| drug.resource.id.get());
        keep_first(&mut self.medication_administrations, |drug| drug.resource.id.get());
        keep_first(&mut self.medication_dispenses, |drug| drug.resource.id.get());
        keep_first(&mut self.procedures, |resource| resource.id.get());
        keep_first(&mut self.care_plans, |resource| resource.id.get());
        keep_first(&mut self.allergies, |resource| resource.id.get());
        keep_first(&mut self.coverages, |resource| resource.id.get());
        keep_first(&mut self.practitioners, |resource| resource.id.get());
        keep_first(&mut self.practitioner_roles, |resource| resource.id.get());
        keep_first(&mut self.care_teams, |resource| resource.id.get());
        keep_first(&mut self.encounters, |resource| resource.id.get());
        keep_first(&mut self.referrals, |resource| resource.id.get());
        keep_first(&mut self.organizations, |resource| resource.id.get());
    }

    fn index(&mut self, terminology: &Terminology) {
        let mut membership = terminology.membership();
        self.sets = terminology.indexes().clone();
        self.observations_by_set = Postings::index(
            &self.observations,
            &mut membership,
            |one| one.code.get().into_iter(),
            by(observation_key),
        );
        self.conditions_by_set = Postings::index(
            &self.conditions,
            &mut membership,
            |one| one.code.get().into_iter(),
            by(condition_key),
        );
        let may_doubt = |one: &Condition<'_>| one.code.get().is_some_and(may_doubt);
        let conditions = self.conditions.iter().enumerate();
        self.conditions_in_doubt = conditions.filter_map(|(at, one)| may_doubt(one).then_some(at)).collect();
        self.medication_requests_by_set = Postings::index(
            &self.medication_requests,
            &mut membership,
            |one| one.concept.iter(),
            by(request_key),
        );
        self.medication_statements_by_set = Postings::index(
            &self.medication_statements,
            &mut membership,
            |one| one.concept.iter(),
            by(statement_key),
        );
        self.medication_administrations_by_set = Postings::index(
            &self.medication_administrations,
            &mut membership,
            |one| one.concept.iter(),
            by(administration_key),
        );
        self.medication_dispenses_by_set = Postings::index(
            &self.medication_dispenses,
            &mut membership,
            |one| one.concept.iter(),
            by(dispense_key),
        );
        self.procedures_by_set = Postings::index(&self.procedures, &mut membership, done, by(procedure_key));
        self.allergies_by_set =
            Postings::index(&self.allergies, &mut membership, substances, by(allergy_key));
    }
}

/// The substances that an allergy is about: its own, and that of each reaction.
fn substances<'r, 'a>(allergy: &'r AllergyIntolerance<'a>) -> impl Iterator<Item = &'r Concept<'a>> {
    let of_reactions = allergy.reaction.iter().filter_map(|reaction| reaction.substance.get());
    allergy.code.get().into_iter().chain(of_reactions)
}

/// What a procedure is, and what was used for it.
fn done<'r, 'a>(procedure: &'r Procedure<'a>) -> impl Iterator<Item = &'r Concept<'a>> {
    procedure.code.get().into_iter().chain(&procedure.used_code)
}

fn keep_first<T: fmt::Debug>(resources: &mut Vec<T>, id: impl Fn(&T) -> Option<&str>) {
    if resources.len() < 2 {
        return;
    }
    let mut seen: HashMap<&str, Vec<&T>> = HashMap::with_capacity(resources.len());
    let mut keep = Vec::with_capacity(resources.len());
    for one in &*resources {
        let versions = id(one).map(|id| seen.entry(id).or_default());
        // Two versions that differ both stay: which of them is right must not hang on which was sent first.
        let is_new = versions.is_none_or(|versions| {
            let is_new = !versions.iter().any(|other| format!("{one:?}") == format!("{other:?}"));
            versions.push(one);
            is_new
        });
        keep.push(is_new);
    }
    if keep.contains(&false) {
        let mut keep = keep.into_iter();
        resources.retain(|_| keep.next().unwrap_or(true));
    }
}

/// What fixes the order in which resources are handed out: their date as it is written, then their id.
type Key<'k> = (Option<&'k str>, Option<&'k str>);

fn by<T>(key: impl for<'k> Fn(&'k T) -> Key<'k>) -> impl Fn(&T, &T) -> Ordering {
    move |one, other| key(one).cmp(&key(other))
}

fn observation_key<'k>(observation: &'k Observation<'_>) -> Key<'k> {
    let start = || observation.effective_period.get().and_then(|period| period.start.get());
    let date =
        observation.effective_date_time.get().or_else(|| observation.effective_instant.get()).or_else(start);
    (date.or_else(|| observation.issued.get()), observation.id.get())
}

fn condition_key<'k>(condition: &'k Condition<'_>) -> Key<'k> {
    (condition.recorded_date.get().or_else(|| condition.onset_date_time.get()), condition.id.get())
}

fn request_key<'k>(drug: &'k Drug<'_, MedicationRequest<'_>>) -> Key<'k> {
    (drug.resource.authored_on.get(), drug.resource.id.get())
}

fn statement_key<'k>(drug: &'k Drug<'_, MedicationStatement<'_>>) -> Key<'k> {
    (drug.resource.date_asserted.get(), drug.resource.id.get())
}

fn administration_key<'k>(drug: &'k Drug<'_, MedicationAdministration<'_>>) -> Key<'k> {
    let resource = &drug.resource;
    let start = || resource.effective_period.get().and_then(|period| period.start.get());
    (resource.effective_date_time.get().or_else(start), resource.id.get())
}

fn dispense_key<'k>(drug: &'k Drug<'_, MedicationDispense<'_>>) -> Key<'k> {
    (drug.resource.when_handed_over.get(), drug.resource.id.get())
}

fn procedure_key<'k>(procedure: &'k Procedure<'_>) -> Key<'k> {
    let start = || procedure.performed_period.get().and_then(|period| period.start.get());
    (procedure.performed_date_time.get().or_else(start), procedure.id.get())
}

fn allergy_key<'k>(allergy: &'k AllergyIntolerance<'_>) -> Key<'k> {
    (allergy.recorded_date.get(), allergy.id.get())
}
