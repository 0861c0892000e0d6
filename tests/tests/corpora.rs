//! What fuzzers are given to begin with, and what they have found, replayed on stable Rust: as it is, cut off, and with
//! bytes changed.

#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails loudly")]
#![allow(missing_docs, reason = "a test has no public items")]

#[path = "../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::{Path, PathBuf};

/// Files for a target: its corpus, and what there is of its kind anyway.
fn seeds(target: &str) -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = files(&here.join("fuzz/corpus").join(target));
    seeds.extend(match target {
        "request" => files(&here.join("../fixtures/requests")).into_iter().take(6).collect(),
        "policy" => files(&here.join("../cds-hooks/policies")),
        "jwks" => files(&here.join("../fixtures/keys")),
        _ => Vec::new(),
    });
    seeds
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|_| panic!("{} is there", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect();
    files.sort();
    files
}

/// The bytes as they are, cut off at a few places, and with one byte changed at others.
fn variations(bytes: &[u8], parts: usize) -> Vec<Vec<u8>> {
    let places = (1..parts).map(|part| bytes.len() * part / parts);
    let cut = places.clone().map(|end| bytes[..end].to_vec());
    let changed = places.flat_map(|place| {
        [b'"', b'}', 0, 0xff].map(|byte| {
            let mut bytes = bytes.to_vec();
            if let Some(there) = bytes.get_mut(place) {
                *there = byte;
            }
            bytes
        })
    });
    std::iter::once(bytes.to_vec()).chain(cut).chain(changed).collect()
}

fn replay(target: &str) {
    let (_, run) = targets::ALL.into_iter().find(|(name, _)| *name == target).expect("a target");
    let seeds = seeds(target);
    assert!(seeds.len() > 3, "{target} has seeds");
    // For each policy all of the content is read again.
    let parts = if target == "policy" { 3 } else { 8 };
    for seed in seeds {
        variations(&fs::read(&seed).expect("a file"), parts).iter().for_each(|bytes| run(bytes));
    }
}

#[test]
fn requests() {
    replay("request");
}

#[test]
fn resources() {
    replay("resource");
}

#[test]
fn policies() {
    replay("policy");
}

#[test]
fn tokens() {
    replay("token");
}

#[test]
fn key_sets() {
    replay("jwks");
}

/// Every target has a program for the fuzzer.
#[test]
fn every_target_can_be_fuzzed() {
    let manifest = include_str!("../fuzz/Cargo.toml");
    for (name, _) in targets::ALL {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
