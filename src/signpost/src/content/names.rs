//! What content files may name in each other: whatever is there, be it right or wrong.

use std::collections::HashSet;

use criteria::{Document, Problem};
use serde_json::Value;

use super::Files;
use super::service::ServiceFile;

/// The names of all policies, limits and value sets.
pub(super) struct Names<'f> {
    policies: HashSet<&'f str>,
    limits: HashSet<String>,
    value_sets: HashSet<&'f str>,
}

impl<'f> Names<'f> {
    pub(super) fn of(files: &'f Files) -> Self {
        let policies = files.below("policies/", "/policy.yaml");
        let value_sets = files.below("value-sets/", ".json");
        Self {
            policies: policies.filter_map(|(path, _)| path.split('/').nth(1)).collect(),
            limits: files.below("safety/", ".yaml").map(|(path, text)| limits_id(path, text)).collect(),
            value_sets: value_sets.map(|(path, _)| stem(path, ".json")).collect(),
        }
    }

    /// What is wrong with the value set that the object at a pointer names as its `medication`.
    pub(super) fn unknown_medication(&self, document: &Document, pointer: &str) -> Option<Problem> {
        let pointer = format!("{pointer}/medication");
        let unknown = document.text(&pointer).filter(|id| !self.value_sets.contains(id))?;
        Some(document.problem(&pointer, format!("unknown value set `{unknown}`")))
    }

    /// What is wrong with the ids of limits and of their topics: cards and records are told apart by them, and by the ids
    /// of policies.
    pub(super) fn called_as_a_policy(&self, document: &Document) -> Vec<Problem> {
        let topics = document.entries("/topics").into_iter().map(|topic| format!("{topic}/id"));
        let problem = |pointer: String| {
            let id = document.text(&pointer).filter(|id| self.policies.contains(id))?;
            Some(document.problem(&pointer, format!("`{id}` is the id of a policy")))
        };
        std::iter::once("/id".to_owned()).chain(topics).filter_map(problem).collect()
    }

    /// Reads a service file.
    ///
    /// # Errors
    /// Everything that is wrong in it.
    pub(super) fn service(&self, document: &Document) -> Result<ServiceFile, Vec<Problem>> {
        let (document, mut problems) = document.clone().checked::<ServiceFile>();
        let drugs = document.entries("/drugs");
        drugs.iter().for_each(|drug| self.drug(&document, drug, &mut problems));
        for payer in document.entries("/payers") {
            for policy in document.entries(&format!("{payer}/policies")) {
                let unknown = document.text(&policy).filter(|id| !may_have(&document, &drugs, id));
                problems.extend(unknown.map(|id| {
                    document.problem(&policy, format!("no drug of this service has the policy `{id}`"))
                }));
            }
        }
        let file = document.part("", &mut problems);
        if problems.is_empty() { file.ok_or(problems) } else { Err(problems) }
    }

    fn drug(&self, document: &Document, drug: &str, problems: &mut Vec<Problem>) {
        problems.extend(self.unknown_medication(document, drug));
        for policy in document.entries(&format!("{drug}/policies")) {
            let unknown = document.text(&policy).filter(|id| !self.policies.contains(id));
            problems.extend(unknown.map(|id| document.problem(&policy, format!("unknown policy `{id}`"))));
        }
        let limits = format!("{drug}/limits");
        let unknown = document.text(&limits).filter(|id| !self.limits.contains(*id));
        problems.extend(unknown.map(|id| document.problem(&limits, format!("unknown limits `{id}`"))));
    }
}

/// Whether one of the drugs has a policy, or may have it: what cannot be read, or whose key may be misspelt.
fn may_have(document: &Document, drugs: &[String], policy: &str) -> bool {
    let is_listed = |list: &str| document.entries(list).iter().any(|one| document.text(one) == Some(policy));
    let has = |drug: &String| match document.value(drug).map(|drug| drug.get("policies")) {
        Some(Some(Value::Array(_))) => is_listed(&format!("{drug}/policies")),
        Some(None) => document.has_unknown_key(drug),
        _ => true,
    };
    !document.value("/drugs").is_some_and(Value::is_array) || drugs.iter().any(has)
}

/// The id of a limits file; where it cannot be read, the file is called by it.
fn limits_id(path: &str, text: &str) -> String {
    let document = Document::read(path, text).ok();
    let id = document.as_ref().and_then(|document| document.text("/id"));
    id.unwrap_or(stem(path, ".yaml")).to_owned()
}

/// The name of a file without folders and ending.
fn stem<'f>(path: &'f str, ending: &str) -> &'f str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(ending).unwrap_or(name)
}
