//! The service with clients that it knows, and tokens of theirs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::json;

use crate::support::{BINARY, ends_with, exchange, out, text};

/// The service, which writes what it writes to files.
pub struct Written {
    child: Child,
    address: String,
    out: PathBuf,
    log: PathBuf,
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Written {
    pub fn start(folder: &Path, text_of_config: &str) -> Self {
        let config = folder.join("signpost.toml");
        fs::write(&config, text_of_config).expect("a file");
        let (out, log) = (config.with_file_name("out.txt"), config.with_file_name("log.txt"));
        let file = |path| File::create(path).expect("a file");
        let child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--config", text(&config)])
            .env("SIGNPOST_LOG", "trace")
            .env("SIGNPOST_OPERATIONS_LISTEN", "127.0.0.1:0")
            .stdout(file(&out))
            .stderr(file(&log))
            .spawn()
            .expect("the binary starts");
        let mut service = Self { child, address: String::new(), out, log };
        let start = Instant::now();
        while service.address.is_empty() {
            assert!(start.elapsed() < Duration::from_secs(60), "it listens: {}", service.read());
            std::thread::sleep(Duration::from_millis(20));
            let said = fs::read_to_string(&service.out).expect("its output");
            let address = said.split_once("http://").and_then(|(_, rest)| rest.split_once(['\n', '/']));
            service.address = address.map_or_else(String::new, |(address, _)| address.to_owned());
        }
        service
    }

    /// Everything that it wrote, without the times of its lines: some results are of today.
    pub fn read(&self) -> String {
        let written =
            [&self.out, &self.log].map(|path| fs::read_to_string(path).expect("what it wrote")).concat();
        let plain = written.replace("\u{1b}[", "\u{1b}").replace("\u{1b}2m", "");
        let lines = plain.lines().map(|line| line.split_once('Z').map_or(line, |(_, rest)| rest));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// What operators see at a path.
    pub fn see(&self, path: &str) -> String {
        let said = fs::read_to_string(&self.out).expect("its output");
        let operators =
            said.split_once("Operators: http://").and_then(|(_, rest)| rest.split_whitespace().next());
        let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        exchange(operators.expect("it says where"), &head)
    }

    /// Tells it to read everything again, and waits until it has said this of it.
    fn hang_up(&self, says: &str) {
        let before = self.read().matches(says).count();
        let status = Command::new("kill").args(["-s", "HUP", &self.child.id().to_string()]).status();
        assert!(status.expect("kill").success());
        let start = Instant::now();
        while self.read().matches(says).count() == before {
            assert!(start.elapsed() < Duration::from_secs(30), "it says `{says}`: {}", self.read());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn post(&self, body: &str, content_type: &str, token: &str) -> String {
        exchange(
            &self.address,
            &format!(
                "POST /cds-services/coverage-order-sign HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                 Authorization: Bearer {token}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            ),
        )
    }
}

/// Tokens of a client.
pub struct Tokens {
    name: &'static str,
    key: EncodingKey,
    count: usize,
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/keys").join(name)
}

const PUBLIC: &str = "https://cds.example.org";

impl Tokens {
    pub fn of(name: &'static str) -> Self {
        let pem = fs::read_to_string(fixture(&format!("{name}-es384.pem"))).expect("a key");
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        Self { name, key: EncodingKey::from_ec_der(&STANDARD.decode(body).expect("base64")), count: 0 }
    }

    /// One that is good for a call of the service now.
    pub fn next(&mut self) -> String {
        self.count += 1;
        let now = Timestamp::now().as_second();
        let header = json!({ "alg": "ES384", "kid": format!("{}-es384", self.name), "typ": "JWT" });
        let claims = json!({
            "iss": format!("https://{}.example.org", self.name), "aud": format!("{PUBLIC}/cds-services/coverage-order-sign"),
            "exp": now + 300, "iat": now, "jti": format!("jti-{}", self.count)
        });
        let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, Algorithm::ES384);
        format!("{message}.{}", signature.expect("a signature"))
    }
}

/// A configuration that knows `north`, whose FHIR server this is.
pub fn north(fhir_server: &str) -> String {
    format!("public_url = \"{PUBLIC}\"\n{}fhir_servers = [\"{fhir_server}\"]\n", client("north"))
}

/// A client whose keys are in a file.
pub fn client(name: &str) -> String {
    let keys = fixture(&format!("{name}.jwks.json"));
    format!(
        "[[client]]\nname = \"{name}\"\niss = \"https://{name}.example.org\"\njwks_file = \"{}\"\n",
        text(&keys)
    )
}

fn configure(folder: &Path, config: &str) {
    fs::write(folder.join("signpost.toml"), config).expect("a file");
}

/// Reads clients again when it is told to; what it knew of them stays.
#[test]
fn clients_are_read_again_and_used_tokens_stay_used() {
    let folder = crate::support::folder("clients");
    let alone = north("https://ehr.example.org/fhir");
    let service = Written::start(&folder, &alone);
    let body = out(&ends_with(0, &["example"]));
    let call = |token: &str| service.post(&body, "application/json", token).get(9..12).map(str::to_owned);
    let (mut north_tokens, mut south_tokens) = (Tokens::of("north"), Tokens::of("south"));
    let used = north_tokens.next();
    assert_eq!(call(&used).as_deref(), Some("200"));
    assert_eq!(call(&south_tokens.next()).as_deref(), Some("401"), "not known yet");

    configure(&folder, &format!("{alone}{}", client("south")));
    service.hang_up("read again");
    assert_eq!(call(&south_tokens.next()).as_deref(), Some("200"));
    assert_eq!(call(&used).as_deref(), Some("401"), "it was used before");
    assert_eq!(call(&north_tokens.next()).as_deref(), Some("200"));

    // Neither a bad file nor one that would open the service changes anything.
    for (config, says) in [("lsten = 1\n[[client]]\n", "lsten"), ("", "started again")] {
        configure(&folder, config);
        service.hang_up(says);
        assert_eq!(call("").as_deref(), Some("401"));
        assert_eq!(call(&south_tokens.next()).as_deref(), Some("200"));
    }
    configure(&folder, &alone);
    service.hang_up("read again: ");
    assert_eq!(call(&south_tokens.next()).as_deref(), Some("401"), "taken out");
}

/// Whoever reads how it starts knows whom it answers.
#[test]
fn an_open_service_says_so_at_every_start_and_another_names_its_clients() {
    let open = Written::start(&crate::support::folder("open"), "").read();
    assert!(open.contains("It runs OPEN") && open.contains("the service is open"), "{open}");
    let known =
        Written::start(&crate::support::folder("known"), &north("https://ehr.example.org/fhir")).read();
    assert!(known.contains("clients: north") && !known.contains("OPEN"), "{known}");
}

/// The workbench is for whoever sits at the machine of an open service. With known clients it is on the operators' listener.
#[test]
fn only_an_open_service_has_a_workbench_where_it_is_called() {
    let page = |service: &Written, path: &str| {
        let head = "Host: x\r\nConnection: close\r\nAccept: text/html\r\n\r\n";
        exchange(&service.address, &format!("GET {path} HTTP/1.1\r\n{head}"))
    };
    let open = Written::start(&crate::support::folder("pages-open"), "");
    let known =
        Written::start(&crate::support::folder("pages-known"), &north("https://ehr.example.org/fhir"));
    for path in ["/", "/try"] {
        assert!(page(&open, path).starts_with("HTTP/1.1 200"), "{path}");
        let answer = page(&known, path);
        assert!(
            answer.starts_with("HTTP/1.1 404") && answer.contains("OperationOutcome"),
            "{path}: {answer}"
        );
    }
    assert!(open.read().contains(&format!("http://{}/try", open.address)), "{}", open.read());
    assert!(!known.read().contains("/try"), "{}", known.read());
}

/// With a journal a token that was used stays used: at another replica, and after a restart.
#[test]
fn a_used_token_is_refused_by_another_replica_and_after_a_restart() {
    let (one, two) = (crate::support::folder("replica-one"), crate::support::folder("replica-two"));
    let _ = fs::remove_file(one.join("journal.db"));
    fs::write(one.join("journal.keys"), "a key of thirty-two bytes, or more\n").expect("a file");
    let [database, keys] = ["journal.db", "journal.keys"].map(|name| one.join(name));
    let config = format!(
        "{}[journal]\nurl = \"sqlite:{}\"\nkey_file = \"{}\"\n",
        north("https://ehr.example.org/fhir"),
        text(&database),
        text(&keys)
    );
    let body = out(&ends_with(0, &["example"]));
    let call = |service: &Written, token: &str| {
        service.post(&body, "application/json", token).get(9..12).map(str::to_owned)
    };
    let mut tokens = Tokens::of("north");
    let (first, second) = (Written::start(&one, &config), Written::start(&two, &config));
    let used = tokens.next();
    assert_eq!(call(&first, &used).as_deref(), Some("200"));
    assert_eq!(call(&second, &used).as_deref(), Some("401"), "another replica");
    assert_eq!(call(&second, &tokens.next()).as_deref(), Some("200"));
    drop((first, second));
    let again = Written::start(&one, &config);
    assert_eq!(call(&again, &used).as_deref(), Some("401"), "after a restart");
    assert_eq!(call(&again, &tokens.next()).as_deref(), Some("200"));
}
