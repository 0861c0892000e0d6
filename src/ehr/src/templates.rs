//! Prefetch templates: what discovery asks the EHR to send, from the same sources that reading uses.
//!
//! Only the portable subset of CDS Hooks' template language: reads and searches with root context fields; no
//! `category` (many servers leave it out of markers, stages and status), no modifiers, no `_include`.

use std::collections::BTreeSet;

use criteria::ElementIndex;

use crate::attestation::SYSTEM;
use crate::content::{Content, Definition};
use crate::reading::Find;
use crate::search::Search;
use crate::source::Source;
use crate::uses::Use;

const OBSERVATION_SYSTEMS: [&str; 2] = ["http://loinc.org", "http://snomed.info/sct"];

/// The searches that reading these elements needs: theirs, attestations, and who the patient and the payer are.
#[must_use]
pub fn searches(content: &Content, needed: &[ElementIndex]) -> Vec<Search> {
    let always = [Search::Patient, Search::Attestations, Search::Coverage];
    let sources = || read_for(content, needed).into_iter().flat_map(|definition| &definition.sources);
    let observed = uses(content, needed).into_iter().filter_map(|used| used.observed);
    let wanted: BTreeSet<Search> = sources().flat_map(Find::searches).chain(observed).chain(always).collect();
    Search::ALL.into_iter().filter(|search| wanted.contains(search)).collect()
}

/// The elements that are read for these: they themselves, and those that they are derived from.
fn read_for<'c>(content: &'c Content, needed: &[ElementIndex]) -> Vec<&'c Definition> {
    let needed: Vec<&Definition> = needed.iter().filter_map(|index| content.definition(*index)).collect();
    let sources = needed.iter().flat_map(|definition| &definition.sources);
    let others = sources.filter_map(|source| content.definition(content.elements.find(source.element()?)?));
    needed.iter().copied().chain(others).collect()
}

/// The value sets that reading these elements uses: those of their sources, and those of the rules of therapy.
fn uses<'c>(content: &'c Content, needed: &[ElementIndex]) -> Vec<Use<'c>> {
    let sources: Vec<&Source> =
        read_for(content, needed).into_iter().flat_map(|definition| &definition.sources).collect();
    let rules = content.therapies.iter().filter(|rules| {
        sources.iter().any(|source| source.therapy().is_some_and(|therapy| therapy == rules.id))
    });
    let of_rules = rules.flat_map(|rules| rules.uses());
    sources.iter().copied().flat_map(Source::uses).chain(of_rules).collect()
}

/// The prefetch key and template of every search that reading these elements needs, as discovery lists them.
#[must_use]
pub fn templates(content: &Content, needed: &[ElementIndex]) -> Vec<(&'static str, String)> {
    searches(content, needed)
        .into_iter()
        .filter_map(|search| Some((search.key(), template(search, content, needed)?)))
        .collect()
}

/// The template of one search; `None` where it has nothing to ask for.
fn template(search: Search, content: &Content, needed: &[ElementIndex]) -> Option<String> {
    let by_patient = |kind: &str| Some(format!("{kind}?patient={{{{context.patientId}}}}"));
    match search {
        Search::Patient => Some("Patient/{{context.patientId}}".into()),
        Search::Laboratory | Search::VitalSigns | Search::ClinicalObservations => {
            observations(&observed_codes(search, content, needed))
        }
        Search::Attestations => observations(&attested_codes(content, needed)),
        Search::Conditions => by_patient("Condition"),
        Search::MedicationRequests => by_patient("MedicationRequest"),
        Search::MedicationStatements => by_patient("MedicationStatement"),
        Search::MedicationAdministrations => by_patient("MedicationAdministration"),
        Search::MedicationDispenses => by_patient("MedicationDispense"),
        Search::Procedures => by_patient("Procedure"),
        Search::CarePlans => by_patient("CarePlan"),
        Search::Allergies => by_patient("AllergyIntolerance"),
        Search::Coverage => Some("Coverage?patient={{context.patientId}}&status=active".into()),
        Search::User => Some("{{context.userId}}".into()),
        Search::UserRoles => Some("PractitionerRole?practitioner={{userPractitionerId}}".into()),
        Search::CareTeams => by_patient("CareTeam"),
        Search::Encounter => Some("Encounter/{{context.encounterId}}".into()),
        Search::Referrals => by_patient("ServiceRequest"),
    }
}

fn observations(codes: &BTreeSet<String>) -> Option<String> {
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    (!codes.is_empty())
        .then(|| format!("Observation?patient={{{{context.patientId}}}}&code={}", codes.join(",")))
}

fn observed_codes(search: Search, content: &Content, needed: &[ElementIndex]) -> BTreeSet<String> {
    let terminology = &content.terminology;
    uses(content, needed)
        .into_iter()
        .filter(|used| used.observed == Some(search))
        .flat_map(|used| {
            OBSERVATION_SYSTEMS.into_iter().flat_map(|system| terminology.codes(used.set, system))
        })
        .map(str::to_owned)
        .collect()
}

fn attested_codes(content: &Content, needed: &[ElementIndex]) -> BTreeSet<String> {
    let id = |definition: &Definition| format!("{SYSTEM}|{}", definition.element.id);
    read_for(content, needed).into_iter().map(id).collect()
}
