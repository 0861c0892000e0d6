//! What checking a client's token adds to a call, with its keys cached: at most 0.3 ms at the median (ES384).
//!
//! Discovery through the router, with and without clients, in turn; the difference is what trust costs.

#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a benchmark fails loudly")]
#![allow(missing_docs, reason = "a benchmark has no public items")]

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::json;
use signpost::config::{Config, File, Told};
use signpost::content::{Content, Files};
use signpost::http::App;
use signpost::trust::{KeyTimes, Memory, Trust};
use tower::ServiceExt;

const CALLS: usize = 3000;
const BAR_MS: f64 = 0.3;
const PUBLIC: &str = "https://cds.example.org";

/// A client's key: its `kid`, and how it signs.
type Signer = (&'static str, &'static str, Algorithm, EncodingKey);

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let open = App::new(Content::load(&Files::bundled()).expect("the bundled content loads"), Timestamp::now);
    let router = open.clone().with_trust(trust()).router();
    let open = open.router();
    println!("{:>10} {:>10} {:>10} {:>8}", "trust", "p50 ms", "p95 ms", "bar ms");
    for signer in signers() {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for call in 0..CALLS {
            let token = token(&signer, call);
            without.push(timed(open.clone(), &token).await);
            with.push(timed(router.clone(), &token).await);
        }
        let [p50, p95] = [50, 95].map(|percent| at_rank(&mut with, percent) - at_rank(&mut without, percent));
        println!("{:>10} {p50:>10.3} {p95:>10.3} {BAR_MS:>8}", signer.1);
    }
}

/// One discovery, in milliseconds.
async fn timed(router: axum::Router, token: &str) -> f64 {
    let request = Request::get("/cds-services").header(header::AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(Body::empty()).expect("a request");
    let started = Instant::now();
    let response = router.oneshot(request).await.expect("an answer");
    let took = started.elapsed();
    assert!(response.status().is_success(), "{}", response.status());
    took.as_secs_f64() * 1000.0
}

fn at_rank(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * percent / 100]
}

fn fixture(name: &str) -> String {
    let path = format!("{}/../../fixtures/keys/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("a fixture")
}

fn trust() -> Trust {
    let text = format!(
        "public_url = \"{PUBLIC}\"\n[[client]]\nname = \"north\"\niss = \"https://north.example.org\"\n\
         jwks = '''{}'''\n",
        fixture("north.jwks.json")
    );
    let file = File { path: "signpost.toml".into(), text };
    let config = Config::read(&Told { file: Some(file), ..Told::default() }).expect("a configuration");
    let seen = Arc::new(Memory::new(Timestamp::now));
    Trust::of(&config, seen, Timestamp::now, KeyTimes::default()).expect("trust").expect("a client")
}

fn signers() -> [Signer; 2] {
    let der = |name: &str| {
        let body: String = fixture(name).lines().filter(|line| !line.starts_with("-----")).collect();
        STANDARD.decode(body).expect("base64")
    };
    [
        ("north-es384", "ES384", Algorithm::ES384, EncodingKey::from_ec_der(&der("north-es384.pem"))),
        ("north-rsa", "RS384", Algorithm::RS384, EncodingKey::from_rsa_der(&der("north-rsa.pem"))),
    ]
}

fn token((kid, name, algorithm, key): &Signer, call: usize) -> String {
    let now = Timestamp::now().as_second();
    let header = json!({ "alg": name, "kid": kid, "typ": "JWT" });
    let claims = json!({
        "iss": "https://north.example.org", "aud": format!("{PUBLIC}/cds-services"), "exp": now + 300, "iat": now,
        "jti": format!("{name}-{call}")
    });
    let message = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, *algorithm).expect("a signature");
    format!("{message}.{signature}")
}
