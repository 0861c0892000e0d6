//! From a policy file to a policy, with everything wrong in it reported at once.

use crate::element::Elements;
use crate::file::{Document, Problem};
use crate::formula::{Compiler, CriterionFile, Node, NodeKind, Tested, repeated};

use super::Policy;
use super::file::{Effective, PolicyFile, Status};

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Everything that is wrong in it: see the list in the crate's design (unknown key, element or code; a test
    /// that does not fit; an empty connective; a doubled id; a missing statement; a criterion that nothing
    /// can change; too many splits; a bad date).
    pub fn load(document: &Document, elements: &Elements) -> Result<Self, Vec<Problem>> {
        document.shape_and(|file: PolicyFile| Self::of(file, document, elements))
    }

    fn of(file: PolicyFile, document: &Document, elements: &Elements) -> Result<Self, Vec<Problem>> {
        let mut compiler = Compiler::new(document, elements);
        check_dates(&file, &mut compiler);
        let eligible = compiler.next_position("");
        let criteria = compiler.compile(&file.criteria, "/criteria");
        let exclusions =
            file.exclusions.as_ref().map(|exclusions| compile_exclusions(&mut compiler, exclusions));
        if let Some(otherwise) = &file.otherwise {
            compiler.claim_id(&otherwise.id, "/otherwise");
        }
        let review = file
            .clinical_review_unless
            .as_ref()
            .and_then(|review| compiler.compile(review, "/clinical-review-unless"));
        let parts = std::iter::once(criteria).chain(exclusions).flatten().collect();
        let eligible = node(eligible, NodeKind::All(parts));
        let formulas: Vec<&Node> = std::iter::once(&eligible).chain(&review).collect();
        // A part that is wrong is left out above, and has been reported: then this fails.
        let tested = compiler.finish(&formulas)?;
        Ok(Self {
            eligible,
            review,
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
        })
    }

    /// The elements that stand in more than one test, with their number of cells: what evaluation may have to split.
    pub fn repeated_elements(&self) -> impl Iterator<Item = &Tested> {
        let formulas: Vec<&Node> = std::iter::once(&self.eligible).chain(&self.review).collect();
        repeated(&self.tested, &formulas)
    }
}

/// `not exclusions`, the second part of being eligible.
fn compile_exclusions(compiler: &mut Compiler<'_>, exclusions: &CriterionFile) -> Option<Node> {
    let position = compiler.next_position("/exclusions");
    let exclusions = compiler.compile(exclusions, "/exclusions")?;
    Some(node(position, NodeKind::Not(Box::new(exclusions))))
}

/// A node that is not written in the file.
fn node(position: usize, kind: NodeKind) -> Node {
    let parts: &[Node] = match &kind {
        NodeKind::All(parts) => parts,
        NodeKind::Not(part) => std::slice::from_ref(part),
        _ => &[],
    };
    let end = parts.last().map_or(position + 1, |part| part.end);
    Node { position, end, level: 0, id: None, statement: None, citation: None, kind }
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

/// Whether a text is a day of the calendar, `YYYY-MM-DD`; such days compare as text.
fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut number = |digits: usize| {
        let part = parts.next().filter(|part| part.len() == digits)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten()
    };
    let (year, month, day) = (number(4), number(2), number(2));
    let (Some(year), Some(month), Some(day), None) = (year, month, day, parts.next()) else { return false };
    year >= 1900 && (1..=days_in(year, month)).contains(&day)
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
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
