//! Copies while the journal is written, and what is in them.

use std::process::Stdio;

use journal::Filter;

use crate::support::{Cluster, Kind, Store, decision, settings};

/// SQLite copies itself; the copy is whole, as of one moment, and nobody else reads it.
#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_journal_is_copied_while_it_is_written() {
    let store = Store::new(Kind::Sqlite).await;
    let journal = store.journal().await;
    journal.write((0..500).map(decision).collect()).await.unwrap();
    let writing = tokio::spawn({
        let journal = journal.clone();
        async move {
            for number in 500..600 {
                journal.write(vec![decision(number)]).await.unwrap();
            }
        }
    });
    let copy = store.dir.path().join("copy.db");
    journal.backup(&copy).await.unwrap();
    writing.await.unwrap();
    assert!(journal.backup(&copy).await.is_err(), "an older copy is not written over");
    assert!(copy.exists());
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&copy).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);

    let copied = crate::support::open(&settings(&format!("sqlite:{}", copy.display()))).await;
    let decisions = copied.stats(&Filter::default()).await.unwrap().decisions;
    assert!((500..=600).contains(&decisions), "{decisions}");
    assert!(copied.decision(decision(499).id).await.unwrap().is_some());
    copied.write(vec![decision(1000)]).await.unwrap();
    assert_eq!(journal.stats(&Filter::default()).await.unwrap().decisions, 600);
}

/// PostgreSQL has its own program.
#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_journal_is_dumped_and_restored() {
    let store = Store::new(Kind::Postgres).await;
    let journal = store.journal().await;
    journal.write((0..100).map(decision).collect()).await.unwrap();
    assert!(journal.backup(&store.dir.path().join("copy")).await.is_err());

    let cluster = Cluster::shared();
    let database = |url: &str| url.split(['/', '?']).nth(3).unwrap().to_owned();
    let restored = crate::support::database(cluster).await;
    let dump = cluster.program("pg_dump").arg(database(&store.url)).output().unwrap();
    assert!(dump.status.success());
    let mut psql = cluster.program("psql");
    psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &database(&restored)]);
    let mut psql = psql.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    std::io::Write::write_all(&mut psql.stdin.take().unwrap(), &dump.stdout).unwrap();
    assert!(psql.wait().unwrap().success());

    let restored = crate::support::open(&settings(&restored)).await;
    assert_eq!(restored.stats(&Filter::default()).await.unwrap().decisions, 100);
    restored.write(vec![decision(1000)]).await.unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_reads_the_file() {
    let store = Store::new(Kind::Sqlite).await;
    store.journal().await.write(vec![decision(1)]).await.unwrap();
    for name in ["journal.db", "journal.db-wal"] {
        let file = std::fs::metadata(store.dir.path().join(name)).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.permissions());
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
