//! Logs as JSON: each line of a request says whose and which it is.

use std::fs::{self, File};

use serde_json::Value;

use super::{Operated, journal, wait_for};
use crate::clients::{Tokens, north};
use crate::support::{ends_with, folder, out};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[test]
fn each_line_of_a_request_says_whose_and_which_it_is() {
    let folder = folder("json-logs");
    let url = format!("sqlite:{}", folder.join("journal.db").display());
    let config = north("https://fhir.north.example.org")
        + &journal(&folder, &url, "require")
        + "[log]\nformat = \"json\"\n";
    let log = folder.join("log.txt");
    let service = Operated::start_logging(&folder, &config, File::create(&log).expect("a file").into());
    wait_for("the journal is up", || service.see("/readyz").0 == 200);
    let token = format!("Authorization: Bearer {}\r\n", Tokens::of("north").next());
    let body = out(&ends_with(0, &["example"]));
    let head = format!("{token}traceparent: 00-{TRACE}-b7ad6b7169203331-01\r\n");
    assert_eq!(service.call(&body, &head).0, 200);
    assert_eq!(service.call(&body, &head).0, 401);
    let hostile = "traceparent: 00-MARK651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
    assert_eq!(service.post("/cds-services/MARK", &body, hostile).0, 401);
    let text = fs::read_to_string(&log).expect("a log");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let answered: Vec<&Value> = lines
        .iter()
        .filter(|line| line["fields"]["message"] == "answered")
        .map(|line| &line["span"])
        .collect();
    let [first, second, third] = answered.as_slice() else { panic!("three answers: {text}") };
    assert_eq!(
        (&first["service"], &first["client"]),
        (&"coverage-order-sign".into(), &"north".into()),
        "{first}"
    );
    assert_eq!((&first["status"], &first["trace_id"]), (&200.into(), &TRACE.into()), "{first}");
    assert!(first["duration_ms"].as_f64().is_some_and(|took| took > 0.0), "{first}");
    let decision = first["decisions"].as_str().expect("a decision");
    ends_with(
        0,
        &["journal", "replay", decision, "--config", crate::support::text(&folder.join("signpost.toml"))],
    );
    assert_eq!((&second["status"], &second["client"]), (&401.into(), &Value::Null), "{second}");
    assert_eq!((&third["service"], &third["trace_id"]), (&Value::Null, &Value::Null), "{third}");
    assert!(!text.contains("MARK"), "{text}");
    let refused = lines.iter().find(|line| line["fields"]["message"] == "caller not let in");
    assert_eq!(refused.expect("a line")["span"]["trace_id"], TRACE);
}
