//! The worked cases that were agreed when the two policies were read, as order-sign requests through HTTP.
//!
//! Codes where the record has a source for the fact, attestations elsewhere. `None` is "not recorded": everything was
//! searched and nothing found.

mod cases;
mod patient;

use crate::support::{Answer, CLINICAL_CRITERIA, UM_MEDICAL_POLICY};
use cases::{CASES, Case, Expected};

const MEETS: &str = "meets-criteria";
const DOES_NOT_MEET: &str = "does-not-meet-criteria";
const INFORMATION_NEEDED: &str = "information-needed";

#[test]
fn every_case_is_answered_as_agreed() {
    let failures: Vec<String> = CASES.iter().flat_map(failures).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn failures(case: &Case) -> Vec<String> {
    let answer = case.patient.request().post();
    let mut failures = unlike(&answer, CLINICAL_CRITERIA, &case.a);
    failures.extend(unlike(&answer, UM_MEDICAL_POLICY, &case.b));
    let limits = answer.limits("met");
    if limits != case.limits {
        failures.push(format!("the limits {limits:?} apply, not {:?}", case.limits));
    }
    failures.into_iter().map(|failure| format!("{}: {failure}", case.id)).collect()
}

/// In what an answer differs from what was agreed about a policy.
fn unlike(answer: &Answer, policy: &str, expected: &Expected) -> Vec<String> {
    let found = answer.determination(policy);
    let mut unlike = Vec::new();
    if found.comes_to() != expected.comes_to {
        unlike.push(format!("{policy} comes to {}, not {}", found.comes_to(), expected.comes_to));
    }
    let which = if expected.comes_to == INFORMATION_NEEDED { "open" } else { "deciding" };
    for criterion in expected.by {
        if !found.criteria(which).contains(criterion) {
            unlike.push(format!("{policy}: {criterion} is not {which}: {}", found.0));
        }
    }
    for (element, gap) in expected.missing {
        if found.gaps(element) != [*gap] {
            unlike.push(format!("{policy}: {element} is not missing as {gap}: {}", found.0));
        }
    }
    if expected.comes_to == INFORMATION_NEEDED && found.0["shortestPaths"][0][0].is_null() {
        unlike.push(format!("{policy} does not say what would settle it: {}", found.0));
    }
    unlike
}

/// A fact that is not asked about must not be asked for: hormone receptors where both answers lead to one result.
#[test]
fn what_cannot_matter_is_not_missing() {
    for case in CASES.iter().filter(|case| case.a.comes_to == MEETS) {
        let found = case.patient.request().post().determination(CLINICAL_CRITERIA);
        assert!(found.0.get("missing").is_none(), "{}: {}", case.id, found.0);
    }
}

/// An old result is said with its value and that it is old; it is not "missing".
#[test]
fn old_results_are_shown_as_old() {
    let case = CASES.iter().find(|case| case.id == "E50").expect("the case");
    let answer = case.patient.request().post();
    let said = answer.said();
    assert!(said.contains("60 days old"), "{said}");
    assert!(answer.limits("unknown").contains(&"neutrophils-low".to_owned()), "{}", answer.text());
}
