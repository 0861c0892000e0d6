//! What holds of every policy over every record (see the crate's documentation): random policies, written as text
//! and loaded, over random knowledge, against a reference evaluator that tries every combination of values.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    reason = "a test fails by panicking; the lints know functions marked as tests only"
)]

mod reference;
mod written;

use std::collections::BTreeSet;

use criteria::formula::{Node, NodeKind};
use criteria::{
    Determination, Document, Elements, Evaluation, Gap, GapKind, Knowledge, Known, Need, Policy, Possible,
    Problem, Verdict,
};
use proptest::prelude::*;
use reference::{Point, Value, allows, points};
use written::random::{formulas, knowledge};
use written::{Formula, Formulas, IDS, elements};

fn load(formulas: &Formulas, elements: &Elements) -> Result<Policy, Vec<Problem>> {
    Policy::load(&Document::read("policy.yaml", &formulas.text()).unwrap(), elements)
}

fn knowledge_of(possible: &[Possible], elements: &Elements) -> Knowledge {
    let mut knowledge = Knowledge::nothing(elements);
    for ((index, element), possible) in elements.iter().zip(possible) {
        let gap = Gap { kind: GapKind::NotRecorded, detail: String::new() };
        let gaps = if element.kind.is_exact(possible) { Vec::new() } else { vec![gap] };
        knowledge.set(index, Known { possible: *possible, evidence: Vec::new(), gaps, account: None });
    }
    knowledge
}

/// A policy over a record, with every combination of values that the record leaves possible.
struct World {
    elements: Elements,
    formulas: Formulas,
    policy: Policy,
    knowledge: Knowledge,
    possible: Vec<Possible>,
    values: Vec<Vec<Value>>,
    points: Vec<(Point, Determination)>,
}

impl World {
    /// `None` for a policy that is refused, since something in it always or never holds.
    fn new(formulas: Formulas, possible: Vec<Possible>) -> Option<Self> {
        let elements = elements();
        let policy = load(&formulas, &elements).ok()?;
        let values: Vec<Vec<Value>> =
            (0..IDS.len()).map(|element| formulas.values(element, &possible[element])).collect();
        let points = points(&values)
            .into_iter()
            .map(|point| {
                let determination = formulas.determination(&point);
                (point, determination)
            })
            .collect();
        let knowledge = knowledge_of(&possible, &elements);
        Some(Self { elements, formulas, policy, knowledge, possible, values, points })
    }

    fn evaluation(&self) -> Evaluation<'_> {
        self.policy.evaluate(&self.knowledge)
    }

    /// Whether every combination in which these elements have these values comes to a determination.
    fn always(&self, determination: Determination, fixed: &[(usize, Value)]) -> bool {
        self.points
            .iter()
            .filter(|(point, _)| fixed.iter().all(|(element, value)| point[*element] == *value))
            .all(|(_, come_to)| *come_to == determination)
    }

    /// Whether two values of an element lead to different determinations, all others alike.
    fn matters(&self, element: usize) -> bool {
        let others = |point: &Point| {
            let mut others = point.clone();
            others.remove(element);
            others
        };
        self.points.iter().any(|(point, one)| {
            self.points.iter().any(|(other, two)| one != two && others(point) == others(other))
        })
    }

    /// Every choice of one value for each of the elements of a set.
    fn choices(&self, set: &[usize]) -> Vec<Vec<(usize, Value)>> {
        let values: Vec<Vec<Value>> = set.iter().map(|element| self.values[*element].clone()).collect();
        let choices = points(&values).into_iter();
        choices.map(|choice| set.iter().copied().zip(choice).collect()).collect()
    }
}

/// Every written node beside the node that it was read as.
fn beside<'w, 'n>(formula: &'w Formula, node: &'n Node) -> Vec<(&'w Formula, &'n Node)> {
    let written = formula.walk();
    let read: Vec<&Node> = node.walk().collect();
    assert_eq!(written.len(), read.len());
    written.into_iter().zip(read).collect()
}

fn nodes(world: &World) -> Vec<(&Formula, &Node)> {
    let policy = &world.policy;
    let rest = [
        world.formulas.exclusions.as_ref().zip(policy.exclusions()),
        world.formulas.review.as_ref().zip(policy.clinical_review_unless()),
    ];
    let mut nodes = beside(&world.formulas.criteria, policy.criteria().unwrap());
    nodes.extend(rest.into_iter().flatten().flat_map(|(formula, node)| beside(formula, node)));
    nodes
}

/// The elements that a node tests, by number.
fn tested(node: &Node) -> BTreeSet<usize> {
    let test = |node: &Node| match &node.kind {
        NodeKind::Test(test) => Some(test.element.position()),
        _ => None,
    };
    node.walk().filter_map(test).collect()
}

/// What may not depend on the order in which parts are written.
fn regardless_of_order(evaluation: &Evaluation<'_>) -> impl PartialEq + std::fmt::Debug + use<> {
    let need = |need: &Need| format!("{} {:?}", need.element.position(), need.values);
    let path = |path: &Vec<Need>| path.iter().map(need).collect::<BTreeSet<_>>();
    (
        evaluation.determination,
        evaluation.deciding_ids().into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
        evaluation.open_ids().into_iter().map(str::to_owned).collect::<BTreeSet<_>>(),
        evaluation.missing.iter().copied().collect::<BTreeSet<_>>(),
        evaluation.shortest_paths.iter().map(path).collect::<BTreeSet<_>>(),
        evaluation.ruled_out_by.iter().map(need).collect::<BTreeSet<_>>(),
    )
}

fn reversed(formula: &mut Formula, turns: &mut impl Iterator<Item = bool>) {
    if turns.next() == Some(true) {
        formula.parts_mut().reverse();
    } else {
        let parts = formula.parts_mut();
        if !parts.is_empty() {
            parts.rotate_left(1);
        }
    }
    formula.parts_mut().iter_mut().for_each(|part| reversed(part, turns));
}

/// 256 cases unless `PROPTEST_CASES` says more; always the same ones. A failure becomes a test of its own.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_240_223),
        max_global_rejects: 10_000_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// A policy is refused exactly where something that a person could be told about, a test, or the whole cannot
    /// be changed by any record.
    #[test]
    fn constant_criteria_are_refused(formulas in formulas()) {
        let elements = elements();
        let anything: Vec<Possible> = elements.iter().map(|(_, element)| element.kind.domain()).collect();
        let values: Vec<Vec<Value>> =
            (0..IDS.len()).map(|element| formulas.values(element, &anything[element])).collect();
        let points = points(&values);
        let told = |node: &&Formula| node.id.is_some() || node.parts().is_empty();
        let roots = [Some(&formulas.criteria), formulas.exclusions.as_ref(), formulas.review.as_ref()];
        let constant = formulas.walk().into_iter().filter(told).chain(roots.into_iter().flatten())
            .any(|node| node.verdict(&points).is_decided());
        let eligible = points.iter().filter(|point| formulas.eligible(point)).count();
        let constant = constant || eligible == 0 || eligible == points.len();
        prop_assert_eq!(load(&formulas, &elements).is_err(), constant);
    }

    /// Met is for every combination of possible values, NotMet is for none, and nothing else is decided.
    #[test]
    fn verdicts_are_exact(formulas in formulas(), possible in knowledge()) {
        let Some(world) = World::new(formulas, possible) else { return Err(TestCaseError::reject("constant")) };
        let evaluation = world.evaluation();
        let points: Vec<Point> = world.points.iter().map(|(point, _)| point.clone()).collect();
        for (formula, node) in nodes(&world) {
            prop_assert_eq!(evaluation.verdict(node), formula.verdict(&points), "{:?}", formula);
        }
        let decided = |determination| world.always(determination, &[]);
        let expected = [
            Determination::DoesNotMeetCriteria, Determination::MeetsCriteria, Determination::ClinicalReview,
        ].into_iter().find(|determination| decided(*determination)).unwrap_or(Determination::InformationNeeded);
        prop_assert_eq!(evaluation.determination, expected);
    }

    /// Learning more never flips a decided verdict.
    #[test]
    fn learning_more_flips_nothing(formulas in formulas(), possible in knowledge(), more in knowledge()) {
        let Some(world) = World::new(formulas, possible) else { return Err(TestCaseError::reject("constant")) };
        let more: Vec<Possible> =
            world.possible.iter().zip(&more).map(|(one, two)| one.intersection(two).unwrap_or(*one)).collect();
        let before = world.evaluation();
        let after = world.policy.evaluate(&knowledge_of(&more, &world.elements));
        for (before, after) in before.verdicts.iter().zip(&after.verdicts) {
            prop_assert!(*before == Verdict::Unknown || before == after);
        }
        prop_assert!(
            before.determination == Determination::InformationNeeded || before.determination == after.determination
        );
    }

    /// The order of parts never matters, and the same knowledge gives the same evaluation.
    #[test]
    fn order_never_matters(
        formulas in formulas(), possible in knowledge(), turns in proptest::collection::vec(any::<bool>(), 40)
    ) {
        let Some(world) = World::new(formulas, possible) else { return Err(TestCaseError::reject("constant")) };
        let mut other = world.formulas.clone();
        let mut turns = turns.into_iter();
        other.each_mut().for_each(|formula| reversed(formula, &mut turns));
        let other = load(&other, &world.elements).unwrap();
        let evaluation = world.evaluation();
        prop_assert_eq!(
            regardless_of_order(&evaluation), regardless_of_order(&other.evaluate(&world.knowledge))
        );
        prop_assert_eq!(format!("{:?}", evaluation), format!("{:?}", world.evaluation()));
    }

    /// What is unknown has something not exactly known under it, and information that is needed has a name.
    #[test]
    fn unknown_has_a_gap_under_it(formulas in formulas(), possible in knowledge()) {
        let Some(world) = World::new(formulas, possible) else { return Err(TestCaseError::reject("constant")) };
        let evaluation = world.evaluation();
        let has_gap = |element: usize| {
            let index = world.elements.find(IDS[element]).unwrap();
            !world.knowledge.get(index).unwrap().gaps.is_empty()
        };
        for (_, node) in nodes(&world) {
            let open = tested(node).into_iter().any(has_gap);
            prop_assert!(open || evaluation.verdict(node) != Verdict::Unknown);
        }
        let needed = evaluation.determination == Determination::InformationNeeded;
        prop_assert_eq!(!evaluation.missing.is_empty(), needed);
        prop_assert_eq!(!evaluation.open.is_empty(), needed);
        prop_assert_eq!(evaluation.deciding.is_empty(), needed);
        prop_assert!(evaluation.missing.iter().all(|element| has_gap(element.position())));
        let open: BTreeSet<usize> =
            evaluation.open.iter().flat_map(|reason| &reason.tests).flat_map(|node| tested(node)).collect();
        let missing: BTreeSet<usize> = evaluation.missing.iter().map(|element| element.position()).collect();
        prop_assert_eq!(open, missing);
    }

    /// The deciding criteria decide: with everything else forgotten, the determination stands.
    #[test]
    fn deciding_criteria_decide(formulas in formulas(), possible in knowledge()) {
        let Some(world) = World::new(formulas, possible) else { return Err(TestCaseError::reject("constant")) };
        let evaluation = world.evaluation();
        prop_assume!(evaluation.determination != Determination::InformationNeeded);
        let deciding: BTreeSet<usize> =
            evaluation.deciding.iter().flat_map(|reason| &reason.tests).flat_map(|node| tested(node)).collect();
        let kept: Vec<Possible> = world.elements.iter().map(|(index, element)| {
            let place = index.position();
            if deciding.contains(&place) { world.possible[place] } else { element.kind.domain() }
        }).collect();
        let again = world.policy.evaluate(&knowledge_of(&kept, &world.elements));
        prop_assert_eq!(again.determination, evaluation.determination);
    }

    /// Exactly those elements are missing whose value still matters, and exactly those values rule it out that do.
    #[test]
    fn what_is_missing_matters(formulas in formulas(), possible in knowledge()) {
        let Some(world) = World::new(formulas, possible) else { return Err(TestCaseError::reject("constant")) };
        let evaluation = world.evaluation();
        prop_assume!(evaluation.determination == Determination::InformationNeeded);
        let missing: BTreeSet<usize> = evaluation.missing.iter().map(|element| element.position()).collect();
        let matter: BTreeSet<usize> = (0..IDS.len()).filter(|element| world.matters(*element)).collect();
        prop_assert_eq!(missing, matter);
        for (element, id) in IDS.into_iter().enumerate() {
            for value in &world.values[element] {
                let named = evaluation.ruled_out_by.iter().any(|need| covers(need, element, *value));
                let rules_out = world.always(Determination::DoesNotMeetCriteria, &[(element, *value)]);
                prop_assert_eq!(named, rules_out, "{} {:?}", id, value);
            }
        }
    }

    /// The shortest paths are all the smallest sets of elements with values that settle it, whatever else is so.
    #[test]
    fn shortest_paths_settle_it_and_nothing_smaller_does(formulas in formulas(), possible in knowledge()) {
        let Some(world) = World::new(formulas, possible) else { return Err(TestCaseError::reject("constant")) };
        let evaluation = world.evaluation();
        prop_assume!(evaluation.determination == Determination::InformationNeeded);
        let paths = &evaluation.shortest_paths;
        let length = paths.iter().map(Vec::len).min().unwrap_or(IDS.len());
        prop_assert!(paths.iter().all(|path| path.len() == length));
        for set in sets().into_iter().filter(|set| set.len() <= length) {
            for choice in world.choices(&set) {
                let named = paths.iter().any(|path| {
                    path.len() == choice.len()
                        && choice.iter().all(|(element, value)| path.iter().any(|need| covers(need, *element, *value)))
                });
                prop_assert_eq!(named, world.always(Determination::MeetsCriteria, &choice), "{:?}", choice);
            }
        }
        for element in paths.iter().flatten().map(|need| need.element) {
            prop_assert!(evaluation.missing.contains(&element));
        }
    }
}

fn covers(need: &Need, element: usize, value: Value) -> bool {
    need.element.position() == element && need.values.iter().any(|possible| allows(possible, value))
}

/// Every set of elements.
fn sets() -> Vec<Vec<usize>> {
    (0..1u32 << IDS.len()).map(|bits| (0..IDS.len()).filter(|n| bits >> n & 1 == 1).collect()).collect()
}

proptest! {
    #![proptest_config(config())]

    /// What is written down of a decision evaluates again to the same, node by node, and says nothing of a value beyond what
    /// the policy tells apart.
    #[test]
    fn what_is_recorded_evaluates_to_the_same(formulas in formulas(), possible in knowledge()) {
        let elements = elements();
        let Ok(policy) = load(&formulas, &elements) else { return Ok(()) };
        let recorded: Vec<Possible> = elements.iter().zip(&possible).map(|((index, element), possible)| {
            let tested = policy.tested().iter().filter(|tested| tested.element == index);
            let blurred = criteria::recorded::blurred(possible, tested);
            let written = criteria::recorded::written(element, &blurred).to_string();
            let read = criteria::recorded::read(element, &serde_json::from_str(&written).unwrap());
            assert_eq!(read.map(|read| criteria::recorded::written(element, &read).to_string()), Some(written));
            read.unwrap()
        }).collect();
        let (before, after) =
            (policy.evaluate(&knowledge_of(&possible, &elements)), policy.evaluate(&knowledge_of(&recorded, &elements)));
        prop_assert_eq!(before.determination, after.determination);
        prop_assert_eq!(&before.verdicts, &after.verdicts);
        prop_assert_eq!(before.deciding_ids(), after.deciding_ids());
        prop_assert_eq!(before.open_ids(), after.open_ids());
        for ((index, element), recorded) in elements.iter().zip(&recorded) {
            let tested = policy.tested().iter().filter(|tested| tested.element == index);
            let again = criteria::recorded::blurred(recorded, tested);
            let written = |possible| criteria::recorded::written(element, possible).to_string();
            prop_assert_eq!(written(&again), written(recorded), "it is blurred already");
        }
    }
}
