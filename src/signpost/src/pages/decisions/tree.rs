//! The tree of criteria of a recorded assessment, with what each came to.

use std::collections::HashMap;

use askama::Template;
use criteria::formula::Node;
use journal::record::{Assessment, Kind, Node as Recorded};

use crate::content::Content;
use crate::pages::words;

/// A node of the tree, with all below it.
#[derive(Debug, Template)]
#[template(path = "decisions/node.html")]
pub(super) struct NodeView {
    number: String,
    statement: String,
    citation: String,
    how: &'static str,
    class: &'static str,
    word: &'static str,
    /// `decides`, `keeps it open`, or nothing.
    mark: &'static str,
    /// Id and title of the element that is tested.
    element: Option<(String, String)>,
    parts: Vec<NodeView>,
}

/// A part of a policy, or the limits.
#[derive(Debug)]
pub(super) struct PartView {
    pub(super) title: &'static str,
    pub(super) node: NodeView,
}

/// What the tree of an assessment is shown with.
pub(super) struct Tree<'t> {
    content: &'t Content,
    assessment: &'t Assessment,
    /// Statements and citations by number, where the content still has this version.
    statements: HashMap<&'t str, (&'t str, &'t str)>,
}

impl<'t> Tree<'t> {
    pub(super) fn new(content: &'t Content, assessment: &'t Assessment) -> Self {
        Self { content, assessment, statements: statements(content, assessment) }
    }

    /// Whether the content still has this version, so that its criteria can be told in words.
    pub(super) fn is_known(&self) -> bool {
        !self.statements.is_empty()
    }

    /// The statement of a criterion; empty where it is not known any more.
    pub(super) fn statement(&self, id: &str) -> String {
        self.statements.get(id).map(|(statement, _)| (*statement).to_owned()).unwrap_or_default()
    }

    pub(super) fn parts(&self) -> Vec<PartView> {
        let part = |root: &Recorded| {
            let (title, excludes) = match root.part.as_deref() {
                Some("criteria") => ("Criteria", false),
                Some("exclusions") => ("Exclusions", true),
                Some("clinical-review-unless") => ("Limits of automatic review", false),
                _ => ("", true),
            };
            PartView { title, node: self.node(root, excludes) }
        };
        self.assessment.tree.iter().map(part).collect()
    }

    fn node(&self, node: &Recorded, excludes: bool) -> NodeView {
        let id = node.id.as_deref().unwrap_or_default();
        let (statement, citation) = self.statements.get(id).copied().unwrap_or_default();
        let (class, word) = words::verdict(&node.verdict, excludes);
        let is_in = |ids: &[String]| !id.is_empty() && ids.iter().any(|one| one == id);
        NodeView {
            number: id.to_owned(),
            statement: statement.to_owned(),
            citation: citation.to_owned(),
            how: match node.kind.as_str() {
                "all" => "all of",
                "any" => "any of",
                "at-least" => "at least some of",
                "not" => "not",
                _ => "",
            },
            class,
            word,
            mark: match () {
                () if is_in(&self.assessment.deciding) => "decides",
                () if is_in(&self.assessment.open) => "keeps it open",
                () => "",
            },
            element: node.element.as_ref().map(|id| (id.clone(), title(self.content, id))),
            parts: node.parts.iter().map(|part| self.node(part, excludes)).collect(),
        }
    }
}

/// What an element is called; its id where the content no longer has it.
pub(super) fn title(content: &Content, id: &str) -> String {
    let elements = &content.record.elements;
    let element = elements.find(id).and_then(|index| elements.get(index));
    element.map_or_else(|| id.to_owned(), |element| element.title.clone())
}

fn statements<'c>(content: &'c Content, assessment: &Assessment) -> HashMap<&'c str, (&'c str, &'c str)> {
    let is_it = |id: &str, version: &str| id == assessment.id && version == assessment.version;
    match assessment.kind {
        Kind::Policy => {
            let mut policies = content.policies.iter().map(|(policy, _)| policy);
            let policy = policies.find(|policy| is_it(&policy.id, &policy.version));
            policy.map(of_policy).unwrap_or_default()
        }
        Kind::Limits => {
            let limits = content.limits.iter().find(|limits| is_it(&limits.id, &limits.version));
            let list = limits.into_iter().flat_map(|limits| &limits.list);
            list.map(|limit| (limit.id.as_str(), (limit.title.as_str(), limit.citation.as_str()))).collect()
        }
    }
}

fn of_policy(policy: &criteria::Policy) -> HashMap<&str, (&str, &str)> {
    let roots = [policy.criteria(), policy.exclusions(), policy.clinical_review_unless()];
    let nodes = roots.into_iter().flatten().flat_map(Node::walk);
    let said = nodes.filter_map(|node| {
        let statement = node.statement.as_deref().unwrap_or_default();
        Some((node.id.as_deref()?, (statement, node.citation.as_deref().unwrap_or_default())))
    });
    let otherwise = policy.otherwise.iter();
    said.chain(otherwise.map(|one| (one.id.as_str(), (one.statement.as_str(), one.citation.as_str()))))
        .collect()
}
