//! Patients of other systems: what is known from each file with the real content, as reviewed snapshots, and a reason
//! for every coded fact of the file that nothing is known from (`notes.yaml`).
//!
//! The files stand beside the repository; where they do not, there is nothing to compare and the test says so. The
//! snapshots hold no copy of them: ids, codes, and the values and dates that knowledge rests on.
//!
//! When what is read changes: `INSTA_UPDATE=always cargo nextest run -p ehr --test shared_patients`, look at the
//! difference, and write or take out notes until the test is content.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails says where"
)]

mod content;
mod facts;
mod files;
mod notes;
mod patient;
mod shown;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use notes::Notes;

#[test]
fn every_coded_fact_is_found_or_its_absence_explained() {
    let notes = Notes::read();
    let mut used = BTreeSet::new();
    let mut unexplained = String::new();
    let files = files::files();
    for file in &files {
        let mut snapshot = String::new();
        for patient in patient::patients(file) {
            let knowledge = patient.knowledge();
            let left = facts::not_found(&patient, &knowledge);
            let explained = notes.explain(&file.name, &left, &mut used);
            for fact in explained.without_note {
                writeln!(unexplained, "{}: {fact}", file.name).unwrap();
            }
            snapshot += &shown::head(&patient, &explained.lines);
            snapshot += &shown::knowledge(&knowledge);
        }
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(file.short_name(), snapshot);
        });
    }
    assert!(unexplained.is_empty(), "not found and not explained in notes.yaml:\n{unexplained}");
    assert!(
        files.is_empty() || notes.unused(&used).is_empty(),
        "notes that explain nothing: {:?}",
        notes.unused(&used)
    );
}

/// Whether each snapshot has a file, so that none outlives what it was made of.
#[test]
fn every_snapshot_has_its_file() {
    let files = files::files();
    if files.is_empty() {
        return;
    }
    let names: BTreeSet<String> = files.iter().map(|file| format!("{}.snap", file.short_name())).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/content/shared_patients/snapshots");
    let kept =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let stray: Vec<String> = kept.filter(|name| name.ends_with(".snap") && !names.contains(name)).collect();
    assert!(stray.is_empty(), "{stray:?}");
}
