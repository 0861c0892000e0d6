//! YAML events to JSON values, with numbers as they are written and the line of every value.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Number, Value};

/// A line and what is wrong there.
type Wrong = (usize, String);

/// How deep values may nest: content is shallow, and a bound keeps a bad file from exhausting the stack.
const DEEPEST: usize = 64;

/// Reads the one document of a text.
pub(super) fn parse(text: &str) -> Result<(Value, HashMap<String, usize>), Wrong> {
    let mut reader = Reader { events: Parser::new_from_str(text), lines: HashMap::new() };
    loop {
        match reader.next()? {
            (Event::StreamStart | Event::DocumentStart(_), _) => {}
            (Event::StreamEnd, line) => return Err((line, "the file is empty".into())),
            first => {
                let value = reader.value(first, "", 0)?;
                return reader.end().map(|()| (value, reader.lines));
            }
        }
    }
}

struct Reader<'t> {
    events: Parser<'t, StrInput<'t>>,
    lines: HashMap<String, usize>,
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

    fn value(&mut self, first: (Event<'t>, usize), pointer: &str, depth: usize) -> Result<Value, Wrong> {
        let (event, line) = first;
        if depth > DEEPEST {
            return Err((line, format!("nested deeper than {DEEPEST} levels")));
        }
        self.lines.insert(pointer.to_owned(), line);
        match event {
            Event::Scalar(text, style, 0, None) => Ok(scalar(&text, style)),
            Event::SequenceStart(0, None) => self.sequence(pointer, depth),
            Event::MappingStart(0, None) => self.mapping(pointer, depth),
            _ => Err((line, "anchors, aliases and tags are not used in content files".into())),
        }
    }

    fn sequence(&mut self, pointer: &str, depth: usize) -> Result<Value, Wrong> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Array(items)),
                first => items.push(self.value(first, &format!("{pointer}/{}", items.len()), depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, pointer: &str, depth: usize) -> Result<Value, Wrong> {
        let mut members = Map::new();
        loop {
            let (key, line) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::Object(members)),
                (Event::Scalar(key, _, 0, None), line) => (key.into_owned(), line),
                (_, line) => return Err((line, "a key that is not plain text".into())),
            };
            let first = self.next()?;
            let inner = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            let value = self.value(first, &inner, depth + 1)?;
            self.lines.insert(inner, line);
            if members.insert(key.clone(), value).is_some() {
                return Err((line, format!("key `{key}` stands twice")));
            }
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
        _ => text.parse::<Number>().map_or_else(|_| Value::String(text.to_owned()), Value::Number),
    }
}
