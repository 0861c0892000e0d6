//! A service and a browser on loopback, both gone with the test.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use jiff::Timestamp;
use serde_json::{Value, json};
use signpost::content::{Content, Files};
use signpost::http::App;

/// The instant of the bundled requests.
pub fn clock() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

/// How a browser is set up.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub scripts: bool,
    pub dark: bool,
    pub width: u32,
    pub height: u32,
}

impl Default for Setup {
    fn default() -> Self {
        Self { scripts: true, dark: false, width: 1440, height: 1000 }
    }
}

pub const WITHOUT_SCRIPTS: Setup = Setup { scripts: false, dark: false, width: 1440, height: 1000 };

/// A ChromeDriver with all the browsers that it started, in a group of processes of their own.
struct Driver(Child);

impl Driver {
    /// The driver, and the port that it chose.
    fn start() -> (Self, u16) {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("`chromedriver` is missing; `tests/run` installs it");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let port = line.strip_suffix('.').unwrap_or(&line).rsplit_once("successfully on port ")?.1;
            port.parse().ok()
        });
        (Self(child), port.expect("chromedriver names its port"))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let group = format!("-{}", self.0.id());
        drop(Command::new("kill").args(["-KILL", "--", &group]).status());
        drop(self.0.wait());
    }
}

/// A browser that looks at a service.
pub struct Browser {
    pub client: Client,
    pub base: String,
    _driver: Driver,
    _profile: tempfile::TempDir,
}

impl Browser {
    pub async fn start(setup: Setup) -> Self {
        Self::at(setup, serve().await).await
    }

    /// A browser for the service at this address.
    pub async fn at(setup: Setup, base: String) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let (driver, port) = Driver::start();
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(setup, profile.path().to_str().unwrap()))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("a session");
        Self { client, base, _driver: driver, _profile: profile }
    }

    pub async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap();
    }

    pub async fn find(&self, css: &str) -> Element {
        self.client.find(Locator::Css(css)).await.unwrap_or_else(|_| panic!("`{css}` is not on the page"))
    }

    /// The text of the first element; empty where there is none.
    pub async fn text(&self, css: &str) -> String {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element.text().await.unwrap(),
            Err(_) => String::new(),
        }
    }

    /// The texts of all elements, but for those that were replaced in the meantime.
    pub async fn texts(&self, css: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            texts.extend(element.text().await.ok());
        }
        texts
    }

    /// Gives a control a value, as leaving it would.
    pub async fn set(&self, id: &str, value: &str) {
        let script = "const [id, value] = arguments; const input = document.getElementById(id); \
             input.value = value; input.dispatchEvent(new Event('change', { bubbles: true }))";
        self.client.execute(script, vec![id.into(), value.into()]).await.unwrap();
    }

    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css).await.select_by_value(value).await.unwrap();
    }

    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.unwrap();
    }

    /// Clicks the first element with a text.
    pub async fn click_on(&self, css: &str, text: &str) {
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            if element.text().await.unwrap().contains(text) {
                return element.click().await.unwrap();
            }
        }
        panic!("no `{css}` says `{text}`");
    }

    /// What a script returns.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until an expression is true.
    pub async fn until(&self, expression: &str) {
        let begun = Instant::now();
        while self.run(&format!("return Boolean({expression})")).await != json!(true) {
            assert!(begun.elapsed() < Duration::from_secs(10), "never: {expression}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until a policy comes to this.
    pub async fn until_policy(&self, id: &str, determination: &str) {
        self.until_text(&format!("#policy-1-{id} ~ .determination"), determination).await;
    }

    /// Waits until an element with this text is there, by its text alone: for browsers that run no scripts.
    pub async fn until_text(&self, css: &str, text: &str) {
        let begun = Instant::now();
        loop {
            let texts = self.texts(css).await;
            if texts.iter().any(|one| one.contains(text)) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(10), "no `{css}` says `{text}`, only {texts:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Everything that axe-core finds wrong with the page, as it is now.
    pub async fn violations(&self) -> Vec<String> {
        self.run(include_str!("../../axe/axe.min.js")).await;
        let script = "const done = arguments[0]; \
             axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })\
             .then((found) => done(found.violations.map((one) => \
             one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 200) + ' ' + node.failureSummary).join('\\n'))))";
        let found = self.client.execute_async(script, Vec::new()).await.unwrap();
        found.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    }

    pub async fn has_no_violations(&self, state: &str) {
        let found = self.violations().await;
        assert!(found.is_empty(), "{state}:\n{}", found.join("\n\n"));
    }

    /// A picture of the window, for people to look at.
    pub async fn picture(&self, name: &str) {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{name}.png")), self.client.screenshot().await.unwrap()).unwrap();
    }

    /// Ends the session; the driver and what is left of the browser end with this value.
    pub async fn end(self) {
        self.client.clone().close().await.unwrap();
    }
}

/// An open service with the bundled content, at the instant of the bundled requests.
async fn serve() -> String {
    let content = Content::load(&Files::bundled()).expect("the bundled content");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, App::new(content, clock).router()).await });
    base
}

fn capabilities(setup: Setup, profile: &str) -> Capabilities {
    let mut arguments = vec![
        "--headless=new".to_owned(),
        "--disable-gpu".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        "--no-first-run".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--window-size={},{}", setup.width, setup.height),
        format!("--user-data-dir={profile}"),
    ];
    // The sandbox of the browser cannot be used by root.
    if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        arguments.push("--no-sandbox".to_owned());
    }
    if setup.dark {
        arguments.push("--force-dark-mode".to_owned());
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    let scripts = if setup.scripts { 1 } else { 2 };
    let options = json!({
        "args": arguments,
        "prefs": { "profile.managed_default_content_settings.javascript": scripts }
    });
    let mut capabilities = Capabilities::new();
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities
}
