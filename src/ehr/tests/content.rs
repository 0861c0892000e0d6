//! Data element files: what is refused, and which templates come of what is not.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

mod made_up;

use ehr::content::Content;
use ehr::templates::templates;
use made_up::given::value_set;
use made_up::{ELEMENTS, content, value_sets};

fn problems(elements: &str) -> Vec<String> {
    let problems = Content::load(&[("t.yaml".into(), elements.into())], &value_sets(), &[]).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_wrong_with_an_element_is_said() {
    let element =
        |rest: &str| format!("elements:\n  - {{ id: a.b, title: T, description: D, settle: S, {rest} }}\n");
    let rows = [
        ("kind: truth, colour: red", "unknown key `colour`"),
        ("kind: quantity", "needs a `unit`"),
        ("kind: quantity, unit: blorp", "no unit that can be read"),
        ("kind: truth, unit: mg", "only a quantity has a unit"),
        ("kind: coded", "needs `codes`"),
        ("kind: truth, codes: [a]", "has no `codes`"),
        ("kind: coded, codes: [a, a]", "`a` stands twice"),
        ("kind: coded, codes: [a, b], groups: { g: [c] }", "`c` is no code"),
        ("kind: coded, codes: [a, b], groups: { a: [b] }", "is a code already"),
        ("kind: coded, codes: [a, b], groups: { g: [] }", "an empty group"),
        ("kind: set", "needs `members`"),
        ("kind: set, members: [none]", "not `none`"),
        ("kind: truth, window-days: 0", "a window of no days"),
        ("kind: count, absence: \"no\"", "only a truth or a set"),
        ("kind: truth, absence: \"no\"", "without a source nothing is searched"),
        ("kind: truth, sources: [ { allergy: { codes: nowhere } } ]", "no value set `nowhere`"),
        ("kind: count, sources: [ { allergy: { codes: solvent } } ]", "this source is for a truth"),
        (
            "kind: quantity, unit: mg, sources: [ { order-dose: { body-surface-area: a.c } } ]",
            "no element in m2",
        ),
        (
            "kind: set, members: [x], sources: [ { order-partners: { members: { y: solvent } } } ]",
            "`x` is not both",
        ),
        (
            "kind: multiple-of-uln, sources: [ { laboratory: { codes: marker, plausible-uln: { low: 2, high: 1, unit: U/L } } } ]",
            "the smaller one first",
        ),
    ];
    for (rest, expected) in rows {
        let found = problems(&element(rest));
        assert!(found.iter().any(|problem| problem.contains(expected)), "{rest}: {found:?}");
        assert!(found.iter().all(|problem| problem.starts_with("t.yaml:2: `a.b`")), "{found:?}");
    }
}

#[test]
fn everything_wrong_is_said_at_once() {
    let twice = format!(
        "{ELEMENTS}  - {{ id: t.truth, title: T, description: D, settle: S, kind: truth, unit: mg }}\n"
    );
    let files = [("a.yaml".to_owned(), twice), ("b.yaml".to_owned(), "elements: 1".to_owned())];
    let mut sets = value_sets();
    sets.push(("c.json".into(), "{}".into()));
    let problems = Content::load(&files, &sets, &[]).unwrap_err();
    for file in ["a.yaml", "b.yaml", "c.json"] {
        assert!(problems.iter().any(|problem| problem.file == file), "{problems:?}");
    }
    assert!(problems.iter().any(|problem| problem.message.contains("same id")), "{problems:?}");
}

/// Each entry and each source is read on its own; what is wrong in one hides nothing in another.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn an_entry_that_cannot_be_read_hides_nothing_else() {
    let text = r#"
elements:
  - { id: a.one, title: T, description: D, settle: S, kind: truths, sources: [ { allergy: { codes: gone } } ] }
  - id: a.two
    title: T
    description: D
    kind: truth
    colour: red
    window-days: -1
    sources:
      - allergy: { codes: gone }
      - allergy: { codes: broken, none: solvent }
      - { signs: 5 }
      - laboratory: { codes: late }
  - { id: a.three, title: T, description: D, settle: S, kind: coded, unit: mg, sources: [ { receptor: { codes: solvent } } ] }
  - { id: a.one, title: T, description: D, settle: S, kind: truth }
  - { id: a.dose, title: T, description: D, settle: S, kind: quantity, unit: mg, sources: [ { order-dose: { body-surface-area: b.any } }, { order-dose: { body-surface-area: a.none } } ] }
  - 7
"#;
    let mut sets = value_sets();
    sets.push(("broken.json".into(), "{".into()));
    sets.push((
        "late.json".into(),
        value_set("late", "urn:signpost:text", &["Up", "down", "Under"]).1.replace("version", "edition"),
    ));
    let files = [("a.yaml".to_owned(), text.to_owned()), ("b.yaml".to_owned(), "- { id: b.any ".to_owned())];
    let (content, problems) = Content::read(&files, &sets, &[]);
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        ("a.yaml:3: `a.one`", "\"truth\" was expected"),
        ("a.yaml:3: `a.one`", "no value set `gone`"),
        ("a.yaml:4: `a.two`", "`settle` is missing"),
        ("a.yaml:8: `a.two`", "unknown key `colour`"),
        ("a.yaml:9: `a.two`", "-1"),
        ("a.yaml:11: `a.two`", "no value set `gone`"),
        ("a.yaml:12: `a.two`", "unknown key `none`"),
        ("a.yaml:13: `a.two`", "5 is not of type \"object\""),
        ("a.yaml:15: `a.three`", "needs `codes`"),
        ("a.yaml:15: `a.three`", "only a quantity has a unit"),
        ("a.yaml:15: `a.three`", "`positive` is missing"),
        ("a.yaml:15: `a.three`", "`negative` is missing"),
        ("a.yaml:16: `a.one`", "same id"),
        ("a.yaml:17: `a.dose`", "`a.none` is no element in m2"),
        ("a.yaml:18: ", "7 is not of type \"object\""),
        ("b.yaml:2: ", "expected"),
        ("broken.json:2: ", "expected"),
        ("late.json:1: `late`", "unknown key `edition`"),
        ("late.json:1: `late`", "`version` is missing"),
        ("late.json:1: `late`", "`Up`: words are written in lower case"),
        ("late.json:1: `late`", "`Under`: words are written in lower case"),
    ];
    for (place, words) in expected {
        assert!(
            problems.iter().any(|problem| problem.starts_with(place) && problem.contains(words)),
            "{place} {words}: {problems:#?}"
        );
    }
    assert_eq!(problems.len(), expected.len(), "{problems:#?}");
    for (id, is_unknown) in [("a.two", false), ("a.three", false), ("b.any", false), ("a.none", true)] {
        assert_eq!(content.elements.find(id), None, "{id}");
        assert_eq!(content.elements.unknown(id).is_some(), is_unknown, "{id}");
    }
    assert!(content.elements.find("a.dose").is_some());
}

#[test]
fn templates_ask_for_what_the_sources_read() {
    let content = content();
    let needed = [content.elements.find("t.allergy").unwrap(), content.elements.find("t.marker").unwrap()];
    let found = templates(&content, &needed);
    let expected = [
        ("patient", "Patient/{{context.patientId}}"),
        ("clinical-observations", "Observation?patient={{context.patientId}}&code=1-1,2-2"),
        (
            "attestations",
            "Observation?patient={{context.patientId}}&code=urn:signpost:data-element|t.allergy,urn:signpost:data-element|t.marker",
        ),
        ("allergies", "AllergyIntolerance?patient={{context.patientId}}"),
        ("coverage", "Coverage?patient={{context.patientId}}&status=active"),
    ];
    for (key, template) in expected {
        assert!(found.contains(&(key, template.to_owned())), "{key}: {found:?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:?}");
}

const THERAPY: &str = r"
id: t
title: T
source: S
agents:
  - { id: one, title: One, drugs: solvent, classes: [kind] }
  - { id: two, title: Two, drugs: marker, classes: [kind, other-kind] }
unplaced: solvent
lines:
  never-counts: [other-kind]
  regimen-window-days: 28
  gap-days: 120
  substitutions: [[one, two]]
  sequences: [{ first: kind, then: two, within-days: 120 }]
  maintenance: [{ after: one, with: kind }]
  during-therapy-days: 21
  early-relapse-months: 12
advanced: [{ condition: { codes: marker } }]
progression: [{ observation: { codes: marker, values: solvent } }]
response: [{ observation: { codes: marker, values: solvent } }]
stable: [{ observation: { codes: marker, values: solvent } }]
surgery: marker
reasons: { no-response: solvent, not-tolerated: solvent, curative: solvent, neoadjuvant: solvent, adjuvant: solvent, palliative: solvent }
";

fn load_therapy(text: &str) -> Result<Content, Vec<String>> {
    let files = [("therapy/t.yaml".to_owned(), text.to_owned())];
    Content::load(&[], &value_sets(), &files)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn rules_of_therapy_are_found_by_their_id() {
    let content = load_therapy(THERAPY).unwrap();
    assert_eq!(content.therapy("t").map(|rules| rules.agents.len()), Some(2));
    assert!(content.therapy("u").is_none());
}

#[test]
fn what_is_wrong_with_rules_of_therapy_is_said() {
    let rows = [
        ("source: S", "source: ' '", "an empty text"),
        ("id: two", "id: one", "another agent is `one` too"),
        ("id: two", "id: kind", "`kind` is the name of a class too"),
        ("drugs: marker", "drugs: nowhere", "there is no value set `nowhere`"),
        ("classes: [kind, other-kind]", "classes: []", "in one class at least"),
        ("unplaced: solvent", "unplaced: nowhere", "there is no value set `nowhere`"),
        ("never-counts: [other-kind]", "never-counts: [third]", "no agent is or belongs to `third`"),
        ("[[one, two]]", "[[one]]", "in a group of less than two"),
        ("[[one, two]]", "[[one, third]]", "no agent is or belongs to `third`"),
        ("then: two", "then: third", "no agent is or belongs to `third`"),
        ("with: kind", "with: third", "no agent is or belongs to `third`"),
        ("gap-days: 120", "gap-days: 0", "lets nothing count"),
        ("within-days: 120", "within-days: 0", "lets nothing count"),
        ("gap-days: 120", "gap-days: -1", "less than the minimum"),
        ("advanced: [{ condition: { codes: marker } }]", "advanced: []", "no signs"),
        (
            "advanced: [{ condition: { codes: marker } }]",
            "advanced: [{ allergy: { codes: marker } }]",
            "what happened",
        ),
        ("{ condition: { codes: marker } }", "{ condition: { codes: nowhere } }", "there is no value set"),
        ("surgery: marker", "surgery: nowhere", "there is no value set `nowhere`"),
        ("no-response: solvent", "no-response: nowhere", "there is no value set `nowhere`"),
        ("surgery: marker", "surgery: marker\nsugery: marker", "sugery"),
    ];
    for (right, wrong, expected) in rows {
        assert_eq!(THERAPY.matches(right).count(), 1, "{right}");
        let problems = load_therapy(&THERAPY.replacen(right, wrong, 1)).unwrap_err();
        assert!(problems.iter().any(|problem| problem.contains(expected)), "{wrong}: {problems:?}");
        assert!(problems.iter().all(|problem| problem.starts_with("therapy/t.yaml")), "{problems:?}");
    }
}
