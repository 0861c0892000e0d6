//! The determination of a policy over a record, with its whole explanation.

use serde::Serialize;

use crate::element::ElementIndex;
use crate::formula::{Node, NodeKind, Values, combine};
use crate::knowledge::Knowledge;
use crate::possible::Possible;
use crate::verdict::Verdict;

use super::{Otherwise, Policy};

/// How a published policy reads against a record. Advice: a payer decides, and this never blocks an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Determination {
    /// The criteria hold, no exclusion does, and nothing calls for a reviewer.
    MeetsCriteria,
    /// The criteria cannot hold, or an exclusion does.
    DoesNotMeetCriteria,
    /// The criteria hold, outside the limits within which the policy decides by itself.
    ClinicalReview,
    /// The record leaves it open.
    InformationNeeded,
}

impl Determination {
    /// The name used in files and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MeetsCriteria => "meets-criteria",
            Self::DoesNotMeetCriteria => "does-not-meet-criteria",
            Self::ClinicalReview => "clinical-review",
            Self::InformationNeeded => "information-needed",
        }
    }

    /// From the verdicts on `criteria and not exclusions` and on `clinical-review-unless`.
    pub(super) fn of(eligible: Verdict, review: Verdict) -> Self {
        match (eligible, review) {
            (Verdict::NotMet, _) => Self::DoesNotMeetCriteria,
            (Verdict::Met, Verdict::Met) => Self::MeetsCriteria,
            (Verdict::Met, Verdict::NotMet) => Self::ClinicalReview,
            (Verdict::Met, Verdict::Unknown) | (Verdict::Unknown, _) => Self::InformationNeeded,
        }
    }
}

/// A criterion, with those of its tests that make it part of an explanation.
#[derive(Debug, Clone)]
pub struct Reason<'p> {
    /// The criterion with the nearest id; `None` where no id stands around the tests.
    pub criterion: Option<&'p Node>,
    /// The tests, in the order in which they are written. A part that is settled only as a whole stands for itself.
    pub tests: Vec<&'p Node>,
}

/// Values of a data element that would change the determination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The element.
    pub element: ElementIndex,
    /// The values, each a cell of the policy.
    pub values: Vec<Possible>,
}

/// A policy's determination, with everything that explains it.
#[derive(Debug, Clone)]
pub struct Evaluation<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// What it comes to.
    pub determination: Determination,
    /// Verdict of every node, by [`Node::position`].
    pub verdicts: Vec<Verdict>,
    /// The criteria that settle it; empty while information is needed.
    pub deciding: Vec<Reason<'p>>,
    /// What the source says where its criteria do not hold, if that is why it denies.
    pub otherwise: Option<&'p Otherwise>,
    /// The criteria that could still change it; empty once it is settled.
    pub open: Vec<Reason<'p>>,
    /// The data elements whose value could still change it, in the order in which they are tested.
    pub missing: Vec<ElementIndex>,
    /// The smallest sets of elements whose values could turn it into `meets-criteria`, with those values.
    pub shortest_paths: Vec<Vec<Need>>,
    /// Single elements whose values would turn it into `does-not-meet-criteria`.
    pub ruled_out_by: Vec<Need>,
}

impl Policy {
    /// Evaluates the policy over what is known. Total, exact, and the same for the same knowledge.
    #[must_use]
    pub fn evaluate(&self, knowledge: &Knowledge) -> Evaluation<'_> {
        let mut values = Values::of(&self.tested, knowledge);
        let mut verdicts = Vec::new();
        let eligible = values.exact_tree(&self.eligible, &mut verdicts);
        let review =
            self.review.as_ref().map_or(Verdict::Met, |review| values.exact_tree(review, &mut verdicts));
        let mut evaluation = Evaluation {
            policy: self,
            determination: Determination::of(eligible, review),
            verdicts,
            deciding: Vec::new(),
            otherwise: None,
            open: Vec::new(),
            missing: Vec::new(),
            shortest_paths: Vec::new(),
            ruled_out_by: Vec::new(),
        };
        if evaluation.determination == Determination::InformationNeeded {
            evaluation.explain_open(&mut values);
        } else {
            evaluation.explain_decided();
        }
        evaluation
    }
}

impl<'p> Evaluation<'p> {
    /// The verdict on a node of the policy.
    #[must_use]
    pub fn verdict(&self, node: &Node) -> Verdict {
        self.verdicts.get(node.position).copied().unwrap_or(Verdict::Unknown)
    }

    /// The ids of the deciding criteria, in the order of the source.
    #[must_use]
    pub fn deciding_ids(&self) -> Vec<&'p str> {
        let criteria = ids(&self.deciding);
        criteria.chain(self.otherwise.map(|otherwise| otherwise.id.as_str())).collect()
    }

    /// The ids of the open criteria, in the order of the source.
    #[must_use]
    pub fn open_ids(&self) -> Vec<&'p str> {
        ids(&self.open).collect()
    }

    fn explain_decided(&mut self) {
        let mut tests = Vec::new();
        self.settling(&self.policy.eligible, None, &mut tests);
        if self.determination != Determination::DoesNotMeetCriteria {
            self.policy.review.iter().for_each(|review| self.settling(review, None, &mut tests));
        }
        let holds = |node: Option<&Node>, verdict| node.is_some_and(|node| self.verdict(node) == verdict);
        let only_excluded =
            holds(self.policy.exclusions(), Verdict::Met) && !holds(self.policy.criteria(), Verdict::NotMet);
        if self.determination == Determination::DoesNotMeetCriteria && !only_excluded {
            self.otherwise = self.policy.otherwise.as_ref();
        }
        self.deciding = grouped(tests);
    }

    /// Collects the tests that settle a node, each with the criterion around it.
    fn settling(
        &self,
        node: &'p Node,
        around: Option<&'p Node>,
        tests: &mut Vec<(Option<&'p Node>, &'p Node)>,
    ) {
        let around = if node.id.is_some() { Some(node) } else { around };
        let before = tests.len();
        for part in self.settling_parts(node) {
            self.settling(part, around, tests);
        }
        if tests.len() == before {
            tests.push((around, node));
        }
    }

    /// The parts whose verdicts are enough to settle a node; none where it is settled only as a whole.
    fn settling_parts(&self, node: &'p Node) -> impl Iterator<Item = &'p Node> {
        let verdict = self.verdict(node);
        let is_not = matches!(node.kind, NodeKind::Not(_));
        let by_parts = is_not || combine(node, node.parts().iter().map(|part| self.verdict(part))) == verdict;
        node.parts().iter().filter(move |part| by_parts && (is_not || self.verdict(part) == verdict))
    }

    fn explain_open(&mut self, values: &mut Values<'_>) {
        let relevant = self.policy.relevant_slots(values);
        let mut tests = Vec::new();
        for node in std::iter::once(&self.policy.eligible).chain(&self.policy.review) {
            self.unsettled(node, None, &relevant, &mut tests);
        }
        self.open = grouped(tests);
        self.missing = relevant
            .iter()
            .filter_map(|slot| self.policy.tested.get(*slot))
            .map(|tested| tested.element)
            .collect();
        self.shortest_paths = self.policy.shortest_paths(values);
        self.ruled_out_by = self.policy.ruled_out_by(values, &relevant);
    }

    /// Collects the undecided tests of relevant elements, each with the criterion around it.
    fn unsettled(
        &self,
        node: &'p Node,
        around: Option<&'p Node>,
        relevant: &[usize],
        tests: &mut Vec<(Option<&'p Node>, &'p Node)>,
    ) {
        if self.verdict(node).is_decided() {
            return;
        }
        let around = if node.id.is_some() { Some(node) } else { around };
        if let NodeKind::Test(test) = &node.kind
            && relevant.contains(&test.slot)
        {
            tests.push((around, node));
        }
        for part in node.parts() {
            self.unsettled(part, around, relevant, tests);
        }
    }
}

fn ids<'r, 'p>(reasons: &'r [Reason<'p>]) -> impl Iterator<Item = &'p str> + use<'r, 'p> {
    reasons.iter().filter_map(|reason| reason.criterion?.id.as_deref())
}

/// Gathers tests under their criterion, in the order of the source.
fn grouped<'p>(tests: Vec<(Option<&'p Node>, &'p Node)>) -> Vec<Reason<'p>> {
    let mut reasons: Vec<Reason<'p>> = Vec::new();
    for (criterion, test) in tests {
        let same = |reason: &&mut Reason<'p>| {
            reason.criterion.map(|node| node.position) == criterion.map(|node| node.position)
        };
        match reasons.iter_mut().find(same) {
            Some(reason) => reason.tests.push(test),
            None => reasons.push(Reason { criterion, tests: vec![test] }),
        }
    }
    reasons.sort_by_key(|reason| reason.criterion.map(|node| node.position));
    reasons
}
