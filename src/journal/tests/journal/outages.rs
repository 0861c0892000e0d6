//! Stores that fail, and come back.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use journal::{Failure, Health, Journal, Settings};
use sqlx::Connection;

use crate::support::child::{Said, Writing, written};
use crate::support::{Cluster, Kind, Proxy, Store, at, decision, privacy, settings};

on_both!(
    a_locked_store_fails_in_time_and_comes_back,
    a_full_queue_refuses_at_once,
    who_gave_up_is_not_written
);

fn impatient(url: &str) -> Settings {
    Settings { timeout: Duration::from_millis(500), ..Settings::new(url, privacy()) }
}

/// Every write fails, none takes much longer than the time it has, and all but the first ones fail at once.
async fn fails_in_time(journal: &Journal, first: u64) {
    for number in first..first + 20 {
        let start = Instant::now();
        let failure = journal.write(vec![decision(number)]).await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(2), "{failure} after {:?}", start.elapsed());
        assert!(
            number < first + 2 || start.elapsed() < Duration::from_millis(100),
            "{failure} was not at once"
        );
    }
    assert!(matches!(journal.health(), Health::Down { .. }));
}

async fn comes_back(journal: &Journal, number: u64) {
    assert_eq!(journal.ready(Duration::from_secs(20)).await, Health::Up);
    journal.write(vec![decision(number)]).await.unwrap();
}

/// Another program holds a lock for long.
async fn a_locked_store_fails_in_time_and_comes_back(store: Store) {
    let journal = crate::support::open(&impatient(&store.url)).await;
    journal.write(vec![decision(1)]).await.unwrap();
    let mut other = store.connection().await;
    let lock = match store.kind {
        Kind::Sqlite => "BEGIN IMMEDIATE",
        Kind::Postgres => "BEGIN; LOCK TABLE decision, probe IN ACCESS EXCLUSIVE MODE",
    };
    sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
    fails_in_time(&journal, 10).await;
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    comes_back(&journal, 50).await;
    assert_eq!(store.count("SELECT count(*) FROM decision WHERE id LIKE '00000000-0000-0001%'").await, 1);
    assert!(
        store.count("SELECT count(*) FROM decision").await <= 4,
        "what failed is not written by the dozen later"
    );
}

async fn a_full_queue_refuses_at_once(store: Store) {
    let settings = Settings { queue: 4, ..settings(&store.url) };
    let journal = crate::support::open(&settings).await;
    let calls: Vec<_> = (0..200)
        .map(|number| {
            let journal = journal.clone();
            tokio::spawn(async move { journal.write(vec![decision(number)]).await })
        })
        .collect();
    let (mut written, mut busy) = (0, 0);
    for call in calls {
        match call.await.unwrap() {
            Ok(()) => written += 1,
            Err(Failure::Busy) => busy += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(written >= 4 && busy >= 1, "{written} written, {busy} refused");
    assert_eq!(store.count("SELECT count(*) FROM decision").await, written);
    journal.write(vec![decision(1000)]).await.unwrap();
}

/// A client that hung up gets no card, so nothing is written for it if it can be helped.
async fn who_gave_up_is_not_written(store: Store) {
    let journal = crate::support::open(&settings(&store.url)).await;
    let mut other = store.connection().await;
    let lock = match store.kind {
        Kind::Sqlite => "BEGIN IMMEDIATE",
        Kind::Postgres => "BEGIN; LOCK TABLE decision IN ACCESS EXCLUSIVE MODE",
    };
    sqlx::raw_sql(lock).execute(&mut other).await.unwrap();
    // The first is on its way to the store; the others wait behind it.
    for number in 0..10 {
        let (journal, decision) = (journal.clone(), vec![decision(number)]);
        let gives_up = tokio::time::timeout(Duration::from_millis(50), journal.write(decision));
        assert!(gives_up.await.is_err(), "nothing is written while it is locked");
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    journal.write(vec![decision(1000)]).await.unwrap();
    assert!(store.count("SELECT count(*) FROM decision").await <= 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_down_comes_back() {
    let cluster = Cluster::start();
    let url = crate::support::database(&cluster).await;
    let journal = crate::support::open(&impatient(&url)).await;
    journal.write(vec![decision(1)]).await.unwrap();
    cluster.stop();
    fails_in_time(&journal, 10).await;
    cluster.start_again();
    comes_back(&journal, 2).await;
    assert!(journal.decision(decision(1).id).await.unwrap().is_some(), "written is written");
    assert!(journal.decision(decision(2).id).await.unwrap().is_some());
}

/// The service starts while its database is down, and takes up its work when that is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_may_start_after_the_service() {
    let cluster = Cluster::start();
    let url = crate::support::database(&cluster).await;
    cluster.stop();
    let journal = Journal::open(&impatient(&url)).unwrap();
    assert!(matches!(journal.write(vec![decision(1)]).await, Err(Failure::Down(_))));
    cluster.start_again();
    comes_back(&journal, 1).await;
}

/// The network swallows everything and closes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_goes_silent_fails_in_time() {
    let store = Store::new(Kind::Postgres).await;
    let proxy = Proxy::to(Cluster::shared().socket()).await;
    let database = store.url.split(['/', '?']).nth(3).unwrap();
    let url = format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", proxy.port);
    let journal = crate::support::open(&impatient(&url)).await;
    journal.write(vec![decision(1)]).await.unwrap();
    proxy.silence();
    fails_in_time(&journal, 10).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    proxy.speak();
    comes_back(&journal, 2).await;
}

/// The same from the start: the connection that got no answer is given up, and not waited for when the network is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_silent_from_the_start_is_tried_again() {
    let store = Store::new(Kind::Postgres).await;
    let proxy = Proxy::to(Cluster::shared().socket()).await;
    proxy.silence();
    let database = store.url.split(['/', '?']).nth(3).unwrap();
    let url = format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", proxy.port);
    let journal = Journal::open(&impatient(&url)).unwrap();
    fails_in_time(&journal, 1).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    proxy.speak();
    comes_back(&journal, 2).await;
}

/// A replica of the database takes no writes until it is promoted; what it has can be read.
#[tokio::test(flavor = "multi_thread")]
async fn a_standby_is_no_store_until_it_is_promoted() {
    let primary = Cluster::start();
    let url = crate::support::database(&primary).await;
    let before = crate::support::open(&settings(&url)).await;
    before.write(vec![decision(1)]).await.unwrap();
    let standby = primary.standby();
    let database = url.split(['/', '?']).nth(3).unwrap();
    let journal = Journal::open(&impatient(&standby.url(database))).unwrap();
    assert!(matches!(journal.ready(Duration::from_secs(2)).await, Health::Down { .. }));
    fails_in_time(&journal, 10).await;
    assert!(journal.decision(decision(1).id).await.unwrap().is_some());
    drop(before);
    drop(primary);
    standby.promote();
    comes_back(&journal, 2).await;
    assert!(journal.decision(decision(1).id).await.unwrap().is_some());
}

/// Ends every connection but the one that asks.
const END_ALL: &str = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()) AS ended";

/// A server that started again, or an administrator, has ended every connection: the next decision is written all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_the_server_ended_costs_nothing() {
    let store = Store::new(Kind::Postgres).await;
    let journal = store.journal().await;
    for number in 0..5 {
        journal.write(vec![decision(number)]).await.unwrap();
        assert!(store.count(END_ALL).await >= 1);
        let token = journal.first_seen("north", &format!("{number}"), at(100_000)).await;
        assert_eq!(token, Ok(true));
    }
    assert_eq!(journal.health(), Health::Up);
    assert_eq!(store.count("SELECT count(*) FROM decision").await, 5);
}

/// Ended while it writes as well, again and again: what was not committed is done anew on another connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_ended_as_it_writes_costs_next_to_nothing() {
    let store = Store::new(Kind::Postgres).await;
    let journal = store.journal().await;
    let ending = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..8_u64)
        .map(|caller| {
            let (journal, ending) = (journal.clone(), Arc::clone(&ending));
            tokio::spawn(async move {
                let (mut written, mut failed) = (0, 0);
                while !ending.load(Ordering::Relaxed) {
                    match journal.write(vec![decision(caller * 100_000 + written + failed)]).await {
                        Ok(_) => written += 1,
                        Err(_) => {
                            failed += 1;
                            tokio::time::sleep(Duration::from_millis(1)).await;
                        }
                    }
                }
                (written, failed)
            })
        })
        .collect();
    let mut ended = 0;
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(25)).await;
        ended += store.count(END_ALL).await;
    }
    ending.store(true, Ordering::Relaxed);
    let (mut written, mut failed) = (0, 0);
    for caller in callers {
        let of_one = caller.await.unwrap();
        (written, failed) = (written + of_one.0, failed + of_one.1);
    }
    let rows = u64::try_from(store.count("SELECT count(*) FROM decision").await).unwrap();
    println!("{ended} ended, {written} written, {failed} failed, {rows} rows");
    assert!(ended >= 20, "{ended}");
    // Whether what was being committed as the connection was cut is there, nobody can say.
    assert!((written..=written + failed).contains(&rows), "{written} written, {failed} failed, {rows} rows");
    assert!(failed <= written / 10, "{written} written, {failed} failed");
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

/// Waits until the process says such a thing.
fn hears(writing: &Writing, what: impl Fn(&Said) -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if writing.next(Duration::from_secs(20)).as_ref().is_some_and(&what) {
            return true;
        }
    }
    false
}

/// A disk of 4 MB of the process's own: it fills up, space is made, and it goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_at_once_and_comes_back() {
    let store = Store::new(Kind::Sqlite).await;
    let mut command = Command::new("unshare");
    command.args(if is_root() { &["-m"][..] } else { &["-rm"] });
    command.args(["sh", "-c", r#"mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@""#]).arg(store.dir.path());
    let writing = Writing::start(command, &store.url, 0, Duration::from_secs(1));
    let mut said = Vec::new();
    let full = |said: &Said| matches!(said, Said::Failed(_));
    let end = Instant::now() + Duration::from_secs(60);
    while said.last().is_none_or(|last| !full(last)) && Instant::now() < end {
        said.extend(writing.next(Duration::from_secs(20)));
    }
    let while_full = writing.listen(Duration::from_secs(1));
    assert!(while_full.iter().any(full) && written(&while_full).len() < 20, "{while_full:?}");
    let slow =
        while_full.iter().filter(|said| matches!(said, Said::Failed(took) if *took > Duration::from_secs(2)));
    assert_eq!(slow.count(), 0);
    said.extend(while_full);

    // More of the same disk, seen from outside.
    let root = format!("/proc/{}/root{}", writing.process.id(), store.dir.path().display());
    let pid = writing.process.id().to_string();
    let grow = ["-t", &pid, "-m", "mount", "-o", "remount,size=64m"];
    let mut enter = Command::new("nsenter");
    enter.args(if is_root() { &[][..] } else { &["-U", "--preserve-credentials"] }).args(grow);
    assert!(enter.arg(store.dir.path()).status().unwrap().success());
    assert!(hears(&writing, |said| matches!(said, Said::Written(_))), "it comes back");
    said.extend(writing.listen(Duration::from_millis(500)));
    // What a process that is killed now leaves behind; taken out before its disk goes with it.
    let stop = Command::new("kill").args(["-STOP", &pid]).status().unwrap();
    assert!(stop.success());
    said.extend(writing.listen(Duration::from_millis(200)));
    for name in ["journal.db", "journal.db-wal"] {
        fs::copy(format!("{root}/{name}"), store.dir.path().join(name)).unwrap();
    }
    writing.kill();
    let journal = store.journal().await;
    for number in written(&said) {
        assert!(journal.decision(decision(number).id).await.unwrap().is_some(), "{number}");
    }
}

/// A file that must not be written: every write fails at once, until it may be.
#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_file_fails_at_once_and_comes_back() {
    let store = Store::new(Kind::Sqlite).await;
    store.journal().await.write(vec![decision(1_000_000)]).await.unwrap();
    let file = store.dir.path().join("journal.db");
    let set = |mode, directory| {
        use std::os::unix::fs::PermissionsExt;
        for entry in fs::read_dir(store.dir.path()).unwrap() {
            fs::set_permissions(entry.unwrap().path(), fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(store.dir.path(), fs::Permissions::from_mode(directory)).unwrap();
    };
    set(0o444, 0o555);
    // Root may write everything.
    let command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command
    } else {
        Command::new("env")
    };
    let writing = Writing::start(command, &store.url, 0, Duration::from_secs(1));
    let said = writing.listen(Duration::from_secs(7));
    assert!(!said.is_empty() && written(&said).is_empty(), "{said:?}");
    assert!(
        said.iter().all(|said| *said == Said::Failed(Duration::ZERO)
            || matches!(said, Said::Failed(took) if took.as_millis() < 100)),
        "{said:?}"
    );
    set(0o666, 0o777);
    assert!(hears(&writing, |said| matches!(said, Said::Written(_))), "it comes back");
    writing.kill();
    assert!(file.exists());
}
