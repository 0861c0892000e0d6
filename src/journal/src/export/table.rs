//! Decisions as rows of a table.

use std::io::Write;

use super::{ExportError, Report};
use crate::record::{Assessment, Decision, Kind};

const COLUMNS: [&str; 17] = [
    "decision",
    "at",
    "service",
    "client",
    "build",
    "content",
    "order",
    "drug",
    "kind",
    "id",
    "version",
    "determination",
    "deciding",
    "open",
    "missing",
    "outcome",
    "reason",
];

/// Writes the names of the columns.
pub(super) fn head(out: &mut impl Write) -> Result<(), ExportError> {
    write(out, [COLUMNS])
}

/// Writes a row for each assessment of a decision.
pub(super) fn rows(decision: &Decision, reports: &[Report], out: &mut impl Write) -> Result<(), ExportError> {
    write(out, decision.assessments.iter().map(|assessment| row(decision, assessment, reports)))
}

fn write<'r, const N: usize, C: AsRef<[u8]> + 'r>(
    out: &mut impl Write,
    rows: impl IntoIterator<Item = [C; N]>,
) -> Result<(), ExportError> {
    let mut writer = csv::Writer::from_writer(out);
    for row in rows {
        writer.write_record(row).map_err(std::io::Error::from)?;
    }
    Ok(writer.flush()?)
}

fn row(decision: &Decision, assessment: &Assessment, reports: &[Report]) -> [String; 17] {
    let kind = match assessment.kind {
        Kind::Policy => "policy",
        Kind::Limits => "limits",
    };
    let missing = assessment.missing.iter().map(|missing| format!("{} ({})", missing.element, missing.gap));
    let report = newest(decision, assessment, reports);
    [
        decision.id.to_string(),
        decision.at.to_string(),
        decision.service.clone(),
        decision.client.clone().unwrap_or_default(),
        decision.build.clone(),
        decision.content.clone(),
        decision.order.reference.clone(),
        decision.order.drug.clone(),
        kind.into(),
        assessment.id.clone(),
        assessment.version.clone(),
        assessment.determination.clone(),
        assessment.deciding.join("; "),
        assessment.open.join("; "),
        missing.collect::<Vec<_>>().join("; "),
        report.map(|report| report.outcome.clone()).unwrap_or_default(),
        report.and_then(|report| report.reason.clone()).unwrap_or_default(),
    ]
    .map(inert)
}

/// The newest report of the card that shows an assessment; reports come oldest first.
fn newest<'r>(decision: &Decision, assessment: &Assessment, reports: &'r [Report]) -> Option<&'r Report> {
    let shows = |report: &&Report| {
        let mut cards = decision.cards.iter();
        cards.any(|card| {
            card.assessment.as_ref() == Some(&assessment.id) && card.uuid.to_string() == report.card
        })
    };
    reports.iter().rfind(shows)
}

/// Spreadsheets run what begins like a formula: an apostrophe keeps text text.
fn inert(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
