//! Charts, made here as SVG without any script or style of their own. Each stands beside a table with its figures.

use askama::Template;

/// A bar: a share of the largest.
#[derive(Debug, Template)]
#[template(path = "journal/bar.html")]
pub(super) struct Bar {
    /// In thousandths of the largest.
    width: u64,
    class: &'static str,
}

impl Bar {
    /// A bar of one of several counts.
    pub(super) fn new(count: u64, largest: u64, class: &'static str) -> Self {
        let width = count.saturating_mul(1000).checked_div(largest).unwrap_or(0);
        // What is there is seen.
        Self { width: if count > 0 { width.max(4) } else { 0 }, class }
    }
}

/// Columns over time, one a day.
#[derive(Debug, Template)]
#[template(path = "journal/columns.html")]
pub(super) struct Columns {
    columns: Vec<Column>,
    width: u64,
    height: u64,
}

/// A column, from the ground up.
#[derive(Debug)]
struct Column {
    x: u64,
    parts: Vec<Part>,
}

/// A part of a column.
#[derive(Debug)]
struct Part {
    y: u64,
    height: u64,
    class: &'static str,
}

/// How far it is from one column to the next, of which nine tenths are filled.
const STEP: u64 = 10;

impl Columns {
    /// Columns of this height, each of some counts, one above the other; the largest sum fills the height.
    pub(super) fn new(height: u64, classes: &[&'static str], days: &[Vec<u64>]) -> Self {
        let largest = days.iter().map(|day| day.iter().sum::<u64>()).max().unwrap_or(0).max(1);
        let column = |(place, day): (u64, &Vec<u64>)| {
            let mut below = 0;
            let parts = day.iter().zip(classes).filter(|(count, _)| **count > 0).map(|(count, class)| {
                // What is there is seen.
                let tall = (count.saturating_mul(height) / largest).max(1);
                below = (below + tall).min(height);
                Part { y: height - below, height: tall, class }
            });
            Column { x: place * STEP, parts: parts.collect() }
        };
        let columns: Vec<Column> = (0..).zip(days).map(column).collect();
        let width = (columns.len() as u64).max(1) * STEP;
        Self { columns, width, height }
    }
}
