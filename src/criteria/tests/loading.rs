//! Bad files: everything that is wrong in one is reported at once, with file, line and criterion.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking; the lints know functions marked as tests only"
)]

use std::time::{Duration, Instant};

use criteria::policy::{Version, overlapping_versions};
use criteria::{Codes, Document, Element, Elements, Kind, Limits, Policy, Problem, cases};

fn elements() -> Elements {
    let coded = Kind::Coded {
        codes: ["red", "amber", "green"].map(str::to_owned).to_vec(),
        groups: vec![("warm".to_owned(), Codes::first(2).unwrap())],
    };
    let kinds = [
        ("truth", Kind::Truth),
        ("other", Kind::Truth),
        ("coded", coded),
        ("quantity", Kind::Quantity { unit: "/uL".to_owned() }),
        ("multiple", Kind::MultipleOfUln),
        ("count", Kind::Count),
        ("set", Kind::Set { members: (0..12).map(|n| format!("m{n}")).collect() }),
    ];
    let mut elements = Elements::default();
    for (id, kind) in kinds {
        let added = elements.add(Element { id: id.into(), title: id.into(), settle: String::new(), kind });
        assert!(added.is_some());
    }
    elements
}

/// A policy file of nine lines; what is given begins on the tenth.
fn policy(rest: &str) -> String {
    format!(
        "id: p\nversion: 2024-01-01\ntitle: t\nstatus: active\nmedication: m\neffective:\n  start: 2024-01-01\n\
         source:\n  label: s\n{rest}"
    )
}

fn load(text: &str) -> Result<Policy, Vec<Problem>> {
    let document = Document::read("policy.yaml", text).map_err(|problem| vec![problem])?;
    Policy::load(&document, &elements())
}

fn reported(text: &str) -> Vec<String> {
    let problems = load(text).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

/// Asserts that exactly these problems are reported, in whatever order: each is where it stands and some words.
#[track_caller]
fn assert_reported(text: &str, expected: &[(&str, &str)]) {
    let reported = reported(text);
    for (place, words) in expected {
        let found = reported.iter().any(|problem| {
            problem.strip_prefix(place).is_some_and(|rest| rest.starts_with(": ") && rest.contains(words))
        });
        assert!(found, "{place}: {words} is not among {reported:#?}");
    }
    assert_eq!(reported.len(), expected.len(), "{reported:#?}");
}

#[test]
fn a_good_file_loads() {
    let policy = load(&policy("criteria: { id: A, statement: s, citation: c, is: truth }")).unwrap();
    assert_eq!(policy.criteria().unwrap().id.as_deref(), Some("A"));
}

#[test]
fn shapes() {
    let text = policy(
        "colour: red
criteria:
  all:
    - id: A
      statement: s
      citation: c
      iz: truth
    - { element: count, at-least: two }
    - is: [truth]
exclusions: truth
",
    )
    .replace("title: t\n", "")
    .replace("status: active", "status: busy");
    assert_reported(
        &text,
        &[
            ("policy.yaml:1: `p`", "`title` is missing"),
            ("policy.yaml:3: `p`", "\"active\" was expected"),
            ("policy.yaml:9: `p`", "unknown key `colour`"),
            ("policy.yaml:15: `A`", "unknown key `iz`"),
            ("policy.yaml:16: `p`", "two"),
            ("policy.yaml:17: `p`", "truth"),
            ("policy.yaml:18: `p`", "truth"),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn criteria() {
    let text = policy(
        "criteria:
  all:
    - id: A
      any: []
    - { id: B, statement: s, citation: c, is: nothing }
    - { id: B, statement: s, citation: c, element: coded, in: [blue] }
    - { statement: s, is: truth }
    - { element: set, contains: m99 }
    - { element: quantity, below: 3 }
    - { element: quantity, below: 3, unit: mg }
    - { element: count, below: 3, unit: '1' }
    - { element: truth, below: 3 }
    - { element: count, at-least: 1.5 }
    - { element: count, at-least: 4294967295 }
    - { is: coded }
    - { is: truth, below: 3 }
    - { element: count }
    - { element: count, below: 3, above: 1 }
    - { element: coded, in: [] }
    - { element: set, is-empty: false }
    - { all: [{ is: nowhere }], any: [{ is: truth }] }
    - { below: 3 }
    - { not: { is: truth }, below: 3, unit: mg }
    - { at-least: 3, of: [{ is: truth }, { is: nobody }] }
    - { of: [{ is: truth }] }
otherwise: { id: B, statement: s, citation: c }
",
    );
    assert_reported(
        &text,
        &[
            ("policy.yaml:12: `A`", "`statement`"),
            ("policy.yaml:12: `A`", "`citation`"),
            ("policy.yaml:13: `A`", "no parts"),
            ("policy.yaml:14: `B`", "unknown data element `nothing`"),
            ("policy.yaml:15: `B`", "id `B` stands twice"),
            ("policy.yaml:15: `B`", "no code or group `blue`"),
            ("policy.yaml:16: `p`", "without an `id`"),
            ("policy.yaml:17: `p`", "no member `m99`"),
            ("policy.yaml:18: `p`", "write `unit: /uL`"),
            ("policy.yaml:19: `p`", "write `unit: /uL`"),
            ("policy.yaml:20: `p`", "has no unit"),
            ("policy.yaml:21: `p`", "`below` does not fit"),
            ("policy.yaml:22: `p`", "`at-least` does not fit"),
            ("policy.yaml:23: `p`", "`at-least` does not fit"),
            ("policy.yaml:24: `p`", "no yes-or-no element"),
            ("policy.yaml:25: `p`", "no other condition"),
            ("policy.yaml:26: `p`", "this has 0"),
            ("policy.yaml:27: `p`", "this has 2"),
            ("policy.yaml:28: `p`", "names no code"),
            ("policy.yaml:29: `p`", "only ever `true`"),
            ("policy.yaml:30: `p`", "exactly one of"),
            ("policy.yaml:30: `p`", "unknown data element `nowhere`"),
            ("policy.yaml:31: `p`", "exactly one of"),
            ("policy.yaml:32: `p`", "`below` belongs to a test"),
            ("policy.yaml:32: `p`", "`unit` belongs to a test"),
            ("policy.yaml:33: `p`", "from 1 to 2"),
            ("policy.yaml:33: `p`", "unknown data element `nobody`"),
            ("policy.yaml:34: `p`", "from 1 to 1"),
            ("policy.yaml:35: `B`", "id `B` stands twice"),
        ],
    );
}

#[test]
fn criteria_that_no_record_can_change() {
    let text = policy(
        "criteria:
  all:
    - id: A
      statement: s
      citation: c
      any: [{ is: truth }, { not: { is: truth } }]
    - id: B
      statement: s
      citation: c
      all:
        - is: other
        - { element: count, exactly: 1 }
        - { element: count, at-least: 2 }
    - { element: quantity, at-least: 0, unit: /uL }
    - { element: coded, in: [warm, green] }
clinical-review-unless:
  any: [{ is: truth }, { not: { is: truth } }]
",
    );
    assert_reported(
        &text,
        &[
            ("policy.yaml:10: `p`", "can never hold"),
            ("policy.yaml:12: `A`", "always holds"),
            ("policy.yaml:16: `B`", "can never hold"),
            ("policy.yaml:23: `p`", "always holds"),
            ("policy.yaml:24: `p`", "always holds"),
            ("policy.yaml:25: `p`", "always holds"),
        ],
    );
    let text = policy("criteria: { is: truth }\nexclusions: { is: truth }\n");
    assert_reported(&text, &[("policy.yaml:1: `p`", "as a whole, it can never hold")]);
}

#[test]
fn dates() {
    let bad = ["2024-02-30", "2023-02-29", "2024-13-01", "2024-1-01", "2024-+1-01", "24-01-01", "soon"];
    for date in bad {
        let text = policy("criteria: { is: truth }\nmode: shadow\n")
            .replace("version: 2024-01-01", &format!("version: '{date}'"))
            .replace("  start: 2024-01-01", &format!("  start: 2024-02-29\n  end: '{date}'"));
        let reported = reported(&text);
        assert!(reported[0].starts_with("policy.yaml:2: `p`: not a date"), "{date}: {reported:#?}");
        assert!(reported[1].starts_with("policy.yaml:8: `p`: not a date"), "{date}: {reported:#?}");
    }
    let text = policy("criteria: { is: truth }")
        .replace("start: 2024-01-01", "start: 2024-03-01\n  end: 2024-02-29");
    assert_reported(&text, &[("policy.yaml:6: `p`", "ends before it starts")]);
}

#[test]
fn yaml() {
    for (rest, line, words) in [
        ("criteria: [", 11, ""),
        ("criteria: { is: truth }\ncriteria: { is: other }", 11, "key `criteria` stands twice"),
        ("criteria: { is: truth, is: other }", 10, "key `is` stands twice"),
        ("criteria: &a { is: truth }", 10, "anchors"),
        ("criteria: *a", 10, ""),
        ("criteria: !!str truth", 10, "tags"),
        ("criteria: { is: truth }\n---\nid: q", 11, "more than one document"),
        ("? [a]\n: b", 10, "plain text"),
    ] {
        let reported = load(&policy(rest)).unwrap_err();
        assert_eq!(reported.len(), 1, "{rest}: {reported:?}");
        assert_eq!(reported[0].line, Some(line), "{rest}: {reported:?}");
        assert!(reported[0].message.contains(words), "{rest}: {reported:?}");
    }
    assert_reported("", &[("policy.yaml:1", "empty")]);
}

#[test]
fn numbers_keep_their_place() {
    for number in ["1e3", "1.00000000000000000000000000000001", ".inf", "0x10", "1_000"] {
        let text = policy(&format!(
            "criteria:\n  all:\n    - is: truth\n    - {{ element: count, below: {number} }}"
        ));
        let reported = reported(&text);
        assert_eq!(reported.len(), 1, "{number}: {reported:?}");
        assert!(reported[0].starts_with("policy.yaml:13: "), "{number}: {reported:?}");
    }
}

/// Large and nasty files are refused soon.
#[test]
fn hostile_files() {
    let many = |text: &str| text.repeat(100_000 / text.len());
    let nested = |deep: usize| "{ not: ".repeat(deep) + "{ is: truth }" + &" }".repeat(deep);
    let count_test = |n: usize| format!("{{ element: count, exactly: {n} }}");
    let counts = (0..1000).map(count_test).collect::<Vec<_>>().join(", ");
    let members =
        (0..9).map(|n| format!("{{ element: set, contains: m{n} }}")).collect::<Vec<_>>().join(", ");
    let ends = "{ element: count, exactly: 4294967295 }";
    for (name, text) in [
        ("brackets", many("[")),
        ("braces", many("{a: ")),
        ("dashes", many("- ")),
        ("quotes", many("\"")),
        ("keys", many("? ")),
        ("colons", many("a: b: ")),
        ("long key", format!("{}: [{}]", "k".repeat(50_000), "1,".repeat(25_000))),
        ("deep", policy(&format!("criteria: {}", nested(100)))),
        ("deep and wrong", policy(&format!("criteria: {}", nested(25).replace("truth", "[]")))),
        ("wide and wrong", policy(&format!("criteria: {{ all: [{}] }}", "{ iz: 1 }, ".repeat(5_000)))),
        ("many cells", policy(&format!("criteria: {{ any: [{counts}, {counts}] }}"))),
        ("many members", policy(&format!("criteria: {{ any: [{members}] }}"))),
        ("largest count", policy(&format!("criteria: {{ any: [{ends}, {{ not: {ends} }}] }}"))),
    ] {
        let start = Instant::now();
        let loaded = load(&text);
        assert!(loaded.is_err() || name == "many cells", "{name}");
        assert!(start.elapsed() < Duration::from_secs(60), "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn too_many_splits() {
    let twice = |element: &str, numbers: std::ops::Range<u32>| {
        let test = |n: u32| format!("{{ element: {element}, below: {} }}", n + 1);
        numbers.map(test).collect::<Vec<_>>().join(", ")
    };
    let counts = twice("count", 0..2000);
    let text = policy(&format!("criteria: {{ any: [{counts}, {{ is: truth }}] }}"));
    assert!(load(&text).is_ok());
    let quantities = twice("quantity", 0..600).replace(" }", ", unit: /uL }");
    let text = policy(&format!("criteria: {{ any: [{counts}, {quantities}] }}"));
    assert_reported(&text, &[("policy.yaml:1: `p`", "combinations, more than")]);
}

/// Whatever else is wrong in their files.
#[test]
fn versions_that_overlap() {
    let version = |name: &str, start: &str, end: Option<&str>, status: &str| {
        let end = end.map_or(String::new(), |end| format!("\n  end: {end}"));
        let text = policy("criteria: truth\ncolour: red")
            .replace("version: 2024-01-01", &format!("version: {name}"))
            .replace("start: 2024-01-01", &format!("start: {start}{end}"))
            .replace("active", status);
        Version::active(&read(name, &text))
    };
    let overlapping = |versions: &[&Option<Version>]| -> Vec<String> {
        let versions: Vec<Version> = versions.iter().copied().flatten().cloned().collect();
        overlapping_versions(&versions).iter().map(ToString::to_string).collect()
    };
    let ended = version("ended", "2023-01-01", Some("2023-12-31"), "active");
    let current = version("current", "2024-01-01", None, "active");
    let later = version("later", "2025-01-01", None, "active");
    let draft = version("draft", "2024-01-01", None, "draft");
    let undated = version("undated", "soon", None, "active");
    assert!(draft.is_none() && undated.is_none());
    assert!(overlapping(&[&ended, &current, &draft, &undated]).is_empty());
    assert_eq!(
        overlapping(&[&later, &ended, &current]),
        ["current:2: `p`: versions later and current are active at the same time (later)"]
    );
    let last_day = version("last", "2023-12-31", None, "active");
    assert_eq!(overlapping(&[&ended, &last_day]).len(), 1);
}

fn read(name: &str, text: &str) -> Document {
    Document::read(name, text).unwrap()
}

#[test]
fn cases() {
    let text = "
defaults: { nothing: 1 }
cases:
  - { id: one, note: n, expect: { determination: meets-criteria } }
  - id: one
    note: n
    given: { truth: 1, coded: blue, count: below 0, quantity: 3 to 2, set: [m1, m99] }
    expect: { determination: meets-criteria }
";
    let problems = cases::load(&read("cases.yaml", text), &elements()).unwrap_err();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        ("cases.yaml:2: ", "unknown data element `nothing`"),
        ("cases.yaml:5: `one`", "stands twice"),
        ("cases.yaml:7: `one`", "no value of `truth`"),
        ("cases.yaml:7: `one`", "no value of `coded`"),
        ("cases.yaml:7: `one`", "no value of `count`"),
        ("cases.yaml:7: `one`", "no value of `quantity`"),
        ("cases.yaml:7: `one`", "no value of `set`"),
    ];
    for (place, words) in expected {
        assert!(
            problems.iter().any(|problem| problem.starts_with(place) && problem.contains(words)),
            "{place} {words}: {problems:#?}"
        );
    }
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
}

#[test]
fn a_case_that_fails_says_what_it_came_to() {
    let policy = load(&policy(
        "criteria: { id: A, statement: s, citation: c, all: [{ is: truth }, { element: count, at-least: 2 }] }",
    ))
    .unwrap();
    let text = "
defaults: { truth: true }
cases:
  - { id: right, note: n, given: { count: 1 to 3 }, expect: { determination: information-needed, open: [A], asks: [count] } }
  - { id: wrong, note: n, given: { count: 1 }, expect: { determination: meets-criteria, deciding: [], open: [A], asks: [count] } }
";
    let elements = elements();
    let cases = cases::load(&read("cases.yaml", text), &elements).unwrap();
    assert_eq!(cases[0].failures(&policy, &elements), Vec::<String>::new());
    let failures = cases[1].failures(&policy, &elements);
    for words in ["came to does-not-meet-criteria", "expected deciding []", "expected open", "expected asks"]
    {
        assert!(failures.iter().any(|failure| failure.contains(words)), "{words}: {failures:?}");
    }
    assert_eq!(failures.len(), 4, "{failures:?}");
}

#[test]
fn limits() {
    let text = "
id: l
version: 2024-01-01
medication: m
source: { label: s }
topics: [{ id: t, system: s, code: c, display: d }]
limits:
  - { id: a, title: t, topic: t, indicator: info, advice: a, citation: c }
  - { id: a, title: t, topic: u, indicator: info, advice: a, citation: c, when: { is: nothing } }
  - { id: b, title: t, topic: t, indicator: info, advice: a, citation: c, when: { element: quantity, at-least: 0, unit: /uL } }
  - { id: c, title: t, topic: t, indicator: info, advice: a, citation: c, missing: [nobody], suggest: [{ order-labs: { labs: [x] } }] }
";
    let problems = Limits::load(&read("limits.yaml", text), &elements()).unwrap_err();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        ("limits.yaml:8: `a`", "exactly one of"),
        ("limits.yaml:9: `a`", "unknown topic `u`"),
        ("limits.yaml:9: `a`", "unknown data element `nothing`"),
        ("limits.yaml:10: `b`", "always holds"),
        ("limits.yaml:11: `c`", "unknown laboratory order `x`"),
        ("limits.yaml:11: `c`", "unknown data element `nobody`"),
    ];
    for (place, words) in expected {
        assert!(
            problems.iter().any(|problem| problem.starts_with(place) && problem.contains(words)),
            "{place} {words}: {problems:#?}"
        );
    }
}

/// Each entry is read on its own: one that cannot be read hides no other, nor what is in it.
#[test]
fn an_entry_that_cannot_be_read_hides_nothing_else() {
    let text = policy(
        "titel: again
titel: once more
criteria:
  all:
    - { is: nobody, colour: red, colour: blue }
    - { element: count, below: two }
    - truth
    -
    - below: [1]
      any: [{ is: nowhere }, { element: count, at-least: 0 }, 7]
    - { element: count, bellow: 2 }
    - { iz: truth }
    - { not: { all: [{ is: no-one }, { is: [truth] }] } }
    - { at-least: 1.5, of: [{ element: set, contains: m99 }] }
exclusions: truth
clinical-review-unless: { element: coded, in: [blue, pink, red] }
",
    )
    .replace("version: 2024-01-01\n", "version: yesterday\n")
    .replace("title: t\n", "");
    assert_reported(
        &text,
        &[
            ("policy.yaml:1: `p`", "`title` is missing"),
            ("policy.yaml:2: `p`", "not a date"),
            ("policy.yaml:9: `p`", "unknown key `titel`"),
            ("policy.yaml:10: `p`", "key `titel` stands twice"),
            ("policy.yaml:13: `p`", "key `colour` stands twice"),
            ("policy.yaml:13: `p`", "unknown key `colour`"),
            ("policy.yaml:13: `p`", "unknown data element `nobody`"),
            ("policy.yaml:14: `p`", "two"),
            ("policy.yaml:15: `p`", "truth"),
            ("policy.yaml:16: `p`", "null"),
            ("policy.yaml:17: `p`", "number"),
            ("policy.yaml:18: `p`", "unknown data element `nowhere`"),
            ("policy.yaml:18: `p`", "always holds"),
            ("policy.yaml:18: `p`", "7"),
            ("policy.yaml:19: `p`", "unknown key `bellow`"),
            ("policy.yaml:20: `p`", "unknown key `iz`"),
            ("policy.yaml:21: `p`", "unknown data element `no-one`"),
            ("policy.yaml:21: `p`", "truth"),
            ("policy.yaml:22: `p`", "from 1 to 1"),
            ("policy.yaml:22: `p`", "no member `m99`"),
            ("policy.yaml:23: `p`", "truth"),
            ("policy.yaml:24: `p`", "no code or group `blue`, `pink`"),
        ],
    );
}

/// An element that is declared and could not be read was reported where it is declared.
#[test]
fn what_could_not_be_read_is_not_unknown() {
    let mut elements = elements();
    elements.add_unread("- { id: lost.one, kind: truths }\n- id: \"lost.two\"\n");
    let text = policy(
        "criteria: { all: [{ is: lost.one }, { is: lost }, { is: truth }] }\nexclusions: { is: lost.two }",
    );
    let reported = Policy::load(&read("policy.yaml", &text), &elements).unwrap_err();
    let messages: Vec<&str> = reported.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["unknown data element `lost`"]);

    let right = text.replace("{ is: lost }, ", "");
    let reported = Policy::load(&read("policy.yaml", &right), &elements).unwrap_err();
    assert_eq!(reported, [], "it is right, and cannot be loaded");

    let text = "cases: [{ id: a, note: n, given: { lost.one: 5, lost.three: 1 }, expect: { determination: meets-criteria } }]";
    let (cases, problems) = cases::read(&read("cases.yaml", text), &elements);
    assert_eq!((cases.len(), problems.len()), (0, 1), "{problems:?}");
    assert!(problems[0].message.contains("`lost.three`"), "{problems:?}");
}

#[test]
fn cases_that_are_right_are_read_beside_others() {
    let text = "
defaults: { truth: true }
cases:
  - { id: right, note: n, given: { count: 2 }, expect: { determination: meets-criteria } }
  - { id: wrong, given: { count: many, nobody: 1 }, expect: { determination: maybe }, why: 1 }
  - 7
";
    let (cases, problems) = cases::read(&read("cases.yaml", text), &elements());
    assert_eq!(cases.iter().map(|case| (case.id.as_str(), case.line)).collect::<Vec<_>>(), [("right", 4)]);
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        ("cases.yaml:5: `wrong`", "`note` is missing"),
        ("cases.yaml:5: `wrong`", "unknown key `why`"),
        ("cases.yaml:5: `wrong`", "\"meets-criteria\" was expected"),
        ("cases.yaml:5: `wrong`", "no value of `count`"),
        ("cases.yaml:5: `wrong`", "unknown data element `nobody`"),
        ("cases.yaml:6: ", "object"),
    ];
    for (place, words) in expected {
        assert!(
            problems.iter().any(|problem| problem.starts_with(place) && problem.contains(words)),
            "{place} {words}: {problems:#?}"
        );
    }
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");

    let defaults = text.replace("truth: true", "truth: 3");
    assert!(cases::read(&read("cases.yaml", &defaults), &elements()).0.is_empty(), "what they know is wrong");
}

#[test]
fn a_limit_that_cannot_be_read_hides_nothing_else() {
    let text = "
id: l
version: 2024-01-01
medication: m
topics: [{ id: t, system: s, code: c }]
lab-orders: [{ id: x, title: t, system: s, code: c, display: d, settles: [nobody] }]
limits:
  - { id: a, topic: t, indicator: loud, citation: c, when: { all: [{ is: nowhere }, { is: 3 }] }, suggest: [{ order-labs: { labs: [x, y] } }] }
  - { id: a, title: t, topic: u, indicator: info, advice: a, citation: c, missing: [count, nobody, no-one], colour: red }
  - { id: b, title: t, topic: t, indicator: info, advice: a, citation: c, wen: { is: truth } }
";
    let problems = Limits::load(&read("limits.yaml", text), &elements()).unwrap_err();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        ("limits.yaml:2: `l`", "`source` is missing"),
        ("limits.yaml:5: `t`", "`display` is missing"),
        ("limits.yaml:6: `x`", "unknown data element `nobody`"),
        ("limits.yaml:8: `a`", "`title` is missing"),
        ("limits.yaml:8: `a`", "`advice` is missing"),
        ("limits.yaml:8: `a`", "\"info\" was expected"),
        ("limits.yaml:8: `a`", "unknown data element `nowhere`"),
        ("limits.yaml:8: `a`", "3 is not"),
        ("limits.yaml:8: `a`", "unknown laboratory order `y`"),
        ("limits.yaml:9: `a`", "stands twice"),
        ("limits.yaml:9: `a`", "unknown key `colour`"),
        ("limits.yaml:9: `a`", "unknown topic `u`"),
        ("limits.yaml:9: `a`", "unknown data element `nobody`"),
        ("limits.yaml:9: `a`", "unknown data element `no-one`"),
        ("limits.yaml:10: `b`", "unknown key `wen`"),
    ];
    for (place, words) in expected {
        assert!(
            problems.iter().any(|problem| problem.starts_with(place) && problem.contains(words)),
            "{place} {words}: {problems:#?}"
        );
    }
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
}
