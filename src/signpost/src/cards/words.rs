//! Evidence and gaps in words, for the details of cards.

use std::fmt::Write;

use criteria::formula::describe_needed;
use criteria::{Element, Evidence, Gap, GapKind, Known};

use super::markdown::{escaped, escaped_whole};

/// How many pieces of evidence and gaps an account lists.
const MOST_ITEMS: usize = 8;

/// Writes what is known of an element, for one cell: each value with its date, then what is missing.
pub fn known(words: &mut String, element: &Element, about: &Known) {
    fact(words, element, &about.evidence, &about.gaps);
}

/// Writes what was found of an element, for one cell; what is missing only where nothing was found.
pub fn found(words: &mut String, element: &Element, about: &Known) {
    let gaps = if about.evidence.is_empty() { about.gaps.as_slice() } else { &[] };
    fact(words, element, &about.evidence, gaps);
}

/// Writes the values that an element may have, for the cell of one that is accounted for below the table.
pub fn in_short(words: &mut String, element: &Element, about: &Known) {
    let values = describe_needed(element, &[about.possible]);
    let _ = write!(words, "{}: {} (see below)", escaped(&element.title), escaped(&values));
}

/// Writes how an element was worked out, and what that rests on as a list: each value with its date, what is missing.
pub fn accounted(words: &mut String, element: &Element, about: &Known, account: &str) {
    let _ = writeln!(words, "**{}:** {}.\n", escaped(&element.title), escaped_whole(account));
    let items = about.evidence.iter().map(Item::Evidence).chain(about.gaps.iter().map(Item::Gap));
    for item in items.take(MOST_ITEMS) {
        words.push_str("- ");
        match item {
            Item::Evidence(one) => evidence(words, one),
            Item::Gap(one) => gap(words, one),
        }
        words.push('\n');
    }
    let items = about.evidence.len() + about.gaps.len();
    if items > MOST_ITEMS {
        let _ = writeln!(words, "- and {} more", items - MOST_ITEMS);
    }
    words.push_str(if items > 0 { "\n" } else { "" });
}

enum Item<'k> {
    Evidence(&'k Evidence),
    Gap(&'k Gap),
}

fn fact(words: &mut String, element: &Element, all: &[Evidence], gaps: &[Gap]) {
    // Writing to a String does not fail.
    let _ = write!(words, "{}", escaped(&element.title));
    let mut separator = ": ";
    for one in all {
        words.push_str(std::mem::replace(&mut separator, "; "));
        evidence(words, one);
    }
    for one in gaps {
        words.push_str(std::mem::replace(&mut separator, "; "));
        gap(words, one);
    }
}

/// A value as it was recorded, with its date and how it was read.
fn evidence(words: &mut String, evidence: &Evidence) {
    let _ = write!(words, "{}", escaped(&evidence.value));
    if let Some(date) = &evidence.date {
        let _ = write!(words, " ({})", escaped(date.get(..10).unwrap_or(date)));
    }
    if let Some(note) = &evidence.note {
        let _ = write!(words, ", {}", escaped(note));
    }
}

/// What is missing, and why: not on file, too old, could not be read ...
fn gap(words: &mut String, gap: &Gap) {
    let what = match gap.kind {
        GapKind::NotRecorded => "not on file",
        GapKind::Stale => "too old",
        GapKind::Conflicting => "results disagree",
        GapKind::Imprecise => "not precise enough",
        GapKind::Unclassified => "not recognized",
        GapKind::Unavailable => "could not be read",
    };
    let _ = write!(words, "*{what}*");
    // That nothing was found needs no second saying.
    if !gap.detail.is_empty() && gap.kind != GapKind::NotRecorded {
        let _ = write!(words, ": {}", escaped(&gap.detail));
    }
}
