//! A private PostgreSQL, on a socket in a directory of its own, gone with the process that started it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

/// Starts the server, says so, and stops it when its own input ends: with the process that started it, however that ends (a
/// signal to the whole group of processes ends `cat`, and so comes to the same).
/// PostgreSQL refuses to be run by root.
const SCRIPT: &str = r#"
trap : INT TERM HUP
bin=$1 dir=$2 primary=$3
as() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
make() {
    if [ -n "$primary" ]; then
        as "$bin/pg_basebackup" -h "$primary" -U postgres -D "$dir/data" -R -N -c fast
    else
        as "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N
    fi
}
make >"$dir/init" 2>&1 &&
as "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k $dir -c listen_addresses=" start >/dev/null 2>&1 </dev/null &&
echo ready || echo failed
cat >/dev/null
as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1
rm -rf "$dir"
"#;

/// A running server.
#[derive(Debug)]
pub struct Cluster {
    dir: PathBuf,
    bin: PathBuf,
    child: Child,
    _input: ChildStdin,
}

impl Cluster {
    /// The one that tests share, each with a database of its own.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    pub fn start() -> Self {
        Self::made("")
    }

    /// A hot standby of this one: it answers, and takes no writes until it is promoted.
    pub fn standby(&self) -> Self {
        Self::made(self.dir.to_str().unwrap())
    }

    pub fn promote(&self) {
        self.control(&["-w", "promote"]);
    }

    fn made(primary: &str) -> Self {
        let bin = programs();
        let dir = tempfile::Builder::new().prefix("pg-").tempdir().unwrap().keep();
        let as_root = Command::new("chown").arg("postgres").arg(&dir).stderr(Stdio::null()).status();
        drop(as_root);
        let mut child = Command::new("sh")
            .args(["-c", SCRIPT, "sh"])
            .args([&bin, &dir])
            .arg(primary)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let log = ["init", "log"].map(|name| fs::read_to_string(dir.join(name)).unwrap_or_default()).concat();
        assert_eq!(line.trim(), "ready", "PostgreSQL did not start: {log}");
        let input = child.stdin.take().unwrap();
        Self { dir, bin, child, _input: input }
    }

    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@localhost/{database}?host={}", self.dir.display())
    }

    pub fn socket(&self) -> PathBuf {
        self.dir.join(".s.PGSQL.5432")
    }

    /// Stops the server as a power cut would.
    pub fn stop(&self) {
        self.control(&["-m", "immediate", "stop"]);
    }

    pub fn start_again(&self) {
        let options = format!("-k {} -c listen_addresses=", self.dir.display());
        self.control(&["-w", "-l", self.dir.join("log").to_str().unwrap(), "-o", &options, "start"]);
    }

    fn control(&self, arguments: &[&str]) {
        let program = self.bin.join("pg_ctl");
        self.run(
            program.to_str().unwrap(),
            &[&["-D", self.dir.join("data").to_str().unwrap()], arguments].concat(),
        );
    }

    /// A program of PostgreSQL's, by name.
    pub fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        command.args(["-h", self.dir.to_str().unwrap(), "-U", "postgres"]);
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let is_root =
            fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let mut command = Command::new(if is_root { "runuser" } else { program });
        if is_root {
            command.args(["-u", "postgres", "--", program]);
        }
        let silent = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        assert!(silent.status().unwrap().success(), "{program} {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.child.kill();
        self.control(&["-m", "immediate", "stop"]);
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Where Debian and others put PostgreSQL's programs.
fn programs() -> PathBuf {
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.map(|entry| entry.unwrap().path().join("bin")).collect())
        .unwrap_or_default();
    found.sort();
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    found.extend(std::env::split_paths(&on_path));
    let has_it = |bin: &PathBuf| bin.join("initdb").is_file() && Path::new(bin).join("pg_ctl").is_file();
    found.into_iter().find(has_it).expect("PostgreSQL is installed: ./tests/run does that")
}
