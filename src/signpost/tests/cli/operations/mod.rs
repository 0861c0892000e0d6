//! What operators see, on a listener of its own.

mod logs;
mod metrics;
mod outages;
mod pages;
pub mod replicas;
mod stats;
mod traces;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{BINARY, ends_with, err, exchange, folder, out, text};

pub const TOKEN: &str = "operators-token-of-more-than-32-characters";

/// The service with a listener for operators.
pub struct Operated {
    child: Child,
    pub address: String,
    pub operators: String,
}

impl Drop for Operated {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Operated {
    /// With this configuration beside the listeners.
    pub fn start(folder: &Path, config: &str) -> Self {
        Self::start_logging(folder, config, Stdio::null())
    }

    pub fn start_logging(folder: &Path, config: &str, log: Stdio) -> Self {
        Self::start_by(Command::new(BINARY), folder, config, log, "info")
    }

    /// The same, with as much of a log as the level says.
    pub fn start_at_level(folder: &Path, config: &str, log: Stdio, level: &str) -> Self {
        Self::start_by(Command::new(BINARY), folder, config, log, level)
    }

    /// The same, by a command that runs the binary with what it is given more.
    pub fn start_by(mut command: Command, folder: &Path, config: &str, log: Stdio, level: &str) -> Self {
        let path = folder.join("signpost.toml");
        fs::write(&path, config).expect("a file");
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--config", text(&path)])
            .env("SIGNPOST_OPERATIONS_LISTEN", "127.0.0.1:0")
            .env("SIGNPOST_LOG", level)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let lines = BufReader::new(child.stdout.as_mut().expect("its output")).lines();
        let mut addresses = Vec::new();
        for line in lines.map_while(Result::ok) {
            let is_said = line.starts_with("Signpost listens on") || line.starts_with("Operators:");
            let address = line.split_once("http://").filter(|_| is_said).map(|(_, rest)| rest.to_owned());
            addresses.extend(address);
            if addresses.len() == 2 {
                break;
            }
        }
        let [address, operators] = addresses.try_into().expect("it says where it listens");
        Self { child, address, operators }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Tells it to stop.
    pub fn stop(&self) {
        self.signal("TERM");
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.id().to_string()]).status();
        assert!(status.expect("kill").success());
    }

    /// Waits until it has ended, and says whether it ended well.
    pub fn ended(&mut self) -> bool {
        self.child.wait().expect("it ends").success()
    }

    /// Status and body of what operators see at a path.
    pub fn see(&self, path: &str) -> (u16, String) {
        self.see_with(path, "")
    }

    /// The same, with more lines of the head.
    pub fn see_with(&self, path: &str, head: &str) -> (u16, String) {
        let answer = self.raw(path, head);
        let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        (status(&answer), body.to_owned())
    }

    pub fn raw(&self, path: &str, head: &str) -> String {
        exchange(
            &self.operators,
            &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n"),
        )
    }

    /// Status and body of the answer to a hook call.
    pub fn call(&self, body: &str, head: &str) -> (u16, String) {
        self.post("/cds-services/coverage-order-sign", body, head)
    }

    pub fn post(&self, path: &str, body: &str, head: &str) -> (u16, String) {
        let answer = exchange(&self.address, &call(path, body, head));
        (status(&answer), answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned())
    }
}

fn status(answer: &str) -> u16 {
    answer.get(9..12).and_then(|status| status.parse().ok()).expect("a status")
}

fn call(path: &str, body: &str, head: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
         {head}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Waits for something that becomes true.
pub fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A journal at this URL.
pub fn journal(folder: &Path, url: &str, on_failure: &str) -> String {
    let keys = folder.join("journal.keys");
    fs::write(&keys, "a key of thirty-two bytes, or more\n").expect("a file");
    format!("[journal]\nurl = \"{url}\"\nkey_file = \"journal.keys\"\non_failure = \"{on_failure}\"\n")
}

#[test]
fn a_service_without_a_journal_is_alive_and_ready() {
    let service = Operated::start(&folder("operated"), "");
    assert_eq!(service.see("/healthz").0, 200);
    assert_eq!(service.see("/readyz"), (200, r#"{"ready":true,"because":[]}"#.to_owned()));
    assert_eq!(service.see("/elsewhere").0, 404);
    // Callers do not see what operators see, nor the other way round.
    let answer = exchange(&service.address, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert_eq!(service.see("/cds-services").0, 404);
}

#[test]
fn a_journal_that_cannot_be_written_keeps_calls_away_where_it_is_required() {
    for (setting, status, ready) in [("require", 503, false), ("continue", 200, true)] {
        let folder = folder(&format!("not-ready-{setting}"));
        let url = format!("sqlite:{}", folder.join("missing/journal.db").display());
        let log = folder.join("log");
        let logging = Stdio::from(fs::File::create(&log).expect("a file"));
        let service = Operated::start_logging(&folder, &journal(&folder, &url, setting), logging);
        let written = || fs::read_to_string(&log).expect("a log");
        wait_for("the journal was tried", || written().contains("the journal cannot be written"));
        let (found, body) = service.see("/readyz");
        let said: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((found, &said["ready"]), (status, &Value::from(ready)), "{setting}: {body}");
        assert_eq!(said["because"][0]["what"], "journal", "{setting}: {body}");
        assert!(said["because"][0]["since"].is_string(), "{setting}: {body}");
        // What the store says may name users and hosts. Operators find it in the log.
        let why = "No such file or directory";
        assert!(written().contains(why) && !body.contains(why), "{setting}: {body}");
        assert_eq!(service.see("/healthz").0, 200, "starting it again would mend nothing");
        // It is back.
        fs::create_dir(folder.join("missing")).expect("a folder");
        wait_for("it is ready", || service.see("/readyz").1 == r#"{"ready":true,"because":[]}"#);
    }
}

/// A call of which the last byte has not come.
fn unfinished(address: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let call = call("/cds-services/coverage-order-sign", body, "");
    stream.write_all(&call.as_bytes()[..call.len() - 1]).expect("it reads");
    stream
}

fn finish(mut stream: TcpStream) -> String {
    stream.write_all(b"}").expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn operators_see_a_service_that_carries_all_it_can_and_one_that_ends() {
    let config = "[load]\nmax_concurrent = 1\nmax_connections = 2\n";
    let mut service = Operated::start(&folder("saturated"), config);
    let body = out(&ends_with(0, &["example"])).trim_end().to_owned();
    let mut held = unfinished(&service.address, &body);
    wait_for("it is full", || {
        std::thread::sleep(Duration::from_millis(50));
        let is_full = service.call(&body, "").0 == 503;
        if !is_full {
            // The other call was first, and this one was turned away.
            held = unfinished(&service.address, &body);
        }
        is_full
    });
    let _idle = TcpStream::connect(&service.address).expect("it listens");
    for path in ["/healthz", "/readyz"] {
        assert_eq!(service.see(path).0, 200, "{path}");
    }
    service.stop();
    wait_for("it is no longer ready", || service.see("/readyz").0 == 503);
    assert!(service.see("/readyz").1.contains("\"stopping\""));
    assert_eq!(service.see("/healthz").0, 200, "it lives until it has ended");
    assert!(finish(held).starts_with("HTTP/1.1 200"), "what has come is answered");
    assert!(service.ended(), "it ends well");
}

#[test]
fn a_token_that_would_cross_the_network_in_the_clear_is_refused() {
    let folder = folder("token-in-the-clear");
    fs::write(folder.join("token"), format!("{TOKEN}\n")).expect("a file");
    fs::write(folder.join("short"), "short\n").expect("a file");
    let rows = [
        ("listen = \"127.0.0.1:9090\"\ntoken_file = \"token\"", None),
        ("listen = \"[::1]:9090\"\ntoken_file = \"token\"", None),
        ("listen = \"0.0.0.0:9090\"", None),
        ("listen = \"0.0.0.0:9090\"\ntoken_file = \"token\"", Some("in the clear")),
        ("listen = \"127.0.0.1:9090\"\ntoken_file = \"short\"", Some("at least 32 characters")),
        ("listen = \"127.0.0.1:9090\"\ntoken_file = \"none\"", Some("cannot be read")),
        ("listen = \"127.0.0.1:9090\"\ntls = true", Some("`[tls]`")),
        ("token_file = \"token\"", Some("`operations.listen`: is missing")),
    ];
    for (operations, refused) in rows {
        let path = folder.join("signpost.toml");
        fs::write(&path, format!("[operations]\n{operations}\n")).expect("a file");
        let output = ends_with(i32::from(refused.is_some()), &["config", "check", text(&path)]);
        let said = err(&output);
        assert!(refused.is_none_or(|words| said.contains(words)), "{operations}: {said}");
        assert!(!said.contains(TOKEN), "{said}");
    }
}
