//! GitHub-flavoured Markdown, with text from records and files shown as text.

use std::fmt::{self, Write};

/// The longest text of a record that a card repeats, in characters.
const LONGEST: usize = 160;

/// Text as text, wherever it is written: see [`escaped`].
#[derive(Debug, Clone, Copy)]
pub struct Escaped<'t>(&'t str, Length);

/// How much of a text is shown.
#[derive(Debug, Clone, Copy)]
enum Length {
    Shortened,
    Whole,
}

/// Text as text: nothing in it is markup, a link or HTML, whatever a client's renderer supports.
///
/// Control characters and line breaks become spaces; very long text is cut.
#[must_use]
pub fn escaped(text: &str) -> Escaped<'_> {
    Escaped(text, Length::Shortened)
}

/// The same for a text that is not from a record, and whose end matters: it is never cut.
#[must_use]
pub fn whole(text: &str) -> Escaped<'_> {
    Escaped(text, Length::Whole)
}

impl Escaped<'_> {
    /// Writes it to the end of a text.
    pub fn push(self, text: &mut String) {
        // Writing to a String does not fail.
        let _ = self.write(text);
    }

    fn write(self, out: &mut impl Write) -> fmt::Result {
        let (mut rest, ellipsis) = match self.1 {
            Length::Shortened => shortened(self.0),
            Length::Whole => (self.0, ""),
        };
        while let Some((plain, special)) =
            rest.bytes().position(|byte| !is_plain(byte)).and_then(|at| rest.split_at_checked(at))
        {
            out.write_str(plain)?;
            let mut chars = special.chars();
            let Some(char) = chars.next() else { break };
            rest = chars.as_str();
            // A dot between digits is a decimal point; any other may make a link (`www.`).
            let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            let is_between = is_digit(plain.as_bytes().last()) && is_digit(rest.as_bytes().first());
            if char == '.' && is_between { out.write_char(char)? } else { special_char(out, char)? }
        }
        out.write_str(rest)?;
        out.write_str(ellipsis)
    }
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

/// What nearly all text is made of, and what means nothing to Markdown or HTML: ASCII only, by its byte.
#[expect(clippy::indexing_slicing, reason = "the compiler refuses an index out of bounds in a constant")]
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0u8;
    while byte.is_ascii() {
        plain[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'/' | b',' | b';' | b'%' | b'+');
        byte += 1;
    }
    plain
};

fn is_plain(byte: u8) -> bool {
    PLAIN.get(usize::from(byte)).is_some_and(|plain| *plain)
}

fn special_char(f: &mut impl Write, char: char) -> fmt::Result {
    match char {
        '<' => f.write_str("&lt;"),
        '>' => f.write_str("&gt;"),
        '&' => f.write_str("&amp;"),
        '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '~' | '#' | '!' | '@' | ':' | '.' => {
            f.write_char('\\')?;
            f.write_char(char)
        }
        char if char.is_control() || char.is_whitespace() || is_invisible(char) => f.write_char(' '),
        char => f.write_char(char),
    }
}

/// The text as far as a card repeats it, and what stands for the rest.
fn shortened(text: &str) -> (&str, &'static str) {
    let end = if text.len() <= LONGEST { None } else { text.char_indices().nth(LONGEST) };
    let start = end.and_then(|(end, _)| text.get(..end));
    start.map_or((text, ""), |start| (start, "…"))
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

/// A cell of a table.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'c> {
    /// Text, see [`escaped`].
    Text(&'c str),
    /// Markdown already.
    Markdown(&'c str),
}

/// A table, written to the end of a text.
#[derive(Debug)]
pub struct Table<'t> {
    text: &'t mut String,
    has_rows: bool,
    head: &'t str,
}

impl<'t> Table<'t> {
    /// A table without rows, of which nothing is written: `head` are the lines above its first row.
    #[must_use]
    pub fn with_head(text: &'t mut String, head: &'t str) -> Self {
        Self { text, has_rows: false, head }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[Cell<'_>]) {
        if !std::mem::replace(&mut self.has_rows, true) {
            self.text.push_str(self.head);
        }
        self.text.push('|');
        for cell in cells {
            self.text.push(' ');
            match cell {
                Cell::Text(text) => escaped(text).push(self.text),
                Cell::Markdown(markdown) => self.text.push_str(markdown),
            }
            self.text.push_str(" |");
        }
        self.text.push('\n');
    }

    /// Ends the table with the empty line that must follow it.
    pub fn end(self) {
        self.text.push_str(if self.has_rows { "\n" } else { "" });
    }
}
