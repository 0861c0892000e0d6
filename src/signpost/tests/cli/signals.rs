//! Signals while calls come in: SIGTERM ends the service when it has answered, SIGHUP reads everything again.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::serve::{Serving, started_logging};
use crate::support::{ends_with, folder, out, text};

/// Clients that call without a pause, each call on a connection that they keep for as long as the service lets them.
struct Clients {
    stop: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<Vec<String>>>,
}

impl Clients {
    fn start(address: &str, count: usize) -> Self {
        let body = out(&ends_with(0, &["example"]));
        let call = format!(
            "POST /cds-services/coverage-order-sign HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let threads = (0..count).map(|_| {
            let (stop, answered) = (stop.clone(), answered.clone());
            let (address, call) = (address.to_owned(), call.clone());
            thread::spawn(move || calling(&address, &call, &stop, &answered))
        });
        Self { threads: threads.collect(), stop, answered }
    }

    /// Waits until so many more calls are answered.
    fn get(&self, more: usize) {
        let (goal, start) = (self.answered.load(Ordering::Relaxed) + more, Instant::now());
        while self.answered.load(Ordering::Relaxed) < goal {
            assert!(start.elapsed() < Duration::from_secs(60), "calls are answered");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// What went wrong with calls that the service had accepted.
    fn end(self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().flat_map(|thread| thread.join().expect("a client")).collect()
    }
}

/// Calls until it is stopped or nobody listens any more.
fn calling(address: &str, call: &str, stop: &AtomicBool, answered: &AtomicUsize) -> Vec<String> {
    let mut wrong = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let Ok(mut stream) = TcpStream::connect(address) else { break };
        let mut was_accepted = false;
        loop {
            match answer(&mut stream, call) {
                // Nobody has read the call: it came when nobody listened any more.
                None if !was_accepted => break,
                None => {
                    wrong.push("ended between two calls without a word".to_owned());
                    break;
                }
                Some(answer) if answer.starts_with("HTTP/1.1 200") => {
                    answered.fetch_add(1, Ordering::Relaxed);
                    was_accepted = true;
                    if answer.to_ascii_lowercase().contains("connection: close") {
                        break;
                    }
                }
                // More than it carries: refused at once, which is an answer.
                Some(answer) if answer.starts_with("HTTP/1.1 503") => {}
                Some(answer) => wrong.push(answer),
            }
            if stop.load(Ordering::Relaxed) {
                return wrong;
            }
        }
    }
    wrong
}

/// One whole answer, or what came of it; `None` if the connection ended before anything of it came.
fn answer(stream: &mut TcpStream, call: &str) -> Option<String> {
    stream.write_all(call.as_bytes()).ok()?;
    let (mut read, mut buffer) = (Vec::new(), [0; 64 * 1024]);
    loop {
        let count = stream.read(&mut buffer).unwrap_or(0);
        read.extend_from_slice(buffer.get(..count)?);
        let text = String::from_utf8_lossy(&read).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let head = head.to_ascii_lowercase();
            let length =
                head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            length == Some(body.len())
        });
        match count {
            0 if read.is_empty() => return None,
            0 => return Some(format!("cut off after {} bytes", read.len())),
            _ if whole => return Some(text),
            _ => {}
        }
    }
}

fn signal(service: &Serving, name: &str) {
    let status = Command::new("kill").args(["-s", name, &service.id().to_string()]).status().expect("kill");
    assert!(status.success());
}

fn content(name: &str) -> PathBuf {
    let to = folder(name).join("cds-hooks");
    let _ = fs::remove_dir_all(&to);
    copy(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../cds-hooks"), &to);
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let (from, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).expect("an entry");
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("copied");
        }
    }
}

/// Three times: the moment at which it is told differs.
#[test]
fn told_to_end_under_load_it_answers_what_it_accepted() {
    for calls in [50, 120, 300] {
        let mut service = started_logging(&["serve", "--listen", "127.0.0.1:0"], &[], Stdio::null());
        let clients = Clients::start(service.address(), 6);
        clients.get(calls);
        signal(&service, "TERM");
        let status = service.ended();
        assert!(status.success(), "{status}");
        assert_eq!(clients.end(), Vec::<String>::new());
    }
}

#[test]
fn a_bad_file_read_under_load_changes_nothing_but_one_line_of_the_log() {
    let content = content("reload");
    let log = content.with_file_name("log.txt");
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--content", text(&content)];
    let service = started_logging(&arguments, &[], File::create(&log).expect("a file").into());
    let discovery = || service.answer("GET /cds-services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    // Beside a line for each request.
    let lines = || {
        let log = fs::read_to_string(&log).expect("the log");
        log.lines().filter(|line| !line.contains("duration_ms")).count()
    };
    let clients = Clients::start(service.address(), 4);
    clients.get(40);
    let (before, lines_before) = (discovery(), lines());

    let file = content.join("services/coverage-order-sign.yaml");
    let good = fs::read_to_string(&file).expect("the service");
    fs::write(&file, good.replace("\ntitle:", "\nhedline:")).expect("written");
    signal(&service, "HUP");
    clients.get(200);
    let told = fs::read_to_string(&log).expect("the log");
    assert_eq!(lines(), lines_before + 1, "{told}");
    assert!(told.contains("nothing has changed") && told.contains("hedline"), "{told}");
    assert_eq!(body(&discovery()), body(&before));

    fs::write(&file, good.replace("\ntitle:", "\ntitle: Another title #")).expect("written");
    signal(&service, "HUP");
    let start = Instant::now();
    while !discovery().contains("Another title") {
        assert!(start.elapsed() < Duration::from_secs(30), "it is read again");
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(clients.end(), Vec::<String>::new());
}

fn body(answer: &str) -> Option<&str> {
    answer.split_once("\r\n\r\n").map(|(_, body)| body)
}
