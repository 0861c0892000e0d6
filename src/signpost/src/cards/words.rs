//! Evidence and gaps in words, for the details of cards.

use criteria::{Element, Evidence, Gap, GapKind, Known};

use super::markdown::escaped;

/// What is known of an element, in one cell: each value with its date, then what is missing.
#[must_use]
pub fn known(element: &Element, known: &Known) -> String {
    let evidence = known.evidence.iter().map(evidence);
    let gaps = known.gaps.iter().map(gap);
    let parts: Vec<String> = evidence.chain(gaps).collect();
    let title = escaped(&element.title);
    if parts.is_empty() { title } else { format!("{title}: {}", parts.join("; ")) }
}

/// What was found of an element, in one cell; what is missing only where nothing was found.
#[must_use]
pub fn found(element: &Element, about: &Known) -> String {
    if about.evidence.is_empty() {
        return known(element, about);
    }
    let evidence: Vec<String> = about.evidence.iter().map(evidence).collect();
    format!("{}: {}", escaped(&element.title), evidence.join("; "))
}

/// A value as it was recorded, with its date and how it was read.
#[must_use]
pub fn evidence(evidence: &Evidence) -> String {
    let mut words = escaped(&evidence.value);
    if let Some(date) = &evidence.date {
        words.push_str(&format!(" ({})", escaped(date.get(..10).unwrap_or(date))));
    }
    if let Some(note) = &evidence.note {
        words.push_str(&format!(", {}", escaped(note)));
    }
    words
}

/// What is missing, and why: not on file, too old, could not be read ...
#[must_use]
pub fn gap(gap: &Gap) -> String {
    let what = match gap.kind {
        GapKind::NotRecorded => "not on file",
        GapKind::Stale => "too old",
        GapKind::Conflicting => "results disagree",
        GapKind::Imprecise => "not precise enough",
        GapKind::Unclassified => "not recognized",
        GapKind::Unavailable => "could not be read",
    };
    // That nothing was found needs no second saying.
    if gap.detail.is_empty() || gap.kind == GapKind::NotRecorded {
        format!("*{what}*")
    } else {
        format!("*{what}*: {}", escaped(&gap.detail))
    }
}
