//! Loading content: every problem of every file at once, or content that can be relied on.

use criteria::cases::{self, Case, CasesFile};
use criteria::limits::LimitsFile;
use criteria::policy::{PolicyFile, overlapping_versions};
use criteria::{Document, Elements, Limits, Policy, Problem};

use super::service::{DrugFile, ServiceFile};
use super::{Content, Drug, Files, Service};

impl Content {
    /// Reads all content files.
    ///
    /// # Errors
    /// Everything that is wrong in any of them, cases that fail included.
    pub fn load(files: &Files) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let record = load_record(files).unwrap_or_else(|found| {
            problems.extend(found);
            ehr::content::Content::default()
        });
        // What is wrong in a data element is wrong in every policy that asks for it: say it once. What the other files
        // say in the wrong form does not hang on it.
        if !problems.is_empty() {
            problems.extend(misshapen(files));
            return Err(sorted(problems));
        }
        let elements = &record.elements;
        let policies = collect(files, "policies/", "/policy.yaml", &mut problems, |document| {
            load_policy(document, elements)
        });
        let policies: Vec<(Policy, Vec<Case>)> = policies
            .into_iter()
            .map(|(path, policy)| {
                let cases = load_cases(files, &path, &policy, elements, &mut problems);
                (policy, cases)
            })
            .collect();
        let limits =
            collect(files, "safety/", ".yaml", &mut problems, |document| Limits::load(document, elements));
        let limits = limits.into_iter().map(|(_, limits)| limits).collect();
        let mut content = Self { record, policies, limits, services: Vec::new() };
        content.check_versions(&mut problems);
        content.check_value_sets(&mut problems);
        let services =
            collect(files, "services/", ".yaml", &mut problems, |document| content.load_service(document));
        content.services = services.into_iter().map(|(_, service)| service).collect();
        if problems.is_empty() { Ok(content) } else { Err(sorted(problems)) }
    }

    /// Two active versions of one policy at the same time would both speak for one payer.
    fn check_versions(&self, problems: &mut Vec<Problem>) {
        let policies: Vec<Policy> = self.policies.iter().map(|(policy, _)| policy.clone()).collect();
        problems.extend(overlapping_versions(&policies).into_iter().map(|(one, other)| {
            let message =
                format!("versions {} and {} are active at the same time", one.version, other.version);
            problem(&format!("policies/{}", one.id), message)
        }));
    }

    fn check_value_sets(&self, problems: &mut Vec<Problem>) {
        let of_policies =
            self.policies.iter().map(|(policy, _)| (format!("policies/{}", policy.id), &policy.medication));
        let of_limits =
            self.limits.iter().map(|limits| (format!("safety/{}.yaml", limits.id), &limits.medication));
        for (file, medication) in of_policies.chain(of_limits) {
            if !self.record.terminology.knows(medication) {
                problems.push(problem(&file, format!("unknown value set `{medication}`")));
            }
        }
    }

    fn load_service(&self, document: &Document) -> Result<Service, Vec<Problem>> {
        let file: ServiceFile = document.shape()?;
        let mut problems = Vec::new();
        let drugs: Vec<Drug> = file
            .drugs
            .iter()
            .enumerate()
            .map(|(place, drug)| self.load_drug(drug, document, &format!("/drugs/{place}"), &mut problems))
            .collect();
        for (place, payer) in file.payers.iter().enumerate() {
            let unknown =
                payer.policies.iter().filter(|id| !file.drugs.iter().any(|drug| drug.policies.contains(id)));
            problems.extend(unknown.map(|id| {
                document.problem(
                    &format!("/payers/{place}"),
                    format!("no drug of this service has the policy `{id}`"),
                )
            }));
        }
        let elements: Vec<_> = drugs.iter().flat_map(|drug| drug.elements.iter().copied()).collect();
        let searches = ehr::templates::searches(&self.record, &elements);
        let templates = ehr::templates::templates(&self.record, &elements);
        let prefetch = templates.into_iter().map(|(key, template)| (key.to_owned(), template)).collect();
        if problems.is_empty() { Ok(Service { file, drugs, searches, prefetch }) } else { Err(problems) }
    }

    fn load_drug(
        &self,
        file: &DrugFile,
        document: &Document,
        pointer: &str,
        problems: &mut Vec<Problem>,
    ) -> Drug {
        let mut policies = Vec::new();
        for id in &file.policies {
            let known = self.policies.iter().enumerate().filter(|(_, (policy, _))| policy.id == *id);
            let versions: Vec<usize> = known.map(|(place, _)| place).collect();
            if versions.is_empty() {
                problems.push(document.problem(pointer, format!("unknown policy `{id}`")));
            }
            policies.extend(versions);
        }
        let limits = file.limits.as_ref().and_then(|id| {
            let place = self.limits.iter().position(|limits| limits.id == *id);
            if place.is_none() {
                problems.push(document.problem(pointer, format!("unknown limits `{id}`")));
            }
            place
        });
        if !self.record.terminology.knows(&file.medication) {
            problems.push(document.problem(pointer, format!("unknown value set `{}`", file.medication)));
        }
        let elements = self.elements_of(&policies, limits);
        Drug { file: file.clone(), policies, limits, elements }
    }
}

fn load_record(files: &Files) -> Result<ehr::content::Content, Vec<Problem>> {
    let texts = |folder: &str, ending: &str| -> Vec<(String, String)> {
        files.below(folder, ending).map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
    };
    let (elements, value_sets) = (texts("data-elements/", ".yaml"), texts("value-sets/", ".json"));
    ehr::content::Content::load(&elements, &value_sets, &texts("therapy/", ".yaml"))
}

/// What is wrong in the form of the files that ask for data elements.
fn misshapen(files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    collect(files, "policies/", "/policy.yaml", &mut problems, Document::shape::<PolicyFile>);
    collect(files, "policies/", "/cases.yaml", &mut problems, Document::shape::<CasesFile>);
    collect(files, "safety/", ".yaml", &mut problems, Document::shape::<LimitsFile>);
    collect(files, "services/", ".yaml", &mut problems, Document::shape::<ServiceFile>);
    problems
}

fn load_policy(document: &Document, elements: &Elements) -> Result<Policy, Vec<Problem>> {
    let policy = Policy::load(document, elements)?;
    let folder = document.name().split('/').nth(1);
    if folder == Some(policy.id.as_str()) {
        Ok(policy)
    } else {
        Err(vec![document.problem("/id", format!("id `{}` is not the name of its folder", policy.id))])
    }
}

/// The cases beside a policy; one that fails is a problem of the content.
fn load_cases(
    files: &Files,
    policy_path: &str,
    policy: &Policy,
    elements: &Elements,
    problems: &mut Vec<Problem>,
) -> Vec<Case> {
    let path = policy_path.replace("policy.yaml", "cases.yaml");
    let Some(text) = files.get(&path) else {
        problems.push(problem(&path, "a policy needs cases"));
        return Vec::new();
    };
    let cases = Document::read(&path, text)
        .map_err(|found| vec![found])
        .and_then(|document| cases::load(&document, elements));
    let cases = cases.unwrap_or_else(|found| {
        problems.extend(found);
        Vec::new()
    });
    for case in &cases {
        problems.extend(case.failures(policy, elements).into_iter().map(|message| Problem {
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
