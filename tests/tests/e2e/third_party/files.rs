//! The files, if they are there.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Folders of files that are read.
const FOLDERS: [&str; 5] = ["cds_hooks", "oddities", "labs", "malformed_negative", "oncology_patients"];

/// A file of another system.
pub struct File {
    /// Folder and name.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// What is in it, if that is one JSON value.
    pub json: Option<Value>,
}

impl File {
    /// The JSON values in it: one, or one a line (NDJSON).
    pub fn values(&self) -> Vec<Value> {
        if let Some(json) = &self.json {
            return vec![json.clone()];
        }
        let text = String::from_utf8_lossy(&self.bytes);
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

/// Where they are: beside the repository, or where `SIGNPOST_TEST_DATA` says.
fn root() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    std::env::var_os("SIGNPOST_TEST_DATA").map_or_else(beside, PathBuf::from)
}

/// All files, by name.
pub fn files() -> Vec<File> {
    let root = root();
    if !root.is_dir() {
        eprintln!("SKIPPED: no third-party files at {}", root.display());
        return Vec::new();
    }
    let mut paths: Vec<PathBuf> = FOLDERS.iter().flat_map(|folder| paths_in(&root.join(folder))).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is there and empty", root.display());
    paths.into_iter().map(|path| file(&root, &path)).collect()
}

fn paths_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect()
}

fn file(root: &Path, path: &Path) -> File {
    let bytes = fs::read(path).expect("the file can be read");
    let json = serde_json::from_slice(&bytes).ok();
    let name = path.strip_prefix(root).unwrap_or(path).display().to_string();
    File { name, bytes, json }
}
