//! The one line of a card.

use std::{borrow::Cow, fmt};

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
        let line = one_line(text);
        if fits(&line, Self::MAX) { Self(line.into_owned()) } else { Self(shortened(&line, Self::MAX)) }
    }

    /// Makes one line of `text` and the `end` that follows it at once; where both are too long, `text` is cut.
    /// Only an end that leaves no room for words is cut itself.
    #[must_use]
    pub fn ending(text: &str, end: &str) -> Self {
        let whole = format!("{text}{end}");
        if fits(&one_line(&whole), Self::MAX) {
            return Self::new(&whole);
        }
        // The letter keeps the space that the end may begin with.
        let end = one_line(&format!("x{end}")).into_owned().split_off(1);
        let room = Self::MAX.saturating_sub(end.chars().count());
        let text = one_line(text);
        if fits(&text, room) || room < Self::MAX / 4 {
            return Self::new(&whole);
        }
        Self(format!("{}{end}", shortened(&text, room)))
    }

    /// The summary as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn one_line(text: &str) -> Cow<'_, str> {
    // Most texts are one line of plain letters already.
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    let is_line = text.bytes().all(is_plain) && text.trim_ascii().len() == text.len() && !text.contains("  ");
    if is_line {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn fits(text: &str, most: usize) -> bool {
    text.len() <= most || text.chars().count() <= most
}

/// The words of `line` that fit into `most` characters, and an ellipsis. `line` is longer than that.
fn shortened(line: &str, most: usize) -> String {
    // One more than fits, so that a word which ends exactly at the limit is seen to end there.
    let fits: String = line.chars().take(most).collect();
    let mut words = match fits.rsplit_once(' ') {
        Some((words, _)) => words.to_owned(),
        None => fits.chars().take(most.saturating_sub(1)).collect(),
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
