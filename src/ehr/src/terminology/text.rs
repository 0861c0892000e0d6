//! Words and phrases in free text: whole words, in any case, and not where the text denies or doubts them.

use rustc_hash::FxHashMap;

use super::filter::Filter;
use super::{Part, Posting, SetIndex};

/// All phrases of all value sets, by their first word.
#[derive(Debug, Clone, Default)]
pub(super) struct Phrases {
    by_first_word: FxHashMap<Box<str>, Vec<Phrase>>,
    key_words: Filter,
}

#[derive(Debug, Clone)]
struct Phrase {
    words: Box<[Box<str>]>,
    postings: Vec<Posting>,
}

/// A phrase found in a text: `end` is the position after its last word.
struct Found<'p> {
    start: usize,
    end: usize,
    postings: &'p [Posting],
}

impl Phrases {
    /// Adds a phrase of a value set; `false` where it holds no word.
    pub(super) fn add(&mut self, phrase: &str, posting: Posting) -> bool {
        let lower = phrase.to_lowercase();
        let words: Box<[Box<str>]> = words(&lower).into_iter().map(|word| word.text.into()).collect();
        let Some(first) = words.first() else { return false };
        // The longest word, of these the first, is the rarest: a phrase that starts with "in" or ends with "by automated
        // count" must not cost every text a closer look.
        if let Some(key) = words.iter().rev().max_by_key(|word| word.len()) {
            self.key_words.add(key);
        }
        let same_start = self.by_first_word.entry(first.clone()).or_default();
        match same_start.iter_mut().find(|phrase| phrase.words == words) {
            Some(phrase) => phrase.postings.push(posting),
            None => same_start.push(Phrase { words, postings: vec![posting] }),
        }
        true
    }

    /// Adds to `postings` what a text says, and neither denies nor doubts.
    ///
    /// Within one value set the longest phrase wins: a phrase inside a longer one of that set does not count.
    pub(super) fn collect(&self, text: &str, postings: &mut Vec<Posting>) {
        self.collect_if(text, postings, |words, start, end| manners(words, start, end).next().is_none());
    }

    /// The same of what a text doubts, and does not deny.
    pub(super) fn collect_doubted(&self, text: &str, postings: &mut Vec<Posting>) {
        self.collect_if(text, postings, |words, start, end| {
            let mut manners = manners(words, start, end).peekable();
            manners.peek().is_some() && manners.all(|manner| manner == Manner::Doubted)
        });
    }

    /// The same with what a text denies or doubts: it names it.
    pub(super) fn collect_named(&self, text: &str, postings: &mut Vec<Posting>) {
        self.collect_if(text, postings, |_, _, _| true);
    }

    fn collect_if(
        &self,
        text: &str,
        postings: &mut Vec<Posting>,
        counts: impl Fn(&[Word<'_>], usize, usize) -> bool,
    ) {
        if !self.key_words.may_hold_any(text) {
            return;
        }
        let lower = text.to_lowercase();
        let words = words(&lower);
        let found = self.find(&words);
        for phrase in &found {
            if !counts(&words, phrase.start, phrase.end) {
                continue;
            }
            let stands = |posting: &&Posting| !found.iter().any(|other| other.shadows(phrase, posting));
            postings.extend(phrase.postings.iter().filter(stands));
        }
    }

    /// Whether a text is one phrase of a value set, and holds no other word.
    pub(super) fn is_whole(&self, text: &str, set: SetIndex) -> bool {
        let lower = text.to_lowercase();
        let words = words(&lower);
        self.find(&words).iter().any(|found| {
            let is_all = found.start == 0 && found.end == words.len();
            is_all && found.postings.contains(&Posting { set, part: Part::Included })
        })
    }

    fn find<'p>(&'p self, words: &[Word<'_>]) -> Vec<Found<'p>> {
        let mut found = Vec::new();
        for (start, word) in words.iter().enumerate() {
            for phrase in self.by_first_word.get(word.text).into_iter().flatten() {
                if spells(words, start, &phrase.words) {
                    found.push(Found { start, end: start + phrase.words.len(), postings: &phrase.postings });
                }
            }
        }
        found
    }
}

impl Found<'_> {
    /// Whether this phrase is longer than `other`, holds it, and is of the same value set.
    fn shadows(&self, other: &Found<'_>, posting: &Posting) -> bool {
        self.end - self.start > other.end - other.start
            && self.start <= other.start
            && other.end <= self.end
            && self.postings.iter().any(|mine| mine.set == posting.set)
    }
}

/// A word of a text, in lower case. A `+`, `?` or `#`, and a `-` that ends a word (`er-`), are words of their own.
#[derive(Debug, Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    /// Counts up at full stops, semicolons, line ends.
    sentence: u16,
    /// Counts up at commas too.
    segment: u16,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::with_capacity(8);
    let (mut sentence, mut segment) = (0u16, 0u16);
    let mut rest = text;
    loop {
        let (word, after) = rest.split_at_checked(word_length(rest)).unwrap_or((rest, ""));
        words.extend((!word.is_empty()).then_some(Word { text: word, sentence, segment }));
        let mut chars = after.chars();
        let Some(char) = chars.next() else { return words };
        rest = chars.as_str();
        let next = rest.chars().next();
        if matches!(char, '+' | '?' | '#')
            || (char == '-' && !word.is_empty() && !next.is_some_and(char::is_alphanumeric))
        {
            let sign = after.get(..char.len_utf8()).unwrap_or_default();
            words.push(Word { text: sign, sentence, segment });
        }
        let is_sentence_end =
            matches!(char, ';' | '\n') || (char == '.' && next.is_none_or(char::is_whitespace));
        sentence = sentence.saturating_add(u16::from(is_sentence_end));
        segment = segment.saturating_add(u16::from(is_sentence_end || char == ','));
    }
}

/// Bytes of the word at the start; nearly all words are plain letters.
fn word_length(text: &str) -> usize {
    let plain = text.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(text.len());
    if text.as_bytes().get(plain).is_none_or(u8::is_ascii) {
        return plain;
    }
    text.find(|char: char| !char.is_alphanumeric()).unwrap_or(text.len())
}

/// How the words around a phrase take from what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It is not so, or says nothing of the patient now: a history (the patient's or the family's), a risk, a screening.
    Denied,
    /// It may be so.
    Doubted,
}

/// Every word that makes a doubt, before a phrase or after it: what has none of them doubts nothing.
const DOUBTING: [&str; 24] = [
    "cannot",
    "concern",
    "concerning",
    "concerns",
    "confirmed",
    "equivocal",
    "excluded",
    "indeterminate",
    "possible",
    "possibly",
    "probable",
    "probably",
    "query",
    "questionable",
    "r",
    "rule",
    "suspected",
    "suspicion",
    "suspicious",
    "unlikely",
    "workup",
    "worried",
    "worry",
    "yet",
];

/// Whether a text has a word that may make a doubt: nearly none has, and looking for phrases costs more.
pub(super) fn may_doubt(text: &str) -> bool {
    let is_one = |word: &str| DOUBTING.iter().any(|doubt| word.eq_ignore_ascii_case(doubt));
    text.contains('?') || text.split(|char: char| !char.is_alphanumeric()).any(is_one)
}

/// What denies or doubts a phrase that follows in the same clause, at most [`REACH`] words on: by its first word, and one of
/// these second ones where it has any.
fn denial_before(first: &str) -> Option<(Manner, &'static [&'static str])> {
    use Manner::{Denied, Doubted};
    Some(match first {
        "possible" | "possibly" | "probable" | "probably" | "suspected" | "questionable" | "query"
        | "equivocal" => (Doubted, &[]),
        "suspicion" => (Doubted, &["of", "for"]),
        "suspicious" | "indeterminate" => (Doubted, &["for"]),
        "concern" | "concerns" | "concerning" | "worry" | "worried" => {
            (Doubted, &["for", "about", "of", "over", "re", "regarding"])
        }
        "cannot" => (Doubted, &["exclude", "rule"]),
        // "R/O" and "rule out" ask a question; "ruled out" answers it.
        "rule" => (Doubted, &["out"]),
        "r" => (Doubted, &["o"]),
        "no" | "not" | "without" | "denies" | "denied" | "never" | "lack" | "lacks" | "lacking" | "hx"
        | "pmh" | "fh" | "fhx" | "maternal" | "paternal" | "fetal" | "foetal" | "neonatal" => (Denied, &[]),
        word if RELATIVES.contains(&word) => (Denied, &[]),
        "free" | "absence" | "history" | "fear" => (Denied, &["of"]),
        "risk" => (Denied, &["of", "for", "factor", "factors"]),
        "negative" | "screening" | "monitor" | "monitoring" | "evaluate" | "evaluation" | "surveillance"
        | "scan" | "counseling" => (Denied, &["for"]),
        "ruled" | "rules" => (Denied, &["out"]),
        "h" => (Denied, &["o"]),
        "family" => (Denied, &["history"]),
        _ => return None,
    })
}

/// Of them it is told, not of the patient.
const RELATIVES: [&str; 14] = [
    "mother",
    "father",
    "sister",
    "brother",
    "aunt",
    "uncle",
    "grandmother",
    "grandfather",
    "daughter",
    "son",
    "cousin",
    "wife",
    "husband",
    "relative",
];

/// What denies or doubts only the very next word.
fn denial_just_before(word: &str) -> Option<Manner> {
    match word {
        "non" | "formerly" => Some(Manner::Denied),
        "?" => Some(Manner::Doubted),
        _ => None,
    }
}

/// How these words deny or doubt a phrase that they follow at once, or after a form of "be".
fn denial_after(rest: &[Word<'_>]) -> Option<Manner> {
    use Manner::{Denied, Doubted};
    let mut rest = rest.iter().map(|word| word.text);
    match (rest.next()?, rest.next()) {
        ("negative", next) => (next != Some("for")).then_some(Denied),
        ("absent" | "denied" | "excluded" | "survivor" | "risk", _) => Some(Denied),
        ("?" | "suspected" | "unlikely" | "workup", _) => Some(Doubted),
        ("in", Some(next)) => {
            let of_whom =
                if matches!(next, "her" | "his" | "the" | "patient") { rest.next() } else { Some(next) };
            of_whom.is_some_and(|whom| RELATIVES.contains(&whom)).then_some(Denied)
        }
        (whom, _) if RELATIVES.contains(&whom) => Some(Denied),
        ("cannot", Some("be")) => Some(Doubted),
        ("ruled", Some("out")) => Some(Denied),
        ("not", Some("confirmed" | "excluded" | "yet")) => Some(Doubted),
        (
            "not",
            Some(
                "demonstrated" | "detected" | "evident" | "found" | "identified" | "present" | "seen"
                | "suspected",
            ),
        ) => Some(Denied),
        _ => None,
    }
}

/// The same, only as the last word of its clause ("breast cancer no metastasis" denies no breast cancer).
const LAST: [&str; 2] = ["no", "none"];

const BE: [&str; 8] = ["is", "was", "are", "were", "been", "be", "has", "have"];

/// Words that start like a denial and are none.
const NO_DENIAL: [&[&str]; 3] =
    [&["no", "special", "type"], &["not", "otherwise", "specified"], &["not", "only"]];

/// How many words a denial reaches over.
const REACH: usize = 6;

/// How the words around the phrase from `start` to `end` deny or doubt it (never its own).
fn manners<'w>(words: &'w [Word<'_>], start: usize, end: usize) -> impl Iterator<Item = Manner> + 'w {
    manners_before(words, start).chain(manner_after(words, end))
}

fn manners_before<'w>(words: &'w [Word<'_>], start: usize) -> impl Iterator<Item = Manner> + 'w {
    let adjacent = start.checked_sub(1).and_then(|before| words.get(before));
    let just_before = adjacent.and_then(|word| denial_just_before(word.text));
    let before = words.get(..start).unwrap_or_default().iter().enumerate().filter_map(move |(at, word)| {
        let (manner, second) = denial_before(word.text)?;
        let after = at + 1 + usize::from(!second.is_empty());
        let reaches = after <= start
            && start - after <= REACH
            && (second.is_empty() || words.get(at + 1).is_some_and(|word| second.contains(&word.text)))
            && is_one_clause(words, at, start)
            && !NO_DENIAL.iter().any(|other| spells(words, at, other));
        reaches.then_some(manner)
    });
    just_before.into_iter().chain(before)
}

/// Whether a denial at `from` reaches a phrase at `to`: it ends with the sentence, at "but", and at a comma,
/// unless the sentence is a list that goes on with "or" ("no recurrence, metastasis or progression").
fn is_one_clause(words: &[Word<'_>], from: usize, to: usize) -> bool {
    let (Some(first), Some(last)) = (words.get(from), words.get(to)) else { return false };
    let between = words.get(from..to).unwrap_or_default();
    if first.sentence != last.sentence
        || between.iter().any(|word| matches!(word.text, "but" | "however" | "except"))
    {
        return false;
    }
    let rest = words.get(from..).unwrap_or_default();
    let mut sentence = rest.iter().take_while(|word| word.sentence == first.sentence);
    first.segment == last.segment || sentence.any(|word| matches!(word.text, "or" | "nor"))
}

fn manner_after(words: &[Word<'_>], end: usize) -> Option<Manner> {
    let segment = end.checked_sub(1).and_then(|last| words.get(last))?.segment;
    let after = words.get(end..).unwrap_or_default();
    let mut segments = after.chunk_by(|one, other| one.segment == other.segment);
    let first = segments.next().unwrap_or_default();
    let is_own = first.first().is_some_and(|word| word.segment == segment);
    // "breast cancer, ruled out": what stands alone after a comma.
    if !is_own {
        let alone = first.iter().map(|word| word.text).collect::<Vec<_>>();
        return match alone.as_slice() {
            ["ruled", "out"] | ["excluded" | "denied"] => Some(Manner::Denied),
            ["unlikely"] => Some(Manner::Doubted),
            _ => None,
        };
    }
    let said = first.iter().take_while(|word| BE.contains(&word.text)).count();
    let rest = first.get(said..).unwrap_or_default();
    let is_last = matches!(rest, [only] if LAST.contains(&only.text));
    denial_after(rest).or(is_last.then_some(Manner::Denied))
}

/// Whether the words from `at` on are these.
fn spells<S: AsRef<str>>(words: &[Word<'_>], at: usize, phrase: &[S]) -> bool {
    words
        .get(at..at + phrase.len())
        .is_some_and(|words| words.iter().zip(phrase).all(|(word, expected)| word.text == expected.as_ref()))
}

impl Posting {
    pub(super) fn is_excluded(self) -> bool {
        self.part == Part::Excluded
    }
}
