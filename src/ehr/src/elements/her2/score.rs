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
        words.scores.extend(scores(&tokens));
        let is_asked = text.contains('?');
        is_amplified |= !is_asked && says_amplified(&tokens);
        is_not |= !is_asked && says_not_amplified(&tokens);
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

/// The scores that are the result's own, as the text stands to them.
fn scores(tokens: &[String]) -> Vec<u8> {
    let token = |at: usize| tokens.get(at).map_or("", String::as_str);
    let mut scores = Vec::new();
    for (at, own) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", token);
        let is_other = matches!(before, "control" | "prior" | "previous" | "previously" | "formerly");
        let is_denied = DENIAL.contains(&before)
            || token(at + 1) == "not"
                && matches!(token(at + 2), "seen" | "present" | "detected" | "identified" | "found");
        // Of so many cores or cells.
        let is_count = matches!(token(at + 1), "of" | "out");
        scores.extend(score(own).filter(|score| !(is_other || is_denied || *score == 0 && is_count)));
        // 3+ in at most a tenth of the cells is 2+ (ASCO-CAP).
        let share = (1..=3).filter_map(|next| token(at + next).strip_suffix('%')?.parse::<u8>().ok()).next();
        scores.extend((own == "3+" && share.is_some_and(|share| share <= 10)).then_some(2));
        // "HER2-low" names the score's meaning; "ultralow" is a zero and says so by its score only.
        if own == "her2" && token(at + 1) == "low" && !matches!(before, "not" | "non" | "no") {
            scores.push(1);
            scores.extend(tokens.iter().any(|token| token == "ultralow").then_some(0));
        }
    }
    scores
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
    let is_doubted = |at: usize| {
        let answer = tokens.get(at + 1);
        says_before(tokens, at, 4, &DENIAL)
            || says_before(tokens, at, 2, &DOUBT)
            || answer.is_some_and(|answer| ANSWERS_NO.contains(&answer.as_str()))
    };
    tokens.iter().any(|token| token == "ish+" || token == "fish+" || token == "cish+")
        || follows(tokens, is_hybridization, |next| matches!(next, "positive" | "amplified" | "pos"))
        || tokens.iter().enumerate().any(|(at, token)| token == "amplified" && !is_doubted(at))
            && !says_not_amplified(tokens)
}

fn says_not_amplified(tokens: &[String]) -> bool {
    let is_denied = |(at, token): (usize, &String)| {
        matches!(token.as_str(), "amplified" | "amplification")
            && says_before(tokens, at, 4, &DENIAL)
            && !says_before(tokens, at, 2, &DOUBT)
    };
    // "Amplified: no".
    let is_answered =
        matches!(tokens, [.., asked, no] if asked == "amplified" && ANSWERS_NO.contains(&no.as_str()));
    is_answered
        || tokens.iter().any(|token| {
            matches!(token.as_str(), "ish-" | "fish-" | "cish-" | "nonamplified" | "unamplified")
        })
        || follows(tokens, is_hybridization, |next| matches!(next, "negative" | "neg"))
        || tokens.iter().enumerate().any(is_denied)
}

const DENIAL: [&str; 5] = ["not", "non", "no", "never", "without"];

/// What answers "amplified" with no, where nothing follows; else it may deny what follows.
const ANSWERS_NO: [&str; 6] = ["no", "not", "negative", "neg", "none", "absent"];

const DOUBT: [&str; 11] = [
    "possible",
    "possibly",
    "probable",
    "probably",
    "suspected",
    "borderline",
    "indeterminate",
    "equivocal",
    "whether",
    "if",
    "cannot",
];

/// Whether one of these words stands among the `few` before a token.
fn says_before(tokens: &[String], at: usize, few: usize, words: &[&str]) -> bool {
    let before = tokens.get(at.saturating_sub(few)..at).unwrap_or_default();
    before.iter().any(|token| words.contains(&token.as_str()))
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
