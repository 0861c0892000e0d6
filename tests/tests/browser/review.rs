//! Policies, decisions behind their links, and what came of them, as people see them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signpost::config::{Config, File, Told};
use signpost::content::{Content, Files};
use signpost::http::{App, Live};
use signpost::recording::Recording;
use signpost::serving::Bounds;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::{Browser, Setup, clock};

const DRUG: &str = "example-eribulin-criteria";
const NEXT: &str = "2027-01-01";

fn in_a_year() -> Timestamp {
    clock() + SignedDuration::from_hours(24 * 365)
}

/// The bundled content with the next drug, whose policy has a later version that asks for less creatinine.
fn content() -> Content {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/next-drug");
    let (bundled, next) = (Files::bundled(), Files::read(&folder).unwrap());
    let of = |file: &str| next.get(&format!("policies/{DRUG}/{file}")).unwrap().to_owned();
    let policy = of("policy.yaml");
    let begun = "effective: { start: 2026-10-01 }";
    let ended = policy.replace(begun, "effective: { start: 2026-10-01, end: 2026-12-31 }");
    let later = policy
        .replace("version: 2026-10-01", &format!("version: {NEXT}"))
        .replace(begun, &format!("effective: {{ start: {NEXT} }}"))
        .replace("at-most: 2", "at-most: 3");
    let versions = [
        (format!("policies/{DRUG}/policy.yaml"), ended),
        (format!("policies/{DRUG}/{NEXT}/policy.yaml"), later),
        (format!("policies/{DRUG}/{NEXT}/cases.yaml"), "cases:\n  - id: nothing\n    note: Nothing is known\n    expect: { determination: information-needed }\n".into()),
    ];
    let all = bundled.iter().chain(next.iter()).map(|(path, text)| (path.to_owned(), text.to_owned()));
    Content::load(&all.chain(versions).collect()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// A service with a journal and links, at an instant.
async fn serve(folder: &Path, clock: fn() -> Timestamp) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    fs::write(folder.join("keys"), "a key of more than thirty-two characters\n").unwrap();
    let text = format!(
        "[journal]\nurl = \"sqlite:{}\"\nkey_file = \"keys\"\npatient_data = \"whole\"\n[pages]\nbase_url = \"{base}\"\n",
        folder.join("journal.db").display()
    );
    let file = File { path: PathBuf::from(folder).join("signpost.toml"), text };
    let config = Config::read(&Told { file: Some(file), ..Told::default() }).unwrap();
    let recording = Recording::open(config.journal.as_ref().unwrap()).unwrap();
    let recording = recording.with_links(config.pages.as_ref().unwrap());
    recording.journal().ready(Duration::from_secs(20)).await;
    let live = Live { content: content().into(), ehr: None, trust: None, recording: Some(recording) };
    let router = App::of(live, clock, Bounds::default()).router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

/// Calls the service as an EHR does, from within a page of it: the answer.
async fn call(browser: &Browser, patient: &str) -> Value {
    let request = signpost::example::request(patient, clock()).unwrap();
    let script = "const [body, done] = arguments; fetch('/cds-services/coverage-order-sign', \
                  { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).then((answer) => answer.text()).then(done)";
    let answer = browser.client.execute_async(script, vec![request.into()]).await.unwrap();
    serde_json::from_str(answer.as_str().unwrap()).unwrap()
}

/// The path of the link to the decision on the first coverage card.
fn link(answer: &Value, base: &str) -> String {
    let cards = answer["cards"].as_array().unwrap().iter();
    let links = cards.flat_map(|card| card["links"].as_array().into_iter().flatten());
    let urls = links.filter_map(|link| link["url"].as_str()?.strip_prefix(base));
    urls.map(str::to_owned).find(|path| path.starts_with("/decisions/")).unwrap()
}

async fn started(setup: Setup) -> (Browser, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let base = serve(folder.path(), clock).await;
    (Browser::at(setup, base).await, folder)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_found_read_and_compared() {
    let (browser, _folder) = started(Setup::default()).await;
    browser.open("/").await;
    browser.click_on("nav a", "Policies").await;
    browser.until_text("h1", "Policies").await;
    browser.picture("policies").await;
    browser.click_on("h2 a", "Clinical Criteria").await;
    browser.until_text(".kicker", "Coverage policy for").await;
    browser.until_text(".criteria .statement", "Alone, after at least two prior lines of therapy").await;
    browser.until_text("#cases .notice.good", "come out as their author says").await;
    browser.picture("policy").await;
    // What a test asks of leads to its definition, and that to its value sets, which open.
    browser.click_on(".criteria a", "Prior lines").await;
    assert_eq!(browser.run("return location.hash").await, "#element-therapy.prior-lines");
    browser.run("location.hash = '#set-neutrophils'").await;
    browser.until("document.querySelector('[id=\"set-neutrophils\"]').checkVisibility()").await;
    browser.open(&format!("/policies/{DRUG}?version={NEXT}")).await;
    browser.click_on("#versions a", "what changed from 2026-10-01").await;
    browser.until_text("#difference del", "at most 2 mg/dL").await;
    browser.until_text("#difference ins", "at most 3 mg/dL").await;
    browser.picture("difference").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_its_decision_until_it_expires_and_forged_nothing() {
    let (browser, folder) = started(Setup::default()).await;
    browser.open("/").await;
    let path = link(&call(&browser, "neutrophils-low").await, &browser.base);
    browser.open(&path).await;
    browser.until_text("h1", "How this was decided").await;
    browser.until_text(".came-to .verdict", "Appears not to meet the criteria").await;
    browser.until_text("td", "1200 /uL").await;
    assert!(browser.texts("nav").await.is_empty(), "whoever has the link sees this page alone");
    browser.picture("decision").await;
    browser.open(&path.replace("signature=", "signature=A")).await;
    browser.until_text("main", "This address opens nothing").await;
    let later = Browser::at(Setup::default(), serve(folder.path(), in_a_year).await).await;
    later.open(&path).await;
    later.until_text("h1", "This link has expired").await;
    later.has_no_violations("an expired link").await;
    later.picture("expired").await;
    later.end().await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_of_it_is_drawn() {
    let (browser, _folder) = started(Setup::default()).await;
    browser.open("/journal").await;
    browser.until_text(".empty", "No decision was written down").await;
    for patient in ["neutrophils-low", "gap-not-recorded-cps"] {
        call(&browser, patient).await;
    }
    browser.open("/journal").await;
    browser.until_text(".totals", "Decisions").await;
    browser.choose("#days", "7").await;
    browser.click_on("button", "Show").await;
    browser.until("location.search === '?days=7'").await;
    browser.until_text("th", "PD-L1 combined positive score").await;
    browser.picture("journal").await;
    browser.end().await;
}

async fn states(setup: Setup) {
    let (browser, _folder) = started(setup).await;
    browser.open("/").await;
    let answer = call(&browser, "neutrophils-low").await;
    let decision = link(&answer, &browser.base);
    let compared = format!("/policies/{DRUG}?version={NEXT}&compare=2026-10-01");
    let policy = "/policies/ixempra-um-medical-policy";
    for path in ["/policies", policy, &compared, "/policies/none", &decision, "/decisions/x", "/journal"] {
        browser.open(path).await;
        browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true })").await;
        browser.has_no_violations(path).await;
        let too_wide = browser.run("return document.documentElement.scrollWidth - innerWidth").await;
        assert!(too_wide.as_i64().unwrap() <= 0, "{path} is {too_wide} too wide");
        let found = "return [document.querySelectorAll('[style], style, script').length, \
                     performance.getEntriesByType('resource').filter((one) => !one.name.startsWith(location.origin)).length]";
        assert_eq!(browser.run(found).await, json!([0, 0]), "{path}");
    }
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_light() {
    states(Setup::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_dark() {
    states(Setup { dark: true, ..Setup::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_a_small_screen() {
    states(Setup { width: 500, height: 900, ..Setup::default() }).await;
}
