//! Giving space back, and copies while the service runs.

use std::path::Path;

use sqlx::{AnyConnection, Connection, Executor, Row};

use crate::journal::Journal;
use crate::store::{Address, Role, StoreError, connect};

impl Journal {
    /// Gives the space of what was deleted back. SQLite in small steps, so that what is written meanwhile waits for none
    /// of them long; PostgreSQL by its own `VACUUM`, which locks nobody out.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn vacuum(&self) -> Result<(), StoreError> {
        let mut connection = connect(&self.address, Role::Maintainer).await?;
        match self.address {
            Address::Sqlite(_) => shrink(&mut connection).await?,
            Address::Postgres(_) => {
                for table in ["decision", "outcome", "card", "feedback", "jti"] {
                    let sql = sqlx::AssertSqlSafe(format!("VACUUM (ANALYZE) {table}"));
                    sqlx::raw_sql(sql).execute(&mut connection).await?;
                }
            }
        }
        Ok(connection.close().await?)
    }

    /// Copies a SQLite journal, whole and as of one moment, to a new file while it is written. PostgreSQL has `pg_dump`.
    ///
    /// # Errors
    /// If the file is there already, or the store fails, or is PostgreSQL.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if matches!(self.address, Address::Postgres(_)) {
            return Err(StoreError::address("PostgreSQL is backed up by `pg_dump`"));
        }
        // SQLite copies into an empty file, whose rights are ours to choose.
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(to).map_err(|error| StoreError::file(&error))?;
        let copied = self.copy(to).await;
        if copied.is_err() {
            // Half a copy is none, and would stand in the way of the next.
            let _ = std::fs::remove_file(to);
        }
        copied
    }

    async fn copy(&self, to: &Path) -> Result<(), StoreError> {
        let mut connection = connect(&self.address, Role::Maintainer).await?;
        let copied = sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().as_ref());
        connection.execute(copied).await?;
        Ok(connection.close().await?)
    }
}

/// Pages given back in one step.
const STEP: &str = "PRAGMA incremental_vacuum(500)";

async fn shrink(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let mut left = free_pages(connection).await?;
    while left > 0 {
        sqlx::raw_sql(STEP).execute(&mut *connection).await?;
        let now = free_pages(connection).await?;
        // A file of before `auto_vacuum` keeps its pages, for what comes next.
        if now >= left {
            break;
        }
        left = now;
    }
    sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut *connection).await?;
    Ok(())
}

async fn free_pages(connection: &mut AnyConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query("PRAGMA freelist_count").fetch_one(connection).await?.try_get(0)?)
}
