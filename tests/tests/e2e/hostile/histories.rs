//! Therapy histories that no patient has: the lines are left open rather than followed for ever.

use std::time::Instant;

use jiff::ToSpan;
use jiff::civil::date;
use serde_json::{Value, json};

use super::BOUND;
use crate::support::resources::order;
use crate::support::{CLINICAL_CRITERIA, Request};

/// Drugs that each make courses of their own, none of them shown to have been given.
const DRUGS: [&str; 12] =
    ["56946", "72962", "3639", "3995", "194000", "12574", "39541", "40048", "2555", "3002", "4492", "6851"];

fn orders(number: usize) -> impl Iterator<Item = Value> {
    (0..number).map(|position| {
        let days = i64::try_from(position * 6151 % 5000).expect("a small number");
        let day = date(2010, 1, 1).checked_add(days.days()).expect("a date");
        let mut order =
            order(&format!("h{position}"), DRUGS[position % DRUGS.len()], json!({ "text": "once" }));
        order["status"] = json!("completed");
        order["authoredOn"] = json!(day.to_string());
        order["dispenseRequest"] =
            json!({ "validityPeriod": { "start": day.to_string(), "end": day.to_string() } });
        order
    })
}

#[test]
fn more_courses_than_can_be_followed_leave_the_lines_open() {
    let start = Instant::now();
    let request = Request::meets().answered("attestations", Value::Null);
    let answer = request.found("medication-requests", orders(2000)).post();
    assert!(start.elapsed() < BOUND, "{:?}", start.elapsed());
    let found = answer.determination(CLINICAL_CRITERIA);
    assert_eq!(found.comes_to(), "information-needed", "{}", found.0);
    assert_eq!(found.gaps("therapy.prior-lines"), ["imprecise"], "{}", found.0);
    assert!(
        answer.card(CLINICAL_CRITERIA)["detail"].to_string().contains("too many to tell lines from them")
    );
}
