//! A quick look whether a text holds the key word of any phrase: of a record's many displays few do.

/// How many bits the filter has; a power of two, so large that a few hundred words rarely meet by chance.
const BITS: usize = 1 << 16;

/// Marks of words, by their hash. It may say yes for nothing, and never no where there is a word.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    marks: Vec<u64>,
    /// A key word is not plain, so every text must be looked at.
    is_open: bool,
}

impl Filter {
    /// Marks a word in lower case.
    pub(super) fn add(&mut self, word: &str) {
        if !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.is_open = true;
        }
        self.marks.resize(BITS / 64, 0);
        let (place, mark) = place(word.as_bytes());
        if let Some(marks) = self.marks.get_mut(place) {
            *marks |= mark;
        }
    }

    /// Whether a text, in any case, may hold a marked word.
    pub(super) fn may_hold_any(&self, text: &str) -> bool {
        if self.is_open || !text.is_ascii() {
            return true;
        }
        let words = text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        words.filter(|word| !word.is_empty()).any(|word| {
            let (place, mark) = place(word);
            self.marks.get(place).is_some_and(|marks| marks & mark != 0)
        })
    }
}

/// Where a word is marked: by its length and its first letters, which tell words apart well enough and cost one
/// multiplication a word, not one a letter.
fn place(word: &[u8]) -> (usize, u64) {
    let start =
        word.iter().take(5).fold(0, |start: u64, byte| start << 8 | u64::from(byte.to_ascii_lowercase()));
    let key = start << 8 | u64::try_from(word.len()).unwrap_or(0) & 0xff;
    // Fibonacci hashing: the high bits are the mixed ones.
    let bit = usize::try_from(key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48).unwrap_or(0) % BITS;
    (bit / 64, 1 << (bit % 64))
}
