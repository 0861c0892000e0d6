//! `signpost policy`, and content of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{ends_with, err, folder, out, policies, request, text};

#[test]
fn policies_are_checked_tested_and_shown() {
    assert!(out(&ends_with(0, &["policy", "check"])).contains("No problems."));
    let policies = policies();
    assert!(policies.len() > 1);
    let tested = out(&ends_with(0, &["policy", "test"]));
    let passed = tested.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(passed > 50 && tested.contains(&format!("{passed} cases passed.")), "{passed}");
    for policy in policies {
        let shown = out(&ends_with(0, &["policy", "show", &policy]));
        assert!(shown.contains("Criteria") && shown.contains("all of"), "{shown}");
    }
    let unknown = ends_with(1, &["policy", "show", "nobodys"]);
    assert!(err(&unknown).contains("`nobodys`"), "{}", err(&unknown));
}

#[test]
fn schemas_are_printed_and_written() {
    assert!(out(&ends_with(0, &["policy", "schema"])).contains("$schema"));
    let folder = folder("schemas");
    ends_with(0, &["policy", "schema", "--write", text(&folder)]);
    let written = fs::read_dir(&folder).expect("the folder");
    let mut count = 0;
    for file in written {
        let schema = fs::read_to_string(file.expect("an entry").path()).expect("a file");
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        assert!(schema["$schema"].is_string());
        count += 1;
    }
    assert!(count >= 4, "{count} schemas");
    let nowhere = folder.join("nowhere");
    assert!(!err(&ends_with(1, &["policy", "schema", "--write", text(&nowhere)])).is_empty());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A copy of the bundled content.
fn content(name: &str) -> PathBuf {
    let folder = folder(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cds-hooks"), &folder);
    folder
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let before = fs::read_to_string(path).expect("a file");
    let after = change(before.clone());
    assert_ne!(before, after, "{} was changed", path.display());
    fs::write(path, after).expect("a file");
}

#[test]
fn content_of_a_folder_is_used() {
    let content = content("good-content");
    ends_with(0, &["policy", "check", "--content", text(&content)]);
    let missing = content.join("missing");
    let output = ends_with(1, &["policy", "check", "--content", text(&missing)]);
    assert!(err(&output).contains("missing"), "{}", err(&output));
}

/// Every problem of every file is told at once, and nothing starts on it.
#[test]
fn bad_content_is_refused_with_every_problem() {
    let content = content("bad-content");
    let policy = policies().remove(0);
    edit(&content.join(format!("policies/{policy}/policy.yaml")), |text| {
        text.replace("is: diagnosis.", "is: diagnoses.") + "\nunheard-of: 1\n"
    });
    edit(&content.join("data-elements/labs.yaml"), |text| {
        text.replacen("kind: quantity", "kind: quantities", 1)
    });
    edit(&content.join("value-sets/platelets.json"), |text| text.replacen("\"version\"", "\"edition\"", 1));
    fs::write(content.join("services/second.yaml"), "id: [").expect("a file");
    let files = ["policy.yaml", "labs.yaml", "platelets.json", "second.yaml"];
    let content = text(&content);

    let checked = ends_with(1, &["policy", "check", "--content", content]);
    let tested = ends_with(1, &["policy", "test", "--content", content]);
    let request = request();
    let evaluated = ends_with(1, &["evaluate", text(&request), "--content", content]);
    let served = ends_with(1, &["serve", "--listen", "127.0.0.1:0", "--content", content]);
    for output in [checked, tested, evaluated, served] {
        let said = out(&output) + &err(&output);
        for file in files {
            assert!(said.contains(file), "{file} is not named: {said}");
        }
        assert!(!said.contains("listens on"), "{said}");
    }
}

/// What must be reported of a folder: file, line and words, as its files say it after `#!` where a mistake is.
fn marked(folder: &Path, below: &str, marks: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let path = format!("{below}{}", entry.file_name().to_str().expect("UTF-8"));
        if entry.path().is_dir() {
            marked(&entry.path(), &format!("{path}/"), marks);
            continue;
        }
        for (place, line) in fs::read_to_string(entry.path()).expect("a file").lines().enumerate() {
            let words = line.split(" #! ").skip(1);
            marks.extend(words.map(|words| (format!("{path}:{}: ", place + 1), words.trim().to_owned())));
        }
    }
}

/// One run names every mistake of every file, where it stands, and nothing that only follows from another mistake.
#[test]
fn one_run_names_every_mistake_and_nothing_else() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/broken");
    let mut marks = Vec::new();
    marked(&folder, "", &mut marks);
    assert!(marks.len() > 70, "{} mistakes", marks.len());
    let checked = out(&ends_with(1, &["policy", "check", "--content", text(&folder)]));
    let mut reported: Vec<&str> = checked.lines().collect();
    assert_eq!(reported.pop(), Some(format!("{} problems.", reported.len()).as_str()));
    for (place, words) in &marks {
        let found = reported.iter().position(|line| line.starts_with(place) && line.contains(words.as_str()));
        let found = found.unwrap_or_else(|| panic!("{place}{words} is not reported:\n{checked}"));
        reported.remove(found);
    }
    assert!(reported.is_empty(), "not mistakes: {reported:#?}");
}

/// A case that fails is a problem of the content.
#[test]
fn a_case_that_fails_ends_with_1() {
    let content = content("failing-case");
    let policy = policies().remove(0);
    edit(&content.join(format!("policies/{policy}/cases.yaml")), |text| {
        text.replacen("determination: meets-criteria", "determination: does-not-meet-criteria", 1)
    });
    let tested = out(&ends_with(1, &["policy", "test", "--content", text(&content)]));
    assert!(tested.contains("cases.yaml"), "{tested}");
}
