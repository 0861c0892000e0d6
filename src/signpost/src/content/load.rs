//! Loading content: every problem of every file at once, or content that can be relied on.

use std::collections::BTreeMap;

use criteria::cases::{self, Case};
use criteria::policy::{Version, overlapping_versions};
use criteria::{Document, Elements, Limits, Policy, Problem};
use ehr::terminology::ValueSetFile;

use super::names::Names;
use super::service::{DrugFile, ServiceFile};
use super::{Content, Drug, Files, Service};

impl Content {
    /// Reads all content files.
    ///
    /// # Errors
    /// Everything that is wrong in any of them, cases that fail included. What names something that is there and cannot
    /// be read is not wrong for that. Only an error of the YAML syntax hides the rest of its file.
    pub fn load(files: &Files) -> Result<Self, Vec<Problem>> {
        let (record, mut problems) = load_record(files);
        let names = Names::of(files);
        let policies = load_policies(files, &record.elements, &names, &mut problems);
        let limits = collect(files, "safety/", ".yaml", &mut problems, |document| {
            let wrong =
                names.unknown_medication(document, "").into_iter().chain(names.called_as_a_policy(document));
            refused_for(wrong, Limits::load(document, &record.elements))
        });
        let limits = limits.into_iter().map(|(_, limits)| limits).collect();
        let services =
            collect(files, "services/", ".yaml", &mut problems, |document| names.service(document));
        problems.extend(overlapping(files));
        let (value_sets, hash) = (value_sets(files), files.hash());
        let mut content = Self { record, value_sets, policies, limits, services: Vec::new(), hash };
        if !problems.is_empty() {
            return Err(sorted(problems));
        }
        content.services = services.into_iter().map(|(_, file)| content.bind(file)).collect();
        Ok(content)
    }

    /// A service with what it names.
    fn bind(&self, file: ServiceFile) -> Service {
        let drugs: Vec<Drug> = file.drugs.iter().map(|drug| self.bind_drug(drug)).collect();
        let elements: Vec<_> = drugs.iter().flat_map(|drug| drug.elements.iter().copied()).collect();
        let searches = ehr::templates::searches(&self.record, &elements);
        let templates = ehr::templates::templates(&self.record, &elements);
        let prefetch = templates.into_iter().map(|(key, template)| (key.to_owned(), template)).collect();
        Service { file, drugs, searches, prefetch }
    }

    fn bind_drug(&self, file: &DrugFile) -> Drug {
        let places = |id: &String| {
            let known = self.policies.iter().enumerate().filter(|(_, (policy, _))| policy.id == *id);
            known.map(|(place, _)| place).collect::<Vec<usize>>()
        };
        let policies: Vec<usize> = file.policies.iter().flat_map(places).collect();
        let limits =
            file.limits.as_ref().and_then(|id| self.limits.iter().position(|limits| limits.id == *id));
        let elements = self.elements_of(&policies, limits);
        Drug { file: file.clone(), policies, limits, elements }
    }
}

/// Two active versions of one policy at the same time would both speak for one payer.
fn overlapping(files: &Files) -> Vec<Problem> {
    let policies = files.below("policies/", "/policy.yaml");
    let documents = policies.filter_map(|(path, text)| Document::read(path, text).ok());
    let versions: Vec<Version> = documents.filter_map(|document| Version::active(&document)).collect();
    overlapping_versions(&versions)
}

/// The value sets as they are written; what is wrong in them was found when the record's part was read.
fn value_sets(files: &Files) -> BTreeMap<String, ValueSetFile> {
    let read = |(_, text)| serde_json::from_str::<ValueSetFile>(text).ok();
    files.below("value-sets/", ".json").filter_map(read).map(|set| (set.id.clone(), set)).collect()
}

fn load_record(files: &Files) -> (ehr::content::Content, Vec<Problem>) {
    let texts = |folder: &str, ending: &str| -> Vec<(String, String)> {
        files.below(folder, ending).map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
    };
    let (elements, value_sets) = (texts("data-elements/", ".yaml"), texts("value-sets/", ".json"));
    ehr::content::Content::read(&elements, &value_sets, &texts("therapy/", ".yaml"))
}

/// The policies that are right, each with its cases; the cases of the others are checked all the same.
fn load_policies(
    files: &Files,
    elements: &Elements,
    names: &Names<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<(Policy, Vec<Case>)> {
    let mut policies = Vec::new();
    for (path, text) in files.below("policies/", "/policy.yaml") {
        let document = Document::read(path, text).map_err(|found| vec![found]);
        let policy = document.and_then(|document| load_policy(&document, elements, names));
        let policy = policy.map_err(|found| problems.extend(found)).ok();
        let cases = load_cases(files, path, policy.as_ref(), elements, problems);
        policies.extend(policy.map(|policy| (policy, cases)));
    }
    policies
}

fn load_policy(document: &Document, elements: &Elements, names: &Names<'_>) -> Result<Policy, Vec<Problem>> {
    let folder = document.name().split('/').nth(1);
    let misplaced = document
        .text("/id")
        .filter(|id| folder != Some(*id))
        .map(|id| document.problem("/id", format!("id `{id}` is not the name of its folder")));
    let unknown = names.unknown_medication(document, "");
    refused_for(misplaced.into_iter().chain(unknown), Policy::load(document, elements))
}

/// What was loaded, unless something is wrong beside it.
fn refused_for<T>(
    wrong: impl IntoIterator<Item = Problem>,
    loaded: Result<T, Vec<Problem>>,
) -> Result<T, Vec<Problem>> {
    let mut problems: Vec<Problem> = wrong.into_iter().collect();
    match loaded {
        Ok(loaded) if problems.is_empty() => Ok(loaded),
        loaded => {
            problems.extend(loaded.err().into_iter().flatten());
            Err(problems)
        }
    }
}

/// The cases beside a policy, run where the policy is right; one that fails is a problem of the content.
fn load_cases(
    files: &Files,
    policy_path: &str,
    policy: Option<&Policy>,
    elements: &Elements,
    problems: &mut Vec<Problem>,
) -> Vec<Case> {
    let path = policy_path.replace("policy.yaml", "cases.yaml");
    let Some(text) = files.get(&path) else {
        problems.push(problem(&path, "a policy needs cases"));
        return Vec::new();
    };
    let document = match Document::read(&path, text) {
        Ok(document) => document,
        Err(found) => {
            problems.push(found);
            return Vec::new();
        }
    };
    let (cases, found) = cases::read(&document, elements);
    problems.extend(found);
    let Some(policy) = policy else { return cases };
    for case in &cases {
        problems.extend(case.failures(policy, elements).into_iter().map(|message| Problem {
            line: Some(case.line),
            id: Some(case.id.clone()),
            ..problem(&path, format!("case fails: {message}"))
        }));
    }
    cases
}

/// Reads every file of one kind; problems are gathered, what is right is kept with its path.
fn collect<T>(
    files: &Files,
    folder: &str,
    ending: &str,
    problems: &mut Vec<Problem>,
    load: impl Fn(&Document) -> Result<T, Vec<Problem>>,
) -> Vec<(String, T)> {
    let mut loaded = Vec::new();
    for (path, text) in files.below(folder, ending) {
        match Document::read(path, text).map_err(|found| vec![found]).and_then(|document| load(&document)) {
            Ok(value) => loaded.push((path.to_owned(), value)),
            Err(found) => problems.extend(found),
        }
    }
    loaded
}

fn problem(file: &str, message: impl Into<String>) -> Problem {
    Problem { file: file.to_owned(), line: None, id: None, message: message.into() }
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort();
    problems.dedup();
    problems
}
