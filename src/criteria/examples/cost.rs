//! What evaluating costs: `cargo run --release -p criteria --example cost`.
//!
//! A plain policy, and policies made to be hard: at the bound of splits, with nothing known, where Kleene's tables
//! say nothing until nearly everything is split. For each: the median of some evaluations, and what came out.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement, run by hand")]

use std::time::{Duration, Instant};

use criteria::{Document, Element, Elements, Kind, Knowledge, Policy};

fn main() {
    let random = |elements: usize, clauses: usize| {
        let mut next = random_numbers();
        let mut literal = || literal(next() % elements, next().is_multiple_of(2));
        let clauses: Vec<String> = (0..clauses).map(|_| any(&[literal(), literal(), literal()])).collect();
        format!("{{ all: [{}] }}", clauses.join(", "))
    };
    let pairs = |count: usize| {
        let pairs: Vec<String> =
            (0..count).map(|n| any(&[literal(2 * n, true), literal(2 * n + 1, true)])).collect();
        format!("{{ all: [{}] }}", pairs.join(", "))
    };
    measure("8 pairs, each element once", &pairs(8));
    measure("32 pairs, each element once", &pairs(32));
    for (elements, clauses) in [(10, 30), (16, 30), (16, 40)] {
        measure(&format!("{clauses} random clauses over {elements} elements"), &random(elements, clauses));
    }
    for elements in [4, 6, 7] {
        measure(&format!("parity of {elements} elements"), &parity(elements, true));
    }
    let half: Vec<String> = (0..16).map(|n| literal(n, true)).collect();
    let half = format!("{{ at-least: 8, of: [{}] }}", half.join(", "));
    measure(
        "8 of 16 or not, and one more",
        &format!("{{ all: [{}, {{ is: e30 }}] }}", any(&[half.clone(), format!("{{ not: {half} }}")])),
    );
}

fn literal(element: usize, holds: bool) -> String {
    if holds { format!("{{ is: e{element} }}") } else { format!("{{ not: {{ is: e{element} }} }}") }
}

fn any(parts: &[String]) -> String {
    format!("{{ any: [{}] }}", parts.join(", "))
}

fn parity(elements: usize, odd: bool) -> String {
    if elements == 1 {
        return literal(0, odd);
    }
    let last = elements - 1;
    let with = |holds: bool| format!("{{ all: [{}, {}] }}", literal(last, holds), parity(last, odd != holds));
    any(&[with(true), with(false)])
}

/// The same numbers at every run.
fn random_numbers() -> impl FnMut() -> usize {
    let mut state = 0x2024_0223_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    }
}

fn measure(name: &str, criteria: &str) {
    let mut elements = Elements::default();
    for n in 0..64 {
        let id = format!("e{n}");
        let element = Element { title: id.clone(), id, settle: String::new(), kind: Kind::Truth };
        elements.add(element).unwrap();
    }
    let text = format!(
        "id: p\nversion: 2024-01-01\ntitle: t\nstatus: active\nmedication: m\n\
         effective: {{ start: 2024-01-01 }}\nsource: {{ label: s }}\ncriteria: {criteria}"
    );
    let start = Instant::now();
    let policy = match Policy::load(&Document::read(name, &text).unwrap(), &elements) {
        Ok(policy) => policy,
        Err(problems) => return println!("{name}: refused in {:?}: {}", start.elapsed(), problems.len()),
    };
    let loaded = start.elapsed();
    let knowledge = Knowledge::nothing(&elements);
    let mut times: Vec<Duration> = Vec::new();
    while times.len() < 5 || times.len() < 200 && times.iter().sum::<Duration>() < Duration::from_secs(1) {
        let start = Instant::now();
        std::hint::black_box(policy.evaluate(&knowledge));
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let median = times.get(times.len() / 2).unwrap();
    let evaluation = policy.evaluate(&knowledge);
    println!(
        "{name}: {median:?} ({}, {} missing, {} paths); loaded in {loaded:?}",
        evaluation.determination.as_str(),
        evaluation.missing.len(),
        evaluation.shortest_paths.len()
    );
}
