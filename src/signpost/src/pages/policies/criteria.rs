//! A policy's criteria as a tree for people: the source's numbers, statements in our words, citations, and what is tested.

use askama::Template;
use criteria::formula::{Node, NodeKind};
use criteria::{Elements, Policy};

use super::difference::test;

/// The parts of a policy, each with its title, in their order.
pub(super) fn parts(policy: &Policy) -> impl Iterator<Item = (&'static str, &Node)> {
    let parts = [
        ("Criteria", policy.criteria()),
        ("Exclusions", policy.exclusions()),
        ("Limits of automatic review", policy.clinical_review_unless()),
    ];
    parts.into_iter().filter_map(|(title, node)| Some((title, node?)))
}

/// What each part means, for people.
fn meaning(title: &str) -> &'static str {
    match title {
        "Criteria" => "All of this must hold for the criteria to be met.",
        "Exclusions" => "If this holds, the criteria are not met, whatever else is so.",
        _ => "Outside these limits the policy does not decide by itself: a clinician of the payer reviews.",
    }
}

/// A part of a policy.
#[derive(Debug)]
pub(super) struct PartView {
    pub(super) title: &'static str,
    pub(super) meaning: &'static str,
    pub(super) node: NodeView,
}

/// A node of the tree, with all below it.
#[derive(Debug, Template)]
#[template(path = "policies/node.html")]
pub(super) struct NodeView {
    number: String,
    statement: String,
    citation: String,
    how: String,
    test: Option<TestView>,
    parts: Vec<NodeView>,
}

/// What is asked of a data element.
#[derive(Debug)]
struct TestView {
    element: String,
    title: String,
    asked: String,
}

/// The parts of a policy as people read them.
pub(super) fn view(policy: &Policy, elements: &Elements) -> Vec<PartView> {
    let part = |(title, root)| PartView { title, meaning: meaning(title), node: node(root, elements) };
    parts(policy).map(part).collect()
}

fn node(node: &Node, elements: &Elements) -> NodeView {
    let tested = test(node, elements).and_then(|(index, asked)| {
        let element = elements.get(index)?;
        Some(TestView { element: element.id.clone(), title: element.title.clone(), asked })
    });
    let parts = if tested.is_some() { &[] } else { node.parts() };
    NodeView {
        number: node.id.clone().unwrap_or_default(),
        statement: node.statement.clone().unwrap_or_default(),
        citation: node.citation.clone().unwrap_or_default(),
        how: if tested.is_some() { String::new() } else { how(node) },
        test: tested,
        parts: parts.iter().map(|part| self::node(part, elements)).collect(),
    }
}

fn how(node: &Node) -> String {
    match &node.kind {
        NodeKind::All(_) => "all of".into(),
        NodeKind::Any(_) => "any of".into(),
        NodeKind::AtLeast(count, _) => format!("at least {count} of"),
        NodeKind::Not(_) => "not".into(),
        NodeKind::Test(_) => String::new(),
    }
}
