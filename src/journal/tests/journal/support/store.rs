//! A store of one test.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use journal::{Health, Journal, Settings};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Connection, Row};
use tempfile::TempDir;

use super::{Cluster, privacy};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// An empty store, gone with the value.
#[derive(Debug)]
pub struct Store {
    pub kind: Kind,
    pub url: String,
    pub dir: TempDir,
}

/// Settings with time enough for a busy machine.
pub fn settings(url: &str) -> Settings {
    Settings { timeout: Duration::from_secs(5), ..Settings::new(url, privacy()) }
}

impl Store {
    pub async fn new(kind: Kind) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = match kind {
            Kind::Sqlite => format!("sqlite:{}", dir.path().join("journal.db").display()),
            Kind::Postgres => database(Cluster::shared()).await,
        };
        Self { kind, url, dir }
    }

    pub async fn journal(&self) -> Journal {
        open(&settings(&self.url)).await
    }

    /// What a statement of ours gives, beside the journal.
    pub async fn query(&self, sql: &str) -> Vec<AnyRow> {
        let mut connection = self.connection().await;
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        rows
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.query(sql).await[0].get(0)
    }

    pub async fn connection(&self) -> AnyConnection {
        connection(&self.url).await
    }
}

pub async fn open(settings: &Settings) -> Journal {
    let journal = Journal::open(settings).unwrap();
    assert_eq!(journal.ready(Duration::from_secs(20)).await, Health::Up);
    journal
}

async fn connection(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let options: sqlx::any::AnyConnectOptions = url.parse().unwrap();
    options.connect().await.unwrap()
}

/// A new database.
pub async fn database(cluster: &Cluster) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let mut admin = connection(&cluster.url("postgres")).await;
    let sql = AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(sql).execute(&mut admin).await.unwrap();
    cluster.url(&name)
}
