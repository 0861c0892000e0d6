//! Draft orders: their dose and their cycle, partners that are added, drafts that are taken away.

use serde_json::value::Number;
use serde_json::{Map, Value, json};

use super::{entries, entries_mut, free_id, patient};

const UCUM: &str = "http://unitsofmeasure.org";
/// What orders drugs.
const ORDER: &str = "MedicationRequest";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// A draft MedicationRequest, as far as it can be changed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its place among the entries of the draft Bundle.
    pub place: usize,
    /// `Type/id`, as cards name it.
    pub reference: String,
    /// What it is for, in its own words.
    pub title: String,
    /// Dose of its first instruction.
    pub dose: Dose,
    /// Days between cycles of its first instruction, where its timing says that.
    pub days: String,
}

/// A dose as an order writes it: number and unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dose {
    pub value: String,
    pub unit: String,
}

/// All draft orders that can be named.
pub fn drafts(request: &Value) -> Vec<Draft> {
    let placed = entries(request).iter().enumerate();
    let resources = placed.filter_map(|(place, entry)| Some((place, entry.get("resource")?)));
    let mut number: usize = 0;
    let draft = |(place, resource): (usize, &Value)| {
        number = number.saturating_add(usize::from(said(resource, "/resourceType") == Some(ORDER)));
        draft(place, number, resource)
    };
    resources.map(draft).collect()
}

/// A draft, and how many medication orders there are up to it: one without an id is named by its number, as on cards.
fn draft(place: usize, number: usize, resource: &Value) -> Draft {
    let text = |pointer: &str| said(resource, pointer);
    let kind = text("/resourceType").unwrap_or("Resource");
    let id = text("/id").map_or_else(|| format!("#{number}"), str::to_owned);
    let title = ["/medicationCodeableConcept", "/code", "/medicationReference"].into_iter().find_map(|at| {
        ["/text", "/coding/0/display", "/display"].iter().find_map(|inner| text(&format!("{at}{inner}")))
    });
    Draft {
        place,
        reference: format!("{kind}/{id}"),
        title: title.unwrap_or(kind).to_owned(),
        dose: dose(resource).unwrap_or_default(),
        days: days(resource).unwrap_or_default(),
    }
}

/// A text that says something, as the service reads it.
fn said<'r>(resource: &'r Value, pointer: &str) -> Option<&'r str> {
    resource.pointer(pointer)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn dose(resource: &Value) -> Option<Dose> {
    let quantity = resource.pointer("/dosageInstruction/0/doseAndRate/0/doseQuantity")?;
    let unit = quantity.get("code").or_else(|| quantity.get("unit"))?.as_str()?;
    Some(Dose { value: quantity.get("value")?.as_number()?.to_string(), unit: unit.to_owned() })
}

fn days(resource: &Value) -> Option<String> {
    let repeat = resource.pointer("/dosageInstruction/0/timing/repeat")?;
    let period = repeat.get("period")?.as_number()?.to_string();
    match repeat.get("periodUnit")?.as_str()? {
        "d" => Some(period),
        "wk" => period.parse::<u32>().ok()?.checked_mul(7).map(|days| days.to_string()),
        _ => None,
    }
}

impl Dose {
    /// Writes the dose into a draft. What its instruction said in words is taken away, for it says something else now.
    /// Nothing where the draft has this dose already.
    pub fn write(&self, request: &mut Value, place: usize) {
        let Some(resource) = resource_mut(request, place) else { return };
        let Some(value) = number(&self.value) else { return };
        if dose(resource).as_ref() == Some(self) {
            return;
        }
        let Some(instruction) = instruction_mut(resource) else { return };
        let kind = instruction.get("doseAndRate").and_then(|rates| rates.pointer("/0/type")).cloned();
        let quantity = json!({ "value": value, "unit": self.unit, "system": UCUM, "code": self.unit });
        let mut rate = Map::new();
        rate.extend(kind.map(|kind| ("type".to_owned(), kind)));
        rate.insert("doseQuantity".into(), quantity);
        instruction.insert("doseAndRate".into(), json!([rate]));
        without_words(instruction);
    }
}

/// Writes the days between cycles into a draft: one dose in each. Nothing where it has them already.
pub fn write_days(request: &mut Value, place: usize, text: &str) {
    let Some(resource) = resource_mut(request, place) else { return };
    let Some(value) = number(text) else { return };
    if days(resource).as_deref() == Some(text) {
        return;
    }
    let Some(instruction) = instruction_mut(resource) else { return };
    let repeat = json!({ "frequency": 1, "period": value, "periodUnit": "d" });
    instruction.insert("timing".into(), json!({ "repeat": repeat }));
    without_words(instruction);
}

fn without_words(instruction: &mut Map<String, Value>) {
    instruction.shift_remove("text");
    instruction.shift_remove("patientInstruction");
}

/// Adds a draft order for a partner drug on the same day, by its name and, where there is one, its RxNorm code.
pub fn add(request: &mut Value, name: &str, rxnorm: Option<&str>, like: usize) {
    let subject = json!({ "reference": format!("Patient/{}", patient(request)) });
    let of_first = |key: &str| entries(request).get(like).and_then(|entry| entry.pointer(key)).cloned();
    let mut concept = Map::new();
    concept.extend(rxnorm.map(|code| ("coding".to_owned(), json!([{ "system": RXNORM, "code": code }]))));
    concept.insert("text".into(), name.into());
    let mut order = Map::new();
    order.insert("resourceType".into(), "MedicationRequest".into());
    order.insert("id".into(), free_id(request).into());
    order.insert("status".into(), "draft".into());
    order.insert("intent".into(), "order".into());
    order.insert("medicationCodeableConcept".into(), concept.into());
    order.insert("subject".into(), subject);
    order.extend(of_first("/resource/authoredOn").map(|when| ("authoredOn".to_owned(), when)));
    order.extend(of_first("/resource/requester").map(|who| ("requester".to_owned(), who)));
    if let Some(entries) = entries_mut(request) {
        entries.push(json!({ "resource": order }));
    }
}

/// Takes a draft away.
pub fn remove(request: &mut Value, place: usize) {
    if let Some(entries) = entries_mut(request).filter(|entries| place < entries.len()) {
        entries.remove(place);
    }
}

/// A number as JSON writes it, to its last digit.
pub fn number(text: &str) -> Option<Number> {
    serde_json::from_str::<Number>(text).ok().filter(|_| text.len() <= 20 && !text.contains(['e', 'E', '-']))
}

fn resource_mut(request: &mut Value, place: usize) -> Option<&mut Value> {
    entries_mut(request)?.get_mut(place)?.get_mut("resource")
}

/// The first dosage instruction, made where there is none.
fn instruction_mut(resource: &mut Value) -> Option<&mut Map<String, Value>> {
    let instructions =
        resource.as_object_mut()?.entry("dosageInstruction").or_insert_with(|| json!([{}])).as_array_mut()?;
    if instructions.is_empty() {
        instructions.push(json!({}));
    }
    instructions.first_mut()?.as_object_mut()
}
