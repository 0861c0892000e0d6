//! The service as a process of its own, and clients that call it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How many ask at the same time when it is found out what the service can carry.
pub const EAGER: usize = 8;

const BINARY: &str = env!("CARGO_BIN_EXE_signpost");

pub struct Service {
    child: Child,
    address: String,
}

impl Service {
    /// Starts it on a port of its own, with a configuration or without.
    pub fn start(config: Option<&Path>) -> Self {
        let mut child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(config.into_iter().flat_map(|config| [Path::new("--config"), config]))
            .env("SIGNPOST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut first).expect("a line");
        let address = first.split("http://").nth(1).expect("an address").trim().to_owned();
        Self { child, address }
    }

    /// A connection to it.
    pub async fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).await.expect("it listens");
        stream.set_nodelay(true).expect("an option");
        stream
    }

    /// Memory that it holds now.
    pub fn megabytes(&self) -> f64 {
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

/// The request that all send: a bundled one of 55 kB.
pub fn request() -> Arc<Vec<u8>> {
    let example =
        Command::new(BINARY).args(["example", "policy-a-ii-e3-third-line"]).output().expect("an example");
    let body = example.stdout;
    let head = format!(
        "POST /cds-services/coverage-order-sign HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    Arc::new([head.as_bytes(), &body].concat())
}

/// Sends a request and reads the whole answer: its status.
pub async fn call(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> std::io::Result<u16> {
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

/// What eager clients saw.
pub struct Carried {
    /// Answers a second.
    pub per_second: f64,
    /// What each answer took.
    pub times: Vec<Duration>,
    /// Requests that were turned away.
    pub refused: usize,
}

/// So many clients ask for a time, each again as soon as it is answered.
pub async fn eager(service: &Service, request: &Arc<Vec<u8>>, clients: usize, time: Duration) -> Carried {
    let start = Instant::now();
    let mut asking = Vec::new();
    for _ in 0..clients {
        let (mut stream, request) = (service.connect().await, request.clone());
        asking.push(tokio::spawn(async move {
            let (mut buffer, mut times, mut refused) = (Vec::new(), Vec::new(), 0);
            while start.elapsed() < time {
                let asked = Instant::now();
                let status = call(&mut stream, &request, &mut buffer).await.expect("an answer");
                assert!(matches!(status, 200 | 503), "status {status}");
                match status {
                    200 => times.push(asked.elapsed()),
                    _ => refused += 1,
                }
            }
            (times, refused)
        }));
    }
    let mut carried = Carried { per_second: 0.0, times: Vec::new(), refused: 0 };
    for client in asking {
        let (times, refused) = client.await.expect("it ends");
        carried.times.extend(times);
        carried.refused += refused;
    }
    carried.per_second = carried.times.len() as f64 / start.elapsed().as_secs_f64();
    carried
}

/// The time in milliseconds that so many percent took at most.
pub fn at_rank(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    times
        .get(times.len().saturating_sub(1) * percent / 100)
        .map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}
