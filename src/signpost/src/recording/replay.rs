//! Evaluating again what was recorded: with the policies of then, or with a newer one.

use criteria::{Determination, Gap, GapKind, Knowledge, Known, recorded};
use journal::record::{Assessment, Decision, Kind};

use crate::content::Content;

/// What a recorded decision comes to when it is evaluated again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Id of the policy.
    pub policy: String,
    /// The version that was recorded.
    pub recorded_version: String,
    /// What was recorded.
    pub recorded: String,
    /// The version that it was evaluated with, and what it came to; `None` where the content has no such version.
    pub again: Option<(String, Determination)>,
    /// Criteria that settle it now.
    pub deciding: Vec<String>,
    /// Criteria that are open now.
    pub open: Vec<String>,
    /// Whether it comes to the same, for the same criteria.
    pub is_same: bool,
}

/// A decision, replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replays {
    /// Each policy that was evaluated.
    pub policies: Vec<Replayed>,
    /// Recorded elements that the content no longer has as they were: nothing is known of them.
    pub lost: Vec<String>,
    /// Whether the content is that of then.
    pub is_same_content: bool,
}

/// Evaluates a recorded decision again: each policy in the version that was recorded, or in this one. The values are as
/// exact as the policies of then told them apart; where a newer policy asks more exactly, it is open.
#[must_use]
pub fn replay(content: &Content, decision: &Decision, version: Option<&str>) -> Replays {
    let (knowledge, lost) = knowledge(content, decision);
    let policies = decision.assessments.iter().filter(|assessment| assessment.kind == Kind::Policy);
    Replays {
        policies: policies.map(|assessment| again(content, assessment, &knowledge, version)).collect(),
        lost,
        is_same_content: content.hash == decision.content,
    }
}

fn knowledge(content: &Content, decision: &Decision) -> (Knowledge, Vec<String>) {
    let elements = &content.record.elements;
    let mut knowledge = Knowledge::nothing(elements);
    let mut lost = Vec::new();
    for known in &decision.knowledge {
        let read = elements.find(&known.element).and_then(|index| {
            let written = serde_json::from_str(known.possible.get()).ok()?;
            Some((index, recorded::read(elements.get(index)?, &written)?))
        });
        match read {
            Some((index, possible)) => {
                let gaps = vec![Gap { kind: GapKind::Imprecise, detail: String::new() }];
                knowledge.set(index, Known { possible, evidence: Vec::new(), gaps, account: None });
            }
            None => lost.push(known.element.clone()),
        }
    }
    (knowledge, lost)
}

fn again(content: &Content, then: &Assessment, knowledge: &Knowledge, version: Option<&str>) -> Replayed {
    let asked = version.unwrap_or(&then.version);
    let mut policies = content.policies.iter().map(|(policy, _)| policy);
    let policy = policies.find(|policy| policy.id == then.id && policy.version == asked);
    let evaluation = policy.map(|policy| policy.evaluate(knowledge));
    let ids = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let deciding = evaluation.as_ref().map(|now| ids(now.deciding_ids())).unwrap_or_default();
    let open = evaluation.as_ref().map(|now| ids(now.open_ids())).unwrap_or_default();
    let again = evaluation.map(|now| (asked.to_owned(), now.determination));
    let is_same = again.as_ref().is_some_and(|(_, now)| now.as_str() == then.determination)
        && deciding == then.deciding
        && open == then.open;
    Replayed {
        policy: then.id.clone(),
        recorded_version: then.version.clone(),
        recorded: then.determination.clone(),
        again,
        deciding,
        open,
        is_same,
    }
}
