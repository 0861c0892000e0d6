//! Safety limits of a drug: evaluated for every order, whoever pays. A limit that is open is never taken as safe.

mod file;
mod offers;

pub use file::{LabOrder, LimitFile, LimitsFile, Severity, Suggest, Topic, WhileUnknown};

use crate::element::{ElementIndex, Elements};
use crate::file::{Document, Problem};
use crate::formula::{Compiler, Node, NodeKind, Tested, Values};
use crate::knowledge::Knowledge;
use crate::policy::Source;
use crate::verdict::Verdict;

/// The limits of a drug, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Fixed id.
    pub id: String,
    /// Date of the version.
    pub version: String,
    /// The value set of the drug.
    pub medication: String,
    /// Where the limits come from.
    pub source: Source,
    /// What cards are about.
    pub topics: Vec<Topic>,
    /// Laboratory orders that a limit may suggest.
    pub lab_orders: Vec<LabOrder>,
    /// The limits, in the order of the file.
    pub list: Vec<Limit>,
}

/// One limit.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Fixed id.
    pub id: String,
    /// What is wrong, for the summary of the card.
    pub title: String,
    /// The name of its topic in [`Limits::topics`].
    pub topic: String,
    /// How much it matters.
    pub severity: Severity,
    /// What to do.
    pub advice: String,
    /// Where the source says so.
    pub citation: String,
    /// Changes that the card offers.
    pub suggest: Vec<Suggest>,
    /// What happens while it is open.
    pub while_unknown: WhileUnknown,
    /// When it applies.
    pub condition: Condition,
}

/// When a limit applies.
#[derive(Debug, Clone)]
pub enum Condition {
    /// When a formula holds.
    When {
        /// The formula.
        formula: Node,
        /// The elements it tests.
        tested: Vec<Tested>,
    },
    /// When nothing is known of one of these elements.
    Missing(Vec<ElementIndex>),
}

/// What a limit comes to over a record.
#[derive(Debug, Clone)]
pub struct Checked<'l> {
    /// The limit.
    pub limit: &'l Limit,
    /// Met: it applies. Not met: it does not. Unknown: the record leaves it open.
    pub verdict: Verdict,
    /// The elements that the verdict rests on: those that settle it, or those that keep it open.
    pub elements: Vec<ElementIndex>,
    /// The limit's suggestions that can be offered for this order, if it applies: a new dose only where no limit
    /// would apply to it in turn.
    pub suggest: Vec<&'l Suggest>,
}

impl Limits {
    /// Reads a limits file.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub fn load(document: &Document, elements: &Elements) -> Result<Self, Vec<Problem>> {
        let file: LimitsFile = document.shape()?;
        let mut problems = Vec::new();
        let mut list: Vec<Limit> = Vec::new();
        for (place, limit) in file.limits.into_iter().enumerate() {
            let pointer = format!("/limits/{place}");
            if list.iter().any(|known| known.id == limit.id) {
                problems.push(document.problem(&pointer, format!("id `{}` stands twice", limit.id)));
            }
            if !file.topics.iter().any(|topic| topic.id == limit.topic) {
                problems.push(document.problem(&pointer, format!("unknown topic `{}`", limit.topic)));
            }
            problems.extend(
                unknown_labs(&limit, &file.lab_orders).map(|message| document.problem(&pointer, message)),
            );
            match condition(&limit, document, elements, &pointer) {
                Ok(condition) => list.push(Limit::new(limit, condition)),
                Err(found) => problems.extend(found),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self {
            id: file.id,
            version: file.version,
            medication: file.medication,
            source: file.source,
            topics: file.topics,
            lab_orders: file.lab_orders,
            list,
        })
    }

    /// Evaluates every limit, in the order of the file.
    #[must_use]
    pub fn check<'l>(&'l self, knowledge: &Knowledge, elements: &Elements) -> Vec<Checked<'l>> {
        let mut checked: Vec<Checked<'l>> =
            self.list.iter().map(|limit| limit.check(knowledge, elements)).collect();
        for applies in checked.iter_mut().filter(|checked| checked.verdict == Verdict::Met) {
            applies.suggest = self.offers(applies.limit, knowledge, elements);
        }
        checked
    }

    /// The data elements that the limits test, each as often as it is tested.
    pub fn elements(&self) -> impl Iterator<Item = ElementIndex> {
        self.list.iter().flat_map(|limit| match &limit.condition {
            Condition::When { tested, .. } => tested.iter().map(|tested| tested.element).collect::<Vec<_>>(),
            Condition::Missing(elements) => elements.clone(),
        })
    }
}

impl Limit {
    fn new(file: LimitFile, condition: Condition) -> Self {
        Self {
            id: file.id,
            title: file.title,
            topic: file.topic,
            severity: file.indicator,
            advice: file.advice,
            citation: file.citation,
            suggest: file.suggest,
            while_unknown: file.while_unknown,
            condition,
        }
    }

    /// What the limit comes to; which of its suggestions can be offered, only all limits together can tell.
    fn check(&self, knowledge: &Knowledge, elements: &Elements) -> Checked<'_> {
        match &self.condition {
            Condition::When { formula, tested } => {
                let mut values = Values::of(tested, knowledge);
                let mut verdicts = Vec::new();
                let verdict = values.exact_tree(formula, &mut verdicts);
                let mut rests_on = Vec::new();
                collect_same(formula, &verdicts, &mut rests_on);
                Checked { limit: self, verdict, elements: rests_on, suggest: Vec::new() }
            }
            Condition::Missing(wanted) => {
                let missing: Vec<ElementIndex> = wanted
                    .iter()
                    .copied()
                    .filter(|index| nothing_known(*index, knowledge, elements))
                    .collect();
                // That none is missing rests on all of them.
                let (verdict, elements) = if missing.is_empty() {
                    (Verdict::NotMet, wanted.clone())
                } else {
                    (Verdict::Met, missing)
                };
                Checked { limit: self, verdict, elements, suggest: Vec::new() }
            }
        }
    }
}

/// Whether every value of an element's domain is still possible.
fn nothing_known(index: ElementIndex, knowledge: &Knowledge, elements: &Elements) -> bool {
    let domain = elements.get(index).map(|element| element.kind.domain());
    knowledge.get(index).map(|known| known.possible) == domain
}

/// Collects the elements of the tests that make a node what it is.
fn collect_same(node: &Node, verdicts: &[Verdict], elements: &mut Vec<ElementIndex>) {
    if let NodeKind::Test(test) = &node.kind {
        if !elements.contains(&test.element) {
            elements.push(test.element);
        }
        return;
    }
    let verdict = |node: &Node| verdicts.get(node.position).copied();
    let negates = matches!(node.kind, NodeKind::Not(_));
    for part in node.parts() {
        if negates || verdict(part) == verdict(node) {
            collect_same(part, verdicts, elements);
        }
    }
}

fn unknown_labs<'f>(limit: &'f LimitFile, orders: &'f [LabOrder]) -> impl Iterator<Item = String> + 'f {
    let named = limit.suggest.iter().flat_map(|suggest| match suggest {
        Suggest::OrderLabs { labs } => labs.as_slice(),
        _ => &[],
    });
    named
        .filter(|lab| !orders.iter().any(|order| order.id == **lab))
        .map(|lab| format!("unknown laboratory order `{lab}`"))
}

fn condition(
    limit: &LimitFile,
    document: &Document,
    elements: &Elements,
    pointer: &str,
) -> Result<Condition, Vec<Problem>> {
    match (&limit.when, &limit.missing) {
        (Some(when), None) => formula(when, document, elements, &format!("{pointer}/when")),
        (None, Some(missing)) => {
            let find = |id: &String| {
                let unknown = || vec![document.problem(pointer, format!("unknown data element `{id}`"))];
                elements.find(id).ok_or_else(unknown)
            };
            missing.iter().map(find).collect::<Result<_, _>>().map(Condition::Missing)
        }
        _ => Err(vec![document.problem(pointer, "needs exactly one of `when` and `missing`")]),
    }
}

fn formula(
    when: &crate::formula::CriterionFile,
    document: &Document,
    elements: &Elements,
    pointer: &str,
) -> Result<Condition, Vec<Problem>> {
    let mut compiler = Compiler::new(document, elements);
    let formula = compiler.compile(when, pointer);
    // A formula that is wrong has been reported: then this fails.
    let tested = compiler.finish(&formula.iter().collect::<Vec<_>>())?;
    formula.map(|formula| Condition::When { formula, tested }).ok_or_else(Vec::new)
}
