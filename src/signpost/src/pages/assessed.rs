//! What the journal names by ids, in the words of the content, as far as it still has what was assessed.

use std::collections::BTreeMap;

use criteria::Policy;
use criteria::formula::Node;
use journal::record::Kind;

use crate::content::Content;

/// What a policy or a set of limits is called; its id where the content no longer has it.
pub(super) fn title(content: &Content, kind: Kind, id: &str) -> String {
    match kind {
        Kind::Limits => format!("Safety limits: {id}"),
        Kind::Policy => {
            let mut policies = content.policies.iter().map(|(policy, _)| policy);
            policies
                .find(|policy| policy.id == id)
                .map_or_else(|| id.to_owned(), |policy| policy.title.clone())
        }
    }
}

/// What a data element is called; its id where the content no longer has it.
pub(super) fn element(content: &Content, id: &str) -> String {
    let elements = &content.record.elements;
    let element = elements.find(id).and_then(|index| elements.get(index));
    element.map_or_else(|| id.to_owned(), |element| element.title.clone())
}

/// Statement and citation of each criterion or limit, by its number; nothing where the content no longer has this version.
pub(super) fn statements<'c>(
    content: &'c Content,
    kind: Kind,
    id: &str,
    version: &str,
) -> BTreeMap<&'c str, (&'c str, &'c str)> {
    match kind {
        Kind::Policy => {
            let mut policies = content.policies.iter().map(|(policy, _)| policy);
            let policy = policies.find(|policy| policy.id == id && policy.version == version);
            policy.map(of_policy).unwrap_or_default()
        }
        Kind::Limits => {
            let limits = content.limits.iter().find(|limits| limits.id == id && limits.version == version);
            let list = limits.into_iter().flat_map(|limits| &limits.list);
            list.map(|limit| (limit.id.as_str(), (limit.title.as_str(), limit.citation.as_str()))).collect()
        }
    }
}

fn of_policy(policy: &Policy) -> BTreeMap<&str, (&str, &str)> {
    let roots = [policy.criteria(), policy.exclusions(), policy.clinical_review_unless()];
    let nodes = roots.into_iter().flatten().flat_map(Node::walk);
    let said = nodes.filter_map(|node| {
        let statement = node.statement.as_deref().unwrap_or_default();
        Some((node.id.as_deref()?, (statement, node.citation.as_deref().unwrap_or_default())))
    });
    let otherwise = policy.otherwise.iter();
    said.chain(otherwise.map(|one| (one.id.as_str(), (one.statement.as_str(), one.citation.as_str()))))
        .collect()
}
