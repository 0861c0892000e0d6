//! Evidence and gaps in words, for the details of cards.

use std::fmt::Write;

use criteria::formula::describe_needed;
use criteria::{Element, Evidence, Gap, GapKind, Kind, Known};

use super::markdown::{escaped, whole};

/// How much evidence of an element is written under its account.
const MOST_EVIDENCE: usize = 8;

/// How many of its gaps are.
const MOST_GAPS: usize = 4;

/// Writes what is known of an element, for one cell: each value with its date, then what is missing.
pub fn known(words: &mut String, element: &Element, about: &Known) {
    fact(words, element, &about.evidence, &about.gaps);
}

/// Writes what was found of an element, for one cell; what is missing only where nothing was found.
pub fn found(words: &mut String, element: &Element, about: &Known) {
    let gaps = if about.evidence.is_empty() { about.gaps.as_slice() } else { &[] };
    fact(words, element, &about.evidence, gaps);
}

/// Writes what an element comes to whose evidence is written elsewhere, under its account: its values, and of an
/// open one what kinds of things are missing.
pub fn in_short(words: &mut String, element: &Element, about: &Known, is_open: bool) {
    let values = describe_needed(element, &[about.possible]);
    // Writing to a String does not fail.
    let _ = write!(words, "{}: {}", escaped(&element.title), escaped(&values));
    let mut before = None;
    for gap in about.gaps.iter().filter(|_| is_open) {
        if before.replace(gap.kind) != Some(gap.kind) {
            let _ = write!(words, ", *{}*", kind(gap.kind));
        }
    }
    words.push_str(", see below");
}

/// Writes that an element stands further up, in a cell of the same table.
pub fn as_above(words: &mut String, element: &Element) {
    escaped(&element.title).push(words);
    words.push_str(": as above");
}

/// Writes how the values of an element were worked out: one sentence, what is missing, and the evidence.
pub fn account(words: &mut String, element: &Element, account: &str, about: &Known, is_open: bool) {
    let _ = writeln!(words, "**{}:** {}.\n", escaped(&element.title), whole(account));
    if is_open {
        items(words, &about.gaps, MOST_GAPS, |words, one| gap(words, one, None));
    }
    items(words, &about.evidence, MOST_EVIDENCE, |words, one| evidence(words, element, one));
    words.push('\n');
}

fn items<T>(words: &mut String, all: &[T], most: usize, write: impl Fn(&mut String, &T)) {
    // One more than fits is written rather than counted.
    let shown = if all.len() == most + 1 { all.len() } else { most };
    for one in all.iter().take(shown) {
        words.push_str("- ");
        write(words, one);
        words.push('\n');
    }
    if all.len() > shown {
        let _ = writeln!(words, "- and {} more", all.len() - shown);
    }
}

fn fact(words: &mut String, element: &Element, all: &[Evidence], gaps: &[Gap]) {
    escaped(&element.title).push(words);
    let mut separator = ": ";
    for one in all {
        words.push_str(std::mem::replace(&mut separator, "; "));
        evidence(words, element, one);
    }
    let mut before = None;
    for one in gaps {
        words.push_str(std::mem::replace(&mut separator, "; "));
        gap(words, one, before.replace(one.kind));
    }
}

/// A value as it was recorded, with its date and how it was read.
fn evidence(words: &mut String, element: &Element, evidence: &Evidence) {
    let value = match (&element.kind, evidence.value.as_str()) {
        (Kind::Truth, "true") => "yes",
        (Kind::Truth, "false") => "no",
        (_, value) => value,
    };
    escaped(value).push(words);
    if let Some(date) = &evidence.date {
        words.push_str(" (");
        escaped(date.get(..10).unwrap_or(date)).push(words);
        words.push(')');
    }
    if let Some(note) = &evidence.note {
        words.push_str(", ");
        escaped(note).push(words);
    }
}

/// What is missing, and why: not on file, too old, could not be read ... The kind stands once for several `before` it.
fn gap(words: &mut String, gap: &Gap, before: Option<GapKind>) {
    let what = kind(gap.kind);
    // That nothing was found needs no second saying.
    let detail = if gap.kind == GapKind::NotRecorded { "" } else { gap.detail.as_str() };
    let _ = match (before == Some(gap.kind), detail.is_empty()) {
        (true, false) => write!(words, "{}", escaped(detail)),
        (_, true) => write!(words, "*{what}*"),
        (false, false) => write!(words, "*{what}*: {}", escaped(detail)),
    };
}

fn kind(kind: GapKind) -> &'static str {
    match kind {
        GapKind::NotRecorded => "not on file",
        GapKind::Stale => "too old",
        GapKind::Conflicting => "results disagree",
        GapKind::Imprecise => "not precise enough",
        GapKind::Unclassified => "not recognized",
        GapKind::Unavailable => "could not be read",
    }
}
