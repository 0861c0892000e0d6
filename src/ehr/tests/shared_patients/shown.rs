//! Knowledge as text.

use std::fmt::Write as _;

use criteria::{Evidence, GapKind, Kind, Knowledge, Known, Possible, Truth};

use crate::content::content;
use crate::patient::Patient;

/// Who and when, and what nothing is known from.
pub fn head(patient: &Patient, not_found: &[String]) -> String {
    let mut text = format!("# Patient {} at {}\n", patient.id, patient.at);
    for line in not_found {
        for line in line.lines() {
            writeln!(text, "# {line}").unwrap();
        }
    }
    text
}

/// Every element that anything is known of; the others in one line. What only the order says is left out: it is ours.
pub fn knowledge(knowledge: &Knowledge) -> String {
    let mut text = String::new();
    let mut nothing = Vec::new();
    for definition in &content().definitions {
        let id = definition.element.id.as_str();
        let Some(known) = knowledge.get(definition.index) else { continue };
        if id.starts_with("order.") && id != "order.partners" {
            continue;
        }
        if known.evidence.is_empty() && known.gaps.iter().all(|gap| gap.kind == GapKind::NotRecorded) {
            nothing.push(id);
        } else {
            text += &element(id, &definition.element.kind, known);
        }
    }
    if !nothing.is_empty() {
        writeln!(text, "not recorded: {}", nothing.join(", ")).unwrap();
    }
    text + "\n"
}

fn element(id: &str, kind: &Kind, known: &Known) -> String {
    let mut text = format!("{id}: {}\n", value(kind, &known.possible));
    for one in &known.evidence {
        writeln!(text, "  {}", evidence(one)).unwrap();
    }
    for gap in &known.gaps {
        writeln!(text, "  {}: {}", gap.kind.as_str(), gap.detail).unwrap();
    }
    text
}

fn evidence(one: &Evidence) -> String {
    let date = one.date.as_deref().unwrap_or("no date");
    let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
    if one.reference.is_empty() {
        return format!("{}{note}", one.value);
    }
    format!("{} {} `{}` {date}{note}", one.reference, one.path, one.value)
}

fn value(kind: &Kind, possible: &Possible) -> String {
    match (kind, possible) {
        (_, Possible::Truth(Truth::Yes)) => "yes".to_owned(),
        (_, Possible::Truth(Truth::No)) => "no".to_owned(),
        (_, Possible::Truth(Truth::Either)) => "not known".to_owned(),
        (Kind::Coded { codes, .. }, Possible::Coded(some)) => {
            some.positions().map(|position| codes[position].as_str()).collect::<Vec<_>>().join(" or ")
        }
        (Kind::Set { members }, Possible::Set(set)) => {
            let sign = |bit: u64| match (set.inside() & bit != 0, set.outside() & bit != 0) {
                (true, _) => "in",
                (_, true) => "out",
                _ => "maybe",
            };
            let member = |(position, name): (usize, &String)| format!("{name} {}", sign(1 << position));
            members.iter().enumerate().map(member).collect::<Vec<_>>().join(", ")
        }
        (_, Possible::Quantity(interval)) => interval.to_string(),
        (_, Possible::Count(count)) => match (count.low(), count.high()) {
            (low, Some(high)) => format!("[{low}, {high}]"),
            (low, None) => format!("[{low}, inf)"),
        },
        other => format!("{other:?}"),
    }
}
