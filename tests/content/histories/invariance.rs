//! What must not matter: the order of the resources, whether one comes twice, and one that says nothing new.

use criteria::Known;
use serde_json::Value;

use crate::{HISTORIES, History, in_words};

fn entries(answer: &mut Value) -> Option<&mut Vec<Value>> {
    answer.get_mut("entry").and_then(Value::as_array_mut)
}

fn each_known(history: &History, change: impl Fn(&mut Vec<Value>)) -> Vec<Known> {
    let mut prefetch = history.prefetch();
    prefetch.iter_mut().filter_map(|(_, answer)| entries(answer)).for_each(change);
    history.checks().into_iter().map(|(element, _)| history.known_from(element, &prefetch)).collect()
}

#[test]
fn the_order_of_resources_never_matters() {
    for history in HISTORIES.iter() {
        let as_sent = each_known(history, |_| {});
        assert_eq!(each_known(history, |entries| entries.reverse()), as_sent, "{}", history.history);
        let turned = each_known(history, |entries| {
            let middle = entries.len() / 2;
            entries.rotate_left(middle);
        });
        assert_eq!(turned, as_sent, "{}", history.history);
    }
}

#[test]
fn a_resource_that_comes_twice_counts_once() {
    for history in HISTORIES.iter() {
        let twice = each_known(history, |entries| entries.extend(entries.clone()));
        assert_eq!(twice, each_known(history, |_| {}), "{}", history.history);
    }
}

/// The same dose from a second system, under another id, is no other dose.
#[test]
fn a_copy_under_another_id_changes_no_answer() {
    for history in HISTORIES.iter() {
        let copied = each_known(history, |entries| {
            let copies: Vec<Value> = entries.iter().map(renamed).collect();
            entries.extend(copies);
        });
        let words = |known: Vec<Known>| known.iter().map(in_words).collect::<Vec<_>>();
        assert_eq!(words(copied), words(each_known(history, |_| {})), "{}", history.history);
    }
}

fn renamed(entry: &Value) -> Value {
    let mut entry = entry.clone();
    if let Some(id) = entry.pointer_mut("/resource/id") {
        let other = format!("{}-copy", id.as_str().unwrap_or_default());
        *id = Value::String(other);
    }
    entry
}

/// Supportive drugs, a drug that was never given and what was entered in error tell nothing of therapy.
#[test]
fn a_resource_that_says_nothing_new_changes_no_answer() {
    let nothing_new = [
        "2026-05-12 administration ondansetron",
        "2026-05-12 administration pegfilgrastim",
        "2026-05-12 condition I10",
        "2026-05-12 administration gemcitabine {status=entered-in-error}",
        "2026-05-12..2026-05-12/21 dispense gemcitabine {status=entered-in-error}",
        "2026-05-12 statement gemcitabine {status=entered-in-error}",
        "2026-05-12 order gemcitabine {status=entered-in-error}",
        "2026-05-12 order gemcitabine {status=cancelled}",
        "2026-05-12 order gemcitabine {status=draft}",
        "2026-05-12 administration gemcitabine {status=not-done}",
        "2026-05-12 statement gemcitabine {status=not-taken}",
        "2026-05-12 statement gemcitabine {status=intended}",
        "2026-05-12..2026-05-12/21 dispense gemcitabine {status=cancelled}",
    ];
    let mut wrong = Vec::new();
    for row in nothing_new {
        for history in HISTORIES.iter() {
            let mut prefetch = history.prefetch();
            for (search, resource) in crate::rows::resources(row, 900) {
                let answer = prefetch.iter_mut().find(|(key, _)| *key == search);
                if let Some(entries) = answer.and_then(|(_, answer)| entries(answer)) {
                    entries.push(serde_json::json!({ "resource": resource }));
                }
            }
            for (element, _) in history.checks() {
                let before = in_words(&history.known(element));
                let after = in_words(&history.known_from(element, &prefetch));
                if before != after {
                    wrong.push(format!("{} + {row}: {element} {before} became {after}", history.history));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}
