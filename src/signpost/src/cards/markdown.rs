//! GitHub-flavoured Markdown, with text from records and files shown as text.

use std::fmt::Write;

/// The longest text of a record that a card repeats, in characters.
const LONGEST: usize = 160;

/// Text as text: nothing in it is markup, a link or HTML, whatever a client's renderer supports.
///
/// Control characters and line breaks become spaces; very long text is cut.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().take(LONGEST).peekable();
    let mut before = ' ';
    while let Some(char) = chars.next() {
        match char {
            // First, because nearly all text is of these.
            'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => out.push(char),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A dot between digits is a decimal point; any other may make a link (`www.`).
            '.' if before.is_ascii_digit() && chars.peek().is_some_and(char::is_ascii_digit) => out.push('.'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '#' | '!' | '@' | ':' | '.' => {
                out.push('\\');
                out.push(char);
            }
            char if char.is_control() || char.is_whitespace() || is_invisible(char) => out.push(' '),
            char => out.push(char),
        }
        before = char;
    }
    if text.chars().nth(LONGEST).is_some() {
        out.push('…');
    }
    out
}

/// Text for a place that shows no Markdown: what cannot be seen in it becomes spaces.
#[must_use]
pub fn plain(text: &str) -> String {
    text.replace(|char: char| char.is_control() || is_invisible(char), " ")
}

/// Marks that change the direction of text or are not seen at all.
fn is_invisible(char: char) -> bool {
    matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A table; its cells are Markdown already.
#[derive(Debug, Default)]
pub struct Table {
    rows: String,
}

impl Table {
    /// Adds a row.
    pub fn row(&mut self, cells: &[&str]) {
        self.rows.push('|');
        for cell in cells {
            // Writing to a String does not fail.
            let _ = write!(self.rows, " {cell} |");
        }
        self.rows.push('\n');
    }

    /// The table with its head; nothing where it has no rows.
    #[must_use]
    pub fn with_head(self, cells: &[&str]) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut table = Self::default();
        table.row(cells);
        table.row(&vec!["---"; cells.len()]);
        table.rows + &self.rows + "\n"
    }
}
