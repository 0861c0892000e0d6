//! The data elements that a policy asks about, as their files define them.

use criteria::formula::Node;
use criteria::{Codes, Element, ElementIndex, Kind, Policy};
use ehr::content::Definition;
use ehr::source::{Absence, Source};

use super::criteria::parts;
use crate::content::Content;

/// A data element for people.
#[derive(Debug)]
pub(super) struct ElementView {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) kind: String,
    /// How long a finding counts.
    pub(super) window: String,
    /// What finding nothing means.
    pub(super) absence: &'static str,
    /// What to do when it is missing.
    pub(super) settle: String,
    /// Where it is found, best first.
    pub(super) sources: Vec<&'static str>,
    /// Rules by which therapy is read for it.
    pub(super) rules: Vec<String>,
    /// Numbers of the criteria that ask about it.
    pub(super) asked_by: Vec<String>,
    /// Ids of the value sets that its sources use.
    pub(super) sets: Vec<String>,
}

/// The elements that a policy asks about, in the order in which they are defined.
pub(super) fn view(content: &Content, policy: &Policy) -> Vec<ElementView> {
    let mut elements: Vec<ElementIndex> = policy.elements().collect();
    elements.sort_unstable();
    let definitions = elements.iter().filter_map(|index| content.record.definition(*index));
    definitions.map(|definition| element(content, policy, definition)).collect()
}

fn element(content: &Content, policy: &Policy, definition: &Definition) -> ElementView {
    let Element { id, title, settle, kind } = definition.element.clone();
    let rules =
        || definition.sources.iter().filter_map(Source::therapy).filter_map(|id| content.record.therapy(id));
    let from_rules = rules().flat_map(|rules| rules.uses());
    let uses = definition.sources.iter().flat_map(Source::uses).chain(from_rules);
    let mut sets: Vec<String> = uses.map(|set| set.set.to_owned()).collect();
    sets.sort_unstable();
    sets.dedup();
    ElementView {
        id,
        title,
        settle,
        description: definition.description.clone(),
        kind: kind_words(&kind),
        window: definition.window_days.map_or_else(|| "without limit".into(), |days| format!("{days} days")),
        absence: match definition.absence {
            Absence::Unknown => "leaves it open",
            Absence::No => "after a complete search means no, or none",
        },
        sources: definition.sources.iter().map(source_words).collect(),
        rules: rules().map(|rules| format!("{} ({})", rules.title, rules.source)).collect(),
        asked_by: asked_by(policy, definition.index),
        sets,
    }
}

fn asked_by(policy: &Policy, element: ElementIndex) -> Vec<String> {
    let mut numbers = Vec::new();
    for (title, root) in parts(policy) {
        ask(root, title, element, &mut numbers);
    }
    numbers.dedup();
    numbers
}

/// Adds the number that stands nearest around each test of an element.
fn ask(node: &Node, around: &str, element: ElementIndex, numbers: &mut Vec<String>) {
    let around = node.id.as_deref().unwrap_or(around);
    if let criteria::formula::NodeKind::Test(test) = &node.kind
        && test.element == element
        && !numbers.iter().any(|known| known == around)
    {
        numbers.push(around.to_owned());
    }
    node.parts().iter().for_each(|part| ask(part, around, element, numbers));
}

/// What values an element can have, in words.
fn kind_words(kind: &Kind) -> String {
    let listed = |names: &[String]| names.join(", ");
    match kind {
        Kind::Truth => "yes or no".into(),
        Kind::Coded { codes, groups } => {
            let group = |(name, of): &(String, Codes)| {
                let names: Vec<&str> =
                    of.positions().filter_map(|place| codes.get(place)).map(String::as_str).collect();
                format!("; {name} = {}", names.join(" or "))
            };
            format!("one of {}{}", listed(codes), groups.iter().map(group).collect::<String>())
        }
        Kind::Quantity { unit } => match unit.as_str() {
            "1" => "a number without a unit".into(),
            unit => format!("a number in {unit}"),
        },
        Kind::MultipleOfUln => "a multiple of the result’s own upper limit of normal (ULN)".into(),
        Kind::Count => "a whole number".into(),
        Kind::Set { members } => format!("any or none of {}", listed(members)),
    }
}

/// Where a source looks, in words.
fn source_words(source: &Source) -> &'static str {
    match source {
        Source::Age {} => "the patient’s date of birth",
        Source::Laboratory(_) => "laboratory results",
        Source::BodySurfaceArea(_) => "body surface area, measured or from height and weight",
        Source::Signs(_) => "signs in the record, by their dates",
        Source::Diagnosis(_) => "diagnoses, and the reason of the order",
        Source::Receptor(_) => "receptor results, else diagnoses",
        Source::Her2(_) => "HER2 immunohistochemistry and in-situ hybridization, else diagnoses",
        Source::Score(_) => "results of the marker",
        Source::GermlineVariant(_) => "genomic results and tests",
        Source::OrderPartners(_) => "drugs ordered together with the order",
        Source::OrderDose(_) => "the dose of the order",
        Source::OrderCycleLength(_) => "the timing of the order: days between cycles",
        Source::OrderDosesPerCycle(_) => "the timing of the order: doses in a cycle",
        Source::OrderRoute(_) => "the route of the order",
        Source::Prescriber(_) => "the prescriber and who was consulted",
        Source::ActiveMedication(_) => "active orders and statements of medication",
        Source::Allergy(_) => "allergies and intolerances",
        Source::TherapyLines(_) => "the history of therapy, counted in lines",
        Source::DrugResistance(_) => "the history of therapy: progression on or soon after a class of drugs",
        Source::PreoperativeResponse(_) => "the history of therapy before surgery",
        Source::DrugCandidate(_) => "the history of therapy, the tumor, and what rules the drug out",
    }
}
