//! The tree of criteria of a policy with what each came to.

use std::collections::BTreeSet;

use askama::Template;
use criteria::formula::{Node, NodeKind, Test, describe, describe_needed};
use criteria::{Element, ElementIndex, Evaluation, Evidence, Known, Verdict};

use crate::content::Content;
use crate::decision::Decision;

/// A node of the tree, with all below it.
#[derive(Debug, Template)]
#[template(path = "workbench/node.html")]
pub struct NodeView {
    /// Id on the page.
    pub key: String,
    pub id: String,
    pub statement: String,
    pub citation: String,
    /// How its parts combine.
    pub how: String,
    pub verdict: VerdictView,
    /// Whether it is among what settles the determination, or keeps it open.
    pub mark: Mark,
    pub leaf: Option<Leaf>,
    pub parts: Vec<NodeView>,
}

/// How a verdict is shown: icon, word, colour.
#[derive(Debug, Clone, Copy)]
pub struct VerdictView {
    /// `met`, `not-met` or `open`.
    pub class: &'static str,
    pub word: &'static str,
}

/// How a node stands to the determination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is one of what decides.
    Decides,
    /// It is one of what keeps it open.
    Open,
    /// Something in it is.
    OnPath,
    /// Nothing in it is.
    Beside,
}

/// A test: what is known of a data element, and what is asked.
#[derive(Debug)]
pub struct Leaf {
    pub element: String,
    pub title: String,
    pub value: String,
    pub asked: String,
    pub evidence: Vec<String>,
    pub gaps: Vec<GapView>,
}

/// Why something is not known.
#[derive(Debug)]
pub struct GapView {
    pub kind: String,
    pub detail: String,
}

/// What the trees of a policy are made from.
#[derive(Debug)]
pub(super) struct Tree<'t, 'c, 'a> {
    pub(super) content: &'c Content,
    pub(super) decision: &'t Decision<'c, 'a>,
    pub(super) evaluation: &'t Evaluation<'c>,
    /// What holds here speaks against the order.
    pub(super) excludes: bool,
    /// What the ids of its nodes on the page begin with.
    pub(super) key: String,
    /// The elements of which it was said above what they rest on.
    pub(super) told: BTreeSet<ElementIndex>,
}

impl NodeView {
    /// Whether what is in it is shown from the start.
    pub fn is_open(&self) -> bool {
        self.mark != Mark::Beside
    }
}

impl Tree<'_, '_, '_> {
    pub(super) fn node(&mut self, node: &Node) -> NodeView {
        let how = match &node.kind {
            NodeKind::All(_) => "all of".to_owned(),
            NodeKind::Any(_) => "any of".to_owned(),
            NodeKind::AtLeast(count, _) => format!("at least {count} of"),
            NodeKind::Not(_) => "not".to_owned(),
            NodeKind::Test(_) => String::new(),
        };
        let mark = self.mark(node);
        let leaf = if let NodeKind::Test(test) = &node.kind { self.leaf(test, mark) } else { None };
        NodeView {
            key: format!("{}-{}", self.key, node.position),
            id: node.id.clone().unwrap_or_default(),
            statement: node.statement.clone().unwrap_or_default(),
            citation: node.citation.clone().unwrap_or_default(),
            how,
            verdict: verdict(self.evaluation.verdict(node), self.excludes),
            mark,
            leaf,
            parts: node.parts().iter().map(|part| self.node(part)).collect(),
        }
    }

    fn mark(&self, node: &Node) -> Mark {
        let Evaluation { deciding, open, .. } = self.evaluation;
        let is = |reason: &criteria::policy::Reason<'_>| {
            let mut nodes = reason.criterion.into_iter().chain(reason.tests.iter().copied());
            nodes.any(|one| one.position == node.position)
        };
        let holds = |reason: &criteria::policy::Reason<'_>| reason.tests.iter().any(|test| node.holds(test));
        match () {
            () if deciding.iter().any(is) => Mark::Decides,
            () if open.iter().any(is) => Mark::Open,
            () if deciding.iter().chain(open).any(holds) => Mark::OnPath,
            () => Mark::Beside,
        }
    }

    /// A test, with what its element rests on where that matters and was not told above.
    fn leaf(&mut self, test: &Test, mark: Mark) -> Option<Leaf> {
        let element = self.content.record.elements.get(test.element)?;
        let known = self.decision.knowledge.get(test.element)?;
        let is_told = !self.told.contains(&test.element);
        let (mut evidence, mut gaps) = (Vec::new(), Vec::new());
        if is_told && mark != Mark::Beside {
            evidence = basis(known);
        }
        if is_told && (mark != Mark::Beside || !known.gaps.is_empty()) {
            gaps = self::gaps(known);
            self.told.insert(test.element);
        }
        Some(Leaf {
            element: element.id.clone(),
            title: element.title.clone(),
            value: value(element, known),
            asked: describe(element, &test.accepts),
            evidence,
            gaps,
        })
    }
}

/// What something came to, where meeting it is good, or where it excludes.
pub(super) fn verdict(verdict: Verdict, excludes: bool) -> VerdictView {
    let (class, word) = match (verdict, excludes) {
        (Verdict::Met, false) => ("met", "Met"),
        (Verdict::NotMet, false) => ("not-met", "Not met"),
        (Verdict::Met, true) => ("not-met", "Applies"),
        (Verdict::NotMet, true) => ("met", "Clear"),
        (Verdict::Unknown, _) => ("open", "Open"),
    };
    VerdictView { class, word }
}

/// What is known of an element, in words.
pub(super) fn value(element: &Element, known: &Known) -> String {
    if known.possible == element.kind.domain() {
        return "not known".to_owned();
    }
    describe_needed(element, &[known.possible])
}

/// The most pieces of evidence and gaps that a node shows; all stand in the report of `signpost evaluate`.
const MOST: usize = 3;

fn basis(known: &Known) -> Vec<String> {
    let mut shown: Vec<String> = known.account.iter().cloned().collect();
    shown.extend(known.evidence.iter().take(MOST).map(line));
    if known.evidence.len() > MOST {
        shown.push(format!("and {} more", known.evidence.len() - MOST));
    }
    shown
}

pub(super) fn line(evidence: &Evidence) -> String {
    let date = evidence.date.as_deref().map(|date| format!(", {}", day(date))).unwrap_or_default();
    let note = evidence.note.as_deref().map(|note| format!(" ({note})")).unwrap_or_default();
    let place =
        if evidence.reference.is_empty() { String::new() } else { format!(" · {}", evidence.reference) };
    format!("{}{date}{note}{place}", evidence.value)
}

/// The day of an instant, as it was written; a date as it is.
pub(super) fn day(date: &str) -> String {
    date.split_once('T').map_or_else(|| date.to_owned(), |(day, _)| day.to_owned())
}

fn gaps(known: &Known) -> Vec<GapView> {
    let gaps = known.gaps.iter().take(MOST);
    gaps.map(|gap| GapView { kind: gap.kind.as_str().replace('-', " "), detail: gap.detail.clone() })
        .collect()
}
