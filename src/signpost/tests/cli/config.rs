//! `signpost config check`, and what the configuration may not say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::support::{BINARY, ends_with, err, folder, out, text};

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/signpost.toml")
}

/// Checks a configuration in an environment, and says how that ended.
fn check(name: &str, file: &str, variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let path = folder(name).join("signpost.toml");
    fs::write(&path, file).expect("a file");
    checked(&path, &["config", "check", text(&path)], variables)
}

/// The same, with the files that it names.
fn check_files(name: &str, file: &str) -> (Option<i32>, String) {
    let path = folder(name).join("signpost.toml");
    fs::write(&path, file).expect("a file");
    checked(&path, &["config", "check", "--files", text(&path)], &[])
}

fn checked(path: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = run(arguments, variables);
    let said = format!("{}{}", out(&output), err(&output));
    (output.status.code(), said.replace(text(path.parent().expect("a folder")), ""))
}

fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(BINARY);
    command.args(arguments).envs(variables.iter().copied()).stdin(Stdio::null());
    command.output().expect("the binary runs")
}

#[test]
fn the_example_is_valid_and_names_every_setting() {
    let path = example();
    ends_with(0, &["config", "check", text(&path)]);
    let example = fs::read_to_string(&path).expect("the example");
    let mut table = String::new();
    let mut named = Vec::new();
    for line in example.lines().map(|line| line.trim_start_matches("# ")) {
        if let Some(header) = line.strip_prefix('[') {
            table = format!("{}.", header.trim_matches(['[', ']']));
        } else if let Some((key, _)) = line.split_once(" = ") {
            named.push(format!("{table}{key}"));
        }
    }
    let tables =
        ["client", "cors", "ehr", "journal", "load", "log", "operations", "pages", "telemetry", "tls"];
    let settings = signpost::config::keys();
    assert!(settings.len() > 30, "{settings:?}");
    for key in settings.iter().filter(|key| !tables.contains(&key.as_str())) {
        assert!(named.contains(key), "the example does not name `{key}`");
    }
}

#[test]
fn the_files_that_it_names_are_read() {
    let file = "[journal]\nurl = \"sqlite:j.db\"\nkey_file = \"journal.keys\"\n\
                [tls]\ncert = \"none.pem\"\nkey = \"none.key\"\n";
    let (status, said) = check_files("files", file);
    assert_eq!(status, Some(1), "{said}");
    for line in ["`journal.key_file`: `/journal.keys` cannot be read", "`tls`: `/none.pem` cannot be read"] {
        assert!(said.contains(line), "no `{line}` in:\n{said}");
    }
    let keys = folder("files-short").join("journal.keys");
    fs::write(&keys, "s3cr3t\n").expect("a file");
    let file = format!("[journal]\nurl = \"sqlite:j.db\"\nkey_file = \"{}\"\n", text(&keys));
    let (status, said) = check_files("short", &file);
    assert_eq!(status, Some(1));
    assert!(said.contains("at least 32 bytes") && !said.contains("s3cr3t"), "{said}");
}

const EVERYTHING_WRONG: &str = r#"
public_url = "http://cds.example.org"
listen = "everywhere"
lsten = "127.0.0.1:1"
[[client]]
name = "a b"
iss = ""
jwks_url = "http://ehr.example.org/jwks"
algorithms = ["ES384", "HS256"]
tenants = "one"
replay = "perhaps"
[[client]]
jwks = "{}"
jwks_file = "x"
fhir_servers = ["http://ehr.example.org/fhir"]
secret = "s3cr3t"
[tls]
cert = 5
[ehr]
deadline_ms = 0
fhir_servers = ["https://ehr.example.org"]
[journal]
url = "mysql://user:s3cr3t@db"
on_failure = "hope"
[operations]
[load]
max_concurrent = -1
[cors]
origins = ["*"]
[jurnal]
"#;

#[test]
fn all_errors_come_at_once_with_their_places_and_without_secrets() {
    let (status, said) = check("wrong", EVERYTHING_WRONG, &[]);
    assert_eq!(status, Some(1), "{said}");
    let expected = [
        "/signpost.toml:2: `public_url`: must be https",
        "/signpost.toml:3: `listen`: must be an address and a port",
        "/signpost.toml:4: `lsten`: is no setting",
        "/signpost.toml:6: `client[0].name`: must be 1 to 64 letters",
        "/signpost.toml:7: `client[0].iss`: must not be empty",
        "/signpost.toml:8: `client[0].jwks_url`: must be https",
        "/signpost.toml:9: `client[0].algorithms`: must be one of `ES384`, `RS384`, `ES256`, `RS256`",
        "/signpost.toml:10: `client[0].tenants`: must be a list of strings",
        "/signpost.toml:11: `client[0].replay`: must be one of `reject`, `within-token`",
        "/signpost.toml:12: `client[1].name`: is missing",
        "/signpost.toml:12: `client[1].iss`: is missing",
        "/signpost.toml:13: `client[1].jwks`: only one of",
        "/signpost.toml:13: `client[1].jwks`: is not a JWK Set",
        "/signpost.toml:14: `client[1].jwks_file`: cannot be read",
        "/signpost.toml:15: `client[1].fhir_servers`: `http://ehr.example.org/fhir` must be https",
        "/signpost.toml:16: `client[1].secret`: is no setting",
        "/signpost.toml:18: `tls.cert`: must be a string",
        "/signpost.toml:17: `tls.key`: is missing",
        "/signpost.toml:20: `ehr.deadline_ms`: a deadline is 1 to",
        "/signpost.toml:21: `ehr.fhir_servers`: each `[[client]]` has its own",
        "/signpost.toml:22: `journal.key_file`: is missing",
        "/signpost.toml:23: `journal.url`: must be `sqlite:FILE`",
        "/signpost.toml:24: `journal.on_failure`: must be one of `require`, `continue`",
        "/signpost.toml:25: `operations.listen`: is missing",
        "/signpost.toml:27: `load.max_concurrent`: must be a whole number",
        "/signpost.toml:29: `cors.origins`: must be",
        "/signpost.toml:30: `jurnal`: is no setting",
    ];
    for line in expected {
        assert!(said.contains(line), "no `{line}` in:\n{said}");
    }
    assert_eq!(said.lines().count(), expected.len() + 1, "{said}");
    assert!(!said.contains("s3cr3t"), "{said}");
}

#[test]
fn errors_of_the_syntax_come_at_once_too() {
    let (status, said) = check("syntax", "listen = \npublic_url = \"a\nx = \"s3cr3t\" \"\n", &[]);
    assert_eq!(status, Some(1));
    assert!(said.contains("/signpost.toml:1:") && said.contains("/signpost.toml:2:"), "{said}");
    assert!(!said.contains("s3cr3t"), "{said}");
}

/// Variables, the status, and what is said.
type Row<'r> = (&'r [(&'r str, &'r str)], i32, &'r str);

#[test]
fn the_environment_stands_before_the_file() {
    let file = "listen = \"0.0.0.0:1\"\n[ehr]\ndeadline_ms = 1\n";
    let rows: [Row<'_>; 11] = [
        (&[], 1, "/signpost.toml:1: `listen`: the service is open"),
        (&[("SIGNPOST_LISTEN", "127.0.0.1:2")], 0, "listens on 127.0.0.1:2"),
        (&[("SIGNPOST_LISTEN", "0.0.0.0:2")], 1, "SIGNPOST_LISTEN: `listen`: the service is open"),
        (&[("SIGNPOST_LISTEN", "127.0.0.1:2"), ("SIGNPOST_EHR_DEADLINE_MS", "5")], 0, "valid"),
        (&[("SIGNPOST_EHR_DEADLINE_MS", "soon")], 1, "SIGNPOST_EHR_DEADLINE_MS: `ehr.deadline_ms`: must be"),
        (
            &[("SIGNPOST_LISTEN", "127.0.0.1:2"), ("SIGNPOST_EHR_DEADLINE_MS", "15000")],
            1,
            "`load.request_timeout_ms`: must be longer than `ehr.deadline_ms`, which is 15000",
        ),
        (
            &[
                ("SIGNPOST_LISTEN", "127.0.0.1:2"),
                ("SIGNPOST_EHR_DEADLINE_MS", "15000"),
                ("SIGNPOST_LOAD_REQUEST_TIMEOUT_MS", "16000"),
            ],
            0,
            "valid",
        ),
        (&[("SIGNPOST_EHR_DEADLINE", "5")], 1, "SIGNPOST_EHR_DEADLINE: is no setting"),
        (&[("SIGNPOST_CLIENT_ISS", "x")], 1, "SIGNPOST_CLIENT_ISS: is no setting"),
        (&[("SIGNPOST_LISTEN", "[::1]:2"), ("SIGNPOST_SERVICE_HOST", "10.1.1.1")], 0, "[::1]:2"),
        (
            &[("SIGNPOST_CORS_ORIGINS", "https://a.example, https://b.example/x")],
            1,
            "SIGNPOST_CORS_ORIGINS: `cors.origins`",
        ),
    ];
    for (place, (variables, status, says)) in rows.into_iter().enumerate() {
        let (ended, said) = check(&format!("environment-{place}"), file, variables);
        assert_eq!(ended, Some(status), "{variables:?}: {said}");
        assert!(said.contains(says), "{variables:?}: no `{says}` in: {said}");
    }
}

/// A secret is in its own file or in a variable, and no error shows it.
#[test]
fn a_secret_that_is_wrong_is_not_shown() {
    let (status, said) = check("secret", "", &[("SIGNPOST_JOURNAL_URL", "mysql://u:s3cr3t@db")]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("SIGNPOST_JOURNAL_URL: `journal.url`") && !said.contains("s3cr3t"), "{said}");
    let secret = folder("url-file").join("url");
    fs::write(&secret, "mysql://u:s3cr3t@db\n").expect("a file");
    let (status, said) = check("url-file-user", &format!("[journal]\nurl_file = {:?}", text(&secret)), &[]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("`journal.url_file`") && !said.contains("s3cr3t"), "{said}");
}

#[test]
fn a_service_with_a_wrong_configuration_does_not_start() {
    let path = folder("serve").join("signpost.toml");
    fs::write(&path, "lsten = \"x\"\n[ehr]\ndeadline_ms = 0\n").expect("a file");
    let said = err(&ends_with(1, &["serve", "--config", text(&path), "--listen", "0.0.0.0:0"]));
    for part in [
        "signpost.toml:1: `lsten`",
        "signpost.toml:3: `ehr.deadline_ms`",
        "--listen: `listen`: the service is open",
    ] {
        assert!(said.contains(part), "no `{part}` in: {said}");
    }
    let said = err(&ends_with(1, &["serve", "--config", "/nowhere/signpost.toml"]));
    assert!(said.contains("`/nowhere/signpost.toml` cannot be read"), "{said}");
}
