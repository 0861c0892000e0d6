//! The files, if they are there.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// Folders of patients.
const FOLDERS: [&str; 2] = ["mcode_extraction_fixtures", "oncology_patients"];

/// A file of another system.
pub struct File {
    /// Folder and name.
    pub name: String,
    /// The resources in it, as entries of a Bundle.
    pub entries: Vec<Value>,
}

impl File {
    /// The name without its folder, the project's prefix kept.
    pub fn short_name(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap();
        name.trim_end_matches(".json").trim_end_matches(".ndjson").to_owned()
    }
}

/// Where they are: beside the repository, or where `SIGNPOST_TEST_DATA` says.
fn root() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("SIGNPOST_TEST_DATA").map_or_else(beside, PathBuf::from)
}

/// All files, by name.
pub fn files() -> Vec<File> {
    let root = root();
    if !root.is_dir() {
        eprintln!("SKIPPED: no third-party files at {}", root.display());
        return Vec::new();
    }
    let mut paths: Vec<PathBuf> = FOLDERS
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is there and empty", root.display());
    paths.iter().map(|path| file(&root, path)).collect()
}

fn file(root: &Path, path: &Path) -> File {
    let text = fs::read_to_string(path).unwrap();
    let mut entries = Vec::new();
    // One JSON value, or one a line (NDJSON).
    match serde_json::from_str::<Value>(&text) {
        Ok(value) => collect(&value, &mut entries),
        Err(_) => text.lines().filter_map(|line| serde_json::from_str(line).ok()).for_each(|value: Value| {
            collect(&value, &mut entries);
        }),
    }
    File { name: path.strip_prefix(root).unwrap().display().to_string(), entries }
}

/// Every resource in a value, with its `fullUrl`: of Bundles, arrays, extraction results and whatever else there is.
fn collect(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => {
            let kind = members.get("resourceType").and_then(Value::as_str);
            if kind.is_some_and(|kind| !["Bundle", "Parameters"].contains(&kind)) {
                found.push(json!({ "resource": value }));
                return;
            }
            let first = found.len();
            members.values().for_each(|member| collect(member, found));
            if let (Some(url), Some(entry)) = (members.get("fullUrl"), found.get_mut(first)) {
                entry["fullUrl"] = url.clone();
            }
        }
        _ => {}
    }
}
