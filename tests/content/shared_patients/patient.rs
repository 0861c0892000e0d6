//! One patient of a file, with an order of ours, on the day after the last entry.

use std::collections::BTreeSet;

use criteria::Knowledge;
use ehr::derived::Derived;
use ehr::knowledge::knowledge;
use ehr::order::DraftOrders;
use ehr::reading::Reading;
use ehr::record::Record;
use ehr::search::Search;
use jiff::civil::{Date, date};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::content::content;
use crate::files::File;

/// What a file says about one patient.
pub struct Patient {
    /// The logical id; `p` where the file names nobody.
    pub id: String,
    /// The entries that are about this patient or about nobody.
    pub entries: Vec<Value>,
    /// The evaluation instant: noon of the day after the newest date of a clinical fact.
    pub at: String,
}

/// The patients of a file; one where it names none.
pub fn patients(file: &File) -> Vec<Patient> {
    let resources = || file.entries.iter().map(|entry| &entry["resource"]);
    let own = resources().filter(|one| one["resourceType"] == "Patient").filter_map(|one| one["id"].as_str());
    let of = resources().filter_map(subject).map(last_part);
    let mut ids: BTreeSet<&str> = own.chain(of).filter(|id| !id.is_empty()).collect();
    if ids.is_empty() {
        ids.insert("p");
    }
    ids.into_iter().map(|id| patient(file, id)).collect()
}

fn patient(file: &File, id: &str) -> Patient {
    let is_about = |entry: &&Value| {
        let resource = &entry["resource"];
        match resource["resourceType"].as_str() {
            Some("Patient") => resource["id"].as_str().is_none_or(|own| own == id),
            _ => subject(resource).is_none_or(|reference| last_part(reference) == id),
        }
    };
    let entries: Vec<Value> = file.entries.iter().filter(is_about).cloned().collect();
    let at = day_after(entries.iter().filter_map(|entry| newest(&entry["resource"])).max());
    Patient { id: id.to_owned(), entries, at }
}

fn subject(resource: &Value) -> Option<&str> {
    ["subject", "patient", "individual"].into_iter().find_map(|member| resource[member]["reference"].as_str())
}

fn last_part(reference: &str) -> &str {
    reference.rsplit(['/', ':']).next().unwrap_or_default()
}

/// The newest full date of a clinical fact; what is planned or billed has no say.
fn newest(resource: &Value) -> Option<Date> {
    let kind = resource["resourceType"].as_str()?;
    let is_fact = ["Observation", "Condition", "Procedure", "AllergyIntolerance"].contains(&kind)
        || kind.starts_with("Medication");
    let period = ["effectivePeriod", "performedPeriod"].map(|member| &resource[member]);
    let members = [
        "effectiveDateTime",
        "recordedDate",
        "onsetDateTime",
        "authoredOn",
        "performedDateTime",
        "dateAsserted",
    ];
    let dates = members.map(|member| &resource[member]).into_iter();
    let dates = dates.chain(period.into_iter().flat_map(|period| [&period["start"], &period["end"]]));
    dates.filter_map(Value::as_str).filter_map(|date| date.get(..10)?.parse().ok()).filter(|_| is_fact).max()
}

fn day_after(newest: Option<Date>) -> String {
    let newest = newest.unwrap_or(date(2026, 11, 21));
    format!("{}T12:00:00Z", newest.tomorrow().unwrap())
}

impl Patient {
    /// What is known of the patient, with the real content.
    pub fn knowledge(&self) -> Knowledge {
        let content = content();
        let prefetch: Vec<(&str, Box<RawValue>)> =
            Search::ALL.into_iter().map(|search| (search.key(), raw(&self.answer(search.key())))).collect();
        let prefetch: Vec<(&str, &RawValue)> =
            prefetch.iter().map(|(key, raw)| (*key, raw.as_ref())).collect();
        let record = Record::read(&prefetch, &self.id, &content.terminology, &Search::ALL);
        let bundle = raw(&json!({ "resourceType": "Bundle", "entry": [{ "resource": self.order() }] }));
        let drafts = DraftOrders::read(&bundle).unwrap();
        let reading = Reading {
            record: &record,
            order: drafts.orders.first().unwrap(),
            drafts: &drafts,
            terminology: &content.terminology,
            definitions: &content.definitions,
            therapies: &content.therapies,
            at: self.at.parse().unwrap(),
            derived: Derived::default(),
        };
        let all: Vec<_> = content.definitions.iter().map(|definition| definition.index).collect();
        knowledge(content, &all, &reading)
    }

    /// Every search is answered, most with nothing.
    fn answer(&self, key: &str) -> Value {
        let is_asked =
            |entry: &&Value| types(key).contains(&entry["resource"]["resourceType"].as_str().unwrap());
        let entries: Vec<Value> = self.entries.iter().filter(is_asked).cloned().collect();
        json!({ "resourceType": "Bundle", "entry": entries })
    }

    /// An order for the drug of the content's service, so that nothing of the file is taken for an order of it.
    fn order(&self) -> Value {
        json!({
            "resourceType": "MedicationRequest", "id": "signpost-order", "status": "draft", "intent": "order",
            "subject": { "reference": format!("Patient/{}", self.id) },
            "medicationCodeableConcept": { "coding": [
                { "system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "337523" }
            ] },
        })
    }
}

/// The types that answer a search.
fn types(key: &str) -> &'static [&'static str] {
    match key {
        "patient" => &["Patient"],
        "laboratory" | "vital-signs" | "clinical-observations" => &["Observation"],
        "conditions" => &["Condition"],
        "medication-requests" => &["MedicationRequest", "Medication"],
        "medication-statements" => &["MedicationStatement", "Medication"],
        "medication-administrations" => &["MedicationAdministration", "Medication"],
        "medication-dispenses" => &["MedicationDispense", "Medication"],
        "procedures" => &["Procedure"],
        "care-plans" => &["CarePlan"],
        "request-groups" => &["RequestGroup"],
        "allergies" => &["AllergyIntolerance"],
        "coverage" => &["Coverage"],
        "care-teams" => &["CareTeam"],
        "encounter" => &["Encounter"],
        "referrals" => &["ServiceRequest"],
        _ => &[],
    }
}

fn raw(value: &Value) -> Box<RawValue> {
    RawValue::from_string(value.to_string()).unwrap()
}
