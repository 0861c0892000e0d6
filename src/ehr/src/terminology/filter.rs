//! A quick look whether a text holds the first word of any phrase: of a record's many displays few do.

/// How many bits the filter has; a power of two, so large that a few hundred words rarely meet by chance.
const BITS: usize = 1 << 16;

/// Marks of words, by their hash. It may say yes for nothing, and never no where there is a word.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    marks: Vec<u64>,
    /// A phrase starts with something that is no plain word, so every text must be looked at.
    is_open: bool,
}

impl Filter {
    /// Marks a word in lower case.
    pub(super) fn add(&mut self, word: &str) {
        if !word.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            self.is_open = true;
        }
        self.marks.resize(BITS / 64, 0);
        let (place, mark) = place(word.bytes().fold(START, step));
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
            let (place, mark) =
                place(word.iter().fold(START, |hash, byte| step(hash, byte.to_ascii_lowercase())));
            self.marks.get(place).is_some_and(|marks| marks & mark != 0)
        })
    }
}

/// FNV-1a, over the few bytes of a word.
const START: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn place(hash: u64) -> (usize, u64) {
    // The high bits of FNV are the better mixed ones.
    let bit = usize::try_from(hash >> 48).unwrap_or(0) % BITS;
    (bit / 64, 1 << (bit % 64))
}
