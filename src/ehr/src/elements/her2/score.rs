//! What the words of a HER2 result say: `3+`, `IHC 1+`, `0`, `2+/ISH-`, `not amplified`.

/// What stands in one text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// Immunohistochemistry scores, 0 to 3.
    pub scores: Vec<u8>,
    /// Whether in-situ hybridization found amplification; `None` where the text says nothing of it, or both.
    pub is_amplified: Option<bool>,
}

/// Reads the words of a result.
pub(super) fn read(texts: &[&str]) -> Words {
    let mut words = Words::default();
    let (mut is_amplified, mut is_not) = (false, false);
    for text in texts {
        let tokens = tokens(text);
        words.scores.extend(tokens.iter().filter_map(|token| score(token)));
        // "HER2-low" names the score's meaning; "ultralow" is a zero and says so by its score only.
        words.scores.extend(follows(&tokens, |token| token == "her2", |next| next == "low").then_some(1));
        is_amplified |= says_amplified(&tokens);
        is_not |= says_not_amplified(&tokens);
    }
    words.scores.sort_unstable();
    words.scores.dedup();
    words.is_amplified = match (is_amplified, is_not) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    };
    words
}

fn score(token: &str) -> Option<u8> {
    match token {
        "0" => Some(0),
        "1+" => Some(1),
        "2+" => Some(2),
        "3+" => Some(3),
        _ => None,
    }
}

fn says_amplified(tokens: &[String]) -> bool {
    tokens.iter().any(|token| token == "ish+" || token == "fish+" || token == "cish+")
        || follows(tokens, is_hybridization, |next| matches!(next, "positive" | "amplified" | "pos"))
        || (tokens.iter().any(|token| token == "amplified") && !says_not_amplified(tokens))
}

fn says_not_amplified(tokens: &[String]) -> bool {
    tokens
        .iter()
        .any(|token| matches!(token.as_str(), "ish-" | "fish-" | "cish-" | "nonamplified" | "unamplified"))
        || follows(tokens, is_hybridization, |next| matches!(next, "negative" | "neg"))
        || follows(
            tokens,
            |token| matches!(token, "not" | "non" | "no"),
            |next| matches!(next, "amplified" | "amplification"),
        )
}

fn is_hybridization(token: &str) -> bool {
    matches!(token, "ish" | "fish" | "cish")
}

fn follows(tokens: &[String], first: impl Fn(&str) -> bool, second: impl Fn(&str) -> bool) -> bool {
    tokens.iter().zip(tokens.iter().skip(1)).any(|(one, next)| first(one) && second(next))
}

/// Words in lower case. A `+`, or a `-` that ends a word, belongs to it; so do `.`, `%` and `/` inside a number
/// (`0.8`, `0%` and `0/10` are not a score of 0).
fn tokens(text: &str) -> Vec<String> {
    let chars = text.to_lowercase().chars().collect::<Vec<_>>();
    let mut tokens = Vec::new();
    let mut token = String::new();
    for (at, char) in chars.iter().enumerate() {
        let next = chars.get(at + 1).copied();
        let ends_in_digit = token.ends_with(|char: char| char.is_ascii_digit());
        let is_next_digit = next.is_some_and(|next| next.is_ascii_digit());
        let is_next_word = next.is_some_and(char::is_alphanumeric);
        let belongs = char.is_alphanumeric()
            || match char {
                '+' => !token.is_empty(),
                '-' | '\u{2212}' | '\u{2013}' => !token.is_empty() && !is_next_word,
                '.' | '/' => ends_in_digit && is_next_digit,
                '%' => ends_in_digit,
                _ => false,
            };
        match (belongs, char) {
            (true, '\u{2212}' | '\u{2013}') => token.push('-'),
            (true, char) => token.push(*char),
            (false, _) => tokens.extend(Some(std::mem::take(&mut token)).filter(|token| !token.is_empty())),
        }
    }
    tokens.extend(Some(token).filter(|token| !token.is_empty()));
    tokens
}
