//! Connections, each set up for what it is for.

use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions, Executor};

use super::{Address, StoreError};

/// What a connection is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    /// Writes, each statement within this time.
    Writer(Duration),
    /// Changes tables or cleans up, for as long as it takes.
    Maintainer,
    /// Reads, each statement within this time.
    Reader(Duration),
}

/// How long a reader waits for anything: statistics over years are read, but not for ever.
const READING: Duration = Duration::from_secs(30);

/// Readers at a time.
const READERS: u32 = 4;

/// A connection for a role.
pub(crate) fn connect(
    address: &Address,
    role: Role,
) -> impl Future<Output = Result<AnyConnection, StoreError>> + Send + use<> {
    sqlx::any::install_default_drivers();
    let (options, set_up) = (address.options(), set_up(address, role));
    async move {
        let mut connection = options?.connect().await?;
        connection.execute(AssertSqlSafe(set_up)).await?;
        Ok(connection)
    }
}

/// Connections to read with, made when they are needed.
pub(crate) fn readers(address: &Address) -> Result<AnyPool, StoreError> {
    sqlx::any::install_default_drivers();
    let set_up: Arc<str> = set_up(address, Role::Reader(READING)).into();
    let pool = AnyPoolOptions::new().max_connections(READERS).acquire_timeout(READING);
    let pool = pool.after_connect(move |connection, _| {
        let set_up = AssertSqlSafe(Arc::clone(&set_up));
        Box::pin(async move { connection.execute(set_up).await.map(drop) })
    });
    Ok(pool.connect_lazy_with(address.options()?))
}

fn set_up(address: &Address, role: Role) -> String {
    match address {
        Address::Sqlite(_) => sqlite(role),
        Address::Postgres(_) => postgres(role),
    }
}

/// A process that is killed loses nothing that was handed to the operating system; power that fails does. With
/// `synchronous = FULL` a commit in WAL mode is on the disk before it is one, which is what an answer rests on; many
/// records share a commit, so that it costs little. What is deleted is overwritten (`secure_delete`), for patients who
/// ask for it. The log is folded into the file every 16 MB, and not every 4: pages that many commits write are then written
/// to the file once.
fn sqlite(role: Role) -> String {
    match role {
        Role::Writer(_) | Role::Maintainer => format!(
            "PRAGMA busy_timeout = {}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; \
             PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864; \
             PRAGMA wal_autocheckpoint = 4000; \
             PRAGMA foreign_keys = ON",
            milliseconds(role)
        ),
        Role::Reader(_) => format!("PRAGMA busy_timeout = {}; PRAGMA query_only = ON", milliseconds(role)),
    }
}

/// A connection that we gave up may hold locks until the server notices: it does after four times the statement's time.
fn postgres(role: Role) -> String {
    let (statement, read_only) = (milliseconds(role), matches!(role, Role::Reader(_)));
    let statement = if matches!(role, Role::Maintainer) { 0 } else { statement };
    format!(
        "SET application_name = 'signpost journal'; SET synchronous_commit = on; SET statement_timeout = {statement}; \
         SET idle_in_transaction_session_timeout = {}; SET default_transaction_read_only = {read_only}",
        statement.saturating_mul(4)
    )
}

fn milliseconds(role: Role) -> u128 {
    match role {
        Role::Writer(time) | Role::Reader(time) => time.as_millis(),
        Role::Maintainer => READING.as_millis(),
    }
}
