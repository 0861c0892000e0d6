//! Safety limits of a drug: evaluated for every order, whoever pays. A limit that is open is never taken as safe.

mod file;
mod load;
mod offers;

pub use file::{LabOrder, LimitFile, LimitsFile, Severity, Suggest, Topic, WhileUnknown};

use crate::element::{ElementIndex, Elements};
use crate::file::{Document, Problem};
use crate::formula::{Node, NodeKind, Tested, Values};
use crate::knowledge::Knowledge;
use crate::policy::Source;
use crate::verdict::Verdict;

use load::Loading;

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
    /// Everything that is wrong in it. Nothing, where it is right but asks for an element that could not be read (see
    /// [`Elements::add_unread`]).
    pub fn load(document: &Document, elements: &Elements) -> Result<Self, Vec<Problem>> {
        let (document, mut problems) = document.clone().checked::<LimitsFile>();
        let file: Option<LimitsFile> = document.part("", &mut problems);
        let mut loading = Loading { document: &document, elements, problems };
        loading.lab_orders();
        let pointers = document.entries("/limits");
        let read: Vec<Option<Condition>> = pointers.iter().map(|pointer| loading.limit(pointer)).collect();
        let conditions: Option<Vec<Condition>> = read.into_iter().collect();
        match (file, conditions) {
            (Some(file), Some(conditions)) if loading.problems.is_empty() => Ok(Self::new(file, conditions)),
            _ => Err(loading.problems),
        }
    }

    fn new(file: LimitsFile, conditions: Vec<Condition>) -> Self {
        Self {
            id: file.id,
            version: file.version,
            medication: file.medication,
            source: file.source,
            topics: file.topics,
            lab_orders: file.lab_orders,
            list: file
                .limits
                .into_iter()
                .zip(conditions)
                .map(|(file, when)| Limit::new(file, when))
                .collect(),
        }
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
