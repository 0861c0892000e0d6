//! The JSON Schemas beside the content: those of the types that read it, and named by every file that they are for.
#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use signpost::content::{Content, Files};

/// Each folder of content files, the end of their names, and the schema that is theirs.
const SCHEMAS: [(&str, &str, &str); 6] = [
    ("data-elements/", ".yaml", "data-elements.schema.json"),
    ("policies/", "/policy.yaml", "policy.schema.json"),
    ("policies/", "/cases.yaml", "cases.schema.json"),
    ("safety/", ".yaml", "limits.schema.json"),
    ("therapy/", ".yaml", "therapy.schema.json"),
    ("services/", ".yaml", "service.schema.json"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// `signpost policy schema --write cds-hooks/schema` writes them anew.
#[test]
fn the_written_schemas_are_those_of_the_types() {
    let written: BTreeMap<String, String> = fs::read_dir(root().join("cds-hooks/schema"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    let generated: BTreeMap<String, String> =
        signpost::report::schemas().into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    assert_eq!(written.keys().collect::<Vec<_>>(), generated.keys().collect::<Vec<_>>());
    for (name, text) in &generated {
        assert!(written.get(name) == Some(text), "cds-hooks/schema/{name} is not what its type says");
    }
}

/// An editor finds the schema by the first line; the fixture that shows how a drug is added is content too.
#[test]
fn every_content_file_names_its_schema() {
    for content in ["cds-hooks", "fixtures/next-drug"] {
        let folder = root().join(content);
        let files = Files::read(&folder).unwrap();
        let mut named = 0;
        for (below, ending, schema) in SCHEMAS {
            for (path, text) in files.below(below, ending) {
                let first = text.lines().next().unwrap_or_default();
                let target = first.strip_prefix("# yaml-language-server: $schema=");
                let target = target.unwrap_or_else(|| panic!("{content}/{path} begins with {first:?}"));
                let found = folder.join(path).parent().unwrap().join(target).canonicalize();
                let found = found.unwrap_or_else(|error| panic!("{content}/{path}: {target}: {error}"));
                let schema = root().join("cds-hooks/schema").join(schema).canonicalize().unwrap();
                assert_eq!(found, schema, "{content}/{path}");
                named += 1;
            }
        }
        assert_eq!(named, files.below("", ".yaml").count(), "{content}: every YAML file is of some kind");
        assert!(named > 4, "{content}: files were found");
    }
}

#[test]
fn the_content_is_valid_by_the_schemas_of_its_types() {
    let problems = Content::load(&Files::read(&root().join("cds-hooks")).unwrap()).err().unwrap_or_default();
    assert!(problems.is_empty(), "{problems:#?}");
}
