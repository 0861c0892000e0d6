//! Help, and wrong usage.

use crate::support::{ends_with, err, out};

#[test]
fn help_teaches() {
    let help = out(&ends_with(0, &["--help"]));
    for word in ["serve", "evaluate", "policy", "Examples:", "Exit status:", "127.0.0.1:8080"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    for command in [&["serve"][..], &["evaluate"], &["policy"], &["policy", "show"], &["policy", "schema"]] {
        let arguments: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        assert!(out(&ends_with(0, &arguments)).contains("Usage:"), "{command:?}");
    }
    assert!(out(&ends_with(0, &["--version"])).contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_ends_with_2() {
    let wrong: [&[&str]; 9] = [
        &["serves"],
        &["--listen", "127.0.0.1:0"],
        &["evaluate"],
        &["evaluate", "request.json", "--format", "xml"],
        &["evaluate", "request.json", "--at", "yesterday"],
        &["serve", "--listen", "here"],
        &["serve", "--port", "1"],
        &["policy"],
        &["policy", "show"],
    ];
    for arguments in wrong {
        let output = ends_with(2, arguments);
        assert!(err(&output).contains("--help"), "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty());
    }
}
