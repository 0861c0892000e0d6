//! Every policy loads without a problem, and every case of it comes out as its author says.

use std::collections::{BTreeMap, BTreeSet};

use criteria::cases::{self, Case};
use criteria::{Determination, Elements, Policy, Verdict};

use crate::content::{document, elements, list, sound};

/// The worked cases that both policies answer: id, clinical criteria, UM medical policy. Fixed when the sources were
/// read; whoever edits a policy or a case does not get to move them.
const WORKED: [(&str, &str, &str); 30] = [
    ("E1", "meets-criteria", "meets-criteria"),
    ("E2", "meets-criteria", "meets-criteria"),
    ("E3", "meets-criteria", "meets-criteria"),
    ("E4", "does-not-meet-criteria", "meets-criteria"),
    ("E6", "information-needed", "meets-criteria"),
    ("E9", "meets-criteria", "meets-criteria"),
    ("E10", "meets-criteria", "meets-criteria"),
    ("E11", "does-not-meet-criteria", "meets-criteria"),
    ("E12", "information-needed", "meets-criteria"),
    ("E14", "meets-criteria", "meets-criteria"),
    ("E17", "meets-criteria", "meets-criteria"),
    ("E18", "meets-criteria", "meets-criteria"),
    ("E19", "meets-criteria", "meets-criteria"),
    ("E21", "meets-criteria", "meets-criteria"),
    ("E22", "does-not-meet-criteria", "meets-criteria"),
    ("E24", "information-needed", "meets-criteria"),
    ("E27", "does-not-meet-criteria", "meets-criteria"),
    ("E28", "meets-criteria", "meets-criteria"),
    ("E30", "information-needed", "meets-criteria"),
    ("E32", "meets-criteria", "meets-criteria"),
    ("E34", "meets-criteria", "meets-criteria"),
    ("E37", "information-needed", "meets-criteria"),
    ("E38", "meets-criteria", "meets-criteria"),
    ("E39", "does-not-meet-criteria", "does-not-meet-criteria"),
    ("E41", "meets-criteria", "does-not-meet-criteria"),
    ("E42", "meets-criteria", "meets-criteria"),
    ("E43", "meets-criteria", "does-not-meet-criteria"),
    ("E44", "meets-criteria", "information-needed"),
    ("E46", "meets-criteria", "meets-criteria"),
    ("E50", "information-needed", "meets-criteria"),
];

const CLINICAL_CRITERIA: &str = "ixempra-clinical-criteria";
const UM_MEDICAL_POLICY: &str = "ixempra-um-medical-policy";

/// All policies with their cases, by id.
fn policies(elements: &Elements) -> BTreeMap<String, (Policy, Vec<Case>)> {
    let load = |folder: std::path::PathBuf| {
        let policy = sound(Policy::load(&document(&folder.join("policy.yaml")), elements));
        let cases = sound(cases::load(&document(&folder.join("cases.yaml")), elements));
        assert!(folder.ends_with(&policy.id), "`{}` lies in a folder of another name", policy.id);
        (policy.id.clone(), (policy, cases))
    };
    list("policies").into_iter().map(load).collect()
}

#[test]
fn every_case_comes_out_as_written() {
    let elements = elements();
    let mut failures = Vec::new();
    for (id, (policy, cases)) in policies(&elements) {
        for case in &cases {
            let found = case.failures(&policy, &elements);
            failures.extend(found.into_iter().map(|failure| format!("{id}: {}: {failure}", case.id)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_worked_cases_stand_under_both_policies() {
    let elements = elements();
    let policies = policies(&elements);
    for (id, clinical, medical) in WORKED {
        for (policy, expected) in [(CLINICAL_CRITERIA, clinical), (UM_MEDICAL_POLICY, medical)] {
            let (policy, cases) = &policies[policy];
            let case = cases.iter().find(|case| case.id == id);
            let case = case.unwrap_or_else(|| panic!("{}: case {id} is missing", policy.id));
            let came_to = policy.evaluate(&case.knowledge).determination;
            assert_eq!(came_to.as_str(), expected, "{}: {id}", policy.id);
        }
    }
}

/// Each numbered criterion is met, not met and open in some case, and each determination is reached.
#[test]
fn the_cases_exercise_every_criterion() {
    let elements = elements();
    for (id, (policy, cases)) in policies(&elements) {
        let mut seen: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut determinations = BTreeSet::new();
        let roots = [policy.criteria(), policy.exclusions(), policy.clinical_review_unless()];
        for case in &cases {
            let evaluation = policy.evaluate(&case.knowledge);
            determinations.insert(evaluation.determination.as_str());
            for node in roots.into_iter().flatten().flat_map(|root| root.walk()) {
                if let Some(criterion) = &node.id {
                    seen.entry(criterion).or_default().insert(name(evaluation.verdict(node)));
                }
            }
        }
        for (criterion, verdicts) in seen {
            assert_eq!(verdicts.len(), 3, "{id}: {criterion} is only ever {verdicts:?}");
        }
        let review = policy.clinical_review_unless().map(|_| Determination::ClinicalReview);
        assert_eq!(determinations.len(), 3 + usize::from(review.is_some()), "{id}: {determinations:?}");
    }
}

fn name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not met",
        Verdict::Unknown => "open",
    }
}

#[test]
fn policies_fit_their_sources_and_the_drug() {
    let elements = elements();
    let policies = policies(&elements);
    for (id, version) in [(CLINICAL_CRITERIA, "2024-02-23"), (UM_MEDICAL_POLICY, "2025-01-08")] {
        let (policy, _) = &policies[id];
        assert_eq!(policy.version, version);
        assert!(policy.in_force_on("2026-11-22"), "{id} is in force");
        assert!(!policy.in_force_on("2024-02-22"), "{id} is not in force before it was published");
        assert!(crate::content::root().join(format!("value-sets/{}.json", policy.medication)).exists());
    }
}
