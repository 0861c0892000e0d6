//! Headers, assets, and what is there for whom.

use signpost::http::App;
use signpost::pages::operators;

use crate::support::{at, content, get, post, post_to};

const PAGES: [&str; 4] = ["/", "/try", "/try?patient=nobody", "/nothing"];

#[tokio::test]
async fn every_page_lets_a_browser_load_nothing_from_elsewhere() {
    for path in PAGES {
        let page = get(path).await;
        let policy = page.header("content-security-policy");
        for rule in ["default-src 'none'", "style-src 'self'", "script-src 'self'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(page.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        for inline in ["<script>", "<style", " style=\"", " onclick=", "javascript:"] {
            assert!(!page.text.contains(inline), "{path} holds {inline}");
        }
    }
}

#[tokio::test]
async fn assets_never_change_under_their_names() {
    let page = get("/try").await.text;
    let paths: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert!(paths.len() >= 3, "{paths:?}");
    for path in paths {
        let asset = get(path).await;
        let ending = path.rsplit('.').next().unwrap();
        let kind = match ending {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        assert_eq!(asset.header("content-type"), kind);
        assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(asset.header("x-content-type-options"), "nosniff");
    }
    let gone = get("/assets/style-000000000000.css").await;
    assert_eq!((gone.status.as_u16(), gone.header("cache-control")), (404, "no-store"));
}

#[tokio::test]
async fn what_is_not_there_is_said_in_words() {
    let page = get("/nothing").await;
    assert_eq!(page.status, 404);
    assert!(page.text.contains("There is no page at this address"), "{}", page.text);
    let page = get("/try?patient=nobody").await;
    assert_eq!(page.status, 404);
    assert!(page.text.contains("No bundled patient has this name"), "{}", page.text);
}

#[tokio::test]
async fn a_request_that_is_refused_keeps_its_status_and_its_text() {
    for (text, says) in [("{", "JSON"), ("{\"hook\":\"order-sign\"}", "hookInstance"), ("<b>&lt;", "JSON")] {
        let page = post("/try", &[("request", text), ("do", "take")]).await;
        assert_eq!(page.status, 400, "{text}");
        assert!(page.text.contains(says), "{text}: {}", page.text);
        assert_eq!(page.request(), text);
    }
}

/// Operators have the workbench too. Its pages lead to those that they may see, and the answer has to be asked for by a
/// client.
#[tokio::test]
async fn operators_have_a_workbench() {
    let app = App::new(content(), at);
    let router = operators(&app, &app.load().clone()).with_state(app);
    let page = post_to(&router, "/try", &[("request", "{}")]).await;
    assert_eq!(page.status, 400);
    assert!(page.text.contains("href=\"/try\" aria-current") && !page.text.contains("href=\"/\""));
    assert!(page.text.contains("$TOKEN"), "{}", page.text);
}
