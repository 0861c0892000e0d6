//! From a policy file to a policy, with everything wrong in it reported at once.

use crate::element::Elements;
use crate::file::{Document, Problem};
use crate::formula::{Compiler, CriterionFile, Node, NodeKind, Tested};
use crate::verdict::Verdict;

use super::Policy;
use super::file::{Effective, PolicyFile, Status};

/// How many combinations of cells the elements that stand in several tests may have. A policy beyond it is
/// refused, so that no evaluation can take long.
const MOST_SPLITS: u128 = 1 << 20;

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Everything that is wrong in it: see the list in the crate's design (unknown key, element or code; a test
    /// that does not fit; an empty connective; a doubled id; a missing statement; a criterion that nothing
    /// can change; too many splits; a bad date).
    pub fn load(document: &Document, elements: &Elements) -> Result<Self, Vec<Problem>> {
        let file: PolicyFile = document.shape()?;
        let mut compiler = Compiler::new(document, elements);
        check_dates(&file, &mut compiler);
        let eligible = compiler.next_position();
        let criteria = compiler.compile(&file.criteria, "/criteria");
        let exclusions =
            file.exclusions.as_ref().map(|exclusions| compile_exclusions(&mut compiler, exclusions));
        if let Some(otherwise) = &file.otherwise {
            compiler.claim_id(&otherwise.id, "/otherwise");
        }
        let review = file
            .clinical_review_unless
            .as_ref()
            .map(|review| compiler.compile(review, "/clinical-review-unless"));

        let (tested, mut problems) = compiler.finish();
        let parts: Option<Vec<Node>> = std::iter::once(criteria).chain(exclusions).collect();
        let (Some(parts), true) = (parts, problems.is_empty()) else { return Err(problems) };
        let policy = Self {
            eligible: node(eligible, NodeKind::All(parts)),
            review: review.flatten(),
            tested,
            id: file.id,
            version: file.version,
            title: file.title,
            status: file.status,
            mode: file.mode,
            medication: file.medication,
            effective: file.effective,
            source: file.source,
            otherwise: file.otherwise,
        };
        problems.extend(policy.constant_criteria(document, elements));
        problems.extend(policy.too_many_splits(document));
        if problems.is_empty() { Ok(policy) } else { Err(problems) }
    }

    /// The elements that stand in more than one test, with their number of cells: what evaluation may have to split.
    pub fn repeated_elements(&self) -> impl Iterator<Item = &Tested> {
        let nodes = || self.eligible.walk().chain(self.review.iter().flat_map(Node::walk));
        self.tested.iter().filter(move |tested| {
            let tests = nodes()
                .filter(|node| matches!(&node.kind, NodeKind::Test(test) if test.element == tested.element));
            tests.count() > 1
        })
    }

    fn too_many_splits(&self, document: &Document) -> Option<Problem> {
        let splits = self.repeated_elements().fold(1u128, |splits, tested| {
            splits.saturating_mul(u128::try_from(tested.cells.len()).unwrap_or(u128::MAX))
        });
        (splits > MOST_SPLITS).then(|| {
            document.problem(
                "/criteria",
                format!("its repeated elements have {splits} combinations, more than {MOST_SPLITS}: test each element in fewer places"),
            )
        })
    }

    fn constant_criteria(&self, document: &Document, elements: &Elements) -> Vec<Problem> {
        let nodes = std::iter::once(&self.eligible).chain(&self.review);
        nodes
            .flat_map(|node| crate::formula::constant_nodes(node, &self.tested, elements))
            .map(|(node, verdict)| {
                let how = if verdict == Verdict::Met { "always holds" } else { "can never hold" };
                let mut problem = document.problem("/criteria", format!("{how}, whatever the record says"));
                problem.id.clone_from(&node.id);
                problem
            })
            .collect()
    }
}

/// `not exclusions`, the second part of being eligible.
fn compile_exclusions(compiler: &mut Compiler<'_>, exclusions: &CriterionFile) -> Option<Node> {
    let position = compiler.next_position();
    let exclusions = compiler.compile(exclusions, "/exclusions")?;
    Some(node(position, NodeKind::Not(Box::new(exclusions))))
}

/// A node that is not written in the file.
fn node(position: usize, kind: NodeKind) -> Node {
    Node { position, id: None, statement: None, citation: None, kind }
}

fn check_dates(file: &PolicyFile, compiler: &mut Compiler<'_>) {
    let Effective { start, end } = &file.effective;
    let dates = [
        ("/version", Some(&file.version)),
        ("/effective/start", Some(start)),
        ("/effective/end", end.as_ref()),
    ];
    for (pointer, date) in dates {
        if date.is_some_and(|date| !is_date(date)) {
            compiler.report(pointer, "not a date, `YYYY-MM-DD`");
        }
    }
    if end.as_ref().is_some_and(|end| end < start) {
        compiler.report("/effective", "ends before it starts");
    }
}

/// Whether a text has the shape of a date; such dates compare as text.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |digits: usize, range: std::ops::RangeInclusive<u32>| {
        parts.next().is_some_and(|part| {
            part.len() == digits && part.parse().is_ok_and(|number| range.contains(&number))
        })
    };
    number(4, 1900..=9999) && number(2, 1..=12) && number(2, 1..=31) && parts.next().is_none()
}

/// Pairs of active versions of one policy that are in force at the same time.
#[must_use]
pub fn overlapping_versions(policies: &[Policy]) -> Vec<(&Policy, &Policy)> {
    let ends_before = |one: &Policy, other: &Policy| {
        one.effective.end.as_ref().is_some_and(|end| *end < other.effective.start)
    };
    let mut pairs = Vec::new();
    for (place, one) in policies.iter().enumerate() {
        let others = policies.iter().skip(place + 1).filter(|other| other.id == one.id);
        pairs.extend(
            others
                .filter(|other| one.status == Status::Active && other.status == Status::Active)
                .filter(|other| !ends_before(one, other) && !ends_before(other, one))
                .map(|other| (one, other)),
        );
    }
    pairs
}
