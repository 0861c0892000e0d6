//! What an oncologist reads: the determination in the first line, nothing said twice, long histories in few lines.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::resources::{RXNORM, concept, condition};
use crate::support::{Answer, CLINICAL_CRITERIA, Request, post_bytes};

/// The answers to all bundled requests, with their names.
fn answers() -> impl Iterator<Item = (&'static str, Answer)> {
    let at = "2026-11-22T12:00:00Z".parse().expect("an instant");
    signpost::example::names().into_iter().map(move |name| {
        let request = signpost::example::request(name, at).expect("a bundled request");
        (name, post_bytes(request))
    })
}

fn detail(card: &Value) -> &str {
    card["detail"].as_str().expect("a detail")
}

/// However long the reason is, it is the reason that is cut.
#[test]
fn the_first_line_says_what_it_comes_to() {
    for (name, answer) in answers() {
        for card in answer.cards() {
            let Some(determination) = card["extension"].get("dev.signpost.determination") else { continue };
            let says = match determination["determination"].as_str() {
                Some("meets-criteria") => "; appears to meet ",
                Some("does-not-meet-criteria") => "; appears not to meet ",
                Some("clinical-review") => "; needs clinical review under ",
                _ => " needed to tell whether it meets ",
            };
            let summary = card["summary"].as_str().expect("a summary");
            assert!(summary.contains(says) && !summary.ends_with('…'), "{name}: {summary}");
        }
    }
}

#[test]
fn a_table_says_each_thing_once() {
    for (name, answer) in answers() {
        for card in answer.cards() {
            let rows = detail(&card).lines().filter(|line| line.starts_with('|'));
            let cells = rows.filter_map(|row| row.trim_end_matches(" |").rsplit_once(" | "));
            let mut seen = BTreeSet::new();
            for fact in cells.flat_map(|(_, cell)| cell.split("<br>")) {
                let is_short = fact.ends_with(": as above") || fact.ends_with(", see below");
                assert!(is_short || seen.insert(fact), "{name}: twice: {fact}");
            }
        }
    }
}

/// Drugs for breast cancer, by their RxNorm ingredients.
const DRUGS: [&str; 10] =
    ["56946", "72962", "3639", "12574", "39541", "1045453", "194000", "40048", "6851", "3002"];

/// A course of one of the drugs, in the month of its number of 2025.
fn course((drug, month): (&str, usize)) -> Value {
    json!({
        "resourceType": "MedicationStatement", "id": format!("c{month}"), "status": "completed",
        "subject": { "reference": "Patient/p1" }, "medicationCodeableConcept": concept(RXNORM, drug),
        "effectivePeriod": { "start": format!("2025-{month:02}-03"), "end": format!("2025-{month:02}-16") }
    })
}

#[test]
fn a_long_history_is_told_once_in_few_lines() {
    let mut liver = condition("liver", "C78.7");
    liver["onsetDateTime"] = json!("2024-12-20");
    let request = Request::meets()
        .without("attestations")
        .found("attestations", [])
        .found("conditions", [liver])
        .found("medication-statements", DRUGS.into_iter().zip(1..).map(course));
    let card = request.post().card(CLINICAL_CRITERIA);
    let detail = detail(&card);
    let (table, below) = detail.split_once("\n\n**Prior lines of systemic therapy:**").expect(detail);
    let short = table.split("Prior lines of systemic therapy: ").nth(1).expect(detail);
    assert!(short.split(['<', '|']).next().is_some_and(|fact| fact.trim_end().ends_with(", see below")));
    assert!(!table.contains("2025-0"), "the courses stand under the table: {detail}");
    let lines: Vec<&str> = below.lines().collect();
    assert!(lines[0].ends_with("may or may not count; there may be more."), "not cut: {}", lines[0]);
    let items: Vec<&&str> = lines.iter().skip(2).take_while(|line| line.starts_with("- ")).collect();
    assert!(items.len() <= 14 && items.last().is_some_and(|item| item.ends_with(" more")), "{detail}");
}

/// An exclusion that does not hold is no reason.
#[test]
fn a_denial_names_what_denies() {
    for (name, reason) in [
        ("policy-b-iii-no-response-preoperative", "Ixempra: not met: At least one of the listed regimens"),
        ("neutrophils-low", "Ixempra: Baseline neutrophils below"),
    ] {
        let (_, answer) = answers().find(|(known, _)| *known == name).expect("a bundled request");
        let card = answer.card(CLINICAL_CRITERIA);
        let summary = card["summary"].as_str().expect("a summary");
        assert!(summary.starts_with(reason), "{name}: {summary}");
    }
}
