//! The tree of criteria of a recorded assessment, with what each came to.

use std::collections::BTreeMap;

use askama::Template;
use journal::record::{Assessment, Node as Recorded};

use crate::content::Content;
use crate::pages::{assessed, words};

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
    statements: BTreeMap<&'t str, (&'t str, &'t str)>,
}

impl<'t> Tree<'t> {
    pub(super) fn new(content: &'t Content, assessment: &'t Assessment) -> Self {
        let Assessment { kind, id, version, .. } = assessment;
        Self { content, assessment, statements: assessed::statements(content, *kind, id, version) }
    }

    /// Whether the content still has this version, so that its criteria can be told in words.
    pub(super) fn is_known(&self) -> bool {
        !self.statements.is_empty()
    }

    /// The statement of a criterion; empty where it is not known any more.
    pub(super) fn statement(&self, id: &str) -> String {
        self.statements.get(id).map(|(statement, _)| (*statement).to_owned()).unwrap_or_default()
    }

    /// What a criterion came to: the class and the word of its verdict.
    pub(super) fn verdict(&self, id: &str) -> (&'static str, &'static str) {
        let roots = self.assessment.tree.iter();
        let found = roots.filter_map(|root| find(root, id).map(|node| (node, part_of(root).1))).next();
        found.map(|(node, excludes)| words::verdict(&node.verdict, excludes)).unwrap_or_default()
    }

    pub(super) fn parts(&self) -> Vec<PartView> {
        let part = |root: &Recorded| {
            let (title, excludes) = part_of(root);
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
            element: node.element.as_ref().map(|id| (id.clone(), assessed::element(self.content, id))),
            parts: node.parts.iter().map(|part| self.node(part, excludes)).collect(),
        }
    }
}

/// The title of a part of a policy, and whether what is met in it excludes.
fn part_of(root: &Recorded) -> (&'static str, bool) {
    match root.part.as_deref() {
        Some("criteria") => ("Criteria", false),
        Some("exclusions") => ("Exclusions", true),
        Some("clinical-review-unless") => ("Limits of automatic review", false),
        _ => ("", true),
    }
}

fn find<'n>(node: &'n Recorded, id: &str) -> Option<&'n Recorded> {
    if node.id.as_deref() == Some(id) {
        return Some(node);
    }
    node.parts.iter().find_map(|part| find(part, id))
}
