//! Many pages at the same time: hook calls and operators never wait for them, and they are made one at a time.

use std::fs;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use serde_json::Value;
use signpost::config::Secret;
use signpost::example;
use signpost::http::App;
use signpost::operations::{self, Operators};
use tokio::task::{JoinHandle, yield_now};
use tower::ServiceExt;
use url::form_urlencoded::Serializer;

use crate::support::{at, call_to, content, get_from};

const TOKEN: &str = "operators-token-of-more-than-32-characters";
/// On one thread of its own, so that what was begun goes on where the test says; pages are made on others.
fn runs(test: impl Future<Output = ()>) {
    runs_naming("pages", test);
}

/// The same, with a name for the threads that make pages: tests beside this one have such threads too.
fn runs_naming(threads: &str, test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().thread_name(threads).build();
    runtime.unwrap().block_on(test);
}

fn app() -> App {
    App::new(content(), at)
}

/// The page of a policy.
fn policy() -> &'static str {
    static PAGE: OnceLock<String> = OnceLock::new();
    PAGE.get_or_init(|| format!("/policies/{}", content().policies[0].0.id))
}

/// Begins, and goes as far as it can without waiting.
async fn begun(router: &Router, request: Request<Body>) -> JoinHandle<Response> {
    let router = router.clone();
    let begun = tokio::spawn(async move { router.oneshot(request).await.unwrap() });
    for _ in 0..3 {
        yield_now().await;
    }
    begun
}

fn asking(path: &str) -> Request<Body> {
    Request::get(path).header("authorization", format!("Bearer {TOKEN}")).body(Body::empty()).unwrap()
}

/// A page that takes its time: as many orders as the workbench takes.
fn slow() -> Request<Body> {
    static FORM: OnceLock<String> = OnceLock::new();
    let form = FORM.get_or_init(|| {
        let mut request: Value =
            serde_json::from_str(&example::request(example::DEFAULT, at()).unwrap()).unwrap();
        let entries = request["context"]["draftOrders"]["entry"].as_array_mut().unwrap();
        let first = entries[0].clone();
        entries.resize(100, first);
        Serializer::new(String::new()).append_pair("request", &request.to_string()).finish()
    });
    let posting = Request::post("/try").header("authorization", format!("Bearer {TOKEN}"));
    posting.body(form.clone().into()).unwrap()
}

async fn ended(request: JoinHandle<Response>) -> StatusCode {
    request.await.unwrap().status()
}

fn for_operators(app: &App) -> Router {
    let operators = Operators::with(Some(&Secret::new(TOKEN.to_owned())));
    operations::router(app, &operators, &operations::load(app))
}

#[test]
fn hook_calls_are_answered_however_many_ask_for_pages() {
    runs(async {
        let router = app().router();
        let slow = begun(&router, slow()).await;
        let mut pages = Vec::new();
        for _ in 0..300 {
            pages.push(begun(&router, asking(policy())).await);
        }
        let answer = call_to(&router, &example::request(example::DEFAULT, at()).unwrap()).await;
        assert!(answer["cards"].is_array(), "{answer}");
        assert!(!slow.is_finished(), "it was too quick to show anything");
        let refused = pages.iter().filter(|page| page.is_finished()).count();
        assert_eq!(refused, 300 - 31, "a few wait, and the others are told at once");
        for page in pages.into_iter().rev().take(3) {
            assert_eq!(ended(page).await, 503);
        }
        assert_eq!(ended(slow).await, 200);
        assert_eq!(get_from(&router, policy()).await.status, 200, "there is room again");
    });
}

#[test]
fn operators_do_not_wait_for_other_peoples_pages() {
    runs(async {
        let app = app();
        let (public, operators) = (app.clone().router(), for_operators(&app));
        let slow = begun(&public, slow()).await;
        let page = begun(&operators, asking(policy())).await;
        assert_eq!(ended(page).await, 200);
        assert!(!slow.is_finished(), "it waited");
    });
}

/// An operator who asks for too many pages keeps no probe away, and it is counted.
#[test]
fn probes_are_answered_however_many_pages_operators_ask_for() {
    runs(async {
        let operators = for_operators(&app());
        let mut pages = vec![begun(&operators, slow()).await];
        for _ in 0..30 {
            pages.push(begun(&operators, asking(policy())).await);
        }
        assert_eq!(get_from(&operators, "/healthz").await.status, 200);
        let metrics = get_from(&operators, "/metrics").await.text;
        assert!(metrics.contains("signpost_turned_away_total{bound=\"operators_pages\"} "), "{metrics}");
        assert!(!pages[0].is_finished(), "it was too quick to show anything");
    });
}

/// Figures take as long as the journal does: they stand in line with the pages, so that probes have their own places.
#[test]
fn probes_are_answered_however_many_figures_operators_ask_for() {
    runs(async {
        let operators = for_operators(&app());
        let mut pages = vec![begun(&operators, slow()).await];
        for _ in 0..30 {
            pages.push(begun(&operators, asking(policy())).await);
        }
        let stats = begun(&operators, asking("/journal/stats")).await;
        assert_eq!(ended(stats).await, 503);
        assert_eq!(get_from(&operators, "/healthz").await.status, 200);
        assert!(!pages[0].is_finished(), "it was too quick to show anything");
    });
}

#[test]
fn operators_connections_end_with_the_service() {
    runs(async {
        let app = app();
        let operators = for_operators(&app);
        let connection = async |path: &str| {
            let answer = operators.clone().oneshot(asking(path)).await.unwrap();
            answer.headers().get("connection").cloned()
        };
        for path in ["/healthz", "/policies"] {
            assert_eq!(connection(path).await, None, "{path}");
        }
        app.load().stop();
        for path in ["/healthz", "/policies"] {
            assert_eq!(connection(path).await.unwrap(), "close", "{path}");
        }
    });
}

/// Threads of this name.
fn threads(named: &str) -> usize {
    let tasks = fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok);
    let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| name.trim() == named).count()
}

#[test]
fn pages_that_nobody_waits_for_are_made_one_at_a_time_too() {
    let named = "nobody-waits";
    runs_naming(named, async {
        let router = app().router();
        for _ in 0..10 {
            let page = begun(&router, slow()).await;
            // Long enough for a thread to begin with it, if it may.
            tokio::time::sleep(Duration::from_millis(5)).await;
            page.abort();
        }
        // A thread names itself, so it is a moment before it can be seen.
        while threads(named) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(threads(named) <= 2, "{} threads", threads(named));
    });
}

/// Whatever it is: nothing is made or compressed while hook calls wait for the thread.
#[test]
fn every_page_waits_for_its_turn_and_leaves_ready() {
    runs(async {
        let router = app().router();
        for path in ["/", "/policies", policy(), "/try"] {
            let before = begun(&router, slow()).await;
            let mut request = asking(path);
            request.headers_mut().insert("accept-encoding", "gzip".parse().unwrap());
            let page = begun(&router, request).await;
            assert!(!page.is_finished(), "{path} did not wait");
            let page = page.await.unwrap();
            assert_eq!(page.headers()["content-encoding"], "gzip", "{path}");
            assert_eq!(ended(before).await, 200);
            assert!(page.body().size_hint().exact().is_some(), "{path} is compressed as it is sent");
        }
    });
}

/// What is begun beside others says how slow a page is here.
#[test]
fn the_slow_page_is_slow_enough() {
    runs(async {
        let router = app().router();
        let start = Instant::now();
        assert_eq!(ended(begun(&router, slow()).await).await, 200);
        assert!(start.elapsed() > Duration::from_millis(100), "{:?}", start.elapsed());
    });
}
