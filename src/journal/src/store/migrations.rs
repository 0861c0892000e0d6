//! The tables, and how they came to be: every file is applied once, in order, and never changed afterwards.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, SqlSafeStr};

use super::StoreError;

/// Every migration, with its number.
const MIGRATIONS: [(i64, &str, &str); 1] =
    [(1, "journal", include_str!("../../migrations/0001_journal.sql"))];

/// Brings the tables up to date. PostgreSQL lets one replica at a time do so.
pub(super) async fn migrate(connection: &mut AnyConnection) -> Result<(), StoreError> {
    let migrations = MIGRATIONS.map(|(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Ok(Migrator::with_migrations(migrations.into()).run_direct(None, connection, false).await?)
}
