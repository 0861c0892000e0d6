//! "What if": the value of a data element, stated as the service reads it from any EHR, as an attestation.

use criteria::{Element, Kind};
use ehr::attestation::SYSTEM;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{number, patient, prefetch_mut};

/// The ids of the workbench's attestations begin so; all others belong to the record.
const MINE: &str = "what-if.";
const UCUM: &str = "http://unitsofmeasure.org";
/// The prefetch key of attestations.
const KEY: &str = "attestations";
/// Stands for no member at all in a set.
const NONE: &str = "none";
/// Comparators as people write them and as FHIR does, longest first.
const COMPARATORS: [&str; 4] = ["<=", ">=", "<", ">"];

/// What a user says about a data element; empty where it is to be as the record has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// One value: `true`, a code, a number with or without a comparator.
    One(String),
    /// The members that are in a set, or `none`.
    Members(Vec<String>),
}

impl Answer {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::One(text) => text.is_empty(),
            Self::Members(members) => members.is_empty(),
        }
    }
}

/// What the workbench has attested about an element.
pub fn attested(request: &Value, element: &Element) -> Option<Answer> {
    let id = id(element);
    let entries = request.pointer("/prefetch/attestations/entry")?.as_array()?;
    let resources = entries.iter().filter_map(|entry| entry.get("resource"));
    let mine = resources.into_iter().find(|resource| is(resource, &id))?;
    read(&element.kind, mine)
}

/// Attests a value of an element, or takes the workbench's attestation of it away. One that says the same already stays,
/// with its date.
///
/// # Errors
/// What is wrong with the value, in words for who typed it.
pub fn attest(request: &mut Value, element: &Element, answer: &Answer, at: Timestamp) -> Result<(), String> {
    let answer = tidied(answer);
    if attested(request, element).as_ref() == Some(&answer) {
        return Ok(());
    }
    if answer.is_empty() {
        remove(request, |resource| is(resource, &id(element)));
        return Ok(());
    }
    let (key, value) = value(&element.kind, &answer)?;
    remove(request, |resource| is(resource, &id(element)));
    let mut observation = json!({
        "resourceType": "Observation", "id": id(element), "status": "final",
        "code": { "coding": [{ "system": SYSTEM, "code": element.id }] },
        "subject": { "reference": format!("Patient/{}", patient(request)) },
        "effectiveDateTime": at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "performer": [{ "display": "the workbench" }]
    });
    if let Some(members) = observation.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
    if let Some(entries) = attestations_mut(request) {
        entries.push(json!({ "resource": observation, "search": { "mode": "match" } }));
    }
    Ok(())
}

/// Takes all of the workbench's attestations away.
pub fn forget(request: &mut Value) {
    remove(request, |resource| {
        resource.get("id").and_then(Value::as_str).is_some_and(|id| id.starts_with(MINE))
    });
}

fn id(element: &Element) -> String {
    format!("{MINE}{}", element.id)
}

fn is(resource: &Value, id: &str) -> bool {
    resource.get("id").and_then(Value::as_str) == Some(id)
}

fn tidied(answer: &Answer) -> Answer {
    match answer {
        Answer::One(text) => {
            let text = text.trim().replace(' ', "").replace('≤', "<=").replace('≥', ">=");
            Answer::One(text)
        }
        Answer::Members(members) => Answer::Members(members.clone()),
    }
}

/// The attestations that a request brings, to be added to. What is no Bundle of answers becomes one.
fn attestations_mut(request: &mut Value) -> Option<&mut Vec<Value>> {
    let prefetch = prefetch_mut(request)?;
    let known = prefetch.entry(KEY).or_insert(Value::Null);
    if known.get("resourceType").and_then(Value::as_str) != Some("Bundle") {
        *known = json!({ "resourceType": "Bundle", "type": "searchset" });
    }
    let bundle = known.as_object_mut()?;
    // It would be wrong from now on.
    bundle.shift_remove("total");
    bundle.entry("entry").or_insert_with(|| json!([])).as_array_mut()
}

fn remove(request: &mut Value, is_gone: impl Fn(&Value) -> bool) {
    let entries = request.pointer_mut("/prefetch/attestations/entry").and_then(Value::as_array_mut);
    if let Some(entries) = entries {
        entries.retain(|entry| entry.get("resource").is_none_or(|resource| !is_gone(resource)));
    }
}

/// The member of the Observation that holds a value of this kind, and the value.
fn value(kind: &Kind, answer: &Answer) -> Result<(&'static str, Value), String> {
    match (kind, answer) {
        (Kind::Truth, Answer::One(text)) => match text.as_str() {
            "true" => Ok(("valueBoolean", true.into())),
            "false" => Ok(("valueBoolean", false.into())),
            _ => Err("say yes or no".into()),
        },
        (Kind::Coded { .. }, Answer::One(code)) if kind.codes_named(code).is_some() => {
            Ok(("valueCodeableConcept", json!({ "coding": [{ "code": code }] })))
        }
        (Kind::Coded { .. }, _) => Err("choose one of the values".into()),
        (Kind::Quantity { unit }, Answer::One(text)) if unit == "1" => quantity(text, None),
        (Kind::Quantity { unit }, Answer::One(text)) => quantity(text, Some((unit, unit))),
        (Kind::MultipleOfUln, Answer::One(text)) => quantity(text, Some(("x ULN", "1"))),
        (Kind::Count, Answer::One(text)) if text.contains('.') => Err("write a whole number".into()),
        (Kind::Count, Answer::One(text)) => quantity(text, None),
        (Kind::Set { .. }, Answer::Members(members)) => set(kind, members),
        _ => Err("this element has no such value".into()),
    }
}

/// A number, and its unit in words and as a UCUM code.
fn quantity(text: &str, unit: Option<(&str, &str)>) -> Result<(&'static str, Value), String> {
    let comparator = COMPARATORS.into_iter().find(|known| text.starts_with(known));
    let digits = text.strip_prefix(comparator.unwrap_or_default()).unwrap_or(text);
    let wrong = || format!("write a number such as 12 or 1.5, or a limit such as <10 or >=3; not `{text}`");
    let value = number(digits).ok_or_else(wrong)?;
    let mut quantity = Map::new();
    quantity.insert("value".into(), Value::Number(value));
    quantity.extend(comparator.map(|comparator| ("comparator".to_owned(), comparator.into())));
    if let Some((unit, code)) = unit {
        quantity.insert("unit".into(), unit.into());
        quantity.insert("system".into(), UCUM.into());
        quantity.insert("code".into(), code.into());
    }
    Ok(("valueQuantity", quantity.into()))
}

fn set(kind: &Kind, members: &[String]) -> Result<(&'static str, Value), String> {
    let is_none = |member: &String| member == NONE;
    if members.len() > 1 && members.iter().any(is_none) {
        return Err("choose either `none` or the ones that are in".into());
    }
    if members.iter().any(|member| !is_none(member) && kind.member_named(member).is_none()) {
        return Err("choose from the list".into());
    }
    let codings: Vec<Value> = members.iter().map(|member| json!({ "code": member })).collect();
    Ok(("valueCodeableConcept", json!({ "coding": codings })))
}

fn read(kind: &Kind, resource: &Value) -> Option<Answer> {
    let codes = || {
        let codings = resource.pointer("/valueCodeableConcept/coding")?.as_array()?;
        Some(codings.iter().filter_map(|coding| Some(coding.get("code")?.as_str()?.to_owned())).collect())
    };
    match kind {
        Kind::Truth => Some(Answer::One(resource.get("valueBoolean")?.as_bool()?.to_string())),
        Kind::Coded { .. } => {
            let codes: Vec<String> = codes()?;
            codes.into_iter().next().map(Answer::One)
        }
        Kind::Set { .. } => codes().map(Answer::Members),
        Kind::Quantity { .. } | Kind::MultipleOfUln | Kind::Count => {
            let quantity = resource.get("valueQuantity")?;
            let comparator = quantity.get("comparator").and_then(Value::as_str).unwrap_or_default();
            Some(Answer::One(format!("{comparator}{}", quantity.get("value")?.as_number()?)))
        }
    }
}
