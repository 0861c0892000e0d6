//! Trees of assessments, kept for the next decision that comes to the same.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use journal::record::Tree;

/// Trees by what they were made of. To make one costs more than everything else that a record takes, and it hangs on the
/// policy and its verdicts alone.
#[derive(Debug, Default)]
pub struct Trees(Mutex<HashMap<Vec<u8>, Tree>>);

/// Trees that are kept; beyond them it is begun anew.
const MOST: usize = 1000;

impl Trees {
    /// The tree of what has this id (a policy's or limits') and version in this content, with these verdicts.
    pub(super) fn get(
        &self,
        [content, id, version]: [&str; 3],
        verdicts: impl Iterator<Item = u8>,
        make: impl FnOnce() -> Tree,
    ) -> Tree {
        let mut key: Vec<u8> = Vec::with_capacity(256);
        for part in [content, id, version] {
            key.extend_from_slice(part.as_bytes());
            key.push(0);
        }
        key.extend(verdicts);
        // Whoever panicked while it held this left a whole map behind.
        let mut trees = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tree) = trees.get(&key) {
            return tree.clone();
        }
        if trees.len() >= MOST {
            trees.clear();
        }
        let tree = make();
        trees.insert(key, tree.clone());
        tree
    }
}
