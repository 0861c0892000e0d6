//! What the service does when twice as much comes as it can carry: those it answers are answered nearly as fast as at
//! half load, the rest get 503 at once, memory stays bounded, and afterwards it is as fast as before.
//!
//! The bars: p99 of the answered within 3 times the p99 at half load. `LOAD_SECONDS` sets how long the overload lasts (60).
//! The clients run on the same machine and take their part of its processors.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, mpsc};

/// Connections of the clients; each has one request at a time.
const CONNECTIONS: usize = 400;
/// How many ask at the same time when it is found out what the service can carry.
const EAGER: usize = 8;

fn main() {
    let seconds = std::env::var("LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let example =
        Command::new(BINARY).args(["example", "policy-a-ii-e3-third-line"]).output().expect("an example");
    let request = Arc::new(request(&example.stdout));
    let service = Service::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        eager(&service, &request, Duration::from_secs(2)).await;
        let carries = eager(&service, &request, Duration::from_secs(6)).await;
        println!("carries {carries:.0} requests a second of {} kB, {EAGER} at a time", request.len() / 1000);
        println!(
            "{:>14} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>8}",
            "load", "sent/s", "answered", "refused", "not sent", "p50 ms", "p99 ms", "503 p99", "MB"
        );
        for (name, share, time) in [
            ("half", 0.5, Duration::from_secs(15)),
            ("twice", 2.0, Duration::from_secs(seconds)),
            ("half again", 0.5, Duration::from_secs(15)),
        ] {
            let mut seen = steady(&service, &request, carries * share, time).await;
            println!(
                "{name:>14} {:>10.0} {:>9} {:>9} {:>9} {:>9.2} {:>9.2} {:>9.2} {:>8.1}",
                carries * share,
                seen.answered.len(),
                seen.refused.len(),
                seen.not_sent,
                at_rank(&mut seen.answered, 50),
                at_rank(&mut seen.answered, 99),
                at_rank(&mut seen.refused, 99),
                service.megabytes()
            );
            assert_eq!(seen.broken, 0, "every request is answered or refused");
        }
    });
}

const BINARY: &str = env!("CARGO_BIN_EXE_signpost");

struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start() -> Self {
        let mut child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env("SIGNPOST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut first).expect("a line");
        let address = first.split("http://").nth(1).expect("an address").trim().to_owned();
        Self { child, address }
    }

    async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).await.expect("it listens");
        stream.set_nodelay(true).expect("an option");
        stream
    }

    /// Memory that it holds now.
    fn megabytes(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse().unwrap_or(f64::NAN) / 1000.0
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn request(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /cds-services/coverage-order-sign HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// Sends a request and reads the whole answer: its status.
async fn call(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> std::io::Result<u16> {
    stream.write_all(request).await?;
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
        if buffer.len() >= end + 4 + length {
            return Ok(head.split(" ").nth(1).unwrap_or_default().parse().expect("a status"));
        }
    }
}

/// Requests a second when so many clients ask as fast as they are answered.
async fn eager(service: &Service, request: &Arc<Vec<u8>>, time: Duration) -> f64 {
    let answered = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut clients = Vec::new();
    for _ in 0..EAGER {
        let (mut stream, request, answered) = (service.connect().await, request.clone(), answered.clone());
        clients.push(tokio::spawn(async move {
            let mut buffer = Vec::new();
            while start.elapsed() < time {
                let status = call(&mut stream, &request, &mut buffer).await.expect("an answer");
                answered.fetch_add(usize::from(status == 200), Ordering::Relaxed);
            }
        }));
    }
    for client in clients {
        client.await.expect("it ends");
    }
    answered.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64()
}

#[derive(Default)]
struct Seen {
    answered: Vec<Duration>,
    refused: Vec<Duration>,
    /// When every connection still waited: the client's own end.
    not_sent: usize,
    broken: usize,
}

/// Requests at a steady rate, whatever becomes of them; the time of each counts from when it was due.
async fn steady(service: &Service, request: &Arc<Vec<u8>>, rate: f64, time: Duration) -> Seen {
    let (due, dues) = mpsc::channel::<Instant>(CONNECTIONS);
    let dues = Arc::new(Mutex::new(dues));
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let (mut stream, request, dues) = (service.connect().await, request.clone(), dues.clone());
        clients.push(tokio::spawn(async move {
            let (mut seen, mut buffer) = (Seen::default(), Vec::new());
            loop {
                let next = dues.lock().await.recv().await;
                let Some(due) = next else { return seen };
                match call(&mut stream, &request, &mut buffer).await {
                    Ok(200) => seen.answered.push(due.elapsed()),
                    Ok(503) => seen.refused.push(due.elapsed()),
                    _ => {
                        seen.broken += 1;
                        return seen;
                    }
                }
            }
        }));
    }
    let (start, mut sent, mut all) = (Instant::now(), 0u32, Seen::default());
    while start.elapsed() < time {
        tokio::time::sleep(Duration::from_millis(1)).await;
        while f64::from(sent) < start.elapsed().as_secs_f64() * rate {
            let when = start + Duration::from_secs_f64(f64::from(sent) / rate);
            all.not_sent += usize::from(due.try_send(when).is_err());
            sent += 1;
        }
    }
    drop(due);
    for client in clients {
        let seen = client.await.expect("it ends");
        all.answered.extend(seen.answered);
        all.refused.extend(seen.refused);
        all.broken += seen.broken;
    }
    all
}

/// The time in milliseconds that so many percent took at most.
fn at_rank(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    times
        .get(times.len().saturating_sub(1) * percent / 100)
        .map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}
