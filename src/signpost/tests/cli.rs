//! The command line, through the binary: what it prints, and the status it ends with.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_signpost");

/// The day on which the bundled requests happen.
const AT: &str = "2026-11-22T12:00:00Z";

fn run(arguments: &[&str]) -> Output {
    Command::new(BINARY).args(arguments).stdin(Stdio::null()).output().expect("the binary runs")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// Runs it and checks the status.
#[track_caller]
fn ends_with(status: i32, arguments: &[&str]) -> Output {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}{}", out(&output), err(&output));
    output
}

/// A folder of a test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of UTF-8")
}

/// A bundled request that happens on `AT`.
fn request() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/requests");
    root.join(format!("{}.json", signpost::example::DEFAULT))
}

#[test]
fn help_teaches() {
    let help = out(&ends_with(0, &["--help"]));
    for word in ["serve", "evaluate", "policy", "Examples:", "Exit status:", "127.0.0.1:8080"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    for command in [&["serve"][..], &["evaluate"], &["policy"], &["policy", "show"], &["policy", "schema"]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        assert!(out(&ends_with(0, &arguments)).contains("Usage:"), "{command:?}");
    }
    assert!(out(&ends_with(0, &["--version"])).contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_ends_with_2() {
    let wrong: [&[&str]; 9] = [
        &["serves"],
        &["--listen", "127.0.0.1:0"],
        &["evaluate"],
        &["evaluate", "request.json", "--format", "xml"],
        &["evaluate", "request.json", "--at", "yesterday"],
        &["serve", "--listen", "here"],
        &["serve", "--port", "1"],
        &["policy"],
        &["policy", "show"],
    ];
    for arguments in wrong {
        let output = ends_with(2, arguments);
        assert!(err(&output).contains("--help"), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty());
    }
}

#[test]
fn evaluate_explains_in_words() {
    let request = request();
    let words = out(&ends_with(0, &["evaluate", text(&request), "--at", AT]));
    for word in
        ["Evaluated at 2026-11-22T12:00:00Z", "MedicationRequest/", "APPLIES", "clear", "Observation/"]
    {
        assert!(words.contains(word), "{word}: {words}");
    }
    for policy in policies() {
        let shown = out(&ends_with(0, &["policy", "show", &policy]));
        let title = shown.split(" (").next().unwrap_or_default();
        assert!(!title.is_empty() && words.contains(title), "{title}: {words}");
        // The whole tree stands there, every statement of it.
        let statements = shown.lines().filter_map(|line| line.trim().split_once(": ")?.0.split_once(' '));
        for (id, statement) in statements.filter(|(id, _)| *id != "Source") {
            assert!(words.contains(&format!("{id} {statement}")), "{id} {statement}: {words}");
        }
    }
}

#[test]
fn evaluate_explains_for_machines() {
    let request = request();
    let json = out(&ends_with(0, &["evaluate", text(&request), "--at", AT, "--format", "json"]));
    let report: Value = serde_json::from_str(&json).expect("JSON");
    let determinations = report["determinations"].as_array().expect("determinations");
    assert!(!determinations.is_empty());
    for determination in determinations {
        for member in
            ["order", "policy", "version", "determination", "deciding", "open", "missing", "shortestPaths"]
        {
            assert!(!determination[member].is_null(), "{member}: {determination}");
        }
        let tree = determination["criteria"].as_array().expect("the whole tree");
        assert!(tree.iter().all(|node| node["verdict"].is_string()), "{determination}");
        assert!(tree[0]["parts"].as_array().is_some_and(|parts| parts.len() > 1), "{determination}");
    }
    let limits = report["limits"].as_array().expect("limits");
    assert!(limits.len() > 5);
    for limit in limits {
        assert!(limit["order"].is_string() && limit["id"].is_string());
        let verdict = limit["verdict"].as_str().expect("a verdict");
        assert!(matches!(verdict, "met" | "not-met" | "unknown"), "{verdict}");
        let says_why =
            ["evidence", "gaps"].iter().any(|why| limit[why].as_array().is_some_and(|why| !why.is_empty()));
        assert!(says_why, "{limit}");
    }
    assert!(report["knowledge"].is_object());
    assert!(report["response"]["cards"].as_array().is_some_and(|cards| !cards.is_empty()));
}

/// The same request a month later: its results are old.
#[test]
fn evaluate_takes_the_instant_that_it_is_given() {
    let request = request();
    let then = out(&ends_with(0, &["evaluate", text(&request), "--at", AT]));
    let later = out(&ends_with(0, &["evaluate", text(&request), "--at", "2026-12-22T12:00:00Z"]));
    assert!(!then.contains("[stale:") && later.contains("34 days old"), "{later}");
}

#[test]
fn a_request_that_is_bad_ends_with_1_and_says_why() {
    let folder = folder("bad-requests");
    let whole = fs::read_to_string(request()).expect("the request");
    let mut no_data: Value = serde_json::from_str(&whole).expect("JSON");
    no_data["prefetch"] = Value::Null;
    let rows = [
        ("not-json", "{".to_owned(), "not valid JSON"),
        ("no-patient", whole.replace("\"patientId\"", "\"patient\""), "`context.patientId`"),
        ("another-hook", whole.replace("\"order-sign\"", "\"patient-view\""), "hook"),
        ("no-data", no_data.to_string(), "prefetch"),
    ];
    for (name, body, reason) in rows {
        let path = folder.join(format!("{name}.json"));
        fs::write(&path, body).expect("a file");
        let output = ends_with(1, &["evaluate", text(&path), "--at", AT]);
        assert!(err(&output).contains(reason), "{name}: {}", err(&output));
        assert!(!err(&output).contains("panicked"), "{name}: {}", err(&output));
    }
    let missing = folder.join("missing.json");
    assert!(err(&ends_with(1, &["evaluate", text(&missing)])).contains("missing.json"));
}

#[test]
fn examples_are_requests_of_today() {
    let names = out(&ends_with(0, &["example", "--list"]));
    assert!(names.lines().any(|name| name == signpost::example::DEFAULT), "{names}");
    let folder = folder("examples");
    for name in names.lines() {
        let path = folder.join(format!("{name}.json"));
        fs::write(&path, out(&ends_with(0, &["example", name]))).expect("a file");
        ends_with(0, &["evaluate", text(&path)]);
    }
    assert!(err(&ends_with(1, &["example", "nobody"])).contains("--list"));
}

/// The ids of the policies, as `policy check` lists them.
fn policies() -> Vec<String> {
    let listed = out(&ends_with(0, &["policy", "check"]));
    let ids = listed.lines().filter(|line| line.contains("data elements"));
    ids.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn policies_are_checked_tested_and_shown() {
    assert!(out(&ends_with(0, &["policy", "check"])).contains("No problems."));
    let policies = policies();
    assert!(policies.len() > 1);
    let tested = out(&ends_with(0, &["policy", "test"]));
    let passed = tested.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(passed > 50 && tested.contains(&format!("{passed} cases passed.")), "{passed}");
    for policy in policies {
        let shown = out(&ends_with(0, &["policy", "show", &policy]));
        assert!(shown.contains("Criteria") && shown.contains("all of"), "{shown}");
    }
    let unknown = ends_with(1, &["policy", "show", "nobodys"]);
    assert!(err(&unknown).contains("`nobodys`"), "{}", err(&unknown));
}

#[test]
fn schemas_are_printed_and_written() {
    assert!(out(&ends_with(0, &["policy", "schema"])).contains("$schema"));
    let folder = folder("schemas");
    ends_with(0, &["policy", "schema", "--write", text(&folder)]);
    let written = fs::read_dir(&folder).expect("the folder");
    let mut count = 0;
    for file in written {
        let schema = fs::read_to_string(file.expect("an entry").path()).expect("a file");
        let schema: Value = serde_json::from_str(&schema).expect("JSON");
        assert!(schema["$schema"].is_string());
        count += 1;
    }
    assert!(count >= 4, "{count} schemas");
    let nowhere = folder.join("nowhere");
    assert!(!err(&ends_with(1, &["policy", "schema", "--write", text(&nowhere)])).is_empty());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A copy of the bundled content.
fn content(name: &str) -> PathBuf {
    let folder = folder(name);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cds-hooks"), &folder);
    folder
}

fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let before = fs::read_to_string(path).expect("a file");
    let after = change(before.clone());
    assert_ne!(before, after, "{} was changed", path.display());
    fs::write(path, after).expect("a file");
}

#[test]
fn content_of_a_folder_is_used() {
    let content = content("good-content");
    ends_with(0, &["policy", "check", "--content", text(&content)]);
    let missing = content.join("missing");
    let output = ends_with(1, &["policy", "check", "--content", text(&missing)]);
    assert!(err(&output).contains("missing"), "{}", err(&output));
}

/// Every problem of every file is told at once, and nothing starts on it.
#[test]
fn bad_content_is_refused_with_every_problem() {
    let content = content("bad-content");
    let policy = policies().remove(0);
    edit(&content.join(format!("policies/{policy}/policy.yaml")), |text| {
        text.replace("is: diagnosis.", "is: diagnoses.") + "\nunheard-of: 1\n"
    });
    edit(&content.join("data-elements/labs.yaml"), |text| {
        text.replacen("kind: quantity", "kind: quantities", 1)
    });
    edit(&content.join("value-sets/platelets.json"), |text| text.replacen("\"version\"", "\"edition\"", 1));
    fs::write(content.join("services/second.yaml"), "id: [").expect("a file");
    let files = ["policy.yaml", "labs.yaml", "platelets.json", "second.yaml"];
    let content = text(&content);

    let checked = ends_with(1, &["policy", "check", "--content", content]);
    let tested = ends_with(1, &["policy", "test", "--content", content]);
    let request = request();
    let evaluated = ends_with(1, &["evaluate", text(&request), "--content", content]);
    let served = ends_with(1, &["serve", "--listen", "127.0.0.1:0", "--content", content]);
    for output in [checked, tested, evaluated, served] {
        let said = out(&output) + &err(&output);
        for file in files {
            assert!(said.contains(file), "{file} is not named: {said}");
        }
        assert!(!said.contains("listens on"), "{said}");
    }
}

/// A case that fails is a problem of the content.
#[test]
fn a_case_that_fails_ends_with_1() {
    let content = content("failing-case");
    let policy = policies().remove(0);
    edit(&content.join(format!("policies/{policy}/cases.yaml")), |text| {
        text.replacen("determination: meets-criteria", "determination: does-not-meet-criteria", 1)
    });
    let tested = out(&ends_with(1, &["policy", "test", "--content", text(&content)]));
    assert!(tested.contains("cases.yaml"), "{tested}");
}

#[test]
fn an_open_service_listens_on_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let output = ends_with(1, &["serve", "--listen", address]);
        assert!(err(&output).contains("loopback"), "{address}: {}", err(&output));
    }
}

/// The binary, serving; ended with the test.
struct Serving {
    child: Child,
    address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serving() -> Serving {
    let mut child = Command::new(BINARY)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary starts");
    let mut first = String::new();
    let mut lines = BufReader::new(child.stdout.as_mut().expect("its output"));
    lines.read_line(&mut first).expect("a line");
    let address = first.trim().rsplit("http://").next().unwrap_or_default().to_owned();
    Serving { child, address }
}

impl Serving {
    /// The whole answer to a request, as it is on the wire.
    fn answer(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }
}

#[test]
fn it_serves() {
    let service = serving();
    let listed = service.answer("GET /cds-services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(listed.starts_with("HTTP/1.1 200"), "{listed}");
    let json = listed.split("\r\n\r\n").nth(1).expect("a body");
    let services: Value = serde_json::from_str(json).expect("JSON");
    let id = services["services"][0]["id"].as_str().expect("an id");
    let body = out(&ends_with(0, &["example"]));
    let call = format!(
        "POST /cds-services/{id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = service.answer(&call);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"indicator\":\"critical\""), "{answer}");
}
