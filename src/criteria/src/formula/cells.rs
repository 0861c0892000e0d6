//! The cells of a data element: the values that a formula's tests tell apart.

use crate::element::Kind;
use crate::interval::{Decimal, End, Interval};
use crate::possible::{Codes, Count, Members, Possible, Truth, positions};
use crate::verdict::Verdict;

use super::test::Accepts;

/// A partition of an element's domain. Within a cell every test is decided, and decided alike.
pub(super) fn cells(kind: &Kind, tests: &[Accepts]) -> Vec<Possible> {
    match kind {
        Kind::Truth => vec![Possible::Truth(Truth::Yes), Possible::Truth(Truth::No)],
        Kind::Coded { codes, .. } => code_cells(codes.len(), tests),
        Kind::Quantity { .. } | Kind::MultipleOfUln => quantity_cells(tests),
        Kind::Count => count_cells(tests),
        Kind::Set { members } => set_cells(members.len(), tests),
    }
}

/// How the tests come out for a value: what makes two values the same cell.
fn outcomes(tests: &[Accepts], value: &Possible) -> Vec<Verdict> {
    tests.iter().map(|test| test.verdict(value)).collect()
}

fn code_cells(count: usize, tests: &[Accepts]) -> Vec<Possible> {
    let mut cells: Vec<(Vec<Verdict>, Codes)> = Vec::new();
    for code in (0..count).filter_map(Codes::one) {
        let outcome = outcomes(tests, &Possible::Coded(code));
        match cells.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, codes)) => *codes = codes.union(code),
            None => cells.push((outcome, code)),
        }
    }
    cells.into_iter().map(|(_, codes)| Possible::Coded(codes)).collect()
}

fn quantity_cells(tests: &[Accepts]) -> Vec<Possible> {
    let mut thresholds: Vec<Decimal> = tests
        .iter()
        .filter_map(|test| match test {
            Accepts::Quantity(interval) => Some([interval.low().value(), interval.high().value()]),
            _ => None,
        })
        .flatten()
        .flatten()
        .filter(|threshold| *threshold >= Decimal::ZERO)
        .collect();
    thresholds.sort_unstable();
    thresholds.dedup();

    let mut pieces = Vec::new();
    let mut low = End::Closed(Decimal::ZERO);
    for threshold in thresholds {
        pieces.extend(Interval::new(low, End::Open(threshold)));
        pieces.push(Interval::exactly(threshold));
        low = End::Open(threshold);
    }
    pieces.extend(Interval::new(low, End::Unbounded));
    join(tests, pieces, Possible::Quantity, |one, next| one.hull(next))
}

fn count_cells(tests: &[Accepts]) -> Vec<Possible> {
    let mut starts: Vec<u32> = tests
        .iter()
        .filter_map(|test| match test {
            Accepts::Count(count) => {
                Some([Some(count.low()), count.high().and_then(|high| high.checked_add(1))])
            }
            _ => None,
        })
        .flatten()
        .flatten()
        .chain([0])
        .collect();
    starts.sort_unstable();
    starts.dedup();

    let ends = starts.iter().skip(1).map(|next| next.checked_sub(1)).chain([None]);
    let pieces: Vec<Count> =
        starts.iter().zip(ends).filter_map(|(low, high)| Count::new(*low, high)).collect();
    join(tests, pieces, Possible::Count, |one, next| Count::new(one.low(), next.high()).unwrap_or(*one))
}

/// Joins neighbouring pieces that no test tells apart.
fn join<T: Copy>(
    tests: &[Accepts],
    pieces: Vec<T>,
    possible: impl Fn(T) -> Possible,
    hull: impl Fn(&T, &T) -> T,
) -> Vec<Possible> {
    let mut joined: Vec<(Vec<Verdict>, T)> = Vec::new();
    for piece in pieces {
        let outcome = outcomes(tests, &possible(piece));
        match joined.last_mut() {
            Some((known, last)) if *known == outcome => *last = hull(last, &piece),
            _ => joined.push((outcome, piece)),
        }
    }
    joined.into_iter().map(|(_, piece)| possible(piece)).collect()
}

/// Splits at the members that are asked for by name, and where emptiness is asked too at the others, until every
/// test is decided. What is asked decides, not the order in which it is asked.
fn set_cells(count: usize, tests: &[Accepts]) -> Vec<Possible> {
    let by_name =
        tests.iter().fold(0, |bits, test| if let Accepts::Contains(bit) = test { bits | bit } else { bits });
    let members: Vec<u64> = positions(by_name)
        .chain(positions(!by_name).take_while(|member| *member < count))
        .filter_map(Codes::one)
        .map(Codes::bits)
        .collect();
    let mut cells = vec![Members::ANY];
    for member in members {
        let (decided, open): (Vec<Members>, Vec<Members>) = cells.into_iter().partition(|cell| {
            outcomes(tests, &Possible::Set(*cell)).iter().all(|outcome| outcome.is_decided())
        });
        let split = open
            .into_iter()
            .flat_map(|cell| {
                [
                    Members::new(cell.inside() | member, cell.outside()),
                    Members::new(cell.inside(), cell.outside() | member),
                ]
            })
            .flatten();
        cells = decided.into_iter().chain(split).collect();
    }
    cells.into_iter().map(Possible::Set).collect()
}
