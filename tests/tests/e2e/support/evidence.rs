//! What a denial rests on.

use criteria::formula::NodeKind;
use criteria::policy::Reason;
use criteria::{Determination, Knowledge};
use hooks::HookRequest;
use serde_json::Value;
use signpost::decision::{Decision, decide};

use super::service::{clock, content};

/// Checks that whatever a request is denied for rests on evidence, and returns the number of denials.
pub fn nothing_denied_without_evidence(request: &Value, name: &str) -> usize {
    let body = request.to_string();
    let content = content();
    let request = HookRequest::read_with(body.as_bytes(), None).expect("a hook request");
    let decided = decide(content, &content.services[0], request, clock()).expect("a decision");
    decided.orders.iter().map(|decision| denials(decision, name)).sum()
}

fn denials(decision: &Decision<'_, '_>, name: &str) -> usize {
    let evaluations = decision.evaluations.iter();
    let denied = evaluations.filter(|one| one.determination == Determination::DoesNotMeetCriteria);
    denied
        .inspect(|one| {
            assert!(!one.deciding.is_empty(), "{name}: nothing decides");
            for reason in &one.deciding {
                let id = reason.criterion.and_then(|node| node.id.as_deref()).unwrap_or_default();
                let policy = &one.policy.id;
                assert!(has_evidence(reason, &decision.knowledge), "{name}: {policy} {id} rests on nothing");
            }
        })
        .count()
}

fn has_evidence(reason: &Reason<'_>, knowledge: &Knowledge) -> bool {
    let tests = reason.tests.iter().flat_map(|node| node.walk());
    let elements = tests.filter_map(|node| match &node.kind {
        NodeKind::Test(test) => Some(test.element),
        _ => None,
    });
    elements.filter_map(|index| knowledge.get(index)).any(|known| !known.evidence.is_empty())
}
