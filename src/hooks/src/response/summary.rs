//! The one line of a card.

use std::fmt;

use serde::Serialize;

/// A card's `summary`: one line of at most 139 Unicode code points.
///
/// Clause: CDS Hooks "Card Attributes": fewer than 140 characters; clients count code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary(String);

impl Summary {
    /// The longest summary, in Unicode code points.
    pub const MAX: usize = 139;

    /// Makes one line of `text`. A longer one is cut where a word ends and closed with `…`; a single word that
    /// is longer is cut inside.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= Self::MAX { Self(line) } else { Self(shortened(&line)) }
    }

    /// The summary as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The words of `line` that fit, and an ellipsis. `line` is longer than a summary.
fn shortened(line: &str) -> String {
    // One more than fits, so that a word which ends exactly at the limit is seen to end there.
    let fits: String = line.chars().take(Summary::MAX).collect();
    let mut words = match fits.rsplit_once(' ') {
        Some((words, _)) => words.to_owned(),
        None => fits.chars().take(Summary::MAX - 1).collect(),
    };
    words.truncate(words.trim_end_matches([',', ';', ':', '-', '(']).trim_end().len());
    words.push('…');
    words
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
