//! Signatures by keys that are derived from the journal's.

use journal::{Key, Level, Privacy};

use crate::support::KEY;

const OTHER_KEY: &[u8] = b"another key of thirty-two bytes or more";

fn privacy(key: &[u8], earlier: &[&[u8]]) -> Privacy {
    let earlier = earlier.iter().map(|key| Key::new(key).unwrap()).collect();
    Privacy::new(Level::Hashed, Key::new(key).unwrap(), earlier)
}

#[test]
fn a_signature_is_of_the_key_the_purpose_and_each_part() {
    let signing = privacy(KEY, &[]).signing("link");
    let signature = signing.sign(&["a", "bc"]);
    assert!(signing.verifies(&["a", "bc"], &signature));
    for parts in [&["ab", "c"][..], &["a", "bd"], &["a"], &["a", "bc", ""], &[]] {
        assert!(!signing.verifies(parts, &signature), "{parts:?}");
    }
    let (cut, mut changed) = (&signature[..31], signature);
    changed[31] ^= 1;
    for wrong in [cut, &changed[..], &[], &[signature, signature].concat()] {
        assert!(!signing.verifies(&["a", "bc"], wrong), "{wrong:?}");
    }
    assert!(!privacy(KEY, &[]).signing("other").verifies(&["a", "bc"], &signature), "another purpose");
    assert!(!privacy(OTHER_KEY, &[]).signing("link").verifies(&["a", "bc"], &signature), "another key");
}

#[test]
fn the_key_in_force_signs_and_earlier_ones_verify() {
    let before = privacy(KEY, &[]).signing("link").sign(&["x"]);
    let after = privacy(OTHER_KEY, &[KEY]).signing("link");
    assert!(after.verifies(&["x"], &before));
    assert!(!privacy(KEY, &[]).signing("link").verifies(&["x"], &after.sign(&["x"])));
}
