//! GitHub-flavoured Markdown, with text from records and files shown as text.

use std::fmt::{self, Write};

/// The longest text of a record that a card repeats, in characters.
const LONGEST: usize = 160;

/// Text as text, wherever it is written: see [`escaped`].
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'t>(&'t str);

/// Text as text: nothing in it is markup, a link or HTML, whatever a client's renderer supports.
///
/// Control characters and line breaks become spaces; very long text is cut.
#[must_use]
pub fn escaped(text: &str) -> Escaped<'_> {
    Escaped(text)
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, ellipsis) = shortened(self.0);
        // Where the text that can be written as it stands begins.
        let mut start = 0;
        for (at, char) in text.char_indices() {
            let (instead, length) = match char {
                // First, because nearly all text is of these.
                'a'..='z' | 'A'..='Z' | '0'..='9' | ' ' => continue,
                '<' => ("&lt;", 1),
                '>' => ("&gt;", 1),
                '&' => ("&amp;", 1),
                '.' if is_decimal_point(text, at) => continue,
                // The character itself follows.
                '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '#' | '!' | '@' | ':' | '.' => {
                    ("\\", 0)
                }
                char if char.is_control() || char.is_whitespace() || is_invisible(char) => {
                    (" ", char.len_utf8())
                }
                _ => continue,
            };
            f.write_str(text.get(start..at).unwrap_or_default())?;
            f.write_str(instead)?;
            start = at + length;
        }
        f.write_str(text.get(start..).unwrap_or_default())?;
        f.write_str(ellipsis)
    }
}

/// The text as far as a card repeats it, and what stands for the rest.
fn shortened(text: &str) -> (&str, &'static str) {
    let end = if text.len() <= LONGEST { None } else { text.char_indices().nth(LONGEST) };
    let start = end.and_then(|(end, _)| text.get(..end));
    start.map_or((text, ""), |start| (start, "…"))
}

/// A dot between digits is a decimal point; any other may make a link (`www.`).
fn is_decimal_point(text: &str, at: usize) -> bool {
    let is_digit =
        |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    is_digit(at.checked_sub(1)) && is_digit(at.checked_add(1))
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
    pub fn row(&mut self, cells: &[&dyn fmt::Display]) {
        self.rows.push('|');
        for cell in cells {
            // Writing to a String does not fail.
            let _ = write!(self.rows, " {cell} |");
        }
        self.rows.push('\n');
    }

    /// The table with its head; nothing where it has no rows.
    #[must_use]
    pub fn with_head<const N: usize>(self, cells: [&str; N]) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let mut table = Self::default();
        table.row(&cells.each_ref().map(|cell| cell as &dyn fmt::Display));
        table.row(&[&"---" as &dyn fmt::Display; N]);
        table.rows + &self.rows + "\n"
    }
}
