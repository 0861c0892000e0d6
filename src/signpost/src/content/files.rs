//! Where content files come from: the binary itself, or a folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};
use sha2::{Digest, Sha256};

/// The content that comes with the binary.
static BUNDLED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../cds-hooks");

/// Content files as texts, by their path in the content folder with `/` between its parts.
#[derive(Debug, Clone, Default)]
pub struct Files(BTreeMap<String, Text>);

/// Bundled texts stay where they are in the program.
type Text = Cow<'static, str>;

impl Files {
    /// The content that comes with the binary.
    #[must_use]
    pub fn bundled() -> Self {
        let mut files = BTreeMap::new();
        collect_bundled(&BUNDLED, &mut files);
        Self(files)
    }

    /// The content of a folder.
    ///
    /// # Errors
    /// If the folder or a file in it cannot be read as text.
    pub fn read(folder: &Path) -> std::io::Result<Self> {
        let mut files = BTreeMap::new();
        collect_folder(folder, "", &mut files)?;
        Ok(Self(files))
    }

    /// One file.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(AsRef::as_ref)
    }

    /// The files below a folder with an ending, in the order of their paths.
    pub fn below(&self, folder: &str, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        let files = self.0.iter().map(|(path, text)| (path.as_str(), text.as_ref()));
        files.filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
    }

    /// SHA-256 of all paths and texts, each with its length, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for part in self.iter().flat_map(|(path, text)| [path, text]) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// All files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.below("", "")
    }
}

/// Files by path; of two with the same path, the later one stays.
impl FromIterator<(String, String)> for Files {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(files: I) -> Self {
        Self(files.into_iter().map(|(path, text)| (path, text.into())).collect())
    }
}

fn collect_bundled(folder: &Dir<'static>, files: &mut BTreeMap<String, Text>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect_bundled(folder, files),
            DirEntry::File(file) => {
                if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                    files.insert(path.replace('\\', "/"), text.into());
                }
            }
        }
    }
}

fn collect_folder(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Text>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.file_type()?.is_dir() {
            collect_folder(&entry.path(), &path, files)?;
        } else {
            files.insert(path, std::fs::read_to_string(entry.path())?.into());
        }
    }
    Ok(())
}
