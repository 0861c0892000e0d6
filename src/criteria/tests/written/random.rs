//! Random policies and random knowledge.

use criteria::interval::End;
use criteria::{Codes, Count, Decimal, Interval, Members, Possible, Truth};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{Condition, Formula, Formulas, IDS, Shape};

/// A policy over two to four elements, so that elements stand in several tests.
pub fn formulas() -> impl Strategy<Value = Formulas> {
    subsequence((0..IDS.len()).collect::<Vec<_>>(), 2..=4).prop_flat_map(|pool| {
        (formula(pool.clone()), option::of(formula(pool.clone())), option::of(formula(pool))).prop_map(
            |(criteria, exclusions, review)| {
                let mut formulas = Formulas { criteria, exclusions, review };
                let mut next = 0;
                formulas.each_mut().for_each(|formula| number(formula, &mut next));
                formulas
            },
        )
    })
}

impl Formulas {
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut Formula> {
        std::iter::once(&mut self.criteria).chain(&mut self.exclusions).chain(&mut self.review)
    }
}

fn formula(pool: Vec<usize>) -> impl Strategy<Value = Formula> {
    let test = select(pool).prop_flat_map(|element| {
        (Just(element), condition(element)).prop_map(|(element, condition)| Shape::Test(element, condition))
    });
    let leaf = with_id(test.boxed());
    leaf.prop_recursive(3, 8, 3, |inner| {
        let parts = proptest::collection::vec(inner.clone(), 1..=3);
        let shape = prop_oneof![
            3 => parts.clone().prop_map(Shape::All),
            3 => parts.clone().prop_map(Shape::Any),
            2 => (parts, 1..=3usize).prop_map(|(parts, most)| Shape::AtLeast(most.min(parts.len()), parts)),
            1 => inner.prop_map(|part| Shape::Not(Box::new(part))),
        ];
        with_id(shape.boxed())
    })
}

/// A third of the nodes have an id; [`number`] makes it a different one for each.
fn with_id(shape: BoxedStrategy<Shape>) -> BoxedStrategy<Formula> {
    let id = prop_oneof![2 => Just(None), 1 => Just(Some(0))];
    (id, shape).prop_map(|(id, shape)| Formula { id, shape }).boxed()
}

fn number(formula: &mut Formula, next: &mut usize) {
    if let Some(id) = &mut formula.id {
        *id = *next;
        *next += 1;
    }
    formula.parts_mut().iter_mut().for_each(|part| number(part, next));
}

fn condition(element: usize) -> BoxedStrategy<Condition> {
    match IDS[element] {
        "coded" => subsequence(vec![0, 1, 2, 3], 1..=3).prop_map(Condition::In).boxed(),
        "quantity" => limit(vec![Decimal::from(10), Decimal::new(205, 1)]),
        "multiple" => limit(vec![Decimal::ONE, Decimal::new(25, 1)]),
        "count" => limit(vec![Decimal::ONE, Decimal::TWO]),
        "set" => prop_oneof![(0..3usize).prop_map(Condition::Contains), Just(Condition::IsEmpty)].boxed(),
        _ => Just(Condition::Is).boxed(),
    }
}

fn limit(limits: Vec<Decimal>) -> BoxedStrategy<Condition> {
    let ways =
        [Condition::Below, Condition::AtMost, Condition::Above, Condition::AtLeast, Condition::Exactly];
    (select(limits), 0..ways.len()).prop_map(move |(limit, way)| ways[way](limit)).boxed()
}

/// What is known of each element; half of the time nothing.
pub fn knowledge() -> impl Strategy<Value = Vec<Possible>> {
    IDS.map(possible).to_vec()
}

fn possible(id: &'static str) -> BoxedStrategy<Possible> {
    let whole = super::elements();
    let whole = whole.get(whole.find(id).unwrap()).unwrap().kind.domain();
    let some = match id {
        "coded" => (1..16u64).prop_map(|bits| Possible::Coded(Codes::new(bits).unwrap())).boxed(),
        "quantity" => interval(vec![0, 50, 100, 105, 205, 250]),
        "multiple" => interval(vec![0, 5, 10, 20, 25, 30]),
        "count" => (0..4u32, option::of(0..3u32))
            .prop_map(|(low, more)| Possible::Count(Count::new(low, more.map(|more| low + more)).unwrap()))
            .boxed(),
        "set" => (0..8u64, 0..8u64)
            .prop_map(|(inside, outside)| Possible::Set(Members::new(inside, outside & !inside).unwrap()))
            .boxed(),
        _ => select(vec![Possible::Truth(Truth::Yes), Possible::Truth(Truth::No)]).boxed(),
    };
    prop_oneof![Just(whole), some].boxed()
}

/// An interval between two of these tenths, each end open or closed, or with no upper end.
fn interval(tenths: Vec<i64>) -> BoxedStrategy<Possible> {
    let end = (select(tenths), any::<bool>()).prop_map(|(tenths, closed)| {
        let value = Decimal::new(tenths, 1);
        if closed { End::Closed(value) } else { End::Open(value) }
    });
    (end.clone(), prop_oneof![1 => Just(End::Unbounded), 3 => end])
        .prop_filter_map("an interval without a number", |(low, high)| Interval::new(low, high))
        .prop_map(Possible::Quantity)
        .boxed()
}
