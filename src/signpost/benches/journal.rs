//! What it costs to write every decision down before its answer leaves: the service with a journal (SQLite on this disk,
//! `require`, hashed) and without one, in turn.
//!
//! The bar: with the journal it carries at least 0.8 of what it carries without, eight clients at a time. The clients
//! run on the same machine and take their part of its processors.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

#[allow(dead_code, reason = "each benchmark uses its part")]
mod support;

use std::path::{Path, PathBuf};
use std::time::Duration;

use support::{EAGER, Service, at_rank, eager, request};

const BAR: f64 = 0.8;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(4);

fn main() {
    // Not in memory, as `/tmp` may be: beside what is compiled.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let config = configured(folder.path());
    let request = request();
    let (without, with) = (Service::start(None), Service::start(Some(&config)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        for service in [&without, &with] {
            eager(service, &request, EAGER, Duration::from_secs(1)).await;
        }
        println!("{:>8} {:>12} {:>12} {:>8} {:>6}", "clients", "without/s", "with/s", "ratio", "bar");
        for clients in [EAGER, 1] {
            let (mut rates, mut times) = ([0.0; 2], [Vec::new(), Vec::new()]);
            for _ in 0..ROUNDS {
                for (at, service) in [&without, &with].into_iter().enumerate() {
                    let carried = eager(service, &request, clients, ROUND).await;
                    rates[at] += carried.per_second / ROUNDS as f64;
                    times[at].extend(carried.times);
                }
            }
            let bar = if clients == EAGER { format!("{BAR}") } else { String::new() };
            println!(
                "{clients:>8} {:>12.0} {:>12.0} {:>8.2} {bar:>6}",
                rates[0],
                rates[1],
                rates[1] / rates[0]
            );
            let [[a50, a99], [b50, b99]] =
                times.map(|mut times| [50, 99].map(|rank| at_rank(&mut times, rank)));
            println!("         p50 {a50:.2} -> {b50:.2} ms, p99 {a99:.2} -> {b99:.2} ms");
        }
        let written = std::fs::metadata(folder.path().join("journal.db")).expect("a journal").len();
        println!("journal: {} MB; memory of the service: {:.0} MB", written / 1_000_000, with.megabytes());
    });
}

fn configured(folder: &Path) -> PathBuf {
    std::fs::write(folder.join("journal.keys"), "a key of thirty-two bytes or more\n").expect("a file");
    let journal = "[journal]\nurl = \"sqlite:journal.db\"\nkey_file = \"journal.keys\"\n";
    let url = format!("sqlite:{}", folder.join("journal.db").display());
    let config = folder.join("signpost.toml");
    std::fs::write(&config, journal.replace("sqlite:journal.db", &url)).expect("a file");
    config
}
