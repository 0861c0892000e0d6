//! The safety limits, at and around each threshold, and while what they rest on is not known.

use std::collections::BTreeSet;
use std::fmt::Write;

use criteria::limits::{Severity, Suggest, WhileUnknown};
use criteria::{Document, Elements, Knowledge, Limits, Verdict, cases};

use crate::content::{document, elements, list, root, sound};

use Verdict::{Met, NotMet, Unknown};

/// An order that no limit applies to.
const GOOD: &str = "{ order.partners: [], order.dose: 20, order.dose-absolute: 36, tumor.her2: positive,
    labs.neutrophils: 3000, labs.platelets: 200000, labs.ast: 0.8, labs.alt: 0.8, labs.bilirubin: 0.5,
    allergy.polyoxyl-castor-oil: false, patient.pregnant: false,
    medication.strong-cyp3a4-inhibitor: false, medication.strong-cyp3a4-inducer: false }";

/// The limit, what differs from a good order, what the limit comes to.
const TABLE: &[(&str, &str, Verdict)] = &[
    ("neutrophils-low", "labs.neutrophils: 1499", Met),
    ("neutrophils-low", "labs.neutrophils: 1499.99", Met),
    ("neutrophils-low", "labs.neutrophils: 1500", NotMet),
    ("neutrophils-low", "labs.neutrophils: 1501", NotMet),
    ("neutrophils-low", "labs.neutrophils: below 2000", Unknown),
    ("neutrophils-low", "labs.neutrophils: at least 1500", NotMet),
    ("neutrophils-low", "labs.neutrophils: unknown", Unknown),
    ("platelets-low", "labs.platelets: 99999", Met),
    ("platelets-low", "labs.platelets: 100000", NotMet),
    ("platelets-low", "labs.platelets: 100001", NotMet),
    ("platelets-low", "labs.platelets: below 10000", Met),
    ("platelets-low", "labs.platelets: unknown", Unknown),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.ast: 2.5", NotMet),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.ast: 2.51", Met),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.alt: 2.5", NotMet),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.alt: 2.51", Met),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.bilirubin: 1.0", NotMet),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.bilirubin: 1.01", Met),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.alt: unknown", Unknown),
    ("hepatic-with-capecitabine", "order.partners: [capecitabine], labs.alt: unknown, labs.ast: 3", Met),
    ("hepatic-with-capecitabine", "order.partners: ['capecitabine?'], labs.ast: 3", Unknown),
    ("hepatic-with-capecitabine", "labs.ast: 3", NotMet),
    ("hepatic-with-capecitabine", "labs.ast: unknown", NotMet),
    ("castor-oil-hypersensitivity", "allergy.polyoxyl-castor-oil: true", Met),
    ("castor-oil-hypersensitivity", "allergy.polyoxyl-castor-oil: false", NotMet),
    ("castor-oil-hypersensitivity", "allergy.polyoxyl-castor-oil: unknown", Unknown),
    ("hepatic-monotherapy-avoid", "labs.ast: 10", NotMet),
    ("hepatic-monotherapy-avoid", "labs.ast: 10.01", Met),
    ("hepatic-monotherapy-avoid", "labs.alt: 10", NotMet),
    ("hepatic-monotherapy-avoid", "labs.alt: 10.01", Met),
    ("hepatic-monotherapy-avoid", "labs.bilirubin: 3", NotMet),
    ("hepatic-monotherapy-avoid", "labs.bilirubin: 3.01", Met),
    ("hepatic-monotherapy-avoid", "labs.bilirubin: unknown", Unknown),
    ("hepatic-monotherapy-avoid", "order.partners: [trastuzumab], labs.ast: 11", Met),
    ("hepatic-monotherapy-avoid", "order.partners: [capecitabine], labs.ast: 11", NotMet),
    // First row: no reduction.
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.ast: 2.5, labs.alt: 2.5, labs.bilirubin: 1", NotMet),
    // Second row: 32.
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.ast: 2.51", Met),
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.alt: 2.51", Met),
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.bilirubin: 1.01", Met),
    ("hepatic-monotherapy-reduce", "order.dose: 32, labs.ast: 2.51", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: 32.01, labs.ast: 2.51", Met),
    ("hepatic-monotherapy-reduce", "order.dose: 32, labs.ast: 10, labs.alt: 10, labs.bilirubin: 1.5", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: 32.01, labs.ast: 10, labs.alt: 10, labs.bilirubin: 1.5", Met),
    // Third row: 30.
    ("hepatic-monotherapy-reduce", "order.dose: 32, labs.bilirubin: 1.51", Met),
    ("hepatic-monotherapy-reduce", "order.dose: 30, labs.bilirubin: 1.51", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: 30.01, labs.bilirubin: 1.51", Met),
    ("hepatic-monotherapy-reduce", "order.dose: 30.01, labs.bilirubin: 3", Met),
    ("hepatic-monotherapy-reduce", "order.dose: 31, labs.bilirubin: 1.4 to 1.6", Unknown),
    ("hepatic-monotherapy-reduce", "order.dose: 33, labs.bilirubin: 1.4 to 1.6", Met),
    // Fourth row: no dose at all.
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.bilirubin: 3.01", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.ast: 10.01", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.alt: 10.01", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.ast: 2.51, order.partners: [capecitabine]", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: 40, labs.alt: unknown", Unknown),
    ("hepatic-monotherapy-reduce", "order.dose: 30, labs.alt: unknown", NotMet),
    ("hepatic-monotherapy-reduce", "order.dose: unknown, labs.ast: 3", Unknown),
    ("dose-over-label", "order.dose: 40", NotMet),
    ("dose-over-label", "order.dose: 40.01", Met),
    ("dose-over-label", "order.dose: 39 to 41", Unknown),
    ("dose-over-label", "order.dose: unknown", Unknown),
    ("dose-over-cap", "order.dose-absolute: 88", NotMet),
    ("dose-over-cap", "order.dose-absolute: 88.01", Met),
    ("dose-over-cap", "order.dose-absolute: unknown", Unknown),
    ("strong-cyp3a4-inhibitor", "medication.strong-cyp3a4-inhibitor: true, order.dose: 20", NotMet),
    ("strong-cyp3a4-inhibitor", "medication.strong-cyp3a4-inhibitor: true, order.dose: 20.01", Met),
    ("strong-cyp3a4-inhibitor", "medication.strong-cyp3a4-inhibitor: true, order.dose: unknown", Unknown),
    ("strong-cyp3a4-inhibitor", "medication.strong-cyp3a4-inhibitor: unknown, order.dose: 40", Unknown),
    ("strong-cyp3a4-inhibitor", "medication.strong-cyp3a4-inhibitor: false, order.dose: 40", NotMet),
    ("strong-cyp3a4-inducer", "medication.strong-cyp3a4-inducer: true", Met),
    ("strong-cyp3a4-inducer", "medication.strong-cyp3a4-inducer: false", NotMet),
    ("strong-cyp3a4-inducer", "medication.strong-cyp3a4-inducer: unknown", Unknown),
    ("her2-discordant", "order.partners: [trastuzumab], tumor.her2: positive", NotMet),
    ("her2-discordant", "order.partners: [trastuzumab], tumor.her2: low", Met),
    ("her2-discordant", "order.partners: [trastuzumab], tumor.her2: [low, zero]", Met),
    ("her2-discordant", "order.partners: [trastuzumab], tumor.her2: equivocal", Unknown),
    ("her2-discordant", "order.partners: [trastuzumab], tumor.her2: unknown", Unknown),
    ("her2-discordant", "order.partners: [], tumor.her2: zero", NotMet),
    ("pregnancy", "patient.pregnant: true", Met),
    ("pregnancy", "patient.pregnant: false", NotMet),
    ("pregnancy", "patient.pregnant: unknown", Unknown),
    ("labs-missing", "labs.ast: 0.8", NotMet),
    ("labs-missing", "labs.neutrophils: unknown", Met),
    ("labs-missing", "labs.platelets: unknown", Met),
    ("labs-missing", "labs.ast: unknown", Met),
    ("labs-missing", "labs.alt: unknown", Met),
    ("labs-missing", "labs.bilirubin: unknown", Met),
    ("labs-missing", "labs.ast: 0.33 to 0.67", NotMet),
];

/// The limits and their severity, in the order of the file.
const LIMITS: [(&str, Severity); 13] = [
    ("neutrophils-low", Severity::Critical),
    ("platelets-low", Severity::Critical),
    ("hepatic-with-capecitabine", Severity::Critical),
    ("castor-oil-hypersensitivity", Severity::Critical),
    ("hepatic-monotherapy-avoid", Severity::Warning),
    ("hepatic-monotherapy-reduce", Severity::Warning),
    ("dose-over-label", Severity::Warning),
    ("dose-over-cap", Severity::Warning),
    ("strong-cyp3a4-inhibitor", Severity::Warning),
    ("strong-cyp3a4-inducer", Severity::Info),
    ("her2-discordant", Severity::Warning),
    ("pregnancy", Severity::Warning),
    ("labs-missing", Severity::Info),
];

fn limits(elements: &Elements) -> Limits {
    sound(Limits::load(&document(&root().join("safety/ixempra.yaml")), elements))
}

/// What is known, as a case would write it.
fn knowledge(elements: &Elements, given: &[&str]) -> Vec<Knowledge> {
    let mut text = format!("defaults: {GOOD}\ncases:\n");
    for (place, given) in given.iter().enumerate() {
        let expect = "expect: { determination: meets-criteria }";
        writeln!(text, "  - {{ id: '{place}', note: '', given: {{ {given} }}, {expect} }}")
            .expect("it is text");
    }
    let document = Document::read("table", &text).unwrap_or_else(|problem| panic!("{problem}"));
    sound(cases::load(&document, elements)).into_iter().map(|case| case.knowledge).collect()
}

#[test]
fn every_limit_holds_exactly_at_its_threshold() {
    let elements = elements();
    let limits = limits(&elements);
    let given: Vec<&str> = TABLE.iter().map(|(_, given, _)| *given).collect();
    let mut failures = Vec::new();
    for ((id, given, expected), knowledge) in TABLE.iter().zip(knowledge(&elements, &given)) {
        let checked = limits.check(&knowledge, &elements);
        let checked = checked.iter().find(|checked| checked.limit.id == *id).expect("the limit is there");
        if checked.verdict != *expected {
            failures.push(format!("{id}: {given}: {:?}, not {expected:?}", checked.verdict));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_good_order_is_within_every_limit() {
    let elements = elements();
    let limits = limits(&elements);
    for knowledge in knowledge(&elements, &["patient.age: 55"]) {
        for checked in limits.check(&knowledge, &elements) {
            assert_eq!(checked.verdict, NotMet, "{}", checked.limit.id);
        }
    }
}

/// The limit, what differs from a good order, the doses on offer. The good order is in mg/m2 and in mg for 1.8 m2.
const DOSES: &[(&str, &str, &[&str])] = &[
    // Second row of the table for the liver: its own dose first.
    (
        "hepatic-monotherapy-reduce",
        "order.dose: 40, order.dose-absolute: 72, labs.ast: 3",
        &["32 mg/m2", "20 mg/m2"],
    ),
    // Third row: 32 would be too much.
    (
        "hepatic-monotherapy-reduce",
        "order.dose: 40, order.dose-absolute: 72, labs.bilirubin: 2",
        &["20 mg/m2"],
    ),
    (
        "hepatic-monotherapy-reduce",
        "order.dose: 40, order.dose-absolute: unknown, labs.bilirubin: 2",
        &["20 mg/m2"],
    ),
    ("dose-over-label", "order.dose: 45, order.dose-absolute: 81", &["40 mg/m2"]),
    ("dose-over-label", "order.dose: 45, order.dose-absolute: unknown", &["40 mg/m2"]),
    ("dose-over-label", "order.dose: 45, order.dose-absolute: 81, labs.ast: 3", &[]),
    (
        "dose-over-label",
        "order.dose: 45, order.dose-absolute: 81, medication.strong-cyp3a4-inhibitor: true",
        &[],
    ),
    // 2.0 m2: 88 mg would be 44 mg/m2.
    ("dose-over-label", "order.dose: 45, order.dose-absolute: 90", &["40 mg/m2"]),
    ("dose-over-cap", "order.dose: 45, order.dose-absolute: 90", &[]),
    // The same with a body surface area that is a root, so an interval.
    ("dose-over-cap", "order.dose: 44.999999999 to 45.000000001, order.dose-absolute: 90", &[]),
    // 2.4 m2: 40 mg/m2 would be 96 mg.
    ("dose-over-label", "order.dose: 45, order.dose-absolute: 108", &[]),
    ("dose-over-cap", "order.dose: 45, order.dose-absolute: 108", &["88 mg"]),
    ("dose-over-cap", "order.dose: 40, order.dose-absolute: 96", &["88 mg"]),
    // 88 mg is a cap: how much it is per area is not known.
    ("dose-over-cap", "order.dose: unknown, order.dose-absolute: 96", &[]),
    ("dose-over-cap", "order.dose: 36 to 60, order.dose-absolute: 96", &[]),
    // 2.2 m2, where the division does not come out even.
    (
        "dose-over-label",
        "order.dose: 40.227272727272727272727272727, order.dose-absolute: 88.5",
        &["40 mg/m2"],
    ),
    ("dose-over-cap", "order.dose: 40.227272727272727272727272727, order.dose-absolute: 88.5", &["88 mg"]),
    ("strong-cyp3a4-inhibitor", "order.dose: 40, medication.strong-cyp3a4-inhibitor: true", &["20 mg/m2"]),
    // Within the limit nothing is offered.
    ("dose-over-label", "order.dose: 40", &[]),
];

#[test]
fn no_suggested_dose_runs_into_another_limit() {
    let elements = elements();
    let limits = limits(&elements);
    let given: Vec<&str> = DOSES.iter().map(|(_, given, _)| *given).collect();
    for ((id, given, expected), knowledge) in DOSES.iter().zip(knowledge(&elements, &given)) {
        let checked = limits.check(&knowledge, &elements);
        let checked = checked.iter().find(|checked| checked.limit.id == *id).expect("the limit is there");
        let doses = checked.suggest.iter().filter_map(|suggest| match suggest {
            Suggest::ChangeDose { to, unit, .. } => Some(format!("{} {unit}", to.0)),
            _ => None,
        });
        assert_eq!(doses.collect::<Vec<_>>(), *expected, "{id}: {given}");
    }
}

/// With nothing known no limit is taken as safe.
#[test]
fn nothing_known_is_never_safe() {
    let elements = elements();
    let limits = limits(&elements);
    for checked in limits.check(&Knowledge::nothing(&elements), &elements) {
        assert_ne!(checked.verdict, NotMet, "{}", checked.limit.id);
    }
}

#[test]
fn the_limits_are_the_agreed_ones() {
    let limits = limits(&elements());
    let listed: Vec<(&str, Severity)> =
        limits.list.iter().map(|limit| (limit.id.as_str(), limit.severity)).collect();
    assert_eq!(listed, LIMITS);
    let tabled: BTreeSet<&str> = TABLE.iter().map(|(id, ..)| *id).collect();
    assert_eq!(tabled.len(), LIMITS.len(), "each limit is in the table");
}

#[test]
fn cards_can_be_made_of_every_limit() {
    let elements = elements();
    let limits = limits(&elements);
    for limit in &limits.list {
        let id = &limit.id;
        assert!(limit.title.chars().count() <= 80, "{id}: its title is too long for a card's summary");
        assert!(!limit.title.to_lowercase().contains(&limits.medication), "{id}: the summary names the drug");
        assert!((2..=4).contains(&limit.advice.lines().count()), "{id}: two to four lines of advice");
        let critical = limit.severity == Severity::Critical;
        let removes = limit.suggest.iter().any(|suggest| matches!(suggest, Suggest::RemoveOrder {}));
        assert!(removes || !critical, "{id}: a contraindication offers to take the order back");
        let silent = limit.while_unknown == WhileUnknown::Silent;
        assert_eq!(silent, id == "pregnancy", "{id}: silence needs a reason");
    }
    for order in &limits.lab_orders {
        for id in &order.settles {
            assert!(elements.find(id).is_some(), "{}: unknown data element `{id}`", order.id);
        }
    }
}

/// The file of every drug's limits is named after its id.
#[test]
fn limits_lie_in_files_of_their_name() {
    let elements = elements();
    for path in list("safety") {
        let limits = sound(Limits::load(&document(&path), &elements));
        assert!(
            path.ends_with(format!("{}.yaml", limits.id)),
            "`{}` lies in a file of another name",
            limits.id
        );
    }
}
