//! YAML events to JSON values, with numbers as they are written and the line of every value.

use rust_decimal::Decimal;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Number, Value};

/// A line and what is wrong there.
type Wrong = (usize, String);

/// How deep values may nest: content is shallow, and a bound keeps a bad file from exhausting the stack.
const DEEPEST: usize = 64;

/// A text that is YAML.
pub(super) struct Parsed {
    pub(super) value: Value,
    pub(super) lines: Lines,
    /// Keys that stand twice in one mapping, with the line of each but the first.
    pub(super) repeated: Vec<(usize, String)>,
}

/// Reads the one document of a text.
pub(super) fn parse(text: &str) -> Result<Parsed, Wrong> {
    let mut reader = Reader { events: Parser::new_from_str(text), repeated: Vec::new() };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_), _) => {}
            (Event::StreamEnd, line) => return Err((line, "the file is empty".into())),
            first => {
                let (value, lines) = reader.value(first, 0)?;
                reader.end()?;
                return Ok(Parsed { value, lines, repeated: reader.repeated });
            }
        }
    }
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    repeated: Vec<(usize, String)>,
}

/// The line of a value, and of what is in it.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    line: usize,
    inner: Inner,
}

/// Lists, and no maps: a file has thousands of values, most of them with none or few members.
#[derive(Debug, Clone)]
enum Inner {
    Scalar,
    Items(Box<[Lines]>),
    Members(Box<[(Box<str>, Lines)]>),
}

impl Inner {
    fn get(&self, token: &str) -> Option<&Lines> {
        match self {
            Self::Scalar => None,
            Self::Items(items) => items.get(token.parse::<usize>().ok()?),
            Self::Members(members) => members.iter().find(|(key, _)| **key == *token).map(|(_, lines)| lines),
        }
    }
}

impl Lines {
    /// The line of the value that a JSON Pointer leads to, or of the nearest one around it.
    pub(super) fn at(&self, pointer: &str) -> usize {
        let mut here = self;
        for token in pointer.split('/').skip(1) {
            match here.inner.get(&token.replace("~1", "/").replace("~0", "~")) {
                Some(inner) => here = inner,
                None => break,
            }
        }
        here.line
    }
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, usize), Wrong> {
        match self.events.next() {
            Some(Ok((event, Span { start, .. }))) => Ok((event, start.line())),
            Some(Err(error)) => Err((error.marker().line(), error.info().to_owned())),
            None => Ok((Event::StreamEnd, 0)),
        }
    }

    fn end(&mut self) -> Result<(), Wrong> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentEnd, _) => {}
                (_, line) => return Err((line, "more than one document in the file".into())),
            }
        }
    }

    fn value(&mut self, first: (Event<'t>, usize), depth: usize) -> Result<(Value, Lines), Wrong> {
        let (event, line) = first;
        if depth > DEEPEST {
            return Err((line, format!("nested deeper than {DEEPEST} levels")));
        }
        let (value, inner) = match event {
            Event::Scalar(text, style, 0, None) => (scalar(&text, style), Inner::Scalar),
            Event::SequenceStart(0, None) => self.sequence(depth)?,
            Event::MappingStart(0, None) => self.mapping(depth)?,
            _ => return Err((line, "anchors, aliases and tags are not used in content files".into())),
        };
        Ok((value, Lines { line, inner }))
    }

    fn sequence(&mut self, depth: usize) -> Result<(Value, Inner), Wrong> {
        let (mut items, mut lines) = (Vec::new(), Vec::new());
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok((Value::Array(items), Inner::Items(lines.into()))),
                first => {
                    let (value, inner) = self.value(first, depth + 1)?;
                    lines.push(inner);
                    items.push(value);
                }
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<(Value, Inner), Wrong> {
        let (mut members, mut lines) = (Map::new(), Vec::new());
        loop {
            let (key, line) = match self.next()? {
                (Event::MappingEnd, _) => return Ok((Value::Object(members), Inner::Members(lines.into()))),
                (Event::Scalar(key, _, 0, None), line) => (key.into_owned(), line),
                (_, line) => return Err((line, "a key that is not plain text".into())),
            };
            let first = self.next()?;
            let (value, inner) = self.value(first, depth + 1)?;
            if members.contains_key(&key) {
                self.repeated.push((line, key));
                continue;
            }
            // A member stands where its key does.
            lines.push((key.as_str().into(), Lines { line, ..inner }));
            members.insert(key, value);
        }
    }
}

/// The core schema of YAML 1.2, but for octal, hexadecimal, infinity and NaN, which no content file needs.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        // A number that no exact decimal holds stays text, so that it is reported where it stands.
        _ => match (text.parse::<Number>(), Decimal::from_str_exact(text)) {
            (Ok(number), Ok(_)) => Value::Number(number),
            _ => Value::String(text.to_owned()),
        },
    }
}
