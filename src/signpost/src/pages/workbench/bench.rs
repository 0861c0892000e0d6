//! The page of the workbench: a request, what it came to, and everything that can be changed about it.

use std::collections::BTreeSet;
use std::time::Instant;

use askama::Template;
use axum::http::StatusCode;
use criteria::ElementIndex;
use hooks::HookRequest;
use jiff::Timestamp;
use serde_json::Value;

use super::Asked;
use super::change::{Changed, OTHER_PAYER, partners};
use super::edit::{self, Draft};
use super::view::{Card, Choice, Input, OrderView, cards, inputs, order};
use crate::answer::day;
use crate::cards::response;
use crate::content::{Content, Service};
use crate::decision::{Decisions, decide};
use crate::example;
use crate::pages::{Audience, Frame, Place};
use crate::payers::Payers;
use crate::refusal::Refusal;

/// The page.
#[derive(Debug, Template)]
#[template(path = "workbench/page.html")]
pub(super) struct Bench {
    frame: Frame,
    groups: Vec<Patients>,
    patient: String,
    services: Vec<Choice>,
    /// Id of the service that answers.
    service: String,
    status: String,
    notices: Vec<String>,
    /// How many data elements the workbench has attested.
    changes: usize,
    drafts: Vec<DraftView>,
    partners: Vec<Choice>,
    payers: Vec<Choice>,
    answered: Option<Answered>,
    refused_status: u16,
    issues: Vec<IssueView>,
    /// The request, escaped for a text area.
    request: String,
    curl: String,
    /// Whether the request names a FHIR server, from which the rest might be read.
    names_server: bool,
}

/// Bundled patients of one kind.
#[derive(Debug)]
struct Patients {
    title: String,
    patients: Vec<Choice>,
}

/// A draft order, with what can be changed about it.
#[derive(Debug)]
struct DraftView {
    place: usize,
    title: String,
    /// Whether the service speaks about it.
    is_ours: bool,
    dose: String,
    units: Vec<Choice>,
    days: String,
    wrong_dose: String,
    wrong_days: String,
}

/// Something that is wrong with a request.
#[derive(Debug)]
struct IssueView {
    text: String,
    place: String,
}

/// The answer to a request.
#[derive(Debug)]
struct Answered {
    cards: Vec<Card>,
    orders: Vec<OrderView>,
    groups: Vec<Group>,
    response: String,
    payer: Option<String>,
    changes: usize,
}

/// Controls of data elements whose ids begin alike.
#[derive(Debug)]
struct Group {
    id: String,
    title: String,
    is_open: bool,
    inputs: Vec<Input>,
}

impl Bench {
    /// The page for a request, answered at an instant.
    pub(super) fn of(
        content: &Content,
        service: &Service,
        changed: Changed,
        asked: &Asked,
        at: Timestamp,
    ) -> Self {
        let request = serde_json::from_str(&changed.text).unwrap_or(Value::Null);
        let begun = Instant::now();
        let answer = answer(content, service, &changed, &request, at);
        let took = begun.elapsed();
        let (answered, refusal) = match answer {
            Ok(answered) => (Some(answered), None),
            Err(refusal) => (None, Some(refusal)),
        };
        let ours = answered.iter().flat_map(|answered| &answered.orders);
        let ours: Vec<&str> = ours.map(|order| order.reference.as_str()).collect();
        let drafts = edit::drafts(&request);
        let status = answered.as_ref().map(|answered| status(&answered.cards, took.as_millis()));
        let payer = answered.as_ref().and_then(|answered| answered.payer.as_deref());
        Self {
            frame: Frame::new("Workbench", asked.audience, Some(Place::Try)),
            groups: patients(&changed.patient),
            services: services(content, service),
            service: service.file.id.clone(),
            status: status.unwrap_or_else(|| "The request is refused.".to_owned()),
            changes: answered.as_ref().map_or(0, |answered| answered.changes),
            drafts: drafts.into_iter().map(|draft| draft_view(draft, &ours, &changed)).collect(),
            partners: partner_choices(content, service),
            payers: payer_choices(service, payer),
            answered,
            refused_status: refusal.as_ref().map_or(200, |refusal| refusal.status),
            issues: refusal.map(issues).unwrap_or_default(),
            request: for_text_area(&changed.text),
            curl: curl(service, asked),
            patient: changed.patient,
            notices: changed.notices,
            names_server: request.get("fhirServer").is_some(),
        }
    }

    /// A refused request has the status that an EHR would get.
    pub(super) fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.refused_status).unwrap_or(StatusCode::OK)
    }
}

/// Decides as every hook call is decided, and shows it.
fn answer(
    content: &Content,
    service: &Service,
    changed: &Changed,
    request: &Value,
    at: Timestamp,
) -> Result<Answered, Refusal> {
    let read = HookRequest::read_with(changed.text.as_bytes(), Some(service.file.hook.as_str()))?;
    let decisions = decide(content, service, read, at)?;
    let response = response(content, service, &day(at), &decisions);
    let body = serde_json::to_vec(&response).map_err(|_| Refusal::internal())?;
    let cards = cards(&body).map_err(|_| Refusal::internal())?;
    let whole: Value = serde_json::from_slice(&body).map_err(|_| Refusal::internal())?;
    let mut pool = pool(content, &decisions, changed, request);
    let changes = pool.iter().filter(|(_, input)| input.is_mine).count();
    let orders = decisions.orders.iter().map(|decision| order(content, decision, &mut pool)).collect();
    Ok(Answered {
        cards,
        orders,
        groups: groups(pool),
        response: serde_json::to_string_pretty(&whole).map_err(|_| Refusal::internal())?,
        payer: payer(&decisions),
        changes,
    })
}

/// The controls of all elements that decide about any of the orders, each once.
fn pool(
    content: &Content,
    decisions: &Decisions<'_, '_>,
    changed: &Changed,
    request: &Value,
) -> Vec<(ElementIndex, Input)> {
    let mut pool: Vec<(ElementIndex, Input)> = Vec::new();
    for decision in &decisions.orders {
        // What is known already is not looked for in the request again.
        let known: BTreeSet<ElementIndex> = pool.iter().map(|(index, _)| *index).collect();
        pool.extend(inputs(content, decision, request, &changed.typed, &known));
    }
    pool
}

/// Controls by the first part of their ids, in the order of the elements' files.
fn groups(pool: Vec<(ElementIndex, Input)>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (_, input) in pool {
        let id = input.id.split('.').next().unwrap_or_default().to_owned();
        let is_open = input.is_mine || !input.wrong.is_empty();
        match groups.iter_mut().find(|group| group.id == id) {
            Some(group) => {
                group.is_open |= is_open;
                group.inputs.push(input);
            }
            None => groups.push(Group { title: capital(&id), id, is_open, inputs: vec![input] }),
        }
    }
    groups
}

fn payer(decisions: &Decisions<'_, '_>) -> Option<String> {
    match &decisions.orders.first()?.payers {
        Payers::Recognized(titles, _) => titles.first().map(|title| (*title).to_owned()),
        Payers::NotRecognized => None,
    }
}

fn status(cards: &[Card], milliseconds: u128) -> String {
    let count = |indicator: &str| cards.iter().filter(|card| card.indicator == indicator).count();
    let counts = [("critical", count("critical")), ("warning", count("warning")), ("info", count("info"))];
    let named: Vec<String> = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{count} {word}"))
        .collect();
    let cards = match cards.len() {
        0 => "No cards".to_owned(),
        1 => format!("1 card: {}", named.join(", ")),
        many => format!("{many} cards: {}", named.join(", ")),
    };
    format!("{cards}. Answered in {} ms.", milliseconds.max(1))
}

fn issues(refusal: Refusal) -> Vec<IssueView> {
    let issue = |issue: crate::refusal::Issue| IssueView {
        text: issue.text,
        place: issue.expression.unwrap_or_default(),
    };
    refusal.issues.into_iter().map(issue).collect()
}

fn draft_view(draft: Draft, ours: &[&str], changed: &Changed) -> DraftView {
    let Draft { place, reference, title, dose, days } = draft;
    let typed = |name: &str, value: String| {
        let wrong = changed.orders.get(&format!("{name}.{place}")).cloned();
        wrong.unwrap_or((value, String::new()))
    };
    let mut units = vec!["mg", "mg/m2"];
    if !dose.unit.is_empty() && !units.contains(&dose.unit.as_str()) {
        units.push(&dose.unit);
    }
    let unit = |unit: &str| Choice {
        value: unit.to_owned(),
        label: unit.replace("/m2", "/m²"),
        is_chosen: unit == dose.unit,
    };
    let units = units.into_iter().map(unit).collect();
    let (dose, wrong_dose) = typed("dose", dose.value);
    let (days, wrong_days) = typed("days", days);
    let is_ours = ours.contains(&reference.as_str());
    DraftView { place, title, is_ours, dose, units, days, wrong_dose, wrong_days }
}

fn partner_choices(content: &Content, service: &Service) -> Vec<Choice> {
    let choice = |value: &str, label: String| Choice { value: value.to_owned(), label, is_chosen: false };
    let partners = partners(content, service).into_iter();
    let mut choices: Vec<Choice> = partners.map(|(name, _)| choice(name, name.replace('-', " "))).collect();
    if !choices.is_empty() {
        choices.insert(0, choice("", "none".to_owned()));
    }
    choices
}

/// The payers of the table, and one that is in no table.
fn payer_choices(service: &Service, current: Option<&str>) -> Vec<Choice> {
    let payers = service.file.payers.iter().map(|payer| Choice {
        value: payer.title.clone(),
        label: payer.title.clone(),
        is_chosen: current == Some(payer.title.as_str()),
    });
    let other = Choice {
        value: OTHER_PAYER.to_owned(),
        label: "another, in no table".to_owned(),
        is_chosen: current.is_none(),
    };
    payers.chain([other]).collect()
}

fn services(content: &Content, chosen: &Service) -> Vec<Choice> {
    let choice = |service: &Service| Choice {
        value: service.file.id.clone(),
        label: service.file.title.clone(),
        is_chosen: service.file.id == chosen.file.id,
    };
    content.services.iter().map(choice).collect()
}

/// The bundled patients, those whose names begin alike together.
fn patients(chosen: &str) -> Vec<Patients> {
    let names = example::names();
    let first = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
    let is_group = |word: &str| names.iter().filter(|name| first(name) == word).count() > 2;
    let mut groups: Vec<Patients> = Vec::new();
    for name in &names {
        let word = first(name);
        let title = if is_group(&word) { capital(&word) } else { "Safety and others".to_owned() };
        let label = capital(&name.replace('-', " "));
        let choice = Choice { value: (*name).to_owned(), label, is_chosen: *name == chosen };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.patients.push(choice),
            None => groups.push(Patients { title, patients: vec![choice] }),
        }
    }
    groups
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Text inside a text area: of all characters only these two mean something there.
fn for_text_area(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// How anybody gets the same answer: with known clients by a token of one, at the address that operators know.
fn curl(service: &Service, asked: &Asked) -> String {
    let (token, base) = match asked.audience {
        Audience::Open => (String::new(), format!("http://{}", asked.host)),
        _ => (" -H \"Authorization: Bearer $TOKEN\"".to_owned(), "$PUBLIC_URL".to_owned()),
    };
    format!(
        "curl -sS{token} -H 'Content-Type: application/json' --data-binary @request.json \\\n  {base}/cds-services/{}",
        service.file.id
    )
}
