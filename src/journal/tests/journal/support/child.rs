//! A process that writes and can be killed: this test program, run again for one test of it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::spawn;
use std::time::{Duration, Instant};

use journal::{Journal, Settings};

use super::{decision, privacy};

const URL: &str = "JOURNAL_TEST_URL";
const FIRST: &str = "JOURNAL_TEST_FIRST";
const TIMEOUT: &str = "JOURNAL_TEST_TIMEOUT_MS";

/// A process that writes decisions, eight at a time, and says of each number what came of it.
#[derive(Debug)]
pub struct Writing {
    pub process: Child,
    said: Receiver<Said>,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It was written, says the journal.
    Written(u64),
    /// It was not, and after how long the journal said so.
    Failed(Duration),
}

impl Writing {
    /// Writes decisions from this number on. The command runs what is added to it.
    pub fn start(mut command: Command, url: &str, first: u64, timeout: Duration) -> Self {
        let mut process = command
            .arg(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "support::child::write_until_killed", "--nocapture"])
            .env(URL, url)
            .env(FIRST, first.to_string())
            .env(TIMEOUT, timeout.as_millis().to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (say, said) = channel();
        spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(line) = read(&line) {
                    let _ = say.send(line);
                }
            }
        });
        Self { process, said }
    }

    pub fn next(&self, within: Duration) -> Option<Said> {
        self.said.recv_timeout(within).ok()
    }

    /// All that is said in this time.
    pub fn listen(&self, time: Duration) -> Vec<Said> {
        let end = Instant::now() + time;
        let mut all = Vec::new();
        loop {
            match self.said.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(said) => all.push(said),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return all,
            }
        }
    }

    /// Kills it with a signal that it cannot catch, and returns what it had said until then.
    pub fn kill(mut self) -> Vec<Said> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.said.iter().collect()
    }
}

pub fn written(said: &[Said]) -> Vec<u64> {
    said.iter()
        .filter_map(|said| if let Said::Written(number) = said { Some(*number) } else { None })
        .collect()
}

/// A line that was cut by the kill has no end mark.
fn read(line: &str) -> Option<Said> {
    let (word, rest) = line.strip_suffix('.')?.split_once(' ')?;
    let number = rest.parse().ok()?;
    match word {
        "written" => Some(Said::Written(number)),
        "failed" => Some(Said::Failed(Duration::from_millis(number))),
        _ => None,
    }
}

/// The process itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "is run by other tests, and killed by them"]
async fn write_until_killed() {
    let Ok(url) = std::env::var(URL) else { return };
    let number = |name: &str| std::env::var(name).unwrap().parse::<u64>().unwrap();
    let timeout = Duration::from_millis(number(TIMEOUT));
    let journal = Journal::open(&Settings { timeout, ..Settings::new(&url, privacy()) }).unwrap();
    journal.ready(Duration::from_secs(5)).await;
    let first = number(FIRST);
    let tasks: Vec<_> = (0..8).map(|task| tokio::spawn(write(journal.clone(), first + task))).collect();
    for task in tasks {
        task.await.unwrap();
    }
}

async fn write(journal: Journal, first: u64) {
    for number in (first..).step_by(8) {
        let start = Instant::now();
        let line = match journal.write(vec![decision(number)]).await {
            Ok(()) => format!("written {number}.\n"),
            Err(_) => {
                let took = start.elapsed().as_millis();
                tokio::time::sleep(Duration::from_millis(20)).await;
                format!("failed {took}.\n")
            }
        };
        let mut out = std::io::stdout().lock();
        if out.write_all(line.as_bytes()).and_then(|()| out.flush()).is_err() {
            return;
        }
    }
}
