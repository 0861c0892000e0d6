//! Everything, for other programs.

use journal::record::Decision;
use journal::{Feedback, Filter, Format, Outcome, Reason};
use serde_json::Value;

use crate::support::{Store, at, decision};

on_both!(every_decision_is_a_line, every_assessment_is_a_row, what_is_like_a_formula_is_text);

fn overridden(decision: &Decision, code: &str, minutes: u64) -> Feedback {
    let reason = Some(Reason { code: code.into(), system: None });
    let outcome = Outcome::Overridden { reason, comment: Some("words".into()) };
    Feedback { card: decision.cards[0].uuid.to_string(), outcome, at: at(minutes) }
}

async fn exported(store: &Store, format: Format, filter: &Filter) -> (u64, String) {
    let mut out = Vec::new();
    let count = store.journal().await.export(format, filter, &mut out).await.unwrap();
    (count, String::from_utf8(out).unwrap())
}

async fn every_decision_is_a_line(store: Store) {
    let journal = store.journal().await;
    let decisions: Vec<_> = (0..250).map(decision).collect();
    journal.write(decisions.clone()).await.unwrap();
    let reports = [overridden(&decisions[7], "b", 20), overridden(&decisions[7], "a", 10)];
    journal.feedback(Some("north"), "order-sign", &reports).await.unwrap();

    let (count, text) = exported(&store, Format::Ndjson, &Filter::default()).await;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((count, lines.len()), (250, 250));
    for (line, written) in lines.iter().zip(&decisions) {
        assert_eq!(line["decision"], serde_json::to_value(written).unwrap());
    }
    let reasons: Vec<_> =
        lines[7]["feedback"].as_array().unwrap().iter().map(|report| &report["reason"]).collect();
    assert_eq!(reasons, ["a", "b"], "oldest first");
    assert!(lines[7]["feedback"][0]["words"]["hashed"].is_string());
    assert_eq!(lines[8]["feedback"], Value::Array(Vec::new()));

    let filter = Filter { from: Some(at(10)), until: Some(at(15)) };
    let (count, text) = exported(&store, Format::Ndjson, &filter).await;
    assert_eq!((count, text.lines().count()), (5, 5));
    assert!(
        text.starts_with(r#"{"decision":{"record":"signpost-decision/1","id":"00000000-0000-000a"#),
        "{text:.90}"
    );
}

async fn every_assessment_is_a_row(store: Store) {
    let journal = store.journal().await;
    journal.write((0..130).map(decision).collect()).await.unwrap();
    let reports = [overridden(&decision(2), "late", 20), overridden(&decision(2), "early", 10)];
    journal.feedback(Some("north"), "order-sign", &reports).await.unwrap();
    let (count, text) = exported(&store, Format::Csv, &Filter::default()).await;
    assert_eq!((count, text.lines().count()), (130, 1 + 260));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("decision,at,service,client,"), "{}", lines[0]);
    let third = format!(
        "{},2026-10-01T00:02:00Z,order-sign,north,0.1.0+abc,sha256:00,MedicationRequest/draft,drug,policy,policy-a,\
         2024-02-23,information-needed,,II.A,tumor.her2 (not-recorded),overridden,late",
        decision(2).id
    );
    assert_eq!(lines[5], third);
}

async fn what_is_like_a_formula_is_text(store: Store) {
    let journal = store.journal().await;
    let one = decision(1);
    journal.write(vec![one.clone()]).await.unwrap();
    let report = overridden(&one, "=HYPERLINK(\"http://x\",\"y\")", 5);
    journal.feedback(Some("north"), "order-sign", &[report]).await.unwrap();
    let (_, text) = exported(&store, Format::Csv, &Filter::default()).await;
    assert!(text.contains(r#""'=HYPERLINK(""http://x"",""y"")""#), "{text}");
}
