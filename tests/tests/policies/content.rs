//! Content files as the service reads them.

use std::fs;
use std::path::{Path, PathBuf};

use criteria::element::{Element, Elements, Kind};
use criteria::{Document, Problem};
use ehr::source::{DataElement, DataElementsFile, KindName};

/// The folder of the content.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../cds-hooks")
}

/// The files and folders in a folder of the content, in the order of their names.
pub fn list(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.sort();
    paths
}

/// A content file.
pub fn document(path: &Path) -> Document {
    let text = fs::read_to_string(path).expect("the file can be read");
    let name = path.strip_prefix(root()).expect("it is under the root").display().to_string();
    Document::read(&name, &text).unwrap_or_else(|problem| panic!("{problem}"))
}

/// What was loaded, or every problem in the failure of the test.
pub fn sound<T>(loaded: Result<T, Vec<Problem>>) -> T {
    loaded.unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

/// All data elements of the content.
pub fn elements() -> Elements {
    let mut elements = Elements::default();
    for path in list("data-elements") {
        let file: DataElementsFile = sound(document(&path).shape());
        for declared in file.elements {
            let id = declared.id.clone();
            assert!(elements.add(element(declared)).is_some(), "`{id}` is declared twice");
        }
    }
    elements
}

fn element(declared: DataElement) -> Element {
    let kind = match declared.kind {
        KindName::Truth => Kind::Truth,
        KindName::Coded => coded(&declared),
        KindName::Quantity => Kind::Quantity { unit: declared.unit.clone().expect("a quantity has a unit") },
        KindName::MultipleOfUln => Kind::MultipleOfUln,
        KindName::Count => Kind::Count,
        KindName::Set => Kind::Set { members: declared.members.clone() },
    };
    Element { id: declared.id, title: declared.title, settle: declared.settle, kind }
}

fn coded(declared: &DataElement) -> Kind {
    let plain = Kind::Coded { codes: declared.codes.clone(), groups: Vec::new() };
    let named = |codes: &Vec<String>| {
        let codes = codes.iter().map(|code| plain.codes_named(code).expect("a group names codes"));
        codes.reduce(criteria::Codes::union).expect("a group is not empty")
    };
    let groups = declared.groups.iter().map(|(group, codes)| (group.clone(), named(codes))).collect();
    Kind::Coded { codes: declared.codes.clone(), groups }
}
