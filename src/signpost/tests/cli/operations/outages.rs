//! A journal that cannot be written, through the service: the setting is kept to, nothing is lost, and it comes back.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::{Connection, SqliteConnection};

use super::replicas::{asked, database};
use super::{Operated, TOKEN, journal, wait_for};
use crate::cluster::Cluster;
use crate::support::{BINARY, ends_with, folder, out};

/// A service with a journal, and what came of the calls so far.
struct Trial {
    service: Operated,
    body: String,
    is_required: bool,
    answered: u64,
}

const SETTINGS: [&str; 2] = ["require", "continue"];

impl Trial {
    fn start(folder: &Path, url: &str, setting: &str) -> Self {
        Self::start_by(Command::new(BINARY), folder, url, setting)
    }

    fn start_by(command: Command, folder: &Path, url: &str, setting: &str) -> Self {
        fs::write(folder.join("token"), TOKEN).expect("a file");
        let config = format!(
            "{}[operations]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"token\"\n",
            journal(folder, url, setting)
        );
        let service = Operated::start_by(command, folder, &config, Stdio::null(), "info");
        let body = out(&ends_with(0, &["example"]));
        Self { service, body, is_required: setting == "require", answered: 0 }
    }

    fn is_up(&self) -> bool {
        self.service.see("/readyz").1 == r#"{"ready":true,"because":[]}"#
    }

    /// The status of one call, which never takes long.
    fn call(&mut self) -> u16 {
        let start = Instant::now();
        let (status, said) = self.service.call(&self.body, "");
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
        assert_eq!(said.contains("\"cards\""), status == 200, "no card without a word: {said}");
        status
    }

    /// Every call is answered and written down.
    fn works(&mut self) {
        wait_for("the journal is up", || self.is_up());
        for _ in 0..5 {
            assert_eq!(self.call(), 200);
            self.answered += 1;
        }
    }

    /// Nothing can be written: cards go out or not, as the setting has it, and operators see it.
    fn fails(&mut self) {
        let start = Instant::now();
        while self.is_up() {
            assert!(start.elapsed() < Duration::from_secs(30), "it is noticed");
            let status = self.call();
            // While it is up, what is answered is written.
            self.answered += u64::from(status == 200 && self.is_up());
        }
        for _ in 0..5 {
            assert_eq!(self.call(), if self.is_required { 500 } else { 200 });
        }
        let (status, said) = self.service.see("/readyz");
        assert_eq!(status, if self.is_required { 503 } else { 200 }, "{said}");
        assert!(said.contains("\"journal\""), "{said}");
        assert!(self.service.see("/metrics").1.contains("signpost_journal_up 0\n"));
        assert_eq!(self.service.see("/healthz").0, 200);
    }

    /// It is written again, and what was answered before and after is there: of what failed in between, no more than was
    /// on its way.
    fn comes_back(mut self) {
        self.works();
        let head = format!("Authorization: Bearer {TOKEN}\r\n");
        let (status, stats) = self.service.see_with("/journal/stats", &head);
        assert_eq!(status, 200, "{stats}");
        let stats: Value = serde_json::from_str(&stats).expect("JSON");
        let written = stats["decisions"].as_u64().expect("a number");
        assert!((self.answered..=self.answered + 2).contains(&written), "{written} of {}", self.answered);
    }
}

/// Holds a lock, as whatever makes a store slow; the lock is there when this returns.
fn sqlite_locked(file: &Path, time: Duration) -> JoinHandle<()> {
    let (locked, is_locked) = mpsc::channel();
    let url = format!("sqlite:{}", file.display());
    let thread = thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let mut other = SqliteConnection::connect(&url).await.expect("the file");
            sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.expect("the lock");
            locked.send(()).expect("somebody waits");
            tokio::time::sleep(time).await;
            sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("no lock");
        });
    });
    is_locked.recv().expect("the lock");
    thread
}

#[test]
fn a_slow_file() {
    for setting in SETTINGS {
        let folder = folder(&format!("slow-file-{setting}"));
        let file = folder.join("journal.db");
        let mut trial = Trial::start(&folder, &format!("sqlite:{}", file.display()), setting);
        trial.works();
        let lock = sqlite_locked(&file, Duration::from_secs(3));
        trial.fails();
        lock.join().expect("it ends");
        trial.comes_back();
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[test]
fn a_full_disk() {
    for setting in SETTINGS {
        let folder = folder(&format!("full-disk-{setting}"));
        let disk = folder.join("disk");
        fs::create_dir(&disk).expect("a folder");
        let mut command = Command::new("unshare");
        command.args(if is_root() { &["-m"][..] } else { &["-rm"] });
        command
            .args(["sh", "-c", r#"mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@""#])
            .arg(&disk)
            .arg(BINARY);
        let url = format!("sqlite:{}", disk.join("journal.db").display());
        let mut trial = Trial::start_by(command, &folder, &url, setting);
        trial.works();
        // The same disk, seen from outside.
        let filler = format!("/proc/{}/root{}/filler", trial.service.id(), disk.display());
        assert!(fs::write(&filler, vec![1; 8 << 20]).is_err(), "it is full");
        trial.fails();
        fs::remove_file(&filler).expect("space");
        trial.comes_back();
    }
}

#[test]
fn a_read_only_file() {
    for setting in SETTINGS {
        let folder = folder(&format!("read-only-file-{setting}"));
        let disk = folder.join("disk");
        fs::create_dir(&disk).expect("a folder");
        let url = format!("sqlite:{}", disk.join("journal.db").display());
        Trial::start(&folder, &url, setting).works();
        let set = |file, directory| {
            for entry in fs::read_dir(&disk).expect("the folder") {
                let path = entry.expect("a file").path();
                fs::set_permissions(path, fs::Permissions::from_mode(file)).expect("its mode");
            }
            fs::set_permissions(&disk, fs::Permissions::from_mode(directory)).expect("its mode");
        };
        set(0o444, 0o555);
        // Root may write everything.
        let mut command = Command::new(if is_root() { "setpriv" } else { "env" });
        if is_root() {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        }
        command.arg(BINARY);
        let mut trial = Trial::start_by(command, &folder, &url, setting);
        trial.answered = 5;
        trial.fails();
        set(0o666, 0o777);
        trial.comes_back();
    }
}

#[test]
fn a_database_that_is_down() {
    let cluster = Cluster::start();
    for setting in SETTINGS {
        let url = database(&cluster, &format!("down_{setting}"));
        let mut trial = Trial::start(&folder(&format!("database-down-{setting}")), &url, setting);
        trial.works();
        cluster.stop();
        trial.fails();
        cluster.start_again();
        trial.comes_back();
    }
}

/// A replica of the database that takes no writes: what is there after a failover, until it is over.
#[test]
fn a_database_that_only_reads() {
    for setting in SETTINGS {
        let primary = Cluster::start();
        let name = format!("standby_{setting}");
        let mut before =
            Trial::start(&folder(&format!("standby-before-{setting}")), &database(&primary, &name), setting);
        before.works();
        let standby = primary.standby();
        let folder = folder(&format!("standby-{setting}"));
        let mut trial = Trial::start(&folder, &standby.url(&name), setting);
        trial.answered = before.answered;
        trial.fails();
        drop(before);
        drop(primary);
        standby.promote();
        trial.comes_back();
    }
}

#[test]
fn a_slow_database() {
    let cluster = Cluster::start();
    for setting in SETTINGS {
        let name = format!("slow_{setting}");
        let url = database(&cluster, &name);
        let mut trial = Trial::start(&folder(&format!("database-slow-{setting}")), &url, setting);
        trial.works();
        let lock = "BEGIN; LOCK TABLE decision, probe IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(3); ROLLBACK";
        let mut other = cluster.program("psql");
        let other = other.args(["-q", "-d", &name, "-c", lock]).stdout(Stdio::null()).spawn();
        let held = "SELECT count(*) > 0 FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted AND pid <> \
                    pg_backend_pid()";
        wait_for("it is locked", || asked(&cluster, &name, held) == "t");
        trial.fails();
        assert!(other.expect("it runs").wait().expect("it ends").success());
        trial.comes_back();
    }
}
