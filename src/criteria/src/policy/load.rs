//! From a policy file to a policy, with everything wrong in it reported at once.

use crate::element::Elements;
use crate::file::{Document, Problem};
use crate::formula::{Compiler, Node, NodeKind, Tested, repeated};

use super::Policy;
use super::file::PolicyFile;

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// Everything that is wrong in it: see the list in the crate's design (unknown key, element or code; a test
    /// that does not fit; an empty connective; a doubled id; a missing statement; a criterion that nothing
    /// can change; too many splits; a bad date). Nothing, where it is right but asks for an element that could not be
    /// read (see [`Elements::add_unread`]).
    pub fn load(document: &Document, elements: &Elements) -> Result<Self, Vec<Problem>> {
        let (document, mut problems) = document.clone().checked::<PolicyFile>();
        let file: Option<PolicyFile> = document.part("", &mut problems);
        let mut compiler = Compiler::new(&document, elements, problems);
        check_dates(&document, &mut compiler);
        let eligible = compiler.next_position("");
        let criteria = compiler.compile_if_written("/criteria");
        let exclusions = compile_exclusions(&mut compiler);
        if let Some(id) = document.text("/otherwise/id") {
            compiler.claim_id(id, "/otherwise");
        }
        let review = compiler.compile_if_written("/clinical-review-unless");
        let eligible = node(eligible, NodeKind::All([criteria, exclusions].into_iter().flatten().collect()));
        let formulas: Vec<&Node> = std::iter::once(&eligible).chain(&review).collect();
        // A part that is wrong is left out above: then this fails, as it does where the file could not be read.
        let tested = compiler.finish(&formulas)?;
        let file = file.ok_or_else(Vec::new)?;
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
fn compile_exclusions(compiler: &mut Compiler<'_>) -> Option<Node> {
    let position = compiler.position_if_written("/exclusions")?;
    let exclusions = compiler.compile("/exclusions")?;
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

fn check_dates(document: &Document, compiler: &mut Compiler<'_>) {
    for pointer in ["/version", "/effective/start", "/effective/end"] {
        if document.text(pointer).is_some_and(|date| !is_date(date)) {
            compiler.report(pointer, "not a date, `YYYY-MM-DD`");
        }
    }
    let span = document.text("/effective/start").zip(document.text("/effective/end"));
    if span.is_some_and(|(start, end)| end < start) {
        compiler.report("/effective", "ends before it starts");
    }
}

/// Whether a text is a day of the calendar, `YYYY-MM-DD`; such days compare as text.
pub(super) fn is_date(text: &str) -> bool {
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
