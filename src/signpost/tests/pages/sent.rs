//! Headers, assets, and what is there for whom.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request};
use axum::routing::get as on_get;
use signpost::http::App;
use signpost::pages::{framed, operators};
use tower::ServiceExt;

use crate::kept::{CLIENT, KEY, Kept};
use crate::support::{at, content, get, get_from, post, post_to};

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
    let router = operators(&app).with_state(app);
    let page = post_to(&router, "/try", &[("request", "{}")]).await;
    assert_eq!(page.status, 400);
    assert!(page.text.contains("href=\"/try\" aria-current") && !page.text.contains("href=\"/\""));
    assert!(page.text.contains("$TOKEN"), "{}", page.text);
}

/// Whoever sees these pages may be anybody: they lead nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn what_fails_or_is_gone_names_no_page_that_only_some_may_see() {
    let kept = Kept::new();
    let service = kept.told(&[KEY], CLIENT, "", at).await;
    let gone = get_from(&service.router, "/assets/style-000000000000.css").await;
    let app = App::new(content(), at);
    let broken =
        Router::new().route("/broken", on_get(async || -> &'static str { panic!("as a defect would") }));
    let broken = get_from(&framed(&app, broken).with_state(app), "/broken").await;
    for (page, status, says) in
        [(gone, 404, "not part of the service"), (broken, 500, "Something went wrong")]
    {
        assert_eq!(page.status, status, "{says}");
        assert!(page.text.contains(says), "{}", page.text);
        for other in ["/", "/try", "/policies", "/journal"] {
            assert!(!page.text.contains(&format!("href=\"{other}\"")), "{says} leads to {other}");
        }
    }
}

/// A browser sends its user's password along, and reaches this machine, whoever tells it to.
#[tokio::test]
async fn no_other_web_page_posts_a_form() {
    let app = App::new(content(), at);
    let routers = [app.clone().router(), operators(&app).with_state(app)];
    for router in &routers {
        for path in ["/try", "/try/request.json"] {
            for (site, is_taken) in [
                (None, true),
                (Some("same-origin"), true),
                (Some("none"), true),
                (Some("same-site"), false),
                (Some("cross-site"), false),
                (Some("cross-origin"), false),
            ] {
                let mut request = Request::post(path).body(Body::from("request=%7B%7D")).unwrap();
                if let Some(site) = site {
                    request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static(site));
                }
                let answer = router.clone().oneshot(request).await.unwrap();
                assert_eq!(answer.status() != 403, is_taken, "{path} {site:?}");
                assert_eq!(answer.headers()["cache-control"], "no-store");
            }
        }
    }
}
