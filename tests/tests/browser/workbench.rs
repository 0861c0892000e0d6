//! What a clinical informaticist does on the workbench, with scripts and without.

use crate::support::{Browser, Setup, WITHOUT_SCRIPTS};

/// The policy that asks for what one of the patients lacks.
pub const POLICY: &str = "ixempra-clinical-criteria";

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_leads_to_the_workbench() {
    let browser = Browser::start(Setup::default()).await;
    browser.open("/").await;
    browser.picture("overview").await;
    browser.click(".primary").await;
    assert!(browser.text("h1").await.contains("Workbench"));
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_critical_card_is_seen_its_suggestion_applied_and_it_is_gone() {
    unsafe_labs(Setup::default()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_without_scripts() {
    unsafe_labs(WITHOUT_SCRIPTS).await;
}

async fn unsafe_labs(setup: Setup) {
    let browser = Browser::start(setup).await;
    browser.open("/try?patient=platelets-low").await;
    browser.choose("#patient", "neutrophils-low").await;
    browser.click(".picker button").await;
    browser.until_text(".card.critical h3", "neutrophils").await;
    browser.picture("critical").await;
    browser.click_on(".card.critical .suggestions button", "Remove").await;
    browser.until_text(".cards .empty", "No cards").await;
    assert!(browser.texts(".card").await.is_empty(), "a card is left");
    assert!(browser.text(".notice.good").await.contains("Applied and sent again"));
    browser.picture("applied").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_missing_element_on_the_shortest_path_is_filled_in_and_the_criteria_become_met() {
    let browser = Browser::start(Setup::default()).await;
    let input = open_path(&browser).await;
    browser.picture("information-needed").await;
    browser.find(&input).await.send_keys("4\u{E007}").await.unwrap();
    browser.until_policy(POLICY, "Appears to meet").await;
    browser.picture("meets").await;
    assert_eq!(browser.run("return document.activeElement.id").await, "e-tumor.pd-l1-cps", "the focus stays");
    browser.click("#reset").await;
    browser.until_policy(POLICY, "Information needed").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_path_without_scripts() {
    let browser = Browser::start(WITHOUT_SCRIPTS).await;
    let input = open_path(&browser).await;
    browser.find(&input).await.send_keys("<10").await.unwrap();
    browser.click("#again").await;
    browser.until_policy(POLICY, "Appears to meet").await;
    browser.end().await;
}

/// Opens a patient of whom one element is missing; the control for it.
async fn open_path(browser: &Browser) -> String {
    browser.open("/try?patient=gap-not-recorded-cps").await;
    browser.until_policy(POLICY, "Information needed").await;
    browser.until_text(".policy .paths li", "PD-L1").await;
    let parts = "return ['#again', '#status', '#order-title', '#cards-title'].map((css) => \
                 document.querySelector(css).getBoundingClientRect()).map((one) => [one.top, one.bottom])";
    if let Ok(parts) = browser.client.execute(parts, Vec::new()).await {
        let (top, bottom) = (|part: usize| parts[part][0].as_f64(), |part: usize| parts[part][1].as_f64());
        assert!(bottom(0) < top(2) && bottom(1) < top(3), "parts lie over each other: {parts}");
    }
    "[id='e-tumor.pd-l1-cps']".to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn dose_cycle_partner_and_payer_change_the_request_and_its_answer() {
    let browser = Browser::start(Setup::default()).await;
    browser.open("/try?patient=policy-a-ii-e3-third-line").await;
    browser.set("unit-0", "mg/m2").await;
    browser.until("document.getElementById('request').value.includes('\"code\": \"mg/m2\"')").await;
    browser.set("dose-0", "45").await;
    browser.until_text(".card.warning h3", "40 mg/m2").await;
    browser.choose("#add", "capecitabine").await;
    browser.until_text(".draft legend", "capecitabine").await;
    browser.click_on(".draft button", "capecitabine").await;
    browser.until("![...document.querySelectorAll('.draft legend')].some((one) => one.textContent.includes('capecitabine'))").await;
    browser.choose("#payer", "Sample Mutual Insurance").await;
    browser.until_text(".policy header", "payer: Sample Mutual Insurance").await;
    assert_eq!(browser.texts(".policy").await.len(), 1, "one policy speaks for this payer");
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_that_is_shown_gets_the_answer_that_is_shown() {
    let browser = Browser::start(Setup::default()).await;
    browser.open("/try?patient=gap-stale-cbc").await;
    browser.click("#group-labs summary").await;
    browser.set("e-labs.neutrophils", "900").await;
    browser.set("e-labs.ast", "3.25").await;
    browser.until("document.querySelector('#reset')?.textContent.includes('2 what-ifs')").await;
    let same = "const done = arguments[0]; fetch('/cds-services/coverage-order-sign', { method: 'POST', \
         headers: { 'Content-Type': 'application/json' }, body: document.getElementById('request').value }) \
         .then((answer) => answer.json()).then((answer) => done([JSON.stringify(answer), \
         JSON.stringify(JSON.parse(document.getElementById('response').textContent))]))";
    let both = browser.client.execute_async(same, Vec::new()).await.unwrap();
    assert_eq!(both[0], both[1]);
    assert!(both[0].as_str().unwrap().contains("900 /uL"), "{}", both[0]);
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_opened_from_what_it_decided() {
    let browser = Browser::start(Setup::default()).await;
    browser.open("/try").await;
    browser.click(&format!("#policy-1-{POLICY} a")).await;
    browser.until(&format!("location.pathname === '/policies/{POLICY}'")).await;
    assert!(browser.text("#main").await.contains("X.I"), "its criteria are there");
    browser.picture("policy").await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_unfolded_by_hand_stays_so_and_a_way_to_a_folded_control_unfolds_it() {
    let browser = Browser::start(Setup::default()).await;
    browser.open("/try").await;
    browser.click("#group-labs summary").await;
    browser.set("dose-0", "60").await;
    browser.until("document.getElementById('request').value.includes('\"value\": 60,')").await;
    assert_eq!(browser.run("return document.getElementById('group-labs').open").await, true);
    assert_eq!(browser.run("return document.getElementById('group-tumor').open").await, false);
    browser.click("#group-labs summary").await;
    browser.click(".policy a[href='#e-labs.neutrophils']").await;
    assert_eq!(browser.run("return document.activeElement.id").await, "e-labs.neutrophils");
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_is_refused_as_for_an_ehr_and_nothing_of_it_is_lost() {
    for setup in [Setup::default(), WITHOUT_SCRIPTS] {
        let browser = Browser::start(setup).await;
        browser.open("/try").await;
        browser.click("#raw-request summary").await;
        browser.find("#request").await.clear().await.unwrap();
        browser.until_text(".notice.bad, .card", "").await;
        browser.find("#request").await.send_keys("{\"hook\": \"order-sign\"}").await.unwrap();
        browser.click("#take").await;
        browser.until_text(".notice.bad", "hookInstance").await;
        let kept = browser.find("#request").await.prop("value").await.unwrap().unwrap();
        assert_eq!(kept, "{\"hook\": \"order-sign\"}");
        browser.end().await;
    }
}
