//! Tokens, JWK Sets that count who asks for them, and a service that knows two clients.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header};
use axum::{Router, http};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use signpost::config::{Config, File, Told};
use signpost::content::{Content, Files};
use signpost::http::App;
use signpost::trust::{JtiStore, KeyTimes, Memory, Trust};
use tokio::runtime::Runtime;
use tower::ServiceExt;

pub const PUBLIC: &str = "https://cds.example.org/signpost";
pub const DISCOVERY: &str = "/cds-services";
pub const SERVICE: &str = "/cds-services/coverage-order-sign";
/// 2026-11-22T12:00:00Z.
pub const NOW: i64 = 1_795_348_800;

pub fn clock() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap())
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/keys").join(name)
}

/// A set of public keys.
pub fn jwks(name: &str) -> Value {
    let text = std::fs::read_to_string(fixture(&format!("{name}.jwks.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// A private key and the algorithm that it signs with (PS384 if it is none of those that can be allowed).
#[derive(Clone)]
pub struct Signer {
    pub kid: &'static str,
    pub alg: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

pub fn signer(kid: &'static str, alg: &'static str) -> Signer {
    let pem = std::fs::read_to_string(fixture(&format!("{kid}.pem"))).unwrap();
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body).unwrap();
    let (algorithm, key) = match alg {
        "ES256" => (Algorithm::ES256, EncodingKey::from_ec_der(&der)),
        "ES384" => (Algorithm::ES384, EncodingKey::from_ec_der(&der)),
        "RS256" => (Algorithm::RS256, EncodingKey::from_rsa_der(&der)),
        "RS384" => (Algorithm::RS384, EncodingKey::from_rsa_der(&der)),
        _ => (Algorithm::PS384, EncodingKey::from_rsa_der(&der)),
    };
    Signer { kid, alg, algorithm, key }
}

pub fn north() -> Signer {
    signer("north-es384", "ES384")
}

pub fn base64(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

impl Signer {
    /// The signature of these parts, in base64url.
    pub fn sign(&self, message: &str) -> String {
        jsonwebtoken::crypto::sign(message.as_bytes(), &self.key, self.algorithm).unwrap()
    }

    /// A token of these texts.
    pub fn texts(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", base64(header), base64(claims));
        format!("{message}.{}", self.sign(&message))
    }

    pub fn token(&self, header: &Value, claims: &Value) -> String {
        self.texts(&header.to_string(), &claims.to_string())
    }

    pub fn header(&self) -> Value {
        json!({ "alg": self.alg, "kid": self.kid, "typ": "JWT" })
    }

    /// A token that is right, of a client, for an endpoint; never the same twice.
    pub fn right(&self, claims: &Value) -> String {
        self.token(&self.header(), claims)
    }
}

pub fn url(path: &str) -> String {
    format!("{PUBLIC}{path}")
}

/// Claims of `north` for an endpoint.
pub fn claims(path: &str) -> Value {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let jti = format!("jti-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    json!({
        "iss": "https://north.example.org", "aud": url(path), "exp": NOW + 300, "iat": NOW, "jti": jti,
        "tenant": "clinic-1"
    })
}

/// Claims of `south`, which has no tenants.
pub fn south_claims(path: &str) -> Value {
    let mut claims = claims(path);
    claims["iss"] = json!("https://south.example.org");
    claims.as_object_mut().unwrap().remove("tenant");
    claims
}

/// A place that answers every request with one text, and counts them.
#[derive(Clone)]
pub struct Counting {
    pub address: SocketAddr,
    count: Arc<AtomicUsize>,
    answer: Arc<Mutex<(u16, String)>>,
    delay: Arc<Mutex<Duration>>,
}

impl Counting {
    pub fn start(answer: &Value) -> Self {
        let count = Arc::new(AtomicUsize::new(0));
        let answer = Arc::new(Mutex::new((200, answer.to_string())));
        let delay = Arc::new(Mutex::new(Duration::ZERO));
        let (counted, said, waits) = (count.clone(), answer.clone(), delay.clone());
        let router = Router::new().fallback(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            let (status, text) = said.lock().unwrap().clone();
            let delay = *waits.lock().unwrap();
            async move {
                tokio::time::sleep(delay).await;
                let location = [(header::LOCATION, "/elsewhere")];
                (http::StatusCode::from_u16(status).unwrap(), location, text)
            }
        });
        let address = runtime().block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
            address
        });
        Self { address, count, answer, delay }
    }

    pub fn url(&self) -> String {
        format!("http://{}/jwks.json", self.address)
    }

    pub fn says(&self, status: u16, text: &str) {
        *self.answer.lock().unwrap() = (status, text.to_owned());
    }

    pub fn takes(&self, delay: Duration) {
        *self.delay.lock().unwrap() = delay;
    }

    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// The configuration of the service under test: `north` by a URL, `south` by keys in the file.
pub fn configuration(jwks_url: &str) -> String {
    format!(
        r#"
public_url = "{PUBLIC}"
[[client]]
name = "north"
iss = "https://north.example.org"
jwks_url = "{jwks_url}"
audience = ["signpost-at-north"]
tenants = ["clinic-1", "clinic-2"]
[[client]]
name = "south"
iss = "https://south.example.org"
jwks = '''{}'''
algorithms = ["ES384", "ES256", "RS256"]
replay = "within-token"
"#,
        jwks("south")
    )
}

pub fn config(text: &str) -> Config {
    let file = File { path: "signpost.toml".into(), text: text.to_owned() };
    Config::read(&Told { file: Some(file), ..Told::default() }).unwrap()
}

/// The service before it knows anybody. Loading its content takes longer than some tests let keys live.
fn app() -> App {
    static OPEN: OnceLock<App> = OnceLock::new();
    OPEN.get_or_init(|| App::new(Content::load(&Files::bundled()).unwrap(), clock)).clone()
}

/// The service, which knows its clients.
#[derive(Clone)]
pub struct Service {
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    pub took: Duration,
}

impl Service {
    pub fn of(text: &str, times: KeyTimes) -> Self {
        Self::with(text, times, Arc::new(Memory::new(clock)))
    }

    pub fn with(text: &str, times: KeyTimes, seen: Arc<dyn JtiStore>) -> Self {
        let config = config(text);
        app();
        let trust = Trust::of(&config, seen, clock, times).unwrap().unwrap();
        runtime().block_on(trust.fetch_keys());
        let app = app().with_trust(trust).with_origins(&config.cors_origins);
        Self { router: app.router() }
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        let router = self.router.clone();
        runtime().block_on(answer(router, request))
    }

    /// Asks for the services with these `Authorization` headers.
    pub fn discover_with(&self, authorization: &[&[u8]]) -> Answer {
        self.send(with(Request::get(DISCOVERY), authorization).body(Body::empty()).unwrap())
    }

    pub fn discover(&self, token: &str) -> Answer {
        self.discover_with(&[format!("Bearer {token}").as_bytes()])
    }

    /// Calls the service.
    pub fn call(&self, token: &str) -> Answer {
        let authorization = format!("Bearer {token}");
        let body = signpost::example::request(signpost::example::DEFAULT, clock()).unwrap();
        self.send(with(Request::post(SERVICE), &[authorization.as_bytes()]).body(Body::from(body)).unwrap())
    }

    /// Many discoveries at the same time: how many were let in.
    pub fn discover_at_once(&self, tokens: Vec<String>) -> usize {
        runtime().block_on(async {
            let calls = tokens.into_iter().map(|token| {
                let authorization = format!("Bearer {token}");
                let request = with(Request::get(DISCOVERY), &[authorization.as_bytes()]);
                tokio::spawn(answer(self.router.clone(), request.body(Body::empty()).unwrap()))
            });
            let mut count = 0;
            for call in calls.collect::<Vec<_>>() {
                count += usize::from(call.await.unwrap().status == 200);
            }
            count
        })
    }
}

fn with(mut builder: http::request::Builder, authorization: &[&[u8]]) -> http::request::Builder {
    for value in authorization {
        builder = builder.header(header::AUTHORIZATION, *value);
    }
    builder
}

async fn answer(router: Router, request: Request<Body>) -> Answer {
    let started = Instant::now();
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let took = started.elapsed();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer {
        status: parts.status.as_u16(),
        headers: parts.headers,
        body: String::from_utf8(body).unwrap(),
        took,
    }
}
