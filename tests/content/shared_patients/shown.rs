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
    let (mut nothing, mut absent) = (Vec::new(), Vec::new());
    for definition in &content().definitions {
        let id = definition.element.id.as_str();
        let Some(known) = knowledge.get(definition.index) else { continue };
        if id.starts_with("order.") && id != "order.partners" {
            continue;
        }
        if known.evidence.is_empty() && known.gaps.iter().all(|gap| gap.kind == GapKind::NotRecorded) {
            nothing.push(id);
        } else if known.gaps.is_empty() && known.evidence.iter().all(is_of_nothing) {
            absent.push(id);
        } else {
            text += &element(id, &definition.element.kind, known);
        }
    }
    for (title, ids) in [("nothing found in a complete search", absent), ("not recorded", nothing)] {
        writeln!(text, "{title}: {}", ids.join(", ")).unwrap();
    }
    text + "\n"
}

/// Evidence that there was nothing, or nothing but our own order.
fn is_of_nothing(one: &Evidence) -> bool {
    one.reference.is_empty() || one.reference == "MedicationRequest/signpost-order"
}

fn element(id: &str, kind: &Kind, known: &Known) -> String {
    let mut text = format!("{id}: {}\n", value(kind, &known.possible));
    for (position, one) in known.evidence.iter().enumerate() {
        let alike = |other: &&Evidence| says(other) == says(one);
        if known.evidence[..position].iter().any(|earlier| alike(&earlier)) {
            continue;
        }
        let more = match known.evidence.iter().filter(alike).count() {
            1 => String::new(),
            count => format!(", and {} alike", count - 1),
        };
        writeln!(text, "  {}{more}", evidence(one)).unwrap();
    }
    for gap in &known.gaps {
        writeln!(text, "  {}: {}", gap.kind.as_str(), gap.detail).unwrap();
    }
    text
}

/// What it says, wherever it stands.
fn says(one: &Evidence) -> (&str, &str, Option<&str>, Option<&str>) {
    (&one.path, &one.value, one.date.as_deref(), one.note.as_deref())
}

fn evidence(one: &Evidence) -> String {
    let date = one.date.as_deref().unwrap_or("no date");
    let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
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
