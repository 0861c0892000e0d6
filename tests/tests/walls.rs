//! The walls of the house: which crate may know which, and what `src` may not say.
#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Each crate of ours with the crates of ours that it may depend on.
const ARROWS: [(&str, &[&str]); 6] = [
    ("criteria", &[]),
    ("hooks", &[]),
    ("ehr", &["criteria", "hooks"]),
    ("r4", &[]),
    ("journal", &[]),
    ("signpost", &["criteria", "hooks", "ehr", "r4", "journal"]),
];

/// The dependencies of a manifest, of any kind but for tests.
fn dependencies(manifest: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let mut in_dependencies = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]") && line != "[dev-dependencies]";
        } else if in_dependencies && let Some(name) = line.split(['.', '=', ' ']).next() {
            names.insert(name);
        }
    }
    names
}

#[test]
fn no_crate_knows_another_than_the_design_says() {
    let ours: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let found: BTreeSet<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, ours.iter().map(ToString::to_string).collect(), "crates under src/");
    for (name, allowed) in ARROWS {
        let manifest = fs::read_to_string(root().join("src").join(name).join("Cargo.toml")).unwrap();
        let known: BTreeSet<&str> = dependencies(&manifest).intersection(&ours).copied().collect();
        assert!(known.is_subset(&allowed.iter().copied().collect()), "`{name}` depends on {known:?}");
    }
}

#[test]
fn fhirbolt_is_named_by_r4_alone() {
    for (name, _) in ARROWS {
        let manifest = fs::read_to_string(root().join("src").join(name).join("Cargo.toml")).unwrap();
        assert_eq!(dependencies(&manifest).contains("fhirbolt"), name == "r4", "{name}");
    }
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// The next drug is a matter of files: no drug's name stands in the code.
#[test]
fn no_drug_is_named_under_src() {
    let names = [
        "ixabepilone",
        "ixempra",
        "capecitabine",
        "trastuzumab",
        "paclitaxel",
        "docetaxel",
        "eribulin",
        "halaven",
    ];
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    assert!(files.len() > 40, "the sources were found");
    for file in files {
        let text = fs::read_to_string(&file).unwrap().to_lowercase();
        for name in names {
            assert!(!text.contains(name), "{} names {name}", file.display());
        }
    }
}
