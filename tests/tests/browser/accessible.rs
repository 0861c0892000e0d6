//! axe-core finds nothing on any page, in any state; small screens; light and dark.

use crate::support::{Browser, Setup};

const STATES: [&str; 12] = [
    "/",
    "/policies",
    "/policies/ixempra-clinical-criteria",
    "/policies/ixempra-um-medical-policy",
    "/journal",
    "/decisions/none",
    "/nothing-here",
    "/try?patient=nobody",
    "/try?patient=neutrophils-low",
    "/try?patient=not-ours",
    "/try?patient=two-ixabepilone-orders",
    "/try?patient=therapy-three-lines-administered",
];

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_light() {
    states(Setup::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_dark() {
    let browser = Browser::start(Setup { dark: true, ..Setup::default() }).await;
    browser.open("/try?patient=hepatic-with-capecitabine").await;
    assert_eq!(browser.run("return matchMedia('(prefers-color-scheme: dark)').matches").await, true);
    browser.picture("dark").await;
    browser.end().await;
    states(Setup { dark: true, ..Setup::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_a_small_screen_and_nothing_is_cut_off() {
    let setup = Setup { width: 500, height: 900, ..Setup::default() };
    states(setup).await;
    let browser = Browser::start(setup).await;
    browser.open("/try?patient=therapy-three-lines-administered").await;
    let too_wide = browser.run("return document.documentElement.scrollWidth - innerWidth").await;
    assert!(too_wide.as_i64().unwrap() <= 0, "the page is {too_wide} too wide");
    browser.picture("small").await;
    browser.end().await;
}

async fn states(setup: Setup) {
    let browser = Browser::start(setup).await;
    for path in STATES {
        browser.open(path).await;
        browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true })").await;
        browser.has_no_violations(path).await;
    }
    browser.open("/try?patient=gap-not-recorded-cps").await;
    browser.find("[id='e-tumor.pd-l1-cps']").await.send_keys("four\u{E007}").await.unwrap();
    browser.until_text(".wrong", "write a number").await;
    browser.has_no_violations("a number that is none").await;
    browser.run("const area = document.getElementById('request'); area.value = '{'; document.getElementById('take').click()").await;
    browser.until_text(".notice.bad", "refused").await;
    browser.has_no_violations("a request that is refused").await;
    browser.end().await;
}
