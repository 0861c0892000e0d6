//! A score in free text: `CPS >= 10`, `TPS 60 %, CPS: 15`, `less than 1`.

use criteria::Interval;

use crate::quantity::Measure;

/// Words after which a number means something else than it says.
const UNCLEAR: [&str; 20] = [
    "or",
    "to",
    "between",
    "about",
    "approximately",
    "approx",
    "not",
    "no",
    "unknown",
    "pending",
    "~",
    "cutoff",
    "cut-off",
    "threshold",
    "prior",
    "previous",
    "previously",
    "formerly",
    "failed",
    "failure",
];

/// The score in the one part of a text that is `named`; `None` where there is no such part or no single number in it.
pub(super) fn read(text: &str, is_named: impl Fn(&str) -> bool) -> Option<Interval> {
    let mut scores = text
        .split([';', '\n', '|'])
        .flat_map(|part| part.split(", "))
        .filter(|part| is_named(part))
        .map(number);
    let score = scores.next()??;
    scores.all(|other| other == Some(score)).then_some(score)
}

/// The one number of a part of a text, with its comparator. Percentages are other scores.
fn number(part: &str) -> Option<Interval> {
    let tokens = tokens(part);
    let words = || tokens.iter().map(String::as_str);
    let is_there = |name: &str| words().any(|word| word == name);
    // Another score, even where the code says that it is this one.
    let is_another = is_there("tps") && !is_there("cps");
    if is_another || words().any(|word| UNCLEAR.contains(&word)) {
        return None;
    }
    let mut found = None;
    let mut comparator = "";
    for (at, word) in words().enumerate() {
        let after_percent = tokens.get(at + 1).is_some_and(|next| next == "%");
        if is_number(word) && !after_percent {
            if found.is_some() {
                return None;
            }
            found = Measure::of_text(&format!("{comparator}{word}"));
            found.as_ref()?;
        }
        comparator = compared(word).unwrap_or(if word == "than" { comparator } else { "" });
    }
    found.map(|measure| measure.interval)
}

fn compared(word: &str) -> Option<&'static str> {
    match word {
        "<" | "less" | "below" | "under" => Some("<"),
        "<=" | "=<" | "\u{2264}" | "most" => Some("<="),
        ">" | "greater" | "more" | "above" | "over" => Some(">"),
        ">=" | "=>" | "\u{2265}" | "least" => Some(">="),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
        && word.chars().all(|char| char.is_ascii_digit() || char == '.')
}

/// Words, numbers and comparators. A number that is part of a name (`22C3`, `28-8`, `10+`) stays a word.
fn tokens(part: &str) -> Vec<String> {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Word,
        Comparator,
        Percent,
        Space,
    }
    let class = |char: char| match char {
        '<' | '>' | '=' | '\u{2264}' | '\u{2265}' | '~' => Class::Comparator,
        '%' => Class::Percent,
        '.' | ',' | '-' | '+' | '/' => Class::Word,
        char if char.is_alphanumeric() => Class::Word,
        _ => Class::Space,
    };
    let mut tokens: Vec<(Class, String)> = Vec::new();
    let mut last = Class::Space;
    for char in part.to_lowercase().chars() {
        let this = class(char);
        match tokens.last_mut() {
            Some((_, token)) if this == last => token.push(char),
            _ => tokens.push((this, char.to_string())),
        }
        last = this;
    }
    let kept = tokens.into_iter().filter(|(class, _)| *class != Class::Space);
    kept.map(|(_, token)| token.trim_end_matches(['.', ',']).to_owned())
        .filter(|token| !token.is_empty())
        .collect()
}
