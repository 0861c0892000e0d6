//! Some of the value sets: one bit for each.

use super::SetIndex;

/// Some of the value sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Sets {
    /// The last word is never zero, so that equal ones are equal.
    words: Vec<u64>,
}

impl Sets {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a value set is among them.
    pub(crate) fn has(&self, set: SetIndex) -> bool {
        let (word, bit) = place(set);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Whether they have any in common with others.
    pub(super) fn has_any(&self, others: &Self) -> bool {
        self.words.iter().zip(&others.words).any(|(one, other)| one & other != 0)
    }

    /// Adds a value set, or takes it away.
    pub(super) fn put(&mut self, set: SetIndex, is_in: bool) {
        let (at, bit) = place(set);
        if is_in && at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        if let Some(word) = self.words.get_mut(at) {
            *word = if is_in { *word | bit } else { *word & !bit };
        }
        if !is_in {
            self.trim();
        }
    }

    /// Takes others away.
    pub(super) fn remove(&mut self, others: &Self) {
        for (word, other) in self.words.iter_mut().zip(&others.words) {
            *word &= !other;
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.words.last() == Some(&0) {
            self.words.pop();
        }
    }

    /// They, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = SetIndex> {
        let words = self.words.iter().enumerate().filter(|(_, word)| **word != 0);
        words.flat_map(|(at, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| SetIndex(at * 64 + bit))
        })
    }
}

impl FromIterator<SetIndex> for Sets {
    fn from_iter<I: IntoIterator<Item = SetIndex>>(sets: I) -> Self {
        let mut all = Self::default();
        sets.into_iter().for_each(|set| all.put(set, true));
        all
    }
}

fn place(set: SetIndex) -> (usize, u64) {
    (set.0 / 64, 1 << (set.0 % 64))
}
