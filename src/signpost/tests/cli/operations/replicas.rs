//! Two processes on one PostgreSQL are one service.

use std::thread;

use serde_json::{Value, json};

use super::{Operated, journal, wait_for};
use crate::clients::{Tokens, north};
use crate::cluster::Cluster;
use crate::support::{ends_with, folder, out};

/// A database of a test's own.
pub fn database(cluster: &Cluster, name: &str) -> String {
    assert!(cluster.program("createdb").arg(name).status().expect("it runs").success());
    cluster.url(name)
}

/// What a query answers.
pub fn asked(cluster: &Cluster, database: &str, sql: &str) -> String {
    let output = cluster.program("psql").args(["-At", "-d", database, "-c", sql]).output();
    String::from_utf8(output.expect("it runs").stdout).expect("UTF-8").trim().to_owned()
}

/// Both at the same time, on a database without any table.
fn start(name: &str, url: &str) -> [Operated; 2] {
    let start = |which: &str| {
        let folder = folder(&format!("{name}-{which}"));
        let config = north("https://fhir.north.example.org") + &journal(&folder, url, "require");
        thread::spawn(move || Operated::start(&folder, &config))
    };
    [start("one"), start("two")].map(|thread| thread.join().expect("it starts"))
}

#[test]
fn migrations_run_once_when_both_start_at_the_same_time() {
    let cluster = Cluster::start();
    for round in 0..4 {
        let name = format!("migrated{round}");
        let both = start(&name, &database(&cluster, &name));
        for service in &both {
            wait_for("it is ready", || service.see("/readyz").0 == 200);
        }
        let ran = asked(&cluster, &name, "SELECT count(*) > 0 AND bool_and(success) FROM _sqlx_migrations");
        assert_eq!(ran, "t", "round {round}");
        let tables = "SELECT count(*) = count(DISTINCT tablename) AND count(*) > 4 FROM pg_tables \
                      WHERE schemaname = 'public'";
        assert_eq!(asked(&cluster, &name, tables), "t", "round {round}");
    }
}

#[test]
fn what_one_has_seen_and_shown_the_other_knows() {
    let cluster = Cluster::start();
    let [one, two] = start("replicas", &database(&cluster, "replicas"));
    for service in [&one, &two] {
        wait_for("it is ready", || service.see("/readyz").0 == 200);
    }
    let mut tokens = Tokens::of("north");
    let mut head = || format!("Authorization: Bearer {}\r\n", tokens.next());
    let body = out(&ends_with(0, &["example"]));
    let used = head();
    let (status, answer) = one.call(&body, &used);
    assert_eq!(status, 200);
    assert_eq!(two.call(&body, &used).0, 401, "the token was used");
    assert_eq!(one.call(&body, &used).0, 401, "at both");
    assert_eq!(two.call(&body, &head()).0, 200, "another is good");

    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let feedback = json!({ "feedback": [{
        "card": answer["cards"][0]["uuid"], "outcome": "overridden", "outcomeTimestamp": "2026-11-22T10:00:00Z"
    }]});
    let path = "/cds-services/coverage-order-sign/feedback";
    assert_eq!(two.post(path, &feedback.to_string(), &head()).0, 200);
    let metrics = two.see("/metrics").1;
    assert!(metrics.contains("signpost_feedback_taken_total{kind=\"stored\"} 1\n"), "{metrics}");
    assert_eq!(one.post(path, &feedback.to_string(), &head()).0, 200);
    let metrics = one.see("/metrics").1;
    assert!(metrics.contains("signpost_feedback_taken_total{kind=\"repeated\"} 1\n"), "{metrics}");
    let known = asked(&cluster, "replicas", "SELECT count(*), count(decision) FROM feedback");
    assert_eq!(known, "1|1", "it is of a decision that is known");
}
