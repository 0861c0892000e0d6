//! A control for every data element, by its kind: the next drug brings its own by its files.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use criteria::{ElementIndex, Kind};
use serde_json::Value;

use super::super::edit::{Answer, attested};
use super::tree::{line, value};
use crate::content::Content;
use crate::decision::Decision;

/// A data element that can be said to be something else.
#[derive(Debug, Clone, Template)]
#[template(path = "workbench/input.html")]
pub struct Input {
    /// Id of the element.
    pub id: String,
    pub title: String,
    pub definition: String,
    /// What is known, in words.
    pub now: String,
    /// Where that comes from, in short.
    pub from: String,
    pub control: Control,
    /// Whether the workbench has said something.
    pub is_mine: bool,
    /// What is wrong with what was typed.
    pub wrong: String,
}

/// How it is said.
#[derive(Debug, Clone)]
pub enum Control {
    /// One of these.
    Choice(Vec<Choice>),
    /// A number, and its unit for the eye.
    Number { value: String, unit: String },
    /// Some of these, or none.
    Members(Vec<Choice>),
}

/// A value that can be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// What was typed and cannot be read, with what is wrong, by element.
pub type Typed = BTreeMap<String, (String, String)>;

/// The controls of all elements that decide about an order, without those that are known from other orders.
pub fn inputs(
    content: &Content,
    decision: &Decision<'_, '_>,
    request: &Value,
    typed: &Typed,
    known: &BTreeSet<ElementIndex>,
) -> Vec<(ElementIndex, Input)> {
    let elements = decision.drug.elements.iter().filter(|index| !known.contains(index));
    elements.filter_map(|index| Some((*index, input(content, decision, request, typed, *index)?))).collect()
}

fn input(
    content: &Content,
    decision: &Decision<'_, '_>,
    request: &Value,
    typed: &Typed,
    index: ElementIndex,
) -> Option<Input> {
    let definition = content.record.definition(index)?;
    let element = &definition.element;
    let known = decision.knowledge.get(index)?;
    let mine = attested(request, element);
    let wrong = typed.get(&element.id);
    let said = match wrong {
        Some((text, _)) => Some(Answer::One(text.clone())),
        None => mine.clone(),
    };
    Some(Input {
        id: element.id.clone(),
        title: element.title.clone(),
        definition: definition.description.clone(),
        now: value(element, known),
        from: from(known),
        control: control(&element.kind, said.as_ref()),
        is_mine: mine.is_some(),
        wrong: wrong.map(|(_, wrong)| wrong.clone()).unwrap_or_default(),
    })
}

fn from(known: &criteria::Known) -> String {
    match known.evidence.as_slice() {
        [] => known.gaps.first().map(|gap| gap.kind.as_str().replace('-', " ")).unwrap_or_default(),
        [one] => line(one),
        [one, more @ ..] => format!("{}, and {} more", line(one), more.len()),
    }
}

fn control(kind: &Kind, said: Option<&Answer>) -> Control {
    let one = match said {
        Some(Answer::One(text)) => text.as_str(),
        _ => "",
    };
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        is_chosen: one == value,
    };
    match kind {
        Kind::Truth => {
            Control::Choice(vec![choice("", "as on record"), choice("true", "yes"), choice("false", "no")])
        }
        Kind::Coded { codes, groups } => {
            let names = codes.iter().chain(groups.iter().map(|(name, _)| name));
            let named = names.map(|name| choice(name, &words(name)));
            Control::Choice(std::iter::once(choice("", "as on record")).chain(named).collect())
        }
        Kind::Quantity { unit } => Control::Number { value: one.to_owned(), unit: unit_words(unit) },
        Kind::MultipleOfUln => Control::Number { value: one.to_owned(), unit: "× ULN".to_owned() },
        Kind::Count => Control::Number { value: one.to_owned(), unit: String::new() },
        Kind::Set { members } => {
            let names = members.iter().map(String::as_str).chain(std::iter::once("none"));
            let is_in = |name: &str| match said {
                Some(Answer::Members(inside)) => inside.iter().any(|member| member == name),
                _ => false,
            };
            let member =
                |name: &str| Choice { value: name.to_owned(), label: words(name), is_chosen: is_in(name) };
            Control::Members(names.map(member).collect())
        }
    }
}

fn words(name: &str) -> String {
    name.replace('-', " ")
}

/// A UCUM code for the eye.
fn unit_words(unit: &str) -> String {
    match unit {
        "1" => String::new(),
        "a" => "years".to_owned(),
        "d" => "days".to_owned(),
        "m2" => "m²".to_owned(),
        unit => unit.replace("/m2", "/m²"),
    }
}
