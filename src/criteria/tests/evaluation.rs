//! Verdicts, determinations and explanations by example.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking; the lints know functions marked as tests only"
)]

use criteria::formula::describe_needed;
use criteria::{
    Determination, Document, Element, Elements, Evaluation, Interval, Kind, Knowledge, Known, Policy,
    Possible, Truth, Verdict, cases,
};

fn elements() -> Elements {
    let receptor =
        || Kind::Coded { codes: ["positive", "negative"].map(str::to_owned).to_vec(), groups: vec![] };
    let her2 = Kind::Coded {
        codes: ["positive", "low", "zero"].map(str::to_owned).to_vec(),
        groups: vec![("negative".to_owned(), criteria::Codes::new(0b110).unwrap())],
    };
    let kinds = [
        ("metastatic", Kind::Truth),
        ("recurrent", Kind::Truth),
        ("crisis", Kind::Truth),
        ("hr", receptor()),
        ("her2", her2),
        ("cps", Kind::Quantity { unit: "1".to_owned() }),
        ("platelets", Kind::Quantity { unit: "/uL".to_owned() }),
        ("ast", Kind::MultipleOfUln),
        ("lines", Kind::Count),
        ("partners", Kind::Set { members: ["a", "b", "c"].map(str::to_owned).to_vec() }),
    ];
    let mut elements = Elements::default();
    for (id, kind) in kinds {
        let added = elements.add(Element { id: id.into(), title: id.into(), settle: String::new(), kind });
        assert!(added.is_some());
    }
    elements
}

fn policy(formulas: &str) -> Policy {
    let text = format!(
        "id: p\nversion: 2024-01-01\ntitle: t\nstatus: active\nmedication: m\neffective: {{ start: 2024-01-01 }}\n\
         source: {{ label: s }}\n{formulas}"
    );
    Policy::load(&Document::read("policy.yaml", &text).unwrap(), &elements()).unwrap()
}

/// Knowledge as cases write it.
fn known(given: &str) -> Knowledge {
    let text = format!(
        "cases: [{{ id: c, note: n, given: {{ {given} }}, expect: {{ determination: meets-criteria }} }}]"
    );
    let cases = cases::load(&Document::read("cases.yaml", &text).unwrap(), &elements()).unwrap();
    cases[0].knowledge.clone()
}

fn verdict(criteria: &str, given: &str) -> Verdict {
    // Two more parts keep what always or never holds from being refused.
    let policy = policy(&format!(
        "criteria: {{ at-least: 2, of: [{criteria}, {{ is: metastatic }}, {{ is: recurrent }}] }}"
    ));
    let evaluation = policy.evaluate(&known(given));
    evaluation.verdict(&policy.criteria().unwrap().parts()[0])
}

const ANY_HR: &str = "{ any: [{ element: hr, in: [negative] }, { element: hr, in: [positive] }] }";
const LINES_OR_CPS: &str = "{ any: [
    { all: [{ element: lines, exactly: 0 }, { element: cps, below: 10, unit: '1' }] },
    { element: lines, at-least: 1 } ] }";
const ALONE_OR_WITH: &str =
    "{ any: [{ element: partners, is-empty: true }, { element: partners, contains: a }] }";

#[test]
fn verdicts_are_over_every_combination() {
    use Verdict::{Met, NotMet, Unknown};
    for (criteria, given, expected) in [
        (ANY_HR, "", Met),
        (ANY_HR, "hr: positive", Met),
        ("{ all: [{ element: hr, in: [negative] }, { element: hr, in: [positive] }] }", "", NotMet),
        (LINES_OR_CPS, "lines: 0 to 1, cps: 4", Met),
        (LINES_OR_CPS, "lines: 0 to 1, cps: 10", Unknown),
        (LINES_OR_CPS, "lines: 0 to 1, cps: below 10", Met),
        (LINES_OR_CPS, "lines: 0 to 1, cps: at most 10", Unknown),
        (LINES_OR_CPS, "lines: 0, cps: 10", NotMet),
        (LINES_OR_CPS, "lines: at least 1", Met),
        (LINES_OR_CPS, "", Unknown),
        (ALONE_OR_WITH, "partners: ['a?']", Met),
        (ALONE_OR_WITH, "partners: ['a?', 'b?']", Unknown),
        (ALONE_OR_WITH, "partners: [b, 'a?']", Unknown),
        (ALONE_OR_WITH, "partners: [b, 'c?']", NotMet),
        (ALONE_OR_WITH, "partners: []", Met),
        ("{ element: her2, in: [negative] }", "her2: [low, zero]", Met),
        ("{ element: her2, in: [negative] }", "her2: [positive, low]", Unknown),
        ("{ element: platelets, below: 100000, unit: /uL }", "platelets: below 10000", Met),
        ("{ element: platelets, below: 100000, unit: /uL }", "platelets: 100000", NotMet),
        ("{ element: platelets, below: 100000, unit: /uL }", "platelets: 99999.9999", Met),
        ("{ element: ast, above: 2.5, unit: ULN }", "ast: 0.33 to 0.67", NotMet),
        ("{ element: ast, above: 2.5, unit: ULN }", "ast: 2.5", NotMet),
        ("{ element: ast, above: 2.5, unit: ULN }", "ast: 2.4 to 2.6", Unknown),
        (
            "{ at-least: 2, of: [{ is: crisis }, { is: recurrent }, { is: metastatic }] }",
            "crisis: true",
            Unknown,
        ),
        (
            "{ at-least: 2, of: [{ is: crisis }, { element: hr, in: [negative] }, { element: hr, in: [positive] }] }",
            "crisis: true",
            Met,
        ),
    ] {
        assert_eq!(verdict(criteria, given), expected, "{criteria} given {given}");
    }
}

/// What knowledge does not say, or says of another kind, or says that cannot be, is not known: never "no".
#[test]
fn knowledge_that_does_not_fit_is_no_knowledge() {
    let policy = policy("criteria: { all: [{ is: metastatic }, { element: cps, below: 10, unit: '1' }] }");
    let information_needed = |knowledge: &Knowledge| {
        let evaluation = policy.evaluate(knowledge);
        assert_eq!(evaluation.determination, Determination::InformationNeeded);
        assert_eq!(evaluation.missing.len(), 2);
    };
    information_needed(&Knowledge::nothing(&Elements::default()));
    let elements = elements();
    let (metastatic, cps) = (elements.find("metastatic").unwrap(), elements.find("cps").unwrap());
    let mut knowledge = Knowledge::nothing(&elements);
    let known = |possible| Known { possible, evidence: Vec::new(), gaps: Vec::new(), account: None };
    knowledge.set(metastatic, known(Possible::Count(criteria::Count::ANY)));
    knowledge.set(cps, known(Possible::Quantity(Interval::exactly((-4).into()))));
    information_needed(&knowledge);
    knowledge.set(metastatic, known(Possible::Truth(Truth::Yes)));
    knowledge.set(cps, known(Possible::Quantity(Interval::below(10.into()))));
    assert_eq!(policy.evaluate(&knowledge).determination, Determination::MeetsCriteria);
}

const WHOLE: &str = "
criteria: { id: C, statement: s, citation: c, is: metastatic }
exclusions: { id: X, statement: s, citation: c, is: crisis }
clinical-review-unless: { id: R, statement: s, citation: c, element: lines, at-least: 2 }
otherwise: { id: O, statement: s, citation: c }
";

#[test]
fn determinations() {
    use Determination::{ClinicalReview, DoesNotMeetCriteria, InformationNeeded, MeetsCriteria};
    let policy = policy(WHOLE);
    let (c, x, r) = ("metastatic: true", "crisis: false", "lines: 2");
    for (given, expected, deciding, open) in [
        (format!("{c}, {x}, {r}"), MeetsCriteria, vec!["C", "X", "R"], vec![]),
        (format!("{c}, {x}, lines: 1"), ClinicalReview, vec!["C", "X", "R"], vec![]),
        (format!("{c}, {x}, lines: 1 to 2"), InformationNeeded, vec![], vec!["R"]),
        (format!("{c}, {r}"), InformationNeeded, vec![], vec!["X"]),
        (format!("{x}, {r}"), InformationNeeded, vec![], vec!["C"]),
        // Whoever reviews it, it may still be denied.
        (format!("{c}, lines: 1"), InformationNeeded, vec![], vec!["X"]),
        (String::new(), InformationNeeded, vec![], vec!["C", "X", "R"]),
        ("metastatic: false".into(), DoesNotMeetCriteria, vec!["C", "O"], vec![]),
        ("crisis: true".into(), DoesNotMeetCriteria, vec!["X"], vec![]),
        ("metastatic: false, crisis: true".into(), DoesNotMeetCriteria, vec!["C", "X", "O"], vec![]),
    ] {
        let evaluation = policy.evaluate(&known(&given));
        assert_eq!(evaluation.determination, expected, "{given}");
        assert_eq!(evaluation.deciding_ids(), deciding, "{given}");
        assert_eq!(evaluation.open_ids(), open, "{given}");
    }
}

/// Criteria and exclusions that fail only together: no criterion stands for it, and the source's "otherwise" does.
#[test]
fn what_is_settled_only_as_a_whole_stands_for_itself() {
    let together = policy(
        "criteria: { any: [{ is: metastatic }, { element: hr, in: [positive] }] }
exclusions: { any: [{ is: crisis }, { element: hr, in: [positive] }, { is: recurrent }] }
otherwise: { id: O, statement: s, citation: c }",
    );
    let evaluation = together.evaluate(&known("metastatic: false"));
    assert_eq!(evaluation.determination, Determination::DoesNotMeetCriteria);
    assert_eq!(evaluation.deciding_ids(), ["O"]);

    // One met part is not enough for two of three: the whole decides.
    let two = policy(
        "criteria:
  id: A
  statement: s
  citation: c
  at-least: 2
  of:
    - { is: crisis }
    - { element: hr, in: [negative] }
    - { element: hr, in: [positive] }",
    );
    let evaluation = two.evaluate(&known("crisis: true"));
    assert_eq!(evaluation.determination, Determination::MeetsCriteria);
    assert_eq!(evaluation.deciding[0].tests.len(), 1);
    assert_eq!(evaluation.deciding[0].tests[0].id.as_deref(), Some("A"));
}

/// Paths in words: each the elements with the values that settle it.
fn paths(evaluation: &Evaluation<'_>) -> Vec<String> {
    let elements = elements();
    let need = |need: &criteria::Need| {
        let element = elements.get(need.element).unwrap();
        format!("{} {}", element.id, describe_needed(element, &need.values))
    };
    let mut paths: Vec<String> = evaluation
        .shortest_paths
        .iter()
        .map(|path| path.iter().map(need).collect::<Vec<_>>().join(", "))
        .collect();
    paths.sort();
    paths
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn shortest_paths() {
    let elements = elements();
    let lines_or_cps = format!("criteria: {LINES_OR_CPS}");
    for (formulas, given, expected, missing) in [
        // One more line settles it alone, a low CPS does not while no line is documented.
        (lines_or_cps.as_str(), "", vec!["lines at least 1", "cps below 10"], vec!["cps", "lines"]),
        (lines_or_cps.as_str(), "lines: 0", vec!["cps below 10"], vec!["cps"]),
        (lines_or_cps.as_str(), "cps: 20", vec!["lines at least 1"], vec!["lines"]),
        // Whichever it is, HR leads to the same result: it is not asked for.
        (
            "criteria: { any: [
               { all: [{ element: hr, in: [positive] }, { is: crisis }] },
               { all: [{ element: hr, in: [negative] }, { is: crisis }] } ] }",
            "",
            vec!["crisis yes"],
            vec!["crisis"],
        ),
        // Both are needed.
        (
            "criteria: { all: [{ element: cps, below: 10, unit: '1' }, { not: { is: crisis } }] }",
            "",
            vec!["crisis no, cps below 10"],
            vec!["cps", "crisis"],
        ),
        // The same values of one join with either value of the other only where both settle it.
        (
            "criteria: { any: [
               { all: [{ is: crisis }, { is: recurrent }] }, { all: [{ is: crisis }, { is: metastatic }] } ] }",
            "",
            vec!["metastatic yes, crisis yes", "recurrent yes, crisis yes"],
            vec!["crisis", "recurrent", "metastatic"],
        ),
        // Nothing turns it into meets-criteria: review is certain if the criteria hold.
        (
            "criteria: { is: crisis }\nclinical-review-unless: { is: metastatic }",
            "metastatic: false",
            vec![],
            vec!["crisis"],
        ),
        (
            "criteria: { element: partners, is-empty: true }",
            "",
            vec!["partners none"],
            vec!["partners"],
        ),
        ("criteria: { element: her2, in: [negative] }", "", vec!["her2 low or zero"], vec!["her2"]),
        ("criteria: { element: lines, above: 1 }", "lines: 0 to 3", vec!["lines 2 to 3"], vec!["lines"]),
        (
            "criteria: { not: { element: cps, exactly: 10, unit: '1' } }",
            "",
            vec!["cps below 10 or above 10"],
            vec!["cps"],
        ),
    ] {
        let policy = policy(formulas);
        let evaluation = policy.evaluate(&known(given));
        assert_eq!(evaluation.determination, Determination::InformationNeeded, "{formulas} given {given}");
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(paths(&evaluation), expected, "{formulas} given {given}");
        let mut missing = missing;
        missing.sort_unstable();
        let mut found: Vec<&str> =
            evaluation.missing.iter().map(|index| elements.get(*index).unwrap().id.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, missing, "{formulas} given {given}");
    }
}

/// Found by chance: the values of a path were joined in the order in which the policy tests the elements.
#[test]
fn paths_do_not_depend_on_the_order_of_parts() {
    let one = policy(
        "criteria: { any: [{ element: cps, at-most: 10, unit: '1' }, { element: her2, in: [zero] }] }
clinical-review-unless: { all: [{ element: her2, in: [negative] }, { element: cps, at-least: 10, unit: '1' }] }",
    );
    let other = policy(
        "criteria: { any: [{ element: her2, in: [zero] }, { element: cps, at-most: 10, unit: '1' }] }
clinical-review-unless: { all: [{ element: cps, at-least: 10, unit: '1' }, { element: her2, in: [negative] }] }",
    );
    let expected = ["her2 low or zero, cps 10", "her2 zero, cps above 10"];
    assert_eq!(paths(&one.evaluate(&known(""))), expected);
    assert_eq!(paths(&other.evaluate(&known(""))), expected);
}

#[test]
fn what_would_rule_it_out() {
    let elements = elements();
    let policy = policy(WHOLE);
    let evaluation = policy.evaluate(&known(""));
    let ruled_out: Vec<String> = evaluation
        .ruled_out_by
        .iter()
        .map(|need| {
            let element = elements.get(need.element).unwrap();
            format!("{} {}", element.id, describe_needed(element, &need.values))
        })
        .collect();
    // One line would be for a reviewer, never a denial.
    assert_eq!(ruled_out, ["metastatic no", "crisis yes"]);
}

#[test]
fn values_in_words() {
    let elements = elements();
    for (id, given, words) in [
        ("metastatic", "true", "yes"),
        ("metastatic", "unknown", "yes or no"),
        ("her2", "[positive, zero]", "positive or zero"),
        ("cps", "4.50", "4.5"),
        ("cps", "unknown", "any value"),
        ("platelets", "below 10000", "below 10000 /uL"),
        ("platelets", "1000 to 2000", "1000 to 2000 /uL"),
        ("ast", "at least 2.5", "at least 2.5 x ULN"),
        ("lines", "unknown", "any number"),
        ("lines", "0", "0"),
        ("lines", "at most 2", "at most 2"),
        ("lines", "1 to 2", "1 to 2"),
        ("lines", "above 2", "at least 3"),
        ("partners", "unknown", "anything"),
        ("partners", "[]", "none"),
        ("partners", "[a, b, c]", "with a and b and c"),
        ("partners", "['b?', 'c?']", "without a"),
        ("partners", "[a, 'b?']", "with a and without c"),
    ] {
        let index = elements.find(id).unwrap();
        let knowledge = known(&format!("{id}: {given}"));
        let possible = knowledge.get(index).unwrap().possible;
        assert_eq!(describe_needed(elements.get(index).unwrap(), &[possible]), words, "{id}: {given}");
    }
}

/// What does not matter is not told: two sets that differ in one member are one without that member.
#[test]
fn sets_that_differ_in_one_member_are_told_as_one() {
    let elements = elements();
    let index = elements.find("partners").unwrap();
    let described = |given: &[&str]| {
        let values: Vec<Possible> = given
            .iter()
            .map(|given| known(&format!("partners: {given}")).get(index).unwrap().possible)
            .collect();
        describe_needed(elements.get(index).unwrap(), &values)
    };
    assert_eq!(described(&["[a, b]", "[a]", "[]"]), "with a and without c; or none");
    assert_eq!(described(&["[a, b]", "[c]"]), "with a and b and without c; or with c and without a or b");
}
