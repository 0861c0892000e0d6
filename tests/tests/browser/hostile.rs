//! What patients and clients control is text, wherever it is shown.

use serde_json::{Value, json};

use crate::support::{Browser, Setup};

const MARKS: [&str; 4] = [
    "<img src=x onerror=\"window.pwned=1\">",
    "<script>window.pwned=1</script></textarea><script>window.pwned=1</script>",
    "[a](javascript:window.pwned=1) **bold** ![i](http://127.0.0.1/x.png)",
    "\"'><svg onload=window.pwned=1> {{7*7}} &lt;b&gt;",
];

/// A request in which every text that a person may have written is hostile.
fn hostile() -> String {
    let at = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut request: Value =
        serde_json::from_str(&signpost::example::request("neutrophils-low", at).unwrap()).unwrap();
    spoil(&mut request, &mut 0);
    request["prefetch"]["attestations"]["entry"][0]["resource"]["performer"] =
        json!([{ "display": MARKS[0] }]);
    request.to_string()
}

fn spoil(value: &mut Value, count: &mut usize) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(text)
                        if ["display", "text", "unit", "family", "name"].contains(&key.as_str()) =>
                    {
                        *count += 1;
                        text.push(' ');
                        text.push_str(MARKS[*count % MARKS.len()]);
                    }
                    member => spoil(member, count),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, count)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_is_shown_as_text() {
    let browser = Browser::start(Setup::default()).await;
    browser.open("/try").await;
    let script = "document.getElementById('raw-request').open = true; \
                  document.getElementById('request').value = arguments[0]; document.getElementById('take').click()";
    browser.client.execute(script, vec![hostile().into()]).await.unwrap();
    browser.until_text(".draft legend", "<").await;
    let found = "return [window.pwned, document.querySelectorAll('main img, main iframe, main object').length, \
         document.querySelectorAll('script').length, document.querySelectorAll('[onerror], [onload], [style]').length, \
         [...document.links].filter((one) => !/^https?:/.test(one.href)).length]";
    assert_eq!(browser.run(found).await, json!([null, 0, 1, 0, 0]));
    let page = browser.text("#main").await;
    for mark in ["onerror=", "<script>", "javascript:", "{{7*7}}"] {
        assert!(page.contains(mark), "`{mark}` is not shown");
    }
    assert!(browser.text("#status").await.contains("cards"), "{}", browser.text("#status").await);
    browser.picture("hostile").await;
    browser.end().await;
}
