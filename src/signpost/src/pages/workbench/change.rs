//! From what the form says to the request that is answered.

use std::collections::BTreeMap;

use criteria::{Element, Kind};
use ehr::source::Source;
use jiff::Timestamp;
use serde_json::Value;

use super::Unanswered;
use super::edit::{self, Answer, Dose};
use super::form::{Do, Fields};
use super::view::{Typed, cards};
use crate::answer::answer;
use crate::content::{Content, Payer, Service};

const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// How many entries of the draft Bundle are shown: far more than anybody signs at once.
pub(super) const MOST_DRAFTS: usize = 100;

/// A payer that is in no table.
pub(super) const OTHER_PAYER: &str = "?";

/// A request as it is to be answered, and what could not be read of the form.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// The bundled patient that it began with; empty for a request of one's own.
    pub(super) patient: String,
    /// The request.
    pub(super) text: String,
    /// What was typed for data elements and cannot be read.
    pub(super) typed: Typed,
    /// What was typed for orders and cannot be read, by the name of the field.
    pub(super) orders: BTreeMap<String, (String, String)>,
    /// What was done, for the user.
    pub(super) notices: Vec<String>,
}

impl Changed {
    /// A bundled request as it is.
    pub(super) fn untouched(name: &str, text: String) -> Self {
        Self { patient: name.to_owned(), text, ..Self::default() }
    }

    /// The request of a form, with everything in it that the form says.
    ///
    /// # Errors
    /// If it has too many draft orders: each has controls of its own, which are looked for in the form.
    pub(super) fn by(
        content: &Content,
        service: &Service,
        fields: &Fields,
        at: Timestamp,
    ) -> Result<Self, Unanswered> {
        let text = fields.get("request").unwrap_or_default();
        let patient = fields.get("patient").unwrap_or_default().to_owned();
        let mut changed = Self { patient, text: text.to_owned(), ..Self::default() };
        let mut request: Value = serde_json::from_str(text).unwrap_or_default();
        if edit::entries(&request).len() > MOST_DRAFTS {
            return Err(Unanswered::TooManyDrafts);
        }
        let asks = fields.asks();
        if asks == Do::Take {
            changed.patient.clear();
            return Ok(changed);
        }
        if !request.is_object() {
            return Ok(changed);
        }
        let before = request.clone();
        changed.orders(content, service, fields, &mut request);
        changed.elements(content, fields, &mut request, at);
        changed.asked(content, service, &asks, &mut request, at);
        if request != before {
            changed.text = pretty(&request);
        }
        Ok(changed)
    }

    /// What a button asks for beside the fields.
    fn asked(&mut self, content: &Content, service: &Service, asks: &Do, request: &mut Value, at: Timestamp) {
        match asks {
            Do::Take | Do::Change => {}
            Do::Reset => edit::forget(request),
            Do::Remove(place) => edit::remove(request, *place),
            Do::Apply(id) => self.apply(content, service, id, request, at),
        }
    }

    /// As an EHR would: the suggestion is one of the answer to the request as it now stands.
    fn apply(&mut self, content: &Content, service: &Service, id: &str, request: &mut Value, at: Timestamp) {
        let body = request.to_string();
        let response = answer(content, service, body.as_bytes(), at).unwrap_or_default();
        let cards = cards(&response).unwrap_or_default();
        let mut suggestions = cards.iter().flat_map(|card| &card.suggestions);
        match suggestions.find(|suggestion| suggestion.uuid == id) {
            Some(suggestion) => {
                edit::apply(request, &suggestion.actions);
                let done: Vec<&str> =
                    suggestion.actions.iter().map(|action| action.description.as_str()).collect();
                self.notices.push(format!("Applied and sent again: {}", done.join("; ")));
            }
            None => self.notices.push("That suggestion is not offered any more.".to_owned()),
        }
    }

    fn orders(&mut self, content: &Content, service: &Service, fields: &Fields, request: &mut Value) {
        for draft in edit::drafts(request) {
            let place = draft.place;
            if let Some(value) = self.number(fields, &format!("dose.{place}")) {
                let unit = fields.get(&format!("unit.{place}")).unwrap_or("mg").to_owned();
                Dose { value, unit }.write(request, place);
            }
            if let Some(days) = self.number(fields, &format!("days.{place}")) {
                edit::write_days(request, place, &days);
            }
        }
        if let Some((name, set)) = fields.get("add").and_then(|name| partner(content, service, name)) {
            let code = content.record.terminology.codes(set, RXNORM).first().map(|code| (*code).to_owned());
            edit::add(request, &name, code.as_deref(), 0);
        }
        let (payer, was) = (fields.get("payer"), fields.get("payer.was"));
        if let Some(title) = payer.filter(|_| payer != was) {
            let known = |payer: &&Payer| payer.title == title;
            edit::set_payer(request, service.file.payers.iter().find(known));
        }
    }

    /// A number of the form; what is none is kept with what is wrong with it.
    fn number(&mut self, fields: &Fields, name: &str) -> Option<String> {
        let text = fields.get(name)?.trim();
        if text.is_empty() || edit::number(text).is_some() {
            return Some(text.to_owned()).filter(|text| !text.is_empty());
        }
        let wrong = "Write a number, such as 40 or 32.5.".to_owned();
        self.orders.insert(name.to_owned(), (text.to_owned(), wrong));
        None
    }

    fn elements(&mut self, content: &Content, fields: &Fields, request: &mut Value, at: Timestamp) {
        for (_, element) in content.record.elements.iter() {
            let Some(answer) = said(fields, element) else { continue };
            if let Err(wrong) = edit::attest(request, element, &answer, at) {
                let text = match answer {
                    Answer::One(text) => text,
                    Answer::Members(members) => members.join(", "),
                };
                self.typed.insert(element.id.clone(), (text, wrong));
            }
        }
    }
}

/// What the form says about an element; nothing where it does not ask.
fn said(fields: &Fields, element: &Element) -> Option<Answer> {
    let name = format!("e.{}", element.id);
    let mut values = fields.all(&name).peekable();
    values.peek()?;
    match element.kind {
        Kind::Set { .. } => {
            Some(Answer::Members(values.filter(|value| !value.is_empty()).map(str::to_owned).collect()))
        }
        _ => values.next().map(|value| Answer::One(value.to_owned())),
    }
}

/// The partners that the elements of a service's drugs know: name and value set, by the member of the set element.
pub(super) fn partners<'c>(content: &'c Content, service: &Service) -> Vec<(&'c str, &'c str)> {
    let elements = service.drugs.iter().flat_map(|drug| &drug.elements);
    let sources = elements.filter_map(|index| content.record.definition(*index)).flat_map(|one| &one.sources);
    let members = sources.filter_map(|source| match source {
        Source::OrderPartners(partners) => Some(&partners.members),
        _ => None,
    });
    let mut partners: Vec<(&str, &str)> =
        members.flatten().map(|(name, set)| (name.as_str(), set.as_str())).collect();
    partners.dedup();
    partners
}

fn partner<'c>(content: &'c Content, service: &Service, name: &str) -> Option<(String, &'c str)> {
    let known = partners(content, service).into_iter().find(|(known, _)| *known == name)?;
    Some((name.replace('-', " "), known.1))
}

/// A request as it is shown.
fn pretty(request: &Value) -> String {
    serde_json::to_string_pretty(request).unwrap_or_default()
}
