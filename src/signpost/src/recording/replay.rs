//! Evaluating again what was recorded: with the policies and limits of then, or with a newer policy.

use criteria::{Gap, GapKind, Knowledge, Known, recorded};
use journal::record::{Assessment, Decision, Kind};

use super::build::Limited;
use crate::content::Content;

/// What a policy or a set of limits comes to when it is evaluated again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Id of the policy or of the limits.
    pub id: String,
    /// The version that was recorded.
    pub recorded_version: String,
    /// What was recorded.
    pub recorded: String,
    /// What it comes to now; `None` where the content has no such version.
    pub now: Option<Outcome>,
    /// Whether it comes to the same, for the same criteria.
    pub is_same: bool,
}

/// What an evaluation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The version that was evaluated.
    pub version: String,
    /// `meets-criteria`, ...; of limits `applies`, `open` or `none`.
    pub determination: String,
    /// Ids of the criteria that settle it, or of the limits that apply.
    pub deciding: Vec<String>,
    /// Ids of the criteria or limits that are open.
    pub open: Vec<String>,
}

/// A decision, replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replays {
    /// Each policy that was evaluated, and the limits that were checked.
    pub assessments: Vec<Replayed>,
    /// Recorded elements that the content no longer has as they were: nothing is known of them.
    pub lost: Vec<String>,
    /// Whether the content is that of then.
    pub is_same_content: bool,
}

/// Evaluates a recorded decision again: each policy in the version that was recorded, or in this one, and the limits that
/// were recorded. The values are as exact as the policies of then told them apart; where a newer policy asks more exactly,
/// it is open.
#[must_use]
pub fn replay(content: &Content, decision: &Decision, version: Option<&str>) -> Replays {
    let (knowledge, lost) = knowledge(content, decision);
    let again = |then: &Assessment| {
        let now = match then.kind {
            Kind::Policy => policy(content, &then.id, version.unwrap_or(&then.version), &knowledge),
            Kind::Limits => limits(content, &then.id, &then.version, &knowledge),
        };
        replayed(then, now)
    };
    Replays {
        assessments: decision.assessments.iter().map(again).collect(),
        lost,
        is_same_content: content.hash == decision.content,
    }
}

fn replayed(then: &Assessment, now: Option<Outcome>) -> Replayed {
    let is_same = now.as_ref().is_some_and(|now| {
        (&now.determination, &now.deciding, &now.open) == (&then.determination, &then.deciding, &then.open)
    });
    let (id, recorded_version) = (then.id.clone(), then.version.clone());
    Replayed { id, recorded_version, recorded: then.determination.clone(), now, is_same }
}

fn policy(content: &Content, id: &str, version: &str, knowledge: &Knowledge) -> Option<Outcome> {
    let mut policies = content.policies.iter().map(|(policy, _)| policy);
    let policy = policies.find(|policy| policy.id == id && policy.version == version)?;
    let now = policy.evaluate(knowledge);
    let ids = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect();
    Some(Outcome {
        version: version.to_owned(),
        determination: now.determination.as_str().to_owned(),
        deciding: ids(now.deciding_ids()),
        open: ids(now.open_ids()),
    })
}

fn limits(content: &Content, id: &str, version: &str, knowledge: &Knowledge) -> Option<Outcome> {
    let limits = content.limits.iter().find(|limits| limits.id == id && limits.version == version)?;
    let Limited { determination, deciding, open } =
        Limited::of(&limits.check(knowledge, &content.record.elements));
    Some(Outcome { version: version.to_owned(), determination: determination.to_owned(), deciding, open })
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
