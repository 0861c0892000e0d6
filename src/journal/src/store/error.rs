//! Why a store did not do what it was asked to.

/// Why a store did not do what it was asked to. The text names no value: it may go to logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct StoreError {
    what: String,
    /// Whether what was asked is at fault, so that the store would take other things.
    pub(crate) by_asked: bool,
}

impl StoreError {
    /// The URL of the journal is none.
    pub(crate) fn address(what: &str) -> Self {
        Self { what: format!("the journal's URL: {what}"), by_asked: false }
    }

    /// The file cannot be made.
    pub(crate) fn file(error: &std::io::Error) -> Self {
        Self { what: format!("the journal's file: {error}"), by_asked: false }
    }

    /// Nobody has tried yet.
    pub(crate) fn not_tried() -> Self {
        Self { what: "the journal's store was not reached yet".into(), by_asked: false }
    }

    /// The task that writes is gone, with its runtime or by a defect.
    pub(crate) fn no_writer() -> Self {
        Self { what: "the journal's writer is gone".into(), by_asked: false }
    }

    /// It took longer than it may.
    pub(crate) fn late() -> Self {
        Self { what: "the journal's store did not answer in time".into(), by_asked: false }
    }

    /// What is written cannot be.
    pub(crate) fn unwritable(error: &serde_json::Error) -> Self {
        Self { what: format!("the record cannot be written as JSON: {error}"), by_asked: true }
    }

    /// What is stored is not what this program writes.
    pub(crate) fn unreadable() -> Self {
        Self { what: "what is stored is not what this program writes".into(), by_asked: false }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
        Self { by_asked: is_by_asked(&error, &code), what: said(&error, &code) }
    }
}

impl From<sqlx::migrate::MigrateError> for StoreError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self { what: format!("the journal's tables: {error}"), by_asked: false }
    }
}

/// Data that cannot be stored (class 22), that breaks a constraint (class 23), or that lost against another transaction
/// (class 40) in PostgreSQL; too big, a constraint, a type in SQLite, whose codes carry more in their higher bytes.
fn is_by_asked(error: &sqlx::Error, code: &str) -> bool {
    if error.as_database_error().is_none() {
        return matches!(error, sqlx::Error::Encode(_));
    }
    match code.parse::<u32>() {
        Ok(code) if code.checked_ilog10() < Some(4) => matches!(code & 0xff, 18..=20),
        _ => ["22", "23", "40"].iter().any(|class| code.starts_with(class)),
    }
}

/// Whether the connection is gone: cut, or ended by the server (57P01 to 57P03 in PostgreSQL).
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    matches!(error, sqlx::Error::Io(_)) || code.is_some_and(|code| code.starts_with("57P"))
}

/// The message of the database, without the rows that it may show beside it; what failed without its parameters.
fn said(error: &sqlx::Error, code: &str) -> String {
    match error {
        sqlx::Error::Database(error) => format!("the journal's store: {} ({code})", error.message()),
        sqlx::Error::Io(error) => format!("the journal's store cannot be reached: {error}"),
        sqlx::Error::PoolTimedOut => "the journal's store did not answer in time".into(),
        other => format!("the journal's store: {other}"),
    }
}
