//! Everything by keyboard alone.

use fantoccini::key::Key;

use crate::support::{Browser, Setup};
use crate::workbench::POLICY;

/// Presses keys where the focus is, once nothing is under way.
async fn press(browser: &Browser, keys: &str) {
    browser.until("!document.querySelector('[aria-busy]')").await;
    browser.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

/// Goes on from control to control until one has the focus, and checks that it can be seen to have it.
async fn tab_to(browser: &Browser, css: &str) {
    let is_there = format!("return document.activeElement.matches(\"{css}\")");
    for _ in 0..300 {
        press(browser, &String::from(char::from(Key::Tab))).await;
        if browser.run(&is_there).await == true {
            let outline = browser.run("return getComputedStyle(document.activeElement).outlineStyle").await;
            assert_ne!(outline, "none", "the focus on `{css}` cannot be seen");
            return;
        }
    }
    panic!("`{css}` is never reached");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_is_picked_a_suggestion_applied_and_a_path_filled_in() {
    let browser = Browser::start(Setup::default()).await;
    let enter = String::from(char::from(Key::Enter));
    browser.open("/try").await;
    press(&browser, &String::from(char::from(Key::Tab))).await;
    assert_eq!(browser.run("return document.activeElement.textContent").await, "Skip to the content");
    tab_to(&browser, "#patient").await;
    press(&browser, "Platelets").await;
    press(&browser, &String::from(char::from(Key::Tab))).await;
    press(&browser, &enter).await;
    browser.until_text(".card.critical h3", "platelets").await;
    tab_to(&browser, ".card.critical .suggestions button").await;
    press(&browser, &enter).await;
    browser.until_text(".cards .empty", "No cards").await;
    assert_eq!(browser.run("return document.activeElement.id").await, "cards-title", "the focus is not lost");

    browser.open("/try?patient=gap-not-recorded-cps").await;
    tab_to(&browser, "[id='e-tumor.pd-l1-cps']").await;
    press(&browser, "4").await;
    press(&browser, &enter).await;
    browser.until_policy(POLICY, "Appears to meet").await;
    tab_to(&browser, "#raw-request summary").await;
    press(&browser, &enter).await;
    tab_to(&browser, "#request").await;
    browser.end().await;
}
