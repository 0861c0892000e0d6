//! What changed between two versions, as a person would say it.

use std::path::Path;

use signpost::content::{Content, Files};
use signpost::pages::policies::{Changed, Difference, How, Line, difference};

/// Stands for the generic name of the next drug, which only its files name.
const DRUG: &str = "THE-DRUG";

fn next() -> Files {
    Files::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/next-drug")).unwrap()
}

/// The id of the next drug's policy.
pub fn next_policy() -> String {
    let next = next();
    let (path, _) = next.below("policies/", "/policy.yaml").next().unwrap();
    path.split('/').nth(1).unwrap().to_owned()
}

fn named(text: &str) -> String {
    let id = next_policy();
    text.replace(DRUG, id.split('-').nth(1).unwrap())
}

const CASES: &str = "
cases:
  - id: nothing
    note: Nothing is known
    expect: { determination: information-needed }
";

/// The bundled content with the next drug, and a later version of its policy beside it: the text of the first, changed.
pub fn with_later(changes: &[(&str, &str)]) -> Content {
    let (bundled, next) = (Files::bundled(), next());
    let folder = format!("policies/{}", next_policy());
    let path = |file: &str| format!("{folder}/{file}");
    let first = next.get(&path("policy.yaml")).unwrap();
    let begun = "effective: { start: 2026-10-01 }";
    let ended = first.replace(begun, "effective: { start: 2026-10-01, end: 2026-12-31 }");
    let mut later = first
        .replace("version: 2026-10-01", "version: 2027-01-01")
        .replace(begun, "effective: { start: 2027-01-01 }");
    for (was, is) in changes {
        let (was, is) = (named(was), named(is));
        assert!(later.contains(&was), "{was}");
        later = later.replace(&was, &is);
    }
    let all = bundled.iter().chain(next.iter()).map(|(path, text)| (path.to_owned(), text.to_owned()));
    let versions = [
        (path("policy.yaml"), ended),
        (path("2027-01-01/policy.yaml"), later),
        (path("2027-01-01/cases.yaml"), CASES.to_owned()),
    ];
    Content::load(&all.chain(versions).collect()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn changed(changes: &[(&str, &str)]) -> Difference {
    let content = with_later(changes);
    let version = |version: &str| {
        let mut policies = content.policies.iter().map(|(policy, _)| policy);
        policies.find(|policy| policy.id == next_policy() && policy.version == version).unwrap()
    };
    let elements = &content.record.elements;
    difference((version("2026-10-01"), elements), (version("2027-01-01"), elements))
}

fn line(what: &str, was: &str, is: &str) -> Line {
    Line { what: what.into(), was: was.into(), is: is.into() }
}

fn criterion(id: &str, statement: &str, how: How, lines: Vec<Line>) -> Changed {
    Changed { id: id.into(), statement: statement.into(), how, lines }
}

const E_1: &str = "    - id: E.1
      statement: Creatinine of at most 2 mg/dL
      citation: Example criteria for THE-DRUG, E.1
      element: labs.creatinine
      at-most: 2
      unit: mg/dL
";
const E_2: &str = "    - id: E.2
      statement: Ki-67 labelling index of 20 or more
      citation: Example criteria for THE-DRUG, E.2
      element: tumor.ki-67
      at-least: 20
      unit: \"%\"
";

/// Only the time in which they are in force differs.
#[test]
fn nothing_changed_but_the_time() {
    let dates =
        vec![line("In force from", "2026-10-01", "2027-01-01"), line("In force to", "2026-12-31", "open")];
    assert_eq!(changed(&[]), Difference { policy: dates.clone(), criteria: vec![] });
    let swapped = changed(&[(E_1, ""), (E_2, &format!("{E_2}{E_1}"))]);
    assert_eq!(swapped, Difference { policy: dates, criteria: vec![] }, "the order makes no difference");
}

#[test]
fn a_threshold_changed() {
    let statement = "Creatinine of at most 1.5 mg/dL";
    let lines = vec![
        line("Reworded", "Creatinine of at most 2 mg/dL", statement),
        line("Creatinine", "at most 2 mg/dL", "at most 1.5 mg/dL"),
    ];
    let changed = changed(&[("at most 2 mg/dL", "at most 1.5 mg/dL"), ("at-most: 2", "at-most: 1.5")]);
    assert_eq!(changed.criteria, [criterion("E.1", statement, How::Changed, lines)]);
}

#[test]
fn a_criterion_was_reworded_and_asks_the_same() {
    let next = next();
    let (_, text) = next.below("policies/", "/policy.yaml").next().unwrap();
    let mut statements = text.lines().filter_map(|line| line.trim().strip_prefix("statement: "));
    let was = statements.find(|statement| statement.starts_with("Alone, ")).unwrap();
    let is = &*was.replace("Alone, ", "As monotherapy, ");
    let changed = changed(&[(was, is)]);
    assert_eq!(changed.criteria, [criterion("E.3", is, How::Changed, vec![line("Reworded", was, is)])]);
}

#[test]
fn a_criterion_is_new_and_one_is_gone() {
    let new = "    - id: E.4
      statement: Potassium of at least 3 mmol/L
      citation: Example criteria for THE-DRUG, E.4
      element: labs.potassium
      at-least: 3
      unit: mmol/L
";
    let changed = changed(&[(E_2, new)]);
    let e = "Metastatic breast cancer, with 1, 2 and 3";
    let was = "all of (Breast cancer: yes; Distant metastasis (stage IV): yes; criterion E.1; criterion E.2; criterion E.3)";
    let is = was.replace("; criterion E.2; criterion E.3", "; criterion E.3; criterion E.4");
    let expected = [
        criterion("E", e, How::Changed, vec![line("Combined", was, &is)]),
        criterion(
            "E.4",
            "Potassium of at least 3 mmol/L",
            How::Added,
            vec![line("Potassium", "", "at least 3 mmol/L")],
        ),
        criterion(
            "E.2",
            "Ki-67 labelling index of 20 or more",
            How::Removed,
            vec![line("Ki-67 labelling index", "at least 20 %", "")],
        ),
    ];
    assert_eq!(changed.criteria, expected);
}

#[test]
fn a_criterion_has_another_number() {
    let changed = changed(&[("id: E.2", "id: E.7")]);
    let renumbered = changed.criteria.iter().find(|one| one.id == "E.7").unwrap();
    assert_eq!(
        (renumbered.how, &renumbered.lines[..]),
        (How::Renumbered, &[line("Number", "E.2", "E.7")][..])
    );
    assert!(changed.criteria.iter().all(|one| one.id != "E.2"), "{changed:?}");
}

/// The tests are the same, and hang together in another way.
#[test]
fn what_was_all_is_any() {
    let changed = changed(&[(
        "    - is: diagnosis.breast-cancer\n    - is: disease.metastatic\n",
        "    - any:\n        - is: diagnosis.breast-cancer\n        - is: disease.metastatic\n",
    )]);
    let [only] = &changed.criteria[..] else { panic!("{changed:?}") };
    let [line] = &only.lines[..] else { panic!("{only:?}") };
    assert_eq!((only.id.as_str(), line.what.as_str()), ("E", "Combined"));
    assert!(
        line.is.contains("any of (Breast cancer: yes; Distant metastasis (stage IV): yes)"),
        "{}",
        line.is
    );
}

#[test]
fn another_element_is_asked() {
    let changed = changed(&[("- is: disease.metastatic", "- is: disease.unresectable")]);
    let [only] = &changed.criteria[..] else { panic!("{changed:?}") };
    let told: Vec<(&str, &str)> =
        only.lines.iter().map(|line| (line.was.as_str(), line.is.as_str())).collect();
    assert_eq!(told, [("yes", ""), ("", "yes")], "{only:?}");
}

#[test]
fn the_policy_as_a_whole() {
    let changed = changed(&[
        ("status: active", "status: draft"),
        (
            "label: Example criteria for THE-DRUG, invented",
            "label: Example criteria for THE-DRUG, second edition",
        ),
    ]);
    let whats: Vec<&str> = changed.policy.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(whats, ["Status", "In force from", "In force to", "Source"]);
    assert!(changed.criteria.is_empty(), "{changed:?}");
}
