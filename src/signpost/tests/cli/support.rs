//! Running the binary.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub const BINARY: &str = env!("CARGO_BIN_EXE_signpost");

/// The day on which the bundled requests happen.
pub const AT: &str = "2026-11-22T12:00:00Z";

pub fn run(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).stdin(Stdio::null()).output().expect("the binary runs")
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Runs it and checks the status.
#[track_caller]
pub fn ends_with(status: i32, arguments: &[&str]) -> Output {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}{}", out(&output), err(&output));
    output
}

/// Sends a request as it is, and reads the whole answer as it is on the wire.
pub fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

/// A folder of a test's own.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path of UTF-8")
}

/// A bundled request that happens on `AT`.
pub fn request() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/requests");
    root.join(format!("{}.json", signpost::example::DEFAULT))
}

/// The ids of the policies, as `policy check` lists them.
pub fn policies() -> Vec<String> {
    let listed = out(&ends_with(0, &["policy", "check"]));
    let ids = listed.lines().filter(|line| line.contains("data elements"));
    ids.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}
