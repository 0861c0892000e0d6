//! Where the journal is kept.

use std::path::{Path, PathBuf};

use sqlx::any::AnyConnectOptions;

use super::StoreError;

/// A SQLite file or a PostgreSQL database.
#[derive(Clone)]
pub(crate) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A database, by its URL, which may hold a password.
    Postgres(String),
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(..)"),
        }
    }
}

impl Address {
    /// Reads `sqlite:PATH` or `postgres://...`.
    pub(crate) fn read(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') || path.contains('?') {
                return Err(StoreError::address("`sqlite:` is followed by the path of a file"));
            }
            return Ok(Self::Sqlite(path.into()));
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::address("it begins with `sqlite:` or `postgres://`"));
        }
        let address = Self::Postgres(url.into());
        address.options().map(|_| address).map_err(|_| StoreError::address("it is no URL"))
    }

    /// What to connect with.
    pub(crate) fn options(&self) -> sqlx::Result<AnyConnectOptions> {
        match self {
            Self::Sqlite(path) => {
                let path = path.to_string_lossy();
                let path = path.replace('%', "%25").replace('?', "%3F").replace('#', "%23");
                format!("sqlite:{path}?mode=rw").parse()
            }
            Self::Postgres(url) => url.parse(),
        }
    }

    /// Makes sure that there is a file, for nobody else's eyes. SQLite gives the files beside it the same rights.
    pub(crate) fn create(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(path) => create_private(path).map_err(|error| StoreError::file(&error)),
            Self::Postgres(_) => Ok(()),
        }
    }
}

/// Creates a file that only its owner reads, unless it is there.
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // A file that is only read tells so by itself when it is written to.
        Err(error) if path.exists() && error.kind() == std::io::ErrorKind::PermissionDenied => Ok(()),
        opened => opened.map(drop),
    }
}
