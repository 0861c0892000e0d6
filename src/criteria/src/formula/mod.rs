//! Formulas over data elements: how they are written, checked, and exactly decided.

mod cells;
mod check;
mod compile;
mod describe;
mod exact;
mod file;
mod test;

pub use describe::{describe, describe_needed};
pub use file::CriterionFile;
pub use test::{Accepts, Test};

pub(crate) use check::repeated;
pub(crate) use compile::Compiler;
pub(crate) use exact::{Values, combine, most_repeated};

use crate::element::ElementIndex;
use crate::possible::Possible;

/// A node of a formula, with what a person is told about it.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its place in a list of verdicts: nodes are counted in the order in which they are written.
    pub position: usize,
    /// The number that the source gives it, where it has one.
    pub id: Option<String>,
    /// What it asks, in our own words.
    pub statement: Option<String>,
    /// Where the source says so.
    pub citation: Option<String>,
    /// How its parts combine, or what it tests.
    pub kind: NodeKind,
}

/// How the parts of a node combine, or what it tests.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Every part.
    All(Vec<Node>),
    /// At least one part.
    Any(Vec<Node>),
    /// At least so many of the parts.
    AtLeast(usize, Vec<Node>),
    /// Not this part.
    Not(Box<Node>),
    /// One test of one data element.
    Test(Test),
}

impl Node {
    /// The parts; none for a test.
    #[must_use]
    pub fn parts(&self) -> &[Node] {
        match &self.kind {
            NodeKind::All(parts) | NodeKind::Any(parts) | NodeKind::AtLeast(_, parts) => parts,
            NodeKind::Not(part) => std::slice::from_ref(part),
            NodeKind::Test(_) => &[],
        }
    }

    /// This node and all nodes in it, in the order in which they are written.
    pub fn walk(&self) -> Box<dyn Iterator<Item = &Node> + '_> {
        Box::new(std::iter::once(self).chain(self.parts().iter().flat_map(Node::walk)))
    }
}

/// A data element that a formula tests, with the values that the formula tells apart.
#[derive(Debug, Clone)]
pub struct Tested {
    /// The element.
    pub element: ElementIndex,
    /// Every value there is.
    pub domain: Possible,
    /// A partition of its domain: within a cell no test of the formula can tell two values apart.
    pub cells: Vec<Possible>,
}
