//! What is checked of formulas as a whole, once each of their parts is known to be right.

use crate::element::Elements;
use crate::file::Problem;
use crate::knowledge::Knowledge;
use crate::possible::positions;
use crate::verdict::Verdict;

use super::cells::cells;
use super::compile::Compiler;
use super::exact::Values;
use super::test::Accepts;
use super::{Node, NodeKind, Tested};

/// How many combinations of cells the elements that stand in several tests may have. A formula beyond it is
/// refused, so that no evaluation can take long (`examples/cost.rs` measures the worst). A policy of two pages has
/// some ten thousand.
const MOST_SPLITS: u128 = 1 << 16;

/// How many members of one set element may be asked for: each doubles the number of its cells.
const MOST_MEMBERS: usize = 8;

impl Compiler<'_> {
    /// Ends compiling: the tested elements with their cells.
    ///
    /// # Errors
    /// Everything that was wrong in the file, and of what is right in it, whatever no record can change. Nothing, where
    /// all that is wrong is an element that could not be read.
    pub(crate) fn finish(mut self, formulas: &[&Node]) -> Result<Vec<Tested>, Vec<Problem>> {
        // Only what is within the bounds is evaluated.
        if !self.members_are_within() {
            return Err(self.problems);
        }
        let tested: Vec<Tested> = self
            .slots
            .iter()
            .filter_map(|(element, tests)| {
                let kind = &self.elements.get(*element)?.kind;
                Some(Tested { element: *element, domain: kind.domain(), cells: cells(kind, tests) })
            })
            .collect();
        let sound = std::mem::take(&mut self.sound);
        let nodes: Vec<&Node> = formulas.iter().copied().chain(&sound).collect();
        if self.splits_are_within(&tested, &nodes) {
            self.check_constant(&tested, &nodes);
        }
        if self.problems.is_empty() && !self.is_incomplete { Ok(tested) } else { Err(self.problems) }
    }

    fn members_are_within(&mut self) -> bool {
        let mut wrong = Vec::new();
        for (element, tests) in &self.slots {
            let asked = tests.iter().fold(0, |bits, test| match test {
                Accepts::Contains(bit) => bits | bit,
                _ => bits,
            });
            let asked = positions(asked).count();
            if asked > MOST_MEMBERS {
                let id = self.elements.get(*element).map_or("", |element| element.id.as_str());
                wrong.push(format!("`{id}` is asked for {asked} members, more than {MOST_MEMBERS}"));
            }
        }
        let is_within = wrong.is_empty();
        wrong.into_iter().for_each(|message| self.report("", message));
        is_within
    }

    fn splits_are_within(&mut self, tested: &[Tested], formulas: &[&Node]) -> bool {
        let splits = repeated(tested, formulas).fold(1u128, |splits, tested| {
            splits.saturating_mul(u128::try_from(tested.cells.len()).unwrap_or(u128::MAX))
        });
        if splits > MOST_SPLITS {
            self.report("", format!("its repeated elements have {splits} combinations, more than {MOST_SPLITS}: test each element in fewer places"));
        }
        splits <= MOST_SPLITS
    }

    /// Reports what no record can change: tests, whatever has an id, and whole formulas.
    fn check_constant(&mut self, tested: &[Tested], formulas: &[&Node]) {
        let told = |node: &Node| {
            node.id.is_some() || matches!(node.kind, NodeKind::Test(_)) || self.whole.contains(&node.position)
        };
        let nodes: Vec<&Node> =
            formulas.iter().flat_map(|formula| formula.walk()).filter(|node| told(node)).collect();
        self.report_constant(tested, &nodes, "");
        // Two parts that are right may still contradict each other.
        if self.problems.is_empty() && !self.is_incomplete {
            self.report_constant(tested, formulas, "as a whole, it ");
        }
    }

    fn report_constant(&mut self, tested: &[Tested], nodes: &[&Node], what: &str) {
        for node in nodes {
            let how = match Values::of(tested, &Knowledge::nothing(&Elements::default())).exact(node) {
                Verdict::Met => "always holds",
                Verdict::NotMet => "can never hold",
                Verdict::Unknown => continue,
            };
            let pointer = self.pointers.get(node.position).cloned().unwrap_or_default();
            self.report(&pointer, format!("{what}{how}, whatever the record says"));
        }
    }
}

/// The elements that stand in more than one test.
pub(crate) fn repeated<'t>(
    tested: &'t [Tested],
    formulas: &[&Node],
) -> impl Iterator<Item = &'t Tested> + use<'t> {
    let mut tests = vec![0; tested.len()];
    for node in formulas.iter().flat_map(|formula| formula.walk()) {
        if let NodeKind::Test(test) = &node.kind
            && let Some(count) = tests.get_mut(test.slot)
        {
            *count += 1;
        }
    }
    tested.iter().zip(tests).filter(|(_, count)| *count > 1).map(|(tested, _)| tested)
}
