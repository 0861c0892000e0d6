//! `signpost evaluate` and `signpost example`.

use std::fs;

use serde_json::Value;

use crate::support::{AT, ends_with, err, folder, out, policies, request, text};

#[test]
fn evaluate_explains_in_words() {
    let request = request();
    let words = out(&ends_with(0, &["evaluate", text(&request), "--at", AT]));
    for word in
        ["Evaluated at 2026-11-22T12:00:00Z", "MedicationRequest/", "APPLIES", "clear", "Observation/"]
    {
        assert!(words.contains(word), "{word}: {words}");
    }
    for policy in policies() {
        let shown = out(&ends_with(0, &["policy", "show", &policy]));
        let title = shown.split(" (").next().unwrap_or_default();
        assert!(!title.is_empty() && words.contains(title), "{title}: {words}");
        // The whole tree stands there, every statement of it.
        let statements = shown.lines().filter_map(|line| line.trim().split_once(": ")?.0.split_once(' '));
        for (id, statement) in statements.filter(|(id, _)| *id != "Source") {
            assert!(words.contains(&format!("{id} {statement}")), "{id} {statement}: {words}");
        }
    }
}

#[test]
fn evaluate_explains_for_machines() {
    let request = request();
    let json = out(&ends_with(0, &["evaluate", text(&request), "--at", AT, "--format", "json"]));
    let report: Value = serde_json::from_str(&json).expect("JSON");
    let determinations = report["determinations"].as_array().expect("determinations");
    assert!(!determinations.is_empty());
    for determination in determinations {
        for member in
            ["order", "policy", "version", "determination", "deciding", "open", "missing", "shortestPaths"]
        {
            assert!(!determination[member].is_null(), "{member}: {determination}");
        }
        let tree = determination["criteria"].as_array().expect("the whole tree");
        assert!(tree.iter().all(|node| node["verdict"].is_string()), "{determination}");
        assert!(tree[0]["parts"].as_array().is_some_and(|parts| parts.len() > 1), "{determination}");
    }
    let limits = report["limits"].as_array().expect("limits");
    assert!(limits.len() > 5);
    for limit in limits {
        assert!(limit["order"].is_string() && limit["id"].is_string());
        let verdict = limit["verdict"].as_str().expect("a verdict");
        assert!(matches!(verdict, "met" | "not-met" | "unknown"), "{verdict}");
        let says_why =
            ["evidence", "gaps"].iter().any(|why| limit[why].as_array().is_some_and(|why| !why.is_empty()));
        assert!(says_why, "{limit}");
    }
    assert!(report["knowledge"].is_object());
    assert!(report["response"]["cards"].as_array().is_some_and(|cards| !cards.is_empty()));
}

/// The same request a month later: its results are old.
#[test]
fn evaluate_takes_the_instant_that_it_is_given() {
    let request = request();
    let then = out(&ends_with(0, &["evaluate", text(&request), "--at", AT]));
    let later = out(&ends_with(0, &["evaluate", text(&request), "--at", "2026-12-22T12:00:00Z"]));
    assert!(
        !then.contains("stale") && later.contains("? stale:") && later.contains("34 days old"),
        "{later}"
    );
}

/// The tree says what each element comes to; what that rests on stands once, below it.
#[test]
fn evidence_stands_once_in_words() {
    let request = request();
    let words = out(&ends_with(0, &["evaluate", text(&request), "--at", AT]));
    let (tree, elements) = words.split_once("\nData elements").expect("the data elements");
    assert!(!tree.contains("Observation/"), "{tree}");
    let evidence: Vec<&str> = elements.lines().filter(|line| line.contains(", Observation/")).collect();
    assert!(evidence.len() > 5 && elements.contains("    ? not-recorded: "), "{elements}");
    for line in evidence {
        assert!(line.starts_with("    - ") && !line.ends_with(", "), "{line}");
    }
}

#[test]
fn a_request_that_is_bad_ends_with_1_and_says_why() {
    let folder = folder("bad-requests");
    let whole = fs::read_to_string(request()).expect("the request");
    let mut no_data: Value = serde_json::from_str(&whole).expect("JSON");
    no_data["prefetch"] = Value::Null;
    let rows = [
        ("not-json", "{".to_owned(), "not valid JSON"),
        ("no-patient", whole.replace("\"patientId\"", "\"patient\""), "`context.patientId`"),
        ("another-hook", whole.replace("\"order-sign\"", "\"patient-view\""), "hook"),
        ("no-data", no_data.to_string(), "prefetch"),
    ];
    for (name, body, reason) in rows {
        let path = folder.join(format!("{name}.json"));
        fs::write(&path, body).expect("a file");
        let output = ends_with(1, &["evaluate", text(&path), "--at", AT]);
        assert!(err(&output).contains(reason), "{name}: {}", err(&output));
        assert!(!err(&output).contains("panicked"), "{name}: {}", err(&output));
    }
    let missing = folder.join("missing.json");
    assert!(err(&ends_with(1, &["evaluate", text(&missing)])).contains("missing.json"));
}

#[test]
fn examples_are_requests_of_today() {
    let names = out(&ends_with(0, &["example", "--list"]));
    assert!(names.lines().any(|name| name == signpost::example::DEFAULT), "{names}");
    let folder = folder("examples");
    for name in names.lines() {
        let path = folder.join(format!("{name}.json"));
        fs::write(&path, out(&ends_with(0, &["example", name]))).expect("a file");
        ends_with(0, &["evaluate", text(&path)]);
    }
    assert!(err(&ends_with(1, &["example", "nobody"])).contains("--list"));
}
