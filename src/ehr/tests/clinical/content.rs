//! The content as it ships.

use std::path::Path;
use std::sync::OnceLock;

use ehr::content::Content;

/// What stands under `cds-hooks`: data elements and value sets.
pub fn content() -> &'static Content {
    static CONTENT: OnceLock<Content> = OnceLock::new();
    CONTENT.get_or_init(|| {
        Content::load(&files("data-elements"), &files("value-sets"))
            .unwrap_or_else(|problems| panic!("{problems:?}"))
    })
}

/// Elements go by their own id here.
pub fn id(element: &str) -> String {
    element.to_owned()
}

fn files(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cds-hooks").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}
