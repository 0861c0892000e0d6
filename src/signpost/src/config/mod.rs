//! The configuration: one TOML file, variables of the environment before it, flags before both.
//!
//! All errors come at once, each with where it was said. What is unknown is refused, so that a misspelt setting never
//! passes in silence. A service that knows no clients is open, and an open service listens on loopback only.

mod client;
mod operations;
mod pages;
mod parts;
mod problem;
mod secret;
mod section;
mod table;
mod telemetry;
mod told;
mod urls;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ehr::fetch::{Addresses, Bases};
use url::Url;

use crate::serving::Bounds;
use crate::serving::tls::TlsFiles;

pub use client::{ALGORITHMS, Algorithm, Client, Keys, Replay};
pub use operations::Operations;
pub use pages::Pages;
pub use parts::{Ehr, Journal, OnFailure, PatientData};
pub use problem::Problem;
pub use secret::Secret;
pub use telemetry::LogFormat;
pub use told::{File, Flag, Told};
pub use urls::PublicUrl;

use section::{Reading, Section};

/// Where a service listens that is not told.
pub const DEFAULT_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);

/// Everything that the service is told, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where clients reach the service; always there where it knows clients.
    pub public_url: Option<PublicUrl>,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Folder with its content; the bundled content without it.
    pub content: Option<PathBuf>,
    /// Who may call; an open service knows nobody.
    pub clients: Vec<Client>,
    /// FHIR servers that an open service may read.
    pub open_bases: Bases,
    /// Origins that browsers may call from; an open service without any lets all.
    pub cors_origins: Vec<String>,
    /// HTTPS by the service itself.
    pub tls: Option<TlsFiles>,
    /// Reading FHIR servers.
    pub ehr: Ehr,
    /// The record of every decision.
    pub journal: Option<Journal>,
    /// Links from cards to pages.
    pub pages: Option<Pages>,
    /// Where operators look: health, metrics, what came of it.
    pub operations: Option<Operations>,
    /// Bounds on what is carried at once.
    pub load: Bounds,
    /// How the log is written.
    pub log: LogFormat,
    /// The collector that traces are sent to.
    pub otlp: Option<Url>,
}

impl Config {
    /// Reads and checks what the service is told.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of where it was said.
    pub fn read(told: &Told) -> Result<Self, Vec<Problem>> {
        let (config, problems, _) = read(told);
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// Kinds of addresses that FHIR servers may have: this machine's where the service listens there only.
    #[must_use]
    pub fn addresses(&self) -> Addresses {
        Addresses { loopback: self.listen.ip().is_loopback(), private: self.ehr.private_network }
    }

    /// Whether the service knows no clients, and so asks no caller who they are.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.clients.is_empty()
    }
}

/// Every setting there is, as `ehr.deadline_ms` and `client.iss`.
#[must_use]
pub fn keys() -> BTreeSet<String> {
    let file = File { path: PathBuf::new(), text: "[[client]]".to_owned() };
    read(&Told { file: Some(file), ..Told::default() }).2
}

fn read(told: &Told) -> (Config, Vec<Problem>, BTreeSet<String>) {
    let (reading, table) = Reading::of(told);
    let config = whole(Section::top(&reading, &table));
    let (mut problems, keys) = reading.end();
    // The order in which a reader of the file meets them, not of the alphabet: line 9 stands before line 10.
    problems.sort_by_key(|problem| {
        let (source, line) = problem.source.rsplit_once(':').unwrap_or((&problem.source, ""));
        (source.to_owned(), line.parse::<usize>().unwrap_or(0), problem.key.clone())
    });
    problems.dedup();
    (config, problems, keys)
}

fn whole(top: Section<'_>) -> Config {
    let public_url = top.parsed("public_url", urls::public);
    let listen = top.parsed("listen", parts::address);
    let content = top.path("content");
    let ehr_section = top.section("ehr");
    let ehr = parts::ehr(&ehr_section);
    let listen_or_default = listen.unwrap_or(DEFAULT_ADDRESS);
    let is_on_loopback = listen_or_default.ip().is_loopback();
    let addresses = Addresses { loopback: is_on_loopback, private: ehr.private_network };
    let clients = clients(&top, &client::Surroundings { is_on_loopback, addresses });
    let open_bases = Bases::new(&ehr.fhir_servers, addresses);
    if let Err(bad) = &open_bases {
        ehr_section.wrong("fhir_servers", &bad.to_string());
    }
    open_or_closed(&top, &ehr_section, is_on_loopback);
    let [cors, tls, journal, pages, operations, load, log, telemetry] =
        ["cors", "tls", "journal", "pages", "operations", "load", "log", "telemetry"]
            .map(|key| top.section(key));
    let config = Config {
        public_url,
        listen: listen_or_default,
        content,
        clients,
        open_bases: open_bases.unwrap_or_default(),
        cors_origins: parts::cors(&cors),
        tls: parts::tls(&tls),
        ehr,
        journal: parts::journal(&journal),
        pages: pages::read(&pages, journal.is_there()),
        operations: operations::read(&operations, tls.is_there()),
        load: parts::load(&load),
        log: telemetry::log(&log),
        otlp: telemetry::otlp(&telemetry),
    };
    // Else a slow EHR costs the whole answer, and not what it did not send in time.
    let deadline = Duration::from(config.ehr.deadline);
    if deadline >= config.load.request_time {
        let than = deadline.as_millis();
        load.wrong("request_timeout_ms", &format!("must be longer than `ehr.deadline_ms`, which is {than}"));
    }
    for section in [ehr_section, cors, tls, journal, pages, operations, load, log, telemetry, top] {
        section.end();
    }
    config
}

fn clients(top: &Section<'_>, around: &client::Surroundings) -> Vec<Client> {
    let mut clients: Vec<Client> = Vec::new();
    for section in top.sections("client") {
        if let Some(client) = client::read(&section, around) {
            if clients.iter().any(|other| other.name == client.name) {
                section.wrong("name", "another client has this name");
            }
            if clients.iter().any(|other| other.iss == client.iss) {
                section.wrong("iss", "another client has this `iss`");
            }
            clients.push(client);
        }
        section.end();
    }
    clients
}

/// What a service must be told that knows clients, and what one must not that knows none.
fn open_or_closed(top: &Section<'_>, ehr: &Section<'_>, is_on_loopback: bool) {
    let is_open = top.sections("client").is_empty();
    if is_open && !is_on_loopback {
        top.wrong(
            "listen",
            "the service is open (it knows no `[[client]]`), so it may listen on a loopback address only",
        );
    }
    if !is_open {
        top.needs("public_url", "the tokens of clients name it");
        if ehr.has("fhir_servers") {
            ehr.wrong(
                "fhir_servers",
                "each `[[client]]` has its own `fhir_servers`; these are for an open service",
            );
        }
    }
}
